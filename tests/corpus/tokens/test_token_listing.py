"""Files of token ids in a corpus: which are shards, which belong to others, and which bytes a part is made of."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.tokens.token_columns_samples import write_mds, written_array
from corpus.tokens.token_samples import write_megatron, write_pbin, write_stream
from countermark.corpus.base import Shard
from countermark.corpus.listing import list_shards
from countermark.corpus.tokens.block import BLOCK_TOKENS
from countermark.corpus.tokens.byte_ranges import byte_range
from countermark.corpus.tokens.choice import Tokenizers
from countermark.corpus.tokens.formats import format_named
from countermark.errors import CorpusError
from countermark.media import Medium, Refusal
from countermark.scan.source import digest_source, sides_of
from token_corpora import as_megatron, as_parquet, as_stream, encoded, texts, tokenizer

if TYPE_CHECKING:
    from pathlib import Path


def listed(folder: Path, *, tried: bool = True, **options: Any) -> tuple[list[Shard], list[Refusal]]:
    """The shards and the refusals of a folder; without `tried` nobody can tell tokenisers."""
    tokenizers = (lambda: Tokenizers([tokenizer(0), tokenizer(1)])) if tried else None
    found = list(list_shards([folder], tokenizers=tokenizers, **options))
    shards = [one for one in found if isinstance(one, Shard)]
    return shards, [one for one in found if isinstance(one, Refusal)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of ids of two kinds, with an index and a side-car, between documents."""
    folder = tmp_path_factory.mktemp("listing")
    as_megatron(folder, texts(), tokenizer(), "b.bin")
    pq.write_table(pa.table({"a": [1]}), folder / "b.meta.parquet")
    as_parquet(folder, texts(), tokenizer(), "c.parquet")
    (folder / "a.txt").write_text("a letter")
    (folder / "d.txt").write_text("a letter")
    return folder


def test_files_of_ids_are_shards_and_what_belongs_to_them_is_none(folder: Path) -> None:
    """The options say how ids are read; nothing is refused."""
    shards, refused = listed(folder)
    assert not refused
    assert [(one.name, one.format) for one in shards] == [
        ("b.bin", "megatron"),
        ("c.parquet", "token-parquet"),
        ("./#0-6", "documents"),
    ]
    assert dict(shards[0].options) == {"ids": "<u2", "table": tokenizer().digest, "tokenizer": "small-0"}
    assert dict(shards[1].options)["ids"] == "<i4"
    assert [path.rpartition("/")[2] for path in sides_of(shards[0])] == ["b.idx", "b.meta.parquet"]


def test_the_digest_of_a_folder_leaves_them_out(folder: Path) -> None:
    """What is a shard of its own, or belongs to one, is no document of the shard of documents."""
    documents = listed(folder)[0][-1]
    before = digest_source(documents)
    content = (folder / "b.idx").read_bytes()
    try:
        (folder / "b.idx").write_bytes(content + b" ")
        assert digest_source(documents) == before
        (folder / "d.txt").write_text("another")
        assert digest_source(documents) != before
    finally:
        (folder / "b.idx").write_bytes(content)
        (folder / "d.txt").write_text("a letter")


def test_who_does_not_ask_for_ids_gets_tables_as_tables(folder: Path) -> None:
    """A search for addresses reads the columns of Parquet; files of nothing but ids are refused by name."""
    shards, refused = listed(folder, tried=False)
    assert [one.format for one in shards] == ["parquet", "documents"]
    assert [(one.where, one.reason) for one in refused] == [("b.bin", "no-tokenizer")]


def test_among_pictures_they_are_foreign(folder: Path) -> None:
    """As any other file that holds none."""
    shards, refused = listed(folder, medium=Medium.IMAGE)
    assert [one.name for one in shards] == ["b.meta.parquet", "c.parquet"]
    assert {"b.bin", "b.idx"} <= {one.where for one in refused}


def test_text_is_read_before_ids(tmp_path: Path) -> None:
    """A table with both is read as text; the other column is taken where it is named."""
    ids = [encoded(tokenizer(), text) for text in texts()]
    pq.write_table(pa.table({"text": texts(), "mine": ids}), tmp_path / "both.parquet")
    assert listed(tmp_path)[0][0].format == "parquet"
    (shard,), _ = listed(tmp_path, text_column="mine")
    assert shard.format == "token-parquet"
    assert dict(shard.options)["text_column"] == "mine"


