"""The table beside a Megatron `.bin` that says where its documents come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.tokens.token_samples import byte_table, documents, read_whole, write_megatron, write_side_car
from countermark.corpus.tokens import provenance
from countermark.corpus.tokens.megatron import Megatron

TABLE = byte_table()


@pytest.mark.parametrize("part_bytes", [1, 700, 1 << 30])
def test_the_side_car_gives_record_ids(tmp_path: Path, part_bytes: int) -> None:
    """The data set's own key, or the file and row that were tokenised."""
    texts = [[text] for text in documents(30)]
    path = write_megatron(tmp_path / "00000_tokens.bin", texts)
    count = len(texts)
    numbers = list(range(count))
    write_side_car(
        path, {"doc_index": numbers, "parquet_path": ["/d/a.parquet"] * count, "parquet_row": numbers}
    )
    found, refused = read_whole(Megatron(), path, TABLE, part_bytes)
    assert [one.record_id for one in found] == [f"/d/a.parquet#{number}" for number in numbers]
    assert refused == []
    write_side_car(
        path, {"doc_key": [f"k{n}" for n in numbers], "doc_index": numbers, "parquet_path": ["x"] * count}
    )
    found, refused = read_whole(Megatron(), path, TABLE, part_bytes)
    assert [one.record_id for one in found] == [f"k{number}" for number in numbers]
    assert [one.ids for one in found] == [text for (text,) in texts]
    assert refused == []


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"doc_index": [0, 2, 1], "doc_key": ["a", "b", "c"]}, "does not count the documents"),
        ({"doc_index": [0, 1], "doc_key": ["a", "b"]}, "ends after document 1"),
        ({"doc_index": [0, 1, 2], "parquet_path": ["a"] * 3}, "no column parquet_row"),
        ({"other": [0, 1, 2]}, "no column doc_index"),
        ({"doc_index": [0, 1, 2], "doc_key": [[1], [2], [3]]}, "cast"),
        ({"doc_index": ["a", "b", "c"], "doc_key": ["a", "b", "c"]}, "does not count the documents"),
        (None, "no readable Parquet file"),
    ],
)
def test_a_side_car_that_does_not_fit_is_not_used(
    tmp_path: Path, columns: dict[str, Any] | None, message: str
) -> None:
    """The documents are read all the same."""
    texts = documents(3)
    path = write_megatron(tmp_path / "a.bin", [[text] for text in texts])
    if columns is None:
        path.with_suffix(".meta.parquet").write_bytes(b"PAR1" * 10)
    else:
        write_side_car(path, columns)
    found, refused = read_whole(Megatron(), path, TABLE)
    assert [(one.ids, one.record_id) for one in found] == [(text, None) for text in texts]
    assert [(one.row, one.reason) for one in refused] == [(-1, "side-car")]
    assert message in refused[0].detail


def test_one_long_name_for_all_documents_is_not_spelt_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name stands once in the file, however many rows have it; spelt out it could take all the memory there is."""
    texts = documents(100)
    path = write_megatron(tmp_path / "a.bin", [[text] for text in texts])
    for column in ("doc_key", "parquet_path"):
        columns = {"doc_index": range(100), column: ["k" * 50_000] * 100, "parquet_row": range(100)}
        write_side_car(path, {name: list(values) for name, values in columns.items()}, rows=100)
        found, refused = read_whole(Megatron(), path, TABLE)
        assert {len(one.record_id or "") for one in found} <= {50_000, 50_002, 50_003}
        assert refused == []
    monkeypatch.setattr(provenance, "_MOST_TEXT", 1 << 20)
    found, refused = read_whole(Megatron(), path, TABLE)
    assert [(one.ids, one.record_id) for one in found] == [(text, None) for text in texts]
    assert ["more than 1 MiB" in one.detail for one in refused] == [True]
