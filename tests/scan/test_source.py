"""Digests of what a shard is read from: anyone can compute them again with common tools."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from countermark.corpus.base import Shard
from countermark.corpus.folder import list_folder
from countermark.corpus.listing import list_shards
from countermark.errors import CorpusError
from countermark.scan.source import digest_source, require_unchanged, source_state

if TYPE_CHECKING:
    from pathlib import Path


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("begin", "end", "last"), [(0, -1, 3000), (0, 10, 10), (10, 2999, 2999), (10, -1, 3000)]
)
def test_byte_ranges(tmp_path: Path, begin: int, end: int, last: int) -> None:
    """A part is hashed from its first byte to its last, a whole file whole."""
    data = bytes(range(250)) * 12
    (tmp_path / "a.txt").write_bytes(data)
    source = digest_source(Shard("a.txt", str(tmp_path / "a.txt"), "text", 3000, begin, end))
    assert (source.sha256, source.begin, source.end) == (sha256(data[begin:last]), begin, last)


def test_parts_of_a_file_cover_every_byte(tmp_path: Path) -> None:
    """The parts that listing makes of one file lie end to end."""
    data = "".join(f'{{"text": "line {number}"}}\n' for number in range(300)).encode()
    (tmp_path / "a.jsonl").write_bytes(data)
    shards = [
        shard for shard in list_shards([tmp_path / "a.jsonl"], part_bytes=700) if isinstance(shard, Shard)
    ]
    sources = [digest_source(shard) for shard in shards]
    assert len(sources) > 3
    assert [sources[0].begin, sources[-1].end] == [0, len(data)]
    assert [source.end for source in sources[:-1]] == [source.begin for source in sources[1:]]
    assert [source.sha256 for source in sources] == [sha256(data[s.begin : s.end]) for s in sources]


def test_row_groups_are_found_in_the_file(tmp_path: Path) -> None:
    """Parts of a Parquet file are hashed from their first page to their last, and do not overlap."""
    path = tmp_path / "a.parquet"
    table = pa.table({"id": range(1000), "text": [f"text of row {number}" for number in range(1000)]})
    pq.write_table(table, path, row_group_size=300)
    data = path.read_bytes()
    shards = [Shard("a", str(path), "parquet", 1, begin, begin + 1) for begin in range(4)]
    sources = [digest_source(shard) for shard in shards]
    assert all(source.sha256 == sha256(data[source.begin : source.end]) for source in sources)
    assert all(one.end <= other.begin for one, other in pairwise(sources))
    both = digest_source(replace(shards[1], end=3))
    assert (both.begin, both.end) == (sources[1].begin, sources[2].end)
    assert digest_source(replace(shards[0], end=-1)).sha256 == sha256(data)


def test_documents_of_a_folder(tmp_path: Path) -> None:
    """A shard of many documents is hashed as the lines of `sha256sum`; other formats are left to their shards."""
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "b.jsonl").write_text('{"text": "two"}\n')
    (tmp_path / "c.txt").write_text("three")
    list_folder.cache_clear()
    shard = next(
        shard for shard in list_shards([tmp_path]) if isinstance(shard, Shard) and shard.format == "documents"
    )
    lines = f"{sha256(b'one')}  a.txt\n{sha256(b'three')}  c.txt\n"
    source = digest_source(shard)
    assert (source.sha256, source.unit) == (sha256(lines.encode()), "files")


def test_vanished_document_does_not_hide_the_others(tmp_path: Path) -> None:
    """A document that cannot be opened has a line without digest; the reader counts it with its reason."""
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "b.txt").write_text("two")
    list_folder.cache_clear()
    shard = next(shard for shard in list_shards([tmp_path]) if isinstance(shard, Shard))
    (tmp_path / "b.txt").unlink()
    lines = f"{sha256(b'one')}  a.txt\n{'-' * 64}  b.txt\n"
    assert digest_source(shard).sha256 == sha256(lines.encode())


def test_change_meanwhile_is_told(tmp_path: Path) -> None:
    """A file that grew while it was read is an error, not a receipt of something else."""
    path = tmp_path / "a.txt"
    path.write_text("one")
    shard = Shard("a.txt", str(path), "text", 3)
    before = source_state(shard)
    require_unchanged(shard, before)
    path.write_text("one and more")
    with pytest.raises(CorpusError, match=r"a\.txt: changed while it was read"):
        require_unchanged(shard, before)


def test_damaged_footer_is_told(tmp_path: Path) -> None:
    """A part of a Parquet file whose footer is gone is an error with the shard's name."""
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + bytes(100))
    with pytest.raises(CorpusError, match="a#0-1: the Parquet footer cannot be read"):
        digest_source(Shard("a#0-1", str(tmp_path / "a.parquet"), "parquet", 1, 0, 1))
