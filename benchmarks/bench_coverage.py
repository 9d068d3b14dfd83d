"""How often the intervals of `countermark scan --estimate` hold, in simulated corpora whose cost is known.

    python benchmarks/bench_coverage.py                    writes results/coverage.json

Each corpus has two strata, one of them five times as dear a byte. Sizes of shards are skewed (log-normal), and so is
what a byte of a shard costs; within a shard the cost changes from MB to MB, and only its first eight MB are read. What
is not simulated, and not covered: a machine whose speed changes, shards that end otherwise than they begin, and a
largest shard so large that it is most of the corpus.
"""

from __future__ import annotations

import argparse
import random
from typing import Any, NamedTuple

from countermark.scan.estimate_total import Block, Stratum, Unit, total_of
from results import save

PRICES = (("a", 2e-8), ("b", 1e-7))
"""Seconds a byte in each stratum."""

READ = 8
"""MB of a shard that a sample reads."""


class Case(NamedTuple):
    """Shards in each stratum, how many of them are sampled, and how much shards differ in what a byte costs."""

    shards: int
    sampled: int
    spread: float


CASES = (
    Case(100, 30, 0.4),
    Case(100, 12, 0.4),
    Case(100, 12, 0.8),
    Case(60, 6, 0.5),
    Case(1000, 60, 0.8),
    Case(1000, 3, 0.5),
)


def simulated(case: Case, dice: random.Random) -> tuple[list[Stratum], float]:
    """A corpus as a sample of it shows it, and what the whole costs."""
    strata, truth = [], 0.0
    for name, price in PRICES:
        corpus = [_shard(dice, price, case.spread) for _ in range(case.shards)]
        truth += sum(sum(parts) for _, parts in corpus)
        units = tuple(_measured(size, parts) for size, parts in dice.sample(corpus, case.sampled))
        strata.append(Stratum(name, case.shards, sum(size for size, _ in corpus), units))
    return strata, truth


def held(case: Case, trials: int, seed: int) -> dict[str, Any]:
    """In how many of so many corpora the interval held what the whole cost, and on which side it lay otherwise."""
    dice = random.Random(seed)
    below = above = 0
    widths = []
    for _ in range(trials):
        strata, truth = simulated(case, dice)
        total = total_of(strata, lambda unit: [block.cpu for block in unit.blocks], 0.0)
        below, above = below + (truth < total.low), above + (truth > total.high)
        widths.append(total.high / total.value)
    return {
        **case._asdict(),
        "trials": trials,
        "held_per_cent": round(100 * (1 - (below + above) / trials), 1),
        "truth_below": below,
        "truth_above": above,
        "median_high_to_value": round(sorted(widths)[trials // 2], 2),
    }


def _shard(dice: random.Random, price: float, spread: float) -> tuple[int, list[float]]:
    """A shard: its size, and what each MB of it costs."""
    size = max(1, round(dice.lognormvariate(2, 0.8)))
    own = price * dice.lognormvariate(0, spread)
    return size * 1_000_000, [own * 1e6 * dice.lognormvariate(0, 0.3) for _ in range(size)]


def _measured(size: int, parts: list[float]) -> Unit:
    """What a sample sees of it."""
    return Unit(size, tuple(Block(1_000_000, cost, cost) for cost in parts[:READ]))


def main() -> None:
    """Simulate and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=9)
    given = parser.parse_args()
    cases = [held(case, given.trials, given.seed) for case in CASES]
    for case in cases:
        print(case)
    save("coverage", {"meant_per_cent": 90, "seed": given.seed, "cases": cases}, packages=())


if __name__ == "__main__":
    main()
