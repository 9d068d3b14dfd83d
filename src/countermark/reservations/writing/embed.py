"""A reservation into a copy of a file, or into a sidecar beside the copy; then read back.

    JPEG, PNG, WebP    XMP within: PLUS Data Mining, TDMRep, the terms of use
    PDF                XMP within: TDMRep, the terms of use (an incremental update)
    EPUB 2 and 3       metas in the package document: TDMRep
    everything else    the copy as it is, and a sidecar `NAME.EXT.xmp`

A file whose signature would break (a PDF, a picture with a manifest) gets a sidecar. With a certificate the copy gets a
manifest of its own. The original is never written to. Without a signature the same input gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.atomic import make_folder, write_bytes
from countermark.errors import DocumentError, InputError
from countermark.reservations.containers.kind import kind_of
from countermark.reservations.containers.manifest import carries_manifest
from countermark.reservations.embedded import read_embedded
from countermark.reservations.iptc_plus import VOCABULARY
from countermark.reservations.statement import Place
from countermark.reservations.target import Target
from countermark.reservations.use import Answer
from countermark.reservations.verdict import judge
from countermark.reservations.writing.embed_epub import epub_with_metas, verified
from countermark.reservations.writing.embed_pdf import ProtectedError, pdf_with_packet
from countermark.reservations.writing.embed_picture import WRITABLE, with_packet
from countermark.reservations.writing.embed_saying import (
    SEE_CONSTRAINT,
    Embedding,
    plus_value,
    tdm_value,
    unsaid,
)
from countermark.reservations.writing.embed_xmp import Property, has_property, with_properties
from countermark.reservations.writing.inexpressible import Inexpressible
from countermark.reservations.writing.sidecar import sidecar, sidecar_path
from countermark.reservations.writing.sign import Signing, entries, signed

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.reservations.use import Use

__all__ = ["Embedded", "Embedding", "Signing", "embed"]

MAX_FILE: Final = 1 << 30
"""Bytes of a file that is copied with a reservation in it."""

_PDF_A: Final = b"http://www.aiim.org/pdfa/ns/id/"
_PROTECTED: Final = frozenset({"signed", "encrypted"})
_XML: Final = frozenset({"onix", "rsl", "feed"})


@dataclass(frozen=True, slots=True)
class Embedded:
    """What was written: the copy and its sidecar, if any; which protocols speak in them; what they cannot say.

    `why_sidecar` is "" where none was needed, else `format`, `signed`, `encrypted` or `too-large`. `remarks` are codes
    (`pdf-a`, `unsigned`) whose sentences stand in words/embed.py under `embed.remark.…`.
    """

    written: tuple[Path, ...]
    protocols: tuple[str, ...] = ()
    inexpressible: tuple[Inexpressible, ...] = ()
    why_sidecar: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Work:
    """One file on its way."""

    source: Path
    embedding: Embedding
    data: bytes
    kind: str
    beside: bytes | None = None
    why: str = ""
    no_manifest: str = ""
    said: dict[str, dict[Use, Answer]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def _sign(work: _Work, original: bytes, signing: Signing) -> None:
    """A manifest into the copy; one that cannot have one keeps what else was written, and that is told."""
    if work.why in _PROTECTED:
        work.no_manifest = "protected"
        return
    try:
        work.data = signed(work.data, original, work.kind, work.source.name, work.embedding, signing)
    except DocumentError as error:
        if error.reason != "unsupported":
            raise
        work.no_manifest = "unsignable"
        work.remarks.append("unsigned")
        return
    work.said["cawg"] = entries(work.embedding)[1]


def embed(source: Path, target: Path, embedding: Embedding, signing: Signing | None = None) -> Embedded:
    """Write a copy of `source` to `target` that says what is wanted, and read it back.

    Raises InputError where the source cannot be read or is the target, DocumentError (which names the file) where it is
    damaged or protected and a sidecar would not help, OutputError where the copy cannot be written.
    """
    work = _opened(source, target, embedding)
    original = work.data
    try:
        _put(work, signing)
        if signing is not None:
            _sign(work, original, signing)
    except DocumentError as error:
        raise DocumentError(error.reason, f"{source}: {error}") from None
    written = [target]
    _write(target, work.data)
    if work.beside is not None:
        written.append(sidecar_path(target))
        _write(sidecar_path(target), work.beside)
    missing = [
        told
        for protocol, said in work.said.items()
        for told in unsaid(protocol, embedding, said, source.name)
    ]
    missing += [
        Inexpressible("cawg", use, source.name, reason=work.no_manifest)
        for use, want in embedding.wanted().items()
        if work.no_manifest and want is not Answer.UNKNOWN
    ]
    missing += _read_back(work, {told.use for told in missing})
    protocols = tuple(protocol for protocol, said in work.said.items() if said)
    return Embedded(tuple(written), protocols, tuple(missing), work.why, tuple(work.remarks))


def _opened(source: Path, target: Path, embedding: Embedding) -> _Work:
    if source.resolve() == target.resolve():
        raise InputError(f"{source}: the reservation is written into a copy; give another target")
    try:
        if source.stat().st_size > MAX_FILE:
            raise InputError(
                f"{source}: has {source.stat().st_size:,} bytes; up to {MAX_FILE:,} bytes are accepted"
            )
        data = source.read_bytes()
    except OSError as error:
        raise InputError(f"{source}: is not read ({error.strerror})") from None
    kind = kind_of(data, source.name)
    if kind in _XML:
        raise InputError(
            f"{source}: is {kind} data; a reservation is written into the works, not into their records"
        )
    return _Work(source, embedding, data, kind)


def _put(work: _Work, signing: Signing | None) -> None:
    """Metadata into the copy, or into a sidecar."""
    held = carries_manifest(work.data) and signing is None
    try:
        if work.kind in WRITABLE and not held:
            work.data = with_packet(work.data, work.kind, lambda packet: _changed(packet, work, plus=True))
        elif work.kind == "pdf" and not held:
            work.data = pdf_with_packet(work.data, lambda packet: _changed(packet, work, plus=False))
        elif work.kind == "epub":
            _put_epub(work, held=held)
        elif work.kind == "xmp":
            work.data = _changed(work.data, work, plus=True)
        else:
            _put_beside(work, "signed" if held else "format")
    except ProtectedError as error:
        _put_beside(work, error.reason)
    except DocumentError as error:
        if error.reason != "too-large":
            raise
        _put_beside(work, error.reason)


def _put_epub(work: _Work, *, held: bool) -> None:
    if held:
        raise DocumentError("signed", "the EPUB carries a signed manifest, which a change would break")
    verified(work.data)
    value, policy, said = tdm_value(work.embedding)
    work.said = {"tdmrep": said}
    if value:
        metas = [("tdm:reservation", value), *([("tdm:policy", policy)] if policy else [])]
        work.data = epub_with_metas(work.data, metas)


def _put_beside(work: _Work, why: str) -> None:
    work.why = why
    properties = _properties(work, plus=True)
    work.beside = sidecar(work.source, properties)


def _changed(packet: bytes, work: _Work, *, plus: bool) -> bytes:
    properties = _properties(work, plus=plus)
    if work.kind == "pdf" and _PDF_A in packet and properties:
        work.remarks.append("pdf-a")
    # Whose rights and terms stand there already is not overwritten.
    properties = [
        p for p in properties if not p.name.startswith("xmpRights:") or not has_property(packet, [p.name])
    ]
    gone = ["tdm:policy"] if any(p.name == "tdm:reservation" for p in properties) else []
    return with_properties(packet, properties, gone)


def _properties(work: _Work, *, plus: bool) -> list[Property]:
    """The properties that say it, and in `work.said` what they come to."""
    embedding = work.embedding
    terms, holder = embedding.terms.strip(), embedding.holder.strip()
    properties = []
    work.said = {}
    if plus:
        value, work.said["iptc-plus"] = plus_value(embedding)
        if value:
            properties.append(Property("plus:DataMining", VOCABULARY + value))
        if value == SEE_CONSTRAINT:
            properties.append(Property("plus:OtherConstraints", terms, "alt"))
    reservation, policy, work.said["tdmrep"] = tdm_value(embedding)
    if reservation:
        properties.append(Property("tdm:reservation", reservation))
    if policy:
        properties.append(Property("tdm:policy", policy))
    if terms and terms.lower().startswith(("http://", "https://")):
        properties.append(Property("xmpRights:WebStatement", terms))
    elif terms:
        properties.append(Property("xmpRights:UsageTerms", terms, "alt"))
    if holder:
        properties.append(Property("xmpRights:Owner", holder, "bag"))
    return properties


def _read_back(work: _Work, told: set[Use]) -> list[Inexpressible]:
    """Uses on which the copy says otherwise than is wanted, for a reason that is not told yet.

    That is a statement which stood there before: in a second packet, or in a protocol to which nothing was to be said.
    """
    target, place = Target(), Place(work.source.name)
    readings = [read_embedded(work.data, work.source.name, target, place)]
    if work.beside is not None:
        readings.append(read_embedded(work.beside, f"{work.source.name}.xmp", target, place))
    verdict = judge(target, readings)
    found = []
    for use, want in work.embedding.wanted().items():
        if verdict.answer(use) is not want and use not in told:
            deciding = verdict.uses[use].deciding
            protocol = deciding[0].protocol if deciding else next(iter(work.said))
            found.append(Inexpressible(protocol, use, work.source.name, reason="stands-already"))
    return found


def _write(path: Path, data: bytes) -> None:
    make_folder(path.parent)
    write_bytes(path, data)
