"""Holm's adjustment, e-values and conformal p-values against known values and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.probability.conformal import conformal_p, controls_needed
from countermark.probability.evalues import e_value, mean_of, product_of, rejected
from countermark.probability.holm import holm

PS = st.lists(st.floats(1e-12, 1.0), max_size=20)


def test_holm_s_known_values() -> None:
    """Four tests worked by hand."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5]) == [0.5]
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


@given(PS)
def test_holm_stands_between_the_p_and_bonferroni(ps: list[float]) -> None:
    """Never below p, never above n p, and in the same order."""
    adjusted = holm(ps)
    assert all(p <= one <= min(1.0, len(ps) * p) + 1e-15 for p, one in zip(ps, adjusted, strict=True))
    assert [one for _, one in sorted(zip(ps, adjusted, strict=True))] == sorted(adjusted)


def test_an_e_value_has_mean_one() -> None:
    """The integral of k p^(k-1) over (0, 1), where p runs over the midpoints of a fine grid on p^k."""
    middles = (np.arange(100_000) + 0.5) / 100_000
    ps = middles ** (1 / 0.3)  # where the mass of the calibrator is spread evenly
    weights = np.diff((np.arange(100_001) / 100_000) ** (1 / 0.3))
    assert sum(e_value(float(p)) * weight for p, weight in zip(ps, weights, strict=True)) == pytest.approx(
        1, abs=1e-3
    )
    assert e_value(1.0) == 0.3
    assert e_value(1e-6) == pytest.approx(0.3 * 10**4.2)


def test_combined_e_values() -> None:
    """A mean, a product, and what rejects."""
    assert mean_of([1.0, 3.0]) == 2.0
    assert product_of([2.0, 3.0]) == 6.0
    assert rejected(20.0, 0.05)
    assert not rejected(19.9, 0.05)


def test_repeated_looks_with_the_same_draw_keep_the_level() -> None:
    """Five tests that share everything: the mean rejects at most at the level; the product does not."""
    ps = (np.arange(100_000) + 0.5) / 100_000
    means = [rejected(mean_of([e_value(float(p))] * 5), 0.05) for p in ps]
    products = [rejected(product_of([e_value(float(p))] * 5), 0.05) for p in ps]
    assert np.mean(means) <= 0.05
    assert np.mean(products) > 0.05


def test_conformal_p_and_how_many_controls_it_needs() -> None:
    """The table of the field: 19, 99, 999 controls."""
    assert conformal_p(2.0, [1.0, 2.0, 3.0]) == 0.75
    assert conformal_p(9.0, [1.0] * 19) == 0.05
    assert conformal_p(9.0, []) == 1.0
    assert [controls_needed(alpha) for alpha in (0.05, 0.01, 0.001, 0.3)] == [19, 99, 999, 3]


@pytest.mark.parametrize(
    "call",
    [
        lambda: holm([0.0]),
        lambda: holm([float("nan")]),
        lambda: e_value(0.0),
        lambda: e_value(0.5, 1.0),
        lambda: mean_of([]),
        lambda: product_of([float("nan")]),
        lambda: conformal_p(float("nan"), []),
        lambda: controls_needed(1.0),
    ],
)
def test_what_is_no_probability_is_refused(call: object) -> None:
    """Zero, one, nothing and no number."""
    assert callable(call)
    with pytest.raises(ValueError, match=r".+"):
        call()
