"""The pictures of `countermark demo`: fetched as data, altered the same way each time, and found. No network."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from PIL import Image

from countermark.cli import demo, demo_gallery, demo_pictures
from countermark.errors import InputError
from drawn_works import drawing, encoded

if TYPE_CHECKING:
    from pathlib import Path

PHOTOGRAPH = encoded(drawing(1), "PNG")
WHEEL = "lanternphotos-1.0-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl"


def write_wheel(path: Path) -> str:
    """A wheel with one picture; return its SHA-256."""
    about = "lanternphotos-1.0.dist-info/"
    tags = "".join(f"Tag: cp311-cp311-manylinux_2_{minor}_x86_64\n" for minor in (24, 28))
    files = {
        f"{about}METADATA": b"Metadata-Version: 2.1\nName: lanternphotos\nVersion: 1.0\n",
        f"{about}WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: false\n{tags}".encode(),
        f"{about}RECORD": b"",
        "skimage/data/lantern.png": PHOTOGRAPH,
        "skimage/data/huge.png": bytes((4 << 20) + 1),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder that pip takes for its only registry, with one wheel; its SHA-256."""
    folder = tmp_path / "registry"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    digest = write_wheel(folder / WHEEL)
    named = demo_pictures.SCIKIT_IMAGE._replace(
        name="lanternphotos", version="1.0", file=WHEEL, sha256=digest
    )
    monkeypatch.setattr(demo_pictures, "SCIKIT_IMAGE", named)
    return digest


def test_the_wheel_is_fetched_once_and_read_as_data(
    registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It arrives through pip; the second time pip is not asked; a picture is read out of it."""
    wheel = demo_pictures.fetch(tmp_path / "got")
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() == registry
    assert [path.name for path in (tmp_path / "got").iterdir()] == [WHEEL]
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nowhere"))
    assert demo_pictures.fetch(tmp_path / "got") == wheel
    assert demo_pictures.picture(wheel, "lantern.png") == PHOTOGRAPH
    with pytest.raises(InputError, match=r"huge\.png is larger than"):
        demo_pictures.picture(wheel, "huge.png")
    with pytest.raises(InputError, match=r"none\.png cannot be read"):
        demo_pictures.picture(wheel, "none.png")


@pytest.mark.usefixtures("registry")
def test_another_digest_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not the pinned file is not taken."""
    named = demo_pictures.SCIKIT_IMAGE._replace(sha256="0" * 64)
    monkeypatch.setattr(demo_pictures, "SCIKIT_IMAGE", named)
    with pytest.raises(InputError, match="pip could not fetch lanternphotos"):
        demo_pictures.fetch(tmp_path / "got")
    assert not list((tmp_path / "got").glob("*.whl"))


@pytest.mark.usefixtures("registry")
def test_without_the_photographs_the_texts_are_still_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where they cannot be fetched, or the extra is not there, that part is left out with its reason."""
    monkeypatch.setattr(demo_pictures, "SCIKIT_IMAGE", demo_pictures.SCIKIT_IMAGE._replace(version="2.0"))
    assert demo._pictures(tmp_path, "en") == []
    assert (
        "The part with pictures is left out: pip could not fetch lanternphotos 2.0" in capsys.readouterr().out
    )
    monkeypatch.setattr("importlib.util.find_spec", lambda *_: None)
    assert demo._pictures(tmp_path, "en") == []
    assert "countermark[image]" in capsys.readouterr().out


def test_the_archive_is_the_same_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each work in each alteration, the others, and drawings; key, caption and address as img2dataset leaves them."""
    monkeypatch.setattr(demo_gallery, "DRAWINGS", 5)
    faint = encoded(drawing(2).convert("RGBA"), "PNG")
    works, others = [("Lantern", PHOTOGRAPH), ("Faint", faint)], [("other", encoded(drawing(3)))]
    for name in ("a.tar", "b.tar"):
        demo_gallery.write_corpus(works, others, tmp_path / name)
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()
    with tarfile.open(tmp_path / "a.tar") as archive:
        content = {
            member.name: file.read()
            for member in archive
            if (file := archive.extractfile(member)) is not None
        }
    captions = [content[name].decode() for name in sorted(content) if name.endswith(".txt")]
    assert len(captions) == 2 * len(demo_gallery.ALTERATIONS) + 1 + 5
    assert {f"Lantern, {what}" for what, _ in demo_gallery.ALTERATIONS} <= set(captions)
    assert captions != sorted(captions)
    facts = json.loads(content["000000000.json"])
    assert (facts["key"], facts["caption"]) == ("000000000", captions[0])
    assert Image.open(io.BytesIO(content["000000000.jpg"])).format == "JPEG"


@pytest.mark.slow
def test_the_part_with_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """On drawings in the place of photographs: the copies are found, and the works that were left out are not."""
    names = [work.file for work in demo_pictures.WORKS] + list(demo_pictures.OTHERS)
    drawn = {name: encoded(drawing(seed), "PNG") for seed, name in enumerate(names)}
    monkeypatch.setattr(demo_pictures, "fetch", lambda folder: folder / "no.whl")
    monkeypatch.setattr(demo_pictures, "picture", lambda _, name: drawn[name])
    monkeypatch.setattr(demo_gallery, "DRAWINGS", 10)
    (report,) = demo._pictures(tmp_path, "en")
    said = capfd.readouterr()
    assert report.is_file()
    assert "3 of the photographs were left out of the archive" in said.out, said
    table = pq.read_table(tmp_path / "pictures-run" / "works.parquet").to_pylist()
    found = {row["work_title"] for row in table if row["records"]}
    assert found == {work.title for number, work in enumerate(demo_pictures.WORKS) if number % 3 != 1}
