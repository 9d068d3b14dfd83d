"""Matches of pictures become findings: the rows that everything else reads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from countermark.findings.finding import Finding
from countermark.matching.rows import searched_for

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.corpus.images.batch import ImageBatch
    from countermark.images.frame import Frame
    from countermark.matching.image.match import ImageMatch
    from countermark.matching.rows import Context

METHOD = "features and hashes, confirmed by geometry and pixels"
METHOD_FILE = "the same file, byte for byte"
CAPTION = 400
"""Characters of a caption that a finding carries."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One match, with the frame that it was seen in and the facts of the work's file."""

    match: ImageMatch
    frame: Frame
    asset: dict[str, Any]
    scheme: str
    method: str = METHOD


def finding_of(seen: Seen, batch: ImageBatch, record: int, context: Context) -> Finding:
    """The finding of one match in the record number `record` of a batch."""
    match, asset, row = seen.match, seen.asset, int(batch.row[record])
    box, outline = places(seen)
    digest = hashlib.sha256(batch.data[record]).hexdigest()
    reserved: dict[str, Any] = {}
    if context.judge is not None and batch.captured is not None:
        reserved = context.judge.columns(batch.captured[record])
    return Finding(
        finding_id=_name(batch, record, asset, digest, context),
        **searched_for(asset, context),
        asset_start=0,
        asset_end=0,
        row=row,
        record_id=batch.record_id[record],
        record_url=batch.record_url[record],
        record_date=batch.record_date[record],
        record_digest=digest,
        record_start=0,
        record_end=0,
        unit="pixel",
        grade=match.grade,
        method=seen.method,
        scheme=seen.scheme,
        matched=round(match.share_of_work * asset["width"] * asset["height"]),
        longest_run=match.inliers,
        edits=0,
        bits=round(match.score, 3),
        share_of_work=round(match.share_of_work, 4),
        commonness=1,
        asset_excerpt=None,
        record_excerpt=(batch.captions[record] or "")[:CAPTION] if context.excerpts else "",
        asset_box=box,
        record_box=_around(outline),
        record_outline=outline,
        record_width=seen.frame.width,
        record_height=seen.frame.height,
        record_frame=seen.frame.number,
        mirrored=match.mirrored,
        rotation=round(match.rotation, 1) + 0.0,  # never -0.0
        inliers=match.inliers,
        agreement=round(match.agreement, 4),
        share_of_record=round(match.share_of_record, 4),
        hash_distance=match.distance,
        **reserved,
    )


def _name(batch: ImageBatch, record: int, asset: dict[str, Any], digest: str, context: Context) -> str:
    """The name of a finding: the same work in the same record of the same file has the same one in every run.

    Of a folder the name of the picture's file says which record; its place in the listing changes with the folder.
    """
    shard, _, _ = context.shard_name.partition("#")
    where = batch.record_id[record] if shard.endswith("/") else int(batch.row[record])
    place = (
        "picture", shard, where, digest, asset["work_id"], asset["asset_path"], asset["asset_digest"],
        int(context.is_control_index),
    )  # fmt: skip
    return hashlib.sha256("\0".join(map(str, place)).encode()).hexdigest()[:20]


def places(seen: Seen) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The box in pixels of the work, and the outline in pixels of the record; neither leaves its picture.

    A corner that is reckoned to lie a few pixels outside is moved to the edge.
    """
    asset, frame = seen.asset, seen.frame
    box = seen.match.box.reshape(2, 2)
    return _pixels(box, asset["width"], asset["height"]), _pixels(
        seen.match.outline, frame.width, frame.height
    )


def _pixels(points: npt.NDArray[np.float64], width: int, height: int) -> tuple[int, ...]:
    """Points float64[n, 2] of the unit square in pixels: x and y of each."""
    sides = np.array([width, height], dtype=np.float64)
    return tuple(int(value) for value in np.rint(np.clip(points, 0, 1) * sides).ravel())


def _around(outline: tuple[int, ...]) -> tuple[int, ...]:
    across, down = outline[::2], outline[1::2]
    return min(across), min(down), max(across), max(down)
