"""Verdicts at capture against their limit, plain iteration of the same WARC, and against datadiligence.

Each way runs in a process of its own, in turns: CPU seconds (user and system) from the first record to the last, after
a run over another small file, so that modules are loaded. The least of all turns counts: others on the machine only add
to it, and what they add to the limit would flatter us. Ways:

    plain            fastwarc: header fields parsed, body read, nothing else: the limit
    at-capture       our verdicts by header fields and page
    with robots      the same with the crawl's captures of robots.txt (an archive made before; that is timed apart)
    datadiligence    plain iteration, and its evaluation of the header fields (`--peer PYTHON`, version 0.1.7)

Answers of generative training are compared with what was planted (captured_crawl.py), by header field.

`python benchmarks/bench_at_capture.py --records 4000 --peer PYTHON` writes results/at-capture.json.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent
REAL = FOLDER / "../../shared/data/commoncrawl/whirlwind.warc.gz"
PACKAGES = ("fastwarc", "pyarrow", "datadiligence")
Answers = dict[str, str]


def plain(pages: Path, _: Path) -> Answers:
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415

    with pages.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True):
            record.reader.read()
    return {}


def judged(pages: Path, robots: Path | None) -> Answers:
    from countermark.captures.at_capture import COLUMNS, at_capture  # noqa: PLC0415
    from countermark.captures.judging import CaptureJudge  # noqa: PLC0415
    from countermark.captures.robots_archive import RobotsArchive  # noqa: PLC0415
    from countermark.corpus.listing import list_shards  # noqa: PLC0415

    judge = CaptureJudge(RobotsArchive(robots) if robots else None)
    url, answer = map(COLUMNS.index, ("record_url", "reservation_generative"))
    found: Answers = {}
    for shard in list_shards([pages]):
        for batch in at_capture(shard, judge):  # type: ignore[arg-type]
            found.update((row[url], row[answer]) for row in batch.rows)
    return found


def peer(pages: Path, _: Path) -> Answers:
    from datadiligence.rules import TDMRepHeader, XRobotsTagHeader  # type: ignore[import-not-found]  # noqa: PLC0415
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415
    from requests.structures import CaseInsensitiveDict  # type: ignore[import-untyped]  # noqa: PLC0415

    rules = XRobotsTagHeader("*"), TDMRepHeader()
    found = {}
    with pages.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True):
            record.reader.read()
            fields = CaseInsensitiveDict(
                record.http_headers.items()
            )  # of a plain dict it misses TDM-Reservation
            said = [rule.is_allowed(headers=fields) for rule in rules if rule.HEADER_NAME in fields]
            url = record.headers.get("WARC-Target-URI")
            found[url] = "reserved" if not all(said) else "allowed" if said else "unknown"
    return found


WAYS: dict[str, Callable[[Path, Path], Answers]] = {
    "plain": plain,
    "at-capture": lambda pages, _: judged(pages, None),
    "with robots": judged,
    "datadiligence": peer,
}


def measure_here(way: str, pages: Path, warm: Path, robots: Path, out: Path) -> None:
    WAYS[way](warm, robots)
    begin, wall = time.process_time(), time.perf_counter()
    answers = WAYS[way](pages, robots)
    told = {"cpu_s": time.process_time() - begin, "wall_s": time.perf_counter() - wall}
    out.write_text(json.dumps(answers))
    print(json.dumps(told))


def measured(python: str, way: str, *files: Path) -> dict[str, float]:
    """One way in a process of its own."""
    command = [python, __file__, "--way", way, "--files", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{way}: {done.stderr}")
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def made_archive(robots: Path, out: Path) -> dict[str, Any]:
    from countermark.captures.robots_building import make_archive  # noqa: PLC0415

    begin = time.process_time()
    built = make_archive([robots], out)
    return {
        "captures": built.captures,
        "bodies": built.bodies,
        "cpu_s": round(time.process_time() - begin, 3),
    }


def compared(planted: Path, ours: Answers, theirs: Answers) -> dict[str, Any]:
    """Of each planted header field: what it says, and how often who answered what, on pages without a meta.

    Pages that have both are passed over: how two places of one protocol settle is for its own tests.
    """
    told: dict[str, dict[str, Any]] = {}
    wrong: Counter[str] = Counter()
    for url, (header, said, by_page) in json.loads(planted.read_text()).items():
        if header and by_page != "unknown":
            continue
        wrong["ours"] += ours[url] != (said if header else by_page)
        if by_page != "unknown":
            wrong["theirs, for a meta that they do not read"] += theirs[url] != "reserved"
            continue
        row = told.setdefault(
            header or "none", {"says": said, "countermark": Counter(), "datadiligence": Counter()}
        )
        row["countermark"][ours[url]] += 1
        row["datadiligence"][theirs[url]] += 1
    return {"header fields": dict(sorted(told.items())), "wrong": dict(wrong)}


def table(turns: list[dict[str, dict[str, float]]], records: int) -> dict[str, Any]:
    rows = {}
    for way in turns[0]:
        cpu, limit = (min(turn[one]["cpu_s"] for turn in turns) for one in (way, "plain"))
        rows[way] = {
            "cpu_s": round(cpu, 3),
            "records_per_cpu_s": round(records / cpu),
            "times_plain": round(cpu / limit, 2),
        }
        print(f"{way:14s}", rows[way])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--content-signals", type=float, default=0.2, help="share of sites with such a line")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peer", help="a Python with datadiligence 0.1.7 and fastwarc")
    parser.add_argument("--work", type=Path, default=FOLDER / "work" / "at-capture")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--files", type=Path, nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        measure_here(options.way, *options.files)
        return
    from captured_crawl import write_crawl  # noqa: PLC0415
    from results import save  # noqa: PLC0415

    pages, robots, planted = write_crawl(options.work, options.records, options.seed, options.content_signals)
    warm = write_crawl(options.work, 400, options.seed, options.content_signals).pages
    archive = options.work / "robots.sqlite"
    building = made_archive(robots, archive)
    pythons = {way: sys.executable for way in WAYS if way != "datadiligence"}
    if options.peer:
        pythons["datadiligence"] = options.peer
    files = {way: options.work / f"answers-{way.replace(' ', '-')}.json" for way in pythons}
    numbers: dict[str, Any] = {"seed": options.seed, "records": options.records}
    numbers |= {"sites with Content-Signal": options.content_signals, "archive": building}
    turns = [
        {way: measured(python, way, pages, warm, archive, files[way]) for way, python in pythons.items()}
        for _ in range(options.repeats)
    ]
    numbers["megabytes"] = round(pages.stat().st_size / 1e6, 1)
    numbers["ways"] = table(turns, options.records)
    if options.peer:
        ours, theirs = (json.loads(files[way].read_text()) for way in ("at-capture", "datadiligence"))
        numbers["answers"] = compared(planted, ours, theirs)
        print(json.dumps(numbers["answers"], indent=1))
    if REAL.exists():
        numbers["a real capture"] = judged(REAL, None)
        print(numbers["a real capture"])
    save("at-capture", numbers, PACKAGES)


if __name__ == "__main__":
    main()
