"""Pictures: what XMP, IPTC-IIM and EXIF say, which wins, and what is refused."""

from __future__ import annotations

import io
import json
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PIL")

from PIL import Image

from countermark.works.entry import RightsKind
from countermark.works.importers import images
from countermark.works.importers.images import IMPORTER
from countermark.works.importers.reservations import data_mining_code
from works.importers.catalog_files import held, imported

if TYPE_CHECKING:
    from countermark.media import Refusal
    from countermark.works.entry import Entry

PLUS = Path(__file__).parents[4] / "shared" / "conformance" / "iptc_plus" / "values.json"
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" {attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
FULL = """<dc:title><rdf:Alt><rdf:li xml:lang="fr">Le bac de nuit</rdf:li>
<rdf:li xml:lang="x-default">Night ferry</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Sørensen, Mette</rdf:li></rdf:Seq></dc:creator>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© 2019 Mette Sørensen</rdf:li></rdf:Alt></dc:rights>
<plus:Licensor><rdf:Seq><rdf:li rdf:parseType="Resource"><plus:LicensorURL>https://licences.example/42</plus:LicensorURL>
</rdf:li></rdf:Seq></plus:Licensor>"""


def xmp(elements: str = FULL, attributes: str = "") -> bytes:
    return XMP.format(elements=elements, attributes=attributes).encode()


def iptc(*datasets: tuple[int, bytes], utf8: bool = True) -> bytes:
    """A Photoshop resource with an IIM block."""
    block = b"\x1c\x01\x5a\x00\x03\x1b%G" if utf8 else b""
    block += b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(value)) + value for number, value in datasets
    )
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    payload = b"Photoshop 3.0\0" + resource
    return b"\xff\xed" + struct.pack(">H", len(payload) + 2) + payload


def picture(kind: str = "JPEG", segment: bytes = b"", **extra: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "navy").save(out, kind, **extra)
    data = out.getvalue()
    return data[:2] + segment + data[2:] if segment else data


def exif(**tags: str) -> bytes:
    made = Image.Exif()
    for name, number in (("caption", 0x010E), ("artist", 0x013B), ("notice", 0x8298)):
        if name in tags:
            made[number] = tags[name].encode()  # Pillow would write ASCII
    if "taken" in tags:
        made.get_ifd(0x8769)[0x9003] = tags["taken"]
    return made.tobytes()


def read(data: bytes, name: str = "ferry.jpg") -> tuple[Entry, list[Refusal]]:
    entries, refusals = imported(IMPORTER, held(name, data))
    assert len(entries) == 1
    return entries[0], refusals


@pytest.mark.parametrize(
    ("kind", "mime"), [("JPEG", "image/jpeg"), ("TIFF", "image/tiff"), ("WEBP", "image/webp")]
)
def test_xmp_is_read_from_each_format(kind: str, mime: str) -> None:
    """Title in the default language, creator, owner, licensor, and the file as an asset."""
    data = picture(kind, xmp=xmp()) if kind != "TIFF" else picture(kind, tiffinfo={700: xmp()})
    entry, refusals = read(data)
    assert (entry.title, entry.medium, refusals) == ("Night ferry", "image", [])
    assert [(person.name, person.role) for person in entry.contributors] == [
        ("Mette Sørensen", "photographer")
    ]
    owner = entry.rights[0]
    assert (owner.kind, owner.party, owner.basis) == (RightsKind.OWNER, "Mette Sørensen", "authorship")
    assert "https://licences.example/42" in owner.note
    assert (entry.editions[0].form, entry.editions[0].assets[0].mime) == ("image", mime)
    assert entry.editions[0].assets[0].size == len(data)


