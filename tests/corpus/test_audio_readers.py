"""What every reader of recordings promises, proved on every reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import countermark.corpus.carried.gathering as gathering_module
from corpus.audio_samples import (
    audio_batches,
    bytes_of,
    heard_in,
    list_recordings,
    read_recordings,
    recordings,
    write_audio_formats,
)
from countermark.corpus.listing import reader_for
from countermark.errors import CorpusError
from countermark.media import Medium

FORMATS = [
    "a.tar", "b.tar.gz", "c.zip", "d.warc", "e.warc.gz", "f.jsonl", "g.jsonl.gz", "h.parquet", "i.parquet", "k",
]  # fmt: skip
CUT = {"d.warc", "e.warc.gz", "f.jsonl", "h.parquet", "i.parquet", "k"}
STREAMED = {"a.tar", "k"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same recordings in every format."""
    return write_audio_formats(tmp_path_factory.mktemp("recordings"))


@pytest.mark.parametrize("name", FORMATS)
def test_every_recording_is_read_once_and_in_order(files: dict[str, Path], name: str) -> None:
    """Each reader hands over the bytes that were written, and refuses nothing."""
    heard, refused = read_recordings(files[name])
    assert [one.data for one in heard] == recordings()
    assert refused == []


@pytest.mark.parametrize("name", FORMATS)
def test_ranges_give_exactly_the_bytes_and_nothing_is_held(files: dict[str, Path], name: str) -> None:
    """Files, and members of a tar that is not compressed, stay where they are; all others are bytes in memory."""
    sources = [source for batch in audio_batches(list_recordings(files[name])[0]) for source in batch.sources]
    for source, data in zip(sources, recordings(), strict=True):
        assert (source.path != "") == (name in STREAMED)
        assert (source.data == b"") == (name in STREAMED)
        assert (len(source), bytes_of(source)) == (len(data), data)
        with source.open() as stream:
            stream.seek(-4, 2)
            assert (stream.read(), stream.read()) == (data[-4:], b"")
            stream.seek(2)
            assert stream.read(5) == data[2:7]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("part_bytes", [1, 700, 3000])
def test_parts_hold_the_same_recordings_as_the_whole(
    files: dict[str, Path], name: str, part_bytes: int
) -> None:
    """Recordings, rows and what is told of them do not depend on how a file is cut."""
    shards, _ = list_recordings(files[name], part_bytes=part_bytes)
    assert (len(shards) > 1) == (name in CUT)
    assert read_recordings(files[name], part_bytes=part_bytes) == read_recordings(files[name])
    assert len({shard.name for shard in shards}) == len(shards)


@pytest.mark.parametrize("name", FORMATS)
def test_batches_are_bounded_and_of_one_length(
    files: dict[str, Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By recordings and by bytes, those of ranges too; the progress adds up to no more than the file."""
    monkeypatch.setattr(gathering_module, "BATCH_BYTES", 3000)
    monkeypatch.setattr(gathering_module, "BATCH_RECORDS", 6)
    for shard in list_recordings(files[name])[0]:
        batches = audio_batches([shard])
        assert len(batches) >= len(recordings()) // 6
        for batch in batches:
            assert batch.row.dtype == np.int64
            columns = (batch.names, batch.row, batch.record_id, batch.record_url, batch.captions)
            assert {len(column) for column in columns} == {len(batch)}
            assert sum(map(len, batch.sources)) <= 3000
            assert len(batch) <= 6
        assert 0 < sum(batch.bytes_read for batch in batches) <= shard.size
        assert [one.data for one in heard_in(batches)] == recordings()
        rows = [one.row for one in heard_in(batches)]
        assert rows == sorted(set(rows))
        assert rows[0] >= 0


@pytest.mark.parametrize("kind", ["recordings", "jsonl", "parquet", "warc", "tar", "zip"])
def test_a_missing_file_is_one_clear_error(tmp_path: Path, files: dict[str, Path], kind: str) -> None:
    """A shard whose file is gone raises CorpusError with its name."""
    shard = list_recordings(files["a.tar"])[0][0]
    gone = type(shard)("gone.x", str(tmp_path / "gone.x"), kind, 10)
    with pytest.raises(CorpusError, match=r"gone\.x"):
        list(reader_for(kind, Medium.AUDIO).batches(gone))


@pytest.mark.parametrize("kind", ["sqlite", "delimited", "pictures"])
def test_a_format_without_recordings_has_no_reader(kind: str) -> None:
    """The message lists the formats that there are."""
    with pytest.raises(CorpusError, match=r"no reader of recordings .* recordings, jsonl, parquet"):
        reader_for(kind, Medium.AUDIO)
