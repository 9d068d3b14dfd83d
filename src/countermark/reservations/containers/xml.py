"""The root element of an XML file, told from its first bytes without parsing it."""

from __future__ import annotations

import re
from typing import Final

_HEAD: Final = 1 << 16
_NAME: Final = re.compile(r"<([A-Za-z_][^\s/>]{0,200})")


def head_text(data: bytes) -> str:
    """The first 64 KB as text, by the byte order mark or the width of the first characters."""
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").lstrip("\ufeff")
    if head[:2] == b"<\0":
        return head.decode("utf-16-le", "replace")
    if head[:2] == b"\0<":
        return head.decode("utf-16-be", "replace")
    return head.decode("utf-8", "replace").lstrip("\ufeff")


def root_tag(data: bytes) -> str:
    """The start tag of the root element, `<rsl xmlns="…"`, up to its `>`; "" where the bytes are not XML.

    Comments, processing instructions and a document type before it are stepped over.
    """
    text = head_text(data)
    at = _after_space(text, 0)
    while text.startswith("<", at):
        if text.startswith("<!--", at):
            at = text.find("-->", at)
        elif text.startswith("<?", at):
            at = text.find("?>", at)
        elif text.startswith("<!", at):
            at = _after_doctype(text, at)
        else:
            end = text.find(">", at)
            return text[at : end if end >= 0 else len(text)] if _NAME.match(text, at) else ""
        end = text.find(">", at)
        if at < 0 or end < 0:
            return ""
        at = _after_space(text, end + 1)
    return ""


def local_name(tag: str) -> str:
    """`rsl` of `<r:rsl xmlns:r=…`."""
    found = _NAME.match(tag)
    return found[1].rpartition(":")[2] if found else ""


def _after_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _after_doctype(text: str, at: int) -> int:
    """The place before the `>` that ends a document type; its internal subset stands in square brackets."""
    bracket, end = text.find("[", at), text.find(">", at)
    if 0 <= bracket < end:
        return text.find("]", bracket)
    return end
