"""Names, compared as somebody who wants to be taken for another would write them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from countermark.web.fields.names import folded

LONGEST: Final = 160
# letters of other alphabets, and digits, that look like Latin ones (a selection of Unicode's confusables.txt, UTS 39)
LOOKALIKES: Final = str.maketrans(
    {
        **dict(zip("авсԁеһніјкӏморԛѕтуԝх", "abcdehhijklmopqstywx", strict=True)),
        **dict(zip("αβεικνορτυχ", "abeikvoptux", strict=True)),
        **dict(zip("0135", "oles", strict=True)),
    }
)
ACCENTED: Final = range(0x00C0, 0x0250)  # Latin-1 Supplement to Latin Extended-B


def skeleton(name: str) -> str:
    """A name without case, accents, spaces and signs, and with look-alikes read as Latin; at most 160 characters."""
    return folded(name).translate(LOOKALIKES).replace(" ", "")[:LONGEST]


def _variants() -> dict[str, str]:
    found: dict[str, str] = {}
    for code in ACCENTED:
        base = unicodedata.normalize("NFKD", chr(code))[0].lower()
        if base.isascii() and base.isalpha():
            found[base] = found.get(base, "") + chr(code)
    return found


VARIANTS: Final = _variants()


def pattern_of(text: str) -> str:
    """A regular expression for `iregex`, on SQLite and PostgreSQL alike, that matches whole names.

    `*` stands for anything; case and accents do not matter; between words there may be hyphens and apostrophes too.
    """
    parts = ["".join(map(_piece, PIECES.findall(folded(part)))) for part in text.split("*")]
    return f"^{'.*'.join(parts)}$" if any(parts) else "^$"  # stars and signs alone mean nobody, not everybody


PIECES: Final = re.compile(r"oe|ae|.", re.DOTALL)


def _piece(piece: str) -> str:
    if piece == " ":
        return "[ '’.,-]+"
    if piece in {"oe", "ae"}:
        ligature = "œŒ" if piece == "oe" else "æÆ"
        return f"(?:{''.join(map(_piece, piece))}|[{ligature}])"
    return f"[{piece}{VARIANTS[piece]}]" if piece in VARIANTS else re.escape(piece)
