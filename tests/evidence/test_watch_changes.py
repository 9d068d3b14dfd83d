"""Two runs compared: what each finding became, and what is not said of what was not looked at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from countermark.errors import InputError, RunError
from countermark.evidence.watch import changes
from countermark.evidence.watch.changes import CHANGES_SCHEMA, compare, write_changes
from countermark.evidence.watch.pairing import pair
from countermark.evidence.watch.rows import KEPT, OF_WORK
from evidence.synthetic import SyntheticRun, digest
from evidence.watched_runs import two_runs

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.evidence.watch.changes import Comparison


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Both runs, compared."""
    return compare(*two_runs(tmp_path_factory.mktemp("watch")))


def test_each_work_is_told_as_what_it_became(compared: Comparison) -> None:
    """In the order in which a reader wants to know; a work that stayed is only counted."""
    told = {work["work_id"]: work["change"] for work in compared.facts["of_works"]}
    assert told == {
        "lamp": "newly-found",
        "hostile": "newly-found",
        "added": "first-looked-for",
        "was control": "first-looked-for",
        "lost": "no-longer-found",
        "hidden": "not-looked-at",
        "ferry": "changed",
        "steady": "changed",
        "sea": "moved",
    }
    assert next(iter(told)) == "lamp"
    assert "control" not in told


def test_each_finding_says_why(compared: Comparison) -> None:
    """A finding in a file that could not be read is not gone; one in a file read for the first time may be old."""
    rows = compared.rows.select(["work_id", "status", "why"]).to_pylist()
    assert [(row["work_id"], row["status"], row["why"]) for row in rows] == [
        ("added", "new", "not-sought"),
        ("ferry", "changed", None),
        ("ferry", "moved", None),
        ("hidden", "not-looked-at", "unread"),
        ("hostile", "new", "file"),
        ("lamp", "new", "file"),
        ("lamp", "new", "unread"),
        ("lost", "gone", "file"),
        ("sea", "moved", None),
        ("steady", "changed", None),
        ("was control", "new", "control"),
    ]


def test_a_changed_reservation_is_a_change(compared: Comparison) -> None:
    """With both sides, and counted at the work."""
    row = next(row for row in compared.rows.to_pylist() if row["work_id"] == "steady")
    assert row["fields"] == ["reservation_train"]
    assert (row["last_reservation_train"], row["now_reservation_train"]) == ("allowed", "reserved")
    work = next(work for work in compared.facts["of_works"] if work["work_id"] == "steady")
    assert work["reservations_changed"] == 1


def test_what_could_not_be_read_is_named(compared: Comparison) -> None:
    """Of both versions, with settings that differ."""
    facts = compared.facts
    assert facts["now"]["unread"] == {"locked.jsonl": "quarantine"}
    assert facts["last"]["unread"] == {"odd.jsonl": "quarantine"}
    assert facts["differing"] == ["index"]
    assert facts["shards"] == {"same": 2, "changed": 0, "renamed": 0, "new": 2, "gone": 3}
    assert facts["findings"] == {"new": 5, "gone": 1, "not-looked-at": 1, "changed": 2, "moved": 2, "same": 1}


def test_the_same_runs_give_the_same_bytes(tmp_path: Path) -> None:
    """Both files are a function of the two runs."""
    last, now = two_runs(tmp_path)
    folder = write_changes(compare(last, now))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    write_changes(compare(last, now))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert set(before) == {"changes.parquet", "changes.json"}
    table = pq.read_table(folder / "changes.parquet")
    assert table.schema.equals(CHANGES_SCHEMA)
    assert table.schema.metadata[b"countermark.watch"] == b"1"
    assert json.loads(before["changes.json"])["format"] == "countermark.watch/1"


def test_a_run_against_itself_has_no_changes(tmp_path: Path) -> None:
    """Everything is the same."""
    last, _ = two_runs(tmp_path)
    comparison = compare(last, last)
    assert comparison.rows.num_rows == 0
    assert comparison.facts["of_works"] == []
    assert comparison.facts["findings"]["same"] == 7


def test_gone_beside_unread_files_is_said_with_care(tmp_path: Path) -> None:
    """Where the file is gone and a new one could not be read, the passage may stand there; so it is said."""
    made = SyntheticRun()
    made.work("w")
    made.find("w", 0, 500, shard="a.jsonl")
    last = made.write(tmp_path / "last")
    other = SyntheticRun(planned=2)
    other.work("w")
    other.shards["b.jsonl"] = []
    now = other.write(tmp_path / "now")
    other.quarantine(now, "c.jsonl", "OSError")
    assert compare(last, now).rows["why"].to_pylist() == ["file-some-unread"]
    (now / "quarantine" / f"{digest('c.jsonl')[:20]}.json").unlink()
    assert compare(last, now).rows["why"].to_pylist() == ["file"]


