"""Objects as files: every byte in its place, fetched once, held in little memory, and nothing left on the disk."""

from __future__ import annotations

import contextlib
import hashlib
import io
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from countermark.errors import InputError, MissingExtraError
from countermark.storage import spool
from countermark.storage.connection import PATIENCE, forget_connections, patience
from countermark.storage.held import Held
from countermark.storage.reading import (
    expect,
    expected_state,
    forget_all,
    in_order,
    is_file,
    is_folder,
    keep_only,
    open_binary,
    size_of,
    state_of,
)
from countermark.storage.remote import ObjectState
from countermark.storage.spool import BLOCK
from countermark.storage.tree import objects_below

if TYPE_CHECKING:
    from storage.conftest import Bucket

SIZE = 40 * BLOCK + 123


def content(size: int = SIZE) -> bytes:
    """Bytes that differ everywhere."""
    return random.Random(7).randbytes(size)


def test_reading_anywhere_gives_the_bytes_of_the_file(bucket: Bucket) -> None:
    """Seeks and reads in any order, buffered or not, as in a file; each block is asked for once."""
    data = content()
    (bucket.folder / "a").write_bytes(data)
    drawn = random.Random(1)
    for buffering in (-1, 0):
        forget_all()
        bucket.faults.asked.clear()
        here = io.BytesIO(data)
        with open_binary(f"{bucket.url}/a", buffering=buffering) as there:
            for _ in range(200):
                at, size = drawn.randrange(SIZE + 100), drawn.choice([0, 1, 100, BLOCK, 5 * BLOCK])
                assert there.seek(at) == here.seek(at)
                assert there.read(size) == here.read(size)
                assert there.tell() == here.tell()
            assert there.seek(-5, io.SEEK_END) == SIZE - 5
            assert there.read() == data[-5:]
        spans = [span.removeprefix("bytes=").split("-") for span in bucket.faults.parts]
        assert sum(int(last) + 1 - int(first) for first, last in spans) <= SIZE


def test_a_file_read_twice_is_fetched_once(bucket: Bucket) -> None:
    """Closed and opened again, by several readers at a time."""
    data = content()
    (bucket.folder / "a").write_bytes(data)
    with open_binary(f"{bucket.url}/a") as first, open_binary(f"{bucket.url}/a", upto=SIZE) as second:
        assert first.read(BLOCK) == second.read(BLOCK)
        assert second.read() == data[BLOCK:]
    with open_binary(f"{bucket.url}/a") as again:
        assert hashlib.sha256(again.read()).digest() == hashlib.sha256(data).digest()
    assert bucket.faults.sent <= SIZE + 2000


def test_what_was_announced_bounds_what_is_fetched_ahead(bucket: Bucket) -> None:
    """Reading forwards to a place asks for nothing beyond the block that it is in."""
    (bucket.folder / "a").write_bytes(content())
    with open_binary(f"{bucket.url}/a", buffering=0, upto=7 * BLOCK) as file:
        while file.tell() < 7 * BLOCK:
            file.read(min(1000, 7 * BLOCK - file.tell()))
    assert bucket.faults.parts == [f"bytes=0-{BLOCK - 1}", f"bytes={BLOCK}-{7 * BLOCK - 1}"]


def test_small_objects_are_fetched_before_they_are_opened(bucket: Bucket) -> None:
    """Those that follow in order are under way, each once."""
    urls = []
    for number in range(40):
        (bucket.folder / f"{number:02d}").write_text(f"object {number}")
        urls.append(f"{bucket.url}/{number:02d}")
    for entry in objects_below(bucket.url):
        expect(f"{bucket.url}/{entry.name}", entry.state)
    in_order(urls)
    bucket.faults.asked.clear()
    with open_binary(urls[0]) as file:
        assert file.read() == b"object 0"
    for url in urls[1:]:
        with open_binary(url) as file:
            assert file.read() == f"object {int(url[-2:])}".encode()
    assert len(bucket.faults.parts) == len(urls)


