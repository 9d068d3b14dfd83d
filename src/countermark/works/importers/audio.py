"""Recordings with embedded metadata: MP3, FLAC, Ogg Vorbis, Opus, M4A, WAV, AIFF and WMA, through tinytag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

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
from countermark.works.identifiers import Identifier, IdentifierError, parse_identifier
from countermark.works.importers.assets import (
    Budgeted,
    SpentError,
    content_code,
    digest_and_size,
    seekable_stream,
)
from countermark.works.importers.base import refused
from countermark.works.importers.dates_written import parse_written
from countermark.works.importers.listed import path_in_folder, stem, with_sidecar
from countermark.works.importers.names import one_line, people
from countermark.works.importers.notices import open_licence, owner_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tinytag import TinyTag

    from countermark.media import Refusal
    from countermark.works.importers.base import CatalogFile

_IN_MEMORY: Final = 256 << 20  # of a stream that cannot be searched
_METADATA: Final = 64 << 20  # bytes that the tags of one recording may need
_MIMES: Final = (
    (b"ID3", "audio/mpeg"), (b"fLaC", "audio/flac"), (b"OggS", "audio/ogg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "audio/x-ms-wma"),
)  # fmt: skip
_SOUND_BRANDS: Final = (b"M4A ", b"M4B ", b"M4P ")  # other MP4 files may be films
_MP4_SUFFIXES: Final = (".m4a", ".m4b", ".m4r")
_MPEG_SUFFIXES: Final = (".mp1", ".mp2", ".mp3")


class AudioImporter:
    """One recording, one entry."""

    format = "audio"

    def recognises(self, file: CatalogFile) -> bool:
        """By the first bytes; MP3 without a tag by its name too, for two bytes say little."""
        return bool(_mime(file))

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """The recording, after remarks on it; or a refusal: damaged, too-large, unreadable."""
        source = Source(file.name)
        try:
            tag = _read(file)
            digest, size = digest_and_size(file)
            iscc, untold = _code(file)
        except DocumentError as error:
            yield refused(source, "", error.reason, str(error))
            return
        said = _Tags(tag)
        asset = AssetFile(path_in_folder(file), digest, _mime(file), size, iscc)
        if untold:
            yield refused(source, "ISCC", "warning", untold)
        for item in _entry(file, said, asset):
            if isinstance(item, Entry):
                yield from with_sidecar(file, item)
            else:
                yield item


class _Tags:
    """The values of a file's tags, each on one line."""

    def __init__(self, tag: TinyTag) -> None:
        self._values: dict[str, list[str]] = {}
        for key, values in tag.as_dict().items():
            texts = values if isinstance(values, list) else [str(values)]
            told = [text for value in texts[:100] if (text := one_line(str(value)))]
            self._values[key] = list(dict.fromkeys(told))
        self.duration = tag.duration

    def all(self, key: str) -> list[str]:
        """All values of a field."""
        return self._values.get(key, [])

    def first(self, key: str) -> str:
        """The first value of a field, or nothing."""
        return next(iter(self.all(key)), "")


def _mime(file: CatalogFile) -> str:
    head = file.head
    for magic, mime in _MIMES:
        if head.startswith(magic):
            return mime
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return "audio/aiff"
    if head[4:8] == b"ftyp" and (head[8:12] in _SOUND_BRANDS or file.name.lower().endswith(_MP4_SUFFIXES)):
        return "audio/mp4"
    frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0
    return "audio/mpeg" if frame and file.name.lower().endswith(_MPEG_SUFFIXES) else ""


def _read(file: CatalogFile) -> TinyTag:
    """The tags; raises DocumentError, and MissingExtraError where tinytag is not installed."""
    try:
        from tinytag import TinyTag  # noqa: PLC0415 - belongs to the extra `claims`
    except ImportError:
        raise MissingExtraError(
            "reading recordings needs the extra claims: pip install 'countermark[claims]'"
        ) from None
    with seekable_stream(file, _IN_MEMORY) as stream:
        try:
            tag = TinyTag.get(file_obj=_Searched(stream, _METADATA))  # type: ignore[arg-type]
        except SpentError as error:
            raise DocumentError("bomb", f"is not read: {error}") from None
        except Exception as error:  # noqa: BLE001 - on hostile files tinytag raises errors of every kind
            if isinstance(error.__cause__, SpentError):
                raise DocumentError("bomb", f"is not read: {error.__cause__}") from None
            said = (str(error).splitlines() or [""])[0][:200] or type(error).__name__
            raise DocumentError("damaged", f"the recording is damaged or cut off ({said})") from None
    if tag.duration is None and not any(
        tag.as_dict().get(key) for key in ("title", "artist", "isrc", "album")
    ):
        raise DocumentError("damaged", "holds neither sound nor tags that can be read; it may be cut off")
    return tag


def _code(file: CatalogFile) -> tuple[str, str]:
    with seekable_stream(file, _IN_MEMORY) as stream:
        return content_code(file, "file", stream)


class _Searched(Budgeted):
    """What tinytag asks of a file, within the budget."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """The stream is closed by who opened it."""


def _entry(file: CatalogFile, said: _Tags, asset: AssetFile) -> Iterator[Entry | Refusal]:
    source = Source(file.name)
    identifiers: list[Identifier] = []
    for value in said.all("isrc"):
        try:
            identifiers.append(parse_identifier("isrc", value))
        except IdentifierError as error:
            yield refused(source, "ISRC", "identifier", f"{error}; the field is left out")
    published = ""
    try:
        published = _date(said.first("year"))
    except ValueError as error:
        yield refused(source, "date", "date", f"{error}; the date is left out")
    title = said.first("title")
    if not title:
        yield refused(source, "title", "warning", "is empty; the file's name is taken for the title")
    if said.duration is not None and said.duration <= 0:
        yield refused(source, "duration", "warning", "is nothing: the file holds no sound")
    publisher = said.first("publisher") or said.first("label") or said.first("organization")
    edition = Edition(
        tuple(dict.fromkeys(identifiers)), form="recording", publisher=publisher, published=published,
        assets=(asset,), source=source,
    )  # fmt: skip
    licences = [*said.all("license"), *said.all("copyright")]
    yield Entry(
        source,
        title or stem(file),
        medium=WorkMedium.RECORDING,
        contributors=_contributors(said),
        published=published,
        licence=next((found for text in licences if (found := open_licence(text))), said.first("license")),
        part_of=said.first("album"),
        editions=(edition,),
        rights=_rights(said, source),
    )


def _date(value: str) -> str:
    """A year, month or day; the time that ID3v2.4 may add to it goes."""
    return parse_written(value) if value.strip(" 0-") else ""


def _contributors(said: _Tags) -> tuple[Contributor, ...]:
    roles = (
        ("performer", ("artist",)), ("composer", ("composer",)), ("lyricist", ("lyricist",)),
        ("arranger", ("arranger", "remixer")), ("director", ("conductor",)),
    )  # fmt: skip
    found = {
        (person.name, role): person
        for role, keys in roles
        for key in keys
        for value in said.all(key)
        for person in people(value, role)
    }
    return tuple(found.values())


def _rights(said: _Tags, source: Source) -> tuple[RightsFact, ...]:
    notices = said.all("copyright")
    parties = dict.fromkeys(party for notice in notices if (party := owner_in(notice)))
    note = "; ".join(notices)
    return tuple(
        RightsFact(RightsKind.OWNER, party, basis="copyright-notice", note=note, source=source)
        for party in parties
    )


IMPORTER = AudioImporter()
