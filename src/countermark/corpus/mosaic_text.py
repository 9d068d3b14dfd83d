"""Texts in MosaicML streaming's shards (MDS): a column of `str`, or of `bytes` where it is named as one of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.corpus.batching import BatchBuilder
from countermark.corpus.columns import choose
from countermark.corpus.mosaic import open_mosaic
from countermark.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import RecordBatch, Shard
    from countermark.corpus.mosaic_index import MosaicColumn


class MosaicTextReader:
    """Reads the texts of `.mds` files. See CorpusReader."""

    format = "mds-text"

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the texts of the samples `[begin, end)`; the row is the number of the sample in the file."""
        named = dict(shard.options).get("text_column")
        with open_mosaic(shard.path, shard.name, verify=shard.begin == 0) as file:
            chosen = text_columns(file.columns, named)
            if chosen[0] is None:
                there = ", ".join(f"{column.name} ({column.encoding})" for column in file.columns[:60])
                problem = f"no text column “{named}”" if named else "no text column known by its name"
                raise CorpusError(
                    f"{shard.name}: {problem}; the columns are: {there}. Name one that holds text with --text-column."
                )
            out = BatchBuilder(shard.name)
            for doubt in file.doubts:
                out.refuse(doubt.row, doubt.reason, doubt.detail)
            consumed = 0
            for sample in file.samples(shard.begin, shard.end):
                consumed = sample.consumed
                if sample.refused is not None:
                    out.refuse(sample.number, sample.refused.reason, sample.refused.detail)
                else:
                    _add(out, sample.number, [_string(sample.columns, place) for place in chosen])
                if out.full:
                    yield out.flush(consumed)
            yield out.flush(consumed)


def text_columns(columns: tuple[MosaicColumn, ...], named: str | None) -> tuple[int | None, ...]:
    """The places of the columns for text, id, address and date; None where there is none."""
    places: dict[tuple[str, ...], int] = {(column.name,): place for place, column in enumerate(columns)}
    textual = [path for path, place in places.items() if columns[place].encoding in ("str", "bytes")]
    chosen = choose(textual, textual, named)
    strings = {path for path in textual if columns[places[path]].encoding == "str"}
    others = [path if path in strings else None for path in (chosen.record_id, chosen.url, chosen.date)]
    return tuple(None if path is None else places[path] for path in (chosen.text, *others))


def _string(columns: list[memoryview], place: int | None) -> bytes | None:
    return None if place is None else bytes(columns[place])


def _add(out: BatchBuilder, row: int, values: list[bytes | None]) -> None:
    text, *others = values
    if not text:
        out.refuse(row, "empty", "the text is empty")
        return
    said = [None if other is None else other.decode("utf-8", "replace") for other in others]
    out.add(text, row, said[0], said[1], said[2])