def test_xmp_in_png() -> None:
    """It stands in an iTXt chunk before the pixels."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp().decode())
    assert read(picture("PNG", pnginfo=info))[0].title == "Night ferry"


def test_xmp_before_iptc_before_exif_and_told() -> None:
    """Each property by itself; what differs is a remark that names both."""
    segment = iptc((5, b"Autre titre"), (116, "© Agence Brume".encode()), (80, b"Mette Sorensen"))
    made = picture(segment=segment, xmp=xmp(), exif=exif(artist="Someone Else", taken="2019:05:03 22:10:00"))
    entry, refusals = read(made)
    assert entry.title == "Night ferry"
    assert {refusal.reason for refusal in refusals} == {"conflict"}
    told = " ".join(refusal.detail for refusal in refusals)
    assert "IPTC says 'Autre titre'" in told
    assert "EXIF says 'Someone Else'" in told
    assert "© Agence Brume" in told
    assert entry.rights[0].begins == "2019-05-03"


def test_iptc_alone() -> None:
    """By-line, copyright notice, object name, date without a day; a notice that names an agency names the owner."""
    segment = iptc(
        (5, b"Quai"), (80, b"Jean Corbel"), (116, "© 2011 Agence Brume".encode()), (55, b"20110400")
    )
    entry, refusals = read(picture(segment=segment))
    assert (entry.title, entry.contributors[0].name, refusals) == ("Quai", "Jean Corbel", [])
    assert (entry.rights[0].party, entry.rights[0].basis) == ("Agence Brume", "copyright-notice")
    assert "created: 2011-04" in entry.rights[0].note
    assert entry.published == ""


def test_iptc_without_its_encoding_is_latin() -> None:
    """Without 1:90 the bytes are those of Western Europe, unless they are UTF-8."""
    assert read(picture(segment=iptc((80, b"Ren\xe9"), utf8=False)))[0].contributors[0].name == "René"
    assert read(picture(segment=iptc((80, "René".encode()), utf8=False)))[0].contributors[0].name == "René"


def test_exif_alone() -> None:
    """Artist, copyright of photographer and editor, a short description as title, UTF-8 where ASCII is due."""
    made = exif(
        artist="Zoé Martel", notice="(c) Zoé Martel", caption="Brume sur le port", taken="0000:00:00 00:00:00"
    )
    entry, refusals = read(picture(exif=made))
    assert (entry.title, entry.contributors[0].name, refusals) == ("Brume sur le port", "Zoé Martel", [])
    assert (entry.rights[0].party, entry.rights[0].begins) == ("Zoé Martel", "")


def test_what_cameras_write_is_no_title() -> None:
    """The name of the file is."""
    assert read(picture(exif=exif(caption="OLYMPUS DIGITAL CAMERA")), "a/b/pier.jpg")[0].title == "pier"


def test_a_picture_without_metadata_is_an_entry() -> None:
    """By its name."""
    entry, refusals = read(picture("GIF"), "x.gif")
    assert (entry.title, entry.contributors, entry.rights, refusals) == ("x", (), (), [])


@pytest.mark.skipif(not PLUS.exists(), reason="the conformance data is not here")
def test_plus_data_mining_as_the_conformance_data_has_it() -> None:
    """Each reserved value is one reservation; `allowed` is a licence; `unset` says nothing."""
    for uri, meaning in json.loads(PLUS.read_text())["values"].items():
        made = picture(xmp=xmp("", f'plus:DataMining="{uri}"'))
        facts = read(made)[0].rights
        if meaning.startswith("reserved"):
            assert [(fact.kind, fact.basis) for fact in facts] == [(RightsKind.RESERVATION, "iptc-plus")]
            assert facts[0].number == "ferry.jpg#XMP"
        else:
            assert [fact.kind for fact in facts] == [RightsKind.LICENCE] * (meaning == "allowed")


def test_plus_data_mining_as_older_writers_had_it() -> None:
    """The label instead of the address; anything else is told and not counted."""
    assert data_mining_code("Prohibited for AI/ML training") == "DMI-PROHIBITED-AIMLTRAINING"
    made = picture(xmp=xmp("<plus:DataMining>Prohibited for Generative AI/ML training</plus:DataMining>"))
    assert read(made)[0].rights[0].uses == "generative-training"
    entry, refusals = read(picture(xmp=xmp("<plus:DataMining>Verboten</plus:DataMining>")))
    assert (entry.rights, [refusal.reason for refusal in refusals]) == ((), ["warning"])


def test_a_licence_of_creative_commons() -> None:
    """From the web statement, the terms or the notice."""
    made = xmp(
        "<xmpRights:WebStatement>https://creativecommons.org/licenses/by/4.0/</xmpRights:WebStatement>"
    )
    assert read(picture(xmp=made))[0].licence == "CC-BY-4.0"


def test_xmp_with_entities_is_not_read() -> None:
    """The picture is: the bomb is told."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    entry, refusals = read(picture(xmp=bomb))
    assert entry.title == "ferry"
    assert "entities" in refusals[0].detail


@pytest.mark.parametrize("packet", [b"<x", b"\xff\xfe\x00", b"<a>" * 100_000, b""])
def test_damaged_xmp_is_told(packet: bytes) -> None:
    """And the rest of the picture is read."""
    data = (
        picture("TIFF", tiffinfo={700: packet, 315: "Anna Lind"}) if len(packet) < 60_000 else picture("TIFF")
    )
    assert read(data)[0].title == "ferry"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_hundred_thousand_pixels_squared_are_refused() -> None:
    """By what the header claims, before anything is decoded."""
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )
    entries, refusals = imported(IMPORTER, held("wide.png", data))
    assert (entries, refusals[0].reason) == ([], "bomb")
    assert "100,000 × 100,000" in refusals[0].detail


def test_two_hundred_million_pixels_are_not_refused() -> None:
    """Telephones take such pictures; Pillow's own limit is one for decoding, and stays as it was."""
    header = struct.pack(">IIBBBBB", 16_320, 12_240, 8, 2, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )
    before = Image.MAX_IMAGE_PIXELS
    assert read(data, "big.png")[0].title == "big"
    assert before == Image.MAX_IMAGE_PIXELS


def test_metadata_beyond_the_budget_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tag that claims the whole memory is not followed."""
    monkeypatch.setattr(images, "_METADATA", 1 << 16)
    data = picture("TIFF", tiffinfo={700: b" " * (1 << 17)})
    entries, refusals = imported(IMPORTER, held("big.tif", data))
    assert (entries, refusals[0].reason) == ([], "bomb")


def test_every_cut_is_one_entry_or_one_refusal() -> None:
    """A picture that ends early never ends the import."""
    whole = picture(segment=iptc((5, b"Quai")), xmp=xmp(), exif=exif(artist="A"))
    for end in range(4, len(whole), 37):
        entries, refusals = imported(IMPORTER, held("cut.jpg", whole[:end]))
        assert len(entries) == 1 or refusals[-1].reason == "damaged"
    entries, refusals = imported(IMPORTER, held("cut.jpg", whole[:5]))
    assert "cut.jpg: the picture is damaged" in refusals[0].detail


def test_heic_is_refused_with_what_to_do() -> None:
    """Pillow reads none."""
    refusals = imported(IMPORTER, held("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 64))[1]
    assert (refusals[0].reason, "JPEG" in refusals[0].detail) == ("unsupported", True)


def test_other_files_are_not_recognised() -> None:
    """By their bytes, whatever the name."""
    assert not IMPORTER.recognises(held("a.jpg", b"not a picture"))
    assert not IMPORTER.recognises(held("a.jpg", b""))
