"""An index of pictures: the same bytes twice, and nothing that is damaged, foreign or made to harm is opened."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from countermark.errors import InputError, UnusableIndexError
from countermark.index import open_index
from countermark.index.build import build_index
from countermark.index.image import checking, layout
from countermark.index.image.build import build_image_index
from countermark.index.image.lookup import open_image_index
from countermark.index.manifest import identity_of
from countermark.media import Asset, Medium, Refusal
from countermark.works.work import Work, WorkFile
from drawn_works import WORKS, build, encoded, shared_index, shared_works
from written_works import prose, work_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of eight works, to be damaged."""
    return shutil.copytree(shared_index(), tmp_path / "works.index")


def picture_file(name: str, data: bytes) -> WorkFile:
    """A work with one picture."""
    digest = hashlib.sha256(data).hexdigest()
    return WorkFile(Work(name, name.title()), Asset(name, f"{name}.png", Medium.IMAGE, digest, data=data))


def edited(index: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest as somebody would who knows how its identity is made."""
    path = index / "manifest.json"
    content = json.loads(path.read_bytes())
    change(content)
    marks = {"format": content.pop("format")}
    content["identity"] = identity_of(content)
    path.write_text(json.dumps(content | marks))


def rewritten(index: Path, name: str, array: np.ndarray[Any, Any]) -> None:
    """Write an array in the place of another, and let the manifest say so."""
    path = index / f"{name}.array"
    array.tofile(path)
    facts = {"size": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    shaped = {"dtype": array.dtype.str, "shape": list(array.shape)}

    def change(content: dict[str, Any]) -> None:
        content["files"][path.name] = facts
        content["facts"]["arrays"][name] = shaped

    edited(index, change)


def test_it_holds_what_was_put_in(index: Path) -> None:
    """Counts, facts, views and prints of each work."""
    opened = open_image_index(index)
    opened.verify()
    assert (opened.manifest.works, opened.manifest.assets, opened.manifest.medium) == (WORKS, WORKS, "image")
    for number, row in enumerate(opened.assets()):
        data = (shared_works() / row["asset_path"]).read_bytes()
        assert (row["width"], row["height"]) == (480, 360)
        assert row["asset_digest"] == hashlib.sha256(data).hexdigest()
        assert opened.view(number).shape == (240, 320)
        assert opened.print_of(number)[:2] == b"\xff\xd8"
        assert len(opened.words.features(number)) > 100
    assert set(opened.entry_assets.tolist()) == set(range(WORKS))
    assert opened.vectors is None


def test_every_array_is_known_to_the_checks(index: Path) -> None:
    """An array that a build writes and no check knows would be read by kernels unchecked."""
    assert set(json.loads((index / "manifest.json").read_bytes())["facts"]["arrays"]) == set(checking.ARRAYS)


def test_same_works_same_bytes(index: Path, tmp_path: Path) -> None:
    """Building twice gives the same index, byte for byte."""
    build(shared_works(), tmp_path / "again")
    names = sorted(path.name for path in index.iterdir())
    assert names == sorted(path.name for path in (tmp_path / "again").iterdir())
    for name in names:
        assert (index / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_without_prints_nothing_large_is_kept(tmp_path: Path) -> None:
    """Where prints are declined the file is there, and empty."""
    out, _ = build(shared_works(), tmp_path / "i", prints=False)
    opened = open_image_index(out)
    opened.verify()
    assert (out / layout.PRINTS).stat().st_size == 0
    assert opened.print_of(3) == b""
    assert opened.manifest.facts["prints"] is False


def test_what_cannot_be_decoded_is_refused_and_the_others_stay_in_step(tmp_path: Path) -> None:
    """Broken pictures are told with a reason; views and prints of those after them are their own."""
    works = [path.read_bytes() for path in sorted(shared_works().iterdir())[:2]]
    files = [
        picture_file("one", works[0]),
        picture_file("cut", works[0][:90]),
        picture_file("none", b""),
        picture_file("two", works[1]),
    ]
    refused: list[Refusal] = []
    build_image_index(files, tmp_path / "i", refuse=refused.append)
    assert [(refusal.where, refusal.reason) for refusal in refused] == [
        ("cut.png", "truncated"),
        ("none.png", "empty"),
    ]
    assert all(refusal.detail.count(refusal.where) == 1 for refusal in refused)
    opened, whole = open_image_index(tmp_path / "i"), open_image_index(shared_index())
    assert [row["work_id"] for row in opened.assets()] == ["one", "two"]
    for number in range(2):
        assert opened.print_of(number) == whole.print_of(number)
        assert (opened.view(number) == whole.view(number)).all()


def test_works_without_texture_are_remarked(tmp_path: Path) -> None:
    """A picture of one colour harms nothing, finds nothing, and is told."""
    plain = encoded(Image.new("RGB", (200, 160), (90, 120, 30)), "PNG")
    refused: list[Refusal] = []
    work = picture_file("work", (shared_works() / "work-0.png").read_bytes())
    build_image_index([picture_file("plain", plain), work], tmp_path / "i", refuse=refused.append)
    assert [(refusal.where, refusal.reason) for refusal in refused] == [("plain.png", "warning")]
    assert "no texture" in refused[0].detail
    open_image_index(tmp_path / "i").verify()
    build_image_index([picture_file("plain", plain)], tmp_path / "alone", refuse=refused.append)
    open_image_index(tmp_path / "alone").verify()


def test_nothing_to_index(tmp_path: Path) -> None:
    """Where no picture can be decoded there is no index, and nothing is left behind."""
    with pytest.raises(InputError, match=r"none of the pictures could be decoded; the first: cut\.png: "):
        build_image_index([picture_file("cut", b"\xff\xd8\xff")], tmp_path / "i")
    with pytest.raises(InputError, match="no picture was found"):
        build_image_index([], tmp_path / "i")
    assert not list(tmp_path.iterdir())


def test_texts_and_pictures_are_not_mixed_up(index: Path, tmp_path: Path) -> None:
    """Each kind of index is refused by the other's opening, with its medium."""
    build_index([work_file("a", prose(80, 1))], tmp_path / "texts")
    with pytest.raises(UnusableIndexError, match=r"another medium \(text\), not of pictures"):
        open_image_index(tmp_path / "texts")
    with pytest.raises(UnusableIndexError, match=r"another medium \(image\), not of texts"):
        open_index(index)
    edited(index, lambda content: content.update(scheme="image-pdq256-bin256-v9"))
    with pytest.raises(UnusableIndexError, match="v9; this version reads"):
        open_image_index(index)


FILES = sorted([*(f"{name}.array" for name in checking.ARRAYS), "assets.parquet", "views.bin", "prints.bin"])


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_held_against_its_size_and_its_digest(index: Path, name: str) -> None:
    """A file that is short or missing is told at opening, one with a flipped byte by `verify`."""
    path = index / name
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[len(changed) // 2] ^= 0x10
    path.write_bytes(changed)
    with pytest.raises(UnusableIndexError, match=name.removesuffix(".array")):
        open_image_index(index).verify()
    path.write_bytes(whole[:-1])
    with pytest.raises(UnusableIndexError, match=name):
        open_image_index(index)
    path.unlink()
    with pytest.raises(UnusableIndexError, match=f"{name} is missing"):
        open_image_index(index)


@pytest.mark.parametrize(
    ("dtype", "shape"),
    [
        ("|O", [WORKS + 1]),
        ("<u8", [-1]),
        ("<u8", [1 << 60]),
        ("<u8", [0, 1 << 62]),
        ("<u8", [WORKS + 2]),
        ("<u8", [WORKS]),
        ("<u8", [[9]]),
        ("<u8", [9.0]),
        ("<u8", [True]),
        ("<u8", "9"),
        ("<u8", None),
        ("<u4", [2 * WORKS + 2]),
        ("<f8", [WORKS + 1]),
        ("<M8[s]", [WORKS + 1]),
        ("<u8", [3, 3]),
        (">u8", [WORKS + 1]),
        ("u8, u8", [4]),
        ({"names": ["a"], "formats": ["O"]}, [9]),
        (7, [9]),
        ("no type", [9]),
    ],
)
def test_a_manifest_may_say_anything_of_an_array(index: Path, dtype: object, shape: object) -> None:
    """Types that hold addresses, lengths below nothing or beyond memory, and what is no type or shape at all."""
    array = {"dtype": dtype, "shape": shape}
    edited(index, lambda content: content["facts"]["arrays"].update(view_ends=array))
    with pytest.raises(UnusableIndexError, match="view_ends"):
        open_image_index(index)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["facts"].pop("arrays"),
        lambda content: content["facts"].update(arrays=[]),
        lambda content: content["facts"]["arrays"].pop("words_codes"),
        lambda content: content["facts"]["arrays"].update(view_ends=3),
        lambda content: content["facts"]["arrays"].update(view_ends={}),
        lambda content: content.update(facts=None),
        lambda content: content.update(facts=[]),
        lambda content: content.update(works="eight"),
        lambda content: content.update(assets=-1),
        lambda content: content.update(assets=WORKS + 1),
        lambda content: content.update(fingerprints=None),
        lambda content: content["files"].pop("words_codes.array"),
        lambda content: content["files"].pop("views.bin"),
        lambda content: content["facts"].update(embedding="0" * 64),
        lambda content: content["facts"].update(embedding=5),
    ],
)
def test_a_manifest_that_lacks_or_contradicts(
    index: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    """Whatever is missing or of another kind is told as an unusable index."""
    edited(index, change)
    with pytest.raises(UnusableIndexError):
        open_image_index(index)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("entry_assets", WORKS),
        ("entry_boxes", np.nan),
        ("entry_boxes", 7),
        ("hashes_firsts", 1 << 30),
        ("hashes_entries", 1 << 30),
        ("hashes_owners", WORKS),
        ("hashes_members", (1 << 32) - 1),
        ("hashes_groups", 1 << 62),
        ("words_word_starts", 1 << 40),
        ("words_word_starts", -5),
        ("words_list_starts", 1 << 40),
        ("words_owners", WORKS),
        ("words_places", 1 << 31),
        ("words_starts", -1),
        ("words_shapes", 0),
    ],
)
def test_numbers_that_lead_nowhere_are_noticed(index: Path, name: str, value: float) -> None:
    """The kernels check no bounds: an index of a stranger must not make them read elsewhere."""
    array = np.array(open_image_index(index)._arrays[name])
    array.reshape(-1)[array.size // 2 | 1] = value
    rewritten(index, name, array)
    with pytest.raises(UnusableIndexError, match=name):
        open_image_index(index).verify()


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("hashes_bounds", np.array([0, 200, 256], dtype="<u4")),
        ("hashes_bounds", np.arange(257, dtype="<u4")),
        ("hashes_bounds", np.zeros(17, dtype="<u4")),
        ("hashes_groups", np.zeros((9, 2), dtype="<u8")),
        ("hashes_members", np.zeros(5, dtype="<u4")),
        ("view_ends", np.arange(WORKS + 1, dtype="<u8")),
        ("print_ends", np.arange(WORKS + 1, dtype="<u8")[::-1].copy()),
        ("words_codes", np.zeros((7, 4), dtype="<u8")),
        ("words_codes", np.zeros((7168, 3), dtype="<u8")),
    ],
)
def test_arrays_that_do_not_fit_one_another_are_told_at_opening(
    index: Path, name: str, array: np.ndarray[Any, Any]
) -> None:
    """Lengths are compared among all arrays, and with the files that they speak of."""
    rewritten(index, name, array)
    with pytest.raises(UnusableIndexError):
        open_image_index(index)


