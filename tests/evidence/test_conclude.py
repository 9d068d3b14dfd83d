"""From findings and receipts to works.parquet, passages.parquet and summary.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from countermark.errors import RunError
from countermark.evidence.summary import conclude, read_summary
from countermark.evidence.works_table import STATUSES
from evidence.synthetic import SyntheticRun

if TYPE_CHECKING:
    from pathlib import Path


def works_of(run: Path) -> dict[str, dict[str, Any]]:
    """The rows of works.parquet by work."""
    return {row["work_id"]: row for row in pq.read_table(run / "works.parquet").to_pylist()}


def passages_of(run: Path) -> dict[str, dict[str, Any]]:
    """The rows of passages.parquet by finding."""
    return {row["finding_id"]: row for row in pq.read_table(run / "passages.parquet").to_pylist()}


def test_matched_letters_are_a_union(tmp_path: Path) -> None:
    """What several records hold counts once; the best record is the one with most of the work."""
    made = SyntheticRun()
    made.work("novel", 10_000)
    made.find("novel", 0, 4_000, row=1)
    made.find("novel", 3_000, 6_000, row=2)
    made.find("novel", 5_500, 6_000, row=2, record_start=9_000)
    conclude(made.write(tmp_path))
    row = works_of(tmp_path)["novel"]
    assert (row["matched"], row["covered_code_points"], row["share"]) == (6_000, 6_000, 0.6)
    assert (row["findings"], row["records"], row["hosts"], row["longest_run"]) == (3, 2, 2, 4_000)
    assert (row["best_row"], row["best_matched"], row["best_share"]) == (1, 4_000, 0.4)
    assert (row["claimed"], row["status"], row["grade_identical"]) == (6_000, "found", 3)


def test_letters_are_not_code_points(tmp_path: Path) -> None:
    """A span of 1,300 code points with 1,000 matched letters counts 1,000 letters."""
    made = SyntheticRun()
    made.work("novel", letters=5_000, code_points=6_500)
    made.find("novel", 100, 1_400, matched=1_000)
    conclude(made.write(tmp_path))
    row = works_of(tmp_path)["novel"]
    assert (row["matched"], row["covered_code_points"], row["share"]) == (1_000, 1_300, 0.2)


def test_parts_of_one_file_are_one_record(tmp_path: Path) -> None:
    """Findings in two parts of a long text count as one record, and its parts add up."""
    made = SyntheticRun()
    made.work("novel", 10_000)
    made.find("novel", 0, 3_000, row=0, shard="big.txt#0-500")
    made.find("novel", 3_000, 9_000, row=0, shard="big.txt#500-1000")
    conclude(made.write(tmp_path))
    row = works_of(tmp_path)["novel"]
    assert (row["records"], row["best_matched"]) == (1, 9_000)


def test_two_files_of_a_work_count_together(tmp_path: Path) -> None:
    """A work in two files has the letters of both."""
    made = SyntheticRun()
    made.work("novel", 6_000, path="one.txt")
    made.work("novel", 4_000, path="two.txt")
    made.find("novel", 0, 6_000)
    conclude(made.write(tmp_path))
    row = works_of(tmp_path)["novel"]
    assert (row["assets"], row["letters"], row["share"]) == (2, 10_000, 0.6)


def test_passages_common_in_the_catalogue_are_not_claimed(tmp_path: Path) -> None:
    """What three works hold is named, and taken out of what is claimed."""
    made = SyntheticRun()
    made.work("novel", 10_000)
    whole = made.find("novel", 0, 8_000, row=1)
    text = "Licensed under the Creative Commons licence"
    licence = made.find("novel", 0, 1_000, row=2, commonness=3, record_excerpt=text)
    two = made.find("novel", 5_000, 6_000, row=3, commonness=2)
    conclude(made.write(tmp_path))
    judged = passages_of(tmp_path)
    assert judged[licence.finding_id]["kind"] == "common-catalog"
    assert judged[licence.finding_id]["common_as"] == "licence"
    assert judged[whole.finding_id]["kind"] == judged[two.finding_id]["kind"] == "work"
    row = works_of(tmp_path)["novel"]
    assert (row["matched"], row["claimed"]) == (8_000, 7_000)


def test_a_passage_in_far_more_records_than_its_work_is_not_claimed(tmp_path: Path) -> None:
    """Eight records hold one passage and one record holds the work: the passage is common, the work is not."""
    made = SyntheticRun()
    made.work("novel", 100_000)
    book = made.find("novel", 0, 40_000, row=99)
    famous = [made.find("novel", 10_000, 10_600, row=row) for row in range(8)]
    summary = conclude(made.write(tmp_path))
    judged = passages_of(tmp_path)
    assert judged[book.finding_id]["kind"] == "work"
    assert {judged[one.finding_id]["kind"] for one in famous} == {"common-corpus"}
    assert judged[famous[0].finding_id]["common_as"] == "quotation"
    assert (judged[famous[0].finding_id]["records"], judged[book.finding_id]["records"]) == (9, 1)
    assert works_of(tmp_path)["novel"]["claimed"] == 39_400
    assert summary["findings"]["by_kind"]["common-corpus"] == 8


def test_seven_records_are_not_many(tmp_path: Path) -> None:
    """One record fewer than the rule asks for, and the passage is claimed."""
    made = SyntheticRun()
    made.work("novel", 100_000)
    few = [made.find("novel", 10_000, 11_000, row=row) for row in range(7)]
    conclude(made.write(tmp_path))
    assert {passages_of(tmp_path)[one.finding_id]["kind"] for one in few} == {"work"}


def test_a_whole_poem_found_everywhere_stays_the_poets(tmp_path: Path) -> None:
    """A work that stands whole in many records is not common: no part of it stands in more than the rest."""
    made = SyntheticRun()
    made.work("poem", 800)
    everywhere = [made.find("poem", 0, 800, row=row) for row in range(40)]
    conclude(made.write(tmp_path))
    assert {passages_of(tmp_path)[one.finding_id]["kind"] for one in everywhere} == {"work"}
    assert works_of(tmp_path)["poem"]["claimed_share"] == 1.0


def test_a_quotation_is_not_claimed_and_a_book_in_pieces_is(tmp_path: Path) -> None:
    """A short passage is the size of a quotation, unless the pieces add up to a tenth of the work."""
    made = SyntheticRun()
    made.work("quoted", 100_000)
    made.work("pieces", 100_000)
    quote = made.find("quoted", 0, 300, row=1)
    pieces = [made.find("pieces", 300 * at, 300 * at + 300, row=10 + at) for at in range(40)]
    summary = conclude(made.write(tmp_path))
    judged, works = passages_of(tmp_path), works_of(tmp_path)
    assert judged[quote.finding_id]["kind"] == "quotation-sized"
    assert {judged[one.finding_id]["kind"] for one in pieces} == {"work"}
    assert (works["quoted"]["status"], works["pieces"]["status"]) == ("quotation-sized", "found")
    assert works["quoted"]["claimed"] == 0
    assert summary["works"]["in_data_set"] == 2


def test_free_works_are_good_news(tmp_path: Path) -> None:
    """Free licences and the public domain are shown and not claimed."""
    made = SyntheticRun()
    made.work("open", licence="CC BY 4.0")
    made.work("old", licence="Public domain")
    open_, old = made.find("open", 0, 9_000), made.find("old", 0, 9_000, row=1)
    conclude(made.write(tmp_path))
    judged = passages_of(tmp_path)
    assert (judged[open_.finding_id]["kind"], judged[old.finding_id]["kind"]) == ("licensed", "public-domain")
    rows = works_of(tmp_path)
    assert {rows[work]["status"] for work in ("open", "old")} == {"free-licence"}
    assert rows["open"]["claimed"] == 0
    assert rows["open"]["matched"] == 9_000


def test_names_and_identifiers_are_not_text(tmp_path: Path) -> None:
    """A name match counts no letter and does not put a work into the data set."""
    made = SyntheticRun()
    made.work("named")
    made.work("identified")
    made.find("named", 0, 0, grade="name", matched=0)
    made.find("identified", 0, 0, row=1, grade="identifier", matched=0)
    summary = conclude(made.write(tmp_path))
    rows = works_of(tmp_path)
    assert (rows["named"]["status"], rows["identified"]["status"]) == ("name-only", "identifier-only")
    assert rows["named"]["matched"] == 0
    assert summary["works"]["in_data_set"] == 0


def test_controls_give_the_rate_of_false_alarms(tmp_path: Path) -> None:
    """One control of forty found: 2.5 per cent, with the exact bounds, and never among the works."""
    made = SyntheticRun()
    made.work("novel")
    for number in range(40):
        made.work(f"control {number}", control=True)
    alarm = made.find("control 7", 0, 2_000)
    summary = conclude(made.write(tmp_path))
    controls = summary["controls"]
    assert (controls["works"], controls["false_alarms"]) == (40, 1)
    assert controls["false_alarm_works"] == ["control 7"]
    assert (round(controls["lower"], 4), round(controls["upper"], 4)) == (0.0006, 0.1316)
    assert passages_of(tmp_path)[alarm.finding_id]["kind"] == "control"
    assert (summary["works"]["total"], summary["works"]["in_data_set"]) == (1, 0)
    assert works_of(tmp_path)["control 7"]["claimed"] == 0


def test_a_control_may_bear_the_id_of_a_work(tmp_path: Path) -> None:
    """Works and controls come from different catalogues; equal ids do not mix them."""
    made = SyntheticRun()
    made.work("one")
    made.work("one", control=True)
    made.find("one", 0, 5_000)
    summary = conclude(made.write(tmp_path))
    assert (summary["works"]["in_data_set"], summary["controls"]["false_alarms"]) == (1, 0)


def test_short_works_are_told_apart(tmp_path: Path) -> None:
    """A work shorter than the guarantee cannot be promised, so it is not simply "not found"."""
    made = SyntheticRun(guarantee=40)
    made.work("haiku", 30)
    made.work("novel")
    summary = conclude(made.write(tmp_path))
    by_status = summary["works"]["by_status"]
    assert (by_status["too-short"], by_status["not-found"]) == (1, 1)
    assert sum(by_status.values()) == 2
    assert set(by_status) < set(STATUSES)


def test_what_could_not_be_read_is_added_up(tmp_path: Path) -> None:
    """Refusals of the listing and of all shards are counted by reason, and quarantine is kept."""
    made = SyntheticRun(planned=3)
    made.work("novel")
    made.find("novel", 0, 900, shard="a.jsonl")
    made.find("novel", 0, 900, shard="b.jsonl")
    example = {"where": "x.bin", "row": -1, "detail": "no text"}
    made.refused = {"unknown_format": {"count": 5, "examples": [example]}}
    made.quarantine(made.write(tmp_path), "c.jsonl", "killed")
    summary = conclude(tmp_path)
    searched = summary["searched"]
    assert {reason: entry["count"] for reason, entry in searched["refused"].items()} == {
        "not_utf8": 4,
        "unknown_format": 5,
    }
    assert (searched["refused_total"], searched["records"]) == (9, 2_000)
    assert [entry["reasons"] for entry in searched["quarantined"]] == [["killed", "killed"]]
    assert summary["complete"] is True


def test_an_incomplete_run_says_so(tmp_path: Path) -> None:
    """Fewer receipts than shards: concluded from what there is, and not complete."""
    made = SyntheticRun(planned=4)
    made.work("novel")
    made.find("novel", 0, 900)
    summary = conclude(made.write(tmp_path))
    assert summary["complete"] is False
    assert (summary["searched"]["shards"], summary["searched"]["shards_planned"]) == (1, 4)


def test_findings_without_a_receipt_do_not_count(tmp_path: Path) -> None:
    """A shard whose scan did not end left findings and no receipt."""
    made = SyntheticRun(planned=2)
    made.work("novel")
    made.find("novel", 0, 5_000)
    made.write(tmp_path)
    next((tmp_path / "receipts").glob("*.json")).unlink()
    assert conclude(tmp_path)["findings"]["total"] == 0


def test_the_same_finding_twice_counts_once(tmp_path: Path) -> None:
    """Two shards that report one finding (parts that overlap) are told, and counted once."""
    made = SyntheticRun()
    made.work("novel")
    made.find("novel", 0, 5_000, shard="a.jsonl", finding_id="same")
    made.find("novel", 0, 5_000, shard="b.jsonl", finding_id="same")
    findings = conclude(made.write(tmp_path))["findings"]
    assert (findings["total"], findings["repeated"]) == (1, 1)


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    """Twice in one folder and once in another: equal bytes."""
    made = SyntheticRun()
    for number in range(5):
        made.work(f"novel {number}")
        made.find(f"novel {number}", 10, 3_000, row=number, shard=f"{number % 2}.jsonl")
    names = ("works.parquet", "passages.parquet", "summary.json")
    first, second = made.write(tmp_path / "one"), made.write(tmp_path / "two")
    conclude(first)
    before = [(first / name).read_bytes() for name in names]
    conclude(first)
    conclude(second)
    assert [(first / name).read_bytes() for name in names] == before
    assert [(second / name).read_bytes() for name in names] == before


def test_a_summary_is_kept_until_the_run_changes(tmp_path: Path) -> None:
    """`read_summary` trusts what is written while receipts are the same, and concludes anew when they are not."""
    made = SyntheticRun(planned=2)
    made.work("novel")
    made.find("novel", 0, 5_000, shard="a.jsonl")
    made.write(tmp_path)
    first = read_summary(tmp_path)
    written = json.loads((tmp_path / "summary.json").read_bytes())
    (tmp_path / "summary.json").write_text(json.dumps(written | {"note": "kept"}))
    assert read_summary(tmp_path)["note"] == "kept"
    made.find("novel", 0, 5_000, shard="b.jsonl")
    made.write(tmp_path)
    second = read_summary(tmp_path)
    assert "note" not in second
    assert (first["complete"], second["complete"]) == (False, True)


def test_an_empty_run_has_an_empty_summary(tmp_path: Path) -> None:
    """No works, no findings, no receipts: figures of zero and no error."""
    summary = conclude(SyntheticRun().write(tmp_path))
    assert (summary["works"]["total"], summary["findings"]["total"], summary["top_works"]) == (0, 0, [])


def damage_settings(run: Path) -> None:
    """Cut run.json short."""
    (run / "run.json").write_text('{"run": 1')


def drop_catalog(run: Path) -> None:
    """Lose the catalogue."""
    (run / "catalog.parquet").unlink()


def damage_catalog(run: Path) -> None:
    """Overwrite the catalogue."""
    (run / "catalog.parquet").write_bytes(b"PAR1 no")


def damage_receipt(run: Path) -> None:
    """Overwrite a receipt."""
    next((run / "receipts").glob("*.json")).write_text("[]")


def drop_findings(run: Path) -> None:
    """Lose a findings file that a receipt vouches for."""
    next((run / "findings").glob("*.parquet")).unlink()


def change_count(run: Path) -> None:
    """Let the receipt state another number of findings."""
    path = next((run / "receipts").glob("*.json"))
    path.write_text(path.read_text().replace('"findings": 1', '"findings": 2'))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (damage_settings, "run.json: damaged"),
        (drop_catalog, "catalog.parquet is missing"),
        (damage_catalog, "catalog.parquet: damaged"),
        (damage_receipt, "not a receipt"),
        (drop_findings, "no such findings file"),
        (change_count, "1 findings; its receipt says 2"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_damaged_folders_are_named(tmp_path: Path, damage: Any, said: str) -> None:
    """Whatever is missing or damaged is named in one message."""
    made = SyntheticRun()
    made.work("novel")
    made.find("novel", 0, 5_000)
    damage(made.write(tmp_path))
    with pytest.raises(RunError, match=said):
        conclude(tmp_path)


def test_findings_of_another_catalogue_are_refused(tmp_path: Path) -> None:
    """A finding of a file that the catalogue does not list, or beyond its end, is no finding of this run."""
    made = SyntheticRun()
    made.work("novel", 1_000)
    made.find("novel", 0, 500, asset_path="strange.txt")
    with pytest.raises(RunError, match=r"strange\.txt of work novel"):
        conclude(made.write(tmp_path))
    made.shards.clear()
    made.find("novel", 0, 1_001)
    with pytest.raises(RunError, match="beyond the end"):
        conclude(made.write(tmp_path))


def test_no_folder_is_no_run(tmp_path: Path) -> None:
    """A folder without run.json, and no folder at all, are told as such."""
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(RunError, match=r"not a run folder"):
            conclude(path)
