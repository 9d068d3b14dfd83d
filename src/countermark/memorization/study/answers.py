"""The answers in the log of a study: where each stands, so that memory holds places and not answers."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.errors import RunError
from countermark.memorization.drivers.driver import Completion, Scored, Token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Counted(NamedTuple):
    """How often a study asked.

    `again` counts what was asked anew after an interruption or a failure, `refused` the questions of which a completion
    is a refusal.
    """

    asked: int
    answered: int
    again: int
    refused: int
    failures: int


class Answers:
    """What a log says: which questions were asked, which are answered, and where."""

    def __init__(self, log: Path) -> None:
        """Read a log whose chain was checked; one that is not there says nothing. Raises RunError."""
        self._log = log
        self._places: dict[str, tuple[int, int]] = {}
        self._line: tuple[int, list[Any]] = (-1, [])
        self._known: set[str] = set()
        self._asked = self._refused = self._failures = self.lines = 0
        self.plan: str | None = None
        self.first: dict[
            str, dict[str, Any]
        ] = {}  # what else was noted: the first of each kind, questions left out
        if log.exists():
            self._read_all()

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def __getitem__(self, key: str) -> dict[str, Any]:
        """The answer to a question, as it was logged. Raises KeyError, RunError."""
        start, position = self._places[key]
        if self._line[0] != start:
            with self._log.open("rb") as file:
                file.seek(start)
                self._line = (start, json.loads(file.readline())["answers"])
        answer: dict[str, Any] = self._line[1][position]
        return answer

    def counted(self) -> Counted:
        """The denominators so far."""
        again = self._asked - len(self._known)
        return Counted(self._asked, len(self._places), again, self._refused, self._failures)

    def take(self, event: str, facts: dict[str, Any], start: int) -> None:
        """Take what a line says that begins at the byte `start`."""
        self.lines += 1
        if event == "begin":
            self.plan = facts["plan"]
        elif event == "asked":
            self._asked += len(facts["questions"])
            self._known.update(question["key"] for question in facts["questions"])
        elif event == "failed":
            self._failures += 1
        elif event == "answered":
            for position, answer in enumerate(facts["answers"]):
                self._places.setdefault(answer["key"], (start, position))
                self._refused += any(refused(one["why"]) for one in answer.get("completions", ()))
        else:
            self.first.setdefault(event, facts)

    def _read_all(self) -> None:
        start = 0
        try:
            with self._log.open("rb") as file:
                for data in file:
                    entry = json.loads(data)
                    self.take(entry["event"], entry, start)
                    start += len(data)
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise RunError(
                f"{self._log}, line {self.lines + 1}: not the log of a study ({error!r})"
            ) from error


def refused(why: str) -> bool:
    """Whether a completion is a refusal, by the server's own word and never by its text."""
    return why == "content_filter" or why.startswith("refusal")


def scored_facts(key: str, scored: Scored) -> dict[str, Any]:
    """A scored text as the log holds it: null for a probability of zero, which JSON has no number for."""
    return {
        "key": key,
        "tokens": [list(token) for token in scored.tokens],
        "logprobs": [_number(value) for value in scored.logprobs],
        "top": None if scored.top is None else [_number(value) for value in scored.top],
        "left_out": scored.left_out,
        "best": None if scored.best is None else [bool(flag) for flag in scored.best],
    }


def scored_of(facts: dict[str, Any]) -> Scored:
    """What `scored_facts` wrote down."""
    top, best = facts["top"], facts["best"]
    return Scored(
        _tokens(facts["tokens"]),
        _floats(facts["logprobs"]),
        None if top is None else _floats(top),
        facts["left_out"],
        None if best is None else tuple(best),
    )


def completed_facts(key: str, completions: Sequence[Completion]) -> dict[str, Any]:
    """The completions of one prompt as the log holds them."""
    told = [
        {
            "text": one.text,
            "why": one.why,
            "tokens": [list(token) for token in one.tokens],
            "logprobs": [_number(value) for value in one.logprobs],
        }
        for one in completions
    ]
    return {"key": key, "completions": told}


def completed_of(facts: dict[str, Any]) -> list[Completion]:
    """What `completed_facts` wrote down."""
    return [
        Completion(one["text"], one["why"], _tokens(one["tokens"]), _floats(one["logprobs"]))
        for one in facts["completions"]
    ]


def _number(value: float) -> float | None:
    return None if value == -math.inf else float(value)


def _floats(values: Sequence[float | None]) -> tuple[float, ...]:
    return tuple(-math.inf if value is None else float(value) for value in values)


def _tokens(places: Sequence[Sequence[int]]) -> tuple[Token, ...]:
    return tuple(Token(start, end) for start, end in places)