@pytest.mark.parametrize(
    ("column", "value"),
    [("asset_digest", "../../../etc/passwd"), ("width", 0), ("work_title", None), ("height", None)],
)
def test_a_table_of_works_that_was_made_up(index: Path, column: str, value: object) -> None:
    """A digest becomes the name of a file in the run folder: a path in its place is refused."""
    path = index / layout.ASSETS
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows[2][column] = value
    pq.write_table(type(table).from_pylist(rows, schema=table.schema), path)
    _described_anew(index, path)
    opened = open_image_index(index)
    with pytest.raises(UnusableIndexError, match="not the works of an index of pictures"):
        opened.verify()
    with pytest.raises(UnusableIndexError, match="not the works of an index of pictures"):
        opened.assets()


def test_a_table_and_views_that_are_none(index: Path) -> None:
    """Bytes that are no Parquet and no pictures are told as what they are."""
    for name in (layout.ASSETS, layout.VIEWS):
        path = index / name
        path.write_bytes(bytes(path.stat().st_size))
        _described_anew(index, path)
    opened = open_image_index(index)
    with pytest.raises(UnusableIndexError, match=layout.ASSETS):
        opened.assets()
    with pytest.raises(UnusableIndexError, match=layout.VIEWS):
        opened.view(1)


def _described_anew(index: Path, path: Path) -> None:
    facts = {"size": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    edited(index, lambda content: content["files"].update({path.name: facts}))
