"""Build the benchmark of images: works, and a corpus with altered copies of them among thousands of other pictures.

The corpus, in the layout of img2dataset's WebDataset (1,000 pictures a tar):
- altered copies: each of 37 transforms (image_transforms.py) on 60 works;
- distractors: pictures without any part in a work, 1,500 as they are and 700 with the same transforms;
- hard negatives, 1,040: distractors in the ornate frame that some works have too, or with the stamp that some works
  have too; user interfaces, textures, star fields, line drawings and pages of text without any work.
40 of the works stand in one of 8 drawn frames, 40 have one of 8 stamps, and the portraits of freecol, which have one
frame among them, are on both sides.

`labels.jsonl` has for each picture: `key`; `kind` (the transform, "distractor" or "negative"); `transform`; `what` (of
negatives); `work` (its file, or null); `related` (other works that share drawn content with it by origin: a pair with
them is neither right nor wrong); `shares` (works that have the same frame or stamp: a copy is wrong, a shared element
right); `matrix` (3 × 3, by rows, from pixels of the work's file to pixels of the picture) and `clip` (left, top, right,
bottom: only there can the work be seen; null for all of the picture); `width`, `height`, `format`.

Sources that share drawn content are kept on one side: those that image_groups.py finds, and by their origin the tiles
of one set, maps of the same bodies, and the sizes and colours of one wallpaper (SERIES). Odd and even seeds take their
works from different halves of the pool, so that a threshold chosen on seed 1 is reported on other works with seed 2.

`python benchmarks/image_corpus.py --debs DIR --out DIR --seed N`
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import shutil
import tarfile
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
import simplejpeg

import image_drawing as drawing
from image_sources import DETAIL, LARGEST, Source, gather, scaled
from image_transforms import TRANSFORMS, Placed, sized

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Picture = npt.NDArray[np.uint8]

COPIES, AS_THEY_ARE, TRANSFORMED = 60, 1500, 700
NEGATIVES = {
    "framed": 160,
    "stamped": 160,
    "interface": 160,
    "texture": 160,
    "stars": 120,
    "lines": 120,
    "page": 160,
}
FRAMES = STAMPS = 8
FRAMED_WORKS = STAMPED_WORKS = 40
FRAMED_DETAIL = 0.08  # a nearly empty picture in a frame is nothing but the frame
FAMILIES = ("/foundingFathers/",)  # portraits in one and the same frame, in their packages already
SERIES = (  # sets of tiles, maps of the same bodies, sizes and colours of one wallpaper: what one brackets is one group
    r"(wesnoth-.*/images/terrain/)",
    r"(freecol/.*/images/)(?:terrain|forest)/",
    r"(stellarium-data/.*/stellarium/textures/)",
    r"(plasma-workspace-wallpapers/usr/share/wallpapers/[^/]+/)",
)
LARGEST_GROUP = 12  # sources that share content; a larger group never enters the works
A_TAR = 1000


class Job(NamedTuple):
    """One picture to make. `number` is what its generator is seeded with, whatever its place in the corpus."""

    number: int
    kind: str
    transform: str
    picture: int  # of the works, of the distractors, or of the frames or stamps
    what: str = ""


class Benchmark:
    """Everything that is drawn from one seed."""

    def __init__(self, sources: list[Source], relation: Relation, seed: int, folder: Path) -> None:
        self.seed, self.folder = seed, folder
        self.works, self.distractors = split(sources, relation.groups, seed)
        self._kin = {
            source.name: [
                _file(at)
                for at, work in enumerate(self.works)
                if work != source and relation.holds(source, work)
            ]
            for source in sources
        }
        self.plain = [
            source for source in self.distractors if not (in_family(source) or self._kin[source.name])
        ]
        draw = np.random.default_rng((seed, 1))
        self.frames = [
            drawing.ornate_frame(draw, *((800, 1000), (1000, 800))[at % 2]) for at in range(FRAMES)
        ]
        self.stamps = [drawing.stamp(draw) for _ in range(STAMPS)]

    def bearers(self, frame: int = -1, stamp: int = -1) -> list[str]:
        """The works that have a frame or a stamp."""
        framed = [at for at in range(FRAMED_WORKS) if at % FRAMES == frame]
        stamped = [at + FRAMED_WORKS for at in range(STAMPED_WORKS) if at % STAMPS == stamp]
        return [_file(at) for at in framed + stamped]

    def shares(self, work: int) -> list[str]:
        """The other works that have the frame or the stamp of a work."""
        sharing = self.relatives(self.works[work])
        if work < FRAMED_WORKS:
            sharing += self.bearers(frame=work % FRAMES)
        elif work < FRAMED_WORKS + STAMPED_WORKS:
            sharing += self.bearers(stamp=(work - FRAMED_WORKS) % STAMPS)
        return [file for file in sharing if file != _file(work)]

    def relatives(self, source: Source) -> list[str]:
        """The works whose sources stand in the same frame as a source by their origin."""
        within = [family for family in FAMILIES if family in source.name]
        return [
            _file(at) for at, work in enumerate(self.works) if any(family in work.name for family in within)
        ]

    def write_works(self) -> None:
        """works/ with its list, as Countermark reads it."""
        folder = self.folder / "works"
        folder.mkdir(parents=True)
        with (folder / "works.csv").open("w", newline="", encoding="utf-8") as out:
            rows = csv.writer(out)
            rows.writerow(("path", "title", "author"))
            for at, source in enumerate(self.works):
                rows.writerow((_file(at), f"Picture {at:04d}", source.name.split("/")[0]))
                self._write_work(at, source, folder / _file(at))

    def _write_work(self, at: int, source: Source, file: Path) -> None:
        if at >= FRAMED_WORKS + STAMPED_WORKS:
            shutil.copyfile(source.file, file)
            return
        if at < FRAMED_WORKS:
            picture = drawing.framed(source.read(), *self.frames[at % FRAMES])
        else:
            draw = np.random.default_rng((self.seed, 2, at))
            picture = drawing.stamped(source.read(), self.stamps[(at - FRAMED_WORKS) % STAMPS], draw)
        file.write_bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(picture), 95, colorsubsampling="444"))

    def jobs(self) -> list[Job]:
        """All pictures of the corpus, shuffled."""
        draw = np.random.default_rng((self.seed, 3))
        listed: list[tuple[str, str, int, str]] = []
        for name in TRANSFORMS:
            chosen = draw.permutation(len(self.works))[:COPIES].tolist()
            listed += [(name, name, work, "") for work in chosen]
        others = draw.permutation(len(self.distractors)).tolist()
        listed += [("distractor", "", at, "") for at in others[:AS_THEY_ARE]]
        names = list(TRANSFORMS)
        listed += [
            ("distractor", names[n % len(names)], int(draw.choice(others)), "") for n in range(TRANSFORMED)
        ]
        for what, count in NEGATIVES.items():
            listed += [("negative", "", n % FRAMES, what) for n in range(count)]
        jobs = [Job(number, *row) for number, row in enumerate(listed)]
        return [jobs[at] for at in draw.permutation(len(jobs))]

    @lru_cache(maxsize=600)  # noqa: B019  # one benchmark in a process
    def work_picture(self, at: int) -> Picture:
        """A work as it stands in works/."""
        return simplejpeg.decode_jpeg((self.folder / "works" / _file(at)).read_bytes())

    def other(self, rng: np.random.Generator) -> Picture:
        """Some distractor that has no frame of its own."""
        return self.plain[rng.integers(len(self.plain))].thumbnail()

    def make(self, job: Job) -> tuple[bytes, str, dict[str, Any]]:
        """The bytes of one picture of the corpus, its format, and its label without the key."""
        rng = np.random.default_rng((self.seed, 4, job.number))
        label: dict[str, Any] = {"kind": job.kind, "transform": job.transform or None, "what": job.what or None,
                                 "work": None, "related": [], "shares": []}  # fmt: skip
        if job.kind == "negative":
            placed, label["shares"] = self._negative(job, rng)
        elif job.kind == "distractor":
            source = self.distractors[job.picture]
            label |= {
                "source": source.name,
                "related": self._kin[source.name],
                "shares": self.relatives(source),
            }
            placed = Placed(source.read() if job.transform else source.thumbnail())
            placed = (
                TRANSFORMS[job.transform](placed, rng, self.other) if job.transform else sized(placed, rng)
            )
        else:
            placed = TRANSFORMS[job.transform](Placed(self.work_picture(job.picture)), rng, self.other)
            label |= {"work": _file(job.picture), "source": self.works[job.picture].name,
                      "related": self._kin[self.works[job.picture].name], "shares": self.shares(job.picture),
                      "matrix": [round(value, 6) for value in placed.matrix.ravel().tolist()],
                      "clip": placed.clip}  # fmt: skip
        height, width = placed.picture.shape[:2]
        data, format_ = encoded(placed, rng)
        return data, format_, {**label, "width": width, "height": height, "format": format_}

    def _negative(self, job: Job, rng: np.random.Generator) -> tuple[Placed, list[str]]:
        width, height = ((640, 480), (480, 640), (512, 512), (768, 512))[rng.integers(4)]
        if job.what == "framed":
            picture = drawing.framed(self.other(rng), *self.frames[job.picture])
            return sized(Placed(picture), rng), self.bearers(frame=job.picture)
        if job.what == "stamped":
            picture = drawing.stamped(
                sized(Placed(self.other(rng)), rng).picture, self.stamps[job.picture], rng
            )
            return Placed(picture), self.bearers(stamp=job.picture)
        if job.what == "interface":
            desktop, room = drawing.interface(rng, 1024, 768)
            return Placed(drawing.fill_room(desktop, rng, room)), []
        if job.what == "texture":
            return Placed(drawing.texture(rng, max(256, height))), []
        drawn = {"stars": drawing.stars, "lines": drawing.line_drawing, "page": drawing.page}[job.what]
        return Placed(drawn(rng, width, height)), []


def _file(work: int) -> str:
    return f"w{work:04d}.jpg"


def in_family(source: Source) -> bool:
    """Whether a source stands in a frame by its origin."""
    return any(family in source.name for family in FAMILIES)


def split(sources: list[Source], groups: dict[str, int], seed: int) -> tuple[list[Source], list[Source]]:
    """The works of a seed, in a drawn order, and the sources that share nothing with them."""
    members = defaultdict(list)
    for source in sources:
        members[groups[source.name]].append(source)
    names = sorted(members)
    order = np.random.default_rng(0).permutation(len(names)).tolist()
    half = [names[at] for place, at in enumerate(order) if place % 2 == seed % 2]
    wanted = 500 if seed % 2 else 540
    works: list[Source] = []
    taken = set()
    draw = np.random.default_rng((seed, 0))
    for at in draw.permutation(len(half)).tolist():
        able = [source for source in members[half[at]] if source.detail >= DETAIL]
        if len(works) < wanted and able and len(members[half[at]]) <= LARGEST_GROUP:
            works += able
            taken.add(half[at])
    works = [works[at] for at in draw.permutation(len(works)).tolist()]
    able = [work for work in works if work.detail >= FRAMED_DETAIL and not in_family(work)]
    framed = able[: FRAMED_WORKS + STAMPED_WORKS]
    works = framed + [work for work in works if work not in framed]
    return works, [source for source in sources if groups[source.name] not in taken]


def encoded(placed: Placed, rng: np.random.Generator) -> tuple[bytes, str]:
    """The bytes of a file and its format: JPEG, and where no quality is said sometimes PNG or WebP."""
    kind = float(rng.random())
    quality = placed.quality or int(rng.integers(70, 96))
    picture = np.ascontiguousarray(scaled(placed.picture, LARGEST))
    if placed.quality or kind < 0.88:
        return simplejpeg.encode_jpeg(picture, quality, colorsubsampling="420"), "jpg"
    format_ = "png" if kind < 0.94 else "webp"
    options = [] if format_ == "png" else [cv2.IMWRITE_WEBP_QUALITY, quality]
    _, data = cv2.imencode(f".{format_}", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
    return data.tobytes(), format_


def write_corpus(benchmark: Benchmark) -> list[dict[str, Any]]:
    """corpus/NNNNN.tar; returns the labels."""
    folder = benchmark.folder / "corpus"
    folder.mkdir()
    labels, jobs = [], benchmark.jobs()
    for start in range(0, len(jobs), A_TAR):
        shard = start // A_TAR
        with tarfile.open(folder / f"{shard:05d}.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
            for at, job in enumerate(jobs[start : start + A_TAR]):
                data, format_, label = benchmark.make(job)
                key = f"{shard:05d}{at:04d}"
                _add(tar, key, data, format_, label, np.random.default_rng((benchmark.seed, 5, job.number)))
                labels.append({"key": key, **label})
    return labels


def _add(
    tar: tarfile.TarFile, key: str, data: bytes, format_: str, label: dict[str, Any], rng: np.random.Generator
) -> None:
    """The three members of a sample, as img2dataset writes them."""
    caption = drawing.words(rng, 8)
    said = {
        "caption": caption, "url": f"https://pictures.example/{rng.integers(10**9):09d}.{format_}", "key": key,
        "status": "success", "error_message": None, "width": label["width"], "height": label["height"],
        "original_width": label["width"], "original_height": label["height"], "exif": "{}",
        "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
    for ending, content in (
        (format_, data),
        ("json", json.dumps(said, indent=4).encode()),
        ("txt", caption.encode()),
    ):
        member = tarfile.TarInfo(f"{key}.{ending}")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))


def pictures(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The keys and bytes of the pictures of a benchmark that was built, in order."""
    for shard in sorted((folder / "corpus").glob("*.tar")):
        with tarfile.open(shard) as tar:
            for member in tar:
                key, _, ending = member.name.partition(".")
                file = tar.extractfile(member)
                if ending not in ("json", "txt") and file:
                    yield key, file.read()


