"""Mirrors of run folders: what is new comes and goes, and nothing that was written is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from countermark.errors import RunError
from countermark.storage.connection import forget_connections
from countermark.storage.mirror import LARGE, Mirror, pull
from storage.writable_bucket import writable_bucket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.conftest import Bucket


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket to write to."""
    with writable_bucket(tmp_path, monkeypatch) as bucket:
        yield bucket


def put(bucket: Bucket, name: str, data: bytes) -> None:
    """An object, as another machine puts it there."""
    path = bucket.folder / "run" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_what_is_new_comes(bucket: Bucket, tmp_path: Path) -> None:
    """Only what is new or changed is copied, and what is gone there goes here."""
    put(bucket, "run.json", b"{}")
    put(bucket, "receipts/a.json", b"[1]")
    put(bucket, "receipts/b.json", b"")
    mirror = Mirror(f"{bucket.url}/run", tmp_path)
    assert mirror.pull() == 3
    assert (mirror.folder / "receipts" / "a.json").read_bytes() == b"[1]"
    assert (mirror.folder / "receipts" / "b.json").read_bytes() == b""
    assert Mirror(f"{bucket.url}/run", tmp_path).pull() == 0
    put(bucket, "receipts/a.json", b"[2, 3]")
    (bucket.folder / "run" / "receipts" / "b.json").unlink()
    assert mirror.pull() == 1
    assert (mirror.folder / "receipts" / "a.json").read_bytes() == b"[2, 3]"
    assert not (mirror.folder / "receipts" / "b.json").exists()


def test_large_files_come(written: Bucket, tmp_path: Path) -> None:
    """A catalogue may be larger than memory."""
    data = bytes(range(256)) * (LARGE // 256) + b"the end"
    put(written, "catalog.parquet", data)
    assert (pull(f"{written.url}/run", tmp_path) / "catalog.parquet").read_bytes() == data


def test_what_is_new_goes(written: Bucket, tmp_path: Path) -> None:
    """Changed files go there; of a log only whole lines; what left quarantine leaves it there."""
    mirror = Mirror(f"{written.url}/run", tmp_path)
    mirror.pull()
    (mirror.folder / "quarantine").mkdir()
    (mirror.folder / "quarantine" / "q.json").write_bytes(b"{}")
    (mirror.folder / "runlog.jsonl").write_bytes(b"one\ntwo\nthr")
    (mirror.folder / "report.en.html").write_bytes(b"for whoever asked for it")
    mirror.attempts_of().write_bytes(b"first\n")
    assert mirror.push(mirror.files()) == 3
    there = written.folder / "run"
    assert (there / "runlog.jsonl").read_bytes() == b"one\ntwo\n"
    assert (there / "attempts.jsonl").read_bytes() == b"first\n"
    (mirror.folder / "quarantine" / "q.json").unlink()
    (mirror.folder / "runlog.jsonl").write_bytes(b"one\ntwo\nthree\n")
    assert mirror.push(mirror.files()) == 2
    assert (there / "runlog.jsonl").read_bytes() == b"one\ntwo\nthree\n"
    assert not (there / "quarantine" / "q.json").exists()
    assert mirror.push(mirror.files()) == 0
    other = Mirror(f"{written.url}/run", tmp_path / "other")
    other.pull()
    assert other.attempts_of().read_bytes() == b"first\n"
    assert other.attempts_of().parent == other.folder.parent


def test_a_log_is_never_lost(bucket: Bucket, tmp_path: Path) -> None:
    """Lines that were not pushed stay; where both sides went on, ours are set aside."""
    put(bucket, "runlog.jsonl", b"one\n")
    mirror = Mirror(f"{bucket.url}/run", tmp_path)
    mirror.pull()
    log = mirror.folder / "runlog.jsonl"
    log.write_bytes(b"one\nmine\n")
    assert mirror.pull() == 0
    assert log.read_bytes() == b"one\nmine\n"
    put(bucket, "runlog.jsonl", b"one\ntheirs\n")
    assert mirror.pull() == 1
    assert log.read_bytes() == b"one\ntheirs\n"
    aside = [path for path in mirror.folder.iterdir() if ".unpushed-" in path.name]
    assert [path.read_bytes() for path in aside] == [b"one\nmine\n"]


def test_places(written: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path is where it is; a URL with nothing at it is an error, and so is a server that is not there."""
    assert pull(tmp_path / "run") == tmp_path / "run"
    with pytest.raises(RunError, match="nothing at this URL"):
        pull(f"{written.url}/none", tmp_path)
    monkeypatch.setenv("COUNTERMARK_STORAGE_PATIENCE", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    forget_connections()
    with pytest.raises(RunError, match="cannot be copied here"):
        pull(f"{written.url}/run", tmp_path)
