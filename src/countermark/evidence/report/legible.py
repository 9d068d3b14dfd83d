"""Text from outside made safe to show: no control characters, no hidden reordering, no endless titles."""

from __future__ import annotations

import re

ELLIPSIS = "…"
# Control characters steer terminals, surrogates and noncharacters break encoders, and the bidirectional controls
# reorder what stands around them. Tab and newline become spaces in `one_line`.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_ISOLATE, _END = "\u2068", "\u2069"


def legible(text: str) -> str:
    """`text` with each unsafe character replaced by U+FFFD; tabs and newlines stay."""
    return _UNSAFE.sub("\ufffd", text)


def one_line(text: str | None, limit: int = 160) -> str:
    """`text` on one line, of at most `limit` characters; a cut is marked."""
    line = " ".join(_UNSAFE.sub("\ufffd", (text or "")[: 8 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + ELLIPSIS


def isolated(text: str) -> str:
    """`text` between directional isolates: inside a sentence, right-to-left names leave the rest alone."""
    return f"{_ISOLATE}{text}{_END}"
