"""What a picture says of itself: XMP, IPTC-IIM and EXIF, each property with the standard that says it.

Sources: ISO 16684-1 (XMP), IPTC Photo Metadata Standard 2023.1 and its mapping to IIM, EXIF 2.32 (CIPA DC-008). What
XMP says stands before IIM, and IIM before EXIF: the order in which programs of today write and read them.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.documents.xmp import Values, parse_xmp
from countermark.errors import DocumentError
from countermark.works.importers.names import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageFile import ImageFile

_XMP: Final = {
    "title": ("dc:title",),
    "headline": ("photoshop:Headline",),
    "caption": ("dc:description",),
    "creator": ("dc:creator", "plus:ImageCreatorName"),
    "notice": ("dc:rights",),
    "owner": ("plus:CopyrightOwnerName", "xmpRights:Owner"),
    "terms": ("xmpRights:UsageTerms",),
    "statement": ("cc:license", "xmpRights:WebStatement"),
    "licensor": ("plus:LicensorName",),
    "licensor-url": ("plus:LicensorURL",),
    "credit": ("photoshop:Credit",),
    "source": ("photoshop:Source", "dc:source"),
    "created": ("photoshop:DateCreated",),
    "guid": ("Iptc4xmpExt:DigImageGUID",),
    "data-mining": ("plus:DataMining",),
    "constraints": ("plus:OtherConstraints",),
    "tdm-reservation": ("tdm:reservation",),
    "tdm-policy": ("tdm:policy",),
}
_IIM: Final = {  # datasets of record 2
    "title": 5,
    "created": 55,
    "creator": 80,
    "headline": 105,
    "credit": 110,
    "source": 115,
    "notice": 116,
    "caption": 120,
}
_EXIF: Final = {"caption": 0x010E, "creator": 0x013B, "notice": 0x8298}
_EXIF_CREATED: Final = 0x9003  # DateTimeOriginal, in the Exif directory
_EXIF_DIRECTORY: Final = 0x8769
_PACKETS: Final = ("xmp", "XML:com.adobe.xmp")
_TIFF_XMP: Final = 700
_UTF8: Final = b"\x1b%G"  # ISO 2022 in 1:90


class Said(NamedTuple):
    """One value, and the standard that it stands in: `XMP`, `IPTC` or `EXIF`."""

    standard: str
    values: tuple[str, ...]


Metadata = dict[str, list[Said]]
"""What was said of each property (the keys of the tables above), the most telling standard first."""


def metadata_of(image: ImageFile, warnings: list[str]) -> Metadata:
    """The properties of a picture that is open; what cannot be read is added to `warnings`."""
    found: Metadata = {}
    for standard, properties in (
        ("XMP", _xmp(image, warnings)),
        ("IPTC", _iptc(image, warnings)),
        ("EXIF", _exif(image, warnings)),
    ):
        for key, values in properties:
            told = tuple(dict.fromkeys(text for value in values if (text := one_line(value))))
            if told:
                found.setdefault(key, []).append(Said(standard, told))
    return found


def _xmp(image: ImageFile, warnings: list[str]) -> Iterator[tuple[str, list[str]]]:
    packet: Any = next((image.info[key] for key in _PACKETS if image.info.get(key)), None)
    if packet is None and hasattr(image, "tag_v2"):
        packet = image.tag_v2.get(_TIFF_XMP)
    if packet is None:
        return
    values: Values = {}
    try:
        values = parse_xmp(packet.encode("utf-8") if isinstance(packet, str) else bytes(packet))
    except (DocumentError, ValueError, TypeError) as error:
        warnings.append(f"the XMP was not read: {error}")
    for key, names in _XMP.items():
        yield key, [value for name in names for value in values.get(name, ())]


def _iptc(image: ImageFile, warnings: list[str]) -> Iterator[tuple[str, list[str]]]:
    from PIL.IptcImagePlugin import getiptcinfo  # noqa: PLC0415 - belongs to the extra `claims`

    try:
        info: Any = getiptcinfo(image) or {}
    except Exception as error:  # noqa: BLE001 - on hostile files it raises errors of every kind
        warnings.append(f"the IPTC-IIM was not read ({type(error).__name__}: {error})")
        return
    utf8 = info.get((1, 90)) == _UTF8
    for key, dataset in _IIM.items():
        raw = info.get((2, dataset), [])
        pieces = raw if isinstance(raw, list) else [raw]
        texts = [_decoded(piece, utf8=utf8) for piece in pieces if isinstance(piece, bytes)]
        yield key, [_iim_date(text) for text in texts] if key == "created" else texts


def _exif(image: ImageFile, warnings: list[str]) -> Iterator[tuple[str, list[str]]]:
    if image.format == "PNG" and "exif" not in image.info:
        return  # Pillow would decode all pixels to look behind them
    try:
        exif = image.getexif()
        said: dict[str, Any] = {key: exif.get(tag) for key, tag in _EXIF.items()}
        said["created"] = exif.get_ifd(_EXIF_DIRECTORY).get(_EXIF_CREATED)
    except Exception as error:  # noqa: BLE001 - on hostile files it raises errors of every kind
        warnings.append(f"the EXIF was not read ({type(error).__name__}: {error})")
        return
    for key, value in said.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        if not isinstance(text, str):
            continue
        # The standard asks for ASCII; cameras and programs write UTF-8, which arrives here as Latin-1.
        with contextlib.suppress(UnicodeError):
            text = text.encode("latin-1").decode("utf-8")
        if key == "notice":  # photographer and editor, divided by NUL (EXIF 2.32, section 4.6.4 D)
            yield key, [part for part in text.split("\0") if part.strip()]
        elif key == "creator":
            yield key, [part for part in text.replace("\0", ";").split(";") if part.strip()]
        else:
            yield key, [text.split("\0")[0]]


def _decoded(raw: bytes, *, utf8: bool) -> str:
    if utf8:
        return raw.decode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _iim_date(text: str) -> str:
    """`20190503` as it is, `20190500` as `201905`, `20190000` as `2019` (IIM 4.2, 2:55)."""
    return (
        text.removesuffix("0000")
        if text.endswith("0000")
        else text.removesuffix("00")
        if len(text) == 8
        else text
    )
