"""Connections to object storage: one file system a scheme and process, and how long one is patient with a server.

Credentials come from the environment, as each storage's own tools read them (`AWS_…`, `GOOGLE_…`; `AWS_ENDPOINT_URL`
for an S3 server of one's own), and stand in no message: errors are put in our own words, and of a URL only what names
the object is shown.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as StillRunning
from typing import TYPE_CHECKING, Any, Final, TypeVar

from countermark.errors import CorpusError, InputError, MissingExtraError, OutputError
from countermark.storage.place import SCHEMES, shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from concurrent.futures import Future

PATIENCE: Final = "COUNTERMARK_STORAGE_PATIENCE"
"""Environment: for how many seconds a request is tried again before it has failed (120)."""
_PATIENCE_SECONDS: Final = 120.0
_FIRST_WAIT: Final = 0.2
_LONGEST_WAIT: Final = 10.0
_CONNECT_SECONDS: Final = 10.0
_IDLE_SECONDS: Final = 30.0
CONNECTIONS: Final = 32
_CHECKSUMS: Final = ("request_checksum_calculation", "response_checksum_validation")
"""What the client checks beyond length and version: servers before 2025 refuse the one, some send the whole object's
checksum with a part of it. Whoever has a server that can do more says so in the environment (`AWS_REQUEST_…`)."""

T = TypeVar("T")

_made: dict[str, Any] = {}
_lock = threading.Lock()


class TransientError(Exception):
    """A failure that another try may mend; its text goes behind the name of the object."""


def patience() -> float:
    """For how many seconds one request is tried again. Raises InputError where the environment says no number."""
    said = os.environ.get(PATIENCE, "")
    try:
        seconds = float(said) if said else _PATIENCE_SECONDS
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= 86_400:
        raise InputError(f"{PATIENCE}={said}: give a number of seconds above 0, at most 86400")
    return seconds


def idle_seconds() -> float:
    """After how many seconds without a byte a connection is given up for a new one."""
    return min(_IDLE_SECONDS, max(1.0, patience() / 4))


def filesystem_of(url: str) -> Any:
    """The fsspec file system of a URL: one a scheme and process, for all threads; a forked process makes its own.

    It makes one try a request where the library can be told so (see `persist`), and caches no listing.
    Raises InputError on an unknown scheme and MissingExtraError where the library is not installed.
    """
    scheme = url.partition("://")[0].lower()
    if scheme not in SCHEMES:
        raise InputError(f"{shown(url)}: no storage is known for {scheme}://; known are {', '.join(SCHEMES)}")
    family = "http" if scheme == "https" else scheme
    with _lock:
        if family not in _made:
            _made[family] = {"s3": _s3, "gs": _gs, "http": _http}[family]()
        return _made[family]


def run(coroutine: Coroutine[Any, Any, T], seconds: float) -> T:
    """Run a coroutine on fsspec's thread and wait for it, at most so long. Raises TransientError where it hangs."""
    return result_of(start(coroutine), seconds)


def start(coroutine: Coroutine[Any, Any, T]) -> Future[T]:
    """Start a coroutine on fsspec's thread."""
    from fsspec.asyn import get_loop  # noqa: PLC0415

    return asyncio.run_coroutine_threadsafe(coroutine, get_loop())


def result_of(future: Future[T], seconds: float) -> T:
    """Wait for what was started. Raises TransientError where it hangs, or was stopped."""
    try:
        return future.result(seconds)
    except (StillRunning, TimeoutError, CancelledError) as error:
        future.cancel()
        raise TransientError("no answer in time") from error


def persist(action: Callable[[], T], url: str, *, writing: bool = False) -> T:
    """Call `action` until it succeeds, with growing pauses, for as long as `patience()`.

    Tried again is what another try may mend: no answer, a cut connection, statuses 408, 429 and 5xx. Raises
    FileNotFoundError and PermissionError as they come, anything else as CorpusError (OutputError when `writing`).
    """
    deadline, wait, tries = time.monotonic() + patience(), _FIRST_WAIT, 0
    while True:
        tries += 1
        try:
            return action()
        except Exception as error:  # noqa: BLE001  each library has errors of its own
            meaning = _meaning(error, url)
            if isinstance(meaning, CorpusError) and writing:
                meaning = OutputError(str(meaning))
            if not isinstance(meaning, TransientError):
                raise meaning from None  # the library's own error may hold a key or an endpoint
            if time.monotonic() + wait >= deadline:
                said = f"{shown(url)}: {meaning} (tried {tries} times in {patience():.0f} s)"
                raise (OutputError if writing else CorpusError)(said) from None
        time.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT)


