"""The self-test passes what is right and names each fault that real servers were seen with."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import ModelError
from countermark.memorization.drivers.driver import Completion, Decoding, ModelIdentity, Query, Scored, Token
from countermark.memorization.drivers.faults import same_tokens
from countermark.memorization.drivers.opening import open_generator, open_scorer
from countermark.memorization.drivers.self_test import PLAIN, SERVED, _Found, _shuffled, self_test, shuffled
from memorization.served_models import Behaviour, serving

if TYPE_CHECKING:
    from collections.abc import Sequence

FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "zero": ({"numbers": lambda told: [0.0] * len(told)}, "zero log-probabilities"),
    "constant": ({"numbers": lambda told: [-2.5] * len(told)}, "constant log-probabilities"),
    "of the next token": (
        {"numbers": lambda told: [*told[1:], -1.0]},
        "off by one: .* at the token before",
    ),
    "of the token before": (
        {"numbers": lambda told: [-9.0, *told[:-1]]},
        "off by one: .* at the token after",
    ),
    "base 10": (
        {"numbers": lambda told: [n / math.log(10) for n in told]},
        "wrong normalisation.*0.4343 times",
    ),
    "raw logits": ({"numbers": lambda told: [n - 3 for n in told]}, r"wrong normalisation.*-3.0000 from"),
    "another text": ({"numbers": lambda told: told[::-1]}, "echo and generation differ"),
    "missing": ({"echo": False}, "no log-probabilities of a given text"),
    "null": ({"numbers": lambda told: [None] * len(told)}, "null for tokens"),
    "lower-cased": ({"text": str.lower}, "lower-cased"),
    "stripped": ({"text": str.strip}, "stripped of spaces"),
}


@pytest.mark.parametrize("way", [{}, {"prompt_logprobs": True, "tokenize": True}, {"most": 5}])
def test_a_right_server_passes(way: dict[str, Any]) -> None:
    """With every check, and a result that is plain JSON."""
    with serving(Behaviour(**way)) as address:
        result = self_test(open_scorer(address, name="toy"), open_generator(address, name="toy"))
    assert [check.name for check in result.checks] == [
        "writes", "whole", "noise", "echo equals generation", "greedy", "shuffled",
    ]  # fmt: skip
    assert result.untested == ()
    assert result.noise == 0
    assert result.tolerance == SERVED
    assert result.compared == 96
    told = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert told["scorer"]["name"] == "toy"
    assert told["checks"][0]["name"] == "writes"


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_refused_by_name(fault: str) -> None:
    """The message says which fault it is, and what was seen."""
    change, named = FAULTS[fault]
    with serving(Behaviour(**change)) as address:
        scorer, generator = open_scorer(address, name="toy"), open_generator(address, name="toy")
        with pytest.raises(ModelError, match=named):
            self_test(scorer, generator)


def test_what_only_writes() -> None:
    """Its log-probabilities cannot be tried; that is said."""
    with serving(Behaviour(logprobs=False)) as address:
        result = self_test(None, open_generator(address, name="toy"))
    assert result.noise is None
    assert result.compared == 0
    assert result.untested == ("log-probabilities: nothing that weighs given texts",)


def test_numbers_of_what_is_written_are_not_told() -> None:
    """Off by one then cannot be tried, and the result says so."""

    class Mute:
        def __init__(self, inner: Any) -> None:
            self.inner, self.identity, self.hosted = inner, inner.identity, False

        def complete(self, prompts: Sequence[str], decoding: Decoding) -> list[list[Completion]]:
            return [
                [Completion(one.text, one.why) for one in some]
                for some in self.inner.complete(prompts, decoding)
            ]

    with serving(Behaviour()) as address:
        result = self_test(open_scorer(address, name="toy"), Mute(open_generator(address, name="toy")))
    assert any("off-by-one" in line for line in result.untested)
    assert result.compared == 0


def test_two_models_are_not_compared() -> None:
    """One that weighs and another that writes."""
    with serving(Behaviour()) as address:
        scorer, generator = open_scorer(address, name="toy"), open_generator(address, name="toy-large")
        with pytest.raises(ModelError, match="shuffled text is not less probable"):
            self_test(scorer, generator)  # the toy language knows no English


class Fake:
    """A scorer whose letters have the numbers that a test wants."""

    hosted = False
    identity = ModelIdentity("fake", "sha256:00", "test")

    def __init__(self, number: Any, drop: int = 0) -> None:
        self.number, self.drop = number, drop

    def tokens(self, text: str) -> list[Token]:
        """Letters."""
        return [Token(n, n + 1) for n in range(len(text))]

    def logprobs(self, queries: Sequence[Query]) -> list[Scored]:
        """By number and query."""
        found = []
        for query in queries:
            tokens = self.tokens(query.continuation)
            numbers = [self.number(query, n) for n in range(len(tokens))]
            found.append(Scored(tuple(tokens), tuple(numbers[: len(numbers) - self.drop]), None))
        return found


@pytest.mark.parametrize(
    ("fake", "named"),
    [
        (Fake(lambda _, n: -1.0 - n % 3, drop=1), "log-probabilities of the prompt are missing"),
        (Fake(lambda _, __: math.nan), "nan is given"),
        (Fake(lambda _, __: 0.25), "0.25 is given"),
        (Fake(lambda _, n: -1.0 - n % 3), "shuffled text is not less probable"),
    ],
)
def test_scorers_alone(fake: Fake, named: str) -> None:
    """Faults that are seen without a text of the model's own."""
    with pytest.raises(ModelError, match=named):
        self_test(fake, None)


def test_a_scorer_alone_that_passes() -> None:
    """What could not be tried is said."""
    result = self_test(Fake(lambda query, n: -1.0 - n % 3 - (query.continuation not in PLAIN)), None)
    assert result.untested == (
        "echo against generation and off-by-one: no text that the same model wrote on",
    )


def test_nothing_to_test() -> None:
    """At least one of the two is needed."""
    with pytest.raises(ModelError, match="something that weighs"):
        self_test(None, None)


def test_shuffled_changes_a_text() -> None:
    """The same words, or the letters backwards."""
    assert sorted(shuffled(PLAIN).split()) == sorted(PLAIN.split())
    assert shuffled(PLAIN) != PLAIN
    assert shuffled("one") == "eno"
    text = " the the  same\n\n\nof\r\n"
    assert re.findall(r"\s+", shuffled(text)) == re.findall(r"\s+", text)
    assert shuffled(text) != text


def test_half_a_character_is_not_compared() -> None:
    """A sample may end within a character: told as U+FFFD, which is read back as other bytes."""
    tokens = (Token(0, 3), Token(3, 5), Token(5, 6))
    written = Completion("caf\u00e9s\ufffd", "length", tokens, (-1.0, -2.0, -0.1))
    echo = Scored(tokens, (-1.0, -2.0, -13.3), None)
    assert same_tokens(written, echo) == 2
    assert same_tokens(Completion("caf\u00e9s!", "length", tokens, (-1.0, -2.0, -0.1)), echo) == 3


def test_white_space_of_its_own_is_not_shuffled() -> None:
    """No order changes it: a sentence of ours is taken instead."""
    found = _Found()
    scorer = Fake(lambda query, n: -1.0 - n % 3 - (query.continuation not in PLAIN))
    _shuffled(scorer, [("To make", Completion("\n\n", "length"))], found)
    assert found.checks[0].seen.startswith("1 texts of ours")
