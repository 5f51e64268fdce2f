import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oslo.settings")

application = get_wsgi_application()

# To look for garbage in all that Django has loaded takes as long as a page, and fell upon one visit in twenty.
gc.freeze()
gc.set_threshold(50_000, 20, 20)
