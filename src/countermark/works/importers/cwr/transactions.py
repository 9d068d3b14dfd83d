"""The transactions of a CWR file: the lines of one work, together; and the counts that its trailers promise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.works.entry import Source
from countermark.works.importers.base import refused
from countermark.works.importers.cwr.lines import BadLine, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.media import Refusal

MOST_LINES: Final = 20_000
"""Lines of one transaction that are kept; a work with more is refused."""

WORKS: Final = frozenset({"NWR", "REV", "ISW", "EXC"})
_HEADS: Final = WORKS | {"AGR", "ACK"}


@dataclass(slots=True)
class Transaction:
    """The lines of one transaction, the first of which says what it is; `harm` is why it is not whole."""

    lines: list[Line]
    harm: BadLine | None = None


@dataclass(slots=True)
class Transactions:
    """Groups lines, and counts what passes. `file` is what messages call the file."""

    file: str
    _open: Transaction | None = None
    _in_acknowledgements: bool = False
    _counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("groups", "works", "lines"), 0))
    _before_group: tuple[int, int] = (0, 0)
    _ended: bool = False

    def of(self, lines: Iterable[Line | BadLine]) -> Iterator[Transaction | Refusal]:
        """The transactions and what is wrong between them. The header is expected to have been read."""
        self._counts["lines"] = 1
        last = 1
        for line in lines:
            last = line.number
            self._counts["lines"] += 1
            if isinstance(line, BadLine):
                yield from self._bad(line)
            else:
                yield from self._good(line)
        if not self._ended:
            yield from self._cut(last)

    def _good(self, line: Line) -> Iterator[Transaction | Refusal]:
        kind = line.kind
        if self._ended:
            yield self._refused(line.number, "after-end", f"a {kind} record stands after the trailer")
        elif kind in _HEADS and not self._continues_acknowledgement(line):
            yield from self._close()
            self._counts["works"] += 1
            self._open = Transaction([line])
        elif kind in {"GRH", "GRT", "TRL"}:
            yield from self._close()
            yield from self._frame(line)
        elif self._open is None:
            yield self._refused(line.number, "no-work", f"the {kind!r} record belongs to no work")
        elif len(self._open.lines) >= MOST_LINES:
            self._open.harm = BadLine(
                line.number, "too-large", f"the work has more than {MOST_LINES:,} lines"
            )
        else:
            self._open.lines.append(line)

    def _continues_acknowledgement(self, line: Line) -> bool:
        return self._in_acknowledgements and line.kind in WORKS and self._open is not None

    def _frame(self, line: Line) -> Iterator[Refusal]:
        counts = self._counts
        if line.kind == "GRH":
            counts["groups"] += 1
            self._in_acknowledgements = line.field(3, 3) == "ACK"
            self._before_group = counts["works"], counts["lines"] - 1
        elif line.kind == "GRT":
            works, lines = self._before_group
            yield from self._compare(line, "transactions", (8, 8), counts["works"] - works)
            yield from self._compare(line, "records", (16, 8), counts["lines"] - lines)
        else:
            self._ended = True
            yield from self._compare(line, "groups", (3, 5), counts["groups"])
            yield from self._compare(line, "transactions", (8, 8), counts["works"])
            yield from self._compare(line, "records", (16, 8), counts["lines"])

    def _compare(self, line: Line, what: str, place: tuple[int, int], counted: int) -> Iterator[Refusal]:
        said = line.field(*place)
        if not said.isascii() or not said.isdigit() or int(said) != counted:
            where = "the group" if line.kind == "GRT" else "the file"
            yield self._refused(
                line.number,
                "count",
                f"the trailer says {said or 'nothing'}, and {where} holds {counted:,} {what}",
            )

    def _bad(self, line: BadLine) -> Iterator[Refusal]:
        """A line that cannot be read harms the work that it stands in, whichever record it was."""
        if self._open is None:
            yield self._refused(line.number, line.reason, line.detail)
        elif self._open.harm is None:
            self._open.harm = line

    def _close(self) -> Iterator[Transaction]:
        if self._open is not None:
            yield self._open
            self._open = None

    def _cut(self, last: int) -> Iterator[Transaction | Refusal]:
        if self._open is not None:
            detail = "the file ends before it is certain that this work is whole"
            self._open.harm = self._open.harm or BadLine(last, "truncated", detail)
            yield from self._close()
        yield self._refused(last, "truncated", "the file ends without its trailer (TRL)")

    def _refused(self, number: int, reason: str, detail: str) -> Refusal:
        return refused(Source(self.file, number), "", reason, detail)
