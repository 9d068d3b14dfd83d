"""Merging indices gives the index of all their works."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countermark.errors import InputError, UnusableIndexError
from countermark.index.build import build_index
from countermark.index.merge import merge_indices
from index.same_index import digested, files, require_same

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 230
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=12)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of all works."""
    out = tmp_path_factory.mktemp("whole") / "whole.index"
    build_index(files(COUNT), out)
    return out


def test_merged_is_built_of_all(whole: Path, tmp_path: Path) -> None:
    """Three indices, in order, give byte for byte the one of all works; it may take the place of one of them."""
    parts = [tmp_path / f"{first}.index" for first in (0, 90, 181)]
    for part, (first, last) in zip(parts, pairwise((0, 90, 181, COUNT)), strict=True):
        build_index(files(last - first, first), part)
    merged = merge_indices(parts, tmp_path / "merged.index", run_entries=500)
    assert merged.twice == []
    require_same(whole, tmp_path / "merged.index")
    merge_indices(parts, parts[0])
    require_same(whole, parts[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "0.index", "181.index", "90.index", "merged.index",
    ]  # fmt: skip


@QUIET
@given(
    texts=st.lists(st.text(alphabet="abcd é红<&;\n-", max_size=300), min_size=2, max_size=12),
    cut=st.integers(1, 11),
)
def test_whatever_the_texts(tmp_path_factory: pytest.TempPathFactory, texts: list[str], cut: int) -> None:
    """Texts of any form, cut anywhere, merge to what they give together."""
    folder = tmp_path_factory.mktemp("any")
    works = [digested(number, text) for number, text in enumerate(texts)]
    cut = min(cut, len(works) - 1)
    build_index(works, folder / "whole")
    build_index(works[:cut], folder / "one")
    build_index(works[cut:], folder / "two")
    merge_indices([folder / "one", folder / "two"], folder / "merged")
    require_same(folder / "whole", folder / "merged")


def test_the_size_of_all_chooses_the_scheme(tmp_path: Path) -> None:
    """Indices of another scheme merge into the one that fits, or the one that is asked for."""
    build_index(files(20), tmp_path / "one", scheme="text-l44g20-v1")
    build_index(files(20, 20), tmp_path / "two", scheme="text-l24g20-v1")
    build_index(files(40), tmp_path / "fitting")
    build_index(files(40), tmp_path / "asked", scheme="text-l32g16-v1")
    merge_indices([tmp_path / "one", tmp_path / "two"], tmp_path / "merged")
    require_same(tmp_path / "fitting", tmp_path / "merged")
    merge_indices([tmp_path / "one", tmp_path / "two"], tmp_path / "merged", scheme="text-l32g16-v1")
    require_same(tmp_path / "asked", tmp_path / "merged")


def test_what_two_indices_hold_is_kept_once(whole: Path, tmp_path: Path) -> None:
    """The same file of the same work in a later index is told, and left out."""
    build_index(files(100), tmp_path / "one")
    build_index(files(COUNT - 80, 80), tmp_path / "two")
    merged = merge_indices([tmp_path / "one", tmp_path / "two"], tmp_path / "merged")
    assert [same.asset_path for same in merged.twice] == [f"file{number}.txt" for number in range(80, 100)]
    assert {same.folder.name for same in merged.twice} == {"two"}
    require_same(whole, tmp_path / "merged")


def test_what_cannot_be_merged_is_said(tmp_path: Path) -> None:
    """Sealed indices, other media, damage and other formats are refused in words, and nothing is written."""
    build_index(files(9), tmp_path / "full")
    build_index(files(9), tmp_path / "sealed", sealed=True, salt=b"sixteen bytes or more")
    with pytest.raises(InputError, match="sealed index, which holds no letters"):
        merge_indices([tmp_path / "full", tmp_path / "sealed"], tmp_path / "out")
    manifest = json.loads((tmp_path / "full" / "manifest.json").read_text())
    assert manifest["format"] == "countermark-index-1"
    (tmp_path / "full" / "letters.u1").write_bytes(
        bytes(len((tmp_path / "full" / "letters.u1").read_bytes()))
    )
    with pytest.raises(UnusableIndexError, match=r"letters\.u1 was changed"):
        merge_indices([tmp_path / "full"], tmp_path / "out")
    with pytest.raises(UnusableIndexError, match="is not an index"):
        merge_indices([tmp_path / "missing"], tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full", "sealed"]
