"""What a scan costs: a model fitted to shards of every format and medium, and tried on corpora that it has not seen.

Each shard is scanned in this process as a worker scans it (`scan_shard`: digest, search, findings, receipt), several
times; CPU seconds are the least of them, so that other work on the machine counts little. From these the model of
`cost_fit.py`. Then whole corpora of another seed, in other mixtures, are scanned by `countermark scan` with two
workers, and what they took, the start of the programme and of the workers included, is compared with what the model
says beforehand.

`python benchmarks/bench_cost.py --sources SOURCES --pictures FIT_SEED INDEX OTHER_SEED --recordings FIT_SEED INDEX
OTHER_SEED` writes results/cost.json. Text needs data/seed1 and data/seed3 (benchmarks/README.md); what is not given is
left out. Everything runs on one thread a process.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import ROOT, data_folder, one_thread, save

one_thread()

import pyarrow as pa  # noqa: E402
from PIL import Image  # noqa: E402

from bench_quality import work_files  # noqa: E402
from cost_fit import errors, fit, predict, rounded  # noqa: E402
from cost_material import MIXTURES, WORK, members, pages, pictures, recordings, single, texts  # noqa: E402
from countermark.index.build import build_index  # noqa: E402
from countermark.media import Medium  # noqa: E402
from countermark.scan import ScanSettings  # noqa: E402
from countermark.scan.folder import RunFolder  # noqa: E402
from countermark.scan.plan import make_plan  # noqa: E402
from countermark.scan.prepare import prepare  # noqa: E402
from countermark.scan.receipt import receipt_name  # noqa: E402
from countermark.scan.search import IndexBackend  # noqa: E402
from countermark.scan.shard import ScanTask, scan_shard  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable

pa.set_cpu_count(1)
pa.set_io_thread_count(1)
OTHER_MIXTURES = {
    "clean-24": (24_000_000, 0.0, None),
    "as-they-come-12": (12_000_000, None, None),
    "dense-3": (3_000_000, 1.0, None),
}
TINY = 300
UNTOLD = {"name", "cpu_s", "median_s", "greatest_s", "read_a_stored_byte", "findings_bytes", "receipt_bytes"}
"""What runs have beside the terms of the model."""


def kind_of(path: Path) -> str:
    """The format as the model names it."""
    for ending in (".wet.gz", ".warc.gz", ".jsonl.gz", ".jsonl.zst", ".jsonl", ".txt", ".tar"):
        if path.name.endswith(ending):
            return ending[1:]
    if path.name.startswith("pictures"):
        return "parquet of pictures"
    return "parquet, snappy" if ".snappy." in path.name else "parquet, zstd"


def facts_of(receipt: dict[str, Any], path: Path, pixels: float) -> dict[str, Any]:
    """A run of one shard, or of a part of one, in the terms of the model."""
    heard, seen = receipt.get("recordings") or {}, receipt.get("pictures") or {}
    return {
        "shards": 1,
        "stored_gb": {kind_of(path): receipt["shard"]["size"] / 1e9},
        "GB of text": receipt["text_bytes"] / 1e9,
        "pictures": seen.get("frames", 0),
        "megapixels": pixels,
        "hours of sound": heard.get("seconds", 0) / 3600,
        "findings": receipt["findings"],
    }


def together(runs: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Several runs as one."""
    whole: dict[str, Any] = {"stored_gb": {}}
    for run in runs:
        for name, amount in run.items():
            if name in UNTOLD:
                continue
            if name == "stored_gb":
                for kind, size in amount.items():
                    whole["stored_gb"][kind] = whole["stored_gb"].get(kind, 0.0) + size
            else:
                whole[name] = whole.get(name, 0) + amount
    return whole


