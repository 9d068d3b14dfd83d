"""Arrow files and streams as texts: the folders of Hugging Face's data sets, and files whose headers lie."""

from __future__ import annotations

import json
import random
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from corpus.corpus_samples import listed, read, read_path, reasons, texts, write_arrow
from countermark.corpus import arrow
from countermark.corpus.arrow import arrow_parts, open_arrow
from countermark.corpus.arrow_messages import Message, is_arrow, walk
from countermark.corpus.base import Shard
from countermark.errors import CorpusError


def write(path: Path, table: pa.Table, each: int = 10, compression: Any = None) -> Path:
    """Write a table as a stream in record batches."""
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema, options=options) as out:
        out.write_table(table, max_chunksize=each)
    return path


def as_kind(strings: Any, kind: Any) -> Any:
    """A column of strings as another type of text."""
    return strings.dictionary_encode() if pa.types.is_dictionary(kind) else strings.cast(kind)


def test_a_folder_saved_to_disk_is_read_as_its_texts(tmp_path: Path) -> None:
    """What describes the data set is counted for what it is, and is no text."""
    write_arrow(tmp_path / "data-00000-of-00001.arrow", texts())
    (tmp_path / "dataset_info.json").write_text(json.dumps({"features": {}}, indent=2))
    (tmp_path / "state.json").write_text(json.dumps({"_data_files": []}, indent=2))
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train"]}')
    shards, refused = listed(tmp_path)
    assert [shard.format for shard in shards] == ["arrow"]
    assert [row.text for row in read(shards)[0]] == texts()
    assert {one.where: one.reason for one in refused} == dict.fromkeys(
        ("dataset_info.json", "dataset_dict.json", "state.json"), "description"
    )


def test_a_file_of_that_name_with_texts_is_read(tmp_path: Path) -> None:
    """The name alone decides nothing."""
    (tmp_path / "state.json").write_text('{"text": "a"}\n{"text": "b"}\n')
    assert [row.text for row in read_path(tmp_path)[0]] == ["a", "b"]


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.dictionary(pa.int32(), pa.string())],
    ids=str,
)
@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
def test_every_type_of_text_is_read(tmp_path: Path, kind: pa.DataType, compression: str | None) -> None:
    """Plain and compressed, with ids and dates beside; a null is refused."""
    values = ["é" * 40, None, "b", "é" * 40] * 10
    column = as_kind(pa.array(values, pa.string()), kind)
    table = pa.table({"text": column, "id": list(range(40)), "date": ["2024"] * 40})
    rows, refused = read_path(write(tmp_path / "a.arrow", table, 7, compression))
    assert [(row.row, row.text, row.record_id, row.date) for row in rows] == [
        (at, one, str(at), "2024") for at, one in enumerate(values) if one is not None
    ]
    assert reasons(refused) == ["no-text"] * 10


def test_bytes_that_are_no_utf8_are_replaced(tmp_path: Path) -> None:
    """Also where a column of strings holds them, which Arrow does not allow."""
    bad = pa.array([b"a\xffb", b"c"], pa.binary()).view(pa.string())
    struct_of = pa.StructArray.from_arrays([bad], ["text"])
    assert [row.text for row in read_path(write(tmp_path / "a.arrow", pa.table({"text": bad})))[0]] == [
        "a\ufffdb",
        "c",
    ]
    path = write(tmp_path / "b.arrow", pa.table({"meta": struct_of}))
    assert [row.text for row in read_path(path, text_column="meta.text")[0]] == ["a\ufffdb", "c"]


def test_a_stream_is_known_by_its_bytes(tmp_path: Path) -> None:
    """A file by its magic, a stream by its first message; nothing else."""
    write_arrow(tmp_path / "a.arrow", texts())
    write_arrow(tmp_path / "b.feather", texts())
    assert is_arrow((tmp_path / "a.arrow").read_bytes()[:64])
    assert is_arrow((tmp_path / "b.feather").read_bytes()[:64])
    for head in (b"", b"\xff" * 64, b"\xff\xff\xff\xff" + bytes(60), b"ARROW", b"PAR1" + bytes(60)):
        assert not is_arrow(head)


def test_large_record_batches_are_read_where_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same, without holding them; handed over in pieces."""
    table = pa.table({"text": ["x" * 1000 + str(at) for at in range(20_000)]})
    path = write(tmp_path / "a.arrow", table, 20_000)
    plain = read_path(path)
    monkeypatch.setattr(arrow, "_MAPPED", 1 << 20)
    assert read_path(path) == plain
    with open_arrow(path, "a") as opened:
        sizes = [
            rows.batch.num_rows for rows in opened.rows([("text",)], 0, -1, 1 << 20) if rows.batch is not None
        ]
    assert len(sizes) > 15
    assert max(sizes) < 1100


def test_a_dictionary_does_not_swell(tmp_path: Path) -> None:
    """A long text that is named a thousand times is handed over a few times at once."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 1000, pa.int32()), pa.array(["x" * (1 << 20)]))
    path = write(tmp_path / "a.arrow", pa.table({"text": column}), 1000)
    with open_arrow(path, "a") as opened:
        sizes = [
            rows.batch.num_rows for rows in opened.rows([("text",)], 0, -1, 4 << 20) if rows.batch is not None
        ]
    assert set(sizes) == {4}


