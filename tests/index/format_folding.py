"""Folding as docs/index-format.md tells it, character by character; nothing of the engine but the frozen table."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import zstandard

TABLE = Path(__file__).parents[2] / "src/countermark/fingerprint/fold-v1.bin.zst"
DIGEST = "490160f18b58ca23fc131147ef941aaf87f6a9e9f9a8f991a5605ae3866b8b78"
ENDINGS = ("acute", "grave", "circ", "uml", "cedil", "tilde", "ring", "caron", "slash")
TAG = re.compile(rb"<[/!a-zA-Z][^>]{0,397}>")
REFERENCE = re.compile(rb"&([^;\x00-\x20]{2,10});")
HYPHEN = re.compile(rb"-[ \r]*\n[ \t]*(?=[a-zA-Z0-9\x80-\xff])")

Folded = tuple[bytes, bool]
SEPARATOR, TRANSPARENT = None, (b"", False)


@cache
def table() -> npt.NDArray[np.uint32]:
    """The frozen table."""
    raw = zstandard.ZstdDecompressor().decompress(TABLE.read_bytes())
    assert hashlib.sha256(raw).hexdigest() == DIGEST
    return np.frombuffer(raw, dtype="<u4")


def of_code_point(code: int) -> Folded | None:
    """The letters of a code point, and whether each such character is an anchor; None for a separator."""
    if 0x20000 <= code < 0x40000:
        return bytes([128 + (code >> 7) % 128, 128 + code % 128]), True
    if 0xE0000 <= code < 0xE0200:
        return TRANSPARENT
    entry = int(table()[code]) if code < 0x20000 else 0
    if entry == 0:
        return SEPARATOR
    if entry >> 26 & 1:
        return TRANSPARENT
    return entry.to_bytes(4, "little")[: entry >> 24 & 3], bool(entry >> 27 & 1)


def of_name(name: bytes) -> Folded | None:
    """What a named reference folds to."""
    first = name[:1].lower()
    if (len(name) == 3 and first == b"s" and name[1:] == b"hy") or (
        len(name) >= 3 and first == b"z" and name[1:2] == b"w"
    ):
        return TRANSPARENT
    if len(name) == 5 and name.endswith(b"lig"):
        return first + (b"s" if first == b"s" else b"e"), False
    for ending in ENDINGS:
        like = b"x" + ending.encode()
        if len(name) == len(like) and (name[1], name[-2:]) == (like[1], like[-2:]):
            return first, False
    return SEPARATOR


def step(data: bytes, at: int) -> tuple[int, Folded | None]:
    """Fold what stands at `at`; return where the next begins."""
    byte = data[at : at + 1]
    if (tag := TAG.match(data, at)) is not None:
        return tag.end(), SEPARATOR
    if (hyphen := HYPHEN.match(data, at)) is not None:
        return hyphen.end(), TRANSPARENT
    if (reference := REFERENCE.match(data, at)) is not None:
        name = reference[1]
        if not name.startswith(b"#"):
            return reference.end(), of_name(name)
        number = re.fullmatch(rb"#(?:[xX]([0-9a-fA-F]+)|([0-9]+))", name)
        if number is not None:
            code = int(number[1], 16) if number[1] else int(number[2])
            return reference.end(), of_code_point(code)
    if byte < b"\x80":
        return at + 1, (byte.lower(), False) if byte.isalnum() else SEPARATOR
    length = 2 if byte < b"\xe0" else 3 if byte < b"\xf0" else 4
    return at + length, of_code_point(ord(data[at : at + length].decode()))


@cache
def fold(text: str) -> tuple[bytes, list[int]]:
    """The letters of a text, and its anchors."""
    data = text.encode()
    letters, anchors, word, at = bytearray(), [], 0, 0
    while at < len(data):
        at, folded = step(data, at)
        if folded is None:
            word = 0
        elif folded[0]:
            if word == 0 or word >= 12 or folded[1]:
                anchors.append(len(letters))
            letters += folded[0]
            word += len(folded[0])
    return bytes(letters), anchors
