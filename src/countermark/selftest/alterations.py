"""What happens to a text on its way into a data set, done on purpose and repeatably.

Each alteration takes a passage, a random generator and the vocabulary to draw inserted words from, and returns
the altered passage. The same generator state gives the same result on every machine.

- verbatim: nothing
- typography: case, quotes, dashes, decomposed accents, ligatures, soft hyphens, lines wrapped with hyphens
- html: tags inside sentences, accents and apostrophes as entities, a stray navigation line
- ocr2, ocr5: 2 % or 5 % of the characters misread, lost or added
- words5, words10: 5 % or 10 % of the words replaced, deleted or added
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    Alteration = Callable[[str, Random, Sequence[str]], str]

MISREAD = {
    "m": ("rn",),
    "rn": ("m",),
    "d": ("cl",),
    "e": ("c", "o"),
    "c": ("e",),
    "l": ("1", "I"),
    "i": ("l", "1"),
    "o": ("0", "c"),
    "u": ("n", "ii"),
    "n": ("u", "ri"),
    "h": ("li", "b"),
    "s": ("f", "5"),
    "t": ("f", "l"),
    "a": ("o",),
    "r": ("i",),
    "v": ("y",),
    "w": ("vv",),
    "é": ("e", "6"),
    "è": ("e",),
    "à": ("a",),
    "B": ("8",),
    "I": ("l", "1"),
    "O": ("0", "Q"),
    "S": ("5",),
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
TAGS = ("i", "b", "em", "span", "a")
NAVIGATION = ("Share this page", "Next chapter", "Partager cette page", "Chapitre suivant", "Advertisement")
LIGATURES = (("ffi", "\ufb03"), ("ffl", "\ufb04"), ("ff", "\ufb00"), ("fi", "\ufb01"), ("fl", "\ufb02"))
SOFT_HYPHEN = "\u00ad"


def alter(name: str, passage: str, rng: Random, vocabulary: Sequence[str]) -> str:
    """Give `passage` as the alteration called `name` leaves it. Raises KeyError for an unknown name."""
    return ALTERATIONS[name](passage, rng, vocabulary)


def _verbatim(passage: str, _rng: Random, _vocabulary: Sequence[str]) -> str:
    return passage


def _typography(passage: str, rng: Random, _vocabulary: Sequence[str]) -> str:
    cases: list[Callable[[str], str]] = [str.upper, str.lower, str, str, str, str]
    text = rng.choice(cases)(passage)
    if rng.random() < 0.5:
        text = text.replace("'", "\u2019").replace("--", "\u2014").replace("...", "\u2026")
    else:
        text = text.replace("\u2019", "'").replace("\u2014", "--").replace("\u2026", "...")
    text = rng.choice([_decomposed, _ligatures, _soft_hyphens])(text)
    layouts: list[Callable[[str], str]] = [_wrapped, _double_spaced, str]
    return rng.choice(layouts)(text)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _ligatures(text: str) -> str:
    for plain, joined in LIGATURES:
        text = text.replace(plain, joined)
    return text.replace("oe", "\u0153")


def _soft_hyphens(text: str) -> str:
    return re.sub(r"[^\W\d_]{8,}", lambda word: word[0][:4] + SOFT_HYPHEN + word[0][4:], text)


def _wrapped(text: str) -> str:
    """Lines of 62 columns; a long word at a line's end is divided with a hyphen."""
    hyphenated = re.sub(r"[^\W\d_]{10,}", lambda word: word[0][:5] + "\u2063" + word[0][5:], text)
    lines = textwrap.wrap(
        hyphenated.replace("\u2063", "- "), 62, break_long_words=False, break_on_hyphens=False
    )
    return re.sub(r"(?<=[^\W\d_])- ", "", "\n".join(lines))


def _double_spaced(text: str) -> str:
    return text.replace(" ", "  ")


def _html(passage: str, rng: Random, _vocabulary: Sequence[str]) -> str:
    words = passage.split(" ")
    at = rng.randint(4, 16)
    while at < len(words):
        tag = rng.choice(TAGS)
        words[at] = f"<{tag}>{words[at]}</{tag}>"
        at += rng.randint(8, 40)
    at = rng.randint(60, 160)
    while at < len(words):
        words[at] = f'</p><div class="nav">{rng.choice(NAVIGATION)}</div><p>{words[at]}'
        at += rng.randint(60, 160)
    text = " ".join(words)
    return (
        text.replace("é", "&eacute;")
        .replace("è", "&#232;")
        .replace("\u2019", "&rsquo;")
        .replace("'", "&#39;")
    )


def _ocr(share: float) -> Alteration:
    def misread(passage: str, rng: Random, _vocabulary: Sequence[str]) -> str:
        return "".join(_misread(char, rng) if rng.random() < share else char for char in passage)

    return misread


def _misread(char: str, rng: Random) -> str:
    kind = rng.random()
    if kind < 0.60:
        return rng.choice(MISREAD[char]) if char in MISREAD else ""
    if kind < 0.75:
        return ""
    if kind < 0.85:
        return char + rng.choice(LETTERS)
    if kind < 0.93:
        return "" if char.isspace() else char + " "
    return rng.choice(LETTERS)


def _words(share: float) -> Alteration:
    def edit(passage: str, rng: Random, vocabulary: Sequence[str]) -> str:
        pieces = re.split(r"(\s+)", passage)
        for at in range(0, len(pieces), 2):
            if rng.random() < share:
                pieces[at] = _edited(pieces[at], rng, vocabulary)
        return "".join(pieces)

    return edit


def _edited(word: str, rng: Random, vocabulary: Sequence[str]) -> str:
    kind = rng.random()
    if kind < 0.6:
        return rng.choice(vocabulary)
    return "" if kind < 0.8 else f"{word} {rng.choice(vocabulary)}"


ALTERATIONS: dict[str, Alteration] = {
    "verbatim": _verbatim,
    "typography": _typography,
    "html": _html,
    "ocr2": _ocr(0.02),
    "ocr5": _ocr(0.05),
    "words5": _words(0.05),
    "words10": _words(0.10),
}
"""The alterations by name, in the order in which they are shown."""
