"""The conclusion of a run of pictures: what each work comes out as, and that the same folder gives the same bytes."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from countermark.errors import RunError
from countermark.evidence.gallery.judged import PICTURE_KINDS
from countermark.evidence.gallery.picture_tables import STATUSES
from countermark.evidence.summary import conclude, read_summary
from countermark.probability.binomial import clopper_pearson
from evidence.gallery_run import PictureRun, gallery_run, painting, whole
from evidence.synthetic import SyntheticRun

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = ("summary.json", "works.parquet", "pictures.parquet")


def statuses(run: Path) -> dict[str, str]:
    """What each work of a concluded run came out as."""
    rows = pq.read_table(run / "works.parquet").to_pylist()
    return {row["work_id"]: row["status"] for row in rows}


def test_what_works_come_out_as(tmp_path: Path) -> None:
    """Found, free, only a shared element, not found, control, false alarm: each once, each told by its right name."""
    run = gallery_run(tmp_path)
    summary = conclude(run)
    told = statuses(run)
    assert {name: told[name] for name in ("ferry", "tower", "open", "frame", "absent")} == {
        "ferry": "found",
        "tower": "found",
        "open": "free-licence",
        "frame": "shared-only",
        "absent": "not-found",
    }
    assert told["control 3"] == "false-alarm"
    assert told["control 5"] == "control"  # only a shared element: nobody is accused, nothing is an alarm
    assert summary["works"]["in_data_set"] == 3
    assert summary["works"]["by_status"]["shared-only"] == 1
    assert summary["findings"]["by_grade"] | {"identifier": 0, "name": 0} == {
        "identical": 3,
        "copy": 4,
        "identifier": 0,
        "name": 0,
        "shared": 2,
    }
    assert summary["findings"]["by_kind"]["work"] == 5
    assert set(summary["findings"]["by_kind"]) == set(PICTURE_KINDS)
    assert set(told.values()) <= set(STATUSES)


def test_controls_have_their_exact_bound(tmp_path: Path) -> None:
    """One of twenty, bounded outward."""
    controls = conclude(gallery_run(tmp_path))["controls"]
    lower, upper = clopper_pearson(1, 20)
    assert (controls["works"], controls["false_alarms"], controls["shared_only"]) == (20, 1, 1)
    assert controls["lower"] <= lower
    assert controls["upper"] >= upper
    assert controls["false_alarm_works"] == ["control 3"]


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    """Concluded twice, in two places."""
    first, second = gallery_run(tmp_path / "a"), gallery_run(tmp_path / "b")
    conclude(first)
    conclude(second)
    conclude(second)
    for name in WRITTEN:
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_the_summary_is_read_as_it_stands_and_made_anew_when_missing(tmp_path: Path) -> None:
    """As for texts; pictures.parquet belongs to it."""
    run = gallery_run(tmp_path)
    made = read_summary(run)
    (run / "summary.json").write_text(json.dumps(made | {"seen": True}))
    assert read_summary(run)["seen"]
    (run / "pictures.parquet").unlink()
    assert read_summary(run) == made


def test_a_row_for_each_finding(tmp_path: Path) -> None:
    """Kind, place among those of its work, in how many records the same file stands, where the whole row is."""
    run = gallery_run(tmp_path)
    conclude(run)
    rows = pq.read_table(run / "pictures.parquet").to_pylist()
    ferry = sorted((row for row in rows if row["work_id"] == "ferry"), key=lambda row: row["place"])
    assert [(row["grade"], row["copies"], row["mirrored"]) for row in ferry] == [
        ("identical", 2, False),
        ("identical", 2, False),
        ("copy", 1, True),
    ]
    assert [row["row"] for row in ferry] == [7, 4007, 8]
    for row in rows:
        table = pq.read_table(run / "findings" / f"{row['findings_file']}.parquet")
        assert table["finding_id"][row["findings_row"]].as_py() == row["finding_id"]


def test_the_strongest_finding_of_a_work(tmp_path: Path) -> None:
    """Identical before copy before shared; a shared element gives no share of the work."""
    run = gallery_run(tmp_path)
    conclude(run)
    rows = {row["work_id"]: row for row in pq.read_table(run / "works.parquet").to_pylist()}
    assert (rows["ferry"]["best_grade"], rows["ferry"]["best_row"], rows["ferry"]["share"]) == (
        "identical",
        7,
        1.0,
    )
    assert (rows["ferry"]["records"], rows["ferry"]["findings"]) == (3, 3)
    assert (rows["frame"]["best_grade"], rows["frame"]["share"], rows["frame"]["records"]) == (
        "shared",
        0.0,
        0,
    )
    assert rows["absent"]["best_grade"] is None


def test_a_work_of_several_pictures_counts_once(tmp_path: Path) -> None:
    """Two files of one work, one of them found."""
    made = PictureRun()
    one, two = painting(1), painting(2)
    made.painted("both", one)
    made.painted("both", two)
    made.catalog[-1]["asset_path"] = "second.jpg"
    made.seen("both", one, (0, 0, *one.size), whole(one.size), grade="identical")
    run = made.write(tmp_path)
    works = conclude(run)["works"]
    assert (works["total"], works["in_data_set"], works["pictures"], works["pictures_found"]) == (1, 1, 2, 1)


def test_pictures_read_and_refused_are_added_up(tmp_path: Path) -> None:
    """Records are pictures, frames what was searched of them; what was searched in part is told."""
    run = gallery_run(tmp_path, planned=12)
    searched = conclude(run)["searched"]
    assert (searched["shards"], searched["shards_planned"], searched["records"]) == (2, 12, 2_000)
    assert (searched["frames"], searched["bytes"]) == (2_020, 6_000_000)
    assert (searched["refused_total"], searched["in_part"]) == (10, 6)
    assert "characters" not in searched
    for path in (run / "receipts").glob("*.json"):
        said = json.loads(path.read_bytes())
        del said["pictures"]
        path.write_text(json.dumps(said))
    searched = conclude(run)["searched"]
    assert (searched["frames"], searched["bytes"]) == (None, None)


def test_no_findings_and_no_works(tmp_path: Path) -> None:
    """An empty run is concluded like any other."""
    for number, works in enumerate((0, 2)):
        made = PictureRun()
        for work in range(works):
            made.painted(f"work {work}", painting(work))
        summary = conclude(made.write(tmp_path / str(number)))
        assert summary["works"]["by_status"]["not-found"] == works
        assert summary["findings"]["total"] == 0
        assert summary["top_works"] == []


def test_findings_of_another_catalogue_are_an_error(tmp_path: Path) -> None:
    """As for texts."""
    run = gallery_run(tmp_path / "a")
    shutil.copy(PictureRun().write(tmp_path / "b") / "catalog.parquet", run / "catalog.parquet")
    with pytest.raises(RunError, match="does not list"):
        conclude(run)


def test_a_run_of_texts_is_none_of_pictures(tmp_path: Path) -> None:
    """Without the word in run.json nothing changes."""
    made = SyntheticRun()
    made.work("novel", 50_000)
    made.find("novel", 0, 9_000)
    summary: dict[str, Any] = conclude(made.write(tmp_path))
    assert "medium" not in summary
    assert (tmp_path / "passages.parquet").exists()
    assert not (tmp_path / "pictures.parquet").exists()
