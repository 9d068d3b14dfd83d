"""Matches become findings: the rows that everything else reads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.findings.finding import Finding, Grade
from countermark.media import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from countermark.captures.judging import CaptureJudge
    from countermark.corpus.base import RecordBatch
    from countermark.index import Index
    from countermark.matching.match import Match

EXCERPT = 1200
"""Code points of an excerpt at most; the offsets tell the whole."""

METHOD = {"full": "windows, grown and chained", "sealed": "windows, chained"}


@dataclass(frozen=True, slots=True)
class Context:
    """What a finding says of the search that it comes from.

    `is_control_index` marks every work of the index as a control; otherwise works published after `snapshot_date`
    (YYYY-MM-DD) are controls. `judge` says what was reserved when a record was captured; without one, nothing is said.
    Without `excerpts` a finding holds nothing of what its record says: the excerpt is empty.
    """

    corpus: str
    snapshot_date: str | None
    shard_name: str
    is_control_index: bool = False
    judge: CaptureJudge | None = None
    excerpts: bool = True


def is_control(published: str | None, context: Context) -> bool:
    """Whether a work cannot be in the corpus: supplied as a control, or published after the snapshot."""
    if context.is_control_index:
        return True
    return bool(published and context.snapshot_date and published > context.snapshot_date)


def searched_for(asset: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """The columns that say what was looked for, and in what."""
    return {
        "work_id": asset["work_id"],
        "work_title": asset["work_title"],
        "work_author": asset["work_author"],
        "work_published": asset["work_published"],
        "work_licence": asset["work_licence"],
        "asset_path": asset["asset_path"],
        "asset_digest": asset["asset_digest"],
        "corpus": context.corpus,
        "snapshot_date": context.snapshot_date,
        "shard": context.shard_name,
        "is_control": is_control(asset["work_published"], context),
    }


def findings_of(
    matches: Iterable[Match], batch: RecordBatch, index: Index, context: Context
) -> list[Finding]:
    """Turn the matches of one batch into findings, in the order given."""
    records: dict[int, _Found] = {}
    findings = []
    for match in matches:
        if match.record not in records:
            records = {match.record: _found(batch, match.record, context)}
        findings.append(_finding(match, batch, index, context, records[match.record]))
    return findings


class _Found(NamedTuple):
    """A record with matches: its text, the digest of it, and what was reserved."""

    text: str
    digest: str
    reserved: dict[str, Any]


def _found(batch: RecordBatch, record: int, context: Context) -> _Found:
    text = batch.text[record].as_py()
    reserved: dict[str, Any] = {}
    if context.judge is not None and batch.captured is not None:
        reserved = context.judge.columns(batch.captured[record])
    return _Found(text, hashlib.sha256(text.encode()).hexdigest(), reserved)


def _finding(match: Match, batch: RecordBatch, index: Index, context: Context, found: _Found) -> Finding:
    asset: dict[str, Any] = index.assets()[match.asset]
    record = match.record
    shift = int(batch.char_start[record])
    row = int(batch.row[record])
    start, end = match.record_span
    place = f"{context.shard_name}\0{row}\0{shift + start}\0{shift + end}\0{asset['work_id']}\0{asset['asset_path']}\0"
    place += f"{match.asset_span.start}\0{match.asset_span.end}\0{int(context.is_control_index)}"
    return Finding(
        finding_id=hashlib.sha256(place.encode()).hexdigest()[:20],
        **searched_for(asset, context),
        asset_start=match.asset_span.start,
        asset_end=match.asset_span.end,
        row=row,
        record_id=batch.record_id[record].as_py(),
        record_url=batch.record_url[record].as_py(),
        record_date=batch.record_date[record].as_py(),
        record_digest=found.digest,
        record_start=shift + start,
        record_end=shift + end,
        unit="char",
        grade=Grade.IDENTICAL if match.identical else Grade.COPY,
        method=METHOD[index.manifest.form],
        scheme=index.manifest.scheme,
        matched=match.matched,
        longest_run=match.longest_run,
        edits=match.edits,
        bits=match.bits,
        share_of_work=match.matched / max(1, asset["letters"]),
        commonness=match.commonness,
        asset_excerpt=index.excerpt(match.asset, _shortened(match.asset_span)),
        record_excerpt=found.text[start : min(end, start + EXCERPT)] if context.excerpts else "",
        **found.reserved,
    )


def _shortened(span: Span) -> Span:
    return Span(span.start, min(span.end, span.start + EXCERPT))
