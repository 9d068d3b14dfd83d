"""The whole roll as one JSON file, streamed; what is appended meanwhile stays out of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from countermark.roll.verify import EXPORT
from countermark.web.roll import heads
from countermark.web.roll.key import public_key
from countermark.web.roll.models import Entry, Leaf, Standing
from countermark.web.roll.proofs import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.web.roll.models import Head

PAGE: Final = 2_000


def export_document(head: Head | None = None) -> Iterator[bytes]:
    """The export of the roll as of `head`, or of the newest, in pieces; one line of text for each line of the log.

    Raises LookupError on a site whose sequencer has never run.

    Each page is a query of its own: leaves never change, and an opening is left out where its commitment is newer than
    the head. So the file verifies although the roll grows, and nobody waits for whoever reads slowly.
    """
    head = head or heads.latest()
    if head is None:
        raise LookupError("the roll has no head yet; the worker signs the first one")
    return _pieces(head)


def _pieces(head: Head) -> Iterator[bytes]:
    yield f'{{"format":"{EXPORT}","key":"{public_key().hex()}","head":{head.document},\n'.encode()
    yield from _listed("heads", _heads(head.size))
    yield b",\n"
    yield from _listed("leaves", _leaves(head.size))
    yield b",\n"
    yield from _listed("openings", _openings(head.size))
    yield b"}\n"


def _listed(name: str, pages: Iterable[list[bytes]]) -> Iterator[bytes]:
    yield f'"{name}":['.encode()
    between = b"\n"
    for page in pages:
        yield between + b",\n".join(page)
        between = b",\n"
    yield b"]"


def _heads(size: int) -> Iterator[list[bytes]]:
    after = 0
    while page := [head for head in heads.published_after(after, PAGE) if head.size < size]:
        yield [head.document.encode() for head in page]
        after = page[-1].size


def _leaves(size: int) -> Iterator[list[bytes]]:
    for start in range(0, size, PAGE):
        rows = Leaf.objects.filter(position__gte=start, position__lt=min(start + PAGE, size)).order_by(
            "position"
        )
        yield [bytes(content) for content in rows.values_list("content", flat=True)]


def _openings(size: int) -> Iterator[list[bytes]]:
    shown = Entry.objects.filter(standing=Standing.LISTED, display__in=PUBLIC, committed__lt=size)
    rows = shown.exclude(salt=None).order_by("number").values_list("number", "salt", "record")
    after = 0
    while page := list(rows.filter(number__gt=after)[:PAGE]):
        yield [_opening(number, bytes(salt or b""), record) for number, salt, record in page]
        after = page[-1][0]


def _opening(number: int, salt: bytes, record: str) -> bytes:
    opening = {"number": number, "salt": salt.hex(), "record": json.loads(record)}
    return json.dumps(opening, ensure_ascii=False, separators=(",", ":")).encode()
