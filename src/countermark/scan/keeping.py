"""Files that a run keeps under their digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.atomic import make_folder, write_bytes

if TYPE_CHECKING:
    from pathlib import Path


def keep(folder: Path, digest: str, data: bytes) -> None:
    """Write a file under its digest, unless it is there or empty; two workers write the same bytes."""
    path = folder / digest[:2] / digest
    if data and not path.exists():
        make_folder(path.parent)
        write_bytes(path, data)
