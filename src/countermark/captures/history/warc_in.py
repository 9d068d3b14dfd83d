"""Reading back one capture: the records of its WARC file, within limits."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.captures.served_message import MAX_HEAD, Message, MessageError, read_message
from countermark.errors import InputError
from countermark.reservations.response import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.captures.history.chain import Entry

MAX_FILE: Final = 2 << 30
"""Bytes of a capture, as it lies there and unpacked."""
_MAX_BLOCK: Final = MAX_BODY + MAX_HEAD + (1 << 20)


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record: its named fields in lower case, and its block."""

    kind: str
    id: str
    fields: dict[str, str]
    block: bytes

    def message(self) -> Message:
        """The HTTP response that a response record holds. Raises InputError."""
        try:
            return read_message(io.BytesIO(self.block).read)
        except MessageError as error:
            raise InputError(f"record {self.id}: holds no HTTP response: {error}") from None


def capture_bytes(folder: Path, entry: Entry) -> bytes:
    """The file that a line of the chain names, with the digest that it says. Raises InputError."""
    path = folder / entry.file
    try:
        if path.is_symlink() or path.stat().st_size > MAX_FILE:
            raise InputError(f"{path}: is a link, or larger than {MAX_FILE:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    if hashlib.sha256(data).hexdigest() != entry.digest:
        raise InputError(f"{path}: does not have the SHA-256 that line {entry.line} of the chain says")
    return data


def read_records(data: bytes, name: str) -> Iterator[Record]:
    """The records of a WARC file. Raises InputError where it is damaged or too large."""
    from fastwarc.warc import ArchiveIterator  # noqa: PLC0415  heavy, and not needed to show help

    total = 0
    try:
        for record in ArchiveIterator(io.BytesIO(data), parse_http=False):
            block = record.reader.read(_MAX_BLOCK + 1)
            total += len(block)
            if len(block) > _MAX_BLOCK or total > MAX_FILE:
                raise InputError(f"{name}: record {record.record_id}: larger than is accepted")
            if len(block) != record.content_length:
                raise InputError(f"{name}: record {record.record_id}: cut short")
            fields = {key.lower(): value for key, value in record.headers.items()}
            yield Record(fields.get("warc-type", ""), fields.get("warc-record-id", ""), fields, block)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{name}: damaged: {error}") from None
