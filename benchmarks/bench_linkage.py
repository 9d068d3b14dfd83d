"""A catalogue of 100,000 recordings against a listing of 12.3 million rows: time, memory, what is found, what is wrong.

    python benchmarks/bench_linkage.py --seed 2                          writes results/linkage.json
    python benchmarks/bench_linkage.py --seed 2 --peers VENV/bin/python  also rapidfuzz and splink, at --peer-rows

Listing and catalogue are invented (`listing_shapes.py`): LAION-DISCO-12M's columns and size, with planted truth. The
rules were tuned on seed 1. A link is right when the row was planted for that work. Peers run on a listing that they can
do, with Countermark beside them, everyone over all cores that there are.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import ROOT, save

if TYPE_CHECKING:
    from collections.abc import Iterator

PEERS = ("linkage_rapidfuzz", "linkage_splink")
PEER_ROWS, PEER_WORKS = 200_000, 5_000
PACKAGES = ("numba", "numpy", "pyarrow", "rapidfuzz", "anyascii")


def data_set(rows: int, works: int, seed: int) -> Path:
    """The folder of a listing, made if it is not there."""
    from listing_shapes import make  # noqa: PLC0415

    folder = ROOT / "work" / f"linkage-{rows}-{works}-seed{seed}"
    if not (folder / "truth.jsonl").exists() or len(list((folder / "listing").glob("*.parquet"))) < 5:
        shutil.rmtree(folder, ignore_errors=True)
        make(folder, rows, works, seed)
    return folder


def works_of(folder: Path) -> Iterator[Any]:
    """The catalogue as the engine's own works."""
    from countermark.works.entry import CatalogWork, Contributor, WorkMedium  # noqa: PLC0415
    from countermark.works.identifiers import Identifier  # noqa: PLC0415

    for line in (folder / "catalogue.jsonl").read_text().splitlines():
        fact = json.loads(line)
        known_as = (fact["known_as"],) if fact["known_as"] else ()
        people = [
            Contributor(name, "performer", known_as=known_as if at == 0 else ())
            for at, name in enumerate(fact["artists"])
        ]
        identifiers = (Identifier("youtube", fact["song_id"]),) if fact["song_id"] else ()
        yield CatalogWork(
            fact["work_id"],
            fact["title"],
            medium=WorkMedium.RECORDING,
            contributors=tuple(people),
            identifiers=identifiers,
        )


def child(folder: Path, out: Path, workers: int | None) -> None:
    """What is measured: the whole command, from the catalogue to the summary."""
    from countermark.linkage import LinkSettings, conclude, run_link  # noqa: PLC0415
    from countermark.probability.binomial import clopper_pearson  # noqa: PLC0415

    run_link(LinkSettings((folder / "listing",), out, workers=workers), works_of(folder))
    conclude(out, clopper_pearson)


def measured(command: list[str]) -> dict[str, float]:
    """Wall and CPU seconds of a command, and the peak of the memory of its processes together (PSS), in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = subprocess.Popen(command)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak))
    watcher.start()
    code = process.wait()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if code:
        raise SystemExit(f"{command[1]} ended with {code}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "wall_seconds": round(time.perf_counter() - begun, 1),
        "cpu_seconds": round(cpu, 1),
        "peak_mb": round(peak[0]),
    }


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(_pss(pid) for pid in _tree(process.pid)) / 1000)
        time.sleep(0.25)


def _tree(root: int) -> list[int]:
    parents: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])].append(
                    int(entry.name)
                )
            except (OSError, IndexError):
                continue
    found = [root]
    for pid in found:
        found += parents[pid]
    return found


def _pss(pid: int) -> int:
    """Proportional set size in kB: pages that several processes share are shared out."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def truth_of(folder: Path) -> dict[str, dict[str, Any]]:
    """What was planted, by the id of the row."""
    return {
        fact["song_id"]: fact for fact in map(json.loads, (folder / "truth.jsonl").read_text().splitlines())
    }


