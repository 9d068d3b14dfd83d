"""Formats of identifiers that are drawn uniformly: what in each of them is drawn, and what is not.

A format says, place by place, which characters could stand there as well; a place that is fixed (hyphens, versions,
times) has one. Fresh identifiers are drawn from the same format and must pass the same filter as those that were
found, so that a found one, if it was drawn uniformly, is exchangeable with them whatever the filter is.
"""

from __future__ import annotations

import math
import re
import string
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from countermark.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.memorization.traps.key import Draw

HEX: Final = "0123456789abcdef"
BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE62: Final = string.digits + string.ascii_letters
BASE64URL: Final = BASE62 + "-_"
LAST_OF_64_BITS: Final = "AEIMQUYcgkosw048"
"""The last of eleven characters of base64: 64 bits leave it four."""
BY_HAND: Final = "looks as if it was made by hand: it counts, repeats itself or spells a word"
_UUID: Final = "xxxxxxxx-xxxx-{version}xxx-Vxxx-xxxxxxxxxxxx"
_POWER: Final = re.compile(r"\d+[eE]\d+")
_DAY: Final = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_ULID: Final = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_HAND: Final = re.compile("dead|beef|cafe|babe|face|fade|feed|deca|f00d|c0de|c0ffee|abad1dea")
_ORDER: Final = string.digits + string.ascii_lowercase
_STEPS: Final = (
    0.6  # more of them lead to the same or the next character only where a hand counted, or repeated
)
_FEWEST: Final = 5  # steps, below which chance does as much
_SPELLED: Final = 0.2  # of the characters
_TRIES: Final = 1000  # draws for each wanted, before the filter is said to let nothing through


@dataclass(frozen=True)
class Format:
    """One format, as one identifier fills it: `alphabets` holds, for each place, what could stand there."""

    name: str
    alphabets: tuple[str, ...]
    passes: Callable[[str], bool]

    @property
    def bits(self) -> float:
        """The bits that are drawn; what the filter takes off them is far less than one."""
        return math.fsum(math.log2(len(alphabet)) for alphabet in self.alphabets)

    def draw(self, draw: Draw) -> str:
        """A fresh identifier. Raises PlanError where the filter lets nothing through."""
        for _ in range(_TRIES):
            text = "".join(
                draw.choice(alphabet) if len(alphabet) > 1 else alphabet for alphabet in self.alphabets
            )
            if self.passes(text):
                return text
        raise PlanError(f"no fresh identifier of the format {self.name} can be drawn")


def turns(text: str) -> int:
    """How often small letters, capitals and digits take turns: seldom in words with a number, often in random text."""
    kinds = [0 if one.isdigit() else 1 if one.isupper() else 2 for one in text if one.isalnum()]
    return sum(one != other for one, other in pairwise(kinds))


def made_by_hand(text: str) -> bool:
    """Whether an identifier counts, repeats itself or spells words (a1b2c3d4…, 1234…, deadbeef): not drawn.

    Documents have such as examples, and models prefer them to what was drawn.
    """
    plain = [one for one in text.casefold() if one.isalnum()]
    places = [_ORDER.find(one) for one in plain]
    for lag in (1, 2, 3):
        steps = [abs(other - one) <= 1 for one, other in zip(places, places[lag:], strict=False)]
        if len(steps) >= _FEWEST and sum(steps) > _STEPS * len(steps):
            return True
    spelled = sum(len(word) for word in _HAND.findall("".join(plain)))
    return spelled > _SPELLED * len(plain)


def uuid_format(text: str) -> Format:
    """The format of a UUID of version 4 or 7 (RFC 9562). Of version 7 only the last 62 bits count: the rest is time."""
    version = text[14]
    drawn = "Vxxx-xxxxxxxxxxxx"
    pattern = _UUID.format(version="4") if version == "4" else text[:19].lower() + drawn
    alphabets = tuple({"x": HEX, "V": "89ab"}.get(one, one) for one in pattern)
    return Format(f"uuid{version}", _cased(alphabets, text), lambda one: not made_by_hand(one))


def hex_format(text: str) -> Format:
    """The format of a digest, or of the beginning of one."""
    return Format(f"hex-{len(text)}", _cased((HEX,) * len(text), text), lambda one: not why_no_digest(one))


def why_no_digest(text: str) -> str:
    """Why hexadecimal characters are not taken for a digest: `word` for what is none at all; empty where they are."""
    if _POWER.fullmatch(text) or _DAY.match(text) or turns(text) < (2 if len(text) < 16 else 3):
        return "word"
    if len(text) == 24 and 0x43000000 <= int(text[:8], 16) <= 0x80000000:
        return "may be an ObjectId: a time, a machine and a counter"
    if len(text) == 13 and text[0] in "456":
        return "may hold a time (uniqid)"
    if made_by_hand(text):
        return BY_HAND
    return ""


def token_format(name: str, text: str) -> Format:
    """The format of a token that `token_kind` knows; the link of a host has that host's name."""
    kind = token_kind(text)
    if kind == "ulid":  # ten characters of time, which stay, and sixteen that are drawn
        return Format(kind, tuple(text[:10]) + (CROCKFORD,) * 16, lambda one: _drawn(one, kind))
    alphabet = {"base32": BASE32, "base62": BASE62, "base64url": BASE64URL}[kind]
    named = f"{name or kind}-{len(text)}"
    return Format(named, (alphabet,) * len(text), lambda one: _drawn(one, kind))


def _drawn(text: str, kind: str) -> bool:
    return token_kind(text) == kind and not made_by_hand(text)


def token_kind(text: str) -> str:
    """What a token may be: base32, base62, base64url, ulid; `hex`, `capitals`, `checked` and `word` are not used here.

    Each text is of one kind, and what is drawn for a token must be of the same.
    """
    if not any(one.isdigit() for one in text) or turns(text) < 3:
        return "word"
    if text in {text.upper(), text.lower()}:
        return _kind_of_one_case(text)
    # Names with a number (iPhone15, McDonalds2024) have their digits at the end, or few turns.
    if not any(one.isdigit() for one in text.rstrip(string.digits)) or 2 * turns(text) < len(text):
        return "word"
    if len(text) >= 24 and set(text) <= set(BASE58):  # as nearly none of base 62 would be
        return "checked"
    return "base62" if set(text) <= set(BASE62) else "base64url"


def _kind_of_one_case(text: str) -> str:
    if _ULID.fullmatch(text):
        return "ulid"
    if set(text) <= set(HEX) or set(text) <= set(HEX.upper()):
        return "hex"
    return "base32" if set(text) <= set(BASE32) and len(text) >= 10 else "capitals"


def video_format() -> Format:
    """The format of the number of a video: 64 bits in eleven characters of base64."""
    return Format("video", (BASE64URL,) * 10 + (LAST_OF_64_BITS,), is_video)


def is_video(text: str) -> bool:
    """Whether a text can be the number of a video, and no word."""
    return (
        len(text) == 11
        and text[-1] in LAST_OF_64_BITS
        and any(map(str.isdigit, text))
        and turns(text) >= 3
        and not made_by_hand(text)
    )


def _cased(alphabets: tuple[str, ...], text: str) -> tuple[str, ...]:
    """In capitals, where the identifier is."""
    capitals = any(one.isupper() for one in text)
    return tuple(alphabet.upper() if capitals else alphabet for alphabet in alphabets)
