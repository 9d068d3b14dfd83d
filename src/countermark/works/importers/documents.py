"""Documents as catalogue files: EPUB, PDF, DOCX, ODT, HTML, Markdown, plain text, one entry for each.

Title, author and text are those that a scan's index reads (`countermark.documents`), and so is the work's identifier:
a finding of a scan over the same folder names the work that stands in the catalog. The dates in a DOCX, an ODT or a PDF
are those of the file and are not taken; the date of an EPUB is that of the edition.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from countermark.documents import MAX_BYTES, Document, extract
from countermark.documents.detection import named_format
from countermark.errors import DocumentError
from countermark.works.entry import (
    AssetFile,
    Contributor,
    Edition,
    Entry,
    Relation,
    RightsFact,
    RightsKind,
    Source,
    WorkMedium,
)
from countermark.works.importers.assets import content_code, digest_of, read_whole
from countermark.works.importers.base import refused
from countermark.works.importers.document_facts import DocumentFacts
from countermark.works.importers.epub_facts import epub_facts
from countermark.works.importers.file_facts import office_facts, page_facts, pdf_facts
from countermark.works.importers.listed import path_in_folder, scanned_work_id, stem, with_sidecar
from countermark.works.importers.names import people
from countermark.works.importers.notices import open_licence, owner_in
from countermark.works.importers.reservations import tdmrep_remark, tdmrep_reservation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.importers.base import CatalogFile

_MIMES: Final = {
    "epub": "application/epub+zip",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "html": "text/html",
    "xml": "application/xml",
    "markdown": "text/markdown",
    "text": "text/plain",
}
_DATED: Final = frozenset({"html", "markdown"})  # formats whose own date is that of the text


class DocumentImporter:
    """One document, one entry."""

    format = "document"

    def recognises(self, file: CatalogFile) -> bool:
        """By name, for text has no mark; PDF and EPUB by their first bytes too. Of XML only TEI and FB2."""
        named = named_format(file.name)
        if named is not None and not (named == "xml" and file.name.lower().endswith(".xml")):
            return bool(file.head)
        return file.head.startswith(b"%PDF-") or b"mimetypeapplication/epub+zip" in file.head[:100]

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """The document, after remarks on it; or one refusal, with the reasons of `extract`."""
        source = Source(file.name)
        try:
            data = read_whole(file, MAX_BYTES)
            document, facts = _read(file, data)
        except DocumentError as error:
            yield refused(source, "", error.reason, str(error))
            return
        for warning in document.warnings:
            yield refused(source, "", "warning", warning)
        for field, reason, detail in facts.remarks:
            yield refused(source, field, reason, detail)
        if remark := tdmrep_remark(facts.tdm_reservation):
            yield refused(source, "tdm:reservation", "warning", remark)
        iscc, untold = content_code(file, "text", io.BytesIO(data), document.text)
        if untold:
            yield refused(source, "ISCC", "warning", untold)
        mime = _MIMES.get(document.format, "")
        asset = AssetFile(path_in_folder(file), digest_of(data), mime, len(data), iscc)
        work_id = scanned_work_id(file, document.title, document.author)
        entry = replace(_entry(source, document, facts, asset), work_id=work_id)
        yield from with_sidecar(file, entry if entry.title else replace(entry, title=stem(file)))


def _read(file: CatalogFile, data: bytes) -> tuple[Document, DocumentFacts]:
    """The document and its facts; a document without text (scanned pages) is kept, and told. Raises DocumentError."""
    untold: DocumentError | None = None
    try:
        document = extract(data, name=file.name)
    except DocumentError as error:
        if error.reason != "no-text":
            raise
        kind = "pdf" if b"%PDF-" in data[:1024] else named_format(file.name) or "text"
        document, untold = Document("", format=kind), error
    facts = _facts(data, document)
    if untold is not None:
        facts.remarks.append(("text", "warning", f"{untold}; the work is taken without its text"))
    return document, facts


def _facts(data: bytes, document: Document) -> DocumentFacts:
    if document.format == "epub":
        return epub_facts(data)
    if document.format == "pdf":
        return pdf_facts(data)
    if document.format in {"docx", "odt"}:
        return office_facts(data, document.format)
    if document.format == "html":
        return page_facts(data[: 1 << 18].decode(document.encoding, "replace"))
    return DocumentFacts()


def _entry(source: Source, document: Document, facts: DocumentFacts, asset: AssetFile) -> Entry:
    own = _own_date(document) if document.format in _DATED else ""
    urls = [identifier for identifier in facts.identifiers if identifier.scheme == "url"]
    edition = Edition(
        tuple(facts.identifiers),
        form="article" if facts.article else "page" if urls else "ebook" if document.format == "epub" else "",
        publisher=facts.publisher,
        published=facts.published or own,
        language=facts.language or document.language,
        relations=tuple(
            Relation("same-work", isbn) for isbn in facts.same_work if isbn not in facts.identifiers
        ),
        assets=(asset,),
        source=source,
    )
    contributors = tuple(facts.contributors) or people(document.author, "author")
    licence = next(
        (found for text in (facts.licence, *facts.notices) if (found := open_licence(text))), facts.licence
    )
    return Entry(
        source,
        facts.title or document.title,
        subtitle=facts.subtitle,
        medium=WorkMedium.ARTICLE if facts.article else WorkMedium.TEXT,
        contributors=contributors,
        published=own,
        licence=licence,
        editions=(edition,),
        rights=_rights(facts, contributors, source),
    )


def _rights(
    facts: DocumentFacts, contributors: tuple[Contributor, ...], source: Source
) -> tuple[RightsFact, ...]:
    owners = dict.fromkeys(owner for notice in facts.notices if (owner := owner_in(notice)))
    note = "; ".join(facts.notices)[:2000]
    told = [
        RightsFact(RightsKind.OWNER, owner, basis="copyright-notice", note=note, source=source)
        for owner in owners
    ]
    party = next(iter(owners), "") or "; ".join(p.name for p in contributors if p.role == "author")
    reserved = tdmrep_reservation(facts.tdm_reservation, facts.tdm_policy, party, source.file, source)
    return (*told, reserved) if reserved else tuple(told)


def _own_date(document: Document) -> str:
    """The date that a page gives for itself; the first of a month may stand for the month, and is given as that."""
    date = document.published
    if date is None:
        return ""
    if date.day > 1:
        return date.isoformat()
    return f"{date.year:04d}" if date.month == 1 else f"{date.year:04d}-{date.month:02d}"


IMPORTER = DocumentImporter()
