"""Servers that are slow, cut, refuse, lie about lengths, ignore ranges or hang; objects that change meanwhile."""

from __future__ import annotations

import random
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from countermark.corpus.base import Shard
from countermark.corpus.folder import list_folder
from countermark.corpus.listing import list_shards, reader_for
from countermark.errors import CorpusError
from countermark.scan import ScanSettings, run_scan
from countermark.scan.source import digest_source, require_unchanged, source_state
from countermark.storage.connection import PATIENCE, forget_connections
from countermark.storage.reading import forget_all, open_binary
from countermark.storage.remote import Entry, ObjectState, Page
from countermark.storage.tree import objects_below
from scan.needle_search import NeedleBackend
from served_objects import KEY, SECRET

if TYPE_CHECKING:
    from pathlib import Path

    from storage.conftest import Bucket

SIZE = 5 << 20
DATA = random.Random(3).randbytes(SIZE)


def put(bucket: Bucket, name: str = "a.bin", data: bytes = DATA) -> str:
    """Put an object there; returns its URL."""
    (bucket.folder / name).write_bytes(data)
    return f"{bucket.url}/{name}"


def content_of(url: str) -> bytes:
    """All of an object."""
    with open_binary(url, upto=SIZE) as file:
        return file.read()


def test_a_slow_server_is_waited_for(bucket: Bucket) -> None:
    """Latency is nothing but time."""
    bucket.faults.latency = 0.2
    assert content_of(put(bucket)) == DATA


@pytest.mark.parametrize("after", [0, 1000, 100_000])
def test_a_cut_answer_is_gone_on_with(bucket: Bucket, after: int) -> None:
    """What came before the cut is not asked for again."""
    url = put(bucket)
    bucket.faults.cut, bucket.faults.cut_after = 3, after
    assert content_of(url) == DATA
    firsts = [span.removeprefix("bytes=").split("-")[0] for span in bucket.faults.parts]
    assert {str(after), str((64 << 10) + after)} & set(firsts)


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_that_refuses_for_a_while_is_asked_again(bucket: Bucket, status: int) -> None:
    """Its pause costs time only."""
    url = put(bucket)
    bucket.faults.refuse, bucket.faults.status = 3, status
    assert content_of(url) == DATA


@pytest.mark.parametrize(
    ("fault", "value", "words"),
    [
        ("refuse", -1, "the server answers 503"),
        ("cut", -1, "cut within the answer|ended"),
        ("hang", -1, "no answer in time"),
        ("announce", 10, "announces 65546 bytes for a part of 65536"),
        ("announce", -10, "announces 65526 bytes for a part of 65536|the answer is no HTTP"),
        ("whole", DATA, "sends whole files only .it ignores the header Range.*download the file"),
    ],
)
def test_what_no_patience_mends_is_one_clear_message(
    impatient: Bucket, fault: str, value: Any, words: str
) -> None:
    """The message names the object, says what is wrong, and holds neither a key nor the server's address."""
    url = put(impatient)
    setattr(impatient.faults, fault, value)
    impatient.faults.cut_after = 0
    with (
        pytest.raises(CorpusError, match=f"s3://corpus/a.bin: .*({words})") as caught,
        open_binary(url) as file,
    ):
        file.read(10)
    told = "".join(traceback.format_exception(caught.value))
    assert "\n" not in str(caught.value)
    assert not any(secret in told for secret in (KEY, SECRET, "127.0.0.1"))


def test_a_small_whole_file_is_taken_from_a_server_that_ignores_ranges(bucket: Bucket) -> None:
    """All of it was asked for, and all of it came."""
    url = put(bucket, data=b"small")
    bucket.faults.whole = b"small"
    assert content_of(url) == b"small"


