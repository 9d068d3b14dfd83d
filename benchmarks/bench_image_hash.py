"""Hashes of whole pictures: agreement with the reference, times, lookup beside faiss, what sketches find.

    python benchmarks/bench_image_hash.py CORPUS [--hashes 1000000] [--peer PYTHON] [--every 4]

CORPUS is a folder that image_corpus.py built. PYTHON is an interpreter with pdqhash and faiss-cpu; without it the peers
are left out. Times are CPU milliseconds of one thread.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from results import one_thread, save

one_thread()

import cv2  # noqa: E402 (after the threads)
import numpy as np  # noqa: E402

from countermark.fingerprint.image import pdq as p  # noqa: E402
from countermark.fingerprint.image.extract import extract, extract_work  # noqa: E402
from countermark.fingerprint.image.sketch import sketch  # noqa: E402
from countermark.fingerprint.image.trim import trimmed  # noqa: E402
from countermark.images.decode import read_colour, read_frames  # noqa: E402
from countermark.index.image.hashes import HashLookup, build_hashes  # noqa: E402
from countermark.index.image.words import WordLookup, build_words  # noqa: E402
from countermark.matching.image.by_hash import RADIUS, hash_candidates  # noqa: E402
from countermark.matching.image.by_sketch import SketchLookup  # noqa: E402
from image_corpus import pictures  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PEER = r"""
import json, sys, time, numpy as np
folder = sys.argv[1]
out = {}
try:
    import pdqhash
    colours = np.load(folder + "/colours.npz")
    bits = [pdqhash.compute(np.ascontiguousarray(colours[str(i)]))[0][::-1] for i in range(len(colours.files))]
    np.save(folder + "/reference.npy", np.packbits(np.array(bits, np.uint8), axis=1, bitorder="little"))
    start = time.process_time()
    for i in range(100):
        pdqhash.compute(np.ascontiguousarray(colours[str(i)]))
    out["pdqhash ms a picture"] = (time.process_time() - start) * 10
except ImportError:
    pass
try:
    import faiss
    faiss.omp_set_num_threads(1)
    hashes, queries = (np.load(f"{folder}/{name}.npy").view(np.uint8).reshape(-1, 32) for name in ("hashes", "queries"))
    for name, index in (("faiss flat", faiss.IndexBinaryFlat(256)), ("faiss multihash 16x16", faiss.IndexBinaryMultiHash(256, 16, 16))):
        index.add(hashes)
        start = time.process_time()
        for query in queries.reshape(-1, 8, 32)[:200]:
            index.search(query, 8)
        out[name + " ms a picture of 8 hashes"] = (time.process_time() - start) * 1000 / 200
except ImportError:
    pass
