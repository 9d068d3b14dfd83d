"""Sorting in runs on disk gives what sorting in memory gives, whatever the size of a run."""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countermark.index import layout, runs
from countermark.index.build import build_index
from countermark.index.runs import Runs
from index.same_index import files, require_same

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = st.lists(st.one_of(st.integers(0, 5), st.integers(0, 2**64 - 1)), max_size=120)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)


@QUIET
@given(hashes=ENTRIES, limit=st.integers(4, 70), room=st.integers(1, 50), cuts=st.sets(st.integers(0, 120)))
def test_runs_are_a_stable_sort(
    tmp_path: Path, hashes: list[int], limit: int, room: int, cuts: set[int]
) -> None:
    """Added in any portions, merged in any portions, fingerprints come by hash, equal ones as they were added."""
    given_hashes, postings = np.array(hashes, dtype="<u8"), np.arange(len(hashes), dtype="<u8")
    with pytest.MonkeyPatch.context() as patch, closing(Runs(tmp_path, np.dtype("<u4"), limit)) as sorter:
        patch.setattr(runs, "MERGE_ENTRIES", room)
        for first, last in pairwise(sorted({0, len(hashes), *(cut for cut in cuts if cut < len(hashes))})):
            sorter.add(given_hashes[first:last], postings[first:last])
        blocks = [(block[0].copy(), block[1].copy()) for block in sorter.merged()]
    order = np.argsort(given_hashes, kind="stable")
    assert np.concatenate([block[0] for block in blocks]).tolist() == given_hashes[order].tolist()
    assert np.concatenate([block[1] for block in blocks]).tolist() == order.tolist()


@pytest.mark.parametrize("limit", [64, 1000, 4001])
def test_runs_change_no_byte_of_an_index(tmp_path: Path, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index built in runs of any length is the one that is built in memory."""
    build_index(files(230), tmp_path / "memory")
    monkeypatch.setattr(runs, "MERGE_ENTRIES", 777)
    build_index(files(230), tmp_path / "runs", run_entries=limit)
    require_same(tmp_path / "memory", tmp_path / "runs")
    assert np.fromfile(tmp_path / "runs" / layout.KEYS, "<u4").size > 4001


def test_lookup_tables_are_those_of_the_definition(tmp_path: Path) -> None:
    """Directory and filter, written as hashes go by, are what docs/index-format.md says of all hashes together."""
    hashes = np.sort(np.random.default_rng(4).integers(0, 2**64, 5000, dtype=np.uint64))
    hashes[100:300] = hashes[100]  # in too many places
    with closing(Runs(tmp_path, np.dtype("<u4"), 999)) as sorter, (tmp_path / "heads").open("w+b") as heads:
        from countermark.index import prints

        sorter.add(hashes, np.arange(5000, dtype="<u8"))
        written = prints._write_entries(tmp_path, sorter, np.dtype("<u4"), heads)
        prints._write_tables(tmp_path, heads, written.fingerprints)
    assert written == (5000 - 136, 136)
    kept = np.concatenate([hashes[:164], hashes[300:]])
    count = len(kept) // 6
    slots = ((kept >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32)
    directory = np.searchsorted(slots, np.arange(count + 1, dtype=np.uint64))
    assert np.fromfile(tmp_path / layout.DIRECTORY, "<u4").tolist() == directory.tolist()
    blocks = [0] * count
    for value, slot in zip(kept.tolist(), slots.tolist(), strict=True):
        for shift in (0, 6, 12, 18):
            blocks[slot] |= 1 << (value >> shift & 63)
    assert np.fromfile(tmp_path / layout.FILTER, "<u8").tolist() == blocks


@pytest.mark.parametrize("rows", [3, 100, 250])
def test_assets_are_read_by_number(tmp_path: Path, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are the same however many make a row group, and wherever one begins to read."""
    from countermark.index import assets, open_index

    monkeypatch.setattr(assets, "ROW_GROUP", rows)
    build_index(files(120), tmp_path / "index")
    index = open_index(tmp_path / "index")
    told = [file.asset.path for file in files(120)]
    assert [row["asset_path"] for row in index.assets()] == told
    assert [index.assets()[number]["asset_path"] for number in (0, -1, 57, 119, 3)] == [
        told[number] for number in (0, -1, 57, 119, 3)
    ]
    assert [row["asset_path"] for row in index.assets()[5:8]] == told[5:8]
    assert index.assets_table().num_rows == len(index.assets()) == 120
    with pytest.raises(IndexError):
        index.assets()[120]
