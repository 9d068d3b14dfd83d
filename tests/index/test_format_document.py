"""docs/index-format.md against what the engine writes, through a reader that follows the document alone."""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.fingerprint.folding import fold
from countermark.index.build import build_index
from index import format_folding
from index.format_reader import (
    Reader,
    indexed_windows,
    key_check,
    pair_hash,
    quick_hash,
    salted_key,
    siphash,
    word_hash,
)
from written_works import prose, work_file

DOCUMENT = Path(__file__).parents[2] / "docs" / "index-format.md"
SALT = b"sixteen bytes of salt, or more"
TEXTS = [
    prose(9000, 31),
    "L’été — " + prose(400, 32) + " <b>红楼梦</b> &eacute;t&eacute; " + prose(20, 33) + " ha" * 60,
    "",
    prose(700, 31),
]
FORMS = ["full", "sealed"]


def rows_of(heading: str) -> list[list[str]]:
    """The cells of the first table after a heading or marker of the document."""
    after = DOCUMENT.read_text(encoding="utf-8").split(heading, 1)[1]
    lines = re.search(r"\n((?:\|.*\n)+)", after)
    assert lines is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1].splitlines()[2:]]


def vectors() -> dict[str, str]:
    """The example of the document, without its back quotes."""
    return {
        what.replace("`", ""): value.replace("`", "") for what, value in rows_of("<!-- vectors:begin -->")
    }


@pytest.fixture(scope="module", params=FORMS)
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """An index of four files of three works, written by the engine, in both forms."""
    form: str = request.param
    folder = tmp_path_factory.mktemp(form) / "i"
    salt = SALT if form == "sealed" else None
    files = [work_file(f"f{n}", text, work_id="w" if n in (0, 3) else None) for n, text in enumerate(TEXTS)]
    build_index(files, folder, sealed=form == "sealed", salt=salt)
    return Reader(folder, salt)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The full index alone."""
    folder = tmp_path_factory.mktemp("alone") / "i"
    build_index([work_file(f"f{n}", text) for n, text in enumerate(TEXTS)], folder)
    return Reader(folder)


def test_siphash_is_the_published_one() -> None:
    """The reader's SipHash gives the test vector of the paper."""
    key = bytes(range(16))
    k0, k1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    assert siphash(bytes(range(15)), k0, k1) == 0xA129CA6149BE45E5


@pytest.mark.parametrize("form", FORMS)
def test_the_example_of_the_document(tmp_path: Path, form: str) -> None:
    """The engine and the reader agree with every value of the document's example."""
    said = vectors()
    salt = said["salt"].encode() if form == "sealed" else None
    build_index([work_file("ferry", said["text"])], tmp_path / "i", sealed=form == "sealed", salt=salt)
    read = Reader(tmp_path / "i", salt)
    letters, anchors = format_folding.fold(said["text"])
    counts = [len(said["text"]), len(letters), len(anchors), read.manifest["fingerprints"]]
    assert ", ".join(map(str, counts)) == said["code points, letters, words, n"]
    assert read.manifest["scheme"] == said["scheme"]
    postings = sorted(read.array("postings.bin").tolist())
    assert ", ".join(map(str, postings)) == said["postings, in the order of positions"]
    window = said["letters of the window at 138"].encode()
    assert letters[138 - 64 : 138 - 64 + 20] == window
    assert read.find(window) == [138]
    assert f"{quick_hash(window):016x}" == said["its quick hash"]
    assert ", ".join(f"{half:016x}" for half in salted_key(SALT)) == said["k0, k1"]
    assert f"{siphash(window, *salted_key(SALT)):016x}" == said["its keyed hash"]
    assert read.manifest["key_check"] == (key_check(SALT) if salt else "")
    assert key_check(SALT) == said["key_check"]


