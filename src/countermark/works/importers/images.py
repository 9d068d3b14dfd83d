"""Pictures with embedded metadata: JPEG, TIFF, PNG, WebP, GIF and AVIF, through Pillow. No pixel is decoded.

What several standards say in different words is told, and the first of XMP, IPTC-IIM and EXIF is kept. The day on which
a picture was taken is no day of publication: it begins the photographer's right, where the notice names nobody else.
"""

from __future__ import annotations

import re
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.errors import DocumentError, MissingExtraError
from countermark.works.entry import (
    AssetFile,
    Contributor,
    Edition,
    Entry,
    RightsFact,
    RightsKind,
    Source,
    WorkMedium,
)
from countermark.works.identity import fold_name
from countermark.works.importers.assets import (
    Budgeted,
    SpentError,
    content_code,
    digest_and_size,
    seekable_stream,
)
from countermark.works.importers.base import refused
from countermark.works.importers.dates_written import parse_written
from countermark.works.importers.image_metadata import Metadata, metadata_of
from countermark.works.importers.listed import path_in_folder, stem, with_sidecar
from countermark.works.importers.names import given_first, one_line
from countermark.works.importers.notices import open_licence, owner_in
from countermark.works.importers.reservations import (
    data_mining_code,
    plus_reservation,
    tdmrep_remark,
    tdmrep_reservation,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from countermark.media import Refusal
    from countermark.works.importers.base import CatalogFile

MAX_PIXELS: Final = 1_000_000_000
_IN_MEMORY: Final = 256 << 20  # of a stream that cannot be searched
_METADATA: Final = 64 << 20  # bytes that the metadata of one picture may need

_MAGIC: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"GIF87a", b"GIF89a")
_HEIC: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_FORMATS: Final = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "AVIF")
_CAMERA: Final = re.compile(
    r"(?i)(olympus|minolta|samsung|kodak|sony|dcim|digital camera|default|untitled).*|\W*"
)
_LONGEST_TITLE: Final = 120  # characters; a longer caption tells a story and is no title
_COMPARED: Final = ("title", "creator", "notice", "created", "credit")


@dataclass(slots=True)
class _Picture:
    """What was read of one file."""

    mime: str
    said: Metadata
    told: list[str]

    def first(self, *keys: str) -> str:
        """The first value of the first of these properties that is said."""
        return next((self.said[key][0].values[0] for key in keys if key in self.said), "")

    def all(self, key: str) -> tuple[str, ...]:
        """All values of a property, by the standard that stands first."""
        return self.said[key][0].values if key in self.said else ()


class ImageImporter:
    """One picture, one entry."""

    format = "image"

    def recognises(self, file: CatalogFile) -> bool:
        """By the first bytes."""
        head = file.head
        return (
            head.startswith(_MAGIC)
            or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
            or (head[4:8] == b"ftyp" and head[8:12] in {*_HEIC, b"avif", b"avis"})
        )

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """The picture, after remarks on it; or a refusal: damaged, unsupported, too-large, unreadable."""
        source = Source(file.name)
        try:
            picture = _read(file)
            digest, size = digest_and_size(file)
            iscc, untold = _code(file)
        except DocumentError as error:
            yield refused(source, "", error.reason, str(error))
            return
        if untold:
            picture.told.append(untold)
        created, doubt = _created(picture)
        edition = Edition(
            form="image",
            assets=(AssetFile(path_in_folder(file), digest, picture.mime, size, iscc),),
            source=source,
        )
        entry = _entry(file, picture, created, edition)
        for remark in picture.told:
            yield refused(source, "", "warning", remark)
        if doubt:
            yield refused(source, "date created", "date", doubt)
        yield from _disagreements(picture.said, source)
        yield from with_sidecar(file, entry)


def _read(file: CatalogFile) -> _Picture:
    """The metadata; raises DocumentError, and MissingExtraError where Pillow is not installed."""
    try:
        from PIL import Image  # noqa: PLC0415 - belongs to the extra `claims`
    except ImportError:
        raise MissingExtraError(
            "reading pictures needs the extra claims: pip install 'countermark[claims]'"
        ) from None
    if file.head[4:8] == b"ftyp" and file.head[8:12] in _HEIC:
        raise DocumentError(
            "unsupported", "is a HEIC picture, which cannot be read; save a copy as JPEG or TIFF"
        )
    stream = seekable_stream(file, _IN_MEMORY)
    told: list[str] = []
    Image.init()
    formats = [name for name in _FORMATS if name in Image.OPEN]  # builds of Pillow differ
    with stream, warnings.catch_warnings(), _without_pixel_limit():
        warnings.simplefilter(
            "ignore"
        )  # Pillow warns of odd EXIF and of many pixels; both are looked at here
        try:
            with Image.open(Budgeted(stream, _METADATA), formats=formats) as image:  # type: ignore[arg-type]
                _check_size(*image.size)
                return _Picture(Image.MIME.get(image.format or "", ""), metadata_of(image, told), told)
        except DocumentError:
            raise
        except SpentError as error:
            raise DocumentError("bomb", f"is not read: {error}") from None
        except Exception as error:  # noqa: BLE001 - on hostile files Pillow raises errors of every kind
            said = (str(error).splitlines() or [""])[0][:200] or type(error).__name__
            if "cannot identify" in said:
                said = "no picture begins there that is whole enough to be read"
            raise DocumentError("damaged", f"the picture is damaged or cut off ({said})") from None


