"""Catalogue files made to hang, to burst or to steer: each ends soon, in little memory, and says why."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from countermark.media import Refusal
from countermark.works.entry import Entry
from countermark.works.importers import opening
from countermark.works.importers.assets import MAX_READS, Budgeted, SpentError
from countermark.works.importers.base import HEAD_BYTES, CatalogFile
from countermark.works.importers.images import IMPORTER as IMAGES
from countermark.works.importers.json_stream import objects
from countermark.works.importers.jsonld import IMPORTER as JSONLD
from countermark.works.importers.ninjs import IMPORTER as NINJS
from countermark.works.importers.notices import owner_in
from countermark.works.importers.opening import open_inputs
from countermark.works.importers.registry import detect
from countermark.works.importers.xml_root import root_of
from countermark.works.iscc import image_pixels


def file_of(data: bytes, name: str) -> CatalogFile:
    """A file in memory."""
    return CatalogFile(name, "", data[:HEAD_BYTES], lambda: io.BytesIO(data))


@pytest.mark.parametrize(
    "head",
    [
        b"<?" * 32_000,
        b"<!--" * 16_000,
        b"<!DOCTYPE " * 6_500,
        b'<!DOCTYPE a "' * 5_000,
        b"<!DOCTYPE a [" + b"<!--" * 16_000,
        b"<!DOCTYPE a [" + b"<" * 64_000,
        b"<rss " * 13_000,
        b" " * 65_000,
    ],
)
def test_the_root_is_looked_for_in_linear_time(head: bytes) -> None:
    """Every importer of XML asks for it; in quadratic time this test would take a minute."""
    assert root_of(head + b">").name in {"", "rss"}


@pytest.mark.parametrize("before", ["", "<!-- a --><?pi <x>?>\n", "\ufeff"])
@pytest.mark.parametrize(
    "root", ['rss version="2.0"', 'feed xmlns="http://www.w3.org/2005/Atom"', "urlset", "ONIXMessage"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_does_not_hide_the_format(root: str, before: str, encoding: str) -> None:
    """So that the user hears of the entities, and not of an unknown format."""
    kind = root.split(maxsplit=1)[0]
    bomb = (
        f"{before}<!DOCTYPE {kind} [<!ENTITY a \"]>\"><!-- ' ]> --><!ENTITY b '&a;&a;'>]><{root}>&b;</{kind}>"
    )
    file = file_of(bomb.encode(encoding), "x.xml")
    assert root_of(file.head).name == kind
    assert detect(file) is not None


@pytest.mark.parametrize("tail", ["." * 1_990, ". " * 990, "—," * 990, "2020-" * 390, "2020, " * 330])
def test_notices_are_read_in_linear_time(tail: str) -> None:
    """One took eleven seconds, and a file may hold a million."""
    assert owner_in(f"© Vent d’Est{tail}x").startswith("Vent d’Est")


@pytest.mark.parametrize(
    "end",
    ["", ".", ", 2020", " 2019-2021.", " © 2020", " – 1999, 2003 – present ", " 2020. All rights reserved."],
)
def test_what_follows_the_owner_is_still_taken_off(end: str) -> None:
    """Years and signs, in any order."""
    assert owner_in(f"© 2018 Vent d’Est{end}").startswith("Vent d’Est")
    assert owner_in("© Studio2020") == "Studio2020"
    assert owner_in("© Vent d’Est, 2019-2021.") == "Vent d’Est"


def test_a_byline_of_spaces_is_read_in_linear_time() -> None:
    """White space before a separator that never comes."""
    story = {
        "uri": "urn:x:1",
        "versioncreated": "2020-01-01T00:00:00Z",
        "headline": "H",
        "byline": f"A{' ' * 200_000}B",
    }
    (entry,) = NINJS.entries(file_of(json.dumps(story).encode(), "x.json"))
    assert isinstance(entry, Entry)
    assert [person.name for person in entry.contributors] == ["A B"]


def test_half_a_pair_and_digits_without_end_stay_with_their_record() -> None:
    """JSON can write both, UTF-8 and Python's numbers cannot hold them: no other record is lost."""
    records = rf'[{{"a": "x\ud800y", "b": "\ud83d\ude00"}}, {{"a": {"9" * 5_000}, "b": -12}}, {{"a": 1}}]'
    first, second, third = (value for _, value in objects(io.BytesIO(records.encode())))
    assert first == {"a": "x\ufffd\ufffd\ufffdy", "b": "\U0001f600"}
    assert second == {"a": "9" * 5_000, "b": -12}
    assert third == {"a": 1}


