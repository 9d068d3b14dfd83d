"""Models that are none, for the tests of studies: they weigh by arithmetic, and count how often they are asked."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from countermark.memorization.drivers.driver import Completion, ModelIdentity, Scored, Token
from countermark.memorization.study.plan import Plan, model_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from countermark.memorization.drivers.driver import Decoding, Query

FAKE = ModelIdentity("fake", "sha256:" + "0" * 64, "fake")


def weigh(prefix: str, word: str) -> float:
    """A log-probability that looks drawn at random, and is the same each time."""
    digest = hashlib.sha256(f"{prefix[-20:]}|{word}".encode()).digest()
    return -1.0 - int.from_bytes(digest[:4]) / 2**30


class FakeScorer:
    """A scorer over words; `known` maps a text to what is added to each of its words: what the model has learnt."""

    def __init__(
        self,
        known: Callable[[str], float] = lambda _: 0.0,
        *,
        identity: ModelIdentity = FAKE,
        hosted: bool = False,
    ) -> None:
        self.identity = identity
        self.hosted = hosted
        self.known = known
        self.asked: list[Query] = []

    def tokens(self, text: str) -> list[Token]:
        """Cut a text into words, each with the space before it."""
        return [Token(*match.span()) for match in re.finditer(r"\s*\S+|\s+$", text)]

    def logprobs(self, queries: Sequence[Query]) -> list[Scored]:
        """Weigh each word; what stands in `known` weighs more."""
        self.asked += queries
        return [self._scored(query) for query in queries]

    def _scored(self, query: Query) -> Scored:
        tokens = tuple(self.tokens(query.continuation))
        bonus = self.known(query.prefix + query.continuation)
        values = tuple(
            min(0.0, weigh(query.prefix, query.continuation[token.start : token.end]) + bonus)
            for token in tokens
        )
        return Scored(tokens, values, None)


class FakeGenerator:
    """A generator that answers with the prompt's last word."""

    identity = FAKE
    hosted = False

    def __init__(self) -> None:
        self.asked: list[str] = []

    def complete(self, prompts: Sequence[str], decoding: Decoding) -> list[list[Completion]]:
        """Write the last word of each prompt."""
        self.asked += prompts
        return [
            [Completion(prompt.split()[-1], "stop") for _ in range(decoding.samples)] for prompt in prompts
        ]


def plan_of(kind: str = "extract", **members: object) -> Plan:
    """A plan that names the fake model."""
    return Plan(kind, {"model": model_facts(FAKE), **members})
