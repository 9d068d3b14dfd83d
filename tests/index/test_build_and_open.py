"""Building and opening an index: what goes in comes out, and damage is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from countermark.errors import InputError, OutputError, UnusableIndexError
from countermark.fingerprint.folding import fold
from countermark.index import Index, open_index
from countermark.index.build import build_index
from countermark.media import Span
from written_works import prose, work_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.works.work import WorkFile

SALT = b"sixteen bytes or more"
TEXTS = {"alpha": prose(9000, 1), "beta": "L’été—" + prose(300, 2) + " 红楼梦", "gamma": "Three short words."}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A full index of three works."""
    out = tmp_path_factory.mktemp("index") / "works.index"
    build_index((work_file(name, text) for name, text in TEXTS.items()), out)
    return out


@pytest.fixture(scope="module")
def index(folder: Path) -> Index:
    """The same, opened."""
    return open_index(folder)


def test_manifest_counts(index: Index) -> None:
    """The manifest counts what was put in."""
    manifest = index.manifest
    assert (manifest.works, manifest.assets, manifest.form) == (3, 3, "full")
    assert manifest.code_points == sum(map(len, TEXTS.values()))
    assert manifest.letters == sum(len(fold(text).letters) for text in TEXTS.values())
    assert manifest.guarantee_letters == 80
    assert [row["asset_path"] for row in index.assets()] == ["alpha.txt", "beta.txt", "gamma.txt"]
    index.verify()


def test_every_span_leads_back(index: Index) -> None:
    """Spans and excerpts are exact wherever they lie, across the frames of the stored text."""
    rng = np.random.default_rng(3)
    for number, text in enumerate(TEXTS.values()):
        folded = fold(text)
        for _ in range(60):
            start = int(rng.integers(0, len(folded.letters)))
            end = int(rng.integers(start + 1, len(folded.letters) + 1))
            span = index.asset_span(number, start, end)
            assert span == folded.span(start, end)
            assert index.excerpt(number, span) == text[span.start : span.end]


def test_same_works_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Building twice gives the same index, byte for byte."""
    again = tmp_path / "again.index"
    build_index((work_file(name, text) for name, text in TEXTS.items()), again)
    for path in folder.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_sealed_holds_no_text(tmp_path: Path) -> None:
    """A sealed index holds neither the text nor its letters, and its hashes change with the salt."""
    out, other = tmp_path / "sealed.index", tmp_path / "other.index"
    build_index([work_file("alpha", TEXTS["alpha"])], out, sealed=True, salt=SALT)
    build_index([work_file("alpha", TEXTS["alpha"])], other, sealed=True, salt=b"another salt")
    needle = bytes(fold(TEXTS["alpha"]).letters[1000:1012])
    assert all(needle not in path.read_bytes() for path in out.iterdir())
    assert not {"letters.u1", "texts.zst", "breaks.u1", "words.u1", "chunks.u8"} & {
        p.name for p in out.iterdir()
    }
    ours, theirs = np.fromfile(out / "keys.u4", "<u4"), np.fromfile(other / "keys.u4", "<u4")
    assert len(np.intersect1d(ours, theirs)) < len(ours) // 100
    sealed = open_index(out, SALT)
    assert sealed.excerpt(0, Span(0, 10)) is None
    exact = fold(TEXTS["alpha"]).span(3000, 3500)
    estimated = sealed.asset_span(0, 3000, 3500)
    assert abs(estimated.start - exact.start) < 40
    assert abs(estimated.end - exact.end) < 40


@pytest.mark.parametrize(
    ("salt", "message"),
    [(None, "--salt-file"), (b"a wrong salt of bytes", "not the one")],
    ids=["none", "wrong"],
)
def test_sealed_needs_its_salt(tmp_path: Path, salt: bytes | None, message: str) -> None:
    """Without the salt, or with another, a sealed index does not open."""
    build_index([work_file("a", prose(50, 1))], tmp_path / "i", sealed=True, salt=SALT)
    with pytest.raises(UnusableIndexError, match=message):
        open_index(tmp_path / "i", salt)


def test_full_refuses_a_salt(folder: Path) -> None:
    """A salt for an index that has none is a mistake worth telling."""
    with pytest.raises(UnusableIndexError, match="has no salt"):
        open_index(folder, SALT)


@pytest.mark.parametrize("name", ["keys.u4", "letters.u1", "assets.parquet", "filter.u8", "texts.zst"])
def test_flipped_byte_is_found(tmp_path: Path, name: str) -> None:
    """A flipped byte in any file fails the verification."""
    out = tmp_path / "i"
    build_index([work_file("alpha", TEXTS["alpha"])], out)
    data = bytearray((out / name).read_bytes())
    data[len(data) // 2] ^= 1
    (out / name).write_bytes(data)
    with pytest.raises(UnusableIndexError, match=name):
        open_index(out).verify()


@pytest.mark.parametrize("damage", ["truncate", "remove", "foreign", "garbage", "scheme", "path"])
def test_damage_is_told_at_opening(tmp_path: Path, damage: str) -> None:
    """A missing or short file, a foreign format or scheme is refused at once, with the file's name."""
    out = tmp_path / "i"
    build_index([work_file("alpha", TEXTS["alpha"])], out)
    manifest = json.loads((out / "manifest.json").read_text())
    if damage == "truncate":
        (out / "keys.u4").write_bytes(b"123")
    elif damage == "remove":
        (out / "postings.bin").unlink()
    elif damage == "garbage":
        (out / "manifest.json").write_text("{")
    else:
        manifest |= {"foreign": {"format": "x"}, "scheme": {"scheme": "image-v9"}, "path": {}}[damage]
        if damage == "path":
            manifest["files"]["../keys.u4"] = manifest["files"].pop("keys.u4")
        (out / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UnusableIndexError):
        open_index(out)


