"""An index of texts that somebody made to do harm: told in words when it is opened, or without effect when used."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from countermark.errors import CountermarkError, InputError, UnusableIndexError
from countermark.index import layout, open_index, read_manifest, segments
from countermark.index.build import build_index
from countermark.index.changes import add_works
from index.rewritten_index import described_anew, edited
from index.same_index import digested, files, findings
from written_works import prose

SALT = b"sixteen bytes or more"
KINDS = {
    layout.KEYS: "<u4", layout.POSTINGS: "<u4", layout.DIRECTORY: "<u4", layout.FILTER: "<u8",
    layout.ASSET_STARTS: "<u8", layout.ASSET_WORKS: "<u4", layout.POINTS: "<u4", layout.LETTERS: "u1",
    layout.BREAKS: "u1", layout.MODEL: "u1", layout.TEXTS: "u1", layout.CHUNKS: "<u8",
}  # fmt: skip
NUMBERS = ("works", "assets", "words", "letters", "code_points", "fingerprints", "guarantee_letters")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three indices of the same works: full, sealed, and in two segments."""
    folder = tmp_path_factory.mktemp("built")
    build_index(files(30), folder / "full")
    build_index(files(30), folder / "sealed", sealed=True, salt=SALT)
    build_index(files(20), folder / "segments")
    add_works(folder / "segments", files(10, 20))
    return folder


def records() -> list[str]:
    return [
        f"{prose(30, 700 + n)} {file.asset.text[20:600]}" for n, file in enumerate(files(30)) if n % 4 == 0
    ]


