"""The copy of an index on a node's own disk: made once, checked byte by byte, shared by all workers, used again.

A stock that the node can see under its own path on a local disk is used there, once its digests were checked. Else it
is copied: from that path on a shared disk, from a URL, or in chunks from the machine where the scan was begun.

Copies lie in `<cache>/nearby/<identity>/`, with `ready.json` beside the files, written last. A lock beside each copy is
held while it is made, and shared while it is used, so that several scans on one node make one copy and none is removed
under their hands.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from countermark.atomic import make_folder, write_bytes
from countermark.errors import CountermarkError, OutputError, UnusableIndexError
from countermark.scan.runners.nearby_room import Keeping, is_local, make_room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.scan.runners.nearby_stock import Stock, StockFile

    Pull = Callable[[str, str, int, int], bytes]
    """Bytes `[offset, offset + length)` of the file `name` of the stock at `path`, from where the scan was begun."""

CHUNK = 4 << 20
READY = "ready.json"
_STALLED_SECONDS = 3600.0
_TRIES = 5


class Larder:
    """The copies on this node that a scan uses; they are kept from removal until `close`."""

    def __init__(
        self, pull: Pull | None = None, keeping: Keeping | None = None, *, in_place: bool = True
    ) -> None:
        self.folder = cache_folder()
        self._pull, self._keeping, self._in_place = pull, keeping or Keeping(), in_place
        self._held = ExitStack()
        self.copied = 0
        """Bytes that were copied so far."""

    def settle(self, stock: Stock) -> Path:
        """Where the stock is on this node, checked, after copying it if need be.

        Raises OutputError where there is no room, UnusableIndexError where no source has the right bytes.
        """
        make_private(self.folder)
        kept = self.folder / stock.identity[:32]
        lock = kept.with_suffix(".lock")
        path = self._held_ready(lock, stock, kept)
        for _ in range(_TRIES):
            if path is not None:
                return path
            with _locked(lock, fcntl.LOCK_EX):
                if self._ready(stock, kept) is None:
                    self._make(stock, kept)
            # None again where it was removed or changed in between
            path = self._held_ready(lock, stock, kept)
        if path is None:
            raise OutputError(f"{kept}: the copy of the index was changed each time that it was made")
        return path

    def close(self) -> None:
        """Let the copies be removed by others."""
        self._held.close()

    def _held_ready(self, lock: Path, stock: Stock, kept: Path) -> Path | None:
        """Where the stock is, held from now on; None where there is nothing to use yet."""
        with ExitStack() as stack:
            stack.enter_context(_locked(lock, fcntl.LOCK_SH))
            path = self._ready(stock, kept)
            if path is not None:
                self._held.push(stack.pop_all())
        return path

    def _ready(self, stock: Stock, kept: Path) -> Path | None:
        """The stock's own path, where it was checked, or the copy; None where either is missing or was changed."""
        own, copy = Path(stock.path), kept / Path(stock.path).name
        if self._usable(own, stock) and _read(kept.with_suffix(".seen.json")) == _state(own, stock):
            return own
        if _has_sizes(copy, stock) and _read(kept / READY) == _state(copy, stock):
            os.utime(kept)  # used just now
            return copy
        return None

    def _usable(self, path: Path, stock: Stock) -> bool:
        """Whether the stock's own path is on a local disk of this node, and looks right."""
        return self._in_place and _has_sizes(path, stock) and is_local(path)

    def _make(self, stock: Stock, kept: Path) -> None:
        """Check the stock's own path, or else make a copy."""
        own, copy = Path(stock.path), kept / Path(stock.path).name
        if self._usable(own, stock):
            state = _state(own, stock)
            if all(_digest(stock.place(own, file)) == file.sha256 for file in stock.files):
                write_bytes(kept.with_suffix(".seen.json"), json.dumps(state).encode())
                return
        with suppress(FileNotFoundError):
            shutil.rmtree(kept)
        make_room(self.folder, stock.size, self._keeping)
        try:
            for file in stock.files:
                self._fetch(stock, file, stock.place(copy, file))
            write_bytes(kept / READY, json.dumps(_state(copy, stock)).encode())
        except BaseException:
            shutil.rmtree(kept, ignore_errors=True)
            raise

    def _fetch(self, stock: Stock, file: StockFile, out: Path) -> None:
        """One file from the first source that has its bytes."""
        make_folder(out.parent)
        told: list[str] = []
        for name, blocks in self._sources(stock, file):
            try:
                if _write(out, blocks, file):
                    self.copied += file.size
                    return
                told.append(f"{name} has other bytes")
            except OutputError:
                raise
            except (OSError, CountermarkError) as error:
                told.append(f"{name}: {getattr(error, 'strerror', None) or error}")
        raise UnusableIndexError(
            f"{stock.place(Path(stock.path), file)}: no copy can be had: {'; '.join(told)}"
        )

    def _sources(self, stock: Stock, file: StockFile) -> Iterator[tuple[str, Iterator[bytes]]]:
        seen = stock.place(Path(stock.path), file)
        if seen.is_file():
            yield f"{seen} as this node sees it", _of_file(seen)
        if stock.url is not None:
            url = f"{stock.url}/{file.name}" if file.name else stock.url
            yield url, _of_url(url)
        if self._pull is not None:
            yield "the machine where the scan was begun", _pulled(self._pull, stock, file)


