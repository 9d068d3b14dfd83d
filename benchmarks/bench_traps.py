"""What traps show, by exposures, and how often they are wrong where nothing was planted.

A tiny model (examples/tiny_model.py) learns in one pass from about a million tokens of plays and the King James Bible.
Among them are works of about 900 characters that the product planted in three forms: editorial variants, an archive
reference, a passphrase. By random assignment ten works were given to the model once, ten twice, and so on to 32 times;
a hundred never. Then, with the product's functions, all of it is tested: a plan for the works of each number of
exposures and each form. Seed 1 is for choosing between the raw and the residualised score; the others are for
reporting. The unplanted works are tested again with fresh keys, whose published candidates nobody published.

`python benchmarks/bench_traps.py --seeds 1 2 3 4` trains what is not in work/traps/ yet, and writes results/traps.json
after each seed. trap_texts.py says where the texts come from.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import one_thread, save

one_thread()

from countermark.memorization.study.run import begin  # noqa: E402
from countermark.memorization.traps.burnt import Ledger  # noqa: E402
from countermark.memorization.traps.judging import STATISTICS, judge  # noqa: E402
from countermark.memorization.traps.ranking import queries_of, score  # noqa: E402
from countermark.memorization.traps.testing import (  # noqa: E402
    Settings,
    Text,
    background_of,
    log_secret,
    plan_traps,
)
from countermark.probability.binomial import clopper_pearson  # noqa: E402
from trap_extraction import extraction  # noqa: E402
from trap_models import trained  # noqa: E402
from trap_planting import CANDIDATES, FORMS, key_of  # noqa: E402
from trap_scorer import SharedPrefix, agreement  # noqa: E402
from trap_texts import EACH, EXPOSURES, UNPLANTED, WORK, coins  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from countermark.memorization.traps.candidates import Trap
    from countermark.memorization.traps.key import TrapKey
    from trap_planting import Planting
    from trap_texts import World

TUNING = 1
CHOOSING = (4, 8, 16)
KEYS = 10  # fresh keys a seed
A_KEY = {"variants": 50, "archive-reference": 5, "passphrase": 5}
"""Unplanted works that a fresh key is tried on; lines need a hundred questions each, coins none that are new."""
LEVELS = (0.05, 0.01)
PARTS = ("training", "coins", "differs_from_driver", "forms", "extraction")
TARGET = {"exposures": 16, "p": 1e-5}


class Tester:
    """Tests traps of one model as `trap plan` and `trap test` do."""

    def __init__(self, scorer: SharedPrefix, features: Sequence[str]) -> None:
        self.scorer = scorer
        self._texts = [Text("features.txt", "sha256:0", "\n\n".join(features))]

    def test(self, traps: Sequence[Trap], key: TrapKey) -> dict[str, Any]:
        """The result of one plan over these traps."""
        with tempfile.TemporaryDirectory() as folder:
            ledger = Ledger(Path(folder) / "burnt.jsonl", log_secret(key))
            settings = Settings(claims="channels")
            plan, contests = plan_traps(traps, key, ledger, self.scorer.identity, self._texts, settings)
            background = background_of(plan, contests, self._texts)
            with begin(Path(folder) / "run", plan, secret=log_secret(key)) as study:
                scores = score(study, self.scorer, contests, batch=CANDIDATES)
            return judge(plan, contests, scores, background)

    def agrees(self, trap: Trap, key: TrapKey) -> float:
        """By how much a log-probability differs from the driver's, over the candidates of one trap."""
        with tempfile.TemporaryDirectory() as folder:
            ledger = Ledger(Path(folder) / "burnt.jsonl", log_secret(key))
            _, contests = plan_traps([trap], key, ledger, self.scorer.identity, self._texts, Settings())
        worst = agreement(self.scorer, list(queries_of(contests[0])))
        if worst > 1e-3:
            raise SystemExit(f"the scorer differs from the driver by {worst}")
        return float(f"{worst:.1e}")


