"""Totals from samples: right where the cost is known, and intervals that hold as often as they are meant to."""

from __future__ import annotations

import random

import pytest

from countermark.scan.estimate_total import (
    BLOCKS,
    Block,
    Stratum,
    Total,
    Unit,
    blocks_of,
    findings_of,
    total_of,
)

MEASURES = 250


def unit(size: int, cost: float, read: float = 1.0, blocks: int = 4) -> Unit:
    """A shard of so many bytes at so much a byte, of which a part was read."""
    each = int(size * read / blocks)
    return Unit(size, tuple(Block(each, each * cost, each * cost) for _ in range(blocks)), units=each)


def cpu(given: Unit) -> list[float]:
    """The CPU seconds of the blocks."""
    return [block.cpu for block in given.blocks]


def test_even_costs_give_the_exact_total_whatever_was_read() -> None:
    """At one price a byte, any sample gives the same total, and an interval without width."""
    units = tuple(
        unit(size, 2e-8, read) for size, read in ((4_000_000, 1.0), (8_000_000, 0.5), (400_000, 0.25))
    )
    total = total_of([Stratum("jsonl", 100, 500_000_000, units)], cpu, 0.0)
    assert total.value == pytest.approx(10.0)
    assert (total.low, total.high) == pytest.approx((10.0, 10.0))
    assert not total.assumed


def test_strata_add_up_each_at_its_own_price() -> None:
    """A dear format that is a tenth of the bytes is not paid at the price of the rest."""
    strata = [
        Stratum("jsonl", 90, 90_000_000, (unit(1_000_000, 1e-8), unit(1_000_000, 1e-8))),
        Stratum("tar", 10, 10_000_000, (unit(1_000_000, 3e-7), unit(1_000_000, 3e-7))),
    ]
    assert total_of(strata, cpu, 0.0).value == pytest.approx(0.9 + 3.0)


def test_everything_read_leaves_the_noise_only() -> None:
    """A census has no sampling error, however its shards differ; what a machine varies by is left."""
    units = (unit(1_000_000, 1e-8), unit(3_000_000, 9e-8), unit(10_000, 5e-7))
    strata = [Stratum("jsonl", 3, sum(each.size for each in units), units)]
    exact = total_of(strata, cpu, 0.0)
    assert (exact.low, exact.high) == pytest.approx((exact.value, exact.value))
    noisy = total_of(strata, cpu, 0.1)
    assert noisy.high / noisy.value == pytest.approx(1.217, abs=0.001)


def test_one_shard_of_many_is_half_to_twice_and_says_so() -> None:
    """From one shard nothing can be said of how shards differ."""
    total = total_of([Stratum("jsonl.zst", 1000, 10**9, (unit(1_000_000, 1e-8),))], cpu, 0.0)
    assert total.assumed
    assert total.high / total.value == pytest.approx(2, rel=0.03)


def test_a_shard_that_was_read_in_part_is_uncertain_by_itself() -> None:
    """One large file of which the beginning was read: its blocks tell how it varies."""
    blocks = tuple(Block(1_000_000, seconds, seconds) for seconds in (0.01, 0.03, 0.02, 0.04))
    total = total_of([Stratum("tar", 1, 10**9, (Unit(10**9, blocks),))], cpu, 0.0)
    assert total.value == pytest.approx(25.0)
    assert 1.2 < total.high / total.value < 3
    assert not total.assumed


def test_a_stratum_that_was_not_reached_costs_as_much_a_byte_as_the_rest() -> None:
    """And the interval is wider for it."""
    seen = Stratum("jsonl", 10, 10_000_000, tuple(unit(1_000_000, 1e-8) for _ in range(10)))
    total = total_of([seen, Stratum("zip", 1, 10_000_000, ())], cpu, 0.0)
    assert total.value == pytest.approx(0.2)
    assert total.assumed
    assert total.high > 1.2 * total.value


def test_nothing_found_is_not_told_as_none() -> None:
    """Three times what one would have stood for; nothing at all where everything was read."""
    read = (unit(1_000_000, 1e-8), unit(1_000_000, 1e-8))
    found = findings_of([Stratum("jsonl", 100, 100_000_000, read)])
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(150)
    assert findings_of([Stratum("jsonl", 2, 2_000_000, read)]).high == 0


def test_nothing_measured_is_nothing() -> None:
    """No division by it either."""
    assert total_of([Stratum("jsonl", 3, 100, ())], cpu, 0.1) == Total(0, 0, 0, assumed=True)
    assert total_of([Stratum("jsonl", 1, 0, (Unit(0, (Block(0, 0.0, 0.0),)),))], cpu, 0.1).value == 0


@pytest.mark.parametrize(
    ("shards", "drawn_at_most", "spread"), [(100, 30, 0.4), (100, 12, 0.4), (100, 12, 0.8), (60, 6, 0.5)]
)
def test_intervals_hold_as_often_as_they_are_meant_to(shards: int, drawn_at_most: int, spread: float) -> None:
    """Simulated corpora, skewed in size and cost, of two strata, large shards read in part."""
    dice = random.Random(shards + drawn_at_most)
    held = 0
    for _ in range(MEASURES):
        strata, truth = [], 0.0
        for name, price in (("a", 2e-8), ("b", 1e-7)):
            population = [_population_shard(dice, price, spread) for _ in range(shards)]
            truth += sum(sum(parts) for _, parts in population)
            chosen = dice.sample(population, drawn_at_most)
            units = tuple(_measured(size, parts) for size, parts in chosen)
            strata.append(Stratum(name, shards, sum(size for size, _ in population), units))
        total = total_of(strata, cpu, 0.0)
        held += total.low <= truth <= total.high
    assert 0.86 <= held / MEASURES <= 0.98, held / MEASURES


def _population_shard(dice: random.Random, price: float, spread: float) -> tuple[int, list[float]]:
    """A shard: its size, and what each MB of it costs."""
    size = max(1, round(dice.lognormvariate(2, 0.8)))
    own = price * dice.lognormvariate(0, spread)
    return size * 1_000_000, [own * 1e6 * dice.lognormvariate(0, 0.3) for _ in range(size)]


def _measured(size: int, parts: list[float]) -> Unit:
    """What a sample sees of it: eight MB at most."""
    return Unit(size, tuple(Block(1_000_000, cost, cost) for cost in parts[:8]))


def test_batches_become_blocks_of_about_as_many_bytes() -> None:
    """Bytes, seconds and findings are all kept, also of batches that claim no bytes."""
    batches = [Block(1000, 0.5, 1.0, 2), *(Block(0, 0.25, 0.5, 1) for _ in range(3))] * 30
    blocks = blocks_of(batches)
    assert len(blocks) <= BLOCKS + 1
    assert sum(block.stored for block in blocks) == 30_000
    assert sum(block.cpu for block in blocks) == pytest.approx(30 * 1.25)
    assert sum(block.findings for block in blocks) == 150
    assert blocks_of([Block(0, 1.0, 1.0)]) == (Block(0, 1.0, 1.0),)