print(json.dumps(out))
"""  # noqa: E501


def each_ms(run: Callable[[Any], object], items: Sequence[Any]) -> float:
    """CPU milliseconds for one of the items, after a first round."""
    for item in items[:20]:
        run(item)
    start = time.process_time()
    for item in items:
        run(item)
    return round((time.process_time() - start) * 1000 / len(items), 4)


def speed(files: list[bytes]) -> dict[str, float]:
    """Decoding beside what follows it."""
    greys = [read_frames(data).frames[0].grey for data in files]
    return {
        "mean pixels": round(float(np.mean([grey.size for grey in greys]))),
        "decode": each_ms(read_frames, files),
        "pdq": each_ms(p.pdq, greys),
        "pdq in 8 positions": each_ms(p.whole, greys),
        "trimmed": each_ms(trimmed, greys),
        "all of it (parts)": each_ms(lambda grey: p.parts(grey, of_work=False), greys),
    }


def agreement(folder: Path, files: list[bytes]) -> dict[str, Any]:
    """Bits from the reference, from the same colours and from our decoding in grey; pictures of quality 50 and more."""
    reference = np.load(folder / "reference.npy").view(np.uint64).reshape(-1, 4)
    out: dict[str, Any] = {}
    ours: dict[str, list[int]] = defaultdict(list)
    for data, theirs in zip(files, reference, strict=True):
        luma = np.rint(read_colour(data, longest=512) @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)
        for name, grey in (
            ("the same colours", luma),
            ("decoded in grey", read_frames(data, longest=512).frames[0].grey),
        ):
            own, quality = p.pdq(grey)
            if quality >= p.USABLE:
                ours[name].append(int(np.bitwise_count(own ^ theirs).sum()))
    for name, bits in ours.items():
        out[name] = {
            "pictures": len(bits),
            "median": float(np.median(bits)),
            "99th": float(np.percentile(bits, 99)),
        }
    return out


def lookup(hashes: Any, queries: Any) -> dict[str, Any]:
    """Time of the 8 positions of a picture among all hashes, for three guarantees."""
    start = time.process_time()
    opened = HashLookup(build_hashes(hashes, np.arange(len(hashes), dtype=np.uint32)))
    out: dict[str, Any] = {"build s": round(time.process_time() - start, 1)}
    for certain in (31, 23, 21):
        look = each_ms(lambda query, certain=certain: opened.look(query, 31, certain), list(queries))  # type: ignore[misc]
        out[f"ms a picture of 8 hashes, none within {certain} bits missed"] = look
    rng = np.random.default_rng(3)
    for bits in (23, 27, 31):
        missed = 0
        for _ in range(400):
            entry = int(rng.integers(len(hashes)))
            query = hashes[entry].copy()
            for bit in rng.choice(256, bits, replace=False).tolist():
                query[bit >> 6] ^= np.uint64(1 << (bit & 63))
            missed += entry not in opened.look(query[None], 31, 21).rows[:, 1]
        out[f"share found at {bits} bits with the guarantee for 21"] = round(1 - missed / 400, 4)
    return out


def index_of(works: list[Path]) -> Any:
    """What hash and sketch lookup need of an index."""
    frames = [read_frames(path.read_bytes(), path.name).frames[0] for path in works]
    found = [
        (asset, part) for asset, frame in enumerate(frames) for part in p.parts(frame.grey, of_work=True)
    ]
    features = [extract_work(frame.grey) for frame in frames]
    assets = np.array([asset for asset, _ in found], dtype=np.uint32)
    return SimpleNamespace(
        hashes=HashLookup(build_hashes(np.stack([part.states[0] for _, part in found]), assets)),
        entry_assets=assets,
        entry_boxes=np.stack([part.unit for _, part in found]),
        words=WordLookup(build_words(features)),
    )


def quality(corpus: Path, works: list[Path], every: int) -> dict[str, Any]:
    """Recall for each transform, and precision, of candidates by hash and of a pass over sketches."""
    labels = {label["key"]: label for label in map(json.loads, (corpus / "labels.jsonl").open())}
    index = index_of(works)
    sketches = SketchLookup(index)
    right: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    wrong: dict[str, int] = defaultdict(int)
    told: dict[str, int] = defaultdict(int)
    of: dict[str, int] = defaultdict(int)
    chosen = list(pictures(corpus))[::every]
    for key, data in chosen:
        label = labels[Path(key).stem]
        frame = read_frames(data).frames[0]
        by_sketch = sketches.candidates(sketch(frame.grey, extract(frame.grey)))
        ways = {
            f"hash candidates within {RADIUS} bits": [each.asset for each in hash_candidates(index, frame)],
            "sketches, hashes within 23 bits": [
                e.asset for e in by_sketch if e.distance is not None and e.distance <= 23
            ],
            "sketches, sure": [each.asset for each in by_sketch if each.sure],
            "sketches, all": [each.asset for each in by_sketch],
        }
        if label["work"]:
            of[label["kind"]] += 1
        for way, assets in ways.items():
            names = {works[asset].name for asset in assets}
            told[way] += len(names)
            right[way][label["kind"]] += label["work"] in names
            wrong[way] += len(names - {label["work"], *label["related"], *label["shares"]})
    total = sum(of.values())
    return {
        way: {
            "recall": round(sum(right[way].values()) / total, 4),
            "precision": round(sum(right[way].values()) / max(1, sum(right[way].values()) + wrong[way]), 4),
            "candidates a picture": round(told[way] / len(chosen), 3),
            "by transform": {kind: round(right[way][kind] / of[kind], 2) for kind in sorted(of)},
        }
        for way in told
    }


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--hashes", type=int, default=1_000_000)
    parser.add_argument("--every", type=int, default=4)
    parser.add_argument("--peer")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    works = sorted(path for path in (options.corpus / "works").iterdir() if path.suffix == ".jpg")
    files = [path.read_bytes() for path in works[:300]]
    rng = np.random.default_rng(11)
    real = np.stack([p.whole(read_frames(data).frames[0].grey).states for data in files])
    hashes = rng.integers(0, 2**64, (options.hashes, 4), dtype=np.uint64)
    hashes[: len(real)] = real[:, 0]
    outcome: dict[str, Any] = {"ms a picture": speed(files), "lookup": lookup(hashes, real[:200])}
    if options.peer:
        with tempfile.TemporaryDirectory() as folder:
            colours = {str(i): read_colour(data, longest=512) for i, data in enumerate(files)}
            np.savez(Path(folder) / "colours.npz", **colours)  # type: ignore[arg-type]
            np.save(Path(folder) / "hashes.npy", hashes)
            np.save(Path(folder) / "queries.npy", real)
            done = subprocess.run(
                [options.peer, "-c", PEER, folder], check=True, capture_output=True, text=True
            )
            outcome["peers"] = json.loads(done.stdout)
            outcome["bits from the reference"] = agreement(Path(folder), files)
    outcome["quality"] = quality(options.corpus, works, options.every)
    json.dump(outcome, sys.stdout, indent=1)
    save(f"image-hash-{options.corpus.name}", outcome)


if __name__ == "__main__":
    main()
