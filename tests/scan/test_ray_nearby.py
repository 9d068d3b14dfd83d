"""Copies on a node: made once, checked, used again, and removed when there is no room for them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from countermark.corpus.base import Shard
from countermark.errors import OutputError, UnusableIndexError
from countermark.index import open_index
from countermark.index.build import build_index
from countermark.index.changes import add_works, drop_works
from countermark.scan.receipt import ScanIdentity
from countermark.scan.reserved import ReservationSettings
from countermark.scan.runners import nearby_copy, nearby_room
from countermark.scan.runners.nearby import NearbyBackend, stocks_of
from countermark.scan.runners.nearby_copy import Larder
from countermark.scan.runners.nearby_room import Keeping, is_local
from countermark.scan.runners.nearby_stock import Stock, StockFile, stock_of
from countermark.scan.runners.ray_crew import _sent
from countermark.scan.runners.ray_pantry import Pantry
from countermark.scan.search import IndexBackend, SearchSettings
from countermark.scan.shard import ScanTask
from written_works import prose, work_file

CONTENT = {"arrays.npy": b"numbers" * 1000, "segments/1/keys.npy": b"keys", "empty": b""}


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files, and a manifest of nothing known; copies go below the test's own folder."""
    monkeypatch.setenv("COUNTERMARK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(nearby_room, "SPARE", 0.0)
    folder = tmp_path / "works.index"
    for name, data in CONTENT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    said = {"sha256": hashlib.sha256(CONTENT["arrays.npy"]).hexdigest(), "size": 7000}
    (folder / "manifest.json").write_text(json.dumps({"files": {"arrays.npy": said}}))
    return folder


def hidden(stock: Stock) -> Stock:
    """The same stock, as a node has it that cannot see its path."""
    return Stock(stock.path + "-elsewhere", stock.files, stock.url)


def pantry_of(index: Path) -> Pantry:
    """What reads the files of `hidden(stock_of(index))`."""
    pantry = Pantry((stock_of(str(index)),))
    pantry._paths = {(path + "-elsewhere", name): file for (path, name), file in pantry._paths.items()}
    return pantry


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in CONTENT}


def test_stock_names_every_file(index: Path) -> None:
    """With its digest; the identity is that of names and bytes."""
    stock = stock_of(str(index))
    assert [file.name for file in stock.files] == [
        "arrays.npy",
        "empty",
        "manifest.json",
        "segments/1/keys.npy",
    ]
    digests = {file.name: file.sha256 for file in stock.files}
    assert {name: digests[name] for name in CONTENT} == {
        name: hashlib.sha256(data).hexdigest() for name, data in CONTENT.items()
    }
    assert stock.size == sum(file.size for file in stock.files)
    assert stock.identity == hidden(stock).identity


