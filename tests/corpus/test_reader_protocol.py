"""What every reader promises, proved on every reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from corpus.corpus_samples import listed, read, texts, write_all_formats
from countermark.corpus.listing import reader_for
from countermark.errors import CorpusError

FORMATS = [
    "a.jsonl", "b.jsonl.gz", "c.jsonl.zst", "d.csv", "e.csv.gz", "f.warc", "g.wet.gz", "h.wet.zst", "i.tar", "j.tar.gz",
    "k.zip", "l.parquet", "m", "n.arrow", "o.feather",
]  # fmt: skip
CUT = {"a.jsonl", "d.csv", "f.warc", "g.wet.gz", "l.parquet", "m", "n.arrow", "o.feather"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same records in every format."""
    return write_all_formats(tmp_path_factory.mktemp("corpus"))


@pytest.mark.parametrize("name", FORMATS)
def test_every_text_is_read_once_and_in_order(files: dict[str, Path], name: str) -> None:
    """Each reader hands over the texts that were written, and refuses nothing."""
    shards, refused = listed(files[name])
    rows, more = read(shards)
    assert [row.text for row in rows] == texts()
    assert refused == more == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("part_bytes", [1, 700, 3000])
def test_parts_hold_the_same_records_as_the_whole(files: dict[str, Path], name: str, part_bytes: int) -> None:
    """Records, rows, ids, addresses and dates do not depend on how a file is cut."""
    shards, _ = listed(files[name], part_bytes=part_bytes)
    assert (len(shards) > 1) == (name in CUT)
    assert read(shards) == read(listed(files[name])[0])
    assert len({shard.name for shard in shards}) == len(shards)


@pytest.mark.parametrize("name", FORMATS)
def test_rows_are_unique_and_rise(files: dict[str, Path], name: str) -> None:
    """A row says where in the file its record stands."""
    rows = [row.row for row in read(listed(files[name])[0])[0]]
    assert rows == sorted(set(rows))
    assert rows[0] >= 0


@pytest.mark.parametrize("name", FORMATS)
def test_batches_have_the_promised_types(files: dict[str, Path], name: str) -> None:
    """Arrays are of one length and of the types in the contract; the progress adds up to no more than the file."""
    shards, _ = listed(files[name])
    for shard in shards:
        read_so_far = 0
        for batch in reader_for(shard.format).batches(shard):
            assert batch.text.type == pa.large_string()
            columns = (batch.record_id, batch.record_url, batch.record_date)
            assert {column.type for column in columns} == {pa.string()}
            assert {len(batch.text), len(batch.char_start), *map(len, columns)} == {len(batch)}
            assert batch.row.dtype == batch.char_start.dtype == np.int64
            read_so_far += batch.bytes_read
        assert 0 < read_so_far <= shard.size


@pytest.mark.parametrize("name", FORMATS)
def test_reading_twice_gives_the_same(files: dict[str, Path], name: str) -> None:
    """Nothing depends on the run."""
    shards, _ = listed(files[name])
    assert read(shards) == read(shards)


@pytest.mark.parametrize(
    "kind", ["documents", "text", "jsonl", "parquet", "arrow", "mds-text", "delimited", "warc", "tar", "zip"]
)
def test_a_missing_file_is_one_clear_error(tmp_path: Path, files: dict[str, Path], kind: str) -> None:
    """A shard whose file is gone raises CorpusError with its name."""
    shard = listed(files["a.jsonl"])[0][0]
    gone = type(shard)("gone.x", str(tmp_path / "gone.x"), kind, 10)
    with pytest.raises(CorpusError, match=r"gone\.x"):
        list(reader_for(kind).batches(gone))


def test_an_unknown_format_is_refused() -> None:
    """The message lists the formats that there are."""
    with pytest.raises(CorpusError, match="jsonl"):
        reader_for("sqlite")
