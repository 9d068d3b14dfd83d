"""How many altered copies of pictures are found, how many findings are wrong, and how well the place is told.

Build the benchmark (image_sources.py, image_groups.py, image_corpus.py), run the engine on it
(`countermark index build works/ -o works.index`, `countermark scan works.index corpus/ -o run`), and the peers
(image_peers.py); then this reads all of it. image_judging.py says what is right, wrong and neither.

The engine's threshold is its own, frozen before this seed was looked at. "At 99 % precision" and "above every wrong
pair" are the two thresholds on `bits` (of peers: their distance, cosine or number of inliers) that are best afterwards,
for every method the same; a tuned threshold flatters.

`python benchmarks/bench_images.py --data SEED_FOLDER --run RUN [--peers FILE.jsonl] [--study wrong.txt] [--name NAME]`
writes results/images_quality.json.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
from PIL import Image

from image_judging import COPY_GRADES, Found, boxes, judge, listed, read_labels
from results import save

if TYPE_CHECKING:
    from collections.abc import Iterator

    from image_judging import Judged, Label

COLUMNS = (
    "shard", "row", "record_id", "asset_path", "grade", "bits", "record_outline", "mirrored", "method", "inliers",
    "agreement", "share_of_work", "hash_distance",
)  # fmt: skip
FIXED = {
    "pdq": (-31.0, "PDQ, 31 bits at most (the reference's advice)"),
    "pdq8": (-31.0, "the same, 8 states"),
}
PACKAGES = ("numpy", "opencv-python-headless", "simplejpeg", "pillow", "numba", "pyarrow")


def of_run(run: Path, labels: dict[str, Label]) -> Iterator[Found]:
    """The findings of a run folder, or of a .jsonl with key, work, score and grade."""
    if run.suffix == ".jsonl":
        for line in run.read_text().splitlines():
            row = json.loads(line)
            yield Found(row["key"], row["work"], row["score"], row.get("grade", "copy"), row.get("outline"))
        return
    for file in sorted((run / "findings").glob("*.parquet")):
        for row in pq.read_table(file, columns=list(COLUMNS)).to_pylist():
            if row["grade"] in COPY_GRADES or row["grade"] == "shared":
                yield _found(row, labels)


def _found(row: dict[str, Any], labels: dict[str, Label]) -> Found:
    key = row["record_id"]
    if key not in labels:
        key = f"{int(Path(row['shard']).stem.split('.')[0]):05d}{row['row']:04d}"
    said = (
        f"{row['method']} inliers {row['inliers']} agreement {row['agreement']} "
        f"share {row['share_of_work']} hash {row['hash_distance']}"
    )
    return Found(
        key, row["asset_path"].rpartition("/")[2], row["bits"], row["grade"],
        row["record_outline"], row["mirrored"], said,
    )  # fmt: skip


def works_sizes(data: Path) -> dict[str, tuple[int, int]]:
    """Width and height of every work's file."""
    sizes = {}
    for file in (data / "works").glob("*.jpg"):
        with Image.open(file) as picture:
            sizes[file.name] = picture.size
    return sizes


