"""Reading files by path or by URL. A path is opened as `open` does; a URL is read in parts, each byte fetched once.

What was fetched of an object is kept while a shard is hashed and read (`spool`), and its version is held on to: an
object that is replaced meanwhile is noticed, by the server (`If-Match`) and by us.
"""

from __future__ import annotations

import atexit
import io
import os
import threading
from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeAlias, cast
from urllib.parse import urlsplit

from countermark.storage.connection import run
from countermark.storage.place import is_url

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from countermark.storage.held import Held
    from countermark.storage.place import Place
    from countermark.storage.remote import ObjectState

State: TypeAlias = "tuple[int, int] | ObjectState"
"""Size and time of change in ns of a file; size and version of an object."""

_KEPT_IDLE: Final = 512 << 20
"""Bytes of objects that nobody reads, kept in case that somebody will: a shard of small files has less."""
_EXPECTED: Final = 16_384
"""States of objects that are known; a shard of many documents has 4,096."""
_SMALL: Final = 1 << 20
_WARM: Final = 16  # small objects that are under way at a time
_FIRST_AHEAD: Final = 256 << 10
_WAIT: Final = 86_400.0  # what waits here ends by itself, after the patience

_held: OrderedDict[tuple[str, ObjectState], Held] = OrderedDict()
_expected: OrderedDict[str, ObjectState] = OrderedDict()
_failed: list[Exception] = []
_order: dict[str, int] = {}  # what is opened next: see in_order
_following: list[str] = []
_warmed = [0, 0]
_lock = threading.RLock()


def open_binary(place: Place, *, buffering: int = -1, upto: int | None = None) -> BinaryIO:
    """Open a file for reading; the stream can be moved in.

    `upto` says that a URL is going to be read forwards to that byte, so that it is fetched ahead at once, and nothing
    beyond. Raises OSError where there is none; reading a URL raises CorpusError where the server fails for longer than
    `connection.patience()` or the object was replaced.
    """
    if not is_url(place):
        return open(place, "rb", buffering=buffering)  # noqa: PTH123  the caller closes it
    raw = RemoteFile(str(place), upto)
    return raw if buffering == 0 else cast("BinaryIO", io.BufferedReader(raw, 64 << 10))


@contextmanager
def arrow_source(place: Place) -> Iterator[Place | BinaryIO]:
    """What Arrow reads a file from: a path by itself, an object as a stream that is closed afterwards."""
    if not is_url(place):
        yield place
        return
    with open_binary(place, buffering=0) as file:
        yield file


def state_of(place: Place) -> State:
    """What tells one content of a file from another; an object's is that which it is expected in. Raises OSError."""
    if not is_url(place):
        status = os.stat(place)  # noqa: PTH116  paths are strings here, for speed
        return status.st_size, status.st_mtime_ns
    return expected_state(str(place))


def expected_state(url: str) -> ObjectState:
    """The state that an object is expected in: as it was listed, or as it is when it is first asked for."""
    with _lock:
        known = _expected.get(url)
    if known is None:
        from countermark.storage.remote import state_at  # noqa: PLC0415

        known = run(state_at(url), _WAIT)
        expect(url, known)
    return known


def size_of(place: Place) -> int:
    """The size in bytes. Raises OSError."""
    return state_of(place)[0] if is_url(place) else os.path.getsize(place)  # noqa: PTH202


def is_file(place: Place) -> bool:
    """Whether there is a file, or an object."""
    if not is_url(place):
        return os.path.isfile(place)  # noqa: PTH113
    if not urlsplit(str(place)).path.strip("/") and not str(place).startswith("http"):
        return False  # a bucket
    try:
        state_of(place)
    except FileNotFoundError:
        return False
    return True


def is_folder(place: Place) -> bool:
    """Whether there is a folder, or an object below this prefix; on the web there are none."""
    if not is_url(place):
        return os.path.isdir(place)  # noqa: PTH112
    from countermark.storage.tree import has_objects  # noqa: PLC0415

    return has_objects(str(place))


def expect(url: str, state: ObjectState) -> None:
    """Hold an object to a state: whoever reads it from now on gets that content, or an error."""
    with _lock:
        _expected[url] = state
        _expected.move_to_end(url)
        while len(_expected) > _EXPECTED:
            _expected.popitem(last=False)


def forget_expected() -> None:
    """Ask anew what objects are, as at the start of a run."""
    with _lock:
        _expected.clear()


