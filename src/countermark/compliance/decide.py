"""From answers to a fate: which use decides, and why a record goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from countermark.compliance.judging import Answered  # noqa: TC001  a field's type, which NamedTuple keeps
from countermark.reservations.use import Answer, Use, strictness

if TYPE_CHECKING:
    from countermark.compliance.judging import Answers
    from countermark.compliance.settings import FilterSettings


class Decided(NamedTuple):
    """The use that decides, its answer, and whether the record goes."""

    use: Use
    answered: Answered
    goes: bool


def decide(judged: Answers, settings: FilterSettings) -> Decided:
    """A record goes if any use that is asked for makes it go; told is the strictest such answer, the first of equals.

    Of a record that stays, the strictest answer is told.
    """
    leaving = {Answer.RESERVED}
    if not settings.keep_conditional:
        leaving.add(Answer.CONDITIONAL)
    if not settings.keep_unknown:
        leaving.add(Answer.UNKNOWN)
    going = [item for item in judged.answers.items() if item[1].answer in leaving]
    use, told = max(going or judged.answers.items(), key=lambda item: strictness(item[1].answer))
    return Decided(use, told, bool(going))
