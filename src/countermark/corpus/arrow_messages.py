"""The messages of an Arrow file or stream, walked without reading what they hold.

A stream is a row of messages: a schema, dictionaries, record batches; each is a header in FlatBuffers and a body
(https://arrow.apache.org/docs/format/Columnar.html, “Serialization and Interprocess Communication”). A file is a
stream between `ARROW1` and a footer. What the headers claim is held against the size of the file before Arrow, which
allocates what it is told to, gets to see it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from countermark.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC: Final = b"ARROW1"
SCHEMA, DICTIONARY, BATCH = 1, 2, 3
_MOST_HEADER: Final = 64 << 20
_MOST_BUFFERS: Final = 1 << 20
_MOST_ROWS: Final = 1 << 40
_CONTINUES: Final = 0xFFFFFFFF


class Message(NamedTuple):
    """A message of the kind SCHEMA, DICTIONARY or BATCH that begins at byte `at` of the file.

    `header` and `body` are sizes in bytes, `rows` is the number of rows that a record batch says it has.
    """

    kind: int
    at: int
    header: int
    body: int
    rows: int

    @property
    def end(self) -> int:
        """Where the next message begins."""
        return self.at + self.header + self.body


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages of a file in their order; `damage` says what is wrong behind the last one ("" where nothing is)."""

    schema: Message
    dictionaries: tuple[Message, ...]
    batches: tuple[Message, ...]
    damage: str = ""


def is_arrow(head: bytes) -> bool:
    """Whether a file that begins so is an Arrow file or stream: 64 bytes are enough."""
    if head.startswith(MAGIC + b"\0\0"):
        return True
    if len(head) < 12 or head[:4] != b"\xff\xff\xff\xff":
        return False
    (length,) = struct.unpack_from("<i", head, 4)
    (root,) = struct.unpack_from("<I", head, 8)
    return bool(16 <= length <= _MOST_HEADER and length % 8 == 0 and 4 <= root < length)


def walk(file: BinaryIO, size: int, where: str) -> Messages:
    """Find the messages of a file of `size` bytes. Raises CorpusError where it does not begin with a schema."""
    file.seek(0)
    head = file.read(8)
    begin, end = 0, size
    if head.startswith(MAGIC):
        begin, end = 8, _footer(file, size)
    found, damage = _messages(file, begin, end)
    if not found or found[0].kind != SCHEMA:
        raise CorpusError(f"{where}: no readable Arrow file: {damage or 'it does not begin with a schema'}")
    return Messages(
        found[0],
        tuple(one for one in found if one.kind == DICTIONARY),
        tuple(one for one in found if one.kind == BATCH),
        damage,
    )


def _footer(file: BinaryIO, size: int) -> int:
    """Where the footer of a file begins; its end where it has none, as when it was cut short."""
    file.seek(max(0, size - 10))
    tail = file.read(10)
    length = struct.unpack_from("<i", tail)[0] if len(tail) == 10 else 0
    return size - 10 - length if tail.endswith(MAGIC) and 0 < length <= size - 18 else size


def _messages(file: BinaryIO, at: int, end: int) -> tuple[list[Message], str]:
    """The messages of `[at, end)`, and what is wrong behind the last of them ("" where nothing is)."""
    found: list[Message] = []
    while at < end:
        file.seek(at)
        prefix = file.read(8)
        if len(prefix) < 8:
            return found, f"cut short at byte {at:,}"
        first, length = struct.unpack("<Ii", prefix)
        before = 8
        if first != _CONTINUES:  # as it was written before Arrow 0.15
            before, length = 4, struct.unpack_from("<i", prefix)[0]
        if length == 0:
            break
        if not 0 < length <= min(_MOST_HEADER, end - at - before):
            return found, f"at byte {at:,} a message claims a header of {length:,} bytes"
        file.seek(at + before)
        try:
            kind, body, rows = _said(file.read(length))
        except (struct.error, ValueError):
            return found, f"at byte {at:,} there is no message of Arrow’s"
        left = end - at - before - length
        if not 0 <= body <= left:
            return found, f"at byte {at:,} a message claims {body:,} bytes; {left:,} are left"
        if not 0 <= rows <= _MOST_ROWS:
            return found, f"at byte {at:,} a record batch claims {rows:,} rows"
        found.append(Message(kind, at, before + length, body, rows))
        at = found[-1].end
    return found, ""


class _Table:
    """A table of FlatBuffers (https://flatbuffers.dev/internals/), as far as it is needed here."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self._at = at
        self._fields = at - int(struct.unpack_from("<i", data, at)[0])
        if not 0 <= self._fields < len(data) or at < 0:
            raise ValueError("outside")
        (self._length,) = struct.unpack_from("<H", data, self._fields)

    def place(self, number: int) -> int | None:
        """Where a field stands; None where it is left out."""
        entry = 4 + 2 * number
        if entry + 2 > self._length:
            return None
        (offset,) = struct.unpack_from("<H", self.data, self._fields + entry)
        return self._at + offset if offset else None

    def number(self, field: int, form: str, default: int = 0) -> int:
        """A field that is a number, in the form that `struct` calls it."""
        at = self.place(field)
        return default if at is None else int(struct.unpack_from(form, self.data, at)[0])

    def below(self, field: int) -> int | None:
        """Where that stands which a field points to."""
        at = self.place(field)
        return None if at is None else at + int(struct.unpack_from("<I", self.data, at)[0])


def _message(header: bytes) -> tuple[_Table, _Table]:
    message = _Table(header, struct.unpack_from("<I", header)[0])
    content = message.below(2)
    if content is None:
        raise ValueError("empty")
    return message, _Table(header, content)


def _said(header: bytes) -> tuple[int, int, int]:
    """Kind, size of the body and number of rows. Raises ValueError and struct.error."""
    message, content = _message(header)
    kind = message.number(1, "<B")
    return kind, message.number(3, "<q"), content.number(0, "<q") if kind == BATCH else 0


def unpacked_size(file: BinaryIO, message: Message) -> int:
    """The bytes that the buffers of a dictionary or a record batch claim to have when they are unpacked.

    Raises CorpusError where they do not lie in its body.
    """
    file.seek(message.at)
    header = file.read(message.header)
    header = header[8 if header.startswith(b"\xff\xff\xff\xff") else 4 :]
    try:
        content = _message(header)[1]
        if message.kind == DICTIONARY:
            below = content.below(1)
            if below is None:
                return 0
            content = _Table(header, below)
        packed = content.place(3) is not None
        return sum(_buffers(file, message, content, packed=packed))
    except (struct.error, ValueError) as error:
        raise CorpusError(f"at byte {message.at:,} there is no message of Arrow’s") from error


def _buffers(file: BinaryIO, message: Message, content: _Table, *, packed: bool) -> Iterator[int]:
    """The size of each buffer, unpacked: where packed, it stands in the 8 bytes before (-1: stored as it is)."""
    at = content.below(2)
    if at is None:
        return
    (count,) = struct.unpack_from("<I", content.data, at)
    if count > _MOST_BUFFERS:
        raise ValueError("too many buffers")
    for number in range(count):
        begin, length = struct.unpack_from("<qq", content.data, at + 4 + 16 * number)
        if begin < 0 or length < 0 or begin + length > message.body:
            raise ValueError("a buffer outside of the body")
        if not packed or length < 8:
            yield length
            continue
        file.seek(message.at + message.header + begin)
        (claimed,) = struct.unpack("<q", file.read(8))
        if claimed < -1:
            raise ValueError("a buffer of a negative size")
        yield length - 8 if claimed == -1 else claimed
