"""Runs the real index and the real matching over planted passages, and counts."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from countermark.corpus.base import RecordBatch
from countermark.index import open_index
from countermark.index.build import build_index
from countermark.matching.matcher import Matcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from countermark.matching.match import Match
    from countermark.media import Span
    from countermark.selftest.planting import Field, Plant
    from countermark.works.work import WorkFile

AT_ONCE = 200


class Share(NamedTuple):
    """`found` out of `of`."""

    found: int
    of: int


class Alarm(NamedTuple):
    """A match where nothing was planted: the work that was named, and the beginning of the text there."""

    work_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """What was found of what was planted, and what was found where nothing was."""

    plants: list[Plant]
    found: list[bool]
    planted_chars: int
    covered_chars: int
    alarms: list[Alarm]
    records_with_alarm: int
    records: int
    code_points: int

    def recall(self, chosen: Callable[[Plant], bool] = lambda _: True) -> Share:
        """Count the found plants among the chosen ones."""
        hits = [hit for planted, hit in zip(self.plants, self.found, strict=True) if chosen(planted)]
        return Share(sum(hits), len(hits))


def run(files: Sequence[WorkFile], field: Field, progress: Callable[[int], None] = lambda _: None) -> Result:
    """Index the files in a temporary folder, match every record of the field, and count.

    A plant is found when a match names its work and touches it; a match that touches no plant at all is a false
    alarm (unless the host text itself holds a passage of the work: the alarms are listed so that one can look).
    """
    with tempfile.TemporaryDirectory(prefix="countermark-selftest-") as folder:
        build_index(iter(files), Path(folder) / "works.index")
        index = open_index(Path(folder) / "works.index")
        work_of = [str(work) for work in index.assets_table()["work_id"].to_pylist()]
        spans: dict[int, list[tuple[str, Span]]] = defaultdict(list)
        matcher = Matcher(index)
        for first in range(0, len(field.records), AT_ONCE):
            batch = _batch(field.records[first : first + AT_ONCE], first)
            for match in matcher.match(batch):
                spans[first + match.record].append(_named(match, work_of))
            progress(min(first + AT_ONCE, len(field.records)))
    return _count(field, spans)


def _named(match: Match, work_of: Sequence[str]) -> tuple[str, Span]:
    return work_of[match.asset], match.record_span


def _batch(texts: Sequence[str], first: int) -> RecordBatch:
    nothing = pa.nulls(len(texts), pa.string())
    return RecordBatch(
        text=pa.array(texts, pa.large_string()),
        row=np.arange(first, first + len(texts), dtype=np.int64),
        record_id=nothing,
        record_url=nothing,
        record_date=nothing,
        char_start=np.zeros(len(texts), np.int64),
    )


def _count(field: Field, spans: dict[int, list[tuple[str, Span]]]) -> Result:
    by_record = {planted.record: planted for planted in field.plants}
    found, covered = [], 0
    for planted in field.plants:
        own = [span for work, span in spans.get(planted.record, []) if work == planted.work_id]
        inside = _overlap(planted.span, own)
        found.append(inside > 0)
        covered += inside
    alarms = list(_alarms(field, spans, by_record))
    return Result(
        plants=field.plants,
        found=found,
        planted_chars=sum(planted.span.end - planted.span.start for planted in field.plants),
        covered_chars=covered,
        alarms=[alarm for _, alarm in alarms],
        records_with_alarm=len({record for record, _ in alarms}),
        records=len(field.records),
        code_points=sum(map(len, field.records)),
    )


def _alarms(
    field: Field, spans: dict[int, list[tuple[str, Span]]], by_record: dict[int, Plant]
) -> Iterator[tuple[int, Alarm]]:
    for record in sorted(spans):
        planted = by_record.get(record)
        for work, span in sorted(spans[record]):
            if planted is None or not _overlap(planted.span, [span]):
                yield record, Alarm(work, " ".join(field.records[record][span.start : span.end].split()))


def _overlap(whole: Span, spans: Iterable[Span]) -> int:
    """Count the code points of `whole` that the spans cover, each once."""
    covered, reached = 0, whole.start
    for start, end in sorted(spans):
        begin, stop = max(start, reached), min(end, whole.end)
        if stop > begin:
            covered += stop - begin
            reached = stop
    return covered
