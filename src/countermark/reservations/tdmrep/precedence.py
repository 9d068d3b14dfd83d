"""The order of TDMRep's steps, and what a later one did to an earlier one.

"Processing priority": the file at the site, then the header, then the metas of a page, then the metadata of an EPUB or
PDF; "the values of tdm-reservation and tdm-policy found here supersede previous values", each by itself, and "the
absence of tdm-reservation and tdm-policy MUST not reset current values". A later step may so loosen a reservation; it
stands, because the protocol says so, and it is told.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from countermark.reservations.statement import Remark
from countermark.reservations.use import Answer, strictest, strictness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.reservations.statement import Statement


def resolve(statements: Sequence[Statement]) -> tuple[Sequence[Statement], Sequence[Remark]]:
    """The statements of the last step that says anything about one use, with the policy that is in force.

    Within a step the most restrictive stands. A statement that an earlier or later step's policy belongs to comes back
    as `conditional` with that policy.
    """
    remarks: list[Remark] = []
    standing: list[Statement] = []
    policy: Statement | None = None
    for _, step in groupby(sorted(statements, key=_order), key=lambda s: s.rank):
        said = list(step)
        stand = _strictest(said, remarks)
        if stand and standing:
            remarks += _told(standing[0], stand[0])
        standing = stand or standing
        alone = [s for s in said if s.answer is Answer.UNKNOWN]
        policy = next((s for s in [*stand, *alone] if s.terms), policy)
    if policy and standing and standing[0].answer in {Answer.RESERVED, Answer.CONDITIONAL}:
        carried = [s for s in standing if not s.terms or s.rank < policy.rank]
        if carried:
            remarks.append(_remark("policy-kept", carried[0], policy, terms=policy.terms))
            standing = [replace(s, answer=Answer.CONDITIONAL, terms=policy.terms) for s in carried]
    return standing, remarks


def _order(statement: Statement) -> tuple[int, int, str, str, int, bytes]:
    place = statement.place
    return (
        statement.rank,
        -strictness(statement.answer),
        place.where,
        place.date or "",
        statement.line,
        statement.raw,
    )


def _strictest(step: Sequence[Statement], remarks: list[Remark]) -> list[Statement]:
    """The most restrictive statements of one step; [] if all it has is a policy."""
    answer = strictest(s.answer for s in step)
    if answer is Answer.UNKNOWN:
        return []
    stand = [s for s in step if s.answer is answer]
    others = [s for s in step if s.answer not in {answer, Answer.UNKNOWN}]
    if others:
        remarks.append(_remark("same-step", stand[0], others[0]))
    return stand


def _told(earlier: Statement, later: Statement) -> list[Remark]:
    """What is to be told where a later step says something else."""
    was, became = strictness(earlier.answer), strictness(later.answer)
    if was == became or (earlier.answer, later.answer) == (Answer.CONDITIONAL, Answer.RESERVED):
        return []  # the same; or the same with an earlier policy, which stays in force
    return [_remark("loosened" if became < was else "tightened", later, earlier)]


def _remark(code: str, later: Statement, earlier: Statement, **more: str) -> Remark:
    facts = {
        "later": later.place.where,
        "later_technique": later.technique,
        "later_says": _value(later),
        "earlier": earlier.place.where,
        "earlier_technique": earlier.technique,
        "earlier_says": _value(earlier),
        **more,
    }
    return Remark(f"tdmrep.{code}", later.place, later.line, tuple((k, v[:200]) for k, v in facts.items()))


def _value(statement: Statement) -> str:
    """The values that a statement was made from: `0`, `1`, `1 https://example.org/policy.json`."""
    value = {Answer.ALLOWED: "0", Answer.UNKNOWN: ""}.get(statement.answer, "1")
    return f"{value} {statement.terms}".strip()
