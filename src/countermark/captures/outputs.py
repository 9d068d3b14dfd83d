"""Verdicts at capture as a file: Parquet or JSON Lines, whole or not at all; and their counts."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from countermark.atomic import replacing
from countermark.captures.at_capture import ANSWERS, COLUMNS, schema
from countermark.errors import InputError
from countermark.reservations.use import USES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from countermark.captures.at_capture import CaptureBatch, Made
    from countermark.media import Refusal

SUFFIXES = (".parquet", ".jsonl")
AGENT = "agent"
"""The column that lines of JSON have in addition: a file of lines has no metadata."""
EXAMPLES = 3
_FIRST = COLUMNS.index(ANSWERS[0])
_REMARKS = COLUMNS.index("reservation_remarks")


class Sink(Protocol):
    """Takes batches of verdicts."""

    def add(self, batch: CaptureBatch) -> None:
        """Write the rows of a batch."""


@dataclass(slots=True)
class Counts:
    """How many records have which answer for each use, what is to be known beside it, and what was refused."""

    records: int = 0
    answers: dict[str, Counter[str]] = field(default_factory=lambda: {str(use): Counter() for use in USES})
    remarks: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Refusal]] = field(default_factory=dict)

    def add(self, batch: CaptureBatch) -> None:
        """Count a batch."""
        self.records += len(batch.rows)
        for row in batch.rows:
            for at, use in enumerate(USES, _FIRST):
                self.answers[str(use)][row[at]] += 1
            self.remarks.update(row[_REMARKS])
        self.refuse(batch.refused)

    def refuse(self, refused: Iterable[Refusal]) -> None:
        """Count what has no verdict, with a few examples of each reason."""
        for refusal in refused:
            self.refused[refusal.reason] += 1
            kept = self.examples.setdefault(refusal.reason, [])
            if len(kept) < EXAMPLES:
                kept.append(refusal)

    def facts(self) -> dict[str, Any]:
        """The counts as plain values."""
        return {
            "records": self.records,
            "answers": {use: dict(sorted(counts.items())) for use, counts in self.answers.items()},
            "remarks": dict(sorted(self.remarks.items())),
            "refused": {
                reason: {"count": count, "examples": [one._asdict() for one in self.examples[reason]]}
                for reason, count in sorted(self.refused.items())
            },
        }


def check_output(path: Path) -> None:
    """Raise InputError where the name of a file does not say its format."""
    if path.suffix not in SUFFIXES:
        raise InputError(f"--out {path}: the name must end in .parquet or .jsonl")


@contextmanager
def open_output(path: Path | None, made: Made) -> Iterator[Sink]:
    """Open a file for verdicts, which says for whom it was made; with None, nothing is written. Raises OutputError."""
    if path is None:
        yield _Nothing()
        return
    with replacing(path) as file:
        if path.suffix == ".jsonl":
            yield _Lines(file, made)
            return
        parquet = _Parquet(file, made)
        yield parquet
        parquet.close()


class _Nothing:
    def add(self, batch: CaptureBatch) -> None:
        """Counted elsewhere."""


class _Lines:
    def __init__(self, file: BinaryIO, made: Made) -> None:
        self._file = file
        self._agent = made.agent

    def add(self, batch: CaptureBatch) -> None:
        import orjson  # noqa: PLC0415

        self._file.writelines(
            orjson.dumps(
                {**dict(zip(COLUMNS, row, strict=True)), AGENT: self._agent}, option=orjson.OPT_APPEND_NEWLINE
            )
            for row in batch.rows
        )


class _Parquet:
    def __init__(self, file: BinaryIO, made: Made) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415

        self._writer: Any = pq.ParquetWriter(file, schema(made), compression="zstd", compression_level=3)

    def add(self, batch: CaptureBatch) -> None:
        if batch.rows:
            self._writer.write_batch(batch.table())

    def close(self) -> None:
        self._writer.close()
