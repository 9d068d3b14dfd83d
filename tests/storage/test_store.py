"""Stores: the same folder of whole files, on a disk and on object storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from countermark.errors import OutputError
from countermark.storage.connection import filesystem_of
from countermark.storage.store import LocalStore, ObjectStore, is_plain, store_of
from storage.writable_bucket import writable_bucket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.storage.store import Store
    from storage.conftest import Bucket


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket to write to."""
    with writable_bucket(tmp_path, monkeypatch) as bucket:
        yield bucket


def see_store(store: Store) -> None:
    """What every store promises."""
    assert list(store.names("receipts")) == []
    assert not store.exists("receipts/b.json")
    with pytest.raises(FileNotFoundError):
        store.read("receipts/b.json")
    store.write("receipts/b.json", b"{}")
    store.write("receipts/a.json", b"[]")
    store.write("receipts/deep/er/c.txt", b"")
    store.write("receipts/b.json", b"another")
    assert store.read("receipts/b.json") == b"another"
    assert store.read("receipts/deep/er/c.txt") == b""
    assert store.exists("receipts/b.json")
    assert list(store.names("receipts", ".json")) == ["receipts/a.json", "receipts/b.json"]
    assert list(store.names("receipts")) == ["receipts/a.json", "receipts/b.json", "receipts/deep/er/c.txt"]
    store.remove("receipts/b.json")
    store.remove("receipts/b.json")
    assert list(store.names("receipts", ".json")) == ["receipts/a.json"]


def test_a_folder(tmp_path: Path) -> None:
    """On a disk; half-written files are not listed."""
    see_store(store_of(tmp_path / "run"))
    (tmp_path / "run" / "receipts" / ".a.json.7.tmp").touch()
    assert list(LocalStore(tmp_path / "run").names("receipts", ".tmp")) == []


def test_a_bucket(written: Bucket) -> None:
    """On object storage."""
    see_store(store_of(f"{written.url}/run"))
    assert (written.folder / "run" / "receipts" / "a.json").read_bytes() == b"[]"


def test_a_server_that_is_asked_before_the_body_is_sent(bucket: Bucket, tmp_path: Path) -> None:
    """Through a proxy, with `Expect: 100-continue`; what is read in part is not held against the whole's checksum."""
    store = ObjectStore(f"{bucket.url}/run")
    store.write("a", b"0123456789")
    (tmp_path / "file").write_bytes(b"0123456789" * 1000)
    store.put("b", tmp_path / "file")
    assert (bucket.folder / "run" / "b").read_bytes() == b"0123456789" * 1000
    files = filesystem_of(bucket.url)
    assert files.cat_file("corpus/run/a", start=2, end=5) == b"234"


def test_many_and_large(written: Bucket, tmp_path: Path) -> None:
    """Many small objects at once, a file there and back, and what the server says of it."""
    store = ObjectStore(f"{written.url}/run")
    for name in "abc":
        store.write(name, name.encode())
    assert store.read_many(["a", "c", "gone"]) == {"a": b"a", "c": b"c"}
    (tmp_path / "file").write_bytes(b"0123456789")
    store.put("deep/file", tmp_path / "file")
    store.fetch("deep/file", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"0123456789"
    assert store.said_of("deep/file")["size"] == 10
    assert store.said_of("none") == {}


def test_what_cannot_be_written(written: Bucket, tmp_path: Path) -> None:
    """The web is read only, a bucket may be missing, a disk may hold a file where a folder must be."""
    with pytest.raises(OutputError, match="results cannot be written there"):
        store_of("https://example.org/run").write("a", b"a")
    with pytest.raises(OutputError, match="cannot be written"):
        store_of("s3://no-such-bucket/run").write("a", b"a")
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        store_of(tmp_path / "file").write("a", b"a")


def test_names_from_a_server() -> None:
    """A name that would lead out of the folder is none."""
    assert is_plain("receipts/a.json")
    assert not any(is_plain(name) for name in ("", "/etc/passwd", "../a", "a/../b", "a//b", "a/./b", "a\0"))
