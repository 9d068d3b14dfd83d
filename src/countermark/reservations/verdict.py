"""The verdict: what all that was said about a target comes to, use by use.

Within a protocol its own rule of precedence holds. Between protocols no text says which one stands; the rule here is
ours: the most restrictive answer, with every statement that disagrees told. Silence is `unknown`, never `allowed`; and
where something that may have been a reservation could not be read, an `allowed` becomes `unknown`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from countermark.reservations.protocols import rule_of
from countermark.reservations.use import USES, Answer, Use, strictest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from countermark.reservations.statement import Reading, Remark, Statement
    from countermark.reservations.target import Target


@dataclass(frozen=True, slots=True)
class UseVerdict:
    """The answer for one use: `deciding` have it; `conflicting` said otherwise, and were outweighed or overruled."""

    use: Use
    answer: Answer
    deciding: tuple[Statement, ...] = ()
    conflicting: tuple[Statement, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """Licences and policies that the deciding statements lead to."""
        return tuple(dict.fromkeys(s.terms for s in self.deciding if s.terms))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answers for all uses of one target, as of `date` (None: as the sources were found)."""

    target: Target
    date: str | None
    uses: Mapping[Use, UseVerdict]
    remarks: tuple[Remark, ...] = ()

    def answer(self, use: Use) -> Answer:
        """The answer for one use."""
        return self.uses[use].answer


def judge(target: Target, readings: Iterable[Reading], date: str | None = None) -> Verdict:
    """Weigh everything that was read about a target.

    A statement about images only counts where the target is one. The order of `readings` does not matter.
    """
    statements: list[Statement] = []
    remarks: list[Remark] = []
    for reading in readings:
        statements += [s for s in reading.statements if s.medium in {"", target.medium}]
        remarks += reading.remarks
    doubt = any(remark.doubt for remark in remarks)
    uses = {}
    for use in USES:
        uses[use], told = _weigh(use, [s for s in statements if s.use is use], doubt=doubt)
        remarks += told
    return Verdict(target, date, uses, tuple(dict.fromkeys(remarks)))


def _weigh(use: Use, statements: Sequence[Statement], *, doubt: bool) -> tuple[UseVerdict, Sequence[Remark]]:
    standing: list[Statement] = []
    remarks: list[Remark] = []
    for protocol in sorted({statement.protocol for statement in statements}):
        stand, told = rule_of(protocol)([s for s in statements if s.protocol == protocol])
        standing += stand
        remarks += told
    answer = strictest(statement.answer for statement in standing)
    deciding = tuple(s for s in standing if s.answer is answer and answer is not Answer.UNKNOWN)
    others = tuple(s for s in statements if s.answer not in {answer, Answer.UNKNOWN})
    if answer is Answer.ALLOWED and doubt:
        return UseVerdict(use, Answer.UNKNOWN, (), (*deciding, *others)), remarks
    return UseVerdict(use, answer, deciding, others), remarks
