"""What a Parquet footer claims: as Arrow says it, but without Arrow; what is damaged is an error of ours."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.corpus import parquet_footer
from countermark.corpus.base import Shard
from countermark.corpus.parquet_footer import claims_of
from countermark.corpus.tokens.columns import TokenParquet
from countermark.errors import CorpusError

if TYPE_CHECKING:
    from pathlib import Path


def _file(**options: Any) -> bytes:
    table = pa.table(
        {
            "id": ["a", "b", None, "d"],
            "input_ids": [[1, 2, 3], [], None, [7]],
            "meta": [{"url": "u", "n": 1.5, "ok": True}] * 4,
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out, row_group_size=3, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "options", [{}, {"compression": "zstd", "write_statistics": False}, {"version": "1.0"}]
)
def test_it_says_what_arrow_says(tmp_path: Path, options: dict[str, Any]) -> None:
    """Rows, and of each column path, values and stored bytes."""
    path = tmp_path / "a.parquet"
    path.write_bytes(_file(**options))
    metadata = pq.read_metadata(path)
    found = claims_of(path, "a.parquet")
    assert [one.rows for one in found] == [3, 1]
    for number, group in enumerate(found):
        row_group = metadata.row_group(number)
        told = [row_group.column(column) for column in range(row_group.num_columns)]
        assert [(".".join(one.path), one.values, one.stored) for one in group.columns] == [
            (one.path_in_schema, one.num_values, one.total_compressed_size) for one in told
        ]
    assert found[0].of(("input_ids",)).values == 5
    assert found[0].of(("nothing",)).values == 0


@given(st.data())
def test_damage_is_an_error_of_ours(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever bytes change in the footer, or are cut off."""
    whole = bytearray(_file())
    path = tmp_path_factory.mktemp("footer") / "a.parquet"
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(len(whole) - 600, len(whole) - 5))
        whole[place] = data.draw(st.integers(0, 255))
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        claims_of(path, "a.parquet")
    except CorpusError as error:
        assert str(error).startswith("a.parquet: no readable Parquet file")  # noqa: PT017


def test_a_few_bytes_of_very_many_ids_are_not_read(tmp_path: Path) -> None:
    """One number again and again takes a few bytes in a file, and eight hundred megabytes of memory."""
    path = tmp_path / "bomb.parquet"
    many = pa.repeat(pa.scalar(5, pa.int32()), 70_000_000)
    run = pa.ListArray.from_arrays(pa.array([0, len(many)], pa.int32()), many)
    pq.write_table(pa.table({"input_ids": run}), path)
    assert path.stat().st_size < 1 << 20
    reader = TokenParquet()
    with pytest.raises(
        CorpusError, match=r"^bomb: row group 0 claims 70,000,000 ids in 1 rows and [\d,]+ bytes; over"
    ):
        reader.sample(str(path), "bomb")
    shard = Shard("bomb", str(path), "token-parquet", path.stat().st_size)
    with pytest.raises(CorpusError, match="claims 70,000,000 ids"):
        next(reader.blocks(shard, None))  # type: ignore[arg-type]  # it is refused before a table is looked at


def test_a_column_beside_the_ids_is_bounded_by_them(tmp_path: Path) -> None:
    """A mask has a number for each id."""
    path = tmp_path / "mask.parquet"
    pq.write_table(pa.table({"input_ids": [[1, 2]], "attention_mask": [[1] * 100]}), path)
    with pytest.raises(CorpusError, match="claims 100 numbers of “attention_mask” for 2 ids"):
        TokenParquet().sample(str(path), "mask")


def test_a_footer_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not read into memory."""
    path = tmp_path / "a.parquet"
    path.write_bytes(_file())
    monkeypatch.setattr(parquet_footer, "MOST_BYTES", 10)
    with pytest.raises(CorpusError, match="10 at most are read"):
        claims_of(path, "a")
