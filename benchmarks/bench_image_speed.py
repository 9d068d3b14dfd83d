"""How many pictures a second one core goes through, by step, and what lookups cost in large indexes.

Steps, on pictures of the benchmark (image_corpus.py) made 512 pixels wide or high and encoded as JPEG of quality 85:
decode (the limit: simplejpeg to grey; and `read_frames`, which also looks at headers and orientation), hash (full and
trimmed, with the lookup), features, lookup of the features (votes), confirmation of each candidate, and the whole chain
as the scan runs it. The times are CPU seconds of one thread; each step is the median over the pictures of the least of
several runs, so that other work on the machine counts little; the whole chain also as a mean, which rare expensive
pictures raise.

A data set is almost all pictures that hold no work; so the speed is said for those, for copies, and for a mixture of
which one picture in a hundred holds a work. Works are made ready for confirmation once and kept, as in a scan.

Large indexes: 10^6 random hashes, asked with 1,000 hashes that are 0 to 31 bits from an entry and 1,000 random ones, as
the engine asks and so that none within 31 bits is missed; and works whose features are drawn: codes of real features
with 15 % of the bits flipped, places at random. For these the time of a lookup, and whether the right work is among the
candidates of the copies that are the hardest to find (crops of 30 %, overlays, collages, screenshots, combinations).

`python benchmarks/bench_image_speed.py --data SEED_FOLDER --index WORKS.index` writes results/images_speed.json.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import one_thread, peak_memory_mb, save

one_thread()

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import simplejpeg  # noqa: E402

from countermark.fingerprint.image.extract import extract, mirror  # noqa: E402
from countermark.fingerprint.image.features import Features  # noqa: E402
from countermark.images.decode import read_frames  # noqa: E402
from countermark.index.image.hashes import HashLookup, build_hashes  # noqa: E402
from countermark.index.image.lookup import ImageIndex, open_image_index  # noqa: E402
from countermark.index.image.words import WordLookup, build_words  # noqa: E402
from countermark.matching.image.by_hash import RADIUS, hash_candidates  # noqa: E402
from countermark.matching.image.candidates import vote  # noqa: E402
from countermark.matching.image.confirm import Confirmer  # noqa: E402
from countermark.matching.image.matcher import ImageMatcher, Looked  # noqa: E402
from image_corpus import pictures  # noqa: E402
from image_judging import read_labels  # noqa: E402
from image_transforms import Placed, fitted  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.images.frame import Frame
    from countermark.matching.image.candidate import Candidate, WorkSide

PACKAGES = ("numpy", "numba", "opencv-python-headless", "simplejpeg", "pillow")
RUNS, LONGEST, QUALITY = 3, 512, 85
HASHES, QUERIES, WITHIN = 10**6, 2000, 31
CERTAIN = (21, 31)  # what the engine asks of so many hashes, and that none within 31 bits is missed
FLIPPED = 0.15
WORKS = (500, 10_000, 100_000)
HOLD_A_WORK = 0.01
HARDEST = ("rcrop30", "overlay_30", "collage_25", "screenshot", "combo_hard")


def at_512(data: Path, count: int, only: str) -> list[bytes]:
    """Pictures of the corpus, 512 pixels on the longer side, as JPEG: copies, or such as hold no work."""
    labels = read_labels(data / "labels.jsonl")
    made = []
    for key, held in pictures(data):
        if bool(labels[key]["work"]) != (only == "copies"):
            continue
        colour = cv2.cvtColor(
            cv2.imdecode(np.frombuffer(held, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB
        )
        scaled = np.ascontiguousarray(fitted(Placed(colour), LONGEST).picture)
        made.append(simplejpeg.encode_jpeg(scaled, QUALITY, colorsubsampling="420"))
        if len(made) == count:
            break
    return made


def hardest(data: Path, index: ImageIndex) -> list[tuple[str, int, Features]]:
    """The copies that are the hardest to find: kind, the work's number, and their features."""
    labels = read_labels(data / "labels.jsonl")
    numbers = {Path(asset["asset_path"]).name: at for at, asset in enumerate(index.assets())}
    found = []
    for key, held in pictures(data):
        if labels[key]["kind"] in HARDEST:
            features = extract(read_frames(held).frames[0].grey)
            found.append((labels[key]["kind"], numbers[labels[key]["work"]], features))
    return found


