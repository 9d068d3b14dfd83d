"""PDF: the metadata stream of the document (ISO 32000-2, section 14.3.2)."""

from __future__ import annotations

import io
import logging
import warnings
from typing import Final

from countermark.errors import DocumentError

_TAIL: Final = 1 << 16


def pdf_packet(data: bytes) -> bytes:
    """The XMP packet of a PDF, b"" if there is none.

    A document that opens without a password is decrypted. Raises DocumentError where the end is missing; on files that
    are damaged otherwise pypdf raises errors of every kind, and so does this.
    """
    check_end(data)
    from pypdf import PdfReader  # noqa: PLC0415 - slow to load

    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            reader.decrypt("")
        metadata = reader.root_object.get("/Metadata")
        stream = metadata.get_object() if metadata is not None else None
        return bytes(stream.get_data()) if stream is not None else b""


def check_end(data: bytes) -> None:
    """Raise DocumentError where the end of the file is missing.

    pypdf would read such a file backwards, line by line, to its beginning: minutes for a large one.
    """
    if b"%%EOF" not in data[-_TAIL:]:
        raise DocumentError("damaged", f"the PDF has no end-of-file marker in its last {_TAIL:,} bytes")