def _code(file: CatalogFile) -> tuple[str, str]:
    with seekable_stream(file, _IN_MEMORY) as stream:
        return content_code(file, "image", stream)


@contextmanager
def _without_pixel_limit() -> Generator[None]:
    """Pillow's limit is one for decoding, below what telephones of today take; ours is `_check_size`."""
    from PIL import Image  # noqa: PLC0415 - belongs to the extra `claims`

    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise DocumentError(
            "bomb", f"claims {width:,} × {height:,} pixels; up to {MAX_PIXELS:,} are accepted"
        )


def _disagreements(said: Metadata, source: Source) -> Iterator[Refusal]:
    for key in _COMPARED:
        versions = said.get(key, [])
        for other in versions[1:]:
            kept = versions[0]
            if fold_name(" ".join(kept.values))[:32] != fold_name(" ".join(other.values))[:32] and not (
                key == "created" and _same_day(kept.values[0], other.values[0])
            ):
                told = f"{kept.standard} says {'; '.join(kept.values)[:200]!r}, {other.standard} says "
                told += f"{'; '.join(other.values)[:200]!r}; {kept.standard} is kept"
                yield refused(source, key, "conflict", told)


def _same_day(one: str, other: str) -> bool:
    try:
        first, second = sorted((parse_written(one), parse_written(other)), key=len)
    except ValueError:
        return False
    return second.startswith(first)


def _created(picture: _Picture) -> tuple[str, str]:
    """The day on which the picture was made, and what is wrong with it."""
    said = picture.first("created")
    if not said or not said.strip(" 0:-"):  # cameras without a clock write zeros
        return "", ""
    try:
        return parse_written(said), ""
    except ValueError as error:
        return "", f"{error}; the date is left out"


def _entry(file: CatalogFile, picture: _Picture, created: str, edition: Edition) -> Entry:
    creators = tuple(Contributor(given_first(name), "photographer") for name in picture.all("creator"))
    terms, statement = picture.first("terms"), picture.first("statement")
    notice = picture.first("notice")
    licence = next((found for text in (statement, terms, notice) if (found := open_licence(text))), "")
    caption = picture.first("caption")
    title = picture.first("title", "headline")
    if not title and len(caption) <= _LONGEST_TITLE and not _CAMERA.fullmatch(caption):
        title = caption
    guid = picture.first("guid")
    return Entry(
        edition.source or Source(file.name),
        title or stem(file),
        other_titles=tuple({picture.first("headline")} - {title, ""}),
        medium=WorkMedium.IMAGE,
        contributors=creators,
        licence=licence or terms[:500],
        editions=(edition,),
        rights=_rights(picture, created, [person.name for person in creators], edition.source),
        issuer="iptc-guid" if guid else "",
        own_key=guid,
    )


def _rights(
    picture: _Picture, created: str, creators: list[str], source: Source | None
) -> tuple[RightsFact, ...]:
    notice = picture.first("notice")
    owner = picture.first("owner") or owner_in(notice)
    note = "; ".join(
        f"{label} {value}"
        for label, value in (
            ("notice:", notice),
            ("credit:", picture.first("credit")),
            ("source:", picture.first("source")),
            ("created:", created),
            ("rights statement:", picture.first("statement")),
            ("licences from:", " ".join((picture.first("licensor"), picture.first("licensor-url"))).strip()),
        )
        if value
    )
    own = [fold_name(name) for name in creators]
    facts: list[RightsFact] = []
    if creators and (not owner or fold_name(owner) in own):
        facts += [
            RightsFact(
                RightsKind.OWNER, name, basis="authorship", begins=created, note=one_line(note), source=source
            )
            for name in ([owner] if owner else creators)
        ]
    elif owner:
        basis = "copyright-notice"
        facts.append(RightsFact(RightsKind.OWNER, owner, basis=basis, note=one_line(note), source=source))
    return (*facts, *_reserved(picture, owner or "; ".join(creators), source))


def _reserved(picture: _Picture, party: str, source: Source | None) -> Iterator[RightsFact]:
    where = source or Source("")
    code = data_mining_code(picture.first("data-mining"))
    constraints = "; ".join(picture.all("constraints")) if code.endswith("SEECONSTRAINT") else ""
    if fact := plus_reservation(code, party, f"{where.file}#XMP", constraints, where):
        yield fact
    elif picture.first("data-mining") and not code:
        picture.told.append(
            f"plus:DataMining {picture.first('data-mining')[:100]!r} is none of its values; not counted"
        )
    value = picture.first("tdm-reservation")
    if fact := tdmrep_reservation(value, picture.first("tdm-policy"), party, f"{where.file}#XMP", where):
        yield fact
    elif remark := tdmrep_remark(value):
        picture.told.append(remark)


IMPORTER = ImageImporter()
