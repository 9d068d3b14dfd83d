"""The same composition in another recording: recall at 99 % precision, chance matches said and counted, cost.

    python benchmarks/bench_compositions.py FOLDER [--notes nmp.onnx]

FOLDER is what composition_data.py built. Measured with our own estimate of the notes and, with --notes, with those of
a model too. What is one of the `related` works of a query is left out: neither right nor wrong. Times are CPU time of
one thread. `--keep FILE` writes what was compared and judges nothing, `--kept FILE` judges that: so weights are chosen
on seed 1, before anything is known of seed 2.
"""

from __future__ import annotations

import argparse
import pickle
import time
from pathlib import Path
from typing import Any, NamedTuple

from results import one_thread, save

one_thread()

import numpy as np  # noqa: E402 (after the threads)

from composition_scoring import Queries, described, judged, queries_of, samples, share, unrelated  # noqa: E402
from countermark.fingerprint.audio.harmony import OWN, Harmony, harmony_of  # noqa: E402
from countermark.fingerprint.audio.notes import NoteModel  # noqa: E402
from countermark.matching.audio.composition.composition import norms_of  # noqa: E402
from countermark.matching.audio.composition.fusion import fusion_of  # noqa: E402
from countermark.matching.audio.composition.impostors import shrunk, standing_out  # noqa: E402
from countermark.matching.audio.composition.views import VIEWS, coarse_score, scores, stretches  # noqa: E402

TAIL = (6, 8, 9, 10, 11, 12, 14)


class Compared(NamedTuple):
    """`standing` float64[queries, works, views], NaN where left out; `first` float64[queries, works], coarse."""

    standing: Any
    first: Any
    facts: dict[str, Any]


def heard(path: Path, model: NoteModel | None) -> Harmony:
    """The harmony of a file."""
    return harmony_of([samples(path)], model)


def compare(queries: Queries, model: NoteModel | None) -> Compared:
    """Compare every query with every work."""
    files = [*queries.works, *(line["file"] for line in queries.lines)]
    heard(queries.folder / files[0], model)  # what is compiled is compiled now
    start = time.process_time()
    harmonies = {file: heard(queries.folder / file, model) for file in files}
    speed = queries.seconds / (time.process_time() - start)
    kept = [stretches(harmonies[work])[0] for work in queries.works]
    norms = shrunk(norms_of(kept))
    standing = np.full((len(queries.lines), len(kept), len(VIEWS)), np.nan)
    first = np.zeros(standing.shape[:2])
    spent = cheap = 0.0
    for row, query in enumerate(queries.lines):
        record, rest = stretches(harmonies[query["file"]])[0], queries.compared(row)
        start = time.process_time()
        given = np.array([scores(record, kept[n])[0] for n in rest])
        spent += time.process_time() - start
        standing[row, rest] = standing_out(given, norms[rest])
        start = time.process_time()
        first[row] = [coarse_score(record, work) for work in kept]
        cheap += time.process_time() - start
    facts = {
        "notes": model.name if model else "own estimate",
        "notes_by": model.digest if model else OWN,
        "harmony_times_real_time": round(speed),
        "ms_a_pair": round(1000 * spent / described(queries)["pairs"], 2),
        "ms_a_pair_first_stage": round(1000 * cheap / first.size, 3),
        "bytes_an_hour": round(3600 * sum(map(_size, harmonies.values())) / queries.seconds),
    }
    return Compared(standing, first, facts)


def _size(harmony: Harmony) -> int:
    """Bytes of a harmony in a table: profiles, and 8 a note."""
    return int(harmony.chroma.size + harmony.note_chroma.size + 8 * len(harmony.notes))


def figures(found: Compared, queries: Queries) -> dict[str, Any]:
    """What the fusion for these notes makes of it, and what one view alone would."""
    fusion, truth = fusion_of(found.facts["notes_by"]), queries.truth
    told = np.nan_to_num(fusion.fused(found.standing.reshape(-1, len(VIEWS))), nan=-np.inf)
    told = told.reshape(found.standing.shape[:2])
    best, covers, apart = told.max(axis=1), truth >= 0, unrelated(told, queries)
    right = (told.argmax(axis=1) == truth) & covers
    ranks = np.array([int((row > row[t]).sum()) for row, t in zip(found.first, truth, strict=True) if t >= 0])
    return (
        judged(told, queries)
        | {
            "at_threshold": {
                "threshold": fusion.threshold,
                "recall": share(right & (best >= fusion.threshold), covers),
                "other_works_named": int((apart >= fusion.threshold).sum()),
                "distractors_accepted": int((best[~covers] >= fusion.threshold).sum()),
                "expected_by_chance_at_most": round(fusion.chance(fusion.threshold) * len(apart), 2),
            },
            "unrelated_pairs": len(apart),
            "chance": [
                {
                    "score": at,
                    "counted": int((apart >= at).sum()),
                    "said_at_most": round(fusion.chance(at) * len(apart), 1),
                }
                for at in TAIL
            ],
            "weights": dict(zip(VIEWS, fusion.weights, strict=True)),
            "one_view_alone": {
                name: _alone(found.standing[:, :, n], queries) for n, name in enumerate(VIEWS)
            },
            "first_stage_covers_among_best": {
                str(most): share(ranks < most, np.ones(len(ranks), dtype=bool))
                for most in (1, 2, 5, 10, 20, 40)
            },
        }
        | found.facts
    )


def _alone(standing: Any, queries: Queries) -> dict[str, float]:
    told = judged(np.nan_to_num(standing, nan=-np.inf), queries)
    return {name: told[name] for name in ("top_1", "recall_at_99", "recall_no_distractor")}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--notes", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--kept", type=Path)
    options = parser.parse_args()
    queries = queries_of(options.folder)
    if options.kept:
        found = {name: Compared(*each) for name, each in pickle.loads(options.kept.read_bytes()).items()}  # noqa: S301
    else:
        found = {"own": compare(queries, None)}
        if options.notes:
            found["model"] = compare(queries, NoteModel(options.notes))
    if options.keep:
        options.keep.write_bytes(pickle.dumps({name: tuple(each) for name, each in found.items()}))
        return
    told = {name: figures(each, queries) for name, each in found.items()}
    save("compositions", {"benchmark": described(queries)} | told, ("numba", "numpy", "onnxruntime"))


if __name__ == "__main__":
    main()
