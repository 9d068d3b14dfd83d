"""p_z: what comes out of log-probabilities, exactly; heat; (n, p)."""

from __future__ import annotations

import math

import pytest

from countermark.errors import ModelError
from countermark.memorization.drivers.driver import Scored, Token
from countermark.memorization.extraction.heatmap import asked_characters, heat_of
from countermark.memorization.extraction.probability import (
    curve,
    expected_tries,
    facts,
    least_log10,
    weigh,
)
from countermark.memorization.extraction.windows import Window

TWO = (Token(0, 2), Token(2, 4))


def scored(
    *probabilities: float, top: tuple[float, ...] | None = None, best: tuple[bool, ...] | None = None
) -> Scored:
    def log(values: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(math.log(value) if value else -math.inf for value in values)

    return Scored(TWO, log(probabilities), None if top is None else log(top), 0, best)


def test_p_z_is_the_product() -> None:
    """A coin and a tenth: 0.05, and under top-k what is renormalised."""
    one = weigh(scored(0.5, 0.1, top=(0.625, 0.16)), "abcd")
    assert one.t1 == round(math.log10(0.05), 6)
    assert one.top == -1.0
    assert one.under("t1") == one.t1
    assert one.under("top-k") == -1.0


def test_a_token_outside_top_k_makes_p_z_zero() -> None:
    one = weigh(scored(0.5, 1e-6, top=(0.5, 0.0)), "abcd")
    assert one.top == -math.inf
    assert one.greedy is False
    assert facts(one)["top"] is None
    assert facts(one)["top_known"] is True
    assert expected_tries(one.top) is None


def test_what_the_driver_does_not_tell_is_not_made_up() -> None:
    one = weigh(scored(0.4, 0.9), "abcd")
    assert one.top is None
    assert one.greedy is None
    assert facts(one)["top_known"] is False
    with pytest.raises(ModelError, match="--rule t1"):
        one.under("top-k")


@pytest.mark.parametrize(
    ("given", "greedy"),
    [
        (scored(0.6, 0.9), True),
        (scored(0.4, 0.9), None),
        (scored(0.4, 0.9, top=(0.6, 0.9)), True),
        (scored(0.4, 0.9, top=(0.45, 0.9)), None),
        (scored(0.4, 0.01, top=(0.5, 0.02)), False),
        (scored(0.4, 0.3, best=(True, True)), True),
        (scored(0.9, 0.9, best=(True, False)), False),
    ],
)
def test_greedy_only_where_it_follows(given: Scored, greedy: bool | None) -> None:
    assert weigh(given, "abcd").greedy is greedy


def test_a_part_without_a_number_is_refused() -> None:
    """Its probability would come out too high; spaces that a tokenizer drops are no letters."""
    with pytest.raises(ModelError, match="part of a continuation"):
        weigh(scored(0.5, 0.5), "abcdef")
    with pytest.raises(ModelError, match="part of a continuation"):
        weigh(Scored((Token(1, 4),), (-1.0,), None), "abcd")
    assert weigh(Scored((Token(0, 2), Token(3, 5)), (-1.0, -1.0), None), "ab de ").tokens == 2


def test_rounding_over_one_counts_as_one() -> None:
    assert weigh(Scored(TWO, (1e-4, -1.0), None), "abcd").t1 == round(-1 / math.log(10), 6)


def test_tries_and_the_curve() -> None:
    """At p_z = 0.001: 693 tries for even odds, as 1 - 0.999^693 is just over one half."""
    assert expected_tries(-3.0) == 1000.0
    assert expected_tries(-19.0) is None
    assert least_log10(1, 0.5) == pytest.approx(math.log10(0.5))
    assert least_log10(693, 0.5) < -3.0 < least_log10(692, 0.5)
    assert curve([-0.1, -3.0, -math.inf], (1, 692, 693), (0.5,)) == [[1, 1, 2]]


def test_heat_is_the_largest_over_each_character() -> None:
    windows = [Window(0, 2, 6), Window(2, 4, 8), Window(6, 9, 10)]
    heat = heat_of(windows, [-5.0, -2.0, -math.inf], 12, -3.0)
    assert heat.runs == [[2, 4, -5.0], [4, 8, -2.0], [9, 10, None]]
    assert heat.covered == 4
    assert asked_characters(windows, 12) == 7
    assert heat_of([], [], 0, -3.0).runs == []
    assert heat_of([], [], 5, -3.0) == ([], 0)