def test_wrong_credentials_are_said_without_showing_them(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says where credentials come from."""
    put(bucket)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-wrong-secret")
    forget_connections()
    with pytest.raises(CorpusError, match=r"access denied .403.*AWS_ACCESS_KEY_ID") as caught:
        list(list_shards([bucket.url]))
    assert "a-wrong-secret" not in "".join(traceback.format_exception(caught.value))


def test_no_server_is_said(impatient: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens there."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    forget_connections()
    with pytest.raises(CorpusError, match=r"s3://corpus: no connection to the server .tried"):
        list(list_shards([impatient.url]))


@pytest.mark.parametrize("fault", ["versions", "no versions"])
def test_an_object_that_is_replaced_is_not_mixed(bucket: Bucket, fault: str) -> None:
    """Half of one content and half of another is no content."""
    url = put(bucket)
    bucket.faults.no_versions = fault == "no versions"
    with open_binary(url, buffering=0) as file:
        assert file.read(100) == DATA[:100]
        put(bucket, data=DATA[::-1] + (b"" if fault == "versions" else b"longer"))
        file.seek(4 << 20)
        with pytest.raises(CorpusError, match=r"s3://corpus/a.bin: changed since it was listed"):
            file.read(100)


def planned(bucket: Bucket) -> list[Shard]:
    """The shards, as a driver lists them; then forgotten, as in a worker."""
    shards = [one for one in list_shards([bucket.url]) if isinstance(one, Shard)]
    forget_all()
    list_folder.cache_clear()
    return shards


def read_as_a_worker_does(shard: Shard) -> int:
    """Hash and read a shard; returns how many records it has."""
    state = source_state(shard)
    digest_source(shard)
    count = sum(map(len, reader_for(shard.format).batches(shard)))
    require_unchanged(shard, state)
    return count


@pytest.mark.parametrize("change", ["replaced", "removed", "grown", "one more before", "none"])
def test_documents_that_change_after_the_plan_are_not_read_as_others(bucket: Bucket, change: str) -> None:
    """A shard names documents by their position: one more or one less moves all that follow."""
    for number in range(5):
        put(bucket, f"{number}.txt", b"text %d" % number)
    (shard,) = planned(bucket)
    if change == "removed":
        (bucket.folder / "3.txt").unlink()
    elif change != "none":
        put(
            bucket,
            {"one more before": "00.txt"}.get(change, "3.txt"),
            b"TEXT 3" if change == "replaced" else b"more text",
        )
    if change == "none":
        assert read_as_a_worker_does(shard) == 5
        return
    with pytest.raises(CorpusError, match="the objects have changed since they were listed"):
        read_as_a_worker_does(shard)


def test_a_decoder_that_takes_a_failure_for_damage_makes_no_receipt(impatient: Bucket) -> None:
    """What could not be fetched is noticed after the reading, whatever the reader made of it."""
    put(impatient, "a.jsonl", b'{"text": "a"}\n')
    (shard,) = planned(impatient)
    state = source_state(shard)
    impatient.faults.refuse = -1
    with pytest.raises(CorpusError, match="503"):
        list(reader_for("jsonl").batches(shard))
    with pytest.raises(CorpusError, match="503"):
        require_unchanged(shard, state)


@pytest.mark.parametrize("change", ["replaced", "removed"])
def test_a_run_quarantines_what_changed_after_the_plan(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """The other shards are scanned, and the reason is said."""
    for name in ("a.jsonl", "b.jsonl"):
        put(bucket, name, b'{"text": "an old hat"}\n')
    (tmp_path / "needles").write_text("old\n")

    def spoil(_: object) -> None:
        if change == "removed":
            (bucket.folder / "b.jsonl").unlink(missing_ok=True)
        else:
            put(bucket, "b.jsonl", b'{"text": "a new hat"}\n')

    settings = ScanSettings(tmp_path / "needles", (bucket.url,), tmp_path / "run", workers=1)
    outcome = run_scan(settings, backend=NeedleBackend(tmp_path), progress=spoil)
    assert list(outcome.quarantined) == ["b.jsonl"], (
        outcome.quarantined
    )  # so that a reason of the other is seen
    assert outcome.scanned == 1
    said = "changed since it was listed" if change == "replaced" else "no longer on the storage"
    assert said in outcome.quarantined["b.jsonl"][0]
    (written,) = (tmp_path / "run" / "quarantine").iterdir()
    for file in (written, tmp_path / "run" / "runlog.jsonl"):
        assert said in file.read_text()
        assert "s3://" not in file.read_text()


def test_a_listing_without_end_is_ended(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that gives the same page for ever, or an object of a size that there is not."""
    pages = iter(range(10))

    async def page(_self: object, _url: str, _token: str, _most: int) -> Page:
        return Page((Entry(f"{next(pages)}.txt", ObjectState(1, "v")),), "the same")

    monkeypatch.setattr("countermark.storage.remote_s3.S3.page", page)
    with pytest.raises(CorpusError, match="the server's listing has no end"):
        objects_below(bucket.url)
    monkeypatch.setenv(PATIENCE, "1")

    async def huge(_self: object, _url: str, _token: str, _most: int) -> Page:
        return Page((Entry("a.txt", ObjectState(1 << 60, "v")),), "")

    monkeypatch.setattr("countermark.storage.remote_s3.S3.page", huge)
    with pytest.raises(CorpusError, match="the server says that it has"):
        objects_below(bucket.url)