def test_a_file_that_the_listing_refuses_now_was_not_looked_at(tmp_path: Path) -> None:
    """It stands in the new version, and nobody read it."""
    made = SyntheticRun()
    made.work("w")
    made.find("w", 0, 500, shard="a.jsonl")
    last = made.write(tmp_path / "last")
    examples = [{"where": "a.jsonl", "row": -1, "detail": "one JSON array"}]
    other = SyntheticRun(refused={"not-json-lines": {"count": 1, "examples": examples}})
    other.work("w")
    other.shards["b.jsonl"] = []
    comparison = compare(last, other.write(tmp_path / "now"))
    assert comparison.rows["status"].to_pylist() == ["not-looked-at"]
    assert comparison.facts["now"]["unread"] == {"a.jsonl": "not-json-lines"}


def test_runs_that_cannot_be_compared(tmp_path: Path) -> None:
    """Two media, a folder that is none."""
    last, now = two_runs(tmp_path)
    settings = json.loads((now / "run.json").read_text()) | {"medium": "audio"}
    (now / "run.json").write_text(json.dumps(settings))
    with pytest.raises(InputError, match="another medium"):
        compare(last, now)
    with pytest.raises(RunError, match="not a run folder"):
        compare(last, tmp_path)


def row(**facts: Any) -> dict[str, Any]:
    """A row of the findings of one work."""
    values: dict[str, Any] = dict.fromkeys((*OF_WORK, *KEPT))
    values |= {"asset_path": "w.txt", "unit": "char", "shard": "a", "row": 0, "grade": "copy", "matched": 9}
    values |= {"record_digest": "d", "record_start": 0, "record_end": 9, "asset_start": 0, "asset_end": 9}
    return values | facts


def test_a_record_at_many_addresses_is_paired_by_address() -> None:
    """The same text at two addresses, both in new shards: each keeps its own."""
    before = [row(record_url="https://b/", shard="1"), row(record_url="https://a/", shard="2")]
    after = [row(record_url="https://a/", shard="3"), row(record_url="https://b/", shard="4")]
    paired = pair(before, after)
    assert [(was["record_url"], now["record_url"]) for was, now, _ in paired.moved] == [
        ("https://b/", "https://b/"),
        ("https://a/", "https://a/"),
    ]


def test_no_finding_is_in_two_pairs() -> None:
    """Two before and one after: one moved, one gone."""
    paired = pair([row(shard="1"), row(shard="2")], [row(shard="3")])
    assert (len(paired.moved), len(paired.gone), paired.new) == (1, 1, [])


def test_another_passage_of_the_same_page_is_new() -> None:
    """Passages that do not overlap in the work are not one that changed."""
    before = [row(record_url="https://a/")]
    paired = pair(before, [row(record_url="https://a/", asset_start=20, asset_end=30, record_digest="e")])
    assert (len(paired.gone), len(paired.new), paired.changed) == (1, 1, [])
    grown = pair(before, [row(record_url="https://a/", asset_end=30, record_digest="e")])
    assert [fields for _, _, fields in grown.changed] == [["record_digest", "asset_end"]]


def test_pictures_are_paired_without_spans() -> None:
    """The offsets of pictures are 0: the record alone decides."""
    flat = {"unit": "pixel", "asset_start": 0, "asset_end": 0}
    paired = pair([row(**flat, asset_box=(0, 0, 9, 9))], [row(**flat, asset_box=(0, 0, 5, 5))])
    assert [fields for _, _, fields in paired.changed] == [["asset_box"]]


def test_more_files_refused_than_named(tmp_path: Path) -> None:
    """Which files the listing refused beyond its examples is not known: what is gone may stand in one of them."""
    last, now = two_runs(tmp_path)
    settings = json.loads((now / "run.json").read_text())
    settings["refused"] = {"unknown-format": {"count": 21, "examples": []}}
    (now / "run.json").write_text(json.dumps(settings))
    rows = compare(last, now).rows.select(["work_id", "status", "why"]).to_pylist()
    assert {"work_id": "lost", "status": "gone", "why": "file-some-unread"} in rows


def test_rows_are_the_same_however_few_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes become columns as they come."""
    runs = two_runs(tmp_path)
    whole = compare(*runs).rows
    monkeypatch.setattr(changes, "HELD", 1)
    assert compare(*runs).rows.equals(whole)
