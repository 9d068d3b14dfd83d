"""The conclusion of a run of recordings: what each work comes out as, and that the same folder gives the same bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from countermark.errors import RunError
from countermark.evidence.listening.conclusion import conclude_recordings, recordings_summary
from countermark.evidence.listening.recordings import RECORDINGS
from countermark.evidence.run_folder import open_run
from countermark.evidence.summary import conclude
from countermark.findings.table import write_table
from countermark.probability.binomial import clopper_pearson
from countermark.scan.receipt import json_bytes
from evidence.listening_run import RecordingRun, listening_run

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = ("summary.json", "works.parquet", "recordings.parquet")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with one of everything, concluded."""
    folder = listening_run(tmp_path_factory.mktemp("run"))
    conclude_recordings(open_run(folder))
    return folder


def test_what_works_come_out_as(run: Path) -> None:
    """Found, free, a shared sound, a hint, not found, control, false alarm: each once, told by its right name."""
    summary = recordings_summary(run)
    told = {row["work_id"]: row["status"] for row in pq.read_table(run / "works.parquet").to_pylist()}
    assert {name: told[name] for name in ("ferry", "tower", "open", "loop", "song", "absent")} == {
        "ferry": "found",
        "tower": "found",
        "open": "free-licence",
        "loop": "shared-only",
        "song": "resembles-only",
        "absent": "not-found",
    }
    assert told["control 3"] == "false-alarm"
    assert (
        told["control 5"] == "control"
    )  # a resemblance is a hint: nothing is an alarm, and it is counted by itself
    assert set(told.values()) <= set(RECORDINGS.statuses)
    assert summary["medium"] == "audio"
    assert (summary["works"]["in_data_set"], summary["works"]["claimed"]) == (3, 2)
    assert summary["findings"]["by_grade"] == {
        "identical": 2,
        "copy": 3,
        "identifier": 0,
        "name": 0,
        "resembles": 2,
        "shared": 1,
    }
    assert summary["findings"]["tracks"] == 4


def test_controls_and_hints_have_their_exact_bounds(run: Path) -> None:
    """One alarm and one hint of twenty controls, bounded outward, each by itself."""
    controls = recordings_summary(run)["controls"]
    lower, upper = clopper_pearson(1, 20)
    assert (controls["works"], controls["false_alarms"], controls["resembles_only"]) == (20, 1, 1)
    for bounds in (controls, controls["hints"]):
        assert bounds["lower"] <= lower
        assert bounds["upper"] >= upper


def test_what_was_listened_to_is_added_up(tmp_path: Path) -> None:
    """Tracks, seconds, bytes and comparisons, where the receipts say so; else every pair that there can be."""
    run = listening_run(tmp_path)
    facts = recordings_summary(run)
    assert facts["searched"]["tracks"] is None
    assert facts["comparisons"] == 26 * 2_000
    for path in (run / "receipts").glob("*.json"):
        said = json.loads(path.read_bytes())
        said["recordings"] = {"tracks": 1_010, "seconds": 180_000, "bytes": 3_000_000, "comparisons": 26_000}
        path.write_bytes(json_bytes(said))
    facts = conclude_recordings(open_run(run))
    assert [facts["searched"][name] for name in ("tracks", "seconds", "bytes")] == [2_020, 360_000, 6_000_000]
    assert facts["searched"]["quick_passed"] is None
    assert (facts["comparisons"], facts["searched"]["in_part"]) == (52_000, 6)
    assert "comparisons" not in facts["searched"]


def test_the_same_folder_gives_the_same_bytes(run: Path, tmp_path: Path) -> None:
    """Concluded twice, in two places."""
    again = listening_run(tmp_path)
    conclude_recordings(open_run(again))
    conclude_recordings(open_run(again))
    for name in WRITTEN:
        assert (again / name).read_bytes() == (run / name).read_bytes()


def test_a_row_for_each_finding(run: Path) -> None:
    """With what was heard, its kind, and where the whole row is."""
    rows = pq.read_table(run / "recordings.parquet").to_pylist()
    assert len(rows) == 8
    ferry = sorted((row for row in rows if row["work_id"] == "ferry"), key=lambda row: row["place"])
    assert [row["grade"] for row in ferry] == ["identical", "copy"]
    assert (ferry[1]["pitch_shift"], ferry[1]["tempo"], ferry[1]["chance"]) == (2.0, 1.052, 2.6e-7)
    assert {row["kind"] for row in rows if row["grade"] == "resembles"} == {"resembles", "control"}
    assert not any(row["claimed"] for row in rows if row["grade"] in {"resembles", "shared"})
    for row in rows:
        table = pq.read_table(run / "findings" / f"{row['findings_file']}.parquet")
        assert table["finding_id"][row["findings_row"]].as_py() == row["finding_id"]


@pytest.mark.parametrize("said", [None, [6_000], [-1], [1 << 40]])
def test_lengths_are_those_of_the_catalogue(tmp_path: Path, said: list[int] | None) -> None:
    """What a finding states of its work's file is not believed; nor a catalogue that states none, or nonsense."""
    made = RecordingRun()
    made.played("ferry")
    made.heard("ferry", (0, 9_000, 0, 9_000), (9_000, 9_000))
    run = made.write(tmp_path / "run")
    conclude(run)
    catalog = pq.read_table(run / "catalog.parquet").drop_columns(["duration"])
    if said is not None:
        catalog = catalog.append_column("duration", pa.array(said, pa.int64()))
    write_table(catalog, run / "catalog.parquet")
    with pytest.raises(RunError, match="beyond the end of its work" if said == [6_000] else "how long"):
        conclude(run)


def test_a_finding_beyond_the_end_is_an_error(tmp_path: Path) -> None:
    """It cannot be of this run."""
    made = RecordingRun()
    made.played("one")
    made.heard("one", (0, 9_000, 0, 90_000), (20_000, 20_000))
    with pytest.raises(RunError, match="beyond the end"):
        recordings_summary(made.write(tmp_path))


def test_an_empty_run_is_concluded(tmp_path: Path) -> None:
    """Without works or findings."""
    summary = recordings_summary(RecordingRun().write(tmp_path))
    assert (summary["works"]["total"], summary["findings"]["total"], summary["comparisons"]) == (0, 0, 0)
