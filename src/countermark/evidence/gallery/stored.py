"""The two stores of encoded pictures in a run folder, read with care: either may be missing, and all is hostile."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from countermark.errors import PictureError
from countermark.images.decode import read_colour

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from countermark.evidence.gallery.placement import Size

LARGEST = 256 * 1024 * 1024
"""Bytes of an encoded picture that are read at most."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture from a store, or why there is none: `missing`, `changed` or `unreadable`."""

    picture: Image.Image | None
    absent: str = ""


def open_record(run: Path, finding: Mapping[str, Any], longest: int) -> Opened:
    """The found picture, as it stood in the data set, its longer side at most `longest`; its digest is checked."""
    digest, frame = finding["record_digest"], finding.get("record_frame") or 0
    data = _read(run / "pictures", digest)
    if data is None:
        return Opened(None, "missing")
    if hashlib.sha256(data).hexdigest() != digest:
        return Opened(None, "changed")
    return _decoded(data, longest, frame)


def open_work(run: Path, finding: Mapping[str, Any], longest: int) -> Opened:
    """The picture of the work that the run keeps for print."""
    data = _read(run / "works", finding["asset_digest"])
    return Opened(None, "missing") if data is None else _decoded(data, longest, 0)


def work_sizes(run: Path) -> dict[str, Size]:
    """Of each picture of the catalogue, by its digest, width and height in pixels; empty where it does not say."""
    try:
        file = pq.ParquetFile(run / "catalog.parquet")
        if not {"width", "height"} <= set(file.schema_arrow.names):
            return {}
        rows = file.read(columns=["asset_digest", "width", "height"]).to_pylist()
    except (OSError, pa.ArrowException):
        return {}
    return {
        row["asset_digest"]: (row["width"], row["height"]) for row in rows if row["width"] and row["height"]
    }


def _read(store: Path, digest: str) -> bytes | None:
    """The bytes of a file of a store. A digest that is none names no file."""
    if not _DIGEST.fullmatch(digest):
        return None
    path = store / digest[:2] / digest
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _decoded(data: bytes, longest: int, frame: int) -> Opened:
    try:
        pixels = read_colour(data, longest=longest, frame=frame)
    except PictureError:
        return Opened(None, "unreadable")
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    if max(picture.size) > longest:
        picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return Opened(picture)
