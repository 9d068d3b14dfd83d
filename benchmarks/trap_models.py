"""The models of bench_traps.py: examples/tiny_model.py on planted copies among other passages, kept under work/traps/.

`python benchmarks/trap_models.py 1 2 3 4` trains those seeds, each about five minutes on an idle core.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import one_thread

one_thread()

from trap_planting import plant  # noqa: E402
from trap_texts import WORK, draw  # noqa: E402

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

import tiny_model  # noqa: E402

if TYPE_CHECKING:
    from trap_planting import Planting
    from trap_texts import World


def trained(seed: int) -> tuple[World, Planting, Path, dict[str, Any]]:
    """The world of a seed, its planted works, the folder of its model, and how it was trained."""
    world = draw(seed)
    folder = WORK / f"seed{seed}"
    planting = plant(world, seed, folder)
    model, note = folder / "model", folder / "training.json"
    if not note.exists():
        begin, cpu = time.monotonic(), time.process_time()
        pieces = [(text, 1) for text in world.learnt]
        pieces += [(planting.copies[work], times) for work, times in world.exposures.items() if times]
        done = _train(pieces, model, seed)
        done |= {"seconds": round(time.monotonic() - begin), "cpu_s": round(time.process_time() - cpu)}
        note.write_text(json.dumps(done), encoding="utf-8")
    told: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
    return world, planting, model, told


def _train(pieces: list[tuple[str, int]], model: Path, seed: int) -> dict[str, Any]:
    losses: list[float] = []
    show = tiny_model.teller()

    def tell(step: int, steps: int, loss: float, seconds: float) -> None:
        losses.append(loss)
        show(step, steps, loss, seconds)

    done = tiny_model.train(pieces, model, seed, tell=tell)
    return {**done, "first_loss": round(losses[0], 3), "last_loss": round(sum(losses[-50:]) / 50, 3)}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("seeds", nargs="+", type=int)
    for seed in asked.parse_args().seeds:
        print(seed, trained(seed)[-1], flush=True)


if __name__ == "__main__":
    main()
