"""The false proof: a difference of loss that looks overwhelming, between texts that the model was given neither of.

The loss of a model of bench_traps.py over its unplanted works (old plays and the Bible) is held against its loss over
modern prose, this project's own documentation, by Welch's t-test. The p is absurdly small and shows nothing but that
the model was given other old texts. The product's blind gate, which never sees a model, is asked about the same two
sides; and both are asked about random halves of the unplanted works, where there is nothing to be found.

`python benchmarks/bench_false_proof.py --seeds 2 3 4` needs what bench_traps.py left in work/traps/, and writes
results/false_proof.json.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import one_thread, save

one_thread()

from countermark.memorization.blind_gate import VOID, blind_gate  # noqa: E402
from countermark.memorization.drivers.driver import Query  # noqa: E402
from countermark.memorization.drivers.local import open_local  # noqa: E402
from countermark.probability.binomial import beta_cdf, clopper_pearson  # noqa: E402
from trap_models import trained  # noqa: E402
from trap_texts import passages  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.drivers.local import LocalModel

DOCS = Path(__file__).parents[1] / "docs"
PIECE = 180  # characters
HALVES = 500
GATES = 60  # the gate deals its names anew for each, which takes seconds


def modern(count: int, seed: int) -> list[str]:
    """Passages of about 900 characters of this project's documentation: its English prose, without code and tables."""
    found = []
    for path in sorted(DOCS.rglob("*.md")):
        if "/fr/" in path.as_posix() or path.name == "benchmarks.md":
            continue
        text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        prose = [part for part in text.split("\n\n") if re.match(r"[A-Z]", part) and "|" not in part]
        found += [piece for piece in passages("\n\n".join(prose)) if 600 <= len(piece) <= 1000]
    if len(found) < count:
        raise SystemExit(f"docs/ holds {len(found)} passages of prose; {count} are needed")
    return random.Random(seed).sample(found, count)


def losses(model: LocalModel, texts: Sequence[str]) -> list[float]:
    """The mean negative log-probability of a token, text by text, each in pieces that fit the model's context."""
    found = []
    for text in texts:
        starts = range(0, len(text), PIECE)
        pieces = [Query(text[max(0, at - PIECE) : at], text[at : at + PIECE]) for at in starts]
        found.append(-statistics.fmean(value for one in model.logprobs(pieces) for value in one.logprobs))
    return found


def welch(first: Sequence[float], second: Sequence[float]) -> tuple[float, float]:
    """Welch's t and its two-sided p."""
    parts = [
        (statistics.fmean(side), statistics.variance(side) / len(side), len(side)) for side in (first, second)
    ]
    (mean, error, count), (other, other_error, other_count) = parts
    t = (mean - other) / math.sqrt(error + other_error)
    freedom = (error + other_error) ** 2 / (error**2 / (count - 1) + other_error**2 / (other_count - 1))
    return t, beta_cdf(freedom / (freedom + t * t), freedom / 2, 0.5)


def auc(low: Sequence[float], high: Sequence[float]) -> float:
    """The share of pairs in which the first has the smaller loss."""
    wins = sum((a < b) + (a == b) / 2 for a in low for b in high)
    return wins / (len(low) * len(high))


def measured(seed: int) -> dict[str, Any]:
    """The false proof, and the same on halves, for the model of one seed."""
    world, _, folder, _ = trained(seed)
    works = [text for name, text in world.works.items() if not world.exposures[name]]
    others = modern(len(works), seed)
    model = open_local(folder)
    own, controls = losses(model, works), losses(model, others)
    t, p = welch(own, controls)
    found = {
        "works": len(works),
        "controls": len(others),
        "mean_loss": [round(statistics.fmean(side), 3) for side in (own, controls)],
        "t": round(t, 2),
        "p": float(f"{p:.2g}"),
        "auc_of_loss": round(auc(own, controls), 4),
        "gate": blind_gate(works, others).facts(),
        "halves": halves(works, own, seed),
    }
    print(seed, found, flush=True)
    return found


def halves(works: Sequence[str], own: Sequence[float], seed: int) -> dict[str, Any]:
    """Works against works, divided at random: how often the t-test rejects, and how often the gate refuses."""
    drawn = random.Random(f"halves {seed}")
    splits = []
    for _ in range(HALVES):
        order = list(range(len(works)))
        drawn.shuffle(order)
        splits.append((order[: len(order) // 2], order[len(order) // 2 :]))
    rejected = sum(welch([own[n] for n in one], [own[n] for n in other])[1] <= 0.05 for one, other in splits)
    gates = [blind_gate([works[n] for n in one], [works[n] for n in other]) for one, other in splits[:GATES]]
    void = sum(gate.verdict == VOID for gate in gates)
    return {
        "splits": HALVES,
        "t_test_rejected": rejected,
        "gates": len(gates),
        "gates_void": void,
        "void_interval_95": [round(limit, 4) for limit in clopper_pearson(void, len(gates))],
        "void_by_chance_said": round(statistics.fmean(gate.by_chance or 0.0 for gate in gates), 4),
        "median_auc": round(statistics.median(gate.auc or 0.0 for gate in gates), 4),
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", nargs="+", type=int, default=[2, 3, 4])
    found: dict[str, Any] = {}
    for seed in asked.parse_args().seeds:
        found[str(seed)] = measured(seed)
        save("false_proof", {"seeds": found}, packages=("torch", "transformers", "tokenizers", "numpy"))


if __name__ == "__main__":
    main()
