"""Carrying: what a scan of the new version would write, byte for byte, and in doubt a scan."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from countermark.corpus import listing
from countermark.errors import RunError
from countermark.findings import findings_files, read_findings
from countermark.scan import ScanSettings, run_scan
from countermark.scan.carrying import CarryingRunner, LastRun, carried_in, last_run
from countermark.scan.plan import make_plan
from countermark.scan.receipt import ScanIdentity, read_receipt
from countermark.scan.runlog import read_events
from scan.furnished import result
from scan.two_versions import COPIED, first_version, jsonl, scan, watched, works_index
from written_works import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.scan.runners.base import Completed, Failed


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index, a first version of a data set, and the run over it."""
    place = tmp_path_factory.mktemp("carrying")
    works_index(place)
    first_version(place / "one")
    scan(place, "one", "last")
    return place


@pytest.fixture
def place(scanned: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    shutil.copytree(scanned, tmp_path, dirs_exist_ok=True)
    return tmp_path


def second(place: Path) -> Path:
    """The second version, as yet the same as the first."""
    return Path(shutil.copytree(place / "one", place / "two"))


def names(run: Path, carried: object) -> set[str]:
    """The shards of some receipts."""
    assert isinstance(carried, dict)
    return {read_receipt(run / "receipts" / f"{name}.json").shard["name"] for name in carried}


def test_the_same_under_a_new_name_and_date(place: Path) -> None:
    """Nothing but the folder of small files is scanned, and every byte is that of a full scan."""
    second(place)
    outcome, runner = watched(place, "last", "two", "watched", snapshot_date=date(2024, 6, 1))
    scan(place, "two", "full", snapshot_date=date(2024, 6, 1))
    assert result(place / "watched") == result(place / "full")
    all_names = {path.name for path in (place / "two").iterdir()} - {"letter.txt"}
    assert names(place / "watched", runner.carried) == all_names
    assert outcome.shards == len(all_names) + 1


def test_controls_change_with_the_date(place: Path) -> None:
    """A work that was published after the last snapshot and before this one is no control any more."""
    second(place)
    watched(place, "last", "two", "watched", snapshot_date=date(2024, 6, 1))
    flags = {}
    for run in ("last", "watched"):
        rows = [row for path in findings_files(place / run) for row in read_findings(path).to_pylist()]
        flags[run] = {(row["work_id"], row["is_control"]) for row in rows}
    given = next(work for work, _ in flags["last"] if work not in ("early", "late"))
    assert flags["last"] == {("early", False), ("late", True), (given, True)}
    assert flags["watched"] == {("early", False), ("late", False), (given, True)}


def test_changed_added_removed_and_renamed(place: Path) -> None:
    """Each is what it is in a full scan; what was renamed is carried where its format allows it."""
    two = second(place)
    (two / "table.csv").unlink()
    jsonl(two / "a.jsonl", 21)
    jsonl(two / "new.jsonl", 22)
    renamed = ("b.jsonl", "table.parquet", "packed.jsonl.gz", "crawl.warc.wet", "archive.tar", "archive.zip")
    for name in (*renamed, "spoilt.jsonl"):
        (two / name).rename(two / f"re-{name}")
    _, runner = watched(place, "last", "two", "watched", corpus_name="other")
    scan(place, "two", "full", corpus_name="other")
    assert result(place / "watched") == result(place / "full")
    assert names(place / "watched", runner.carried) == {f"re-{name}" for name in renamed}


def test_a_table_under_another_name(place: Path) -> None:
    """Also a CSV file."""
    two = second(place)
    (two / "table.csv").rename(two / "z.csv")
    _, runner = watched(place, "last", "two", "watched")
    scan(place, "two", "full")
    assert result(place / "watched") == result(place / "full")
    assert "z.csv" in names(place / "watched", runner.carried)


def test_a_touched_file_of_the_same_size_is_scanned(place: Path) -> None:
    """The bytes decide, not the size and not the time."""
    two = second(place)
    text = (two / "a.jsonl").read_text()
    (two / "a.jsonl").write_text(text.replace(COPIED[1][:40], prose(40, 99)[:40]))
    os.utime(two / "a.jsonl", ns=(0, 0))
    _, runner = watched(place, "last", "two", "watched")
    scan(place, "two", "full")
    assert (two / "a.jsonl").stat().st_size == len(text)
    assert result(place / "watched") == result(place / "full")
    assert "a.jsonl" not in names(place / "watched", runner.carried)


def test_small_files_beside_shards_of_their_own(place: Path) -> None:
    """The number of a small file depends on its neighbours: a folder of them is scanned again."""
    two = second(place)
    (two / "b.jsonl").rename(two / "zz.jsonl")
    (two / "c.txt").write_text((two / "letter.txt").read_text())
    _, runner = watched(place, "last", "two", "watched")
    scan(place, "two", "full")
    assert result(place / "watched") == result(place / "full")
    assert not any(name.startswith("./") for name in names(place / "watched", runner.carried))


def cut_at(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files cut into parts of so many bytes."""
    defaults = listing.list_shards.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "part_bytes", size)


@pytest.mark.parametrize("changed", ["head", "tail", "nothing", "name"])
def test_of_a_file_in_parts_all_or_none(place: Path, monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    """A change anywhere in a file has all its parts scanned again."""
    cut_at(1000, monkeypatch)
    scan(place, "one", "parted")
    two = second(place)
    text = (two / "a.jsonl").read_text()
    if changed == "head":
        (two / "a.jsonl").write_text(text.replace("r1-0", "r1-x", 1))
    elif changed == "tail":
        (two / "a.jsonl").write_text(text.replace("r1-3", "r1-x", 1))
    elif changed == "name":
        (two / "a.jsonl").rename(two / "renamed.jsonl")
    _, runner = watched(place, "parted", "two", "watched")
    scan(place, "two", "full")
    assert result(place / "watched") == result(place / "full")
    carried = {name.partition("#")[0] for name in names(place / "watched", runner.carried)}
    assert ("a.jsonl" in carried, "renamed.jsonl" in carried) == (changed == "nothing", changed == "name")
    assert "b.jsonl" in carried


def test_parts_of_parquet_and_plain_text_are_scanned(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read of them depends on bytes that no receipt vouches for."""
    cut_at(1000, monkeypatch)
    monkeypatch.setattr("countermark.corpus.detection.LONG_TEXT", 3000)
    table = pq.read_table(place / "one" / "table.parquet")
    pq.write_table(table, place / "one" / "table.parquet", row_group_size=2)
    (place / "one" / "long.txt").write_text(prose(15_000, 77))
    scan(place, "one", "parted")
    second(place)
    _, runner = watched(place, "parted", "two", "watched")
    scan(place, "two", "full")
    assert result(place / "watched") == result(place / "full")
    parts = {shard.name for shard in make_plan([place / "two"]).shards if "#" in shard.name}
    assert {name.partition("#")[0] for name in parts} >= {"table.parquet", "long.txt", "a.jsonl"}
    carried = {name.partition("#")[0] for name in names(place / "watched", runner.carried)}
    assert carried.isdisjoint({"table.parquet", "long.txt"})
    assert "a.jsonl" in carried


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"controls": None}, "the controls changed"),
        ({"excerpts": False}, "what is kept of the records found changed"),
    ],
)
def test_nothing_is_carried_into_another_search(place: Path, given: dict[str, object], said: str) -> None:
    """Another identity: everything is scanned, and why is said."""
    second(place)
    _, runner = watched(place, "last", "two", "watched", **given)
    scan(place, "two", "full", **given)
    assert runner.carried == {}
    assert said in str(runner.nothing)
    told = [
        event for event in read_events(place / "watched" / "runlog.jsonl") if event["event"] == "carrying"
    ]
    assert [event["nothing"] for event in told] == [runner.nothing]
    assert result(place / "watched") == result(place / "full")


