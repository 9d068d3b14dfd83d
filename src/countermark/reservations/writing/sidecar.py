"""XMP sidecars: `NAME.EXT.xmp` beside a file that cannot hold metadata, or must not be changed.

The whole name comes first (as darktable and digiKam have it), so that `a.tif` and `a.wav` do not share one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.reservations.writing.embed_xmp import with_properties

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.reservations.writing.embed_xmp import Property


def sidecar_path(path: Path) -> Path:
    """Where the sidecar of a file stands."""
    return path.with_name(f"{path.name}.xmp")


def sidecar(source: Path, properties: Sequence[Property]) -> bytes:
    """A sidecar for `source`: the one that stands beside it with these properties, or a new one."""
    there = sidecar_path(source)
    return with_properties(there.read_bytes() if there.is_file() else b"", properties)
