"""The sealed-room kit: how long it takes to build, how large it is, and whether kills change a byte of its findings.

    python benchmarks/bench_kit.py --kills 100 --minutes 12

A kit is built of three works twice (the bytes must be the same) and run on a corpus of small shards, without network
where that can be had. Then it is killed (SIGKILL) at random moments, from its start to its end, every other time with
all of its workers and otherwise without them, and started again with the same command. A run that ends is compared with
the undisturbed one, and another is begun. The number of kills is what was reached within the minutes given.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from pydoc_data import topics
from random import Random

from countermark.index.build import build_index
from countermark.kit import layout
from countermark.kit.build import build_kit
from countermark.media import Asset, Medium
from countermark.works.work import Work, WorkFile
from results import save

SALT = b"a salt of this benchmark, public"
TEXTS = sorted(topics.topics.items(), key=lambda topic: -len(topic[1]))


def make_index(folder: Path) -> Path:
    """An index of three works: the longest chapters of Python's own documentation."""
    files = [
        WorkFile(Work(name, name), Asset(name, f"{name}.txt", Medium.TEXT, f"{number:064}", text))
        for number, (name, text) in enumerate(TEXTS[:3])
    ]
    build_index(files, folder / "works.index")
    return folder / "works.index"


def make_corpus(folder: Path, shards: int) -> Path:
    """Shards of three records, one of which holds a passage of a work."""
    folder.mkdir()
    random = Random(5)
    for shard in range(shards):
        records = []
        for number in range(3):
            work = random.choice(TEXTS[:3])[1]
            at = random.randrange(len(work) - 1500)
            passage = work[at : at + 900] if number == 1 else ""
            text = (
                f"{random.choice(TEXTS[3:])[1][:1500]}\n\n{passage}\n\n{random.choice(TEXTS[3:])[1][:1500]}"
            )
            records.append(json.dumps({"id": f"{shard}-{number}", "text": text}))
        (folder / f"part-{shard:04}.jsonl").write_text("\n".join(records) + "\n")
    return folder


def command(place: Path, medium: Path) -> list[str]:
    """The command of a run, in a namespace without an interface where root may make one."""
    alone = ["unshare", "-n"] if os.geteuid() == 0 and shutil.which("unshare") else []
    kit, salt = str(place / "kit" / layout.LAUNCHER), str(place / "salt")
    asked = ["kit", "run", str(place / "corpus"), "--out", str(medium), "--salt-file", salt, "--workers", "2"]
    return [*alone, "sh", kit, *asked]


def results(medium: Path) -> dict[str, bytes]:
    """What must be the same bytes, however the run went."""
    run = medium / layout.RUN
    files = [
        run / "run.json",
        run / "catalog.parquet",
        *(run / "findings").iterdir(),
        *(run / "receipts").iterdir(),
    ]
    return {path.name: path.read_bytes() for path in files}


def run_whole(place: Path, medium: Path) -> float:
    """Run to the end; return the seconds."""
    begun = time.perf_counter()
    subprocess.run(command(place, medium), check=True, capture_output=True)
    return time.perf_counter() - begun


def killed(place: Path, medium: Path, seconds: float, *, workers: bool) -> bool:
    """Run for so long at most, then kill, with the workers or without; return whether it was killed."""
    process = subprocess.Popen(
        command(place, medium),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        (os.killpg if workers else os.kill)(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def fresh_medium(medium: Path) -> None:
    """Empty a medium but for its compiled kernels: compiling is not what is measured."""
    shutil.rmtree(medium / layout.RUN, ignore_errors=True)
    for path in medium.iterdir():
        if path.is_file():
            path.unlink()


def kill_often(place: Path, kills: int, minutes: float, longest: float) -> dict[str, object]:
    """Kill `kills` times at random moments; compare every run that ends with the undisturbed one."""
    random, medium = Random(9), place / "killed"
    wanted = results(place / "undisturbed")
    shutil.copytree(place / "undisturbed" / layout.WORKING, medium / layout.WORKING)
    done, ended, differing = 0, 0, 0
    moments: list[float] = []
    until = time.monotonic() + 60 * minutes
    while done < kills and time.monotonic() < until:
        moment = random.uniform(0.05, longest)
        if killed(place, medium, moment, workers=done % 2 == 0):
            done, moments = done + 1, [*moments, moment]
            continue
        ended, differing = ended + 1, differing + (results(medium) != wanted)
        fresh_medium(medium)
    run_whole(place, medium)
    ended, differing = ended + 1, differing + (results(medium) != wanted)
    told = {"kills": done, "kills_wanted": kills, "runs_ended": ended, "runs_with_other_bytes": differing}
    return {
        **told,
        "median_moment_s": round(statistics.median(moments), 2),
        "latest_moment_s": round(max(moments), 2),
    }


def main() -> None:
    """Measure, and write results/kit.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=12, help="how long to go on killing")
    parser.add_argument("--shards", type=int, default=60)
    parser.add_argument("--work", type=Path, help="where to work; a temporary folder by default")
    given = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="bench-kit-", dir=given.work))
    try:
        index, corpus = make_index(place), make_corpus(place / "corpus", given.shards)
        (place / "salt").write_bytes(SALT)
        begun = time.perf_counter()
        built = build_kit(index, place / "kit", salt=SALT)
        seconds = time.perf_counter() - begun
        again = build_kit(index, place / "again", salt=SALT).code == built.code
        shutil.rmtree(place / "again")
        told: dict[str, object] = {
            "build_s": round(seconds, 1),
            "bytes": built.bytes,
            "files": built.files,
            "built_twice_same_code": again,
            "corpus_shards": given.shards,
            "corpus_bytes": sum(path.stat().st_size for path in corpus.iterdir()),
            "first_run_s": round(run_whole(place, place / "undisturbed"), 1),
        }
        first = results(place / "undisturbed")
        fresh_medium(place / "undisturbed")
        told["run_s"] = round(longest := run_whole(place, place / "undisturbed"), 1)
        told["run_twice_same_bytes"] = results(place / "undisturbed") == first
        told |= kill_often(place, given.kills, given.minutes, longest * 1.2)
        print(save("kit", told))
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
