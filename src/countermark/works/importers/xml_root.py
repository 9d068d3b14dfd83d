"""What kind of XML a file is, by the first bytes of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, cast

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOT: Final = re.compile(rb"<((?:[\w.-]{1,60}:)?[A-Za-z_][\w.-]{0,60})([^>]{0,20000})>?")
# Possessive, and tried at one place only: the time is linear in the bytes, whatever they are.
_BEFORE: Final = re.compile(
    rb"(?:\s++|<\?(?:[^?]++|\?(?!>))*+\?>|<!--(?:[^-]++|-(?!->))*+-->"
    rb"|<!DOCTYPE(?:[^\"'\[>]++|\"[^\"]*+\"|'[^']*+')*+(?:\[(?:[^\]\"'<]++|\"[^\"]*+\"|'[^']*+'|<(?!!--)|<!--(?:[^-]++|-(?!->))*+-->)*+\]\s*+)?+>)*+",
    re.DOTALL,
)


class Root(NamedTuple):
    """The root element: its local name, empty for what is no XML, and its attributes as they are written."""

    name: str
    attributes: bytes


def root_of(head: bytes) -> Root:
    """The root element that begins in `head`, whatever stands before it; never raises.

    A DOCTYPE is passed over with all that it declares: the importer of the format says that it is not accepted.
    """
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    found = _ROOT.match(plain, cast("re.Match[bytes]", _BEFORE.match(plain)).end())
    if found is None:
        return Root("", b"")
    return Root(found[1].rpartition(b":")[2].decode("ascii", "replace"), found[2])


def line_of(element: _Element) -> int:
    """The line of the file on which an element begins, or 0."""
    return cast("int | None", element.sourceline) or 0