def test_why_nothing_in_words() -> None:
    """The engine's version is named; other media are never carried."""
    was, now = ScanIdentity("i", None, "s", "0.1"), ScanIdentity("i", None, "s", "0.2")
    last = LastRun(Path("run"), "", was)
    assert last.why_nothing(was, "text") is None
    assert last.why_nothing(now, "text") == "the version of Countermark changed since the last run"
    assert "pictures" in str(last.why_nothing(was, "image"))


@pytest.mark.parametrize("fault", ["findings", "receipt"])
def test_a_last_run_that_was_changed_is_not_carried(place: Path, fault: str) -> None:
    """A findings file that its receipt does not vouch for is not taken; nor rows whose numbers do not fit."""
    second(place)
    path = findings_files(place / "last")[0]
    path.write_bytes(path.read_bytes()[:-1] + b"X")
    if fault == "receipt":
        (place / "last" / "receipts" / f"{path.stem}.json").write_bytes(b"{}")
        with pytest.raises(RunError, match="not a receipt"):
            watched(place, "last", "two", "watched")
        return
    _, runner = watched(place, "last", "two", "watched")
    scan(place, "two", "full")
    assert result(place / "watched") == result(place / "full")
    assert path.stem not in {carried.receipt for carried in runner.carried.values()}


