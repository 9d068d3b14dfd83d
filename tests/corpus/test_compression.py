"""Opening files by their content; cuts, damage and bombs."""

from __future__ import annotations

import bz2
import gzip
import lzma
import pickle
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

import countermark.corpus.compression as compression_module
from countermark.corpus.compression import DecompressedStream, StreamError, open_stream

DATA = random.Random(7).randbytes(600_000) + b"text " * 10_000
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.compress,
}


def read_all(path: Path, size: int = 70_000) -> tuple[bytes, str]:
    """Return what a stream gives, and the reason for which it stopped."""
    found = b""
    with open_stream(path) as stream:
        try:
            while data := stream.read(size):
                found += data
        except StreamError as error:
            return found, error.reason
    return found, ""


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("size", [1 << 10, 5 << 20])
def test_members_and_frames_follow_each_other(tmp_path: Path, kind: str, size: int) -> None:
    """Files are often put together of several; the name says nothing."""
    path = tmp_path / "misnamed.txt"
    path.write_bytes(PACK[kind](DATA[:300_000]) + PACK[kind](DATA[300_000:]))
    assert read_all(path, size) == (DATA, "")


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("cut", [1, 50, 100_000])
def test_a_truncated_stream_gives_what_stands_before(tmp_path: Path, kind: str, cut: int) -> None:
    """Then it says that it was truncated."""
    path = tmp_path / "a"
    path.write_bytes(PACK[kind](DATA)[:-cut])
    found, reason = read_all(path)
    assert DATA.startswith(found)
    assert reason == "truncated"


@pytest.mark.parametrize("kind", PACK)
def test_a_damaged_stream_says_so(tmp_path: Path, kind: str) -> None:
    """Neither silence nor a traceback."""
    packed = bytearray(PACK[kind](DATA[-50_000:]))
    packed[len(packed) // 2 : len(packed) // 2 + 8] = b"\xff" * 8
    path = tmp_path / "a"
    path.write_bytes(packed)
    assert read_all(path)[1] in {"corrupt", "truncated"}


def test_padding_is_allowed_and_rubbish_told(tmp_path: Path) -> None:
    """Tape archives pad with zero bytes."""
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"text") + b"\0" * 1000)
    assert read_all(path) == (b"text", "")
    path.write_bytes(gzip.compress(b"text") + b"rubbish")
    assert read_all(path) == (b"text", "corrupt")


@pytest.mark.parametrize("kind", PACK)
def test_a_bomb_is_stopped(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long before it has unfolded."""
    monkeypatch.setattr(compression_module, "BOMB_FLOOR", 1 << 20)
    path = tmp_path / "a"
    path.write_bytes(PACK[kind](b"\0" * (24 << 20)))
    found, reason = read_all(path, 1 << 16)
    assert reason == "bomb"
    assert len(found) < 16 << 20


def test_reading_everything_at_once(tmp_path: Path) -> None:
    """A negative size reads to the end, as for any file."""
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(DATA))
    with DecompressedStream(path, "gz") as stream:
        assert stream.read() == DATA
        assert stream.consumed == path.stat().st_size


def test_the_error_crosses_processes() -> None:
    """Reason and message arrive."""
    error = pickle.loads(pickle.dumps(StreamError("bomb", "too much")))  # noqa: S301 (made right here)
    assert (error.reason, str(error)) == ("bomb", "too much")