def segmented(tmp_path: Path, change: str) -> Path:
    """A real index after a change: works were added to it, dropped from it, or both."""
    folder = tmp_path / "segmented.index"
    build_index([work_file(f"work{seed}", prose(300, seed)) for seed in range(3)], folder)
    if "add" in change:
        add_works(folder, [work_file("work7", prose(300, 7))])
    if "drop" in change:
        drop_works(folder, ["work1"])
    assert (folder / "segment-000001").exists() == ("add" in change)
    return folder


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("change", ["add", "drop", "add and drop"])
@pytest.mark.parametrize("in_place", [True, False])
def test_an_index_in_segments_is_had(tmp_path: Path, change: str, in_place: bool) -> None:
    """Where it is and as a copy: each file has the digest that the manifest states for its own folder."""
    folder = segmented(tmp_path, change)
    stock = stock_of(str(folder))
    for file in stock.files:
        assert file.sha256 == hashlib.sha256((folder / file.name).read_bytes()).hexdigest(), file.name
    settled = Larder(in_place=in_place).settle(stock)
    assert (settled == folder) == in_place
    open_index(settled).verify()


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("where", [".", "segment-000001", "state-*"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_changed_byte_in_any_folder_of_it_is_found_out(tmp_path: Path, where: str, when: str) -> None:
    """Of the first segment, of another and of the state, also where it was changed before stock was taken."""
    folder = segmented(tmp_path, "add and drop")
    (place,) = folder.glob(where) if where != "." else (folder,)
    stock = stock_of(str(folder))
    path = place / "asset_works.u4"
    data = path.read_bytes()
    path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    if when == "before":
        stock = stock_of(str(folder))
    with pytest.raises(UnusableIndexError, match=r"asset_works\.u4.* has other bytes"):
        Larder().settle(stock)


@pytest.mark.usefixtures("index")
def test_what_only_a_segment_says_of_itself_does_not_count(tmp_path: Path) -> None:
    """The manifest of the index is the one that vouches, also for the files of a later segment."""
    folder = segmented(tmp_path, "add")
    path, said = (folder / "segment-000001" / name for name in ("words.u1", "manifest.json"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(b"x" * path.stat().st_size)
    said.write_text(said.read_text().replace(digest, hashlib.sha256(path.read_bytes()).hexdigest()))
    with pytest.raises(UnusableIndexError, match=r"words\.u1.* has other bytes"):
        Larder().settle(stock_of(str(folder)))


def test_an_index_on_a_local_disk_is_used_where_it_is(index: Path) -> None:
    """No copy is made of what is at hand; its digests are checked once."""
    larder = Larder()
    stock = stock_of(str(index))
    assert larder.settle(stock) == index
    assert larder.settle(stock) == index
    assert larder.copied == 0


def test_a_local_index_with_other_bytes_is_not_used(index: Path) -> None:
    """A file of the right size and wrong bytes is found out; without another source that is an error."""
    stock = stock_of(str(index))
    (index / "segments/1/keys.npy").write_bytes(b"kexs")
    with pytest.raises(UnusableIndexError, match="has other bytes"):
        Larder().settle(stock)
    assert not list((nearby_copy.cache_folder()).glob("*/"))


def test_a_shared_index_is_copied_once(index: Path) -> None:
    """From a path that is seen but not local, with all files below it; the next scan uses the copy."""
    stock = stock_of(str(index))
    first, second = Larder(in_place=False), Larder(in_place=False)
    copy = first.settle(stock)
    assert copy != index
    assert content(copy) == CONTENT
    assert (second.settle(stock), second.copied) == (copy, 0)
    assert first.copied == stock.size


def test_an_index_out_of_sight_is_pulled_in_chunks(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The node asks for one bounded chunk after the other."""
    monkeypatch.setattr(nearby_copy, "CHUNK", 1000)
    asked: list[int] = []
    pantry = pantry_of(index)

    def pull(path: str, name: str, offset: int, length: int) -> bytes:
        asked.append(length)
        return pantry.read(path, name, offset, length)

    assert content(Larder(pull).settle(hidden(stock_of(str(index))))) == CONTENT
    assert max(asked) == 1000
    with pytest.raises(KeyError):
        pantry.read("/etc", "passwd", 0, 10)


def test_a_source_that_lies_is_not_believed(index: Path) -> None:
    """Wrong bytes, too many of them, or too few: nothing is left behind."""
    stock = hidden(stock_of(str(index)))
    for lie in (b"", b"x", b"x" * 10**6):
        with pytest.raises(UnusableIndexError, match="has other bytes"):
            Larder(lambda *_, lie=lie: lie).settle(stock)
    assert not list(nearby_copy.cache_folder().glob("*/"))


def test_a_copy_that_was_changed_is_made_again(index: Path) -> None:
    """What somebody wrote into is not used."""
    stock = stock_of(str(index))
    copy = Larder(in_place=False).settle(stock)
    (copy / "empty").write_bytes(b"")
    os.utime(copy / "empty", (1, 1))
    again = Larder(in_place=False)
    assert content(again.settle(stock)) == CONTENT
    assert again.copied == stock.size


def test_old_copies_go_and_used_ones_stay(index: Path, tmp_path: Path) -> None:
    """By age and by room; a copy that a scan holds is never removed."""
    held = Larder(in_place=False)
    used = held.settle(stock_of(str(index)))
    (index / "empty").write_bytes(b"another index")
    idle = Larder(in_place=False)
    old = idle.settle(stock_of(str(index)))
    idle.close()
    for copy in (used, old):
        os.utime(copy.parent, (1, 1))
    (index / "empty").write_bytes(b"a third index")
    newest = Larder(in_place=False, keeping=Keeping(days=1.0)).settle(stock_of(str(index)))
    assert (used.exists(), old.exists(), newest.exists()) == (True, False, True)
    held.close()


def test_copies_are_for_this_user_alone(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What others may not read is not read in a copy, and nobody else's folder is trusted."""
    copy = Larder(in_place=False).settle(stock_of(str(index)))
    assert copy.parents[1].stat().st_mode & 0o077 == 0
    monkeypatch.setattr(os, "getuid", lambda: copy.stat().st_uid + 1)
    with pytest.raises(OutputError, match="belongs to another user"):
        Larder(in_place=False).settle(stock_of(str(index)))


def test_a_copy_that_never_holds_still_is_told(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes into it each time does not keep a node busy for ever."""
    monkeypatch.setattr(Larder, "_ready", lambda *_: None)
    larder = Larder(in_place=False)
    with pytest.raises(OutputError, match="changed each time"):
        larder.settle(stock_of(str(index)))


def test_no_room_is_told(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is copied, the node says how much is lacking."""
    usage = shutil.disk_usage(index)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=100))
    with pytest.raises(OutputError, match="no room for a copy of the index"):
        Larder(in_place=False).settle(stock_of(str(index)))


def test_a_large_disk_is_not_left_idle(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a hundred terabytes not five are kept free, but two gibibytes."""
    usage = shutil.disk_usage(index)._replace(total=10**14, free=3 << 30)
    monkeypatch.setattr(nearby_room, "SPARE", 0.05)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert Larder(in_place=False).settle(stock_of(str(index))) != index


def test_what_a_search_opens_is_all_there(index: Path, tmp_path: Path) -> None:
    """Index, controls, captures and models are carried, and found under the paths of the node."""
    robots, model = tmp_path / "robots.sqlite", tmp_path / "model.onnx"
    robots.write_bytes(b"captures")
    model.write_bytes(b"model")
    search = SearchSettings(
        str(index), str(index), ScanIdentity("i", None, "s", "e"), "c", None, b"salt",
        ReservationSettings(str(robots), "r"), embedding=str(model), notes=str(model),
    )  # fmt: skip
    stocks = stocks_of(search, "s3://bucket/run")
    assert [stock.path for stock in stocks] == [str(index), str(index), str(robots), str(model), str(model)]
    assert [stock.url for stock in stocks[:3]] == [
        None, "s3://bucket/run/works.index", "s3://bucket/run/robots.sqlite",
    ]  # fmt: skip
    assert stocks[2].files == (StockFile("", 8, hashlib.sha256(b"captures").hexdigest()),)
    places = tuple((stock.path, f"/here/{number}") for number, stock in enumerate(stocks))
    here = NearbyBackend(None, places).nearby(search)  # type: ignore[arg-type]
    assert (here.index, here.reservations.robots, here.embedding) == ("/here/1", "/here/2", "/here/4")
    assert here.identity == search.identity
    assert "salt" not in repr(search)
    task = ScanTask("t", Shard("s", "s", "plain", 1), "run", search, IndexBackend())
    assert _sent(task).search.salt is None  # nodes have it since they were furnished
    assert _sent(task).shard.path == str(Path("s").absolute())


def test_local_and_shared_disks_are_told_apart(tmp_path: Path) -> None:
    """By the kind of file system that the longest mount point names, in which blanks are written in octal."""
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "d / ext4 rw 0 0\nserver:/x /mnt/my\\040share nfs4 rw 0 0\nd /mnt/my\\040share/d xfs rw 0 0\n"
    )
    assert is_local(Path("/home"), mounts)
    assert not is_local(Path("/mnt/my share/works.index"), mounts)
    assert is_local(Path("/mnt/my share/d/works.index"), mounts)
    assert is_local(Path("/home"), tmp_path / "nothing")
