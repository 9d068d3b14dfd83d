"""Numbers as the page says them: p-values, ranks, tries, powers of ten."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from countermark.language import WIDE

if TYPE_CHECKING:
    from countermark.language import Language

_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_WHOLE: Final = 1_000_000
"""Up to here numbers are written out; beyond as powers of ten."""


def figure(value: float | None, say: Language) -> str:
    """Three digits; what is very small or large as a power of ten; a dash for nothing."""
    if value is None:
        return "–"
    if value < 0:
        return f"−{figure(-value, say)}"
    if 1000 <= value <= _WHOLE:
        return say.number(round(value))
    digits, power, exponent = f"{value:.3g}".replace(".", say.decimal).partition("e")
    if not power:
        return digits
    return ten(int(exponent)) if digits == "1" else f"{digits}{WIDE}×{WIDE}{ten(int(exponent))}"


def ten(exponent: int) -> str:
    """A power of ten."""
    return f"10{str(exponent).translate(_RAISED)}"


def ordinal(rank: int, say: Language) -> str:
    """1st, 2nd, 11th; 1er, 2e."""
    if say.code == "fr":
        return say.number(rank) + ("er" if rank == 1 else "e")
    ending = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th") if rank % 100 not in (11, 12, 13) else "th"
    return say.number(rank) + ending


def tries(value: float | None, say: Language) -> str:
    """How many tries on average, in whole numbers, or a power of ten beyond a million."""
    if value is None:
        return say.say("figure.more", least=ten(18))
    whole = math.ceil(round(value, 2))
    return say.number(whole) if whole <= _WHOLE else figure(value, say)


def chance(log10_p: float | None, say: Language) -> str:
    """A probability given as its logarithm."""
    if log10_p is None:
        return "0"
    if log10_p >= -3.0005:
        return figure(10.0**log10_p, say)
    exponent = math.floor(log10_p)
    digits = f"{10.0 ** (log10_p - exponent):.2f}"
    if digits == "10.00":
        digits, exponent = "1.00", exponent + 1
    return f"{digits.replace('.', say.decimal)}{WIDE}×{WIDE}{ten(exponent)}"