def megapixels(path: Path) -> float:
    """The pixels of all pictures of a shard, as they are stored."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    if path.suffix == ".tar":
        found = [data for _, data in members([path])]
    else:
        found = [row["bytes"] for row in pq.read_table(path)["image"].to_pylist()]
    total = 0
    for data in found:
        try:
            with Image.open(io.BytesIO(data)) as picture:
                total += picture.width * picture.height
        except (OSError, ValueError):
            continue
    return total / 1e6


def measured(index: Path, files: list[Path], medium: Medium, repeats: int) -> list[dict[str, Any]]:
    """Each shard of some files, scanned so many times: the least of their CPU seconds, and how they differ."""
    run = WORK / "run"
    shutil.rmtree(run, ignore_errors=True)
    backend = IndexBackend()
    settings = ScanSettings(index=index, corpus=tuple(files), out=run)
    facts = backend.describe(index, None)
    plan = make_plan(settings.corpus, medium=medium)
    run.mkdir(parents=True)
    search = prepare(RunFolder(run), settings, facts, plan, backend).search
    by_name, found = {path.name: path for path in files}, []
    for shard in plan.mine:
        task = ScanTask(receipt_name(shard, search.identity), shard, str(run), search, backend)
        path = by_name[shard.name.partition("#")[0]]
        receipt = scan_shard(task)  # kernels and caches are warm from here on
        taken, walls = [], []
        before = read_bytes()
        for _ in range(repeats):
            cpu, wall = time.process_time(), time.perf_counter()
            scan_shard(task)
            taken.append(time.process_time() - cpu)
            walls.append(time.perf_counter() - wall)
        told = {"shard": {"size": shard.size}, **{name: getattr(receipt, name) for name in TOLD}}
        pixels = megapixels(path) if medium is Medium.IMAGE else 0.0
        said = facts_of(told, path, pixels) | {
            "name": shard.name,
            "cpu_s": round(min(taken), 4),
            "median_s": round(statistics.median(taken), 4),
            "greatest_s": round(max(taken), 4),
            "read_a_stored_byte": round((read_bytes() - before) / repeats / shard.size, 2),
            "findings_bytes": (run / "findings" / f"{task.name}.parquet").stat().st_size,
            "receipt_bytes": (run / "receipts" / f"{task.name}.json").stat().st_size,
        }
        print({name: said[name] for name in ("name", "cpu_s", "median_s", "findings")}, flush=True)
        found.append(said)
    return found


TOLD = ("text_bytes", "findings", "pictures", "recordings")


def read_bytes() -> int:
    """The bytes that this process has read so far, from the page cache or not."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("rchar")))


def command(index: Path, files: list[Path], workers: int) -> dict[str, float]:
    """`countermark scan` from its start to its end: CPU seconds of all its processes, and wall time."""
    out = WORK / "command"
    shutil.rmtree(out, ignore_errors=True)
    words = [sys.executable, "-m", "countermark", "scan", str(index), *map(str, files), "--out", str(out)]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [*words, "--workers", str(workers), "--json"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"the scan ended with {done.returncode}:\n{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": round(cpu, 3), "wall_s": round(time.perf_counter() - begun, 3)}


def least_of(index: Path, files: list[Path], workers: int, repeats: int) -> dict[str, float]:
    """The least of several."""
    taken = [command(index, files, workers) for _ in range(repeats)]
    return {name: min(one[name] for one in taken) for name in ("cpu_s", "wall_s")}


def starts(index: Path, files: list[Path], repeats: int) -> dict[str, float]:
    """What a scan takes before it reads anything, and each worker; from one and two shards of next to nothing."""
    one, two = (least_of(index, files[:count], count, repeats)["cpu_s"] for count in (1, 2))
    return {"run_cpu_s": round(2 * one - two, 3), "worker_cpu_s": round(two - one, 3)}


def tiny_shards(index: Path, repeats: int, start: dict[str, float]) -> dict[str, float]:
    """What a shard costs in a whole run, its part of the driver included: many shards of one line."""
    folder = WORK / "tiny"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number in range(TINY):
        (folder / f"{number:04d}.jsonl").write_text(
            '{"text": "A document of a few words, none of a work."}\n'
        )
    taken = least_of(index, [folder], 1, repeats)
    whole = WORK / "command"
    sizes = {
        kind: statistics.mean(path.stat().st_size for path in (whole / kind).iterdir())
        for kind in ("findings", "receipts")
    }
    beyond = taken["cpu_s"] - start["run_cpu_s"] - start["worker_cpu_s"]
    return {
        "shards": TINY,
        "cpu_ms_a_shard": round(1000 * beyond / TINY, 2),
        "wall_ms_a_shard": round(1000 * taken["wall_s"] / TINY, 2),
        "empty_findings_bytes": round(sizes["findings"]),
        "receipt_bytes": round(sizes["receipts"]),
    }


def size_of(index: Path) -> int:
    return sum(path.stat().st_size for path in index.iterdir())


