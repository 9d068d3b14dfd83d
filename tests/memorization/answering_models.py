"""Generators that are none, for the tests of questions: one recites, one refuses, one answers HTML, one fails."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from countermark.errors import ModelError
from countermark.memorization.drivers.driver import Completion, ModelIdentity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from countermark.memorization.drivers.driver import Decoding

WRITER = ModelIdentity("writer", "sha256:" + "1" * 64, "fake")
SYLLABLES = ("ka", "lo", "mi", "nu", "po", "ra", "se", "ti", "vu", "wa")


def babble(prompt: str, decoding: Decoding, words: int = 60) -> str:
    """Words that look drawn at random, and are the same for the same question."""
    digest = hashlib.sha512(f"{prompt}|{decoding.temperature}|{decoding.seed}".encode()).hexdigest() * 4
    return " ".join(
        "".join(SYLLABLES[int(sign, 16) % 10] for sign in digest[4 * n : 4 * n + 4]) for n in range(words)
    )


class Writer:
    """A generator whose answers `writes` makes; a text or an exception, of a prompt and a decoding."""

    def __init__(
        self,
        writes: Callable[[str, Decoding], Completion | Exception | None] = lambda _prompt, _decoding: None,
        *,
        identity: ModelIdentity = WRITER,
        hosted: bool = False,
    ) -> None:
        self.identity = identity
        self.hosted = hosted
        self.writes = writes
        self.asked: list[tuple[str, Decoding]] = []

    def complete(self, prompts: Sequence[str], decoding: Decoding) -> list[list[Completion]]:
        """One answer a sample; where `writes` has none, babble."""
        return [[self._one(prompt, decoding)] * decoding.samples for prompt in prompts]

    def _one(self, prompt: str, decoding: Decoding) -> Completion:
        self.asked.append((prompt, decoding))
        answer = self.writes(prompt, decoding)
        if isinstance(answer, Exception):
            raise answer
        return answer or Completion(babble(prompt, decoding), "length")


def reciting(text: str, words: int = 80) -> Callable[[str, Decoding], Completion | None]:
    """Goes on with a text where the prompt ends within it; knows nothing else."""

    def writes(prompt: str, _decoding: Decoding) -> Completion | None:
        tail = prompt[-60:]
        place = text.find(tail)
        if len(tail) < 60 or place < 0:
            return None
        rest = text[place + len(tail) :].split()
        return Completion(" " + " ".join(rest[:words]), "length")

    return writes


def failing(marked: str) -> Callable[[str, Decoding], Completion | Exception | None]:
    """Times out where the prompt holds something."""
    return lambda prompt, _: ModelError("the server did not answer in 60 s") if marked in prompt else None
