"""From a captured record to statements: its header fields, its page, and the file that it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.corpus.captured import HTML
from countermark.reservations.response import Headers, Response
from countermark.reservations.sources import read_response
from countermark.reservations.statement import NOTHING, Gathering, Place, Reading, joined
from countermark.reservations.target import Target

if TYPE_CHECKING:
    from countermark.corpus.captured import Captured

PROTOCOL: Final = "captures"
_DAMAGED: Final = re.compile(rb"\0|\r(?!\n|\Z)")
"""What no header block holds (RFC 9112, section 2.2), and behind which a field may hide."""


def headers_of(head: bytes) -> Headers:
    """The fields of an HTTP header block, in order; folded lines joined (RFC 9112, section 5.2).

    Forgiving where crawlers are: no status line, no reason phrase, HTTP/2 pseudo-fields (passed over), bare line feeds,
    white space before the colon. A carriage return within a line is a space, as section 2.2 says.
    """
    fields: list[tuple[str, list[str]]] = []
    for line in head.decode("latin-1").split("\n"):
        text = line.rstrip("\r").replace("\r", " ")
        if text[:1] in {" ", "\t"} and fields:
            fields[-1][1].append(text.strip(" \t"))
            continue
        name, colon, value = text.partition(":")
        name = name.strip(" \t")
        if (
            colon and name and " " not in name
        ):  # a status line has a space before its first colon, or none at all
            fields.append((name, [value.strip(" \t")]))
    return Headers((name, " ".join(parts)) for name, parts in fields)


def response_of(captured: Captured) -> Response:
    """The capture as a response, with what may speak of a reservation: the rest was not kept."""
    headers = headers_of(captured.head)
    if captured.media_type and headers.first("content-type").partition(";")[0].lower() != captured.media_type:
        # what was found out about the body stands before what was served, or stands in for it
        headers = Headers([("content-type", captured.media_type), *headers])
    return Response(captured.url, captured.status, headers, captured.body, captured.date or None)


def target_of(captured: Captured, agent: str) -> Target:
    """What is asked: whether this agent may use what was captured."""
    return Target(captured.url, agent, "image" if captured.media_type.startswith("image/") else "")


def signals_of(captured: Captured, target: Target) -> Reading:
    """What a capture says of itself, and what of it could not be read.

    Most captures say nothing; that is known before anything is parsed (`corpus.captured`).
    """
    own = _unread(captured)
    if _DAMAGED.search(captured.head) is not None:
        told = Gathering(PROTOCOL, Place(captured.url, captured.date or None))
        told.remark("header-damaged", doubt=True)
        own = joined((own, told.reading()))
    if captured.head or captured.body:
        said = read_response(response_of(captured), target, {})
        return joined((said, own)) if own else said
    return own


def _unread(captured: Captured) -> Reading:
    """Remarks on what the record does not hold, or holds in a form that cannot be read."""
    if not (captured.cut or captured.unread or captured.part):
        return NOTHING
    told = Gathering(PROTOCOL, Place(captured.url, captured.date or None))
    if captured.part == "text":
        told.remark("text-only", doubt=True)
    if captured.part == "headers":
        told.remark("body-elsewhere", doubt=True)
    if captured.unread:
        told.remark("body-unread", doubt=True, reason=captured.unread)
    if captured.cut:
        told.remark("cut", doubt=True, size=captured.size)
    return told.reading()


__all__ = ["HTML", "headers_of", "response_of", "signals_of", "target_of"]
