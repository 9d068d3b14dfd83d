"""From the answers about works and controls to their figures; both are counted by the same lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.memorization.asking.deciding import NOTHING, RECITED, UNASKED, Standing, decide
from countermark.memorization.asking.putting import FAILED, counted, kind_of
from countermark.memorization.asking.result import AnswerResult, BestRun, WorkResult
from countermark.memorization.asking.scoring import LONGEST, Held
from countermark.memorization.extraction.controls import CONTROL, WORK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from countermark.memorization.asking.rules import Rules
    from countermark.memorization.asking.scoring import Score
    from countermark.memorization.drivers.driver import Completion

SHOWN: Final = 4000  # characters of the best answer that the result holds
OTHERS: Final = 5
"""Other works of the same author that answers are held against, at most."""


class Answer(NamedTuple):
    """One answer about a work: the number of its prompt, which sample it is, what was sent, what came."""

    prompt: int
    sample: int
    sent: str
    completion: Completion | None


class Judged(NamedTuple):
    """The figures of one work, and what it is ranked by."""

    result: WorkResult
    standing: Standing


def judge_work(
    work: dict[str, Any],
    answers: Sequence[Answer],
    rules: Rules,
    text_of: Callable[[str], str],
    others: Sequence[dict[str, Any]] = (),
) -> Judged:
    """The figures of one work of the plan; `text_of` gives a text by its digest, `others` are of the same author."""
    held = Held(text_of(work["sha256"]), work["quoted"])
    scores = [_score(held, work, answer, rules) for answer in answers]
    known = [(number, score) for number, score in enumerate(scores) if score is not None]
    counts = counted(answer.completion for answer in answers)
    floor = _floor(answers, rules, text_of, others) if work["role"] == WORK and others else None
    top = max((score.outside for _, score in known), default=None)
    near = max((score for _, score in known), key=lambda score: score.near, default=None)
    long_outside = sum(score.long_outside for _, score in known)
    same = ("role", "id", "title", "author", "published", "files", "sha256", "characters", "words")
    result = WorkResult(
        **{key: work[key] for key in same},
        counts=counts,
        longest=max((score.longest for _, score in known), default=0),
        outside=top or 0,
        long_runs=sum(score.long for _, score in known),
        long_runs_outside=long_outside,
        answers_with_long_run=sum(score.long_outside > 0 for _, score in known),
        near_words=0 if near is None else near.near,
        near_share=0.0 if near is None else round(near.near_share, 6),
        quoted_characters=_covered(work["quoted"]),
        best=_best(answers, known),
        swap=floor,
        conformal_p=None,
        holm_p=None,
        decision=UNASKED if top is None else RECITED if long_outside else NOTHING,
        answers=[_row(work, answer, score) for answer, score in zip(answers, scores, strict=True)],
    )
    least = 0 if floor is None else floor["longest"]
    return Judged(result, Standing(top, long_outside, least, counts[FAILED] == 0))


def decided(judged: Sequence[Judged], *, alpha: float, void: bool) -> list[WorkResult]:
    """Works with their decisions, then controls."""
    works = [one for one in judged if one.result.role == WORK]
    controls = [one for one in judged if one.result.role == CONTROL]
    decisions = decide(
        [one.standing for one in works], [one.standing for one in controls], alpha=alpha, void=void
    )
    told = [replace(one.result, **decision._asdict()) for one, decision in zip(works, decisions, strict=True)]
    return told + [one.result for one in controls]


def same_author(work: dict[str, Any], works: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first other works of the plan, controls included, by the author of a work."""
    author = " ".join(work["author"].casefold().split())
    found = [
        other
        for other in works
        if author
        and " ".join(other["author"].casefold().split()) == author
        and other["sha256"] != work["sha256"]
    ]
    return found[:OTHERS]


def _score(held: Held, work: dict[str, Any], answer: Answer, rules: Rules) -> Score | None:
    if answer.completion is None:
        return None
    _, start, end, _ = work["prompts"][answer.prompt]
    return held.score(answer.completion.text, answer.sent, (start, end), rules)


def _floor(
    answers: Sequence[Answer],
    rules: Rules,
    text_of: Callable[[str], str],
    others: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """The swap control: the same answers, held against other works of the author."""
    most = 0
    for other in others:
        held = Held(text_of(other["sha256"]), other["quoted"])
        scored = (
            held.score(answer.completion.text, answer.sent, (0, 0), rules).outside
            for answer in answers
            if answer.completion is not None
        )
        most = max(most, *scored, 0)
    return {"works": [other["id"] for other in others], "longest": most}


def _row(work: dict[str, Any], answer: Answer, score: Score | None) -> AnswerResult:
    template, start, end, _ = work["prompts"][answer.prompt]
    names = ("words", "own", "longest", "outside", "long", "long_outside", "near")
    return AnswerResult(
        template,
        start,
        end,
        answer.sample,
        kind_of(answer.completion),
        "" if answer.completion is None else answer.completion.why[:300],
        **{name: 0 if score is None else getattr(score, name) for name in names},
    )


def _best(answers: Sequence[Answer], known: Sequence[tuple[int, Score]]) -> BestRun | None:
    number, score = max(known, key=lambda one: (one[1].outside, -one[0]), default=(0, None))
    completion = answers[number].completion if answers else None
    if score is None or not score.best or completion is None:
        return None
    start, end, first, last = score.best
    begin = max(0, start - max(0, SHOWN - (end - start)) // 2)
    text = completion.text[:LONGEST][begin : begin + SHOWN]
    run = [start - begin, min(end - begin, len(text))]
    return BestRun(number, text, run, [first, last], score.outside)


def _covered(spans: Sequence[Sequence[Any]]) -> int:
    """Characters in one span at least; spans are in order of their beginnings."""
    covered = reached = 0
    for start, end, *_ in spans:
        covered += max(0, end - max(start, reached))
        reached = max(reached, end)
    return covered