def engine(judged: Judged, sizes: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """The numbers of Countermark, at its own threshold and at the two others."""
    lowest = float("-inf")
    at_own = judged.at(lowest)
    groups = {
        "identical": [right for _, right, found in judged.scored if found.grade == "identical"],
        "copy": [right for _, right, found in judged.scored if found.grade == "copy"],
    }
    return {
        "at_own_threshold": at_own,
        "by_transform": judged.by_transform(lowest),
        "by_grade": {
            name: {"right": sum(values), "wrong": len(values) - sum(values)}
            for name, values in groups.items()
        },
        **judged.table(),
        "shared": {
            "on_pictures_that_share_a_frame_or_stamp": len(judged.shared_right),
            "on_the_work_itself": len(judged.shared_only),
            "elsewhere": len(judged.shared_elsewhere),
        },
        "sharing_pairs_called_copies": sum(
            found.work in judged.labels[found.key]["shares"] for found in judged.wrong()
        ),
        "place": boxes(judged, sizes),
    }


def peers(path: Path, labels: dict[str, Label]) -> dict[str, Any]:
    """The numbers of each peer, on the pictures that they were asked about."""
    rows: dict[str, list[Found]] = defaultdict(list)
    for line in path.read_text().splitlines():
        row = json.loads(line)
        rows[row["peer"]].append(Found(row["key"], row["work"], row["score"]))
    numbers: dict[str, Any] = {}
    for name, findings in rows.items():
        judged = judge(findings, labels)
        numbers[name] = judged.table()
        if name in FIXED:
            numbers[name]["at_fixed_threshold"] = judged.at(FIXED[name][0])
    return numbers


def looked_at(seed: int) -> dict[str, set[str]]:
    """Pairs of image_audit.json: wrong by the labels, real reuse by eye; the works by key of the picture."""
    said = json.loads((Path(__file__).parent / "image_audit.json").read_text())
    works: dict[str, set[str]] = defaultdict(set)
    for pair in said["pairs"] if said["seed"] == seed else []:
        works[pair["key"]].add(pair["work"])
    return works


def related(label: Label, works: set[str]) -> Label:
    """The label of a picture that shares content with further works."""
    return {**label, "related": [*label["related"], *sorted(works)]}


def show(numbers: dict[str, Any]) -> None:
    """The side-by-side table on the screen."""
    methods = {"countermark": numbers["countermark"]["by_transform"]} if "countermark" in numbers else {}
    methods |= {name: table["by_transform_at_99"] for name, table in numbers.get("peers", {}).items()}
    print("transform".ljust(14), *(name.rjust(11) for name in methods))
    for transform in next(iter(methods.values()), {}):
        print(transform.ljust(14), *(f"{values[transform] * 100:11.0f}" for values in methods.values()))
    if "countermark" in numbers:
        own = numbers["countermark"]
        shown = (
            "at_own_threshold",
            "at_99_precision",
            "above_all_wrong",
            "shared",
            "sharing_pairs_called_copies",
        )
        print(json.dumps({name: own[name] for name in shown}, indent=1))
        print({name: value for name, value in own["place"].items() if name != "median_iou_by_transform"})
    for name, table in numbers.get("peers", {}).items():
        at = table["at_99_precision"]
        print(
            name.ljust(11),
            "recall at 99 %:",
            at["recall"],
            "above every wrong pair:",
            table["above_all_wrong"]["recall"],
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--run", type=Path, help="a run folder, or a .jsonl")
    parser.add_argument("--peers", type=Path, help="what image_peers.py wrote")
    parser.add_argument("--study", type=Path, help="where the wrong pairs are listed, for looking at")
    parser.add_argument("--name", default="images_quality")
    parser.add_argument("--dry", action="store_true", help="only show, write no results")
    options = parser.parse_args()
    labels = read_labels(options.data / "labels.jsonl")
    summary = json.loads((options.data / "summary.json").read_text())
    kept = ("seed", "works", "pictures", "sources", "distractor_sources", "kinds")
    numbers: dict[str, Any] = {"benchmark": {name: summary[name] for name in kept}}
    numbers["benchmark"]["copies"] = sum(bool(label["work"]) for label in labels.values())
    if options.run:
        judged = judge(of_run(options.run, labels), labels)
        numbers["countermark"] = engine(judged, works_sizes(options.data))
        if audited := looked_at(numbers["benchmark"]["seed"]):
            reuse = {**labels, **{key: related(labels[key], works) for key, works in audited.items()}}
            after = judge(of_run(options.run, reuse), reuse)
            numbers["countermark_after_audit"] = after.table() | {
                "at_own_threshold": after.at(float("-inf")),
                "pairs": sum(map(len, audited.values())),
            }
        if options.study:
            missed = sorted(
                f"missed {label['key']} {label['kind']} {label['work']}"
                for label in judged.copies() if label["key"] not in judged.found_above(float("-inf"))
            )  # fmt: skip
            lines = listed(judged.wrong(), labels) + listed(judged.shared_elsewhere, labels) + missed
            options.study.write_text("\n".join(lines) + "\n")
    if options.peers:
        about = json.loads(options.peers.with_suffix(".about.json").read_text())
        part = read_labels(options.data / "labels.jsonl", about["keep"])
        numbers["peers_about"] = about
        numbers["peers"] = peers(options.peers, part)
        if options.run:
            again = judge(of_run(options.run, labels), part)
            numbers["countermark_on_the_pictures_of_the_peers"] = again.table() | {
                "own": again.at(float("-inf"))
            }
    show(numbers)
    if not options.dry:
        save(options.name, numbers, PACKAGES)


if __name__ == "__main__":
    main()
