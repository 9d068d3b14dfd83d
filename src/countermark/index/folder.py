"""Making the folder of an index: beside its place first, and into it whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countermark import __version__
from countermark.errors import OutputError, UnusableIndexError
from countermark.index.manifest import MANIFEST, Manifest, identity_of, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def new_index(out: Path) -> Iterator[Path]:
    """Yield a folder to build in, which becomes `out`: new, or in the place of an index that stands there.

    Raises OutputError where it cannot be written, or where `out` is something else. What fails half-way leaves nothing
    behind.
    """
    if out.exists() and not _is_index(out):
        raise OutputError(f"{out} exists and is not an index; it is left alone: name another folder")
    work_folder = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        # a folder of its own: not one that stands there already, nor that of another build
        work_folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent))
        yield work_folder
        work_folder.chmod(0o777 & ~_umask())
        if out.exists():
            shutil.rmtree(out)
        work_folder.rename(out)
    except OSError as error:
        raise OutputError(f"the index {out} cannot be written: {error.strerror or error}") from error
    finally:
        if work_folder is not None:
            shutil.rmtree(work_folder, ignore_errors=True)


def write_manifest(folder: Path, facts: dict[str, Any]) -> Manifest:
    """Describe all files of the folder, and write the manifest with `facts`; return it."""
    facts = facts | {"files": {path.name: _described(path) for path in sorted(folder.iterdir())}}
    manifest = Manifest(identity=identity_of(facts), engine_version=__version__, **facts)
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def _is_index(folder: Path) -> bool:
    """Whether a folder holds an index and nothing else, so that it can be replaced."""
    with suppress(UnusableIndexError, OSError):
        known = {MANIFEST, *read_manifest(folder).files}
        return all(path.is_file() and path.name in known for path in folder.iterdir())
    return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"size": path.stat().st_size, "sha256": digest}
