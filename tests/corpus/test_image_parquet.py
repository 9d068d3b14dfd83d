"""Pictures in Parquet: columns found by type, name and bytes; null, wrong and damaged rows refused."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import countermark.corpus.carried.parquet as parquet_module
import countermark.corpus.images.sought as sought_module
from corpus.image_samples import list_images, picture, read_images, told
from countermark.corpus.images.sought import PICTURES
from countermark.corpus.listing import reader_for
from countermark.errors import CorpusError
from countermark.media import Medium

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def write(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    """Write a table."""
    pq.write_table(pa.table(columns), path, **options)
    return path


def test_what_stands_beside_a_picture_is_found_by_name(tmp_path: Path) -> None:
    """Identifier, address, date and caption, whatever their types."""
    columns = {
        "text": ["one", None],
        "mask": [b"\0\1", b"\1\0"],
        "Image": pa.array([{"bytes": picture(i), "path": f"{i}.jpg"} for i in range(2)], IMAGE),
        "URL": ["https://e/0", "https://e/1"],
        "id": [7, 8],
        "date": [datetime(2020, 1, 2, tzinfo=UTC), None],
        "pixels": [[1, 2], [3]],
    }
    path = write(tmp_path / "a.parquet", columns)
    seen, refused = read_images(path)
    assert [one[:4] for one in seen] == [
        (picture(0), 0, "7", "https://e/0"),
        (picture(1), 1, "8", "https://e/1"),
    ]
    assert [(one.date or "")[:10] for one in seen] == ["2020-01-02", ""]
    assert [one.caption for one in seen] == ["one", None]
    assert refused == []
    (shard,) = list_images(path)[0]
    (batch,) = reader_for("parquet", Medium.IMAGE).batches(shard)
    assert batch.names == ("0.jpg", "1.jpg")


def test_fields_of_webdataset_tables_are_found(tmp_path: Path) -> None:
    """As data sets made of WebDataset archives have them."""
    record = {"caption": "c", "url": "https://e/a", "key": "k"}
    columns = {"jpg": [{"bytes": picture(), "path": None}], "json": [record], "__key__": ["0001"]}
    seen, _ = read_images(write(tmp_path / "a.parquet", columns))
    assert [one[2:] for one in seen] == [("0001", "https://e/a", None, "c")]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([picture()], pa.binary()),
        pa.array([picture()], pa.large_binary()),
        pa.array([base64.b64encode(picture()).decode()]),
        pa.array(["data:image/jpeg;base64," + base64.b64encode(picture()).decode()], pa.large_string()),
        pa.array([[picture()]], pa.list_(pa.binary())),
        pa.array([[{"bytes": picture(), "path": "x"}]], pa.list_(IMAGE)),
        pa.array([{"image": {"bytes": picture(), "path": "x"}}]),
        pa.array([picture()]).dictionary_encode(),
    ],
    ids=str,
)
def test_pictures_may_have_many_types(tmp_path: Path, column: pa.Array) -> None:  # type: ignore[type-arg]
    """Bytes, texts in base64, structs, lists."""
    seen, refused = read_images(write(tmp_path / "a.parquet", {"image": column}))
    assert [one.data for one in seen] == [picture()]
    assert refused == []


def test_all_columns_of_pictures_are_read_unless_one_is_named(tmp_path: Path) -> None:
    """Two pictures a row have one row and two names."""
    columns = {
        "jpg_0": [picture(0), picture(1)],
        "jpg_1": [picture(2), picture(3)],
        "embedding": [b"\1", b"\2"],
    }
    path = write(tmp_path / "a.parquet", columns)
    assert [(one.data, one.row) for one in read_images(path)[0]] == [
        (picture(0), 0), (picture(2), 0), (picture(1), 1), (picture(3), 1),
    ]  # fmt: skip
    seen, refused = read_images(path, column="JPG_1")
    assert [one.data for one in seen] == [picture(2), picture(3)]
    assert refused == []
    assert told(read_images(path, column="embedding")[1]) == [(0, "not-a-picture"), (1, "not-a-picture")]
    (shard,) = list_images(path, column="nowhere")[0]
    with pytest.raises(
        CorpusError, match="no column “nowhere” that can hold pictures; the columns are: jpg_0"
    ):
        list(reader_for("parquet", Medium.IMAGE).batches(shard))


def test_each_row_that_is_not_read_has_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Null, empty, no picture, too large."""
    monkeypatch.setattr(sought_module, "PICTURES", replace(PICTURES, most=2000))
    values = [picture(0), None, b"", b"<html>", picture(4, size=4000), picture(5)]
    structs = pa.array([None if v is None else {"bytes": v, "path": "p"} for v in values], IMAGE)
    reasons = [(1, "null"), (2, "empty"), (3, "not-a-picture"), (4, "too-large")]
    for name, column in (("a", pa.array(values)), ("b", structs)):
        seen, refused = read_images(write(tmp_path / f"{name}.parquet", {"image": column}))
        assert [one.row for one in seen] == [0, 5]
        assert told(refused) == reasons
    lists = [[picture(0), None], [], None, [b"x", picture(1)]]
    seen, refused = read_images(
        write(tmp_path / "c.parquet", {"images": pa.array(lists, pa.list_(pa.binary()))})
    )
    assert [one.row for one in seen] == [0, 3]
    assert told(refused) == [(0, "null"), (1, "null"), (2, "null"), (3, "not-a-picture")]


