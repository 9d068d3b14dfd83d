"""JSON over HTTP with a server that may be slow, busy, wrong or hostile."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.memorization.drivers.addresses import Address

LARGEST_ANSWER: Final = 64_000_000  # bytes
_BUSY: Final = {429, 502, 503, 504}
_SHOWN: Final = 300  # characters of an answer in a message
_PIECE: Final = 1 << 16


class Patience(NamedTuple):
    """Seconds for one exchange, how often a busy server is asked again, and the longest wait before that (seconds)."""

    answer: float = 120.0
    retries: int = 6
    longest_wait: float = 60.0


class RefusedError(ModelError):
    """The server answered that it will not do this (status 400 to 501): another way of asking may be accepted."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Connection:
    """One server. Nothing is asked of any other host: redirects are not followed, and no proxy is used."""

    def __init__(
        self, address: Address, key: str, patience: Patience, told: Callable[[str], None] | None
    ) -> None:
        self._address = address
        self._key = key
        self._patience = patience
        self._told = told or (lambda _: None)

    def __repr__(self) -> str:
        """Without the key."""
        return f"Connection({self._address})"

    def get(self, path: str) -> dict[str, Any]:
        """The JSON object at `path`. Raises ModelError."""
        return self._asked("GET", path, None)

    def post(self, path: str, question: dict[str, Any]) -> dict[str, Any]:
        """The JSON object that answers `question`. Raises RefusedError, ModelError."""
        try:
            body = json.dumps(question, ensure_ascii=False, allow_nan=False).encode()
        except UnicodeEncodeError as error:
            raise ModelError("a text with half a surrogate pair cannot be sent: not UTF-8") from error
        return self._asked("POST", path, body)

    def _asked(self, method: str, path: str, body: bytes | None) -> dict[str, Any]:
        """Ask, and again while the server is busy, as long as patience lasts."""
        for attempt in range(self._patience.retries + 1):
            status, headers, answer = self._once(method, path, body)
            if status not in _BUSY:
                return self._object(path, status, headers, answer)
            if attempt < self._patience.retries:
                wait = self._wait(headers.get("retry-after"), attempt)
                self._told(
                    f"{self._address.netloc}: status {status}; asking again in {wait:.0f} s"
                    f" ({attempt + 1} of {self._patience.retries})"
                )
                time.sleep(wait)
        raise self._error(
            f"still busy after {self._patience.retries + 1} tries (status {status}: {self._shown(answer)})"
        )

    def _once(self, method: str, path: str, body: bytes | None) -> tuple[int, dict[str, str], bytes]:
        deadline = time.monotonic() + self._patience.answer
        line = self._line()
        try:
            with self._ended(line):
                line.request(method, path, body, self._headers())
                answer = line.getresponse()
                headers = {name.lower(): value for name, value in answer.getheaders()}
                return answer.status, headers, self._read(answer, deadline)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
                raise self._error(f"no whole answer within {self._patience.answer:.0f} s") from error
            if isinstance(error, http.client.IncompleteRead):
                raise self._error("the answer was cut off") from error
            raise self._error(
                f"no answer: {self._without_key(str(error))[:_SHOWN] or type(error).__name__}"
            ) from error
        finally:
            line.close()

    @contextmanager
    def _ended(self, line: http.client.HTTPConnection) -> Iterator[None]:
        """End the exchange when its time is over, wherever it is: a server may drip headers without end."""
        line.connect()
        socket_of_line = line.sock

        def end() -> None:
            with suppress(OSError):
                socket_of_line.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(self._patience.answer, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _line(self) -> http.client.HTTPConnection:
        host, port, seconds = self._address.host, self._address.port, self._patience.answer
        if not self._address.secure:
            return http.client.HTTPConnection(host, port, timeout=seconds)
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())

    def _headers(self) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": "countermark",
        }
        return {**headers, "Authorization": f"Bearer {self._key}"} if self._key else headers

    def _read(self, answer: http.client.HTTPResponse, deadline: float) -> bytes:
        """All of it, but no more than `LARGEST_ANSWER` bytes and no longer than the deadline."""
        pieces, size = [], 0
        while piece := answer.read1(_PIECE):
            size += len(piece)
            if size > LARGEST_ANSWER:
                raise self._error(f"an answer of more than {LARGEST_ANSWER // 1_000_000} MB")
            pieces.append(piece)
        if time.monotonic() >= deadline:  # what was ended reads like an end
            raise TimeoutError
        if answer.length:  # what Content-Length promised and did not come
            raise http.client.IncompleteRead(b"", answer.length)
        return b"".join(pieces)

    def _object(self, path: str, status: int, headers: dict[str, str], answer: bytes) -> dict[str, Any]:
        if 300 <= status < 400:
            raise self._error(
                f"a redirect (status {status}), which is not followed; give the address that answers"
            )
        if status != 200:
            message = f"status {status} for {path}: {self._shown(answer)}"
            if 400 <= status < 502:
                raise RefusedError(status, str(self._error(message)))
            raise self._error(message)
        try:
            value = json.loads(answer, parse_constant=_no_number)
        except _NotANumberError as error:
            raise self._error(f"a number that is none ({error}) in the answer") from error
        except (ValueError, RecursionError) as error:
            kind = headers.get("content-type", "no type")
            raise self._error(f"not JSON ({kind}): {self._shown(answer)}") from error
        if not isinstance(value, dict):
            raise self._error(f"not a JSON object: {self._shown(answer)}")
        return value

    def _wait(self, asked: str | None, attempt: int) -> float:
        """Seconds: what Retry-After says (seconds or a date), else 1, 2, 4, …; never over the longest wait."""
        wait = float(2**attempt)
        with suppress(ValueError, TypeError, OverflowError):
            if asked is not None and asked.strip().isdigit():
                wait = float(asked)
            elif asked is not None:
                wait = parsedate_to_datetime(asked).timestamp() - time.time()
        return min(max(wait, 0.0), self._patience.longest_wait)

    def _shown(self, answer: bytes) -> str:
        """The beginning of an answer, on one line, without the key that some servers repeat."""
        text = " ".join(answer[: 4 * _SHOWN].decode(errors="replace").split())
        return "".join(letter if letter.isprintable() else "·" for letter in self._without_key(text)[:_SHOWN])

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "[key]") if self._key else text

    def _error(self, what: str) -> ModelError:
        return ModelError(f"{self._address}: {what}")


class _NotANumberError(Exception):
    pass


def _no_number(name: str) -> float:
    raise _NotANumberError(name)
