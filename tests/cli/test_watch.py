"""`countermark watch`: what it prints, its exit codes, and that it is the scan of the new version."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countermark.cli import main
from countermark.scan.runlog import read_events
from scan.furnished import result
from scan.two_versions import first_version, jsonl, scan, works_index

DAY = ("--snapshot-date", "2024-06-01")


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over the first version, and a second version with one file changed, one new and one gone."""
    place = tmp_path_factory.mktemp("watch")
    works_index(place)
    first_version(place / "one")
    scan(place, "one", "last")
    two = Path(shutil.copytree(place / "one", place / "two"))
    (two / "table.csv").unlink()
    jsonl(two / "a.jsonl", 21)
    jsonl(two / "new.jsonl", 22)
    return place


@pytest.fixture
def place(furnished: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    return tmp_path


def watch(place: Path, *options: object, last: str = "last", corpus: str = "two", out: str = "now") -> Result:
    """Watch a version, with one worker."""
    given = [place / last, place / "works.index", place / corpus, "--out", place / out, "--workers", 1]
    given += ["--controls", place / "controls", *options]
    return CliRunner().invoke(main, ["watch", *(str(argument) for argument in given)])


def test_it_carries_scans_compares_and_says_what_is_next(place: Path) -> None:
    """The run is that of a full scan, byte for byte; the words are few."""
    done = watch(place, *DAY)
    assert done.exit_code == 0, done.output
    assert "10 shards in " in done.stdout
    assert "7 of them carried from last." in done.stdout
    assert re.search(r"Works since the last run: .*\b1 first looked for\b", done.stdout)
    assert "Being listed is not proof that a model was trained on them." in done.stdout
    assert f"Next: open {place / 'now' / 'watch' / 'watch.en.html'}" in done.stdout
    scan(place, "two", "full", snapshot_date=date.fromisoformat(DAY[1]))
    assert result(place / "now") == result(place / "full")
    carried = [event for event in read_events(place / "now" / "runlog.jsonl") if event.get("carried")]
    assert len(carried) == 7


def test_json_and_the_exit_code(place: Path) -> None:
    """With --exit-code, 1 where something is new and 0 where nothing is; the feed goes on."""
    first = watch(place, *DAY, "--json", "--exit-code")
    assert first.exit_code == 1, first.output
    told = json.loads(first.stdout)
    assert (told["shards"], told["carried"], told["nothing_carried"]) == (10, 7, None)
    assert told["watch"]["works"]["first-looked-for"] == 1
    later = ("--snapshot-date", "2024-07-01", "--exit-code", "--json")
    second = watch(place, *later, last="now", out="third")
    assert second.exit_code == 0, second.output
    assert json.loads(second.stdout)["watch"]["of_works"] == []
    feeds = [(place / run / "watch" / "feed.fr.xml").read_text() for run in ("now", "third")]
    assert feeds[0].count("<entry>") == feeds[1].count("<entry>") == 2
    assert feeds[0].splitlines()[2] == feeds[1].splitlines()[2]  # the id of the feed


def test_a_dry_run_writes_nothing(place: Path) -> None:
    """What may be carried and what is scanned, in words and as JSON."""
    done = watch(place, *DAY, "--dry-run")
    assert done.exit_code == 0, done.output
    assert "May be carried from last, if the bytes are the same: 7 shards" in done.stdout
    assert "To scan: 3 shards" in done.stdout
    told = json.loads(watch(place, *DAY, "--dry-run", "--json").stdout)
    assert (told["may_be_carried"], told["to_scan"], told["nothing_carried"]) == (7, 3, None)
    (place / "controls" / "Another.txt").write_text("Another control, of hardly any length. " * 20)
    other = watch(place, *DAY, "--dry-run")
    assert "Nothing can be carried: the controls changed since the last run." in other.stdout
    assert "To scan: 10 shards" in other.stdout
    assert not (place / "now").exists()


def test_another_search_says_why_nothing_is_carried(place: Path) -> None:
    """Everything is scanned, and the comparison says that the searches differ."""
    (place / "controls" / "Another.txt").write_text("Another control, of hardly any length. " * 20)
    done = watch(place, *DAY)
    assert done.exit_code == 0, done.output
    assert "0 of them carried" in done.stdout
    assert "Nothing could be carried: the controls changed since the last run." in done.stdout
    facts = json.loads((place / "now" / "watch" / "changes.json").read_text())
    assert facts["differing"] == ["controls"]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), 2, "the last run had a snapshot date: give --snapshot-date"),
        (("--snapshot-date", "June"), 2, "--snapshot-date"),
        ((*DAY, "--date", "soon"), 2, "--date"),
        ((*DAY, "--robots", "none.warc"), 2, "none.warc"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(
    place: Path, options: tuple[str, ...], code: int, said: str
) -> None:
    """Before anything is written."""
    done = watch(place, *options)
    assert done.exit_code == code, done.output
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (place / "now").exists()


def test_foreign_folders(place: Path) -> None:
    """No run, the last run itself, one that has not ended, a link."""
    assert watch(place, *DAY, last="one").exit_code == 4
    assert watch(place, *DAY, out="last").exit_code == 2
    settings = json.loads((place / "last" / "run.json").read_text())
    (place / "last" / "run.json").write_text(json.dumps(settings | {"kind": "link"}))
    assert "not the run of a scan" in watch(place, *DAY).stderr
    (place / "last" / "run.json").write_text(json.dumps(settings))
    next((place / "last" / "receipts").iterdir()).unlink()
    done = watch(place, *DAY)
    assert done.exit_code == 4
    assert "has not ended" in done.stderr


def test_a_run_without_dates_needs_one_for_the_feed(place: Path) -> None:
    """Nothing is dated by the clock unless that is asked for."""
    scan(place, "one", "undated", snapshot_date=None)
    assert "the feed needs a date" in watch(place, last="undated").stderr
    done = watch(place, "--date", "2024-06-02", last="undated")
    assert done.exit_code == 0, done.output
    assert "2024-06-02T00:00:00Z" in (place / "now" / "watch" / "feed.en.xml").read_text()


def test_no_controls_where_the_last_run_had_some(place: Path) -> None:
    """Both runs could not be compared."""
    given = [place / "last", place / "works.index", place / "two", "--out", place / "now", *DAY]
    done = CliRunner().invoke(main, ["watch", *(str(argument) for argument in given)])
    assert done.exit_code == 2
    assert "the last run had controls: give --controls FOLDER too" in done.stderr