def test_rows_with_foreign_numbers_are_scanned_again(place: Path) -> None:
    """Where a row's number cannot be made from the row, it is not known how to make the new one."""
    from countermark.findings.table import write_findings

    two = second(place)
    receipt = next(
        path for path in (place / "last" / "receipts").iterdir() if b'"a.jsonl"' in path.read_bytes()
    )
    findings = place / "last" / "findings" / f"{receipt.stem}.parquet"
    table = read_findings(findings)
    at = table.schema.get_field_index("finding_id")
    foreign = table.set_column(at, table.schema.field(at), [["0" * 20] * table.num_rows])
    facts = json.loads(receipt.read_bytes()) | {"findings_sha256": write_findings(foreign, findings)}
    receipt.write_text(json.dumps(facts))
    (two / "a.jsonl").rename(two / "n.jsonl")
    _, runner = watched(place, "last", "two", "watched")
    scan(place, "two", "full")
    assert result(place / "watched") == result(place / "full")
    assert "n.jsonl" not in names(place / "watched", runner.carried)


def test_the_log_says_where_each_shard_comes_from(place: Path) -> None:
    """With the digests of the last run and of its receipt; the attempt is logged as that of a scan."""
    second(place)
    _, runner = watched(place, "last", "two", "watched")
    events = read_events(place / "watched" / "runlog.jsonl")
    told = {event["name"]: event["carried"] for event in events if event.get("carried")}
    assert told == {name: carried.facts() for name, carried in runner.carried.items()}
    assert carried_in(events) == {last_run(place / "last").digest: len(told)}
    assert all(
        "seconds" in event for event in events if event["event"] == "receipt" and "carried" not in event
    )
    begun = [event for event in read_events(place / "tries.jsonl") if event["event"] == "begin"]
    assert [event["run"] for event in begun][-1] == "watched"


def test_a_run_that_has_not_ended_is_refused(place: Path) -> None:
    """What it lacks cannot be told from what is gone."""
    next((place / "last" / "receipts").iterdir()).unlink()
    with pytest.raises(RunError, match="has not ended"):
        last_run(place / "last")
    with pytest.raises(RunError, match=r"run\.json is missing"):
        last_run(place / "one")


def test_a_watched_run_goes_on_where_it_was(place: Path) -> None:
    """What is there is not carried twice."""
    second(place)
    watched(place, "last", "two", "watched")
    before = result(place / "watched")
    outcome, runner = watched(place, "last", "two", "watched")
    assert (outcome.skipped, runner.carried) == (outcome.shards, {})
    assert result(place / "watched") == before


def test_bytes_of_another_arrow_are_not_copied(place: Path) -> None:
    """Rows are written anew, also where nothing in them changes: the file of the last run may be of another version."""
    second(place)
    for path in findings_files(place / "last"):
        table = pq.read_table(path)
        pq.write_table(table, path, compression="none")
        receipt = place / "last" / "receipts" / f"{path.stem}.json"
        facts = json.loads(receipt.read_bytes())
        facts["findings_sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        receipt.write_text(json.dumps(facts))
    _, runner = watched(place, "last", "two", "watched")
    scan(place, "two", "full")
    assert len(runner.carried) == 9
    assert result(place / "watched") == result(place / "full")


def test_where_all_is_carried_nothing_else_starts(place: Path) -> None:
    """No worker, no cluster."""
    second(place)
    (place / "one" / "letter.txt").unlink()
    (place / "two" / "letter.txt").unlink()
    scan(place, "one", "lettered")

    class Refusing:
        def map(self, *_: object) -> Iterator[Completed | Failed]:
            raise AssertionError("started")

    runner = CarryingRunner(Refusing(), last_run(place / "lettered"))
    settings = ScanSettings(
        place / "works.index",
        (place / "two",),
        place / "watched",
        date(2024, 1, 1),
        controls=place / "controls",
    )
    assert run_scan(settings, runner=runner).complete