def test_a_listing_of_addresses_says_what_it_is(tmp_path: Path) -> None:
    """One refusal for the file, that leads on."""
    path = write(tmp_path / "a.parquet", {"URL": ["https://e/a.jpg"], "TEXT": ["c"], "WIDTH": [3]})
    seen, refused = read_images(path)
    assert (seen, told(refused)) == ([], [(-1, "no-pictures")])
    assert "countermark link" in refused[0].detail
    seen, refused = read_images(write(tmp_path / "b.parquet", {"x": [1], "blob": [b"\0\1"]}))
    assert (seen, told(refused)) == ([], [(-1, "no-pictures")])
    assert "x (int64), blob (binary)" in refused[0].detail


def test_a_picture_named_a_thousand_times_is_not_held_a_thousand_times(tmp_path: Path) -> None:
    """A list of references to one stored picture: batches stay bounded, the reading goes on."""
    data = picture(size=1 << 20)
    indices = pa.array([0] * 400, pa.int32())
    column = pa.ListArray.from_arrays(
        pa.array([0, 400], pa.int32()), pa.DictionaryArray.from_arrays(indices, pa.array([data]))
    )
    path = write(
        tmp_path / "a.parquet", {"images": column}, dictionary_pagesize_limit=1 << 26, store_schema=False
    )
    (shard,) = list_images(path)[0]
    sizes = [
        (len(batch), sum(map(len, batch.data)))
        for batch in reader_for("parquet", Medium.IMAGE).batches(shard)
    ]
    assert sum(count for count, _ in sizes) == 400
    assert max(amount for _, amount in sizes) <= 64 << 20


def test_a_row_group_that_swells_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the description of the file, before anything is unpacked."""
    monkeypatch.setattr(parquet_module, "BOMB_FLOOR", 1 << 20)
    columns = {"image": [picture() + bytes(1 << 20) for _ in range(4)]}
    path = write(tmp_path / "a.parquet", columns, use_dictionary=False, compression="zstd", row_group_size=2)
    assert told(read_images(path)[1]) == [(0, "bomb"), (2, "bomb")]


def test_a_damaged_page_ends_its_row_group_only(tmp_path: Path) -> None:
    """What stands before it and in the groups after it is read."""
    values = [picture(i, size=600) for i in range(30)]
    path = write(
        tmp_path / "a.parquet", {"image": values}, row_group_size=10, use_dictionary=False, compression="zstd"
    )
    chunk = pq.read_metadata(path).row_group(1).column(0)
    data = bytearray(path.read_bytes())
    data[chunk.data_page_offset : chunk.data_page_offset + 12] = b"\xff" * 12
    path.write_bytes(data)
    seen, refused = read_images(path)
    assert {one.row for one in seen} >= {*range(10), *range(20, 30)}
    assert [reason for _, reason in told(refused)] == ["corrupt"]


def test_a_damaged_footer_is_one_error(tmp_path: Path) -> None:
    """With the shard's name."""
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + bytes(100))
    (shard,) = list_images(tmp_path / "a.parquet")[0]
    with pytest.raises(CorpusError, match=r"a\.parquet: no readable Parquet file"):
        list(reader_for("parquet", Medium.IMAGE).batches(shard))
