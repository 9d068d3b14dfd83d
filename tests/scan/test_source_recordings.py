"""The digest of a folder of recordings covers exactly the recordings and what speaks of each."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from corpus.audio_samples import list_recordings, recording
from countermark.corpus.folder import list_folder
from countermark.errors import CorpusError
from countermark.scan.source import digest_source, require_unchanged, source_state

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.corpus.base import Shard

READ = {
    "a.mp3": recording(1, "mp3"),
    "a.json": b'{"title": "One"}',
    "b.wav": recording(2),
    "b.txt": b"Words of the second.",
    "deep/c.flac": recording(3, "flac"),
    "named.mp3": b"no recording, but named as one",
}
NOT_READ = {
    "notes.txt": b"It speaks of no recording.",
    "deep/picture.png": b"\x89PNG\r\n\x1a\n" + bytes(80),
    "z.json": b'{"title": "Nobody"}',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of recordings, and of files that are none."""
    for name, data in (READ | NOT_READ).items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return tmp_path


def shard_of(folder: Path) -> Shard:
    """The shard of the recordings among a folder's files."""
    list_folder.cache_clear()
    (shard,) = (found for found in list_recordings(folder)[0] if found.format == "recordings")
    return shard


def test_recordings_and_their_side_files(folder: Path) -> None:
    """Each recording is followed by what speaks of it, whatever else stands in the folder."""
    order = ["a.mp3", "a.json", "b.wav", "b.txt", "deep/c.flac", "named.mp3"]
    said = "".join(f"{hashlib.sha256(READ[name]).hexdigest()}  {name}\n" for name in order)
    source = digest_source(shard_of(folder))
    assert (source.sha256, source.unit) == (hashlib.sha256(said.encode()).hexdigest(), "files")
    assert len(source_state(shard_of(folder))) == len(READ)


@pytest.mark.parametrize("name", sorted(READ))
def test_every_file_that_is_read_counts(folder: Path, name: str) -> None:
    """A byte of a recording or of a side file changes the digest, and is noticed while it is read."""
    shard = shard_of(folder)
    before, state = digest_source(shard).sha256, source_state(shard)
    (folder / name).write_bytes(READ[name] + b"?")
    assert digest_source(shard).sha256 != before
    with pytest.raises(CorpusError, match="changed while it was read"):
        require_unchanged(shard, state)


@pytest.mark.parametrize("name", sorted(NOT_READ))
def test_no_other_file_counts(folder: Path, name: str) -> None:
    """What the scan does not read is not in the digest."""
    shard = shard_of(folder)
    before, state = digest_source(shard).sha256, source_state(shard)
    (folder / name).write_bytes(NOT_READ[name] + b"?")
    assert digest_source(shard).sha256 == before
    require_unchanged(shard, state)


def test_a_recording_that_vanished_has_a_line_without_digest(folder: Path) -> None:
    """So the others are still covered."""
    shard = shard_of(folder)
    (folder / "named.mp3").unlink()
    whole = digest_source(shard)
    (folder / "b.wav").write_bytes(b"RIFF" + bytes(40))
    assert digest_source(shard).sha256 != whole.sha256


def test_a_single_recording_is_hashed_whole(folder: Path) -> None:
    """A file that is given by itself has the digest of its bytes."""
    list_folder.cache_clear()
    (shard,) = list_recordings(folder / "b.wav")[0]
    source = digest_source(shard)
    assert (source.sha256, source.begin, source.end) == (
        hashlib.sha256(READ["b.wav"]).hexdigest(),
        0,
        len(READ["b.wav"]),
    )