def in_order(urls: Sequence[str], upto: int = _SMALL) -> None:
    """Say which objects are opened next, so that the first bytes of those that follow are fetched meanwhile.

    For many small objects this hides the time that each request takes. Fetched are at most `upto` bytes of each.
    """
    with _lock:
        _order.clear()
        _order.update((url, position) for position, url in enumerate(urls))
        _following[:] = urls
        _warmed[:] = [0, upto]


def _warm(url: str) -> None:
    position = _order.get(url)
    if position is None:
        return
    begun, upto = _warmed
    for following in _following[max(begun, position + 1) : position + 1 + _WARM]:
        state = _expected.get(following)
        if state is not None and (upto < _SMALL or state.size <= _SMALL):
            _held_for(following, state).begin(upto)
    _warmed[0] = max(begun, position + 1 + _WARM)


def forget_failures() -> None:
    """Begin to notice anew whether all that was asked for could be fetched."""
    with _lock:
        _failed.clear()
        for held in _held.values():
            held.failure = None


def require_fetched() -> None:
    """Raise the first error since `forget_failures` that kept bytes from a reader.

    A decoder may take it for damage in the file, and go on; no shard that was read so is a shard that was scanned.
    """
    with _lock:
        failed = [*_failed, *(held.failure for held in _held.values() if held.failure is not None)]
    if failed:
        raise failed[0]


class RemoteFile(io.RawIOBase, BinaryIO):
    """An object as a file. Raises OSError when opened where there is none."""

    def __init__(self, url: str, upto: int | None = None) -> None:
        super().__init__()
        self._held: Held | None = None
        self._at = 0
        self._upto = upto
        self._next = -1  # where who reads forwards reads next
        self._ahead = 0
        self._held = _hold(url)
        self._size = self._held.state.size

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; past the end nothing is read."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError(22, "negative position")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, all where it is negative; less only at the end."""
        if self._held is None:
            raise ValueError("read of closed file")
        end = self._size if size < 0 else min(self._size, self._at + size)
        if end <= self._at:
            return b""
        data = self._held.read(self._at, end, self._reach(end))
        self._at = self._next = self._at + len(data)
        return data

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, as far as the object goes."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Let go of the object; what was fetched stays for whoever opens it next."""
        if self._held is not None:
            _let_go(self._held)
            self._held = None
        super().close()

    def _reach(self, end: int) -> int:
        """How far to fetch: to what was announced, else the further the longer one reads forwards."""
        if self._upto is not None:
            return self._upto if end <= self._upto else end
        self._ahead = max(_FIRST_AHEAD, 2 * self._ahead) if self._at == self._next else 0
        return end + self._ahead


def _held_for(url: str, state: ObjectState) -> Held:
    from countermark.storage.held import Held  # noqa: PLC0415

    held = _held.get((url, state)) or _held.setdefault((url, state), Held(url, state))
    _held.move_to_end((url, state))
    return held


def _hold(url: str) -> Held:
    state = expected_state(url)
    with _lock:
        held = _held_for(url, state)
        held.readers += 1
        _warm(url)
        if state.size > _SMALL or len(_held) % 64 == 0:
            _trim()
    return held


def _trim() -> None:
    """Drop what was read longest ago."""
    idle = [(key, one) for key, one in _held.items() if not one.readers]
    spare = sum(one.kept for _, one in idle) - _KEPT_IDLE
    for key, one in idle:
        if spare > 0 or len(_held) > _EXPECTED:
            spare -= one.kept
            _drop(key)


def _let_go(held: Held) -> None:
    with _lock:
        held.readers -= 1
        last = held.readers == 0
    if last:
        held.settle()


def _drop(key: tuple[str, ObjectState]) -> None:
    one = _held.pop(key)
    if one.failure is not None:
        _failed.append(one.failure)
    one.close()


def keep_only(urls: Collection[str] = ()) -> None:
    """Give back the disk's room of all other objects that nobody reads."""
    with _lock:
        for key in [key for key, one in _held.items() if not one.readers and key[0] not in urls]:
            _drop(key)


def forget_all() -> None:
    """Begin with nothing, as a forked process does: what its parent reads is not its."""
    global _lock  # noqa: PLW0603
    _lock = threading.RLock()
    for held in _held.values():
        held.abandon()
    _held.clear()
    _order.clear()
    _following.clear()
    _expected.clear()
    _failed.clear()


os.register_at_fork(after_in_child=forget_all)
atexit.register(forget_all)
