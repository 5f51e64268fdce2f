from django.urls import re_path

from .models import PATH
from .views import PageDetail

# Last of all in `oslo.urls`: it takes every address that nothing else takes.
urlpatterns = [re_path(rf"^(?P<path>{PATH})/\Z", PageDetail.as_view(), name="page")]
