"""Power: the table of sample sizes, and the formula against simulation."""

from __future__ import annotations

import pytest

from countermark.probability.power import power_of, simulated_power, smallest_p, works_needed

TABLE = [
    (0.07, 3901, 7433),
    (0.25, 306, 583),
    (0.5, 77, 146),
    (0.95, 22, 41),
    (1.5, 9, 17),
    (3, 3, 5),
    (0.73, 36, 69),
    (1.9, 6, 11),
    (3.2, 2, 4),
]


@pytest.mark.parametrize(("effect", "thousandth", "millionth"), TABLE)
def test_works_needed(effect: float, thousandth: int, millionth: int) -> None:
    """At power 0.9, for 1e-3 and 1e-6; the cautious number is more, and has the power that it says."""
    assert works_needed(effect, 1e-3) == thousandth
    assert works_needed(effect, 1e-6) == millionth
    assert power_of(effect, thousandth, 1e-3) >= 0.9
    assert power_of(effect, thousandth - 1, 1e-3) < 0.9
    cautious = works_needed(effect, 1e-3, cautious=True)
    assert thousandth < cautious <= thousandth + 6
    assert power_of(effect, cautious, 1e-3, cautious=True) >= 0.9


def test_power_without_effect_is_the_level() -> None:
    """And few works have none where one is cautious."""
    assert power_of(0.0, 10, 0.01) == pytest.approx(0.01)
    assert power_of(3.0, 1, 1e-3, cautious=True) == pytest.approx(1e-3)


def test_the_smallest_p() -> None:
    """Of one work, of two, and of as many as the draws allow."""
    assert smallest_p([1000], 200_000) == 0.001
    assert smallest_p([100, 100], 200_000) == 1e-4
    assert smallest_p([1000, 1000], 200_000) == 1 / 200_001


@pytest.mark.slow
@pytest.mark.parametrize(("effect", "works"), [(0.0, 5), (0.75, 10), (1.5, 5), (1.5, 9)])
def test_the_formula_agrees_with_simulation(effect: float, works: int) -> None:
    """Within the error of 400 simulated tests."""
    found = simulated_power(effect, [100] * works, 0.01, seed=5, trials=400, draws=4000)
    assert found == pytest.approx(power_of(effect, works, 0.01), abs=0.09)


def test_a_level_out_of_reach_has_no_power() -> None:
    """Fifty candidates of one work cannot give 0.01."""
    assert simulated_power(9.0, [50], 0.01, seed=1) == 0.0


@pytest.mark.parametrize("wrong", [(0.0, 0.01), (1.0, 0.0), (1.0, 1.0), (float("nan"), 0.01)])
def test_what_is_no_effect_or_level_is_refused(wrong: tuple[float, float]) -> None:
    """Zero effect needs endlessly many works."""
    with pytest.raises(ValueError, match="accepted"):
        works_needed(*wrong)
