"""A run: the same bytes whatever happens on the way, and nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from countermark.errors import InputError, RunError, UnusableIndexError
from countermark.findings import findings_files, read_findings
from countermark.scan import Part, ScanSettings, plan_scan
from countermark.scan.folder import RunFolder
from countermark.scan.receipt import read_receipt
from countermark.scan.runlog import read_events
from countermark.scan.runners.base import Stop
from scan import furnished
from scan.furnished import SHARDS, events, furnish, result, write_lines
from scan.needle_search import InlineRunner, NeedleBackend

if TYPE_CHECKING:
    from countermark.scan import RunOutcome, ScanProgress


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with an index of needles and a corpus of four shards."""
    return furnish(tmp_path)


def scan(place: Path, out: str = "run", **given: Any) -> RunOutcome:
    """Run a scan of the place's corpus in this process."""
    return furnished.scan(place, out, runner=InlineRunner(), **given)


def test_run_folder_holds_what_it_promises(place: Path) -> None:
    """Findings, receipts, catalogue, settings and log of a small corpus say the same."""
    outcome = scan(place, snapshot_date=date(2024, 1, 1))
    run = place / "run"
    assert (outcome.shards, outcome.scanned, outcome.skipped, outcome.complete) == (4, 4, 0, True)
    receipts = [read_receipt(path) for path in sorted((run / "receipts").iterdir())]
    assert sorted(receipt.shard["name"] for receipt in receipts) == [f"{n}.jsonl" for n in range(SHARDS)]
    assert sum(receipt.records for receipt in receipts) == 10 == outcome.records
    rows = [row for path in findings_files(run) for row in read_findings(path).to_pylist()]
    assert len(rows) == sum(receipt.findings for receipt in receipts) == outcome.findings == 40
    assert {row["corpus"] for row in rows} == {"corpus"}
    catalog = pq.read_table(run / "catalog.parquet").to_pylist()
    assert [(row["work_id"], row["is_control"]) for row in catalog] == [("old", False), ("new", True)]
    made_with = json.loads((run / "run.json").read_bytes())
    assert made_with["shards"]["count"] == SHARDS
    assert made_with["snapshot_date"] == "2024-01-01"
    assert str(place) not in (run / "run.json").read_text()
    assert events(run) == ["start", *["receipt"] * 4, "finish"]


def test_receipt_holds_the_digest_of_the_bytes(place: Path) -> None:
    """The digest in the receipt is that of the file, as any tool computes it."""
    scan(place)
    for path in (place / "run" / "receipts").iterdir():
        receipt = read_receipt(path)
        file = place / "corpus" / receipt.shard["name"]
        said = subprocess.run(["sha256sum", file], capture_output=True, text=True, check=True).stdout
        assert said.split()[0] == receipt.source.sha256
        assert (receipt.source.begin, receipt.source.end) == (0, file.stat().st_size)


def test_second_run_scans_nothing(place: Path) -> None:
    """A finished run given again skips all shards and changes nothing."""
    scan(place)
    before = result(place / "run")
    outcome = scan(place)
    assert (outcome.scanned, outcome.skipped, outcome.findings) == (0, 4, 40)
    assert result(place / "run") == before
    assert events(place / "run")[-3:] == ["start", "resumed", "finish"]


def test_receipts_missing_from_the_log_are_logged(place: Path) -> None:
    """A receipt that was written just before the run died is logged by the next run, once."""
    scan(place)
    log = place / "run" / "runlog.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:3]))
    scan(place)
    assert events(place / "run")[3:] == ["start", "resumed", "receipt_found", "receipt_found", "finish"]
    scan(place)
    names = [event["name"] for event in read_events(log) if "receipt" in event["event"]]
    assert sorted(names) == sorted(path.stem for path in (place / "run" / "receipts").iterdir())


@pytest.mark.parametrize("damage", ["findings_flipped", "findings_gone", "receipt_cut", "receipt_gone"])
def test_damaged_results_are_made_again(place: Path, damage: str) -> None:
    """A receipt or findings file that was damaged is noticed, and its shard is scanned again."""
    scan(place)
    before = result(place / "run")
    kind, _, what = damage.partition("_")
    path = min((place / "run" / {"receipt": "receipts"}.get(kind, kind)).iterdir())
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    if what == "gone":
        path.unlink()
    else:
        path.write_bytes(bytes(data) if what == "flipped" else bytes(data[:50]))
    outcome = scan(place)
    assert (outcome.scanned, outcome.skipped) == (1, 3)
    assert result(place / "run") == before


