"""What people may write in a line of text: clean Unicode, and names that do not pretend to be others.

Refused are characters that nobody sees and that change how others are read: control characters, the marks that turn
the direction of writing (Unicode Technical Report 36, section 2.5), characters without width, and code points without
a character. The joiners U+200C and U+200D stay where a script needs them (RFC 5892, appendix A, simplified).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

JOINERS: Final = "\u200c\u200d"
JOINED_SCRIPTS: Final = frozenset(
    (
        *("ARABIC", "SYRIAC", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA"),
        *("TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN"),
    )
)
REFUSED: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
# alphabets with letters that look like those of another: a word has letters of one of them only (UTS 39, section 5.1)
ALIKE: Final = frozenset(("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC"))
# letters, marks and signs that show nothing, though their category does not say so (Default_Ignorable_Code_Point)
INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
# variation selectors
VARIANTS: Final = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
MOST_MARKS: Final = 4  # combining marks on one letter; Vietnamese and polytonic Greek have at most three
LATIN_ENDS: Final = "\u0250"  # below it every letter is Latin
LETTERS_APART: Final = re.compile(r"[\W\d_]+")
SPACES: Final = re.compile(r"\s+")
UNSORTED: Final = re.compile(r"[^\w\s]")


def tidy(text: str) -> str:
    """One line of text as it is kept: composed (NFC), without spaces at its ends, one space between words."""
    if text.isascii():
        return " ".join(text.split()) if "  " in text or text != text.strip() else text
    return SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def is_clean(text: str, *, lines: bool = False) -> bool:
    """Whether `text` has none of the refused characters; `lines` allows ends of lines and tabs."""
    if lines:
        text = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    if text.isascii():
        return text.isprintable()
    marks = 0
    for position, char in enumerate(text):
        category = unicodedata.category(char)
        if category in REFUSED and not (char in JOINERS and _may_join(text[:position])):
            return False
        if char in INVISIBLE or (char in VARIANTS and not _may_vary(text[:position])):
            return False
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MOST_MARKS:
            return False
    return True


def _may_join(before: str) -> bool:
    return bool(before) and _script(before[-1]) in JOINED_SCRIPTS


def _may_vary(before: str) -> bool:
    """Variants are those of ideographs and of signs such as ❤; after other letters a selector hides."""
    return bool(before) and (_script(before[-1]) in ("CJK", "MONGOLIAN") or not before[-1].isalpha())


def _script(char: str) -> str:
    """The first word of a character's Unicode name, which for letters is their script."""
    return unicodedata.name(char, "").partition(" ")[0]


def has_letter(text: str) -> bool:
    """Whether there is a letter of any script."""
    return any(char.isalpha() for char in text)


def mixes_scripts(text: str) -> bool:
    """Whether one word has letters of two alphabets that look alike, as a Cyrillic а in a Latin name."""
    if text.isascii() or max(text) < LATIN_ENDS:
        return False
    return any(
        len({_script(char) for char in word if char.isalpha()} & ALIKE) > 1
        for word in LETTERS_APART.split(text)
    )


def folded(text: str) -> str:
    """A name for searching: without accents, case and signs; at most 200 characters."""
    bare = (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    plain = "".join(bare).casefold().replace("œ", "oe").replace("æ", "ae").replace("ø", "o").replace("ł", "l")
    return SPACES.sub(" ", UNSORTED.sub(" ", plain)).strip()[:200]


def sorting_key(text: str) -> str:
    """What a list is sorted by so that Écrivain stands at E."""
    return folded(text)
