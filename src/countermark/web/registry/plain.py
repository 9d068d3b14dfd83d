"""Text that somebody typed, as one plain line."""

from __future__ import annotations

import unicodedata
from typing import Final

_JOINERS: Final = "\u200c\u200d"  # Persian and Indic scripts need them


def plain_line(text: str) -> str:
    """`text` in NFC on one line, without control characters and without marks that turn the direction of writing."""
    kept = (
        sign if sign in _JOINERS or unicodedata.category(sign) not in ("Cc", "Cf", "Co", "Cs", "Cn") else " "
        for sign in unicodedata.normalize("NFC", text)
    )
    return " ".join("".join(kept).split())
