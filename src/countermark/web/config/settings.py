"""Django's settings, from the environment and the keys of the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from countermark.web.config.environment import LOOPBACK, read_environment
from countermark.web.config.keys import derive, root_key
from countermark.web.config.logs import LOGGING  # noqa: F401  Django reads it

ENVIRONMENT = read_environment()
ROOT_KEY = root_key(ENVIRONMENT.data)
SITE_ORIGIN = ENVIRONMENT.origin
TRUSTED_PROXIES = ENVIRONMENT.proxies
DATA = ENVIRONMENT.data

SECRET_KEY = derive(ROOT_KEY, "django").hex()
DEBUG = False
ALLOWED_HOSTS = sorted({ENVIRONMENT.host, *(LOOPBACK if ENVIRONMENT.host in LOOPBACK else ())})
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.origin]
DATABASES = {"default": ENVIRONMENT.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "countermark.web.urls"
WSGI_APPLICATION = "countermark.web.wsgi.application"
APPEND_SLASH = True

ROOMS = [
    "mail",
    "statement",
    "abuse",
    "accounts",
    "roll",
    "organisations",
    "signing",
    "moderation",
    "registry",
    "public",
    "upkeep",
]
INSTALLED_APPS = [
    # first, so that their templates stand before those of allauth and the admin
    *(f"countermark.web.{room}.apps.{room.capitalize()}Config" for room in ROOMS),
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "countermark.web.config.content_policy.ContentPolicyMiddleware",
    "countermark.web.config.private.PrivateMiddleware",
    "countermark.web.config.languages.LanguageMiddleware",
    "countermark.web.config.sessions.PrivateSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "countermark.web.config.sessions.PrivateMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [str(ENVIRONMENT.data / "templates")],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "countermark.web.public.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("fr", "français"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [str(Path(__file__).parents[1] / "locale")]
FORMAT_MODULE_PATH = ["countermark.web.config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = str(ENVIRONMENT.data / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

AUTH_USER_MODEL = "accounts.Organiser"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = ENVIRONMENT.secure
# __Host-: no neighbour on another port or below the domain can set these (RFC 6265bis, section 4.1.3.2)
SESSION_COOKIE_NAME = "__Host-session" if ENVIRONMENT.secure else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if ENVIRONMENT.secure else "csrftoken"
CSRF_COOKIE_SECURE = ENVIRONMENT.secure
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "countermark.web.public.errors.csrf_failure"
SECURE_SSL_REDIRECT = False  # the proxy in front does it; see docs/howto/run-a-site.md
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.proxies else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600

DEFAULT_FROM_EMAIL = ENVIRONMENT.sender
SERVER_EMAIL = ENVIRONMENT.sender
MAIL_TRANSPORT = ENVIRONMENT.email
MAILS_PER_SECOND = ENVIRONMENT.mails_per_second
EMAIL_BACKEND = "countermark.web.mail.backend.OutboxBackend"  # what allauth sends goes through the outbox too

LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/organiser/"
ACCOUNT_ADAPTER = "countermark.web.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers cannot have us write to any address
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.proxies
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # none on public pages
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Countermark"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ENVIRONMENT.host in LOOPBACK
MFA_ADAPTER = "countermark.web.accounts.adapter.SecondFactors"
MODERATORS_MAY_SKIP_SECOND_FACTOR = ENVIRONMENT.one_factor  # on a loopback address only; see accounts.roles

SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
