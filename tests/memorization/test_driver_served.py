"""The HTTP drivers against a server of ours: every way of telling log-probabilities, and what must be refused."""

from __future__ import annotations

import math
from typing import Any

import pytest

from countermark.errors import ModelError
from countermark.memorization.drivers.addresses import address_of
from countermark.memorization.drivers.connection import Patience
from countermark.memorization.drivers.driver import Decoding, Query, Scored, Token
from countermark.memorization.drivers.opening import open_generator, open_scorer
from countermark.memorization.drivers.served import ServedScorer
from countermark.memorization.drivers.served_writing import ServedGenerator
from countermark.memorization.drivers.server import Server
from memorization import toy_language as toy
from memorization.served_models import Behaviour, serving

QUERY = Query("Où est l’été", " à Évreux, the old 🎉 bridge?")
WAYS: dict[str, dict[str, Any]] = {
    "echo": {},
    "echo, few alternatives": {"most": 5},
    "echo, bytes": {"names": "bytes"},
    "echo, hexadecimal": {"names": "hexadecimal"},
    "echo, empty": {"names": "empty"},
    "vLLM": {"prompt_logprobs": True, "tokenize": True},
    "vLLM without /tokenize": {"prompt_logprobs": True, "names": "empty"},
    "vLLM, few alternatives": {"prompt_logprobs": True, "most": 20},
}


def expected(query: Query) -> Scored:
    """What the toy language says itself, computed without HTTP."""
    prefix, ids = toy.cut(query.prefix), [toy.BEGIN, *toy.cut(query.prefix + query.continuation)]
    assert ids[1 : 1 + len(prefix)] == prefix
    at = len(prefix) + 1
    rows = [toy.logprobs(tuple(ids[max(0, n - 2) : n])) for n in range(at, len(ids))]
    logprobs = [row[token] for row, token in zip(rows, ids[at:], strict=True)]
    top, tokens, spent = [], [], 0
    for row, token in zip(rows, ids[at:], strict=True):
        kept = sorted(row, reverse=True)[:40]
        whole = math.log(sum(map(math.exp, kept)))
        top.append(row[token] - whole if row[token] >= kept[-1] else -math.inf)
        begin = len(query.continuation.encode()[:spent].decode(errors="ignore"))
        spent += len(toy.piece(token))
        end = len(query.continuation.encode()[: spent + 3].decode(errors="ignore"))
        end = next(n for n in range(begin, end + 1) if len(query.continuation[:n].encode()) >= spent)
        tokens.append(Token(begin, end))
    best = tuple(number == max(row) for number, row in zip(logprobs, rows, strict=True))
    return Scored(tuple(tokens), tuple(logprobs), tuple(top), best=best)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_tells_the_same(way: str) -> None:
    """Numbers, places and the rule of 40 are those of the language, however a server names its tokens."""
    behaviour = Behaviour(**WAYS[way])
    with serving(behaviour) as address:
        scorer = open_scorer(address, name="toy")
        found = scorer.logprobs([QUERY, Query("the", ""), Query("", "the old bridge")])
        tokens = scorer.tokens(QUERY.prefix)
    told = expected(QUERY)
    assert found[0].tokens == told.tokens
    assert found[0].logprobs == pytest.approx(told.logprobs)
    if behaviour.most < 40:
        assert found[0].top is None
    else:
        assert found[0].top == pytest.approx(told.top)
    assert found[0].best == told.best
    assert found[1].tokens == ()
    assert found[2].logprobs == pytest.approx(expected(Query("", "the old bridge")).logprobs)
    assert len(tokens) == len(toy.cut(QUERY.prefix))


def test_a_token_across_the_border_is_weighed_with_the_continuation() -> None:
    """It begins at 0 there."""
    with serving(Behaviour()) as address:
        found = open_scorer(address, name="toy").logprobs([Query("on the ri", "ver bridge")])[0]
    assert found.tokens[0] == Token(0, 3)
    assert found.tokens[1] == Token(3, 10)


def test_chat_alone_is_weighed_and_written() -> None:
    """VLLM's chat with prompt_logprobs: what the template puts before the text is left out."""
    with serving(Behaviour(completions=False, prompt_logprobs=True, names="empty")) as address:
        found = open_scorer(address + "/chat/completions", name="toy").logprobs([QUERY])[0]
        written = open_generator(address, name="toy").complete(["the river"], Decoding(5))[0][0]
    assert found.tokens == expected(QUERY).tokens
    assert len(found.logprobs) == len(found.tokens)
    assert written.text == "".join(written.text[start:end] for start, end in written.tokens)
    assert len(written.logprobs) == 5


