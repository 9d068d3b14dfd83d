"""Files that are there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from countermark.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEMPORARY_SUFFIX = ".tmp"
"""Temporary names are `.<final name>.<process id and nine random digits>.tmp`, in the folder of the final name.

Processes on two machines that share the folder may have the same id, as those in containers do.
"""


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path`; on leaving, flush it to disk and give it the name `path`.

    When the block raises, nothing is left behind and an older `path` stays as it was; one that is replaced leaves its
    permissions to the new one. Raises OutputError when the disk is full, the folder is missing or writing is not
    allowed.
    """
    temporary = temporary_beside(path)
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise OutputError(_message(path, error)) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path`, whole or not at all. Raises OutputError."""
    with replacing(path) as file:
        file.write(data)


def temporary_beside(path: Path) -> Path:
    """A name for a file that becomes `path`, for what must write it by itself: no other process draws the same."""
    return path.with_name(f".{path.name}.{os.getpid()}{secrets.randbelow(10**9):09}{TEMPORARY_SUFFIX}")


def temporary_target(name: str) -> str | None:
    """The final name that the temporary name `name` was meant for, or None when it is no temporary name."""
    if not (name.startswith(".") and name.endswith(TEMPORARY_SUFFIX)):
        return None
    target, dot, process = name[1 : -len(TEMPORARY_SUFFIX)].rpartition(".")
    return target if dot and process.isdigit() else None


def make_folder(path: Path) -> None:
    """Make the folder `path` and its parents. Raises OutputError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(_message(path, error)) from error


def _sync_folder(folder: Path) -> None:
    # The new name itself must survive a power cut. Some file systems cannot sync a folder; there it need not.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF}:
            raise
    finally:
        os.close(descriptor)


def _message(path: Path, error: OSError) -> str:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    cause = f"no room left ({error.strerror})" if full else (error.strerror or str(error))
    return f"{path}: cannot be written: {cause}"