def medium_of(
    name: Medium, fitted: Path, files: list[Path], other: tuple[Path, list[Path]], repeats: int
) -> dict[str, Any]:
    """Fit the model of a medium, and try it on another corpus; the last two files hold next to nothing."""
    runs = measured(fitted, files, name, repeats)
    model = fit(runs, name.value)
    start = starts(fitted, files[-2:], 3)
    seen = measured(other[0], other[1], name, 1)  # only for what is in it, and each shard's own time
    whole = together(seen)
    said = predict(whole, model) + start["run_cpu_s"] + 2 * start["worker_cpu_s"]
    took = least_of(other[0], other[1], 2, 3)
    spread = [run["median_s"] / run["cpu_s"] - 1 for run in runs]
    return {
        "seconds_a": rounded(model),
        "errors_of_the_fit": errors(runs, model),
        "errors_on_other_shards": errors(seen, model),
        "start": start,
        "median_of_repeats_above_the_least": {
            "median": round(statistics.median(spread), 3),
            "greatest": round(max(spread), 3),
        },
        "runs": runs,
        "other": {
            "in_it": whole,
            "predicted_cpu_s": round(said, 2),
            "actual_cpu_s": round(took["cpu_s"], 2),
            "error": round(said / took["cpu_s"] - 1, 3),
            "predicted_wall_s": round(said / 2, 2),
            "actual_wall_s": round(took["wall_s"], 2),
        },
    }


def text(options: argparse.Namespace) -> dict[str, Any]:
    """Text and pages; also with an index of 10,000 works where bench_catalogue.py has left one."""
    indices = []
    for seed in (1, 3):
        folder = WORK / f"works-{seed}.index"
        if not folder.exists():
            build_index(work_files(data_folder(seed)), folder)
        indices.append(folder)
    files, others = (
        texts(data_folder(1), WORK / "text", MIXTURES),
        texts(data_folder(3), WORK / "other-text", OTHER_MIXTURES),
    )
    if options.sources:
        files += pages(options.sources, WORK / "text", (3_000_000, 8_000_000, 20_000_000))
        others += pages(options.sources, WORK / "other-text", (30_000_000,), skip=9000)
    one = WORK / "one"
    one.mkdir(exist_ok=True)
    for number in range(2):
        (one / f"{number}.jsonl").write_text('{"text": "A document of a few words, none of a work."}\n')
    said = medium_of(
        Medium.TEXT, indices[0], [*files, *sorted(one.iterdir())], (indices[1], others), options.repeats
    )
    said["many_shards"] = tiny_shards(indices[0], 2, said["start"])
    said["index"] = {"works": 200, "bytes": size_of(indices[0])}
    larger = ROOT / "work" / "catalogue-index"
    if (larger / "manifest.json").exists():
        again = [path for path in files if path.name.endswith(("jsonl.zst", "wet.gz"))]
        of_few = measured(indices[0], again, Medium.TEXT, options.repeats)
        of_many = measured(larger, again, Medium.TEXT, options.repeats)
        said["larger_index"] = {
            "works": 10_000,
            "bytes": size_of(larger),
            "times_the_cpu": {
                few["name"]: round(many["cpu_s"] / few["cpu_s"], 3)
                for few, many in zip(of_few, of_many, strict=True)
            },
        }
    return said


def image(options: argparse.Namespace) -> dict[str, Any]:
    fitted, index, other = options.pictures
    files = pictures(fitted / "corpus", WORK / "pictures", 6)
    files += single(members(files[:1]), WORK / "pictures")
    others = pictures(other / "corpus", WORK / "other-pictures", 3)
    said = medium_of(Medium.IMAGE, index, files, (index, others), options.repeats)
    return said | {"index": {"bytes": size_of(index)}}


def audio(options: argparse.Namespace) -> dict[str, Any]:
    fitted, index, other = options.recordings
    files = recordings(fitted / "tracks", WORK / "recordings", 8, 8)
    shortest = sorted((path for path in (fitted / "tracks").iterdir()), key=lambda path: path.stat().st_size)
    files += single(((path.name, path.read_bytes()) for path in shortest), WORK / "recordings")
    others = recordings(other / "tracks", WORK / "other-recordings", 3, 16)
    said = medium_of(Medium.AUDIO, index, files, (index, others), options.repeats)
    return said | {"index": {"bytes": size_of(index)}}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=Path)
    parser.add_argument("--pictures", type=Path, nargs=3)
    parser.add_argument("--recordings", type=Path, nargs=3)
    parser.add_argument(
        "--only", choices=["text", "image", "audio"], help="Measure this, keep the others' figures."
    )
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT.parent / "src")
    WORK.mkdir(parents=True, exist_ok=True)
    measures = {
        "text": (text, True),
        "image": (image, options.pictures),
        "audio": (audio, options.recordings),
    }
    path = ROOT / "results" / "cost.json"
    before = json.loads(path.read_text()) if options.only and path.exists() else {}
    kept = {name: before[name] for name in measures if name in before}
    for name, (measure, given) in measures.items():
        if given and options.only in (None, name):
            kept[name] = measure(options)
            save("cost", kept)  # what took long is kept, should the next fail


if __name__ == "__main__":
    main()
