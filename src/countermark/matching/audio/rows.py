"""Matches of recordings become findings: the rows that everything else reads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from countermark.findings.finding import Finding
from countermark.matching.rows import searched_for

if TYPE_CHECKING:
    from countermark.corpus.audio.batch import AudioBatch
    from countermark.matching.audio.match import AudioMatch
    from countermark.matching.rows import Context

METHOD = "peaks, verified by codes along the alignment"
METHOD_FILE = "the same file, byte for byte"
METHOD_COMPOSITION = "melody and harmony, against impostors"
SAID = 400
"""Characters that a finding carries of what stands beside a record."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One match, with the track that it was heard in and the facts of the work's file.

    `digest` is the SHA-256 of the record's file, `seconds` the length of the track as it was decoded.
    """

    match: AudioMatch
    track: int
    seconds: float
    digest: str
    asset: dict[str, Any]
    scheme: str
    method: str = METHOD
    commonness: int = 1


def finding_of(heard: Heard, batch: AudioBatch, record: int, context: Context) -> Finding:
    """The finding of one match in the record number `record` of a batch."""
    match, asset = heard.match, heard.asset
    parts = [tuple(round(1000 * second) for second in part) for part in match.parts]
    matched = min(sum(part[3] - part[2] for part in parts), asset["duration"])
    reserved: dict[str, Any] = {}
    if context.judge is not None and batch.captured is not None:
        reserved = context.judge.columns(batch.captured[record])
    duration = max(round(1000 * heard.seconds), parts[-1][1])
    is_hint = heard.method == METHOD_COMPOSITION  # peaks and codes were not compared
    return Finding(
        finding_id=_name(heard, parts, batch, record, context),
        **searched_for(asset, context),
        asset_start=min(part[2] for part in parts),
        asset_end=max(part[3] for part in parts),
        row=int(batch.row[record]),
        record_id=batch.record_id[record],
        record_url=batch.record_url[record],
        record_date=batch.record_date[record],
        record_digest=heard.digest,
        record_start=parts[0][0],
        record_end=parts[-1][1],
        unit="millisecond",
        grade=match.grade,
        method=heard.method,
        scheme=heard.scheme,
        matched=matched,
        longest_run=max(part[3] - part[2] for part in parts),
        edits=0,
        bits=round(match.score, 3),
        share_of_work=round(matched / max(1, asset["duration"]), 4),
        commonness=heard.commonness,
        asset_excerpt=None,
        record_excerpt=(batch.captions[record] or "")[:SAID] if context.excerpts else "",
        inliers=None if is_hint else match.inliers,
        agreement=None if is_hint else round(match.agreement, 4),
        share_of_record=round(sum(part[1] - part[0] for part in parts) / max(1, duration), 4),
        pitch_shift=round(match.shift, 2) + 0.0,  # never -0.0
        tempo=round(match.tempo, 4),
        record_track=heard.track,
        record_duration=duration,
        asset_duration=asset["duration"],
        matched_parts=tuple(value for part in parts for value in part),
        chance=float(f"{match.chance:.2e}"),
        **reserved,
    )


def _name(
    heard: Heard, parts: list[tuple[int, ...]], batch: AudioBatch, record: int, context: Context
) -> str:
    """The name of a finding: the same work at the same place of the same file has the same one in every run.

    Of a folder the name of the file says which record; its place in the listing changes with the folder.
    """
    shard, _, _ = context.shard_name.partition("#")
    where = batch.record_id[record] if shard.endswith("/") else int(batch.row[record])
    asset = heard.asset
    place = (
        "recording", shard, where, heard.digest, heard.track, parts[0][0], parts[0][2], asset["work_id"],
        asset["asset_path"], asset["asset_digest"], heard.method == METHOD_COMPOSITION, int(context.is_control_index),
    )  # fmt: skip
    return hashlib.sha256("\0".join(map(str, place)).encode()).hexdigest()[:20]
