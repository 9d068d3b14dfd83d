"""A scan of recordings: the same bytes whatever happens on the way, and nothing lost."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from countermark.evidence.summary import conclude
from countermark.findings import findings_files, read_findings
from countermark.index.audio.collect import Compositions, Wanted
from countermark.index.audio.lookup import open_audio_index
from countermark.matching.audio.composition.table import pack
from countermark.scan import Part, ScanSettings, plan_scan, run_scan
from countermark.scan.listening import AskedListening
from countermark.scan.receipt import read_receipt
from played_works import (
    BROKEN,
    FIRST_OTHER,
    PLACED,
    WORKS,
    build,
    file_of,
    part,
    samples,
    shared_corpus,
    shared_index,
    tune,
    write_tar,
    write_works,
)
from scan.furnished import events, wait_until
from scan.needle_search import InlineRunner

if TYPE_CHECKING:
    from countermark.scan import RunOutcome


def scan(out: Path, corpus: Path | None = None, index: Path | None = None, **given: Any) -> RunOutcome:
    """Scan the shared corpus, or another, in this process unless workers are asked for."""
    runner = None if "workers" in given else InlineRunner()
    settings = ScanSettings(
        index=index or shared_index(), corpus=(corpus or shared_corpus(),), out=out, **given
    )
    return run_scan(settings, runner=runner)


def result(run: Path) -> dict[str, bytes]:
    """The bytes of all that must not depend on what happened on the way."""
    kept = [run / "run.json", run / "catalog.parquet"]
    for folder in ("findings", "receipts", "excerpts", "works"):
        kept += [path for path in sorted((run / folder).rglob("*")) if path.is_file()]
    return {path.relative_to(run).as_posix(): path.read_bytes() for path in kept}


def rows_of(run: Path) -> list[dict[str, Any]]:
    """All findings."""
    return [row for path in findings_files(run) for row in read_findings(path).to_pylist()]


def key_of(row: dict[str, Any]) -> str:
    """The name of the sample that a finding is of."""
    return Path(row["record_id"] or "").name.rpartition(".")[0] or row["record_id"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one process over the whole corpus."""
    run = tmp_path_factory.mktemp("whole") / "run"
    assert scan(run).complete
    return run


def test_each_excerpt_is_found_where_it_stands_and_nothing_else(whole: Path) -> None:
    """Each altered excerpt once, the work's own file as identical, what was cut as far as it goes."""
    expected = {name: f"work-{number}.flac" for name, number in PLACED.items()}
    expected |= {"same": "work-1.flac", "cut": "work-0.flac"}
    rows = rows_of(whole)
    assert Counter((key_of(row), row["asset_path"]) for row in rows) == Counter(expected.items())
    grades = {key_of(row): row["grade"] for row in rows}
    assert grades["same"] == "identical"
    assert {grades[name] for name in ("higher", "slower")} == {"copy"}
    for row in rows:
        assert (row["unit"], row["record_track"], row["is_control"]) == ("millisecond", 0, False)
        assert 0 <= row["record_start"] < row["record_end"] <= row["record_duration"]
    titles = {row["record_excerpt"] for row in rows if row["shard"] == "a.tar"}
    assert "The higher one" in titles
    assert {row["record_url"] for row in rows if key_of(row) == "higher"} == {"https://music.example/higher"}


def test_the_run_folder_says_what_was_read_and_what_was_not(whole: Path) -> None:
    """Receipts count bytes, seconds, tracks, comparisons, and refusals with reasons, and the shard goes on."""
    receipts = [read_receipt(path) for path in sorted((whole / "receipts").iterdir())]
    refused = Counter[str]()
    for receipt in receipts:
        refused.update({reason: entry["count"] for reason, entry in receipt.refused.items()})
    assert sum(refused.values()) == len(BROKEN)
    assert refused["damaged"] == 1
    said = Counter[str]()
    for receipt in receipts:
        said.update(receipt.recordings or {})
    tracks = len(samples()) - len(BROKEN) + 1
    assert (said["tracks"], said["comparisons"], said["hints_compared"]) == (tracks, WORKS * tracks, 0)
    assert "quick_passed" not in said
    assert said["bytes"] <= sum(map(len, samples().values()))
    catalog = pq.read_table(whole / "catalog.parquet").to_pylist()
    assert sorted((row["asset_path"], row["duration"]) for row in catalog) == [
        (f"work-{seed}.flac", 30_000) for seed in range(WORKS)
    ]
    summary = conclude(whole)
    assert (summary["medium"], summary["works"]["in_data_set"]) == ("audio", WORKS)
    assert sum(entry["count"] for entry in summary["searched"]["refused"].values()) == len(BROKEN)


def test_both_stores_hold_what_their_names_say(whole: Path) -> None:
    """An excerpt for each finding, and the copy of each work that was found; none is missing or too many."""
    rows = rows_of(whole)
    names = {f"{row['finding_id']}{suffix}" for row in rows for suffix in (".flac", ".json")}
    assert {path.name for path in (whole / "excerpts").iterdir()} == names
    index = open_audio_index(shared_index())
    works = {path.name: path.read_bytes() for path in (whole / "works").rglob("*") if path.is_file()}
    assert works == {row["asset_digest"]: index.copy_of(number) for number, row in enumerate(index.assets())}
    for row in index.assets():
        assert hashlib.sha256(works[row["asset_digest"]]).hexdigest() == row["copy_digest"]


