"""PDF: the text of its pages in order, through pypdf."""

from __future__ import annotations

import io
import logging
import re
import warnings
from typing import TYPE_CHECKING, Final

from countermark.documents.document import Document
from countermark.errors import DocumentError

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES: Final = 50_000
MAX_TEXT: Final = 256 << 20  # characters
# What word processors write into the title by themselves.
_NO_TITLE: Final = re.compile(
    r"(?i)untitled|microsoft (?:word|powerpoint) - .*|.*\.(?:docx?|odt|indd|tex|dvi|pdf)"
)


def read_pdf(data: bytes) -> Document:
    """A PDF; raises DocumentError `encrypted`, `damaged` or `no-text` (scanned pages, which want OCR first).

    A page that cannot be read is a warning. Its date is that of the file and says nothing of publication.
    """
    # pypdf tells of each oddity of a file; what matters of them is in the warnings of the document.
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _read(data)
        except DocumentError:
            raise
        except Exception as error:  # noqa: BLE001 - on hostile files pypdf raises errors of every kind
            raise DocumentError("damaged", f"the PDF is damaged ({_said(error)})") from None


def _read(data: bytes) -> Document:
    from pypdf import PasswordType, PdfReader  # noqa: PLC0415 - slow to load
    from pypdf.errors import DependencyError  # noqa: PLC0415

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("")
        except DependencyError:
            opened = PasswordType.NOT_DECRYPTED
        if opened == PasswordType.NOT_DECRYPTED:
            raise DocumentError("encrypted", "the PDF is encrypted; save a copy without a password")
    pages, told = _pages(reader)
    text = "\n".join(pages)
    if not text.strip():
        scanned = f"none of the {len(pages)} pages holds text; scanned pages need OCR first"
        raise DocumentError("no-text", "; ".join([scanned, *told]))
    info = reader.metadata
    title = str(info.title or "").strip() if info else ""
    author = str(info.author or "") if info else ""
    titled = "" if _NO_TITLE.fullmatch(title) else title
    return Document(text, title=titled, author=author, format="pdf", warnings=told)


def _pages(reader: PdfReader) -> tuple[list[str], tuple[str, ...]]:
    """The text of each page (empty where it has none), and warnings."""
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise DocumentError("too-large", f"the PDF has {count:,} pages; {MAX_PAGES:,} are accepted")
    texts: list[str] = []
    bad: list[str] = []
    size = 0
    for number in range(count):
        try:
            text = reader.pages[number].extract_text()
        except Exception as error:  # noqa: BLE001 - one bad page does not lose the others
            bad.append(f"page {number + 1} was not read ({_said(error)})")
            text = ""
        size += len(text)
        if size > MAX_TEXT:
            raise DocumentError("bomb", f"the PDF holds more than {MAX_TEXT:,} characters")
        texts.append(text)
    empty = sum(not text.strip() for text in texts)
    if 0 < empty < count:
        bad.append(f"{empty} of {count} pages hold no text")
    return texts, tuple(bad)


def _said(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200] or type(error).__name__
