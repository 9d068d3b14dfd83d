"""The text of one file, as the document readers give it, that can be written back in another way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from countermark.documents import extract
from countermark.errors import DocumentError, PlanError
from countermark.memorization.traps.forms.legible import illegible
from countermark.memorization.traps.planting.docx import docx_flow
from countermark.memorization.traps.planting.epub import epub_flow
from countermark.memorization.traps.planting.html import html_flow
from countermark.memorization.traps.planting.mapping import Edit, Place, edited
from countermark.memorization.traps.planting.txt import text_flow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from countermark.documents import Document

ACCEPTED: Final = "TXT, Markdown, HTML, EPUB and DOCX are accepted"


class Flow(Protocol):
    """One file: its text, what of it is no running prose, where a line can be added, and the way back."""

    @property
    def text(self) -> str:
        """The text, exactly as the document readers give it."""

    @property
    def protected(self) -> Sequence[tuple[int, int]]:
        """What the format marks as quotation, code or heading matter that no rule may touch."""

    @property
    def places(self) -> Sequence[Place]:
        """Where a line can be added."""

    def can_take(self, edit: Edit) -> bool:
        """Whether an edit has one place in the source, without markup in between."""

    def write(self, edits: Sequence[Edit]) -> bytes:
        """The bytes of the copy. Raises DocumentError `encoding` where its encoding lacks a character."""


_FLOWS: Final[dict[str, Callable[[bytes], Flow]]] = {
    "text": text_flow,
    "markdown": text_flow,
    "html": html_flow,
    "epub": epub_flow,
    "docx": docx_flow,
}


def open_flow(data: bytes, name: str) -> tuple[Flow, Document]:
    """The flow of a file, and the document that it is.

    Raises DocumentError: with the reasons of `extract`; `unsupported` for a format that cannot be planted;
    `unplantable` where its bytes cannot be written back exactly, or its text cannot be followed into its source.
    """
    document = extract(data, name=name)
    if document.format not in _FLOWS:
        raise DocumentError(
            "unsupported", f"is {document.format.upper()}, which cannot be planted; {ACCEPTED}"
        )
    flow = _FLOWS[document.format](data)
    if flow.text != document.text:
        raise DocumentError(
            "unplantable", "its text cannot be followed into its source; save it anew, or plant a TXT"
        )
    return flow, document


def planted(flow: Flow, edits: Sequence[Edit], name: str) -> bytes:
    """The bytes of a copy with `edits`, once the document readers have read exactly the text that was meant from it.

    Raises DocumentError `unplantable` where they read another, and PlanError for text with characters that hide.
    """
    for edit in edits:
        if sign := illegible(edit.new):
            raise PlanError(
                f"{edit.new!r} is not planted: it holds {sign!r}, which is hidden, looks like another or is "
                "lost when a text is normalised"
            )
    data = flow.write(edits)
    if extract(data, name=name).text != edited(flow.text, edits):
        raise DocumentError("unplantable", "the copy would not read as it was meant; it is not written")
    return data
