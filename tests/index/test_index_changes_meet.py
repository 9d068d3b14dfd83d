"""Changes of an index that meet each other, a reader, or a file system that cannot exchange folders."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from countermark.errors import OutputError, UnusableIndexError
from countermark.index import build, lookup, merge, open_index, read_manifest
from countermark.index.build import build_index
from countermark.index.changes import add_works, drop_works
from countermark.index.compacting import compact_index
from index.same_index import files

_ADDING = """
import sys, time
from pathlib import Path
from countermark.index.folder import locked
with locked(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build_index(files(6), tmp_path / "index")
    return tmp_path / "index"


def test_another_process_is_told_to_wait(index: Path) -> None:
    """While one process changes an index, no other adds to it, drops, compacts or replaces it; then they can."""
    with subprocess.Popen(
        [sys.executable, "-c", _ADDING, str(index)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        for change in (
            lambda: add_works(index, files(2, 20)),
            lambda: drop_works(index, ["work0"]),
            lambda: compact_index(index),
            lambda: build_index(files(2), index),
        ):
            with pytest.raises(OutputError, match="another change"):
                change()
        other.communicate()
    drop_works(index, ["work0"])
    assert sorted(path.name for path in index.parent.iterdir()) == ["index"]


def test_what_is_added_while_an_index_is_compacted_is_not_lost(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An addition meanwhile is refused; it does not disappear with the index that is replaced."""
    finished = build.finish_index

    def meanwhile(*given: Any, **named: Any) -> Any:
        with pytest.raises(OutputError, match="another change"):
            add_works(index, files(2, 20))
        return finished(*given, **named)

    monkeypatch.setattr(merge, "finish_index", meanwhile)
    drop_works(index, ["work0"])
    compact_index(index)
    assert open_index(index).manifest.assets == 5


def test_a_reader_that_a_change_overtakes_is_told(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The manifest was read before a change, the files after it: neither the one index nor the other."""
    drop_works(index, ["work0"])
    opened = lookup._opened

    def late(*given: Any) -> Any:
        monkeypatch.setattr(lookup, "_opened", opened)
        drop_works(index, ["work1"])
        return opened(*given)

    monkeypatch.setattr(lookup, "_opened", late)
    with pytest.raises(UnusableIndexError, match="was changed while it was opened"):
        open_index(index)


def test_a_reader_keeps_what_it_opened(index: Path) -> None:
    """What is open stays readable when the index is replaced under it."""
    before = open_index(index)
    text = before.excerpt(0, before.asset_span(0, 0, 9))
    build_index(files(3, 20), index)
    assert before.excerpt(0, before.asset_span(0, 0, 9)) == text


@pytest.mark.parametrize("fails", [False, OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_where_folders_cannot_be_exchanged(index: Path, fails: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other then; what stops it between the two puts the old index back."""
    renamed, before = Path.rename, (index / "manifest.json").read_bytes()

    def rename(self: Path, target: Path) -> Path:
        if fails and self.suffix == ".part":
            raise fails
        return renamed(self, target)

    def none(*_: Any, **__: Any) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(ctypes, "CDLL", none)
    monkeypatch.setattr(Path, "rename", rename)
    if fails:
        with pytest.raises((OutputError, KeyboardInterrupt)):
            build_index(files(3), index)
        assert (index / "manifest.json").read_bytes() == before
        open_index(index).verify()
    else:
        build_index(files(3), index)
        assert open_index(index).manifest.assets == 3
    assert sorted(path.name for path in index.parent.iterdir()) == ["index"]


@pytest.mark.parametrize("stop", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("at", ["write_prints", "write_manifest"])
def test_a_build_that_is_stopped_leaves_nothing(
    tmp_path: Path, at: str, stop: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk and Ctrl-C, after the letters were written and after everything else was."""

    def fail(*_: Any, **__: Any) -> None:
        raise stop

    monkeypatch.setattr(build, at, fail)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        build_index(files(6), tmp_path / "index")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_in_the_middle_of_sorting(tmp_path: Path) -> None:
    """On a disk that is really full, runs and files are given back."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(small)], check=False, capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        with pytest.raises(OutputError, match="No space left"):
            build_index(files(200), small / "index", run_entries=500)
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_changes_sweep_nothing_that_is_not_theirs(index: Path, tmp_path: Path) -> None:
    """A link with the name of a segment is not followed when leavings are removed."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("text")
    (index / "segment-000009").symlink_to(outside, target_is_directory=True)
    add_works(index, files(2, 20))
    assert read_manifest(index).assets == 8
    assert (outside / "precious").read_text() == "text"