def test_a_file_cut_short_gives_what_stands_before(tmp_path: Path) -> None:
    """The record batches that are whole, and one refusal with the place."""
    for name in ("a.arrow", "b.feather"):
        path = tmp_path / name
        write_arrow(path, texts())
        data = path.read_bytes()
        path.write_bytes(data[: len(data) * 2 // 3])
        for part_bytes in (1, 64 << 20):
            rows, refused = read_path(path, part_bytes=part_bytes)
            assert 20 <= len(rows) < 50
            assert [row.text for row in rows] == texts()[: len(rows)]
            assert [(one.row, one.reason) for one in refused] == [(len(rows), "truncated")]
            assert "at byte" in refused[0].detail


@pytest.mark.parametrize(
    "data", [b"ARROW1\0\0", b"ARROW1\0\0" + b"x" * 100, b"no arrow at all", b"\xff" * 500]
)
def test_a_file_that_is_no_arrow_is_one_clear_error(tmp_path: Path, data: bytes) -> None:
    """Never a traceback of Arrow's."""
    path = tmp_path / "a.arrow"
    path.write_bytes(data)
    with pytest.raises(CorpusError, match=r"a\.arrow: no readable Arrow file"):
        read_path(path)


def batches_of(path: Path) -> list[Message]:
    """The record batches of a file."""
    with path.open("rb") as file:
        return list(walk(file, path.stat().st_size, "a").batches)


def test_a_body_that_claims_more_than_there_is_ends_the_reading(tmp_path: Path) -> None:
    """2^60 bytes are not asked for."""
    path = tmp_path / "a.arrow"
    write_arrow(path, texts())
    third = batches_of(path)[2]
    data = bytearray(path.read_bytes())
    at = data.index(struct.pack("<q", third.body), third.at)
    data[at : at + 8] = struct.pack("<q", 1 << 60)
    path.write_bytes(data)
    rows, refused = read_path(path)
    assert len(rows) == 20
    assert "claims 1,152,921,504,606,846,976 bytes" in refused[0].detail


@pytest.mark.parametrize("claimed", [1 << 50, 3 << 29, -5])
def test_a_buffer_that_unpacks_to_more_than_can_be_held_is_refused(tmp_path: Path, claimed: int) -> None:
    """Its record batch is counted, and the next one is read."""
    table = pa.table({"text": [f"text {at} " * 50 for at in range(30)]})
    path = write(tmp_path / "a.arrow", table, 10, "zstd")
    data = bytearray(path.read_bytes())
    second = batches_of(path)[1]
    place = data.index(struct.pack("<q", 44), second.at + second.header)  # the offsets of ten texts, unpacked
    data[place : place + 8] = struct.pack("<q", claimed)
    path.write_bytes(data)
    rows, refused = read_path(path)
    assert [row.row for row in rows] == [*range(10), *range(20, 30)]
    assert [(one.row, one.reason) for one in refused] == [(10, "corrupt" if claimed < 0 else "too-large")]


def test_offsets_that_lead_elsewhere_are_refused(tmp_path: Path) -> None:
    """A record batch is looked through before its texts are; the next one is read."""
    path = tmp_path / "a.arrow"
    write_arrow(path, texts(30))
    data = bytearray(path.read_bytes())
    second = batches_of(path)[1]
    place = data.index(struct.pack("<3i", 0, 6, 12), second.at + second.header)  # of the ids
    data[place + 4 : place + 8] = struct.pack("<i", 1 << 30)
    path.write_bytes(data)
    rows, refused = read_path(path)
    assert [row.row for row in rows] == [*range(10), *range(20, 30)]
    assert [(one.row, one.reason) for one in refused] == [(10, "corrupt")]


def test_parts_are_ranges_of_record_batches(tmp_path: Path) -> None:
    """With dictionaries a file is not cut."""
    path = tmp_path / "a.arrow"
    write_arrow(path, texts())
    parts = arrow_parts(path, "a", 2000)
    assert [begin for begin, _, _ in parts] == [0, *[end for _, end, _ in parts[:-1]]]
    assert parts[-1][1] == 6
    column = pa.array(texts()).dictionary_encode()
    assert arrow_parts(write(path, pa.table({"text": column})), "a", 2000) == []


def test_two_columns_of_one_name_are_an_error(tmp_path: Path) -> None:
    """Which of them is meant cannot be told."""
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    with pytest.raises(CorpusError, match="two columns"):
        read_path(write(tmp_path / "a.arrow", table))


def test_no_change_of_bytes_breaks_out(tmp_path: Path) -> None:
    """Changed and cut files of every make: texts, refusals or CorpusError; never an end of the process."""
    rng = random.Random(5)
    failed = 0
    for compression, dictionary in ((None, False), ("zstd", False), (None, True)):
        column: Any = pa.array(texts(30))
        table = pa.table({"text": column.dictionary_encode() if dictionary else column, "n": np.arange(30)})
        path = write(tmp_path / "a.arrow", table, 10, compression)
        good = path.read_bytes()
        for turn in range(120):
            data = bytearray(good)
            for _ in range(rng.randrange(1, 4)):
                at = rng.randrange(600 if turn % 2 else len(data))
                data[at : at + 4] = rng.choice(
                    [b"\xff\xff\xff\xff", b"\0\0\0\0", rng.randbytes(4), b"\xff\xff\xff\x7f"]
                )
            path.write_bytes(data[: rng.randrange(len(data))] if turn % 5 == 0 else data)
            try:
                arrow_parts(path, "a", 1000)
                reader = arrow.ArrowReader()
                found = list(reader.batches(Shard("a", str(path), "arrow", len(data))))
                assert all(len(batch.text) == len(batch) for batch in found)
            except CorpusError:
                failed += 1
    assert 0 < failed < 360