def cache_folder() -> Path:
    """Where copies are kept: below COUNTERMARK_CACHE, the user's cache, or /var/tmp for a user without a home."""
    given = os.environ.get("COUNTERMARK_CACHE")
    if given:
        return Path(given) / "nearby"
    try:
        user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        user = Path(f"/var/tmp/countermark-{os.getuid()}")  # noqa: S108  named by the user; copies are checked
    return user / "countermark" / "nearby"


def make_private(folder: Path) -> None:
    """Make the folder of the copies, for this user alone: an index may hold what others may not read.

    Raises OutputError where it is another user's: that one could put other bytes into it.
    """
    make_folder(folder)
    if folder.stat().st_uid != os.getuid():
        raise OutputError(f"{folder} belongs to another user; name a folder of your own as COUNTERMARK_CACHE")
    with _writing(folder):
        folder.chmod(0o700)


def _write(out: Path, blocks: Iterator[bytes], file: StockFile) -> bool:
    """Write blocks to `out`; return whether they are the file's bytes. A source that never ends is left early."""
    digest, size = hashlib.sha256(), 0
    with _writing(out):
        stream = out.open("wb")
    with stream:
        for data in blocks:
            size += len(data)
            if size > file.size:
                return False
            digest.update(data)
            with _writing(out):
                stream.write(data)
        with _writing(out):
            stream.flush()
            os.fsync(stream.fileno())
    return size == file.size and digest.hexdigest() == file.sha256


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        cause = "no room left" if error.errno in {errno.ENOSPC, errno.EDQUOT} else error.strerror
        raise OutputError(f"{path}: the copy of the index cannot be written: {cause}") from error


def _of_file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            yield block


def _of_url(url: str) -> Iterator[bytes]:
    from countermark.storage.reading import open_binary  # noqa: PLC0415

    with open_binary(url) as file:
        while block := file.read(CHUNK):
            yield block


def _pulled(pull: Pull, stock: Stock, file: StockFile) -> Iterator[bytes]:
    for offset in range(0, file.size, CHUNK):
        yield pull(stock.path, file.name, offset, min(CHUNK, file.size - offset))


def _has_sizes(root: Path, stock: Stock) -> bool:
    try:
        return all(stock.place(root, file).stat().st_size == file.size for file in stock.files)
    except OSError:
        return False


def _state(root: Path, stock: Stock) -> list[Any]:
    """What changes when somebody writes into the files: checked instead of all their bytes the next time."""
    states = (stock.place(root, file).stat() for file in stock.files)
    return [str(root), *([state.st_ino, state.st_size, state.st_mtime_ns] for state in states)]


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[IO[str]]:
    """Hold a lock on `path`; another scan that is just copying is waited for."""
    try:
        file = path.open("a")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error
    with file:
        end = time.monotonic() + _STALLED_SECONDS
        while True:
            try:
                fcntl.flock(file, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    raise OutputError(f"{path}: another scan has been copying for an hour; end it") from None
                time.sleep(0.2)
            else:
                break
        yield file
