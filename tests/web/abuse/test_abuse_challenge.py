"""A proof of work is taken once, in time, untouched, and asked only when it is needed."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import altcha
import pytest
import time_machine
from django.test import RequestFactory
from django.urls import reverse

from countermark.web.abuse import challenge, limits
from countermark.web.abuse.models import RateRule, Switch, UsedChallenge
from countermark.web.abuse.views import challenge_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _easy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(challenge, "ROUNDS", 10)


def _solved(document: dict[str, Any]) -> str:
    asked = altcha.Challenge.from_dict(document)
    solution = altcha.solve_challenge(asked)
    assert solution is not None
    assert challenge.FEWEST_TRIES <= solution.counter <= challenge.MOST_TRIES
    return str(altcha.Payload(asked, solution).to_base64())


@pytest.mark.usefixtures("db")
def test_a_proof_is_taken_once() -> None:
    """The second time it is refused, whatever its spelling."""
    payload = _solved(challenge.issue())
    assert challenge.check(payload)
    assert not challenge.check(payload)
    content = json.loads(base64.b64decode(payload))
    content["challenge"]["signature"] = content["challenge"]["signature"].upper()
    assert not challenge.check(base64.b64encode(json.dumps(content).encode()).decode())
    assert UsedChallenge.objects.count() == 1


@pytest.mark.usefixtures("db")
def test_a_proof_is_taken_in_time_only() -> None:
    """After half an hour it is worth nothing."""
    with time_machine.travel(NOON, tick=False) as clock:
        early, late = _solved(challenge.issue()), _solved(challenge.issue())
        clock.shift(challenge.SECONDS - 1)
        assert challenge.check(early)
        clock.shift(2)
        assert not challenge.check(late)


def _cheaper(content: dict[str, Any]) -> None:
    content["challenge"]["parameters"]["cost"] = 1


def _longer(content: dict[str, Any]) -> None:
    content["challenge"]["parameters"]["expiresAt"] += 9999


def _other_answer(content: dict[str, Any]) -> None:
    content["solution"]["derivedKey"] = "00" * 32


def _prefix_alone(content: dict[str, Any]) -> None:
    prefix = content["challenge"]["parameters"]["keyPrefix"]
    content["solution"]["derivedKey"] = prefix.ljust(64, "0")


def _unsigned(content: dict[str, Any]) -> None:
    del content["challenge"]["signature"]


def _strange(content: dict[str, Any]) -> None:
    content["challenge"]["signature"] = ["x"]


@pytest.mark.parametrize("change", [_cheaper, _longer, _other_answer, _prefix_alone, _unsigned, _strange])
@pytest.mark.usefixtures("db")
def test_a_proof_that_was_tampered_with_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    """Terms, answer and our mark are all checked; and the honest proof is not spent by the attempt."""
    payload = _solved(challenge.issue())
    content = json.loads(base64.b64decode(payload))
    change(content)
    assert not challenge.check(base64.b64encode(json.dumps(content).encode()).decode())
    assert challenge.check(payload)


@pytest.mark.parametrize(
    "payload", ["", "x", "é", "A" * 100_000, "bnVsbA==", "W10=", "eyJjaGFsbGVuZ2UiOm51bGx9", "[" * 3000]
)
@pytest.mark.usefixtures("db")
def test_nonsense_is_refused(payload: str) -> None:
    """No text makes an error."""
    assert challenge.check(payload) is False


@pytest.mark.usefixtures("db")
def test_it_is_asked_above_the_threshold_or_by_the_switch() -> None:
    """Below the rate nothing is asked; the whole site counts together."""
    RateRule.objects.create(name="challenge", limit=5, seconds=60)
    with time_machine.travel(NOON, tick=False):
        assert not challenge.needed()
        for number in range(5):
            limits.allowed(("sign_burst", bytes([number])))
        challenge._busiest.forget()
        assert challenge.needed()
    challenge._busiest.forget()
    assert not challenge.needed()
    Switch.objects.create(name="challenge", on=True)
    assert challenge.needed()


@pytest.mark.usefixtures("db")
def test_the_form_learns_what_is_asked() -> None:
    """JSON without a challenge in quiet times, with one that can be solved otherwise; never cached."""
    request = RequestFactory().get("/abuse/challenge.json")
    quiet = challenge_json(request)
    assert json.loads(quiet.content) == {"needed": False}
    assert "no-store" in quiet["Cache-Control"]
    Switch.objects.create(name="challenge", on=True)
    document = json.loads(challenge_json(request).content)
    assert document["needed"] is True
    assert challenge.check(_solved(document["challenge"]))


def test_the_address_of_the_challenge_is_open_to_all_and_sets_no_cookie(visitor: Client) -> None:
    """Readers fetch it without a session; only reading is possible."""
    answer = visitor.get(reverse("challenge_json"))
    assert answer.json() == {"needed": False}
    assert not answer.cookies
    assert visitor.post(reverse("challenge_json")).status_code == 405