def test_parts_make_up_the_whole(place: Path) -> None:
    """Two parts in one folder give the bytes of one whole run; the first says that shards remain."""
    scan(place, "whole")
    first = scan(place, "parts", part=Part(1, 2))
    assert (first.shards, first.remaining, first.complete) == (2, 2, False)
    second = scan(place, "parts", part=Part(2, 2))
    assert (second.remaining, second.complete) == (0, True)
    assert result(place / "whole") == result(place / "parts")
    logs = sorted(path.name for path in (place / "parts").glob("runlog*"))
    assert logs == ["runlog-1-of-2.jsonl", "runlog-2-of-2.jsonl"]


def test_stop_before_the_first_shard(place: Path) -> None:
    """A stop that was requested in time scans nothing and says what remains."""
    outcome = scan(place, stop=Stop(requested=True))
    assert (outcome.interrupted, outcome.scanned, outcome.remaining) == (True, 0, SHARDS)


def test_two_runs_into_one_folder(place: Path) -> None:
    """A second scan into a folder in use is refused; parts of one plan are not in each other's way."""
    folder = place / "run"
    with RunFolder(folder).claimed():
        with pytest.raises(RunError, match="another scan is writing into this folder"):
            scan(place)
        with pytest.raises(RunError, match="a scan of the whole plan is writing"):
            scan(place, part=Part(1, 2))
    with RunFolder(folder, Part(1, 2)).claimed():
        with pytest.raises(RunError, match="another scan of part 1/2 is writing"):
            scan(place, part=Part(1, 2))
        with pytest.raises(RunError, match="another scan is writing into this folder"):
            scan(place)
        assert scan(place, part=Part(2, 2)).scanned == 2


@pytest.mark.parametrize("part", [Part(1, 1), Part(1, 2)])
def test_what_is_refused_leaves_nothing_behind(place: Path, part: Part) -> None:
    """Nor a lock: the folder goes where it was new, and stays as empty as it was given."""
    for _ in range(2):
        with pytest.raises(InputError, match="not a folder"):
            scan(place, part=part, controls=place / "nowhere")
        assert not (place / "run").exists()
    (place / "run").mkdir()
    with pytest.raises(InputError, match="not a folder"):
        scan(place, part=part, controls=place / "nowhere")
    assert not list((place / "run").iterdir())
    assert scan(place, part=part).scanned == SHARDS // part.of


def test_a_lock_that_was_taken_away_is_taken_anew(place: Path) -> None:
    """Who opened the lock of a refused run just before it went holds the one that stands there now."""
    folder = place / "run"
    opened = Path.open

    def open_late(path: Path, *args: Any, **given: Any) -> Any:
        file = opened(path, *args, **given)
        if path.name == ".lock" and not taken:
            taken.append(path)
            path.unlink()
            path.parent.rmdir()
        return file

    taken: list[Path] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", open_late)
        with RunFolder(folder).claimed():
            assert taken
            assert (folder / ".lock").exists()
            with pytest.raises(RunError, match="another scan is writing"):
                scan(place)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"snapshot_date": date(2024, 1, 1)}, "the snapshot date was none, now 2024-01-01"),
        ({"corpus_name": "other"}, "the corpus name was corpus, now other"),
        ({"text_column": "text"}, "the text column was found by itself, now text"),
    ],
)
def test_other_settings_are_refused(place: Path, changed: dict[str, Any], message: str) -> None:
    """A folder made with other settings is refused, and the message names the setting."""
    scan(place)
    with pytest.raises(RunError, match=message):
        scan(place, **changed)


def test_other_inputs_are_refused(place: Path) -> None:
    """Another index, another corpus or other controls do not go into the same folder."""
    scan(place)
    write_lines(place / "corpus" / "10.jsonl", [{"text": "more"}])
    with pytest.raises(RunError, match=r"the list of shards was 4 shards of .* bytes .*, now 5 shards"):
        scan(place)
    (place / "corpus" / "10.jsonl").unlink()
    (place / "controls").mkdir()
    (place / "controls" / "a.txt").write_text("hat")
    with pytest.raises(RunError, match="the controls were none, now a folder with the digest"):
        scan(place, controls=place / "controls")
    (place / "needles").write_text("new")
    with pytest.raises(RunError, match=r"the index was .* works, needle-v1"):
        scan(place)