def test_not_an_index(tmp_path: Path) -> None:
    """A folder without a manifest is no index."""
    with pytest.raises(UnusableIndexError, match="is not an index"):
        open_index(tmp_path)


def test_nothing_to_index(tmp_path: Path) -> None:
    """An index of nothing is refused, and nothing is left behind."""
    with pytest.raises(InputError, match="no work"):
        build_index([], tmp_path / "i")
    assert not list(tmp_path.iterdir())


def test_a_failing_source_leaves_nothing(tmp_path: Path) -> None:
    """When reading the works fails half-way, no half index stays, and the old one stays whole."""
    out = tmp_path / "i"
    build_index([work_file("alpha", TEXTS["alpha"])], out)
    before = (out / "manifest.json").read_bytes()

    def broken() -> Iterator[WorkFile]:
        yield work_file("beta", TEXTS["beta"])
        raise InputError("no further")

    with pytest.raises(InputError, match="no further"):
        build_index(broken(), out)
    assert (out / "manifest.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["i"]


def test_nothing_beside_the_index_is_touched(tmp_path: Path) -> None:
    """Building leaves a neighbour of whatever name alone, and never replaces a folder that holds more than an index."""
    (tmp_path / "i.part").mkdir()
    (tmp_path / "i.part" / "precious.txt").write_text("precious")
    build_index([work_file("a", prose(50, 1))], tmp_path / "i")
    assert (tmp_path / "i.part" / "precious.txt").read_text() == "precious"
    (tmp_path / "i" / "thesis.docx").write_text("precious")
    with pytest.raises(OutputError, match="left alone"):
        build_index([work_file("a", prose(50, 1))], tmp_path / "i")
    assert (tmp_path / "i" / "thesis.docx").read_text() == "precious"


def test_an_edited_manifest_is_refused(tmp_path: Path) -> None:
    """Another scheme written into the manifest would find nothing in silence: the identity tells."""
    build_index([work_file("a", prose(50, 1))], tmp_path / "i")
    path = tmp_path / "i" / "manifest.json"
    path.write_text(path.read_text().replace("text-l20g20", "text-l24g20"))
    with pytest.raises(UnusableIndexError, match="was changed"):
        open_index(tmp_path / "i")


def test_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    """An index never replaces a folder that is not one."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "novel.txt").write_text("precious")
    with pytest.raises(OutputError, match="left alone"):
        build_index([work_file("a", prose(50, 1))], tmp_path / "mine")
    assert (tmp_path / "mine" / "novel.txt").read_text() == "precious"


def test_works_without_letters(tmp_path: Path) -> None:
    """A work without any letter is kept and harms nothing."""
    build_index([work_file("a", "…"), work_file("b", prose(100, 4))], tmp_path / "i")
    index = open_index(tmp_path / "i")
    assert index.manifest.works == 2
    assert index.asset_span(1, 0, 5).start == 0