def test_the_files_are_those_of_the_table(reader: Reader) -> None:
    """Files, sizes, digests and identity are as the document says, and no other file is there."""
    column = 3 + FORMS.index(reader.manifest["form"])
    named = {row[0].strip("`") for row in rows_of("## In general") if row[column] == "yes"}
    assert {path.name for path in reader.folder.iterdir()} == named
    assert set(reader.manifest["files"]) == named - {"manifest.json"}
    for name, facts in reader.manifest["files"].items():
        content = (reader.folder / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (facts["size"], facts["sha256"])
    assert reader.identity() == reader.manifest["identity"]
    assert set(reader.manifest) == {
        cell for row in rows_of("## The manifest") for cell in re.findall(r"`(\w+)`", row[0])
    }


def test_the_arrays_have_the_lengths_of_the_table(reader: Reader) -> None:
    """Each array has as many elements as the document says."""
    n, assets = reader.manifest["fingerprints"], reader.manifest["assets"]
    expected = {
        "keys.u4": n, "postings.bin": n, "directory.bin": max(1, n // 6) + 1, "filter.u8": max(1, n // 6),
        "asset_starts.u8": assets + 1, "asset_works.u4": assets,
        "points.u4": sum(math.ceil(len(format_folding.fold(text)[0]) / 256) + 1 for text in TEXTS),
    }  # fmt: skip
    if reader.manifest["form"] == "full":
        expected |= {"letters.u1": reader.end, "breaks.u1": reader.end // 8 + 1, "words.u1": 1 << 16}
    assert {name: len(reader.array(name)) for name in expected} == expected
    assert reader.array("asset_works.u4").tolist() == [0, 1, 2, 0]
    assert reader.array("asset_starts.u8")[-1] == reader.end


def test_every_window_is_found_where_it_stands(reader: Reader) -> None:
    """The windows that the document's rule takes are indexed at their positions, and no others are."""
    positions: dict[bytes, list[int]] = {}
    for asset, text in enumerate(TEXTS):
        letters, anchors = format_folding.fold(text)
        first, last = reader.letters_of(asset)
        assert last - first == len(letters)
        for start in indexed_windows(letters, anchors, reader.window, reader.stride):
            positions.setdefault(letters[start : start + reader.window], []).append(first + start)
    assert sorted(p for places in positions.values() for p in places) == sorted(
        reader.array("postings.bin").tolist()
    )
    for window in list(positions)[::23]:
        assert reader.find(window) == positions[window]
    assert any(len(places) > 1 for places in positions.values())


def test_foreign_windows_are_not_found(reader: Reader) -> None:
    """Letters that stand in no work have no posting."""
    letters = format_folding.fold(prose(400, 99))[0]
    assert [reader.find(letters[at : at + 20]) for at in range(0, 400, 20)] == [[]] * 20


def test_checkpoints_count_code_points(reader: Reader) -> None:
    """Every 256th letter has its code point, exact where no accent stands near; the last is the text's length."""
    points = reader.array("points.u4").tolist()
    for text in TEXTS:
        letters = format_folding.fold(text)[0]
        number = math.ceil(len(letters) / 256) + 1
        mine, points = points[:number], points[number:]
        assert mine[-1] == len(text)
        before = 0
        for first, last in itertools.pairwise(mine[:-1]):
            before += len(format_folding.fold(text[first:last])[0]) - 256
            assert abs(before) <= 12
    assert points == []


def test_assets_table(reader: Reader) -> None:
    """The Parquet table has the columns that the document names."""
    paragraph = (
        DOCUMENT.read_text(encoding="utf-8")
        .split("`assets.parquet` has the columns ", 1)[1]
        .split("\n\n", 1)[0]
    )
    table = pq.read_table(reader.folder / "assets.parquet")
    assert re.findall(r"`(\w+)`", paragraph) == table.column_names
    assert table["letters"].to_pylist() == [len(format_folding.fold(text)[0]) for text in TEXTS]


def test_letters_breaks_and_texts(full: Reader) -> None:
    """The catalog's letters, the anchors and the frames of the texts are where the document says."""
    line, anchors = full.array("letters.u1").tobytes(), full.anchors()
    expected: list[int] = []
    for asset, text in enumerate(TEXTS):
        letters, own = format_folding.fold(text)
        first, last = full.letters_of(asset)
        assert line[first - 64 : last + 64] == bytes(64) + letters + bytes(64)
        expected += [first + anchor for anchor in own]
        frames = full.frames(asset)
        assert "".join(piece for _, _, piece in frames) == text
        for number, (letter, points, piece) in enumerate(frames):
            assert points == sum(len(before) for _, _, before in frames[:number])
            assert line[letter:].startswith(format_folding.fold(piece)[0])
    assert anchors == expected
    assert len(full.frames(0)) > 1
    assert len(anchors) == full.manifest["words"]
    assert full.array("chunks.u8")[-3:].tolist() == [full.end, full.manifest["files"]["texts.zst"]["size"], 0]


def test_the_model_of_words(full: Reader) -> None:
    """Each cell holds the logarithm of how many words and pairs fall into it."""
    model = full.array("words.u1")
    counts = np.zeros(len(model))
    for text in TEXTS:
        letters, anchors = format_folding.fold(text)
        words = [word_hash(letters[a:b]) for a, b in itertools.pairwise([*anchors, len(letters)])]
        for value in words + [pair_hash(*pair) for pair in itertools.pairwise(words)]:
            counts[(value >> 32) % len(model)] += 1
    assert counts.max() > 16
    assert model.tolist() == np.minimum(np.rint(8 * np.log2(counts + 1)), 255).astype(int).tolist()


PIECES = st.sampled_from(
    ["<p>", "<", ">", "&", ";", "&eacute;", "&Ccedil;", "&szlig;", "&oelig;", "&shy;", "&zwnj;", "&lt;", "&nbsp;",
     "&#233;", "&#xE9;", "&#x;", "&#65;", "-", "-\n", "- \r\n  ", "\n", " ", "ﬁ", "é", "e\u0301", "Œ", "각", "水", "𠮷",
     "ß", "\u00ad", "अनु", "ที่", "ا", "٣", "²", "a", "Word", "antidisestablishment", "42", "\U000e0101", "\U0001f600"]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=40))
def test_folding_is_as_told(pieces: list[str]) -> None:
    """The document's folding, written out in Python, gives the engine's letters and anchors for any text."""
    text = "".join(pieces).encode("utf-8", "replace").decode()
    folded = fold(text)
    letters, anchors = format_folding.fold(text)
    assert letters == folded.letters.tobytes()
    assert anchors == folded.anchors.tolist()
