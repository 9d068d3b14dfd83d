"""Checksums and codes: what `sha256sum` reads, what people write down, and every way in which a folder differs."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.errors import InputError
from countermark.kit import layout
from countermark.kit.sums import read_sums, same_code, short_code, write_sums, wrong_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("x", "a/y", "a/b/z é", ".hidden"):
        (tmp_path / name).write_text(name)
    write_sums(tmp_path)
    return tmp_path


def wrong(folder: Path) -> list[str]:
    return wrong_files(folder, read_sums(folder / layout.SUMS), beside=(layout.SUMS,))


def test_whole(folder: Path) -> None:
    assert wrong(folder) == []
    assert sorted(read_sums(folder / layout.SUMS)) == [".hidden", "a/b/z é", "a/y", "x"]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum on this machine")
def test_sha256sum_reads_it(folder: Path) -> None:
    subprocess.run(["sha256sum", "--strict", "--quiet", "-c", layout.SUMS], cwd=folder, check=True)


def test_every_change_is_told(folder: Path) -> None:
    (folder / "x").write_text("X")
    (folder / "a" / "y").unlink()
    (folder / "a" / "new").write_text("new")
    assert sorted(wrong(folder)) == ["a/new was added", "a/y is missing", "x was changed"]


def test_a_link_to_the_same_bytes_is_told(folder: Path) -> None:
    (folder / "x").rename(folder.parent / f"{folder.name}-x")
    (folder / "x").symlink_to(folder.parent / f"{folder.name}-x")
    assert wrong(folder) == ["x is no plain file any more"]


def test_links_pipes_and_linked_folders_are_told_and_not_opened(folder: Path) -> None:
    (folder / "x").unlink()
    os.mkfifo(folder / "x")
    os.mkfifo(folder / "pipe")
    (folder / "linked").symlink_to("/dev")
    assert sorted(wrong(folder)) == ["linked was added", "pipe was added", "x is no plain file any more"]


@pytest.mark.parametrize(
    "line",
    ["nothing", f"{'0' * 64}  ../x", f"{'0' * 64}  /etc/passwd", f"{'0' * 64}  a/../../x", f"{'0' * 63}  x"],
)
def test_lists_that_are_none(tmp_path: Path, line: str) -> None:
    (tmp_path / layout.SUMS).write_text(f"{line}\n")
    with pytest.raises(InputError, match="line 1"):
        read_sums(tmp_path / layout.SUMS)


def test_missing_list(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_sums(tmp_path / layout.SUMS)


@given(st.binary(min_size=32, max_size=32).map(bytes.hex))
def test_codes(digest: str) -> None:
    code = short_code(digest)
    assert len(code) == 29
    assert same_code(code.lower().replace("-", " ").replace("1", "l").replace("0", "o"), code)
    other = short_code(f"{int(digest[0], 16) ^ 1:x}{digest[1:]}")
    assert not same_code(other, code)