@pytest.mark.parametrize("limit", ["most", "free"])
def test_a_full_disk_costs_requests_and_nothing_else(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """Beyond the limit of the spool, or where the disk has no room, bytes are in memory for a while."""
    data = content(200 * BLOCK + 7)
    (bucket.folder / "a").write_bytes(data)
    monkeypatch.setattr(spool, "_MOST_HELD", 64)
    if limit == "most":
        monkeypatch.setattr(spool, "MOST_KEPT", 10 * BLOCK)
    else:
        monkeypatch.setattr(spool, "LEFT_FREE", 1 << 60)
    for _ in range(2):
        with open_binary(f"{bucket.url}/a") as file:
            assert file.read(BLOCK // 2) + file.read() == data
            file.seek(3)
            assert file.read(1000) == data[3:1003]


def spools_below(folder: Path) -> list[Path]:
    """The files that this process has open there, with or without a name."""
    found = []
    for each in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the one that lists them
            found.append(each.readlink())
    return [path for path in found if path.is_relative_to(folder)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the open files of a process so")
def test_the_spool_has_no_name_and_goes(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing stands in its folder while it is used, and its room is given back."""
    here = tmp_path / "spool"
    here.mkdir()
    monkeypatch.setenv("COUNTERMARK_SPOOL", str(here))
    (bucket.folder / "a").write_bytes(content())
    with open_binary(f"{bucket.url}/a") as file:
        file.read()
        assert list(here.iterdir()) == []
        assert spools_below(here)
    keep_only()
    assert not spools_below(here)


def test_objects_and_prefixes_are_told_apart(bucket: Bucket) -> None:
    """A bucket and a prefix are folders, an object is a file."""
    (bucket.folder / "below").mkdir()
    (bucket.folder / "below" / "a").write_bytes(b"12345")
    assert is_folder(bucket.url)
    assert is_folder(f"{bucket.url}/below")
    assert not is_folder(f"{bucket.url}/below/a")
    assert is_file(f"{bucket.url}/below/a")
    assert not is_file(bucket.url)
    assert not is_file(f"{bucket.url}/none")
    assert size_of(f"{bucket.url}/below/a") == 5
    assert state_of(f"{bucket.url}/below/a") == expected_state(f"{bucket.url}/below/a")
    with pytest.raises(FileNotFoundError, match="there is no such object"):
        open_binary(f"{bucket.url}/none")


def test_paths_are_opened_as_ever(tmp_path: Path) -> None:
    """What is on this machine needs no library and no server."""
    (tmp_path / "a").write_bytes(b"12345")
    with open_binary(tmp_path / "a") as file:
        assert isinstance(file, io.BufferedReader)
        assert file.read() == b"12345"
    assert (size_of(tmp_path / "a"), is_file(tmp_path / "a"), is_folder(tmp_path)) == (5, True, True)
    program = "import sys, countermark.storage.reading; print([m for m in sys.modules if m in sys.argv])"
    names = ["fsspec", "aiohttp", "s3fs", "botocore", "pyarrow"]
    said = subprocess.run([sys.executable, "-c", program, *names], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize("said", ["soon", "0", "-3", "nan", "1e9"])
def test_patience_is_a_number_of_seconds(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anything else is told at once."""
    monkeypatch.setenv(PATIENCE, said)
    with pytest.raises(InputError, match="give a number of seconds above 0"):
        patience()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a spool has a name for a moment")
def test_kill_9_leaves_no_spool(bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed while it reads leaves nothing behind."""
    here = tmp_path / "spool"
    here.mkdir()
    monkeypatch.setenv("COUNTERMARK_SPOOL", str(here))
    (bucket.folder / "a").write_bytes(content())
    program = (
        "import os, signal; from countermark.storage.reading import open_binary\n"
        f"file = open_binary('{bucket.url}/a'); file.read(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == -signal.SIGKILL
    assert list(here.iterdir()) == []


def test_a_forked_process_connects_for_itself(bucket: Bucket) -> None:
    """It shares neither connections nor the spool with its parent, and reads the same."""
    data = content()
    (bucket.folder / "a").write_bytes(data)
    with open_binary(f"{bucket.url}/a") as file:
        assert file.read(100) == data[:100]
        program = (
            "import os, sys; from countermark.storage.reading import open_binary\n"
            f"url = '{bucket.url}/a'; first = open_binary(url); first.read(100); pid = os.fork()\n"
            "if pid == 0: os._exit(0 if open_binary(url).read() else 1)\n"
            "assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0; sys.stdout.buffer.write(first.read())"
        )
        read = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert read == data[100:]


def test_threads_share_an_object(bucket: Bucket) -> None:
    """Each sees its own place in it."""
    data = content()
    (bucket.folder / "a").write_bytes(data)

    def part(begin: int) -> bytes:
        with open_binary(f"{bucket.url}/a") as file:
            file.seek(begin)
            return file.read(9 * BLOCK)

    with ThreadPoolExecutor(6) as pool:
        begins = [at * 5 * BLOCK + 17 for at in range(8)]
        assert list(pool.map(part, begins)) == [data[at : at + 9 * BLOCK] for at in begins]


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    forget_connections()
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(MissingExtraError, match=r"extra storage \(s3fs is not installed\): pip install"):
        open_binary("s3://bucket/a")
    with pytest.raises(InputError, match="no storage is known for ftp://"):
        open_binary("ftp://host/a")


def test_what_was_fetched_ahead_for_nothing_is_not_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who jumps about in a large object leaves a request behind at each jump: they go to the spool by and by."""

    async def zeros(_url: str, begin: int, end: int, _state: ObjectState) -> bytes:
        return bytes(end - begin)

    monkeypatch.setattr("countermark.storage.held.fetch", zeros)
    held = Held("s3://bucket/large", ObjectState(1 << 30, "v"))
    for jump in range(100):
        begin = jump * 4 * BLOCK
        assert held.read(begin, begin + 10, begin + 2 * BLOCK) == bytes(10)
    assert len(held._under_way) < 50
    assert held.read(BLOCK, BLOCK + 10, 0) == bytes(10)
    held.close()
