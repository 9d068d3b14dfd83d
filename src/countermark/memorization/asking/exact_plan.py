"""What a plan fixes of the exact tests: which traps, how many questions, which claims. No secret is in it.

The member `exact`: `key` (digest), `generator`, `traps` (as `trap apply` wrote them), `versions`, `outputs` (answers to
each text before a trap), `positions` (words of each that a trap may begin at), `suffix` ([work, channel, space, bound]
of each trap that is looked for), `choice` ([work, channel, number, versions] of each question), `claims` ([test,
channel, work or null, versions or null], decided together by Holm), `answers`, and `left_out` ([test, work, channel,
reason]).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.errors import InputError, PlanError
from countermark.memorization.asking.choice import MOST_VERSIONS, Question, questions_of
from countermark.memorization.asking.suffix import VARIANTS, emission_of
from countermark.memorization.study.plan import Plan
from countermark.memorization.traps.burnt import Ledger
from countermark.memorization.traps.key import GENERATOR
from countermark.memorization.traps.ranking import queries_of
from countermark.memorization.traps.testing import contests_of, log_secret, traps_in
from countermark.scan.runlog import read_events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.memorization.asking.rules import Rules
    from countermark.memorization.asking.suffix import Emission
    from countermark.memorization.traps.candidates import Trap
    from countermark.memorization.traps.key import TrapKey

SUFFIX: Final = "suffix"
CHOICE: Final = "choice"
TESTS: Final = (SUFFIX, CHOICE)
SHOWN: Final = "shown-before"
NO_TEXT: Final = "no-random-text"


@dataclass(frozen=True)
class Chosen:
    """Which of the exact tests are made, and with how many versions at most."""

    tests: tuple[str, ...] = TESTS
    versions: int = MOST_VERSIONS

    def __post_init__(self) -> None:
        """Raise InputError for what is none of the choices."""
        if not self.tests or set(self.tests) - set(TESTS):
            raise InputError(f"exact tests are {', '.join(self.tests)}; accepted: {', '.join(TESTS)}")
        if type(self.versions) is not int or not 2 <= self.versions <= MOST_VERSIONS:
            raise InputError(f"versions are {self.versions}; accepted: 2 to {MOST_VERSIONS}")


class Exact(NamedTuple):
    """The exact tests made again from a plan and the key: what is asked, and what would be right."""

    traps: dict[tuple[str, str], Trap]
    emissions: list[Emission]
    questions: list[Question]


class History:
    """What the ledger of a key says was shown to hosted models, but for what the plan `but` showed."""

    def __init__(self, path: Path, key: TrapKey, *, but: str = "") -> None:
        """Read it. Raises RunError, PlanError."""
        self.ledger = Ledger(path, log_secret(key), but=but)
        events = read_events(path) if path.exists() else []
        self._names = {
            one["query"]
            for event in events
            if event["event"] == "shown" and event["plan"] != but
            for one in event["shown"]
        }

    def knows(self, trap: Trap, key: TrapKey) -> bool:
        """Whether a candidate of a trap was ever shown."""
        if not self._names:
            return False
        return any(
            self.ledger.name(query) in self._names for query in queries_of(contests_of([trap], key)[0])
        )

    def saw(self, question: Question) -> bool:
        """Whether a version of a question was ever shown."""
        return any(self.ledger.name(query) in self._names for query in question.shown)


def plan_exact(
    traps: Sequence[Trap], key: TrapKey, history: History, rules: Rules, chosen: Chosen
) -> dict[str, Any]:
    """The member `exact` of a plan. Raises PlanError where nothing is left to test."""
    facts: dict[str, Any] = {
        "key": key.digest,
        "generator": GENERATOR,
        "traps": [asdict(replace(trap, payload=dict(trap.payload))) for trap in traps],
        "versions": chosen.versions,
        "outputs": rules.answers,
        "positions": rules.tokens,
    }
    left_out: list[list[str]] = []
    suffix: list[list[Any]] = []
    choice: list[list[Any]] = []
    for trap in traps:
        if SUFFIX in chosen.tests:
            suffix += _suffix(trap, key, history, rules, left_out)
        if CHOICE in chosen.tests:
            choice += _choice(trap, key, history, chosen.versions, left_out)
    if not suffix and not choice:
        raise PlanError(
            "no trap is left for an exact test: each has no random text, or was shown to a hosted model before"
        )
    return facts | {
        "suffix": suffix,
        "choice": choice,
        "claims": _claims(suffix, choice),
        "answers": rules.answers * len(suffix) + len(choice),
        "left_out": left_out,
    }


def _suffix(
    trap: Trap, key: TrapKey, history: History, rules: Rules, left_out: list[list[str]]
) -> list[list[Any]]:
    if trap.form == VARIANTS:
        return []
    found = emission_of(trap, rules.answers, rules.tokens)
    if found is None or history.knows(trap, key):
        left_out.append([SUFFIX, trap.work, trap.channel, NO_TEXT if found is None else SHOWN])
        return []
    return [[trap.work, trap.channel, found.space, found.bound]]


def _choice(
    trap: Trap, key: TrapKey, history: History, versions: int, left_out: list[list[str]]
) -> list[list[Any]]:
    questions = questions_of(trap, key, versions)
    seen = [history.saw(question) for question in questions]
    left_out += [[CHOICE, trap.work, trap.channel, SHOWN]] * sum(seen)
    return [
        [one.work, one.channel, one.number, len(one.versions)]
        for one, known in zip(questions, seen, strict=True)
        if not known
    ]


def _claims(suffix: Sequence[Sequence[Any]], choice: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """A claim for each channel and each test, and one for each trap that may be emitted."""
    channels = sorted({row[1] for row in suffix})
    return [
        *([SUFFIX, channel, None, None] for channel in channels),
        *([SUFFIX, channel, work, None] for work, channel, *_ in suffix),
        *([CHOICE, channel, None, size] for channel, size in sorted({(row[1], row[3]) for row in choice})),
    ]


def exact_in(plan: Plan, key: TrapKey, history: History) -> Exact:
    """The exact tests of a plan. Raises PlanError where the key is another, or candidates were shown since."""
    facts = plan.members["exact"]
    if facts.get("generator") != GENERATOR or facts.get("key") != key.digest:
        raise PlanError(
            f"the plan was made with another key or generator ({facts.get('key')}, {facts.get('generator')}) than "
            f"this ({key.digest}, {GENERATOR})"
        )
    traps = {(trap.work, trap.channel): trap for trap in traps_in(Plan("ask", facts))}
    try:
        emissions = [_again(facts, traps[row[0], row[1]], row) for row in facts["suffix"]]
        made = {
            (one.work, one.channel, one.number): one
            for place in dict.fromkeys((row[0], row[1]) for row in facts["choice"])
            for one in questions_of(traps[place], key, facts["versions"])
        }
        questions = [made[work, channel, number] for work, channel, number, _ in facts["choice"]]
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(f"the plan's exact tests cannot be read ({error!r})") from error
    if any(history.saw(question) for question in questions) or any(
        history.knows(traps[one.work, one.channel], key) for one in emissions
    ):
        raise PlanError("candidates were shown to a hosted model after this plan was made; make a new plan")
    return Exact(traps, emissions, questions)


def _again(facts: dict[str, Any], trap: Trap, row: Sequence[Any]) -> Emission:
    emission = emission_of(trap, facts["outputs"], facts["positions"])
    if emission is None or [emission.space, emission.bound] != list(row[2:]):
        raise PlanError(f"work {trap.work}, channel {trap.channel}: its bound is not that of the plan")
    return emission
