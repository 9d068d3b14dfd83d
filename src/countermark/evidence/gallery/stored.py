"""The two stores of encoded pictures in a run folder, read with care: either may be missing, and all is hostile."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from countermark.errors import PictureError
from countermark.evidence.exhibits.catalog import catalog_rows
from countermark.evidence.gallery.unseen import is_sketch
from countermark.images.decode import read_colour

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.evidence.gallery.placement import Size

LARGEST = 256 * 1024 * 1024
"""Bytes of an encoded picture that are read at most."""

Prints = Mapping[str, frozenset[str]]
"""The digests that the print of a work's file may have, by the digest of that file."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture from a store, or why there is none: `missing`, `changed`, `unreadable`, or `sketch` for none kept.

    `proved` is false where the run does not record what the file's digest must be.
    """

    picture: Image.Image | None
    absent: str = ""
    proved: bool = True


def open_record(run: Path, finding: Mapping[str, Any], longest: int) -> Opened:
    """The found picture, as it stood in the data set, its longer side at most `longest`; its digest is checked."""
    digest, frame = finding["record_digest"], finding.get("record_frame") or 0
    if is_sketch(finding):
        return Opened(None, "sketch")
    data = _read(run / "pictures", digest)
    if data is None:
        return Opened(None, "missing")
    if hashlib.sha256(data).hexdigest() != digest:
        return Opened(None, "changed")
    return _decoded(data, longest, frame)


def open_work(run: Path, finding: Mapping[str, Any], longest: int, prints: Prints) -> Opened:
    """The picture of the work that the run keeps for print; its digest is checked where the catalogue has it.

    The file is named by the digest of the work's own file, of which it is a smaller copy: the name proves nothing.
    """
    digest = finding["asset_digest"]
    data = _read(run / "works", digest)
    if data is None:
        return Opened(None, "missing")
    known = prints.get(digest)
    if known and hashlib.sha256(data).hexdigest() not in known:
        return Opened(None, "changed")
    return replace(_decoded(data, longest, 0), proved=bool(known))


def work_prints(run: Path) -> Prints:
    """Of each picture of the catalogue, by its digest, those that its print may have; empty where it does not say."""
    prints: dict[str, frozenset[str]] = {}
    for row in catalog_rows(run, ("asset_digest", "print_digest")):
        if row["print_digest"]:
            prints[row["asset_digest"]] = prints.get(row["asset_digest"], frozenset()) | {row["print_digest"]}
    return prints


def work_sizes(run: Path) -> dict[str, Size]:
    """Of each picture of the catalogue, by its digest, width and height in pixels; empty where it does not say."""
    rows = catalog_rows(run, ("asset_digest", "width", "height"))
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