def test_jsonld_keeps_no_sign_that_steers_a_terminal() -> None:
    """Nor half a pair, which no catalog can store; many faults are told in linear time."""
    node = {
        "@context": "https://schema.org",
        "@type": "Book",
        "name": "\x1b[2JTitle\u202e\x9b31m",
        "author": ["\ud800A", {"name": "B\x07\r\n"}],
        "identifier": [{"propertyID": "isbn", "value": f"bad{number}"} for number in range(20_000)],
    }
    *remarks, entry = JSONLD.entries(file_of(json.dumps(node).encode(), "x.jsonld"))
    assert isinstance(entry, Entry)
    assert entry.title == "[2JTitle 31m"
    assert all(person.name.isprintable() for person in entry.contributors)
    assert len(remarks) == 20_000


def _archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_the_list_of_members_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was read anew for each member: 20,000 took minutes. A name leads nowhere."""
    path = _archive(tmp_path / "a.zip", {f"../../{number}.csv": b"title\nA\n" for number in range(50)})
    opened: list[object] = []
    real = zipfile.ZipFile.__init__

    def counted(archive: zipfile.ZipFile, *given: Any) -> None:
        opened.append(archive)
        real(archive, *given)

    monkeypatch.setattr(zipfile.ZipFile, "__init__", counted)
    files = [file for file in open_inputs([path]) if isinstance(file, CatalogFile)]
    assert len(files) == 50
    assert len(opened) == 1
    for file in files:
        with file.open() as stream:
            assert stream.read() == b"title\nA\n"


def test_a_list_of_members_larger_than_is_read(tmp_path: Path) -> None:
    """Its length is the archive's word: it would be read in one piece."""
    claimed = opening.MAX_LIST + 46
    wide = struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 9, 9, claimed, 0)
    locator = struct.pack("<IQI", 0, claimed, 1)
    end = struct.pack("<HHHHIIH", 0, 0, 65_535, 65_535, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path = tmp_path / "a.zip"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04" + bytes(26))
        file.truncate(claimed)
        file.seek(claimed)
        file.write(b"PK\x06\x06" + wide + b"PK\x06\x07" + locator + b"PK\x05\x06" + end)
    (refusal,) = open_inputs([path])
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "archive"
    assert "list of members" in refusal.detail


def test_members_that_lie_one_in_another_are_a_bomb(tmp_path: Path) -> None:
    """One stretch of data under a thousand names."""
    path = _archive(tmp_path / "a.zip", {"k.csv": b"title\n" + b"A\n" * 10_000})
    data = path.read_bytes()
    end = data.rfind(b"PK\x05\x06")
    (start,) = struct.unpack("<I", data[end + 16 : end + 20])
    listed = data[start:end] * 1_000
    tail = struct.pack("<HHHHIIH", 0, 0, 1_000, 1_000, len(listed), start, 0)
    path.write_bytes(data[:start] + listed + b"PK\x05\x06" + tail)
    (refusal,) = open_inputs([path])
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "bomb"


def test_a_parser_that_is_led_from_byte_to_byte_ends() -> None:
    """Thirty million bytes of padding before a marker took Pillow 16 seconds."""
    source = Budgeted(io.BytesIO(bytes(MAX_READS + 10)), 1 << 30)
    for _ in range(MAX_READS):
        source.read(1)
    with pytest.raises(SpentError, match="pieces"):
        source.read(1)


def _png(width: int, height: int, pixels: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_no_pixel_is_decoded_for_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow decodes a PNG whole to look for EXIF behind the pixels: 2.7 GB for this one."""
    Image.init()
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("pixels were decoded"))
    data = _png(30_000, 30_000, zlib.compress(bytes(1_000)))
    file = CatalogFile("x.png", "", data, lambda: io.BytesIO(data), {"iscc": "no"})
    items = list(IMAGES.entries(file))
    assert len(items) == 1
    assert isinstance(items[0], Entry)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P"])
def test_pictures_in_strips_give_the_same_pixels(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of any height, with a border and without: a strip of one row, of a few, and the whole."""
    picture = Image.effect_mandelbrot((64, 50), (-2, -1.5, 1, 1.5), 50).convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize((64, 50)))
    framed = Image.new("RGBA", (90, 83), (255, 255, 255, 255))
    framed.paste(picture, (9, 17))
    stored = io.BytesIO()
    framed.convert(mode).save(stored, "PNG")
    found = set()
    for rows in (1, 7, 100):
        monkeypatch.setattr("countermark.works.iscc._ROWS", rows)
        found.add(image_pixels(stored.getvalue()))
    assert len(found) == 1