@pytest.mark.parametrize("form", ["full", "sealed"])
@pytest.mark.parametrize("name", list(KINDS))
def test_wrong_numbers_are_told_or_do_nothing(built: Path, tmp_path: Path, name: str, form: str) -> None:
    """Whatever numbers stand in an array of the right length, nothing outside the arrays is read; errors are ours."""
    index = Path(shutil.copytree(built / form, tmp_path / "index"))
    if not (index / name).exists():
        return
    right = np.fromfile(index / name, KINDS[name])
    top = np.iinfo(right.dtype).max
    noise = np.random.default_rng(5).integers(0, top, len(right), dtype=right.dtype, endpoint=True)
    halfway = right.copy()
    halfway[len(right) // 2 :: 3] = noise[len(right) // 2 :: 3]
    salt = SALT if form == "sealed" else None
    for wrong in (
        noise,
        np.full_like(right, top),
        np.zeros_like(right),
        halfway,
        right[::-1].copy(),
        right + top // 2,
    ):
        wrong.tofile(index / name)
        described_anew(index, index / name)
        with suppress(CountermarkError):
            findings(index, records(), salt)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("wrong", [0, 7, -1, 1 << 40, 1 << 80, 2.5, True, "3", None, [1]])
def test_wrong_counts_are_told(built: Path, tmp_path: Path, name: str, wrong: Any) -> None:
    """A manifest whose counts do not fit its arrays opens nothing; those that no array depends on may be anything."""
    (tmp_path / "index").mkdir()
    for path in (built / "full").iterdir():
        (tmp_path / "index" / path.name).symlink_to(path)
    manifest = tmp_path / "index/manifest.json"
    text = manifest.read_text()
    manifest.unlink()
    manifest.write_text(text)
    edited(tmp_path / "index", lambda content: content.update({name: wrong}))
    free = (
        name in ("works", "code_points", "guarantee_letters", "words")
        and type(wrong) is int
        and 0 <= wrong < 1 << 41
    )
    if not free:
        with pytest.raises(UnusableIndexError):
            open_index(tmp_path / "index")


@pytest.mark.parametrize(
    "wrong",
    [
        {"files": {}}, {"files": {"keys.u4": {"size": "1", "sha256": "0"}}}, {"files": []}, {"files": {"keys.u4": 1}},
        {"scheme": 3}, {"form": "open"}, {"form": None}, {"facts": 1}, {"segments": {"a": 1}}, {"more": 1},
    ],
)  # fmt: skip
def test_other_fields_are_told(built: Path, tmp_path: Path, wrong: dict[str, Any]) -> None:
    shutil.copytree(built / "full", tmp_path / "index")
    edited(tmp_path / "index", lambda content: content.update(wrong))
    with pytest.raises(CountermarkError):
        open_index(tmp_path / "index")


@pytest.mark.parametrize(
    "content", ["[" * 200_000, " " * 20_000_000, "9" * 5_000, "[1]", '"x"', "\ufeff{}", "{"]
)
def test_no_manifest_is_too_wild_to_be_refused(tmp_path: Path, content: str) -> None:
    """Nested a hundred thousand times, longer than memory is for, or no JSON: one message."""
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(UnusableIndexError):
        read_manifest(tmp_path)


def _named(content: dict[str, Any], folders: list[str]) -> None:
    content["segments"] = [
        {"folder": name, "manifest": content["segments"][0]["manifest"]} for name in folders
    ]


@pytest.mark.parametrize(
    "folders",
    [
        [".", "."], [".", "segment-000001", "segment-000001"], ["segment-000001", "."], [".", ".."],
        [".", "segment-000001/../.."], [".", "/etc"], [".", "segment-000001\n"],
        [".", *(f"segment-{n:06}" for n in range(40))],
    ],
)  # fmt: skip
def test_segments_stand_in_the_index_and_once(built: Path, tmp_path: Path, folders: list[str]) -> None:
    """No segment outside, twice, in another order, or one of very many."""
    shutil.copytree(built / "segments", tmp_path / "index")
    edited(tmp_path / "index", lambda content: _named(content, folders))
    with pytest.raises(UnusableIndexError):
        open_index(tmp_path / "index")


def test_an_index_within_itself_is_refused(built: Path, tmp_path: Path) -> None:
    """A segment that has segments, or is a link back to the index."""
    index = Path(shutil.copytree(built / "segments", tmp_path / "index"))
    shutil.rmtree(index / "segment-000001")
    (index / "segment-000001").symlink_to(index, target_is_directory=True)
    with pytest.raises(UnusableIndexError):
        open_index(index)
    whole = json.loads((built / "segments/manifest.json").read_text())
    del whole["format"]
    edited(index, lambda content: content["segments"][1].update({"manifest": whole}))
    with pytest.raises(UnusableIndexError, match="none of this index"):
        open_index(index)


@pytest.mark.parametrize("size", [0, 5, 10_000_000])
def test_which_works_count_is_as_long_as_they_are_many(built: Path, tmp_path: Path, size: int) -> None:
    """A list of what was dropped that is longer than the works is not even read."""
    index = Path(shutil.copytree(built / "segments", tmp_path / "index"))
    live = index / read_manifest(index).state / "live.u1"
    live.write_bytes(b"\1" * size)
    edited(index, lambda content: content["files"]["live.u1"].update({"size": size}))
    with pytest.raises(UnusableIndexError, match="does not fit"):
        open_index(index)


def test_a_frame_that_unpacks_to_more_than_memory_is_not_unpacked(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Path(shutil.copytree(built / "full", tmp_path / "index"))
    monkeypatch.setattr(layout, "MOST_FRAME", 10)
    with pytest.raises(UnusableIndexError, match=r"texts\.zst does not fit"):
        findings(index, records())


def test_segments_are_bounded_and_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last one that can be opened is the last one that is added."""
    from countermark.index import changes

    for module in (changes, segments):
        monkeypatch.setattr(module, "MOST_SEGMENTS", 2)
    build_index(files(3), tmp_path / "index")
    add_works(tmp_path / "index", files(2, 20))
    with pytest.raises(InputError, match="index compact"):
        add_works(tmp_path / "index", [digested(9000, prose(90, 77))])
    assert open_index(tmp_path / "index").manifest.assets == 5
