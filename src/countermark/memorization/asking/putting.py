"""Putting questions one by one: each is answered, or given up and counted; none is left out in silence.

A question that fails twice is given up only where the model answers a plain sentence of ours: then the failure is of
the question (too long an answer, a filter that answers with an error), and it stays in the denominator. Where that
fails too, the model is away: the run stops, and asks again when it is resumed. It stops as well where several questions
failed before any was answered: then the plan does not fit the model.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.errors import ModelError
from countermark.memorization.drivers.driver import Decoding
from countermark.memorization.drivers.self_test import PROMPTS
from countermark.memorization.study.answers import refused
from countermark.memorization.study.folder import LOG
from countermark.memorization.study.run import Progress, ask_completions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from countermark.memorization.drivers.driver import Completion, Generator
    from countermark.memorization.study.run import Study

GAVE_UP: Final = "gave_up"
TRIES: Final = 2
MOST_FAILED: Final = 3
"""So many questions may be given up before the first is answered."""

ANSWERED: Final = "answered"
EMPTY: Final = "empty"
REFUSED: Final = "refused"
OTHERWISE: Final = "ended-otherwise"
FAILED: Final = "failed"
KINDS: Final = (ANSWERED, EMPTY, REFUSED, OTHERWISE, FAILED)


class Put(NamedTuple):
    """One question: its name within the study, what is sent, and how the answer is written.

    `secret`: the log names it by a keyed digest, and does not hold its text.
    """

    name: str
    prompt: str
    decoding: Decoding
    secret: bool = False


def kind_of(answer: Completion | None) -> str:
    """What an answer is in the denominators. A refusal is one by the server's own word, never by its text."""
    if answer is None:
        return FAILED
    if refused(answer.why):
        return REFUSED
    if not answer.text.strip():
        return EMPTY
    return ANSWERED if answer.why in {"length", "stop"} else OTHERWISE


class Putter:
    """Puts the questions of one study to one model."""

    def __init__(
        self,
        study: Study,
        generator: Generator,
        total: int,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self._study, self._generator = study, generator
        self._progress, self._total = progress, total
        self._done = self._fresh = 0
        self._asked: set[str] = set()
        self._given_up: set[str] = set()
        with (study.folder / LOG).open("rb") as log:  # whose chain was checked when the study was begun
            for line in log:
                self._take(json.loads(line))

    def _take(self, event: dict[str, Any]) -> None:
        if event["event"] == "asked":
            self._asked.update(asked["label"] for asked in event["questions"])
        elif event["event"] == GAVE_UP:
            self._given_up.add(event["question"])

    def put(self, question: Put) -> Completion | None:
        """The answer, from the log where it stands there; None where the question was given up.

        Raises ModelError where the model is away, PlanError, OutputError.
        """
        answer = self.answer(question)
        self._done += 1
        self._progress(Progress(self._done, self._total, self._fresh))
        return answer

    def answer(self, question: Put) -> Completion | None:
        """As `put`, without counting."""
        if question.name in self._given_up:
            return None
        for left in reversed(range(TRIES)):
            try:
                return self._ask(question)
            except ModelError as error:
                if left:
                    continue
                self._require_alive(error)
                self._study.note(
                    GAVE_UP, {"question": question.name}
                )  # why stands in the line before, "failed"
                self._given_up.add(question.name)
        return None

    def knows(self, question: Put) -> bool:
        """Whether a question was asked in an earlier part of this run, whatever came of it."""
        return question.name in self._asked

    def _ask(self, question: Put) -> Completion:
        with _texts_kept(self._study, kept=not question.secret):
            steps: list[Progress] = []
            answers = ask_completions(
                self._study,
                self._generator,
                [question.prompt],
                question.decoding,
                labels=[question.name],
                progress=steps.append,
            )
        self._fresh += steps[-1].fresh
        return answers[0][0]

    def _require_alive(self, error: ModelError) -> None:
        if len(self._given_up) >= MOST_FAILED and not self._study.answers.counted().answered:
            raise error
        try:
            self._generator.complete(PROMPTS[:1], Decoding(4))
        except ModelError:
            raise error from None


@contextmanager
def _texts_kept(study: Study, *, kept: bool) -> Iterator[None]:
    """Within, the log of a study holds texts or does not; questions without are named by the study's secret."""
    before, study.log_texts = study.log_texts, kept
    try:
        yield
    finally:
        study.log_texts = before


def counted(answers: Iterable[Completion | None]) -> dict[str, int]:
    """The denominators: how many answers of each kind, and `asked` for all."""
    numbers: dict[str, Any] = dict.fromkeys(("asked", *KINDS), 0)
    for answer in answers:
        numbers["asked"] += 1
        numbers[kind_of(answer)] += 1
    return numbers
