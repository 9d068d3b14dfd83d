"""Write the folding table `src/countermark/fingerprint/fold-v1.bin.zst` from Python's Unicode data.

The table is frozen: it is part of every scheme that names folding version 1, so that two machines with two
versions of Python fold alike. It was made with Unicode 14.0; run it again only to make a new version.

One little-endian uint32 per code point below U+20000:

    bits 0-23   up to three output bytes, first one lowest
    bits 24-25  how many output bytes (0: nothing)
    bit 26      transparent: nothing comes out, and the word goes on (combining marks, soft hyphen, zero width)
    bit 27      every such character starts a word (scripts written without spaces)

0 is a separator.
"""

from __future__ import annotations

import struct
import sys
import unicodedata
from pathlib import Path

import zstandard

LIMIT = 0x20000
TRANSPARENT = 1 << 26
STARTS_WORD = 1 << 27
TARGET = Path(__file__).parents[1] / "src/countermark/fingerprint/fold-v1.bin.zst"

# Letters that Unicode does not decompose and that print, OCR and plain ASCII interchange
BASE_LETTERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "ŧ": "t", "þ": "th",
}  # fmt: skip

# Thai, Lao, Tibetan, Myanmar, Khmer, kana, Bopomofo, Yi
UNSPACED = [
    (0x0E00, 0x0EFF), (0x0F00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x312F), (0xA000, 0xA4CF),
]  # fmt: skip
IDEOGRAPHS = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)]


def within(code: int, ranges: list[tuple[int, int]]) -> bool:
    """Whether a code point lies in one of the inclusive ranges."""
    return any(first <= code <= last for first, last in ranges)


def is_transparent(char: str) -> bool:
    """Whether a character vanishes without ending the word it stands in."""
    code = ord(char)
    if code in (0x0640, 0x034F, 0x1160) or 0xFE00 <= code <= 0xFE0F:
        return True  # tatweel, grapheme joiner, variation selectors, Hangul filler
    return unicodedata.category(char) in ("Cf", "Me") or unicodedata.combining(char) != 0


def letter_bytes(char: str) -> bytes:
    """The bytes of one fully decomposed, case-folded character; empty for what is no letter or digit."""
    code = ord(char)
    if char.isascii():
        return char.encode() if char.isalnum() else b""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit).encode()
    if unicodedata.category(char)[0] not in "LNM":
        return b""
    if within(code, IDEOGRAPHS):
        low = code & 0xFF
        return bytes(
            [(code >> 8) ^ 0x80, low if low > 1 else low + 0x1E]
        )  # so that padding, zeros, is no second half
    return bytes([0x80 | (code & 0x7F)])


def decompose(char: str) -> str:
    """Case-fold and decompose until nothing changes, then put base letters in."""
    before, after = "", char
    while before != after:
        before, after = after, unicodedata.normalize("NFKD", after.casefold())
    return "".join(BASE_LETTERS.get(part, part) for part in after)


def entry(code: int) -> int:
    """The table entry of one code point."""
    if 0xD800 <= code <= 0xDFFF:
        return 0
    char = chr(code)
    if is_transparent(char):
        return TRANSPARENT
    parts = [part for part in decompose(char) if not is_transparent(part)]
    if char != " " and unicodedata.category(char)[0] in "PSZC" and not any(p.isalpha() for p in parts):
        return 0
    out = b"".join(letter_bytes(part) for part in parts)[:3]
    if not out:
        return 0
    packed = int.from_bytes(out, "little") | len(out) << 24
    if within(code, UNSPACED) or within(code, IDEOGRAPHS):
        packed |= STARTS_WORD
    return packed


def main() -> None:
    """Write the table and say its size."""
    raw = struct.pack(f"<{LIMIT}I", *(entry(code) for code in range(LIMIT)))
    packed = zstandard.ZstdCompressor(level=19).compress(raw)
    TARGET.write_bytes(packed)
    sys.stdout.write(f"{TARGET.name}: {len(packed)} bytes, Unicode {unicodedata.unidata_version}\n")


if __name__ == "__main__":
    main()