def test_arrow_is_read_as_text(tmp_path: Path) -> None:
    """Files and streams, told by their first bytes or their name."""
    table = pa.table({"text": ["a", "b"]})
    with (
        pa.OSFile(str(tmp_path / "stream.arrow"), "wb") as sink,
        pa.ipc.new_stream(sink, table.schema) as writer,
    ):
        writer.write_table(table)
    with pa.OSFile(str(tmp_path / "file"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    assert [(one.name, one.format) for one in listed(tmp_path)[0]] == [
        ("file", "arrow"),
        ("stream.arrow", "arrow"),
    ]


def test_a_damaged_file_of_ids_is_refused(tmp_path: Path) -> None:
    """With the place, and the others are read."""
    as_megatron(tmp_path, texts(), tokenizer(), "a.bin")
    as_megatron(tmp_path, texts(), tokenizer(), "b.bin")
    (tmp_path / "a.idx").write_bytes((tmp_path / "a.idx").read_bytes()[:50])
    shards, (refused,) = listed(tmp_path)
    assert [one.name for one in shards] == ["b.bin"]
    assert (refused.where, refused.reason) == ("a.bin", "corrupt")
    assert "sequences" in refused.detail


def test_a_folder_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number of its files."""
    from countermark.corpus.tokens import choice, trial

    tried = Mock(wraps=trial.try_tables)
    monkeypatch.setattr(choice, "try_tables", tried)
    for number in range(4):
        as_stream(tmp_path, texts(seed=number), tokenizer(), f"{number}.bin")
    one = Tokenizers([tokenizer(0), tokenizer(1)])
    assert (
        len([shard for shard in list_shards([tmp_path], tokenizers=lambda: one) if isinstance(shard, Shard)])
        == 4
    )
    assert tried.call_count == len(one.chosen()) == 1


@pytest.mark.parametrize("form", ["megatron", "token-stream", "pbin", "pbin-without"])
def test_the_parts_of_a_file_are_its_bytes(tmp_path: Path, form: str) -> None:
    """Put together they are all ids once, and the digest of each is that of its bytes."""
    path = tmp_path / "a.bin"
    documents = [[1 + (number * 7 + at) % 5000 for at in range(number % 30 + 1)] for number in range(400)]
    if form == "megatron":
        write_megatron(path, [[one] for one in documents])
    elif form == "token-stream":
        write_stream(path, [one for text in documents for one in text], magic=20240520)
    else:
        path = tmp_path / "a.pbin"
        write_pbin(path, documents, index=None if form == "pbin" else b"no pickle")
    kind, options = form.removesuffix("-without"), (("ids", "<u2"), ("table", tokenizer().digest))
    found = format_named(kind).shards(str(path), path.name, path.stat().st_size, 1000, options)
    shards = [one for one in found if isinstance(one, Shard)]
    assert len(shards) > 5
    content = path.read_bytes()
    ranges = [byte_range(shard) for shard in shards]
    assert all(before[1] == after[0] for before, after in pairwise(ranges))
    whole = content[ranges[0][0] : ranges[-1][1]]
    assert np.frombuffer(whole, "<u2").tolist() == [one for text in documents for one in text]
    for shard, (begin, end) in zip(shards, ranges, strict=True):
        source = digest_source(shard)
        assert (source.begin, source.end) == (begin, end)
    assert len({digest_source(shard).sha256 for shard in shards}) == len(shards)


def test_a_part_of_an_index_that_changed_is_told(tmp_path: Path) -> None:
    """Its documents are not where they were."""
    path = write_megatron(tmp_path / "a.bin", [[[1, 2, 3]] for _ in range(BLOCK_TOKENS // (1 << 12))])
    options = (("ids", "<u2"), ("table", tokenizer().digest))
    found = list(format_named("megatron").shards(str(path), path.name, path.stat().st_size, 600, options))
    index = bytearray((tmp_path / "a.idx").read_bytes())
    index[-16:-8] = (1 << 40).to_bytes(8, "little")
    (tmp_path / "a.idx").write_bytes(index)
    last = found[-1]
    assert isinstance(last, Shard)
    with pytest.raises(CorpusError, match="document index"):
        digest_source(last)


def test_shards_that_an_index_names_and_that_are_not_there_are_told(tmp_path: Path) -> None:
    """Half a data set is no data set; a shard may lie there compressed. Names lead nowhere."""
    table = tokenizer()
    ids = [np.array([*encoded(table, text), *table.ends], np.int32) for text in texts()]
    samples = [{"tokens": written_array(one, "ndarray:int32")} for one in ids]
    path = write_mds(tmp_path / "deep" / "train", {"tokens": ("ndarray:int32", None)}, samples, packed="zstd")
    index = path.parent / "index.json"
    said = json.loads(index.read_text())
    shards, refused = listed(tmp_path)
    assert [one.name for one in shards] == ["deep/train/shard.00000.mds.zstd"]
    assert not refused
    for name in ("../../secret", "shard.00002.mds"):
        said["shards"].append(said["shards"][0] | {"raw_data": {"basename": name}, "zip_data": None})
    index.write_text(json.dumps(said))
    (tmp_path / "deep" / "train-shard.00002.mds").write_bytes(b"")
    (tmp_path / "secret").write_text("mine")
    shards, refused = listed(tmp_path)
    assert "deep/train/shard.00000.mds.zstd" in [one.name for one in shards]
    assert [(one.where, one.reason) for one in refused] == [("deep/train/index.json", "missing-shard")]
    assert refused[0].detail == (
        "2 of the 3 shards that it names are not there: ../../secret, shard.00002.mds"
    )
