"""`countermark watch` of pictures, of recordings, of what is at URLs, and stopped in the middle."""

from __future__ import annotations

import json
import os
import shutil
import signal
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import drawn_works
import played_works
from countermark.cli import main, watch_outcome
from countermark.scan.runlog import read_events
from scan.furnished import result
from scan.two_versions import first_version, jsonl, scan, works_index
from storage.writable_bucket import writable_bucket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

    from countermark.scan import ScanProgress
    from storage.conftest import Bucket

DAYS = ("2024-01-01", "2024-06-01")


def call(*arguments: object) -> Result:
    """Call the command line in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An index, two versions of a data set, a run over the first, and a full run over the second."""
    works_index(tmp_path)
    first_version(tmp_path / "one")
    scan(tmp_path, "one", "last")
    two = Path(shutil.copytree(tmp_path / "one", tmp_path / "two"))
    jsonl(two / "a.jsonl", 21)
    (two / "b.jsonl").rename(two / "renamed.jsonl")
    scan(tmp_path, "two", "full", snapshot_date=date.fromisoformat(DAYS[1]))
    return tmp_path


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket to write to."""
    with writable_bucket(tmp_path, monkeypatch) as there:
        yield there


def watch(place: Path, last: object, corpus: object, out: object, *options: object) -> Result:
    """Watch the second version, with one worker."""
    given = ("--snapshot-date", DAYS[1], "--workers", 1, "--controls", place / "controls", *options)
    return call("watch", last, place / "works.index", corpus, "--out", out, *given)


def test_stopped_in_the_middle_and_given_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGINT while shards are carried: exit code 130; the same command ends with the bytes of a full scan."""

    def stop(_display: object, progress: ScanProgress) -> None:
        if progress.shards == 2:
            os.kill(os.getpid(), signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr(watch_outcome, "_show", stop)
        stopped = watch(place, place / "last", place / "two", place / "now")
    assert stopped.exit_code == 130, stopped.output
    assert "give the same command again to go on" in stopped.stderr
    assert not (place / "now" / "watch").exists()
    done = watch(place, place / "last", place / "two", place / "now")
    assert done.exit_code == 0, done.output
    assert result(place / "now") == result(place / "full")
    events = [event["event"] for event in read_events(place / "now" / "runlog.jsonl")]
    assert events.index("interrupted") < events.index("resumed") < events.index("finish")


@pytest.mark.slow
def test_corpus_and_runs_at_urls(place: Path, bucket: Bucket) -> None:
    """The last run, the new version and the new run in a bucket: the same bytes, and the feed goes on there."""
    shutil.copytree(place / "last", bucket.folder / "last")
    shutil.copytree(place / "two", bucket.folder / "two")
    url = bucket.url
    done = watch(place, f"{url}/last", f"{url}/two", f"{url}/now", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["run"], told["carried"]) == (f"{url}/now", 8)
    assert result(bucket.folder / "now") == result(place / "full")
    assert {path.name for path in (bucket.folder / "now" / "watch").iterdir()} == {
        "changes.json", "changes.parquet", "feed.en.xml", "feed.fr.xml", "watch.en.html", "watch.fr.html",
    }  # fmt: skip
    refused = watch(place, f"{url}/last", f"{url}/two", f"{url}/last/")
    assert refused.exit_code == 2
    assert "this is the last run" in refused.stderr
    assert watch(place, f"{url}/nothing", f"{url}/two", f"{url}/new").exit_code == 4


@pytest.mark.slow
@pytest.mark.parametrize("made", [drawn_works, played_works], ids=["pictures", "recordings"])
def test_other_media_are_scanned_again(made: Any, tmp_path: Path) -> None:
    """Why is said; what is new is told; the run is that of a full scan, with all that stands beside the findings."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    files = made.samples()
    few, more = (files[:4], files[4:8]) if isinstance(files, list) else _halves(files)
    made.write_tar(one / "a.tar", few)
    shutil.copytree(one, two)
    made.write_tar(two / "b.tar", more)
    index = made.shared_index()
    assert call("scan", index, one, "--out", tmp_path / "last", "--workers", 1).exit_code == 0
    assert call("scan", index, two, "--out", tmp_path / "full", "--workers", 1).exit_code == 0
    given = ("--out", tmp_path / "now", "--workers", 1, "--date", DAYS[1], "--json")
    done = call("watch", tmp_path / "last", index, two, *given)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["carried"] == 0
    assert "made by scanning only" in told["nothing_carried"]
    assert told["watch"]["findings"]["new"] > 0
    assert told["watch"]["findings"]["gone"] == 0
    assert result(tmp_path / "now") == result(tmp_path / "full")
    page = (tmp_path / "now" / "watch" / "watch.fr.html").read_text()
    assert "b.tar" in page
    assert call("watch", tmp_path / "last", index, two, *given, "--dry-run").exit_code == 0


def _halves(files: dict[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    names = list(files)
    return {name: files[name] for name in names[:1]}, {name: files[name] for name in names[1:3]}
