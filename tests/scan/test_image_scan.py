"""A scan of pictures: the same bytes whatever happens on the way, and nothing lost."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from corpus.corpus_samples import response
from countermark.evidence.summary import conclude
from countermark.findings import findings_files, read_findings
from countermark.index.image.lookup import open_image_index
from countermark.scan import Part, ScanSettings, plan_scan, run_scan
from countermark.scan.receipt import read_receipt
from drawn_works import (
    FIRST_OTHER,
    STANDING,
    WORKS,
    drawing,
    encoded,
    samples,
    shared_corpus,
    shared_index,
    write_works,
)
from scan.furnished import events, wait_until
from scan.needle_search import InlineRunner

if TYPE_CHECKING:
    from countermark.scan import RunOutcome

BROKEN = {"empty", "format", "truncated", "tiny", "corrupt"}


def scan(out: Path, corpus: Path | None = None, **given: Any) -> RunOutcome:
    """Scan the shared corpus, or another, in this process unless workers are asked for."""
    runner = None if "workers" in given else InlineRunner()
    where = (corpus or shared_corpus(),)
    return run_scan(ScanSettings(index=shared_index(), corpus=where, out=out, **given), runner=runner)


def result(run: Path) -> dict[str, bytes]:
    """The bytes of all that must not depend on what happened on the way."""
    kept = [run / "run.json", run / "catalog.parquet"]
    for folder in ("findings", "receipts", "pictures", "works", "sketches"):
        kept += [path for path in sorted((run / folder).rglob("*")) if path.is_file()]
    return {path.relative_to(run).as_posix(): path.read_bytes() for path in kept}


def rows_of(run: Path) -> list[dict[str, Any]]:
    """All findings."""
    return [row for path in findings_files(run) for row in read_findings(path).to_pylist()]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one process over the whole corpus."""
    run = tmp_path_factory.mktemp("whole") / "run"
    assert scan(run).complete
    return run


def test_each_copy_is_found_where_it_stands_and_nothing_else(whole: Path) -> None:
    """Every altered copy, in every format, by its caption; no other picture."""
    expected = Counter(
        (sample.name, f"work-{sample.work}.png") for sample in samples() if sample.work is not None
    )
    rows = rows_of(whole)
    found = Counter((row["record_excerpt"] or Path(row["record_id"]).stem, row["asset_path"]) for row in rows)
    assert found == expected
    for row in rows:
        left, top, right, bottom = row["record_box"]
        assert 0 <= left < right <= row["record_width"]
        assert 0 <= top < bottom <= row["record_height"]
        assert set(row["record_outline"][::2]) >= {left, right}
        assert row["mirrored"] == ("mirrored" in (row["record_excerpt"] or row["record_id"]))


def test_the_run_folder_says_what_was_read_and_what_was_not(whole: Path) -> None:
    """Receipts count pictures, frames and refusals with reasons; the catalogue has the works with their sizes."""
    receipts = [read_receipt(path) for path in sorted((whole / "receipts").iterdir())]
    refused = Counter[str]()
    for receipt in receipts:
        refused.update({reason: entry["count"] for reason, entry in receipt.refused.items()})
    every = samples()
    assert sum(refused.values()) == len(BROKEN)
    assert refused.keys() >= {"empty", "truncated", "tiny"}
    records = sum(receipt.records for receipt in receipts)
    assert len(every) - len(BROKEN) <= records <= len(every)
    assert sum((receipt.pictures or {})["frames"] for receipt in receipts) == len(every) - len(BROKEN) + 2
    catalog = pq.read_table(whole / "catalog.parquet").to_pylist()
    assert sorted((row["asset_path"], row["width"]) for row in catalog) == [
        (f"work-{seed}.png", 480) for seed in range(WORKS)
    ]
    summary = conclude(whole)
    assert summary["medium"] == "image"
    assert summary["works"]["in_data_set"] == STANDING
    assert sum(entry["count"] for entry in summary["searched"]["refused"].values()) == len(BROKEN)


def test_both_stores_hold_what_their_names_say(whole: Path) -> None:
    """Each record has the digest of its name, each work is the print of the index; none is missing or too many."""
    rows = rows_of(whole)
    kept = {path.name: path for path in (whole / "pictures").rglob("*") if path.is_file()}
    assert kept.keys() == {row["record_digest"] for row in rows}
    for name, path in kept.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == name
        assert path.parent.name == name[:2]
    index = open_image_index(shared_index())
    prints = {row["asset_digest"]: index.print_of(number) for number, row in enumerate(index.assets())}
    works = {path.name: path.read_bytes() for path in (whole / "works").rglob("*") if path.is_file()}
    assert works == {digest: prints[digest] for digest in {row["asset_digest"] for row in rows}}


