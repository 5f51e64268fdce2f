"""All settings, read from the environment. docs/deploying.md lists the variables.

Nothing set: a local site on SQLite, for this machine only. ALLOWED_HOSTS set: a public site, which
needs a SECRET_KEY and is served over HTTPS only.
"""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from oslo import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))

# The site

SITE_NAME = os.environ.get("SITE_NAME", "Oslo Process")
SITE_TAGLINE = os.environ.get("SITE_TAGLINE", "The record of the process, on any date")
DEBUG = environment.flag("DEBUG", False)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
LOCAL = not ALLOWED_HOSTS
if LOCAL:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SECRET_KEY = environment.secret_key(LOCAL, VAR_DIR / "secret-key")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")

# The parts

INSTALLED_APPS = [
    "oslo.apps.OsloConfig",
    "oslo.apps.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_prose_editor",
    "import_export",
    "simple_history",
    "oslo.spreadsheets",
    "states",
    "conferences",
    "statements",
    "pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "oslo.staff.sessions.LimitedSessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "oslo.scheduled.PublishWhenDue",
    "axes.middleware.AxesMiddleware",  # last: it puts the page that says how long in place of any other
]

ROOT_URLCONF = "oslo.urls"
WSGI_APPLICATION = "oslo.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oslo.context.site",
            ],
        },
    },
]

# The database: SQLite unless DATABASE_URL names another

DATABASES = {"default": environment.database(default=f"sqlite:///{VAR_DIR / 'oslo.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    # A transaction takes the write lock when it begins, so that it waits instead of failing halfway.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,  # a large import holds the lock for a while
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it lets nobody who is locked out try a password
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "admin:login"

SECOND_FACTOR_REQUIRED = environment.flag("SECOND_FACTOR_REQUIRED", False)
OTP_TOTP_ISSUER = SITE_NAME

# Wrong passwords: so many for one account from one address; from one address alone, which a whole room may share,
# ten times as many (oslo.staff.throttling).
AXES_FAILURE_LIMIT = environment.number("LOGIN_FAILURES", 5, least=1)
AXES_COOLOFF_TIME = timedelta(minutes=environment.number("LOGIN_LOCKED_MINUTES", 15, least=1))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], ["ip_address"]]
AXES_HANDLER = "oslo.staff.throttling.Throttle"
AXES_CLIENT_IP_CALLABLE = "oslo.staff.throttling.address_of"
AXES_LOCKOUT_CALLABLE = "oslo.staff.throttling.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True
# Neither logged nor kept. A name is no secret, but now and then a password is typed in its place.
AXES_SENSITIVE_PARAMETERS = ["username", "code", "old_password", "new_password1", "new_password2"]
AXES_SENSITIVE_PARAMETERS += ["csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
LOGINS_KEPT_DAYS = environment.number("LOGINS_KEPT_DAYS", 90, least=1)

# Sessions end when nothing happens for so long, so long after the login, and when the browser is closed.
SESSION_IDLE = timedelta(hours=environment.number("SESSION_IDLE_HOURS", 8, least=1))
SESSION_LONGEST = timedelta(days=environment.number("SESSION_LONGEST_DAYS", 7, least=1))
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Words and dates

LANGUAGE_CODE = "en-gb"
TIME_ZONE = os.environ.get("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

# Files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"  # never served as such: a view asks first whether one may see the file
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = LOCAL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Pictures

PICTURE_MAX_BYTES = environment.number("PICTURE_MAX_MB", 15) * 1024 * 1024
PICTURE_MAX_PIXELS = environment.number("PICTURE_MAX_MEGAPIXELS", 50) * 1_000_000

# Spreadsheets

IMPORT_MAX_BYTES = environment.number("IMPORT_MAX_MB", 20) * 1024 * 1024
IMPORT_MAX_ROWS = environment.number("IMPORT_MAX_ROWS", 200_000)
IMPORT_MAX_COLUMNS = environment.number("IMPORT_MAX_COLUMNS", 200)
IMPORT_MAX_CELL = environment.number("IMPORT_MAX_CELL", 100_000)
IMPORT_AT_ONCE_ROWS = environment.number("IMPORT_AT_ONCE_ROWS", 5_000)  # more are written in the background
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a conference with 200 states on one admin page
# Exports make cells harmless themselves (oslo.spreadsheets.cells), in a way that can be read back.
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = False

# Filters

FILTERS_EMPTY_CHOICE_LABEL = "any"

# History

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_REVERT_DISABLED = True

# Security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
BEHIND_PROXY = False
X_FRAME_OPTIONS = "DENY"
if not LOCAL:
    SECURE_SSL_REDIRECT = environment.flag("SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked on the machine itself, where there is no HTTPS
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # Browsers take a cookie of this name only over HTTPS and from this very host.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_HSTS_SECONDS = environment.number("HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.flag("HSTS_SUBDOMAINS", False)
    SECURE_HSTS_PRELOAD = environment.flag("HSTS_PRELOAD", False)
    BEHIND_PROXY = environment.flag("BEHIND_PROXY", False)
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whether HSTS may cover subdomains is not for one site of an organisation to decide: HSTS_SUBDOMAINS.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {"axes": {"level": "WARNING"}},  # who logs in is in the database
}
