"""Matches become findings: the rows that everything else reads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.findings.finding import Finding, Grade
from countermark.matching import withholding
from countermark.media import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from countermark.captures.judging import CaptureJudge
    from countermark.corpus.base import RecordBatch
    from countermark.index import Index
    from countermark.matching.match import Match

EXCERPT = 1200
"""Code points of an excerpt at most; the offsets tell the whole."""

PLACE = ("row", "record_start", "record_end", "work_id", "asset_path", "asset_start", "asset_end")
"""The columns that `finding_id` is made of, in their order."""

METHOD = {"full": "windows, grown and chained", "sealed": "windows, chained"}


@dataclass(frozen=True, slots=True)
class Context:
    """What a finding says of the search that it comes from.

    `is_control_index` marks every work of the index as a control; otherwise works published after `snapshot_date`
    (YYYY-MM-DD) are controls. `judge` says what was reserved when a record was captured; without one, nothing is said.
    Without `excerpts` a finding holds nothing of what its record says: the excerpt is empty, and of an identifier or an
    address that is no such thing the digest stands there (`matching.withholding`).
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


def finding_id(shard: str, place: Sequence[Any], *, is_control_index: bool) -> str:
    """The number of a finding among texts: a digest over its shard, the columns `PLACE`, and which index it is of."""
    told = "\0".join((shard, *(str(part) for part in place), str(int(is_control_index))))
    return hashlib.sha256(told.encode()).hexdigest()[:20]


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
    place = (row, shift + start, shift + end, asset["work_id"], asset["asset_path"], *match.asset_span)
    return Finding(
        finding_id=finding_id(context.shard_name, place, is_control_index=context.is_control_index),
        **searched_for(asset, context),
        asset_start=match.asset_span.start,
        asset_end=match.asset_span.end,
        row=row,
        **_named(batch, record, context),
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
        **_among_tokens(batch, record, match.record_span),
    )


def _among_tokens(batch: RecordBatch, record: int, span: Span) -> dict[str, Any]:
    """The token ids that hold a passage; nothing where the record is no such."""
    if batch.tokens is None:
        return {}
    sequence, start, end, fragment = batch.tokens.span(record, *span)
    return {
        "record_sequence": sequence,
        "record_token_start": start,
        "record_token_end": end,
        "record_fragment": fragment,
    }


def _named(batch: RecordBatch, record: int, context: Context) -> dict[str, Any]:
    """What the corpus calls the record: as it stands, or what of it is no text."""
    name: str | None = batch.record_id[record].as_py()
    url: str | None = batch.record_url[record].as_py()
    day: str | None = batch.record_date[record].as_py()
    if not context.excerpts:
        name, url, day = withholding.identifier(name), withholding.address(url), withholding.date(day)
    return {"record_id": name, "record_url": url, "record_date": day}


def _shortened(span: Span) -> Span:
    return Span(span.start, min(span.end, span.start + EXCERPT))
