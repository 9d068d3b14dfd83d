"""What every reader of pictures promises, proved on every reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import countermark.corpus.carried.gathering as gathering_module
from corpus.image_samples import batches_of, list_images, pictures, read_images, seen_in, write_image_formats
from countermark.corpus.listing import reader_for
from countermark.errors import CorpusError
from countermark.media import Medium

FORMATS = [
    "a.tar", "b.tar.gz", "c.zip", "d.warc", "e.warc.gz", "f.jsonl", "g.jsonl.gz", "h.parquet", "i.parquet", "j.parquet",
    "k",
]  # fmt: skip
CUT = {"d.warc", "e.warc.gz", "f.jsonl", "h.parquet", "i.parquet", "j.parquet", "k"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same pictures in every format."""
    return write_image_formats(tmp_path_factory.mktemp("pictures"))


@pytest.mark.parametrize("name", FORMATS)
def test_every_picture_is_read_once_and_in_order(files: dict[str, Path], name: str) -> None:
    """Each reader hands over the bytes that were written, and refuses nothing."""
    seen, refused = read_images(files[name])
    assert [one.data for one in seen] == pictures()
    assert refused == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("part_bytes", [1, 700, 3000])
def test_parts_hold_the_same_pictures_as_the_whole(
    files: dict[str, Path], name: str, part_bytes: int
) -> None:
    """Pictures, rows and what is told of them do not depend on how a file is cut."""
    shards, _ = list_images(files[name], part_bytes=part_bytes)
    assert (len(shards) > 1) == (name in CUT)
    assert read_images(files[name], part_bytes=part_bytes) == read_images(files[name])
    assert len({shard.name for shard in shards}) == len(shards)


@pytest.mark.parametrize("name", FORMATS)
def test_rows_rise(files: dict[str, Path], name: str) -> None:
    """A row says where in the file its record stands; only lists have several pictures in one."""
    rows = [one.row for one in read_images(files[name])[0]]
    assert rows == sorted(rows)
    assert rows[0] >= 0
    assert len(set(rows)) == len(rows) // (2 if name == "j.parquet" else 1)


@pytest.mark.parametrize("name", FORMATS)
def test_batches_are_bounded_and_of_one_length(
    files: dict[str, Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By pictures and by bytes; the progress adds up to no more than the file."""
    monkeypatch.setattr(gathering_module, "BATCH_BYTES", 3000)
    monkeypatch.setattr(gathering_module, "BATCH_RECORDS", 6)
    for shard in list_images(files[name])[0]:
        batches = batches_of([shard])
        assert len(batches) >= len(pictures()) // 6
        for batch in batches:
            assert batch.row.dtype == np.int64
            columns = (
                batch.names,
                batch.row,
                batch.record_id,
                batch.record_url,
                batch.record_date,
                batch.captions,
            )
            assert {len(column) for column in columns} == {len(batch)}
            assert sum(map(len, batch.data)) <= 3000
            assert len(batch) <= 6
        assert 0 < sum(batch.bytes_read for batch in batches) <= shard.size
        assert [one.data for one in seen_in(batches)] == pictures()


@pytest.mark.parametrize("kind", ["pictures", "jsonl", "parquet", "warc", "tar", "zip"])
def test_a_missing_file_is_one_clear_error(tmp_path: Path, files: dict[str, Path], kind: str) -> None:
    """A shard whose file is gone raises CorpusError with its name."""
    shard = list_images(files["a.tar"])[0][0]
    gone = type(shard)("gone.x", str(tmp_path / "gone.x"), kind, 10)
    with pytest.raises(CorpusError, match=r"gone\.x"):
        list(reader_for(kind, Medium.IMAGE).batches(gone))


@pytest.mark.parametrize("kind", ["sqlite", "delimited", "documents"])
def test_a_format_without_pictures_has_no_reader(kind: str) -> None:
    """The message lists the formats that there are."""
    with pytest.raises(CorpusError, match="pictures, jsonl, parquet"):
        reader_for(kind, Medium.IMAGE)
