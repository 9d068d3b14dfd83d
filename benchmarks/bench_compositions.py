"""The same composition in another recording: recall at 99 % precision, chance matches said and counted, cost.

    python benchmarks/bench_compositions.py FOLDER [--notes nmp.onnx]

FOLDER is what composition_data.py built. Without --notes our own estimate of the notes is used. What is one of
the `related` works of a query is left out: neither right nor wrong. Times are CPU milliseconds of one thread.
"""

from __future__ import annotations

import argparse
import json
import time
import wave
from pathlib import Path
from typing import Any

from results import one_thread, save

one_thread()

import numpy as np  # noqa: E402 (after the threads)

from composition_data import CONDITIONS  # noqa: E402
from countermark.fingerprint.audio.harmony import Harmony, harmony_of  # noqa: E402
from countermark.fingerprint.audio.notes import NoteModel  # noqa: E402
from countermark.matching.audio.composition.composition import norms_of  # noqa: E402
from countermark.matching.audio.composition.fusion import THRESHOLD, chance, fused  # noqa: E402
from countermark.matching.audio.composition.impostors import shrunk, standing_out  # noqa: E402
from countermark.matching.audio.composition.views import VIEWS, coarse_score, scores, stretches  # noqa: E402


def heard(path: Path, model: NoteModel | None) -> Harmony:
    with wave.open(str(path)) as opened:
        samples = np.frombuffer(opened.readframes(opened.getnframes()), "<i2")
    return harmony_of([samples.astype(np.float32) / 32768], model)


def judged(told: Any, queries: list[dict[str, Any]], works: list[str]) -> dict[str, Any]:
    """Recall in all and by condition at precision of 99 %, and with no distractor accepted."""
    truth = np.array([works.index(q["work"]) if q["work"] else -1 for q in queries])
    conditions = np.array([q["condition"] for q in queries])
    best, covers = told.max(axis=1), truth >= 0
    right = (told.argmax(axis=1) == truth) & covers
    order = np.argsort(-best, kind="stable")
    precise = np.flatnonzero(np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= 0.99)
    least = float(best[order][precise[-1]]) if len(precise) else float("inf")
    clear = float(best[~covers].max())

    def share(accepted: Any, at: Any) -> float:
        return round(100 * float(accepted[at].mean()), 1)

    return {
        "top-1 %": share(right, covers),
        "recall % at precision 99 %": share(right & (best >= least), covers),
        "recall % with no distractor accepted": share(right & (best > clear), covers),
        "distractors": int((~covers).sum()),
        "threshold at 99 %": round(least, 2),
        "distractors accepted at THRESHOLD": int((best[~covers] >= THRESHOLD).sum()),
        "recall % at THRESHOLD": share(right & (best >= THRESHOLD), covers),
        "by condition (top-1, recall at 99 %)": {
            name: [share(x, covers & (conditions == name)) for x in (right, right & (best >= least))]
            for name in CONDITIONS
        },
        "unrelated pairs (score, counted, said at most)": [
            [at, int((others(told, truth) >= at).sum()), round(chance(at) * len(others(told, truth)), 1)]
            for at in (6, 8, 10, 11, 12, 14)
        ],
    }


def others(told: Any, truth: Any) -> Any:
    """The scores of all pairs that have nothing to do with each other."""
    unrelated = np.isfinite(told)
    unrelated[truth >= 0, truth[truth >= 0]] = False
    return told[unrelated]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--notes", type=Path)
    options = parser.parse_args()
    model = NoteModel(options.notes) if options.notes else None
    lines = [json.loads(line) for line in (options.folder / "labels.jsonl").read_text().splitlines()]
    heard(options.folder / lines[0]["file"], model)  # what is compiled is compiled now
    start = time.process_time()
    harmonies = {line["file"]: heard(options.folder / line["file"], model) for line in lines}
    speed = sum(line["seconds"] for line in lines) / (time.process_time() - start)
    works = [line["file"] for line in lines if "condition" not in line]
    queries = [line for line in lines if "condition" in line]
    kept = [stretches(harmonies[work])[0] for work in works]
    norms = shrunk(norms_of(kept))
    told, spent, cheap = np.full((len(queries), len(works)), -np.inf), 0.0, 0.0
    missed = []
    for row, query in enumerate(queries):
        record = stretches(harmonies[query["file"]])[0]
        rest = np.array([n for n, work in enumerate(works) if work not in query["related"]])
        start = time.process_time()
        given = np.array([scores(record, kept[n])[0] for n in rest])
        spent += time.process_time() - start
        told[row, rest] = fused(standing_out(given, norms[rest]))
        start = time.process_time()
        first = np.array([coarse_score(record, work) for work in kept])
        cheap += time.process_time() - start
        if query["work"]:
            missed.append(int((first > first[works.index(query["work"])]).sum()) >= max(1, len(works) // 50))
    pairs = len(queries) * len(works)
    figures = judged(told, queries, works) | {
        "views": list(VIEWS),
        "notes": model.name if model else "own estimate",
        "harmony, times real time": round(speed),
        "ms a pair, all views": round(1000 * spent / pairs, 2),
        "ms a pair, first stage": round(1000 * cheap / pairs, 3),
        "first stage: % of covers not among the best 2 % of works": round(100 * float(np.mean(missed)), 1),
    }
    print(json.dumps(figures, indent=1))
    save(f"compositions-{options.folder.name}-{'model' if model else 'own'}", figures)


if __name__ == "__main__":
    main()
