"""What kind of XML a file is, by the first bytes of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, cast

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOT: Final = re.compile(rb"<((?:[\w.-]{1,60}:)?[A-Za-z_][\w.-]{0,60})([^>]{0,20000})>?")


class Root(NamedTuple):
    """The root element: its local name, empty for what is no XML, and its attributes as they are written."""

    name: str
    attributes: bytes


def root_of(head: bytes) -> Root:
    """The root element that begins in `head`, whatever stands before it; never raises."""
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not plain.startswith(b"<"):
        return Root("", b"")
    plain = re.sub(
        rb"<\?.{0,5000}?\?>|<!--.{0,50000}?-->|<!DOCTYPE[^>\[]{0,2000}>", b"", plain, flags=re.DOTALL
    )
    found = _ROOT.match(plain.lstrip())
    if found is None:
        return Root("", b"")
    return Root(found[1].rpartition(b":")[2].decode("ascii", "replace"), found[2])


def line_of(element: _Element) -> int:
    """The line of the file on which an element begins, or 0."""
    return cast("int | None", element.sourceline) or 0
