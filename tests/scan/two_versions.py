"""Two versions of a data set in every format of texts, an index of two works, and runs over them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from countermark.index.build import build_index
from countermark.scan import ScanSettings, run_scan
from countermark.scan.carrying import CarryingRunner, last_run
from scan.needle_search import InlineRunner
from written_works import prose, work_file

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.scan import RunOutcome

EARLY, LATE = prose(400, 1), prose(400, 2)
"""Two works; the second was published on 1 March 2024."""

CONTROL = prose(400, 3)
COPIED = (EARLY[100:700], LATE[200:800], CONTROL[50:500])


def works_index(folder: Path) -> Path:
    """An index of the two works, and beside it the folder `controls`."""
    out = folder / "works.index"
    files = [
        work_file("early", EARLY, date(2020, 1, 1)),
        work_file("late", LATE, date(2024, 3, 1)),
    ]
    build_index(files, out)
    (folder / "controls").mkdir()
    (folder / "controls" / "Control.txt").write_text(CONTROL)
    return out


def records(seed: int, count: int = 4) -> list[dict[str, Any]]:
    """Records of noise with passages of all works in some of them."""
    made = []
    for number in range(count):
        text = prose(60, seed * 100 + number)
        if number % 2 == 0:
            text += " " + COPIED[(seed + number // 2) % 3] + " " + prose(20, seed * 100 + number + 50)
        made.append({"id": f"r{seed}-{number}", "url": f"https://example.org/{seed}/{number}", "text": text})
    return made


def jsonl(path: Path, seed: int, *, spoilt: bool = False) -> None:
    """JSON Lines; a spoilt file has a line that cannot be read."""
    lines = [json.dumps(record) for record in records(seed)]
    path.write_text("\n".join([*lines, *(["{cut"] if spoilt else [])]) + "\n")


def first_version(folder: Path) -> Path:
    """A data set with a file of each format."""
    folder.mkdir()
    jsonl(folder / "a.jsonl", 1)
    jsonl(folder / "b.jsonl", 2)
    jsonl(folder / "spoilt.jsonl", 3, spoilt=True)
    rows = records(4)
    (folder / "packed.jsonl.gz").write_bytes(
        gzip.compress("\n".join(map(json.dumps, rows)).encode(), mtime=0)
    )
    with (folder / "table.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["id", "url", "text"])
        writer.writeheader()
        writer.writerows(records(5))
    pq.write_table(pa.Table.from_pylist(records(6)), folder / "table.parquet")
    (folder / "crawl.warc.wet").write_bytes(b"".join(wet(record) for record in records(7)))
    with tarfile.open(folder / "archive.tar", "w") as tar:
        for record in records(8):
            info = tarfile.TarInfo(f"{record['id']}.txt")
            info.size = len(record["text"])
            tar.addfile(info, io.BytesIO(record["text"].encode()))
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        for record in records(9):
            archive.writestr(zipfile.ZipInfo(f"{record['id']}.txt"), record["text"])
    (folder / "letter.txt").write_text(records(10)[0]["text"])
    return folder


def wet(record: dict[str, Any]) -> bytes:
    """One WET record."""
    body = str(record["text"]).encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: {record['url']}\r\n"
        f"WARC-Date: 2024-01-02T03:04:05Z\r\nWARC-Record-ID: <urn:uuid:{record['id']}>\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def scan(place: Path, corpus: str, out: str, **given: Any) -> RunOutcome:
    """Scan a version in full, in this process."""
    settings = {
        "snapshot_date": date(2024, 1, 1),
        "controls": place / "controls",
        "attempts": place / "tries.jsonl",
    }
    wanted = ScanSettings(place / "works.index", (place / corpus,), place / out, **{**settings, **given})
    return run_scan(wanted, runner=InlineRunner())


def watched(place: Path, last: str, corpus: str, out: str, **given: Any) -> tuple[RunOutcome, CarryingRunner]:
    """Scan a version, carrying what can be carried from the run `last`."""
    settings = {
        "snapshot_date": date(2024, 1, 1),
        "controls": place / "controls",
        "attempts": place / "tries.jsonl",
    }
    runner = CarryingRunner(InlineRunner(), last_run(place / last), 2)
    wanted = ScanSettings(place / "works.index", (place / corpus,), place / out, **{**settings, **given})
    return run_scan(wanted, runner=runner), runner