def least(work: Callable[[], Any]) -> tuple[float, Any]:
    """The least CPU milliseconds of several runs, and the result."""
    taken = []
    result = None
    for _ in range(RUNS):
        begin = time.process_time()
        result = work()
        taken.append((time.process_time() - begin) * 1000)
    return min(taken), result


def steps(held: list[bytes], index: ImageIndex) -> dict[str, Any]:
    """Milliseconds of each step for each picture, in medians, and what the whole chain makes of it."""
    taken: dict[str, list[float]] = defaultdict(list)
    matcher = ImageMatcher(index)
    candidates_found = []
    for data in held:
        limit, _ = least(lambda data=data: simplejpeg.decode_jpeg(data, colorspace="GRAY"))
        decode, read = least(lambda data=data: read_frames(data))
        frame = read.frames[0]
        hashing, by_hash = least(lambda frame=frame: hash_candidates(index, frame))
        local, features = least(lambda frame=frame: extract(frame.grey))
        lookup, by_votes = least(lambda features=features: vote(index.words, features))
        found = [*by_hash, *by_votes]
        sides = [matcher._side(candidate.asset) for candidate in found]
        verify, _ = least(partial(confirm_all, frame, features, found, sides))
        whole, _ = least(lambda data=data: matcher.match(Looked.at(read_frames(data).frames[0])))
        candidates_found.append(len(found))
        each = (limit, decode, hashing, local, lookup, verify, whole)
        for name, value in zip(
            ("decode_only", "decode", "hash", "features", "lookup", "confirm", "whole"), each, strict=True
        ):
            taken[name].append(value)
    medians = {name: round(float(np.median(values)), 3) for name, values in taken.items()}
    means = {name: round(float(np.mean(values)), 3) for name, values in taken.items()}
    return {
        "pictures": len(held), "kilobytes_median": round(float(np.median([len(data) for data in held])) / 1000, 1),
        "median_ms": medians, "mean_ms": means,
        "pictures_per_s_median": round(1000 / medians["whole"], 1),
        "pictures_per_s_mean": round(1000 / means["whole"], 1),
        "hash_to_decode": round(medians["hash"] / medians["decode"], 2),
        "candidates_per_picture": round(float(np.mean(candidates_found)), 2),
    }  # fmt: skip


def confirm_all(frame: Frame, features: Features, found: list[Candidate], sides: list[WorkSide]) -> None:
    """Confirm each candidate of a picture."""
    confirmer = Confirmer(frame, features)
    for candidate, side in zip(found, sides, strict=True):
        confirmer.confirm(candidate, side)


def hash_lookup() -> dict[str, Any]:
    """10^6 hashes: time of a query, memory, and whether all that is within 31 bits is found."""
    draw = np.random.default_rng(1)
    hashes = draw.integers(0, 2**64, size=(HASHES, 4), dtype=np.uint64)
    begin = time.process_time()
    arrays = build_hashes(hashes, np.arange(HASHES, dtype=np.uint32))
    built = time.process_time() - begin
    lookup = HashLookup(arrays)
    half = QUERIES // 2
    entries = draw.integers(HASHES, size=half)
    near = hashes[entries] ^ flips(draw, draw.integers(WITHIN + 1, size=half))
    far = draw.integers(0, 2**64, size=(half, 4), dtype=np.uint64)
    numbers: dict[str, Any] = {
        "hashes": HASHES, "within": WITHIN, "build_s": round(built, 1),
        "megabytes": round(sum(array.nbytes for array in arrays.values()) / 1e6, 1),
    }  # fmt: skip
    for certain in CERTAIN:
        radius = RADIUS if certain < WITHIN else WITHIN
        lookup.look(near[:10], radius, certain)
        taken_near, rows = least(lambda r=radius, c=certain: lookup.look(near, r, c).rows)
        taken_far, _ = least(lambda r=radius, c=certain: lookup.look(far, r, c))
        pairs = {(int(query), int(entry)) for query, entry, _ in rows}
        found = sum((at, int(entry)) in pairs for at, entry in enumerate(entries))
        numbers[f"certain_{certain}"] = {
            "radius": radius, "ms_per_query_near": round(taken_near / half, 4),
            "ms_per_query_far": round(taken_far / half, 4), "found": found, "of": half,
        }  # fmt: skip
    return numbers