async def persisting(action: Callable[[], Awaitable[T]], url: str, seconds: float = 0.0) -> T:
    """Await `action()` again after each TransientError, for `patience()` and `seconds` more. Raises CorpusError."""
    clock = asyncio.get_running_loop().time
    allowed = patience() + seconds
    deadline, wait, tries = clock() + allowed, _FIRST_WAIT, 0
    met: dict[str, None] = {}  # in the order in which they were met
    while True:
        tries += 1
        try:
            async with asyncio.timeout_at(deadline):
                return await action()
        except TimeoutError:
            met["no answer in time"] = None
        except TransientError as error:
            met[str(error)] = None
        if clock() + wait >= deadline:
            words = "; then ".join([*met][:3])
            raise CorpusError(f"{shown(url)}: {words} (tried {tries} times in {allowed:.0f} s)")
        await asyncio.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT)


def _meaning(error: Exception, url: str) -> BaseException:
    """What an error of a library means here."""
    from countermark.storage.faults import meaning_of  # noqa: PLC0415

    return meaning_of(error, url)


def _s3() -> Any:
    with _needing("s3fs"):
        from botocore.session import get_session  # noqa: PLC0415
        from s3fs import S3FileSystem  # noqa: PLC0415

    own = "AWS_ENDPOINT_URL_S3" in os.environ or "AWS_ENDPOINT_URL" in os.environ
    config: dict[str, Any] = {
        "connect_timeout": _CONNECT_SECONDS,
        "read_timeout": idle_seconds(),
        "max_pool_connections": CONNECTIONS,
        "retries": {"total_max_attempts": 1, "mode": "standard"},
    }
    if own:  # servers of one's own seldom have a name for each bucket, and checksums not in all answers and requests
        config["s3"] = {"addressing_style": "path"}
        config |= {name: "when_required" for name in _CHECKSUMS if f"AWS_{name.upper()}" not in os.environ}
    made = S3FileSystem(
        anon=get_session().get_credentials() is None,  # public buckets need none
        config_kwargs=config,
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    made.retries = 1
    return made


def _gs() -> Any:
    with _needing("gcsfs"):
        from gcsfs import GCSFileSystem  # noqa: PLC0415

    return GCSFileSystem(requests_timeout=idle_seconds(), use_listings_cache=False, skip_instance_cache=True)


def _http() -> Any:
    with _needing("aiohttp"):
        import aiohttp  # noqa: PLC0415
        from fsspec.implementations.http import HTTPFileSystem  # noqa: PLC0415

    limits = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS, sock_read=idle_seconds())
    # the bytes are wanted as they are stored: nothing is decompressed on the way
    client = {"timeout": limits, "auto_decompress": False, "trust_env": True}
    return HTTPFileSystem(
        get_client=_session, client_kwargs=client, use_listings_cache=False, skip_instance_cache=True
    )


async def _session(**given: Any) -> Any:
    import ssl  # noqa: PLC0415

    import aiohttp  # noqa: PLC0415

    trusted = ssl.create_default_context()  # those of $SSL_CERT_FILE, or the machine's
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusted, limit=CONNECTIONS), **given)


class _needing:  # noqa: N801  reads as what it is
    """Turns an import that fails into MissingExtraError."""

    def __init__(self, library: str) -> None:
        self._library = library

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, ImportError):
            raise MissingExtraError(
                f"object storage needs the extra storage ({self._library} is not installed): "
                "pip install 'countermark[storage]'"
            )


def forget_connections() -> None:
    """Connect anew: a forked process inherits connections that its parent goes on using."""
    global _lock  # noqa: PLW0603
    _made.clear()
    _lock = threading.Lock()


os.register_at_fork(after_in_child=forget_connections)