def _series_of(source: Source) -> str:
    """What a source has in common with the others of its series; empty where it is of none."""
    return next((found[1] for series in SERIES if (found := re.match(series, source.name))), "")


class Relation(NamedTuple):
    """Which sources share drawn content: their groups, and pairs, also such as lie in two groups."""

    groups: dict[str, int]
    pairs: set[frozenset[str]]

    def holds(self, one: Source, other: Source) -> bool:
        """Whether two sources share content, but for a frame."""
        if in_family(one) and in_family(other):
            return False
        return (
            self.groups[one.name] == self.groups[other.name]
            or frozenset((one.name, other.name)) in self.pairs
        )


def read_relation(folder: Path, sources: list[Source]) -> Relation:
    """What image_groups.py found; every source is for itself where it was not run."""
    files = folder / "groups.json", folder / "pairs.json"
    known, pairs = (json.loads(file.read_text()) if file.exists() else {} for file in files)
    groups = {
        source.name: -1 - at if in_family(source) else known.get(source.name, -1 - at)
        for at, source in enumerate(sources)
    }
    for series in {_series_of(source) for source in sources} - {""}:
        joined = {groups[source.name] for source in sources if _series_of(source) == series}
        groups = {name: min(joined) if group in joined else group for name, group in groups.items()}
    return Relation(groups, {frozenset((one, other)) for one, other, _ in pairs})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--debs", type=Path, required=True, help="where the packages are, or are downloaded to"
    )
    parser.add_argument("--out", type=Path, required=True, help="the pool and seedN/ are made here")
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    options.debs.mkdir(parents=True, exist_ok=True)
    sources = gather(options.debs, options.out / "pool")
    fresh = options.out / f"seed{options.seed}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    relation = read_relation(options.out, sources)
    benchmark = Benchmark(sources, relation, options.seed, fresh)
    benchmark.write_works()
    labels = write_corpus(benchmark)
    (fresh / "labels.jsonl").write_text("".join(json.dumps(label) + "\n" for label in labels))
    summary = {
        "seed": options.seed, "works": len(benchmark.works), "pictures": len(labels), "sources": len(sources),
        "distractor_sources": len(benchmark.distractors), "grouped": (options.out / "groups.json").exists(),
        "groups_of_works": len({relation.groups[source.name] for source in benchmark.works}),
        "kinds": dict(Counter(label["kind"] for label in labels)),
        "packages_of_works": dict(Counter(source.name.split("/")[0] for source in benchmark.works)),
        "labels_sha256": hashlib.sha256((fresh / "labels.jsonl").read_bytes()).hexdigest(),
    }  # fmt: skip
    (fresh / "summary.json").write_text(json.dumps(summary, indent=1) + "\n")
    (fresh / "READY").touch()
    final = options.out / f"seed{options.seed}"
    shutil.rmtree(final, ignore_errors=True)
    fresh.rename(final)
    print(json.dumps(summary, indent=1))


if __name__ == "__main__":
    main()