@pytest.mark.slow
def test_workers_and_parts_do_not_change_the_bytes(whole: Path, tmp_path: Path) -> None:
    """One worker, two, and two parts give the same folder."""
    scan(tmp_path / "one", workers=1)
    scan(tmp_path / "two", workers=2)
    scan(tmp_path / "parts", part=Part(1, 2))
    assert scan(tmp_path / "parts", part=Part(2, 2)).complete
    for name in ("one", "two", "parts"):
        assert result(tmp_path / name) == result(whole), name


def test_a_second_run_scans_nothing(whole: Path, tmp_path: Path) -> None:
    """What is finished is not scanned again, and a dry run says so and writes nothing."""
    scan(tmp_path / "run", corpus=shared_corpus() / "a.tar")
    before = result(tmp_path / "run")
    settings = ScanSettings(shared_index(), (shared_corpus() / "a.tar",), tmp_path / "run")
    assert (plan_scan(settings).done, len(plan_scan(settings).shards)) == (1, 1)
    outcome = scan(tmp_path / "run", corpus=shared_corpus() / "a.tar")
    assert (outcome.scanned, outcome.skipped, outcome.medium) == (0, 1, "image")
    assert result(tmp_path / "run") == before
    other = ScanSettings(shared_index(), (shared_corpus(),), tmp_path / "none")
    assert len(plan_scan(other).shards) == 3
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_a_killed_run_goes_on(whole: Path, tmp_path: Path) -> None:
    """Killed with SIGKILL after the first shard and begun again, it gives the bytes of an undisturbed run."""
    run = tmp_path / "run"
    command = [
        sys.executable,
        "-m",
        "countermark",
        "scan",
        str(shared_index()),
        str(shared_corpus()),
        "--out",
        str(run),
        "--workers",
        "1",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until(lambda: any((run / "receipts").glob("[!.]*")), 240)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    half = run / "pictures" / "ab" / f".{'ab' * 32}.77.tmp"
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"half")
    outcome = scan(run)
    assert outcome.skipped >= 1
    assert outcome.complete
    assert not half.exists()
    assert result(run) == result(whole)
    assert events(run)[-1] == "finish"


def test_controls_and_snapshot_date(tmp_path: Path) -> None:
    """What is found of controls is marked, and counted as a false alarm."""
    write_works(tmp_path / "controls", [FIRST_OTHER])
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.jpg").write_bytes(encoded(drawing(FIRST_OTHER).resize((320, 240))))
    (corpus / "b.jpg").write_bytes(encoded(drawing(0)))
    scan(tmp_path / "run", corpus=corpus, controls=tmp_path / "controls", snapshot_date=date(2024, 5, 1))
    rows = rows_of(tmp_path / "run")
    assert sorted((row["asset_path"], row["is_control"]) for row in rows) == [
        ("work-0.png", False),
        (f"work-{FIRST_OTHER}.png", True),
    ]
    assert {row["snapshot_date"] for row in rows} == {"2024-05-01"}
    summary = conclude(tmp_path / "run")
    assert (summary["controls"]["works"], summary["controls"]["false_alarms"]) == (1, 1)


def test_a_capture_says_what_was_reserved(tmp_path: Path) -> None:
    """A picture in a WARC record has its address, its date, and the reservation of its header fields."""
    data = encoded(drawing(1).resize((360, 270)))
    warc = tmp_path / "crawl.warc"
    headers = "Content-Type: image/jpeg\r\ntdm-reservation: 1"
    warc.write_bytes(response(data, 0, headers) + response(encoded(drawing(FIRST_OTHER)), 1, headers))
    scan(tmp_path / "run", corpus=warc)
    (row,) = rows_of(tmp_path / "run")
    assert (row["asset_path"], row["reservation_tdm"]) == ("work-1.png", "reserved")
    assert row["record_url"].startswith("http")
    assert row["reservation_date"]


def test_nothing_to_decode_is_not_nothing_found(tmp_path: Path) -> None:
    """Where no picture could be decoded the run is whole, and says that nothing was looked at."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    outcome = scan(tmp_path / "run", corpus=corpus)
    assert (outcome.frames, outcome.findings, outcome.refused, outcome.complete) == (0, 0, 1, True)
    log = [json.loads(line) for line in (tmp_path / "run" / "runlog.jsonl").read_text().splitlines()]
    assert log[-1]["frames"] == 0
    assert str(tmp_path) not in (tmp_path / "run" / "run.json").read_text()
    assert os.sep + "corpus" + os.sep not in (tmp_path / "run" / "run.json").read_text()