def test_a_second_run_scans_nothing(tmp_path: Path) -> None:
    """What is finished is not scanned again, and a dry run says so and writes nothing."""
    corpus = write_tar(tmp_path / "a.tar", {"p.flac": file_of(part(0, 4, 12))})
    scan(tmp_path / "run", corpus)
    before = result(tmp_path / "run")
    plan = plan_scan(ScanSettings(shared_index(), (corpus,), tmp_path / "run"))
    assert (plan.done, len(plan.shards)) == (1, 1)
    outcome = scan(tmp_path / "run", corpus)
    assert (outcome.scanned, outcome.skipped, outcome.medium) == (0, 1, "audio")
    assert result(tmp_path / "run") == before
    assert plan_scan(ScanSettings(shared_index(), (corpus,), tmp_path / "none")).done == 0
    assert not (tmp_path / "none").exists()


def test_controls_are_counted(tmp_path: Path) -> None:
    """What is found of controls is marked, and counted as a false alarm."""
    write_works(tmp_path / "controls", [FIRST_OTHER])
    files = {"c.flac": file_of(part(FIRST_OTHER, 5, 12)), "w.flac": file_of(part(0, 5, 12))}
    corpus = write_tar(tmp_path / "a.tar", files)
    scan(tmp_path / "run", corpus, controls=tmp_path / "controls", snapshot_date=date(2024, 5, 1))
    rows = rows_of(tmp_path / "run")
    assert sorted((row["asset_path"], row["is_control"]) for row in rows) == [
        ("work-0.flac", False),
        (f"work-{FIRST_OTHER}.flac", True),
    ]
    assert {row["snapshot_date"] for row in rows} == {"2024-05-01"}
    summary = conclude(tmp_path / "run")
    assert (summary["controls"]["works"], summary["controls"]["false_alarms"]) == (1, 1)


def test_without_excerpts_nothing_of_the_data_set_is_kept(tmp_path: Path) -> None:
    """The findings are the same, but for what was said of the record."""
    corpus = write_tar(tmp_path / "a.tar", {"p.flac": file_of(part(0, 4, 12))})
    scan(tmp_path / "with", corpus)
    scan(tmp_path / "without", corpus, excerpts=False)
    kept, bare = result(tmp_path / "with"), result(tmp_path / "without")
    assert {name for name in kept if name.startswith("excerpts/")}
    assert not {name for name in bare if name.startswith("excerpts/")}
    rows = [row | {"record_excerpt": ""} for row in rows_of(tmp_path / "with")]
    assert rows == rows_of(tmp_path / "without")


@pytest.mark.slow
def test_workers_and_parts_do_not_change_the_bytes(whole: Path, tmp_path: Path) -> None:
    """One worker, two, and two parts give the same folder."""
    scan(tmp_path / "one", workers=1)
    scan(tmp_path / "two", workers=2)
    scan(tmp_path / "parts", part=Part(1, 2))
    assert scan(tmp_path / "parts", part=Part(2, 2)).complete
    for name in ("one", "two", "parts"):
        assert result(tmp_path / name) == result(whole), name


@pytest.mark.slow
def test_a_killed_run_goes_on(whole: Path, tmp_path: Path) -> None:
    """Killed with SIGKILL after the first shard and begun again, it gives the bytes of an undisturbed run."""
    run = tmp_path / "run"
    words = ["scan", str(shared_index()), str(shared_corpus()), "--out", str(run), "--workers", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "countermark", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    wait_until(lambda: any((run / "receipts").glob("[!.]*")), 240)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    half = run / "excerpts" / f".{'ab' * 16}.flac.77.tmp"
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"half")
    outcome = scan(run)
    assert outcome.skipped >= 1
    assert outcome.complete
    assert not half.exists()
    assert result(run) == result(whole)
    assert events(run)[-1] == "finish"


@pytest.mark.slow
def test_hints_at_compositions_are_counted(tmp_path: Path) -> None:
    """Each comparison that may match by chance stands in the receipt; a hint is never more than `resembles`."""
    (tmp_path / "works").mkdir()
    for seed in range(26):
        (tmp_path / "works" / f"{seed}.flac").write_bytes(file_of(tune(seed, 15.0)))
    index, _ = build(tmp_path / "works", tmp_path / "index", Wanted(False, Compositions(None, pack)))
    files = {"copy.flac": file_of(tune(3, 15.0)[:288_000]), "other.flac": file_of(tune(FIRST_OTHER, 15.0))}
    corpus = write_tar(tmp_path / "a.tar", files)
    scan(tmp_path / "run", corpus, index, listening=AskedListening(compositions=True))
    (receipt,) = [read_receipt(path) for path in (tmp_path / "run" / "receipts").iterdir()]
    said = receipt.recordings or {}
    assert (said["tracks"], said["hints_compared"]) == (2, 2 * 26)
    rows = rows_of(tmp_path / "run")
    heard = {row["asset_path"] for row in rows if row["grade"] in ("copy", "identical")}
    hinted = [row for row in rows if row["grade"] == "resembles"]
    assert "3.flac" in heard
    assert all(row["asset_path"] != "3.flac" and row["chance"] is not None for row in hinted)
    assert [path for path in (tmp_path / "run" / "works").rglob("*") if path.is_file()] == []
