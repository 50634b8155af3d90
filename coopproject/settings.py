"""Settings, twelve-factor: everything that differs between two installations comes from the environment.

`.env.example` has a sentence for each variable. `APP_ENV` is `production` unless said otherwise, and production
refuses to start with a weak secret, a missing pepper, DEBUG, or no host name: a forgotten variable must fail at
once and clearly, not at the first leak.
"""

import hashlib
import re
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

# --- Which installation is this -------------------------------------------------------------------------------------
APP_ENV = env.str("APP_ENV", default="production")
if APP_ENV not in {"production", "demo", "test"}:
    raise ImproperlyConfigured("APP_ENV must be production, demo or test.")
PRODUCTION = APP_ENV == "production"
DEBUG = env.bool("DEBUG", default=False)
INSECURE_SECRET = "insecure-and-only-for-tests-" + "0" * 40
SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else INSECURE_SECRET)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Mixed into the hash of API tokens: a stolen database alone does not let anyone try tokens.
TOKEN_PEPPER = env.str("TOKEN_PEPPER", default="" if PRODUCTION else INSECURE_SECRET)
# The ed25519 private key that signs the receipts of approvals, in hexadecimal (docs/verify.md).
INSECURE_SIGNING_KEY = hashlib.sha256(INSECURE_SECRET.encode()).hexdigest()
RECEIPT_SIGNING_KEY = env.str("RECEIPT_SIGNING_KEY", default="" if PRODUCTION else INSECURE_SIGNING_KEY)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data")))

if not re.fullmatch("[0-9a-f]{64}", RECEIPT_SIGNING_KEY):
    raise ImproperlyConfigured("RECEIPT_SIGNING_KEY must be 64 hexadecimal digits: manage.py rotate_signing_key.")
if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off in production: it shows secrets to whoever causes an error.")
    for _name, _value in (("SECRET_KEY", SECRET_KEY), ("TOKEN_PEPPER", TOKEN_PEPPER)):
        if len(_value) < 50 or "insecure" in _value or len(set(_value)) < 5:
            raise ImproperlyConfigured(f"{_name} must be a random value of at least 50 characters of its own.")
    if SECRET_KEY == TOKEN_PEPPER:
        raise ImproperlyConfigured("TOKEN_PEPPER must differ from SECRET_KEY.")
    if RECEIPT_SIGNING_KEY == INSECURE_SIGNING_KEY or len(set(RECEIPT_SIGNING_KEY)) < 5:
        raise ImproperlyConfigured("RECEIPT_SIGNING_KEY must be random: nobody else may sign our receipts.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts that this installation answers for.")

# --- The house ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "pghistory",
    "coopproject.apps.CoopprojectConfig",
    "governance.apps.GovernanceConfig",
    "charters.apps.ChartersConfig",
    "milestones.apps.MilestonesConfig",
    "worker.apps.WorkerConfig",
]
MIDDLEWARE = [
    "coopproject.api.middleware.RequestIdMiddleware",
    "coopproject.api.middleware.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "coopproject.urls"
WSGI_APPLICATION = "coopproject.wsgi.application"
AUTH_USER_MODEL = "governance.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

# --- PostgreSQL, the only database ----------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///coopproject")}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must point to PostgreSQL: no other engine is supported.")
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"].setdefault(
    "options",
    f"-c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', default=5000)}"
    f" -c lock_timeout={env.int('LOCK_TIMEOUT_MS', default=4000)}"
    " -c idle_in_transaction_session_timeout=30000",
)
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# --- Celery: a bell, never a memory (docs/adr) ----------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="redis://localhost:6379/0")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": env.str("CELERY_KEY_PREFIX", default=""),
    "visibility_timeout": 600,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- E-mail ---------------------------------------------------------------------------------------------------------
_email = env.email_url("EMAIL_URL", default="consolemail://")
_email_options = (
    {
        "host": _email["EMAIL_HOST"],
        "port": _email.get("EMAIL_PORT") or 25,
        "username": _email.get("EMAIL_HOST_USER") or "",
        "password": _email.get("EMAIL_HOST_PASSWORD") or "",
        "use_tls": _email.get("EMAIL_USE_TLS", False),
        "use_ssl": _email.get("EMAIL_USE_SSL", False),
        "timeout": 10,
    }
    if "smtp" in _email["EMAIL_BACKEND"]
    else {"file_path": "/" + _email["EMAIL_FILE_PATH"].lstrip("/")}
    if "filebased" in _email["EMAIL_BACKEND"]
    else {}
)
MAILERS = {"default": {"BACKEND": _email["EMAIL_BACKEND"], "OPTIONS": _email_options}}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Coopproject <no-reply@coopproject.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Languages and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("français")), ("en", _("anglais"))]
LOCALE_PATHS = [BASE_DIR / "coopproject" / "locale"]
USE_TZ = True
# Instants are stored and served in UTC; legal dates are computed in the zone of the cooperation (`coopproject.clock`).
TIME_ZONE = "UTC"
LEGAL_TIME_ZONE = "Europe/Paris"

# --- Files and pages ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(DATA_DIR / "static"))()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = DATA_DIR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Files are kept in the database (docs/adr/0013), so none is written below MEDIA_ROOT, not even on its way.
MAX_FILE_SIZE = env.int("MAX_FILE_MEGABYTES", default=10) * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["coopproject.api.uploads.BoundedUploadHandler"]

# --- People and passwords -------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if APP_ENV == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- Transport security ---------------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- The API --------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # The token comes first: its challenge is what makes DRF answer 401, not 403, to an anonymous caller.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "governance.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["coopproject.api.permissions.AbilityPermission"],
    "DEFAULT_PARSER_CLASSES": ["coopproject.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["coopproject.api.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["coopproject.api.filters.StrictFilterBackend", "coopproject.api.filters.SearchFilter"],
    "DEFAULT_PAGINATION_CLASS": "coopproject.api.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "coopproject.api.schema.ProjectAutoSchema",
    "EXCEPTION_HANDLER": "coopproject.api.problems.exception_handler",
    "DEFAULT_VERSIONING_CLASS": None,
    "PAGE_SIZE": 50,
    "COERCE_DECIMAL_TO_STRING": True,
    "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%S.%fZ",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Coopproject",
    "DESCRIPTION": "From the motivations that founded a cooperation to the outcomes that it really obtained.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["coopproject.api.schema.add_common_responses"],
}

# --- History and logs -----------------------------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "coopproject.logs.RequestIdFilter"}},
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