def test_completions_are_written_with_their_numbers() -> None:
    """One request for each sample, each with its own seed; numbers where the server gives them."""
    behaviour = Behaviour()
    with serving(behaviour) as address:
        written = open_generator(address, name="toy").complete(
            ["the river"], Decoding(6, temperature=1.0, top_k=40, samples=3, seed=5)
        )[0]
    assert [question["seed"] for _, question, _ in behaviour.seen] == [5, 6, 7]
    assert all(question["top_k"] == 40 for _, question, _ in behaviour.seen)
    assert len(written) == 3
    assert written[0].why == "length"
    assert len(written[0].tokens) == len(written[0].logprobs) == 6


def test_a_server_that_refuses_numbers_still_writes() -> None:
    """It is asked without them, once and for all."""
    behaviour = Behaviour(logprobs=False)
    with serving(behaviour) as address:
        written = open_generator(address, name="toy").complete(["the", "a"], Decoding(4))
    assert all(one.text and not one.logprobs for (one,) in written)
    assert len(behaviour.seen) == 3


def test_a_refusal_is_kept_in_its_words() -> None:
    """A model that declines has answered."""
    refusal = {"choices": [{"message": {"content": None, "refusal": "I cannot do that."}}]}
    with serving(Behaviour(completions=False, answer=lambda _: refusal)) as address:
        written = open_generator(address, name="toy").complete(["the"], Decoding(4))[0][0]
    assert written.text == ""
    assert written.why == "refusal: I cannot do that."


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"echo": False}, "no log-probabilities of a given text"),
        ({"numbers": lambda told: [None] * len(told)}, "null for tokens of the prompt"),
        ({"numbers": lambda told: [math.nan] * len(told)}, "a number that is none"),
        ({"numbers": lambda told: [-math.inf] * len(told)}, "a number that is none"),
        ({"numbers": lambda told: ["-1.5"] * len(told)}, "for a log-probability"),
        ({"numbers": lambda told: [True] * len(told)}, "for a log-probability"),
        ({"numbers": lambda told: [0.5] * len(told)}, "none is above 0"),
        ({"text": str.lower}, "lower-cased"),
        ({"text": str.upper}, "with other capitals"),
        ({"answer": lambda _: {"choices": []}}, "no choices"),
        (
            {"answer": lambda _: {"choices": [{"text": "x", "logprobs": {"tokens": ["x"]}}]}},
            "one log-probability",
        ),
        ({"prompt_logprobs": True, "numbers": lambda told: [2.0] * len(told)}, "none is above 0"),
        (
            {"prompt_logprobs": True, "names": "text", "text": str.lower, "echo": False},
            "not those of the prompt",
        ),
    ],
)
def test_wrong_answers_are_named(change: dict[str, Any], what: str) -> None:
    """Each is one ModelError that names the address and what was seen."""
    with serving(Behaviour(**change)) as address:
        scorer = open_scorer(address, name="toy")
        with pytest.raises(ModelError, match=what) as caught:
            scorer.logprobs([QUERY])
    assert address in str(caught.value)


def test_null_in_the_middle_and_an_echo_stripped_later() -> None:
    """What a server does only to some texts is seen at those texts."""

    def holes(told: list[float | None]) -> list[float | None]:
        return [None if n == 20 and len(told) > 35 else number for n, number in enumerate(told)]

    long = Query(
        "the old river",
        " and the letter was of the station; it went to the door, it was old ....................",
    )
    with serving(Behaviour(numbers=holes)) as address, pytest.raises(ModelError, match="token 21 of"):
        open_scorer(address, name="toy").logprobs([long])
    with serving(Behaviour(text=str.strip)) as address, pytest.raises(ModelError, match="stripped of spaces"):
        open_scorer(address, name="toy").logprobs([Query(" the", " old")])


def test_the_name_of_a_model() -> None:
    """A wrong or missing name lists what there is."""
    with serving(Behaviour()) as address:
        with pytest.raises(ModelError, match="no model 'gpt'; offered: toy, toy-large"):
            open_scorer(address, name="gpt")
        with pytest.raises(ModelError, match="several models"):
            open_generator(address)
        assert open_scorer(address, name="toy-large").identity.name == "toy-large"


def test_who_sees_what_is_asked() -> None:
    """A loopback server and the user's own are not hosted."""
    with serving(Behaviour()) as address:
        server = Server(address_of(address), name="toy", patience=Patience(retries=0))
    assert not server.hosted
    assert not ServedScorer(server).hosted
    assert not ServedGenerator(server).hosted
    assert server.identity.digest == ""
    assert server.identity.address == address
