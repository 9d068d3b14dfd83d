"""Making the folder of an index: beside its place first, and into it whole or not at all."""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countermark import __version__
from countermark.errors import OutputError, UnusableIndexError
from countermark.index.manifest import MANIFEST, Manifest, identity_of, read_manifest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_AT_FDCWD, _EXCHANGE = -100, 2  # of renameat2


@contextmanager
def new_index(out: Path) -> Iterator[Path]:
    """Yield a folder to build in, which becomes `out`: new, or in the place of an index that stands there.

    An index that stands there is locked meanwhile. Raises OutputError where it cannot be written, or where `out` is
    something else. What fails half-way leaves nothing behind.
    """
    if out.exists() and not _is_index(out):
        raise OutputError(f"{out} exists and is not an index; it is left alone: name another folder")
    with ExitStack() as stack:
        try:
            if out.exists():
                stack.enter_context(locked(out))
            out.parent.mkdir(parents=True, exist_ok=True)
            # a folder of its own: not one that stands there already, nor that of another build
            work_folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent))
            stack.callback(shutil.rmtree, work_folder, ignore_errors=True)
            yield work_folder
            work_folder.chmod(0o777 & ~_umask())
            if out.exists():
                sync_files(work_folder)
                _exchange(work_folder, out)
            else:
                work_folder.rename(out)
        except OSError as error:
            raise OutputError(f"the index {out} cannot be written: {error.strerror or error}") from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change the index `folder`; raises OutputError where another one does.

    Its manifest is locked, opened for writing, because shared file systems (NFS) lock neither folders nor files that
    are open for reading only.
    """
    path = folder / MANIFEST
    with path.open("r+b") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = os.path.samestat(
                os.fstat(stream.fileno()), path.stat()
            )  # not replaced since it was opened
        except BlockingIOError:
            is_ours = False
        if not is_ours:
            raise OutputError(f"{folder}: another change of this index is on; wait until it is done")
        yield


def write_manifest(folder: Path, facts: dict[str, Any]) -> Manifest:
    """Describe all files of the folder, and write the manifest with `facts`; return it."""
    facts = facts | {"files": {path.name: described(path) for path in sorted(folder.iterdir())}}
    manifest = Manifest(identity=identity_of(facts), engine_version=__version__, **facts)
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def sync_files(folder: Path) -> None:
    """Let every file of a folder survive a power cut, before it takes the place of another."""
    for path in [*folder.iterdir(), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _exchange(new: Path, old: Path) -> None:
    """Let two folders change places at once where the system and the disk can do that; else one after the other."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        if library.renameat2(_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(old), _EXCHANGE) == 0:
            return
    aside = Path(tempfile.mkdtemp(prefix=f".{old.name}.", suffix=".old", dir=old.parent))
    try:
        old.rename(aside / old.name)
        new.rename(old)
    except BaseException:
        if not old.exists():
            (aside / old.name).rename(old)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _is_index(folder: Path) -> bool:
    """Whether a folder holds an index and nothing else, so that it can be replaced."""
    with suppress(UnusableIndexError, OSError, KeyError, TypeError):
        manifest = read_manifest(folder)
        if not manifest.segments:
            return _holds_only(folder, {MANIFEST, *manifest.files})
        folders = {str(said["folder"]): {MANIFEST, *said["manifest"]["files"]} for said in manifest.segments}
        folders[manifest.state] = set(manifest.files)
        own = folders.pop(".", set()) | {MANIFEST}
        return _holds_only(folder, own, set(folders)) and all(
            _holds_only(folder / name, known) for name, known in folders.items()
        )
    return False


def _holds_only(folder: Path, files: set[str], folders: Collection[str] = ()) -> bool:
    """Whether nothing stands in a folder but files and folders of these names."""
    return all(
        path.name in files if path.is_file() else path.name in folders and not path.is_symlink()
        for path in folder.iterdir()
    )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def described(path: Path) -> dict[str, Any]:
    """What a manifest says of a file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"size": path.stat().st_size, "sha256": digest}