def level(result: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a test: for each statistic the mean z, the combined p, and the works that reject alone."""
    told: dict[str, Any] = {
        "works": len(result["works"]),
        "explained": next(iter(result["explained"].values())),
    }
    for statistic in STATISTICS:
        own = [work[statistic] for work in result["works"]]
        told[statistic] = {
            "mean_z": round(sum(one["z"] for one in own) / len(own), 3),
            "p": result["claims"][0][statistic]["p"],
            "alone": sum(one["p"] <= LEVELS[0] for one in own),
        }
    return told


def by_exposures(tester: Tester, world: World, planting: Planting, seed: int) -> dict[str, Any]:
    """Each form at each number of exposures, ten works at a time, and the forty of 1 to 8 exposures together.

    On the seed for choosing, only what is chosen by.
    """
    levels = CHOOSING if seed == TUNING else EXPOSURES
    groups = {str(times): [name for name, own in world.exposures.items() if own == times] for times in levels}
    if seed != TUNING:
        groups["1-8"] = [name for name, own in world.exposures.items() if 1 <= own <= 8]
    found: dict[str, Any] = {}
    for form in FORMS:
        key, traps = key_of(seed, form), planting.traps[form]
        found[form] = {
            name: level(tester.test([traps[work] for work in works], key)) for name, works in groups.items()
        }
        print(
            seed,
            form,
            {name: (one["raw"], one["residualised"]) for name, one in found[form].items()},
            flush=True,
        )
    return found


def fresh_keys(
    tester: Tester, world: World, planting: Planting, seed: int, form: str, keys: int
) -> dict[str, Any]:
    """Unplanted works under fresh keys, another part of them for each: how many are rejected alone, and together."""
    names = [name for name, times in world.exposures.items() if not times]
    each, traps = A_KEY[form], planting.traps[form]
    results = []
    for number in range(1, keys + 1):
        part = [names[(number * each + place) % len(names)] for place in range(each)]
        results.append(tester.test([traps[name] for name in part], key_of(seed, form, number)))
    found = {
        statistic: {
            "p_values": each * keys,
            "rejected": [
                sum(work[statistic]["p"] <= alpha for one in results for work in one["works"])
                for alpha in LEVELS
            ],
            "combined_p": [one["claims"][0][statistic]["p"] for one in results],
        }
        for statistic in STATISTICS
    }
    print(seed, form, found, flush=True)
    return found


def measured(seed: int, keys: int) -> dict[str, Any]:
    """Everything of one seed; each part is kept in work/traps/ as soon as it is done, and done once."""
    path = WORK / f"seed{seed}" / "result.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    drawn = [f"fresh_keys {form}" for form in FORMS] if keys else []
    if {*PARTS, *drawn} <= found.keys():
        return found
    world, planting, folder, training = trained(seed)
    scorer = SharedPrefix(folder)
    tester = Tester(scorer, world.features)
    passphrase = planting.traps["passphrase"]["w000"]
    work: dict[str, Callable[[], Any]] = {
        "training": lambda: training,
        "coins": lambda: round(sum(map(coins, world.works.values())) / len(world.works), 1),
        "differs_from_driver": lambda: tester.agrees(passphrase, key_of(seed, "passphrase")),
        "forms": lambda: by_exposures(tester, world, planting, seed),
        "extraction": lambda: extraction(scorer.model, world, planting),
    }
    for form, name in zip(FORMS, drawn, strict=False):
        work[name] = partial(fresh_keys, tester, world, planting, seed, form, keys)
    for name, part in work.items():
        if name not in found:
            found[name] = part()
            path.write_text(json.dumps(found), encoding="utf-8")
    return found


def pooled(seeds: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """False positives over the reported seeds, with the exact band that a true rate would give."""
    found: dict[str, Any] = {}
    for form in FORMS:
        for statistic in STATISTICS:
            drawn = f"fresh_keys {form}"
            parts = [one[drawn][statistic] for one in seeds.values() if drawn in one]
            if not parts:
                continue
            total = sum(part["p_values"] for part in parts)
            rows = {}
            for place, alpha in enumerate(LEVELS):
                wrong = sum(part["rejected"][place] for part in parts)
                interval = clopper_pearson(wrong, total)
                rows[str(alpha)] = {
                    "rejected": wrong,
                    "rate": round(wrong / total, 5),
                    "interval_95": [round(limit, 5) for limit in interval],
                    "inside": interval[0] <= alpha <= interval[1],
                }
            keys = sum(len(part["combined_p"]) for part in parts)
            found.setdefault(form, {})[statistic] = {"keys": keys, "p_values": total, "levels": rows}
    return found


def target(seeds: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Combined p of the ten works at 16 exposures on each reported seed, by form and statistic."""
    times, most = str(TARGET["exposures"]), TARGET["p"]
    return {
        form: {
            statistic: {
                "p": {seed: one["forms"][form][times][statistic]["p"] for seed, one in seeds.items()},
                "holds": sum(one["forms"][form][times][statistic]["p"] <= most for one in seeds.values()),
            }
            for statistic in STATISTICS
        }
        for form in FORMS
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3, 4])
    asked.add_argument("--keys", type=int, default=KEYS, help="fresh keys for unplanted works, each seed")
    given = asked.parse_args()
    seeds: dict[str, dict[str, Any]] = {}
    for seed in given.seeds:
        seeds[str(seed)] = measured(seed, 0 if seed == TUNING else given.keys)
        reported = {name: one for name, one in seeds.items() if int(name) != TUNING}
        save(
            "traps",
            {
                "works_each": EACH,
                "unplanted": UNPLANTED,
                "candidates": CANDIDATES,
                "tuning_seed": TUNING,
                "target": {**TARGET, "reported": target(reported)},
                "false_positives": pooled(reported),
                "seeds": seeds,
            },
            packages=("torch", "transformers", "tokenizers", "numpy"),
        )


if __name__ == "__main__":
    main()
