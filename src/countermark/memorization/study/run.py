"""Asking a model within a study: in batches, each logged before it is asked and again when it is answered.

The batches are cut from the whole list, not from what is left of it, and a batch is answered whole or not at all. A run
that is resumed therefore asks what an unbroken one would have asked in the same company: a model's figures may differ
in the last digits with what else is in the batch, and results would with them.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.errors import ModelError
from countermark.memorization.study.answers import (
    completed_facts,
    completed_of,
    scored_facts,
    scored_of,
)
from countermark.memorization.study.folder import Study as Study  # noqa: PLC0414  whoever asks takes them from here
from countermark.memorization.study.folder import begin as begin  # noqa: PLC0414
from countermark.memorization.study.folder import shown
from countermark.memorization.study.plan import model_facts, require_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from countermark.memorization.drivers.driver import (
        Completion,
        Decoding,
        Generator,
        ModelIdentity,
        Query,
        Scored,
        Scorer,
    )

ABOVE_ZERO: Final = 1e-3
"""How far above zero rounding may lift a log-probability; more is no probability."""
LONGEST_ANSWER: Final = 2**22


class Progress(NamedTuple):
    """How far the asking is: questions answered, in all, and answered by this call (for the rate)."""

    done: int
    total: int
    fresh: int


def _silent(_: Progress) -> None:
    """Show nothing."""


class _Question(NamedTuple):
    key: str
    texts: tuple[str, ...]
    facts: dict[str, Any]  # as the log holds it
    place: int  # among what was given


class _Asking(NamedTuple):
    """One kind of asking: how a batch is put to the model, and how its answers become lines of the log."""

    study: Study
    model: dict[str, str]
    put: Callable[[list[int]], list[dict[str, Any]]]
    progress: Callable[[Progress], None]


def ask_scores(
    study: Study,
    scorer: Scorer,
    queries: Sequence[Query],
    *,
    labels: Sequence[Any] = (),
    role: str = "model",
    batch: int = 16,
    progress: Callable[[Progress], None] = _silent,
) -> list[Scored]:
    """The log-probabilities of each continuation, in order; what the log holds already is not asked.

    `labels` (JSON values, one a query) stand beside each question in the log, which for traps holds no text. `role` is
    the member of the plan that names the model. Raises ModelError, PlanError, OutputError; what was answered stays.
    """
    model = _model(study, scorer.identity, role)
    texts = [(query.prefix, query.continuation) for query in queries]
    questions = _questions(study, "score", model, texts, labels)

    def put(places: list[int]) -> list[dict[str, Any]]:
        given = [queries[place] for place in places]
        answers = scorer.logprobs(given)
        _count(len(answers), len(given))
        for query, scored in zip(given, answers, strict=True):
            check_scored(query, scored)
        return [
            scored_facts(questions[place].key, scored) for place, scored in zip(places, answers, strict=True)
        ]

    _ask(_Asking(study, model, put, progress), questions, batch)
    return [scored_of(study.answers[question.key]) for question in questions]


def ask_completions(
    study: Study,
    generator: Generator,
    prompts: Sequence[str],
    decoding: Decoding,
    *,
    labels: Sequence[Any] = (),
    role: str = "model",
    batch: int = 4,
    progress: Callable[[Progress], None] = _silent,
) -> list[list[Completion]]:
    """For each prompt, `decoding.samples` completions, in order; what the log holds already is not asked.

    As `ask_scores`. A prompt that is given twice is asked once: ask for more samples, or with another seed.
    """
    model = _model(study, generator.identity, role)
    questions = _questions(
        study, ["complete", asdict(decoding)], model, [(prompt,) for prompt in prompts], labels
    )

    def put(places: list[int]) -> list[dict[str, Any]]:
        answers = generator.complete([prompts[place] for place in places], decoding)
        _count(len(answers), len(places))
        for completions in answers:
            _check_completions(completions, decoding)
        return [
            completed_facts(questions[place].key, completions)
            for place, completions in zip(places, answers, strict=True)
        ]

    _ask(_Asking(study, model, put, progress), questions, batch)
    return [completed_of(study.answers[question.key]) for question in questions]


def _model(study: Study, identity: ModelIdentity, role: str) -> dict[str, str]:
    require_model(study.plan, identity, role)
    return model_facts(identity)


def _questions(
    study: Study, kind: Any, model: dict[str, str], texts: Sequence[tuple[str, ...]], labels: Sequence[Any]
) -> list[_Question]:
    if labels and len(labels) != len(texts):
        raise ValueError(f"{len(labels)} labels for {len(texts)} questions")
    who = model["digest"] or [model["name"], model["address"]]
    made = []
    for place, given in enumerate(texts):
        key = study.key([kind, who, list(given)])
        facts = {"key": key} | ({"label": labels[place]} if labels else {})
        if study.log_texts:
            facts["texts"] = list(given)
        made.append(_Question(key, given, facts, place))
    return made


def _ask(asking: _Asking, questions: Sequence[_Question], batch: int) -> None:
    study, fresh = asking.study, 0
    once: dict[str, _Question] = {}
    for question in questions:
        once.setdefault(question.key, question)
    first = list(once.values())
    done = sum(question.key in study.answers for question in first)
    asking.progress(Progress(done, len(first), fresh))
    for group in _batches(first, batch):
        waiting = [question for question in group if question.key not in study.answers]
        if not waiting:
            continue
        _put(asking, waiting)
        done, fresh = done + len(waiting), fresh + len(waiting)
        asking.progress(Progress(done, len(first), fresh))


def _batches(questions: Sequence[_Question], size: int) -> Iterator[Sequence[_Question]]:
    return (questions[start : start + size] for start in range(0, len(questions), size))


def _put(asking: _Asking, waiting: Sequence[_Question]) -> None:
    """Log a batch, ask it, and log what came of it."""
    study = asking.study
    study.note("asked", {"model": asking.model, "questions": [question.facts for question in waiting]})
    try:
        answers = asking.put([question.place for question in waiting])
    except ModelError as error:
        texts = [text for question in waiting for text in question.texts]
        keys = [question.key for question in waiting]
        study.note("failed", {"keys": keys, "why": shown(study, texts, str(error))})
        raise
    study.note("answered", {"answers": answers})


def _count(answers: int, questions: int) -> None:
    if answers != questions:
        raise ModelError(f"the model gave {answers} answers to {questions} questions")


def check_scored(query: Query, scored: Scored) -> None:
    """Raise ModelError unless an answer can be one: places in order within the text, and log-probabilities."""
    figures = [scored.logprobs, *([] if scored.top is None else [scored.top])]
    if any(len(values) != len(scored.tokens) for values in [*figures, scored.best or scored.tokens]):
        raise ModelError("the model gave another number of log-probabilities than of tokens")
    if query.continuation and not scored.tokens:
        raise ModelError("the model gave no log-probability for a text that is not empty")
    if any(math.isnan(value) or value > ABOVE_ZERO for values in figures for value in values):
        raise ModelError("the model gave something else than a log-probability (not a number, or above zero)")
    places = [place for token in scored.tokens for place in (token.start, token.end)]
    ends = [token.end for token in scored.tokens]
    ordered = all(token.start <= token.end for token in scored.tokens) and ends == sorted(ends)
    if not ordered or any(not 0 <= place <= len(query.continuation) for place in places):
        raise ModelError("the model gave tokens that do not lie in the text one after the other")


def _check_completions(completions: Sequence[Completion], decoding: Decoding) -> None:
    if len(completions) != decoding.samples:
        raise ModelError(
            f"the model gave {len(completions)} completions where {decoding.samples} were asked for"
        )
    if any(len(one.text) > LONGEST_ANSWER for one in completions):
        raise ModelError(f"the model gave a completion of more than {LONGEST_ANSWER} characters")
    if any(math.isnan(value) or value > ABOVE_ZERO for one in completions for value in one.logprobs):
        raise ModelError("the model gave something else than a log-probability (not a number, or above zero)")
