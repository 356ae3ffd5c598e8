"""Settings: two sizes, one program. Unset environment means the embedded portal with demo data."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from kombu import Exchange, Queue

from config import queues

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").resolve()
KEY_DIR = DATA_DIR / "keys"
DATA_DIR.mkdir(parents=True, exist_ok=True)
DATABASE_URL = os.environ.get("DATABASE_URL", "")
REDIS_URL = os.environ.get("REDIS_URL", "")
EMBEDDED = not DATABASE_URL


def kept_secret(name: str) -> str:
    """The secret kept in the key folder under ``name``; made on the first start, readable by its owner only."""
    path = KEY_DIR / name
    KEY_DIR.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        # written aside and linked: another process starting now reads all of it or makes its own first
        handle, aside = tempfile.mkstemp(dir=KEY_DIR)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(aside, path)
        os.unlink(aside)
    return path.read_text().strip()


SECRET_KEY = os.environ.get("SECRET_KEY") or kept_secret("secret_key")
OWN_SECRET_KEY = bool(os.environ.get("SECRET_KEY"))  # several web machines must share one
DEBUG = False
ALLOWED_HOSTS = [
    host for host in os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host
]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]
ROOMS = [
    "core",
    "accounts",
    "regulations",
    "branches",
    "members",
    "meetings",
    "supervision",
    "assessments",
    "reports",
    "config",
]
INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "knox",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "js_lib_bootstrap5",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "core.middleware.RealAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.CleanInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimitMiddleware",
    "config.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.NoStoreMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.frame",
            ]
        },
    }
]

# --- data -----------------------------------------------------------------
SQLITE_OPTIONS: dict[str, Any] = {
    # measured: 8 writers without one "database is locked"; never together with ATOMIC_REQUESTS
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-64000;PRAGMA temp_store=MEMORY;PRAGMA mmap_size=268435456;"
    ),
}
POSTGRESQL_OPTIONS: dict[str, Any] = {
    # an outage is answered within 3 seconds, also when the server's address swallows every packet
    "connect_timeout": 2,
    "tcp_user_timeout": 3000,  # milliseconds without an answer on a connection that was open before
}
DATABASES: dict[str, Any]
if DATABASE_URL:
    parsed: Any = dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)
    options = SQLITE_OPTIONS if "sqlite" in parsed["ENGINE"] else POSTGRESQL_OPTIONS
    DATABASES = {"default": parsed | {"OPTIONS": options | parsed.get("OPTIONS", {})}}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "portal.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": 60,
            "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES: dict[str, Any] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
ORGANIZATION_MODEL = "branches.Organization"
SIGHT = "branches.querysets.sight"

# --- persons and sessions ---------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.PersonBackend",
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_HASHERS = [
    "accounts.hashers.PBKDF2SM3PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "accounts.validators.LengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "accounts.validators.CommonWordsValidator"},
    {"NAME": "accounts.validators.ThreeClassesValidator"},
    {"NAME": "accounts.validators.OwnWordsValidator"},
    {"NAME": "accounts.validators.HistoryValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_IDLE_SECONDS_ADMIN = 10 * 60  # GB/T 22239-2019 8.1.4.1 b: shorter for the three administrators
SESSION_ABSOLUTE_SECONDS = 8 * 3600
PASSWORD_MAX_AGE_DAYS = 90  # GB/T 22239-2019 8.1.4.1 a: changed regularly
PASSWORDS_REMEMBERED = 5  # none of the last five again, the present one among them (8.1.4.1 a)
DORMANT_DAYS = 90  # GB/T 22239-2019 8.1.4.2 c: an account nobody uses is locked
GRANTS_ENDING_DAYS = 30  # an authorisation that ends within this is listed as ending soon (8.1.4.2 c)
ONE_TIME_PASSWORD_DAYS = 14  # an initial password that was never used ends after this
SECOND_FACTOR_STEPS = 1  # steps of 30 s that the clock of a device may be off, either side (RFC 6238 5.2)
RECOVERY_CODES = 10  # for the day on which the device is lost
HALF_OPEN_SECONDS = 5 * 60  # between the password and the one-time code
REVEALS_PER_HOUR = 30  # personal numbers one user may look at in plain text
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
SECURE_TLS = os.environ.get("SECURE_TLS", "") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE_TLS
SECURE_HSTS_SECONDS = 31536000 if SECURE_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else trying again never ends the lock
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_HANDLER = "accounts.lockout.Handler"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ACCESS_FAILURE_LOG = True  # the rows behind the counter of the whole account
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "otp"]  # masked in the rows of failures
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are in the audit trail
ACCOUNT_FAILURE_LIMIT = 20  # failed sign-ins of one user name within an hour, from anywhere
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- language, time, files ----------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT.mkdir(exist_ok=True)
MANIFEST = os.environ.get("STATIC_MANIFEST", "0" if EMBEDDED else "1") == "1"
WHITENOISE_USE_FINDERS = not MANIFEST
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if MANIFEST
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
UPLOAD_LIMIT = 20 * 1024 * 1024
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
SILENCED_SYSTEM_CHECKS = [
    "axes.W004",  # the address is the socket's or, behind nginx, of RealAddressMiddleware
    "security.W021",  # the preload list is for public names, this one is of an intranet
]

# --- background work -----------------------------------------------------------
BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost//"  # kombu warns where a host is missing
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "socket_connect_timeout": 2,
        "socket_timeout": 2,  # a broker that is there but silent would hold the request for ever
        "socket_keepalive": True,
    }
else:
    for folder in ("messages", "processed", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "processed_folder": str(BROKER_DIR / "processed"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.2,
    }
QUEUES = queues.NAMES
JOB_QUEUES = queues.JOBS
CELERY_TASK_DEFAULT_QUEUE = queues.DEFAULT
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in QUEUES]
CELERY_TASK_IGNORE_RESULT = True
# a lost broker costs a request two seconds at most: the Job row waits, the sweep wakes it later
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
SILENT_SECONDS = 90  # beat sends heartbeats each 20; after so long without one somebody has stopped
JOB_LEASE_SECONDS = int(os.environ.get("JOB_LEASE_SECONDS", "30"))

# --- API ---------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "core.paging.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "core.schema.Described",
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
REST_KNOX = {
    "TOKEN_TTL": timedelta(seconds=SESSION_ABSOLUTE_SECONDS),  # a token lives as long as a session
    "AUTH_HEADER_PREFIX": "Token",
    "AUTO_REFRESH": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "党支部工作平台接口",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "PrecisionEnum": "members.choices.Precision",
        "StayKindEnum": "members.choices.StayKind",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# --- words ---------------------------------------------------------------------------
PORTAL_URL = os.environ.get("PORTAL_URL", "http://127.0.0.1:8000")
PRODUCT_NAME = "党支部工作平台"
SUPPORT_LINE = os.environ.get("SUPPORT_LINE", "技术支持：请联系本单位系统管理员")
DEMO = os.environ.get("DEMO", "1" if EMBEDDED else "0") == "1"
# whether those named by AC-01 must have a second factor (GB/T 22239-2019 8.1.4.1 d); the demo only if asked
SECOND_FACTOR = os.environ.get("SECOND_FACTOR", "0" if DEMO else "1") == "1"
SECOND_FACTOR_ASKED = "branches.queries.asks_second_factor"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"not repeated": {"()": "core.logs.NotRepeated"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "WARNING"},
        "django.request": {"filters": ["not repeated"]},
        "weasyprint": {"level": "WARNING", "propagate": False},  # core.papers reads its remarks
        "fontTools": {"level": "ERROR"},
    },
}

# --- tamper evidence (core.evidence) ----------------------------------------------------
AUDIT_SEAL_BATCH = 10_000  # audit entries in one batch at most: SQLite's only writer is held for 0.2 s
AUDIT_LATE_SECONDS = (
    3600  # how long an entry may come to light after later ones; no transaction takes so long
)
AUDIT_SEAL_ALARM = 300  # seconds that an entry may wait for its batch before the console says so
ANCHOR_FILE = DATA_DIR / "anchors" / "anchors.jsonl"
ANCHOR_COPY = Path(os.environ["ANCHOR_COPY"]) if os.environ.get("ANCHOR_COPY") else None  # a WORM mount
