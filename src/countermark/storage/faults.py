"""What the errors of the storage libraries mean: missing, forbidden, changed, to be tried again, or final."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import CorpusError, CountermarkError
from countermark.storage.connection import TransientError
from countermark.storage.place import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRY_AGAIN: Final = frozenset({408, 425, 429, *range(500, 600)}) - {501, 505}
_THROTTLED: Final = frozenset(
    {"SlowDown", "Throttling", "ThrottlingException", "RequestTimeout", "InternalError", "ServiceUnavailable"}
)
_MISSING: Final = frozenset({"NoSuchKey", "NoSuchBucket", "NotFound", "404"})
_ALLOWED_BY: Final = {
    "s3": "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE …",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS …",
}


@contextmanager
def in_words(url: str) -> Iterator[None]:
    """Turn the errors of a library into ours; nothing of them is kept, since they may hold a key or an endpoint."""
    try:
        yield
    except Exception as error:
        meaning = meaning_of(error, url)
        if meaning is error:
            raise
        raise meaning from None


def meaning_of(error: BaseException, url: str) -> BaseException:  # noqa: PLR0911  a table in words
    """The error to raise for one of a library; our own stay what they are."""
    if isinstance(error, CountermarkError | TransientError) or getattr(error, "filename", "") == shown(url):
        return error
    if isinstance(error, FileNotFoundError):
        return missing(url)
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # botocore's ClientError
        told = response.get("Error") or {}
        status = (response.get("ResponseMetadata") or {}).get("HTTPStatusCode")
        return of_status(_number(status), url, str(told.get("Code") or ""))
    code = _number(getattr(error, "status", None) or getattr(error, "code", None))
    if code:
        return of_status(code, url)
    if isinstance(error, PermissionError):
        return denied(url)
    if type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError", "DefaultCredentialsError"):
        return CorpusError(f"{shown(url)}: the environment holds no complete credentials{_from(url)}")
    if any("Certificate" in kind.__name__ or "SSLError" in kind.__name__ for kind in type(error).__mro__):
        return CorpusError(
            f"{shown(url)}: the server's certificate is not trusted; SSL_CERT_FILE (for s3:// AWS_CA_BUNDLE) names the "
            "certificates of one's own"
        )
    if isinstance(error, OSError | TimeoutError) or _of_connection(error):
        return TransientError(_of_connection_in_words(error))
    return CorpusError(f"{shown(url)}: the storage cannot be read ({type(error).__name__})")


def of_status(status: int, url: str, code: str = "") -> Exception:  # noqa: PLR0911  a table in words
    """The error that an HTTP status (and a code of S3) stands for."""
    code = re.sub(r"[^A-Za-z0-9]", "", code)[:40]
    said = f"{status} {code}".strip()
    if code in _MISSING or status == 404:
        return missing(url)
    if code == "InvalidObjectState":
        return PermissionError(13, "the object is archived; restore it first", shown(url))
    if code in _THROTTLED or status in _TRY_AGAIN:
        return TransientError(f"the server answers {said}")
    if status in (401, 403) or code in ("ExpiredToken", "InvalidToken", "InvalidAccessKeyId"):
        return denied(url, said)
    if status in (412, 416):
        return changed(url)
    if status in (301, 307, 400) and code in ("PermanentRedirect", "AuthorizationHeaderMalformed"):
        return CorpusError(f"{shown(url)}: the bucket is in another region; set AWS_REGION")
    return CorpusError(f"{shown(url)}: the server answers {said}")


def missing(url: str) -> FileNotFoundError:
    """There is nothing at this URL."""
    return FileNotFoundError(2, "there is no such object", shown(url))


def denied(url: str, said: str = "403") -> PermissionError:
    """The server does not give it out."""
    return PermissionError(13, f"access denied ({said}){_from(url)}", shown(url))


def changed(url: str, what: str = "") -> CorpusError:
    """The object is not what it was when it was listed."""
    return CorpusError(
        f"{shown(url)}: changed since it was listed{what and f' ({what})'}; scan it when nobody writes to it"
    )


def _from(url: str) -> str:
    said = _ALLOWED_BY.get(url.partition("://")[0])
    return f"; credentials are taken from the environment: {said}" if said else ""


def _number(value: Any) -> int:
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return 0


def _of_connection(error: BaseException) -> bool:
    """Whether an error of botocore, aiohttp or gcsfs is one of the connection, or of an answer cut short."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(
        names
        & {"HTTPClientError", "ClientError", "ConnectionError", "ResponseParserError", "IncompleteReadError",
           "ResponseStreamingError", "ChecksumError", "RetryError", "TransportError"}
    )  # fmt: skip


def _of_connection_in_words(error: BaseException) -> str:
    name = type(error).__name__.lower()
    if "timeout" in name:
        return "no answer in time"
    if "payload" in name or "incomplete" in name or "streaming" in name:
        return "the connection was cut within the answer"
    if "parser" in name:
        return "the server's answer makes no sense"
    if any(word in name for word in ("connector", "endpoint", "refused", "proxy", "dns")):
        return "no connection to the server"
    return "the connection broke, or the answer is no HTTP"
