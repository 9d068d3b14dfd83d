"""A zip file written from the members of another one: their compressed bytes are copied, never inflated.

Python's zipfile can only copy by compressing again, which changes bytes with the version of zlib. Written is the plain
form of PKWARE's APPNOTE 6.3.10, without zip64: files under 4 GB with fewer than 65,535 members.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, replace
from typing import Final

from countermark.errors import DocumentError

_DESCRIPTOR: Final = 0x08  # sizes follow the data; here they stand before it
_ZIP64: Final = 1
_LIMIT: Final = 0xFFFF_FFFF

DateTime = tuple[int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its compressed bytes, and what the central directory says of it."""

    name: str
    body: bytes
    size: int
    crc: int
    method: int
    flags: int
    date_time: DateTime
    extra: bytes = b""
    comment: bytes = b""
    attributes: int = 0
    system: int = 3

    @classmethod
    def stored(cls, name: str, content: bytes, date_time: DateTime) -> Member:
        """A member that is not compressed."""
        return cls(name, content, len(content), zlib.crc32(content), zipfile.ZIP_STORED, 0, date_time)

    def replaced(self, content: bytes) -> Member:
        """The same member with another content, compressed if it was."""
        if self.method == zipfile.ZIP_STORED:
            body = content
        else:
            engine = zlib.compressobj(9, zlib.DEFLATED, -15)
            body = engine.compress(content) + engine.flush()
        method = self.method if self.method == zipfile.ZIP_STORED else zipfile.ZIP_DEFLATED
        return replace(self, body=body, size=len(content), crc=zlib.crc32(content), method=method)


def stored_members(data: bytes) -> list[Member]:
    """The members in the order of the central directory; raises DocumentError `damaged`, `encrypted`."""
    members = []
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for entry in opened.infolist():
            if entry.flag_bits & 1:
                raise DocumentError(
                    "encrypted", f"the part {entry.filename!r} is encrypted; remove the DRM first"
                )
            at = entry.header_offset
            head = data[at : at + 30]
            if len(head) < 30 or head[:4] != b"PK\x03\x04":
                raise DocumentError(
                    "damaged", f"the part {entry.filename!r} does not stand where the directory says"
                )
            start = at + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
            body = data[start : start + entry.compress_size]
            if len(body) != entry.compress_size:
                raise DocumentError("damaged", f"the part {entry.filename!r} is cut short")
            members.append(
                Member(
                    entry.filename,
                    body,
                    entry.file_size,
                    entry.CRC,
                    entry.compress_type,
                    entry.flag_bits & ~_DESCRIPTOR,
                    entry.date_time,
                    _without_zip64(entry.extra),
                    entry.comment,
                    entry.external_attr,
                    entry.create_system,
                )
            )
    return members


def written_zip(members: list[Member]) -> bytes:
    """The zip file of these members, in their order."""
    out, directory = bytearray(), bytearray()
    for member in members:
        name, flags = _encoded(member)
        year, month, day, hour, minute, second = member.date_time
        date = (max(year, 1980) - 1980) << 9 | month << 5 | day
        time = hour << 11 | minute << 5 | second // 2
        shared = struct.pack(
            "<HHHHHIIIHH",
            *(20, flags, member.method, time, date, member.crc, len(member.body), member.size),
            *(len(name), len(member.extra)),
        )
        directory += b"PK\x01\x02" + struct.pack("<BB", 20, member.system) + shared
        directory += struct.pack("<HHHII", len(member.comment), 0, 0, member.attributes, len(out))
        directory += name + member.extra + member.comment
        out += b"PK\x03\x04" + shared + name + member.extra + member.body
        if len(out) > _LIMIT or member.size > _LIMIT or len(members) > 0xFFFE:
            raise DocumentError("too-large", "the EPUB is over 4 GB or has over 65,534 parts")
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(out), 0)
    return bytes(out + directory + b"PK\x05\x06" + end)


def _encoded(member: Member) -> tuple[bytes, int]:
    """The name as bytes, and the flags: UTF-8 where it is not ASCII."""
    flags = member.flags & ~0x800
    if member.name.isascii():
        return member.name.encode("ascii"), flags
    return member.name.encode("utf-8", "surrogateescape"), flags | 0x800


def _without_zip64(extra: bytes) -> bytes:
    kept, at = b"", 0
    while at + 4 <= len(extra):
        end = at + 4 + int.from_bytes(extra[at + 2 : at + 4], "little")
        if int.from_bytes(extra[at : at + 2], "little") != _ZIP64:
            kept += extra[at:end]
        at = end
    return kept
