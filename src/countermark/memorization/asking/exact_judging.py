"""From the answers of the exact tests to their claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.memorization.asking.choice import letter_of
from countermark.memorization.asking.exact import choice_p, emissions_bound
from countermark.memorization.asking.exact_plan import SUFFIX
from countermark.memorization.asking.putting import EMPTY, FAILED, REFUSED, counted, kind_of
from countermark.memorization.asking.result import ExactResult
from countermark.memorization.asking.suffix import emitted
from countermark.probability.holm import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.asking.choice import Question
    from countermark.memorization.asking.exact_plan import Exact
    from countermark.memorization.drivers.driver import Completion
    from countermark.memorization.traps.key import TrapKey

RIGHT: Final = "right"
WRONG: Final = "wrong"
NO_LETTER: Final = "no-letter"
OTHERS: Final = (NO_LETTER, REFUSED, EMPTY, FAILED)

NULL: Final = (
    "Nothing that the model or its serving system was given depends on the draws of the key: no published copy, and "
    "nothing that was made of one, was in it."
)
BOUND: Final = (
    "A random text: at most outputs x positions / space for each trap (union bound); over a channel, the sum of the "
    "products of these bounds over as many traps as were emitted. Versions: the upper tail of Binomial(n, 1/k). Both "
    "are exact whatever the model does, and whatever it prefers; all claims are decided together (Holm)."
)
NOT_SHOWN: Final = (
    "who provided a copy (of a claim of a whole channel: which), and whether there was a licence or an exception",
    "that other works were in what the model learnt from",
    "of a claim that is not shown: that no copy was in it; absence shows nothing",
)


class Answered(NamedTuple):
    """The answers of the exact tests: of each trap its outputs, of each question its answer; None is a failure."""

    outputs: list[list[Completion | None]]
    letters: list[Completion | None]


def judge_exact(
    facts: dict[str, Any], exact: Exact, key: TrapKey, answered: Answered, *, alpha: float, shown_to: str
) -> ExactResult:
    """The claims of the plan's member `exact`."""
    suffix = [_emission(facts, exact, key, *one) for one in enumerate(answered.outputs)]
    choice = [
        _choice(question, answer) for question, answer in zip(exact.questions, answered.letters, strict=True)
    ]
    claims = [_claim(claim, suffix, choice) for claim in facts["claims"]]
    for claim, adjusted in zip(claims, holm([claim["p"] for claim in claims]), strict=True):
        claim["holm_p"] = adjusted
        claim["decision"] = "shown" if adjusted <= alpha else "not-shown"
    return ExactResult(
        facts["key"], suffix, choice, claims, shown_to, facts["left_out"], NULL, BOUND, list(NOT_SHOWN)
    )


def _emission(
    facts: dict[str, Any], exact: Exact, key: TrapKey, number: int, outputs: Sequence[Completion | None]
) -> dict[str, Any]:
    emission = exact.emissions[number]
    trap = exact.traps[emission.work, emission.channel]
    texts = [output.text for output in outputs if output is not None]
    return {
        "work": emission.work,
        "title": emission.title,
        "channel": emission.channel,
        "form": trap.form,
        "space": emission.space,
        "outputs": facts["outputs"],
        "positions": facts["positions"],
        "bound": emission.bound,
        "hits": emitted(trap, key, texts, facts["positions"]),
        "counts": counted(outputs),
    }


def _choice(question: Question, answer: Completion | None) -> dict[str, Any]:
    return {
        "work": question.work,
        "title": question.title,
        "channel": question.channel,
        "number": question.number,
        "versions": len(question.versions),
        "answer": _verdict(question, answer),
    }


def _verdict(question: Question, answer: Completion | None) -> str:
    """A letter counts whatever ended the answer; without one the reason is told."""
    letter = None if answer is None else letter_of(answer.text, len(question.versions))
    if letter is not None:
        return RIGHT if letter == question.right else WRONG
    kind = kind_of(answer)
    return kind if kind in {REFUSED, EMPTY, FAILED} else NO_LETTER


def _claim(
    claim: Sequence[Any], suffix: Sequence[dict[str, Any]], choice: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    test, channel, work, versions = claim
    said: dict[str, Any] = {"test": test, "channel": channel, "work": work, "versions": versions}
    if test == SUFFIX:
        traps = [one for one in suffix if one["channel"] == channel and work in {None, one["work"]}]
        hits = sum(one["hits"] > 0 for one in traps)
        p = emissions_bound([one["bound"] for one in traps], hits)
        return said | {"n": len(traps), "k": hits, "others": None, "p": p}
    verdicts = [one["answer"] for one in choice if one["channel"] == channel and one["versions"] == versions]
    right = verdicts.count(RIGHT)
    others = {kind: verdicts.count(kind) for kind in OTHERS}
    p = choice_p(right, len(verdicts), versions)
    return said | {"n": len(verdicts), "k": right, "others": others, "p": p}
