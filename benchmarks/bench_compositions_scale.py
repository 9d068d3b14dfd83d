"""What looking for compositions costs, and still finds, where the catalogue is large.

    python benchmarks/bench_compositions_scale.py FOLDER --works 1000 --works 10000

FOLDER is what composition_data.py built. Its works are made up to each number by synthetic ones: real works with their
24-second pieces in another order, played backwards or with every step turned upside down (or both), transposed, faster
or slower, and disturbed: as long and as dense as real ones, and other tunes. So the times hold, and the impostors are
easier than other music would be. Every fifth query is asked. From 1,000 works on, what a work scores with others is
taken from the first 1,000 again and again (it costs the same for each: `prepare_ms_a_work`). CPU time of one thread.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from results import one_thread, peak_memory_mb, save

one_thread()

import numpy as np  # noqa: E402 (after the threads)

from composition_scoring import Queries, described, queries_of, samples  # noqa: E402
from countermark.fingerprint.audio.chroma import CHROMA_RATE  # noqa: E402
from countermark.fingerprint.audio.harmony import LENGTH, Harmony, harmony_of  # noqa: E402
from countermark.matching.audio.composition.composition import CompositionMatcher, norms_of  # noqa: E402
from countermark.matching.audio.composition.table import HarmonyTable, pack  # noqa: E402
from countermark.matching.audio.composition.views import stretches  # noqa: E402

PIECE = 24
MEASURED = 1000


def synthetic(harmony: Harmony, number: int) -> Harmony:
    """Another piece made of this one; `number` draws which."""
    rng = np.random.default_rng(number)
    pieces = max(1, -(-len(harmony.chroma) // (PIECE * CHROMA_RATE)))
    order, size = rng.permutation(pieces), len(harmony.chroma)
    frames = np.concatenate(
        [np.arange(p * PIECE * CHROMA_RATE, min((p + 1) * PIECE * CHROMA_RATE, size)) for p in order]
    )
    place = np.argsort(order)
    notes = harmony.notes.copy()
    piece = np.minimum(notes[:, 0] // (PIECE * 1000), pieces - 1)
    notes[:, 0] += ((place[piece] - piece) * PIECE * 1000).astype(np.int32)
    chroma, noted = harmony.chroma[frames], harmony.note_chroma[frames[frames < len(harmony.note_chroma)]]
    if number % 3 != 1:
        chroma, noted = chroma[::-1], noted[::-1]
        notes[:, 0] = np.maximum(0, int(harmony.seconds * 1000) - notes[:, 0] - notes[:, 1])
    shift, speed = int(rng.integers(12)), float(rng.uniform(0.8, 1.25))
    if number % 3 != 0:
        chroma, noted = chroma[:, -np.arange(12) % 12], noted[:, -np.arange(12) % 12]
        notes[:, 2] = 128 - notes[:, 2]
        notes[:, 3] = np.array([0, 2, 1, 3])[notes[:, 3]]
    notes[:, 0] = (notes[:, 0] / speed).astype(np.int32)
    notes[:, 2] += shift - 6
    notes = notes[np.argsort(notes[:, 0], kind="stable")]
    rows = np.arange(0, size - 1, speed).astype(np.int64)
    told = [_disturbed(np.roll(each, shift, axis=1), rows, rng) for each in (chroma, noted)]
    return Harmony(told[0], told[1], notes, len(rows) / CHROMA_RATE, harmony.notes_by)


def _disturbed(profiles: Any, rows: Any, rng: np.random.Generator) -> Any:
    """Those rows with noise a fifth as long, again as long as before."""
    kept = profiles[np.minimum(rows, len(profiles) - 1)].astype(np.float64)
    kept = np.maximum(0, kept + rng.normal(0, 0.2 * LENGTH / np.sqrt(12), kept.shape))
    lengths = np.sqrt((kept * kept).sum(axis=1, keepdims=True))
    return np.rint(kept * LENGTH / np.maximum(lengths, 1e-9)).astype(np.uint8)


def catalogue(real: list[Harmony], count: int) -> list[Harmony]:
    """The real works, then synthetic ones up to `count`."""
    return real + [synthetic(real[n % len(real)], n) for n in range(len(real), count)]


def packed(harmonies: list[Harmony], norms: Any) -> dict[str, Any]:
    """The arrays of a table, with these norms, repeated."""
    arrays = pack(harmonies[:1])
    for name in ("chroma", "note_chroma"):
        arrays[name] = np.concatenate([getattr(h, name) for h in harmonies])
    for column, name in enumerate(("starts", "lengths", "pitches", "voices")):
        arrays[name] = np.concatenate([h.notes[:, column] for h in harmonies]).astype(arrays[name].dtype)
    sizes = [(len(h.chroma), len(h.note_chroma), len(h.notes)) for h in harmonies]
    arrays["ends"] = np.cumsum(np.array(sizes, dtype="<i8"), axis=0)
    arrays["seconds"] = np.array([h.seconds for h in harmonies])
    arrays["norms"] = norms[np.arange(len(harmonies)) % len(norms)]
    return arrays


def measure(queries: Queries, records: list[tuple[int, Harmony]], arrays: dict[str, Any]) -> dict[str, Any]:
    """Match the records with a table."""
    table = HarmonyTable(arrays)
    start = time.process_time()
    matcher = CompositionMatcher(table)
    opened = time.process_time() - start
    matcher.match(records[0][1])
    spent, covers, right, wrong, expected = [], 0, 0, 0, 0.0
    for row, harmony in records:
        query = queries.lines[row]
        allowed = {queries.works.index(work) for work in query["related"]}
        own = queries.works.index(query["work"]) if query["work"] else -1
        start = time.process_time()
        found = [each.asset for each in matcher.match(harmony)]
        spent.append(time.process_time() - start)
        covers, right = covers + (own >= 0), right + (own in found)
        wrong += sum(asset != own and asset not in allowed for asset in found)
        expected += matcher.expected(harmony)
    return {
        "works": len(table),
        "hours": round(float(arrays["seconds"].sum()) / 3600, 1),
        "mb_an_hour": round(
            sum(a.nbytes for a in arrays.values()) / float(arrays["seconds"].sum()) * 3600 / 1e6, 3
        ),
        "open_seconds": round(opened, 1),
        "ms_a_record": round(1000 * float(np.median(spent))),
        "ms_a_record_95th": round(1000 * float(np.quantile(spent, 0.95))),
        "records": len(records),
        "covers": covers,
        "covers_found": right,
        "other_works_named": wrong,
        "expected_by_chance_at_most": round(expected, 1),
        "peak_memory_mb": peak_memory_mb(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--works", type=int, action="append", required=True)
    options = parser.parse_args()
    queries = queries_of(options.folder)
    real = [harmony_of([samples(options.folder / work)]) for work in queries.works]
    asked = range(0, len(queries.lines), 5)
    records = [(n, harmony_of([samples(options.folder / queries.lines[n]["file"])])) for n in asked]
    whole = catalogue(real, max(options.works))
    first = [stretches(harmony)[0] for harmony in whole[:MEASURED]]
    norms_of(first[:2])
    start = time.process_time()
    norms = norms_of(first)
    prepare = 1000 * (time.process_time() - start) / len(first)
    told: dict[str, Any] = {"benchmark": described(queries), "notes": "own estimate"}
    told |= {"prepare_ms_a_work": round(prepare, 1), "sizes": []}
    for works in sorted(options.works):
        told["sizes"].append(measure(queries, records, packed(whole[:works], norms)))
        print(told["sizes"][-1], flush=True)
    save("compositions_scale", told, ("numba", "numpy"))


if __name__ == "__main__":
    main()
