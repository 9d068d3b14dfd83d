"""Documents: the bytes of one file turned into its text, whatever the format.

from countermark.documents import read_document
document = read_document(Path("hamlet.epub"))
document.text, document.title, document.author
"""

from __future__ import annotations

from countermark.documents.charset import decode
from countermark.documents.document import Document
from countermark.documents.markup import html_text
from countermark.documents.reading import MAX_BYTES, extract, read_bytes, read_document

__all__ = ["MAX_BYTES", "Document", "decode", "extract", "html_text", "read_bytes", "read_document"]
