"""Adding to a history: one process at a time, and whole or not at all."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from countermark.atomic import make_folder, write_bytes
from countermark.captures.history.chain import CHAIN, read_chain
from countermark.errors import OutputError, RunError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from countermark.captures.history.chain import Entry

_LOCK: Final = ".lock"


@contextmanager
def held(folder: Path) -> Iterator[list[Entry]]:
    """Hold the history, made where there is none, and give its lines. Raises RunError where another process does."""
    made = not folder.exists()
    make_folder(folder)
    lock = folder / _LOCK
    try:
        file = lock.open("a")
    except OSError as error:
        raise OutputError(f"{lock}: cannot be written: {error.strerror or error}") from error
    try:
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise RunError(
                    f"{folder}: another capture is being written there; wait until it is done"
                ) from None
            yield read_chain(folder) if (folder / CHAIN).exists() else []
    finally:
        if made and not (folder / CHAIN).exists():
            with suppress(OSError):  # nothing was kept: leave nothing behind
                lock.unlink()
                folder.rmdir()


def add(folder: Path, entries: list[Entry], entry: Entry, files: Mapping[str, bytes]) -> None:
    """Write the files, then the chain with its new line. Raises OutputError; the history is then as it was."""
    written = []
    try:
        for name, data in files.items():
            path = folder / name
            make_folder(path.parent)
            written.append(path)
            write_bytes(path, data)
        # the chain is replaced as a whole: a line is never there in part
        write_bytes(folder / CHAIN, b"".join(known.data for known in [*entries, entry]))
    except BaseException:
        if not _is_kept(folder, entry):
            for path in written:
                path.unlink(missing_ok=True)
        raise


def _is_kept(folder: Path, entry: Entry) -> bool:
    """Whether the chain has the line: what came in between (Ctrl-C) may have come after it was written."""
    try:
        return (folder / CHAIN).read_bytes().endswith(entry.data)
    except OSError:
        return False