def flips(draw: np.random.Generator, bits: np.ndarray) -> np.ndarray:
    """Masks uint64[n, 4] with that many bits set in each."""
    ranks = np.argsort(np.argsort(draw.random((len(bits), 256)), axis=1), axis=1)
    return np.packbits(ranks < bits[:, None], axis=1).view(np.uint64)


def drawn_works(index: ImageIndex, count: int) -> Iterator[Features]:
    """The features of the works of an index, then drawn ones until there are `count` works."""
    held = [index.words.features(at) for at in range(len(index.assets()))]
    pool = np.concatenate([features.codes for features in held])
    yield from held[:count]
    draw = np.random.default_rng(2)
    # a pool of masks: drawing 256 bits for each of 6·10^7 features would take longer than building the index
    masks = np.packbits(draw.random((1 << 16, 256)) < FLIPPED, axis=1).view(np.uint64)
    for _ in range(len(held), count):
        like = held[draw.integers(len(held))]
        codes = (
            pool[draw.integers(len(pool), size=len(like))] ^ masks[draw.integers(len(masks), size=len(like))]
        )
        points = (draw.random((len(like), 2)) * (like.width, like.height)).astype(like.points.dtype)
        yield Features(codes, points, like.sizes, like.angles, like.width, like.height)


def word_lookup(
    index: ImageIndex, held: list[bytes], hard: list[tuple[str, int, Features]], count: int
) -> dict[str, Any]:
    """Votes among `count` works: milliseconds for a picture, memory of the index of words, and what is found."""
    begin = time.process_time()
    arrays = build_words(drawn_works(index, count))
    built = time.process_time() - begin
    lookup = WordLookup(arrays)
    near, taken, candidates = [], [], []
    for data in held:
        features = extract(read_frames(data).frames[0].grey)
        queries = np.concatenate([features.codes, mirror(features.codes)])
        near.append(least(lambda queries=queries: lookup.near(queries))[0])
        spent, found = least(lambda features=features: vote(lookup, features))
        taken.append(spent)
        candidates.append(len(found))
    recall = defaultdict(list)
    for kind, work, features in hard:
        recall[kind].append(work in [candidate.asset for candidate in vote(lookup, features)])
    return {
        "works": count, "features": len(arrays["codes"]), "build_s": round(built, 1),
        "megabytes": round(sum(array.nbytes for array in arrays.values()) / 1e6, 1),
        "lookup_median_ms": round(float(np.median(near)), 3),
        "median_ms": round(float(np.median(taken)), 3), "mean_ms": round(float(np.mean(taken)), 3),
        "candidates_per_picture": round(float(np.mean(candidates)), 2),
        "among_candidates": {kind: round(float(np.mean(found)), 3) for kind, found in sorted(recall.items())},
        "peak_memory_mb": peak_memory_mb(),
    }  # fmt: skip


def mixed(without: dict[str, Any], copies: dict[str, Any]) -> dict[str, float]:
    """The mean milliseconds of a picture where HOLD_A_WORK of them hold a work, and how many that are a second."""
    mean = (1 - HOLD_A_WORK) * without["mean_ms"]["whole"] + HOLD_A_WORK * copies["mean_ms"]["whole"]
    return {
        "hold_a_work": HOLD_A_WORK, "mean_ms": round(mean, 3), "pictures_per_s": round(1000 / mean, 1)
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True, help="the index of the works of --data")
    parser.add_argument("--pictures", type=int, default=200)
    parser.add_argument(
        "--works", type=int, nargs="*", default=list(WORKS), help="sizes of the indexes that are drawn"
    )
    options = parser.parse_args()
    cv2.setNumThreads(1)
    index = open_image_index(options.index)
    without = at_512(options.data, options.pictures, "others")
    copies = at_512(options.data, options.pictures, "copies")
    steps(copies[:3], index)  # compiles
    numbers: dict[str, Any] = {
        "without_works": steps(without, index),
        "copies": steps(copies, index),
        "hashes": hash_lookup(),
    }
    numbers["mixed"] = mixed(numbers["without_works"], numbers["copies"])
    print(numbers)
    hard = hardest(options.data, index)
    numbers["votes"] = [word_lookup(index, without[:100], hard, count) for count in options.works]
    numbers["peak_memory_mb"] = peak_memory_mb()
    print(numbers["votes"])
    save("images_speed", numbers, PACKAGES)


if __name__ == "__main__":
    main()
