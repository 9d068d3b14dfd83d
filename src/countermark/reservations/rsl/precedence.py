"""Which RSL statements stand: the most specific association, and of equals the most restrictive (RSL 4.9, from notes).

Terms of a page (header, link, script, item of a feed) stand over those of the site (robots.txt). Two documents of one
rank are weighed by their answers, not by their patterns: doubt goes to the side of the reservation. A condition that a
license sets without naming a usage counts beside whatever stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.reservations.rsl.terms import OVERRULED, UNSPOKEN
from countermark.reservations.statement import Remark
from countermark.reservations.use import strictest, strictness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.reservations.statement import Statement


def resolve(statements: Sequence[Statement]) -> tuple[Sequence[Statement], Sequence[Remark]]:
    """The statements about one use that stand, all with one answer; a remark for each stricter one that does not."""
    top = max((statement.rank for statement in statements), default=UNSPOKEN)
    heard = [s for s in statements if s.rank in {top, UNSPOKEN}]
    answer = strictest(s.answer for s in heard)
    return (
        [s for s in heard if s.answer is answer],
        [
            _overruled(s, heard)
            for s in statements
            if s not in heard and strictness(s.answer) > strictness(answer)
        ],
    )


def _overruled(loser: Statement, heard: Sequence[Statement]) -> Remark:
    """What was stricter, and what loosened it."""
    winner = min(heard, key=lambda s: (s.rank == UNSPOKEN, strictness(s.answer), s.place.where, s.line))
    code = "narrow-over-broad" if loser.rank == OVERRULED else "page-over-site"
    facts = (
        ("use", str(loser.use)),
        ("said", str(loser.answer)),
        ("scope", loser.scope or "—"),
        ("by", winner.place.where),
        ("by_line", str(winner.line)),
        ("by_scope", winner.scope or "—"),
    )
    return Remark(f"rsl.{code}", loser.place, loser.line, facts)
