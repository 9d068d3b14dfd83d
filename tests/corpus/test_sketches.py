"""Files of sketches: there and back, whole or not at all, and what is not one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countermark.corpus import sketches as module
from countermark.corpus.sketches import SketchesOf, SketchRow, SketchWriter, read_sketches, sketches_of
from countermark.errors import CorpusError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

OF = SketchesOf("00000.tar", "ab" * 32, "image-sketch-v1")
ROWS = [
    SketchRow(0, "000000001", "https://example.org/é.jpg", 512, 384),
    SketchRow(1, None, None, 1, 1),
    SketchRow(1, None, None, 1, 1, 2),
]


def made(number: int) -> npt.NDArray[np.uint8]:
    """A sketch of its own."""
    return ((np.arange(128) * 7 + number) % 256).astype(np.uint8)


def written(path: Path) -> Path:
    """A file of ROWS."""
    with SketchWriter(path, OF) as writer:
        for number, row in enumerate(ROWS):
            writer.add(row, made(number))
    return path


def test_rows_come_back_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GROUP_ROWS", 2)
    path = written(tmp_path / "a.sketches.parquet")
    batches = list(read_sketches(path))
    assert [len(batch) for batch in batches] == [2, 1]
    assert [row for batch in batches for row in batch.rows] == ROWS
    assert np.concatenate([batch.sketches for batch in batches]).tolist() == [
        made(n).tolist() for n in range(3)
    ]
    assert sketches_of(path) == OF


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "a").read_bytes() == written(tmp_path / "b").read_bytes()


def test_a_shard_without_pictures_has_an_empty_file(tmp_path: Path) -> None:
    with SketchWriter(tmp_path / "a", OF):
        pass
    assert list(read_sketches(tmp_path / "a")) == []


def test_nothing_is_left_after_an_error(tmp_path: Path) -> None:
    def half_written() -> None:
        with SketchWriter(tmp_path / "a", OF) as writer:
            writer.add(ROWS[0], made(0))
            writer.add(ROWS[0], made(0)[:64])

    with pytest.raises(ValueError, match="uint8"):
        half_written()
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError), SketchWriter(tmp_path / "none" / "a", OF):
        pass


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no parquet")
    with pytest.raises(CorpusError, match="no readable file of sketches"):
        sketches_of(tmp_path / "text")
    pq.write_table(pa.table({"row": [1]}), tmp_path / "other")
    with pytest.raises(CorpusError, match="no file of sketches"):
        list(read_sketches(tmp_path / "other"))


def test_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, "VERSION", "2")
        written(tmp_path / "a")
    with pytest.raises(CorpusError, match="version 2"):
        sketches_of(tmp_path / "a")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 4000), value=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, at: int, value: int, cut: bool) -> None:
    data = bytearray(written(tmp_path / "whole").read_bytes())
    at %= len(data)
    data[at] = value
    (tmp_path / "damaged").write_bytes(bytes(data[:at] if cut else data))
    try:
        for batch in read_sketches(tmp_path / "damaged"):
            assert batch.sketches.shape == (len(batch), 128)
    except CorpusError:
        pass