def test_controls_are_found_and_marked(place: Path) -> None:
    """Controls given are indexed once, searched in the same pass, and listed as controls."""
    (place / "controls").mkdir()
    (place / "controls" / "a.txt").write_text("hat")
    scan(place, controls=place / "controls")
    rows = [row for path in findings_files(place / "run") for row in read_findings(path).to_pylist()]
    assert {(row["work_id"], row["is_control"]) for row in rows} == {
        ("old", False),
        ("new", False),
        ("hat", True),
    }
    catalog = pq.read_table(place / "run" / "catalog.parquet")
    assert catalog["is_control"].to_pylist() == [False, False, True]
    before = result(place / "run")
    assert scan(place, controls=place / "controls").skipped == SHARDS
    assert result(place / "run") == before
    with pytest.raises(InputError, match=r"--controls .*missing: not a folder"):
        scan(place, "other", controls=place / "missing")


def test_foreign_folders_are_left_alone(place: Path) -> None:
    """A folder that is no run folder, and a file, are refused untouched."""
    (place / "photos").mkdir()
    (place / "photos" / "cat.jpg").write_bytes(b"cat")
    with pytest.raises(RunError, match=r"not a run folder, and not empty \(it holds 'cat.jpg'\)"):
        scan(place, "photos")
    with pytest.raises(RunError, match="not a folder"):
        scan(place, "needles")
    (place / "damaged").mkdir()
    (place / "damaged" / "run.json").write_text("{")
    with pytest.raises(RunError, match=r"run\.json: cannot be read"):
        scan(place, "damaged")


def test_replaced_index_is_noticed(place: Path) -> None:
    """A missing index ends the run before anything is made."""
    (place / "needles").unlink()
    with pytest.raises((UnusableIndexError, FileNotFoundError)):
        scan(place)
    assert not (place / "run").exists()


def test_progress_reaches_the_end(place: Path) -> None:
    """Progress never runs backwards and ends at the whole, also when all was scanned before."""
    told: list[ScanProgress] = []
    scan(place, progress=told.append)
    assert [step.bytes for step in told] == sorted(step.bytes for step in told)
    last = told[-1]
    assert (last.bytes, last.shards, last.findings) == (last.all_bytes, SHARDS, 40)
    told.clear()
    scan(place, progress=told.append)
    assert (told[-1].bytes, told[-1].scanned_bytes) == (last.all_bytes, 0)


def test_dry_run_writes_nothing(place: Path) -> None:
    """The plan is told without a folder; with one, what is done already is counted."""
    settings = ScanSettings(place / "needles", (place / "corpus",), place / "run", part=Part(1, 2))
    plan = plan_scan(settings, NeedleBackend(place))
    assert (plan.all_shards, len(plan.shards), plan.done) == (4, 2, 0)
    assert not (place / "run").exists()
    scan(place, part=Part(1, 2))
    before = sorted(place.rglob("*"))
    assert plan_scan(settings, NeedleBackend(place)).done == 2
    assert sorted(place.rglob("*")) == before


def test_run_works_outside_the_main_thread(place: Path) -> None:
    """In another thread no signal handler is set, and the run is the same."""
    before = signal.getsignal(signal.SIGINT)
    outcomes: list[RunOutcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(scan(place)))
    thread.start()
    thread.join()
    assert outcomes[0].complete
    assert signal.getsignal(signal.SIGINT) is before


def test_bad_shard_gets_a_receipt_with_the_reason(place: Path) -> None:
    """A file of which nothing can be read is counted as refused, with no path of this machine."""
    (place / "corpus" / "bad.parquet").write_bytes(b"PAR1 not really PAR1")
    outcome = scan(place)
    assert outcome.refused >= 1
    assert not outcome.quarantined
    assert outcome.complete
    text = (place / "run" / "run.json").read_text()
    text += "".join(path.read_text() for path in (place / "run" / "receipts").iterdir())
    assert "bad.parquet" in text
    assert str(place) not in text
    assert os.sep + "corpus" + os.sep not in text


def test_a_long_text_is_counted_once(place: Path) -> None:
    """The pieces of a long plain text overlap, so that nothing is missed; what is counted does not."""
    (place / "corpus" / "long.txt").write_text("no hat here, and none there\n" * 700_000)
    scan(place)
    receipts = [read_receipt(path) for path in (place / "run" / "receipts").iterdir()]
    (long,) = [receipt for receipt in receipts if receipt.shard["name"] == "long.txt"]
    assert (long.records, long.characters, long.text_bytes) == (2, 28 * 700_000, 28 * 700_000)