def score(folder: Path, links: list[tuple[str, str, str]]) -> dict[str, Any]:
    """Recall and false links of (song id, work id, grade)."""
    truth = truth_of(folder)
    found: Counter[str] = Counter()
    false: dict[str, Counter[str]] = {"name": Counter(), "identifier": Counter()}
    grades: Counter[str] = Counter()
    for song, work, grade in set(links):
        grades[grade] += 1
        fact = truth.get(song)
        if fact and fact["link"] and fact["work_id"] == work:
            found[fact["kind"]] += 1
        else:
            false[grade][fact["kind"] if fact else "chance"] += 1
    planted = Counter(fact["kind"] for fact in truth.values() if fact["link"])
    named = {kind: count for kind, count in planted.items() if kind != "identifier"}
    return {
        "planted": sum(planted.values()),
        "decoys": sum(not fact["link"] for fact in truth.values()),
        "recall_identifier": found["identifier"] / max(1, planted["identifier"]),
        "recall_name": sum(found[kind] for kind in named) / max(1, sum(named.values())),
        "recall_by_kind": {kind: round(found[kind] / count, 4) for kind, count in planted.items()},
        "links": dict(grades),
        "false_name": sum(false["name"].values()),
        "false_name_share": sum(false["name"].values()) / max(1, grades["name"]),
        "false_identifier": sum(false["identifier"].values()),
        "false_by_kind": dict(false["name"]),
    }


def ours(folder: Path, workers: int | None) -> dict[str, Any]:
    """Countermark on a listing."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    out = folder / "run"
    shutil.rmtree(out, ignore_errors=True)
    (folder / "attempts.jsonl").unlink(missing_ok=True)
    command = [sys.executable, str(Path(__file__)), "--child", str(folder), str(out)]
    taken = measured(command + (["--workers", str(workers)] if workers else []))
    links = pq.read_table(out / "links.parquet", columns=["fields", "work_id", "grade"])
    songs = [json.loads(fields)["youtube"] for fields in links["fields"].to_pylist()]
    triples = list(zip(songs, links["work_id"].to_pylist(), links["grade"].to_pylist(), strict=True))
    return {**taken, **score(folder, triples)}


def peer(name: str, python: str, folder: Path) -> dict[str, Any]:
    """A peer on the same listing, in a process of its own."""
    out = folder / f"{name}.json"
    taken = measured([python, str(ROOT / "peers" / f"{name}.py"), str(folder), str(out)])
    said = json.loads(out.read_text())
    links = [(song, work, "name") for song, work in said.pop("links")]
    return {**taken, **said, **score(folder, links)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=12_320_916)
    parser.add_argument("--works", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--workers", type=int)
    parser.add_argument(
        "--peers", help="the Python of an environment with rapidfuzz, splink, duckdb and pyarrow"
    )
    parser.add_argument("--peer-rows", type=int, default=PEER_ROWS)
    parser.add_argument("--peer-works", type=int, default=PEER_WORKS)
    parser.add_argument("--no-save", action="store_true")
    parser.add_argument("--make", action="store_true", help="only make the data")
    parser.add_argument("--child", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(*options.child, options.workers)
        return
    folder = data_set(options.rows, options.works, options.seed)
    if options.make:
        return
    result: dict[str, Any] = {
        "seed": options.seed,
        "rows": options.rows,
        "works": options.works,
        "cores": os.cpu_count(),
    }
    result["listing_bytes"] = sum(path.stat().st_size for path in (folder / "listing").glob("*"))
    result["countermark"] = ours(folder, options.workers)
    print(json.dumps(result, indent=1))
    if options.peers:
        small = data_set(options.peer_rows, options.peer_works, options.seed)
        result["side_by_side"] = {
            "rows": options.peer_rows,
            "works": options.peer_works,
            "countermark": ours(small, None),
        }
        for name in PEERS:
            result["side_by_side"][name.removeprefix("linkage_")] = peer(name, options.peers, small)
        print(json.dumps(result["side_by_side"], indent=1))
    if not options.no_save:
        save("linkage", result, PACKAGES)


if __name__ == "__main__":
    main()
