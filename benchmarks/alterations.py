"""The seven ways in which a planted passage differs from its source."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    Alteration = Callable[[str, np.random.Generator, Sequence[str]], str]

TYPOGRAPHIC = [("...", "…"), ("--", "—"), ("'", "’")]
LIGATURES = [("ffi", "ﬃ"), ("ffl", "ﬄ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ")]
NAVIGATION = [
    '<div class="nav">Home | Fiction | Non-fiction | Subscribe</div>',
    '<div class="ad">Advertisement: free delivery on all orders this week</div>',
    '<div class="share">Share this page: mail, print, copy link</div>',
    '<div class="nav">Accueil | Romans | Revues | Mon compte</div>',
    '<div class="pub">Publicité : un mois offert aux nouveaux abonnés</div>',
    '<div class="share">Partager cette page : courriel, imprimer, copier le lien</div>',
]
INLINE = ["<i>{}</i>", "<b>{}</b>", '<a href="/notes/12">{}</a>', "{}<br/>", '<span class="s1">{}</span>']
CONFUSIONS = {
    "rn": "m", "cl": "d", "vv": "w", "ii": "u", "m": "rn", "d": "cl", "w": "vv", "e": "c", "c": "e", "l": "1", "1": "l",
    "o": "0", "0": "o", "u": "n", "n": "u", "i": "l", "h": "b", "b": "h", "s": "5", "a": "o", "t": "f", "f": "t",
    "é": "e", "è": "e", "ê": "e", "à": "a", "g": "q", "q": "g", "y": "v", "v": "y", ",": ".", ".": ",",
}  # fmt: skip
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
COLUMNS = 62


def verbatim(text: str, _rng: np.random.Generator, _common: Sequence[str]) -> str:
    return text


def norm(text: str, rng: np.random.Generator, _common: Sequence[str]) -> str:
    """What a change of font, encoding, page or platform does to a text."""
    case = rng.random()
    if case < 1 / 3:
        text = text.upper() if case < 1 / 6 else text.lower()
    text = _typographic(text) if rng.random() < 0.5 else _typewriter(text)
    layout = rng.integers(4)
    if layout == 0:
        text = "\n\n".join(_wrap(paragraph) for paragraph in text.split("\n\n"))
    elif layout == 1:
        text = re.sub("[,;:]", lambda m: "" if rng.random() < 0.5 else m[0], text)
    elif layout == 2:
        text = re.sub(" ", lambda m: "  " if rng.random() < 0.2 else m[0], text)
    encoding = (_decomposed, _ligatures, _oe_and_no_break_spaces, _soft_hyphens, _zero_width)[rng.integers(5)]
    return encoding(text, rng)


def _typographic(text: str) -> str:
    for plain, fine in TYPOGRAPHIC:
        text = text.replace(plain, fine)
    return re.sub(r'"(?=\w)', "“", text).replace('"', "”")


def _typewriter(text: str) -> str:
    for plain, fine in TYPOGRAPHIC:
        text = text.replace(fine, plain)
    return re.sub("[“”«»]", '"', text).replace("‘", "'").replace("–", "-")


def _wrap(paragraph: str) -> str:
    """Lines of at most 62 columns; a long word that does not fit is divided with a hyphen."""
    lines, line = [], ""
    for word in re.split("[ \n]+", paragraph):
        room = COLUMNS - len(line) - 1
        if len(word) > room >= 4 and len(word) >= 7 and word.isalpha():
            cut = min(room - 1, len(word) - 3)
            lines.append(f"{line} {word[:cut]}-".strip())
            line = word[cut:]
        elif len(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join(filter(None, [*lines, line]))


def _decomposed(text: str, _rng: np.random.Generator) -> str:
    return unicodedata.normalize("NFD", text)


def _ligatures(text: str, _rng: np.random.Generator) -> str:
    for plain, one in LIGATURES:
        text = text.replace(plain, one)
    return text


def _oe_and_no_break_spaces(text: str, rng: np.random.Generator) -> str:
    text = text.replace("œ", "oe") if "œ" in text else text.replace("oe", "œ")
    return _at_spaces(text, rng, 3, "\u00a0")


def _at_spaces(text: str, rng: np.random.Generator, count: int, becomes: str) -> str:
    places = [at for at, character in enumerate(text) if character == " "]
    characters = list(text)
    for at in rng.choice(places, min(count, len(places)), replace=False) if places else ():
        characters[at] = becomes
    return "".join(characters)


def _soft_hyphens(text: str, rng: np.random.Generator) -> str:
    def divide(match: re.Match[str]) -> str:
        word, cut = match[0], int(rng.integers(3, len(match[0]) - 2))
        return word[:cut] + "\u00ad" + word[cut:] if rng.random() < 0.5 else word

    return re.sub(r"[^\W\d_]{8,}", divide, text)


def _zero_width(text: str, rng: np.random.Generator) -> str:
    for at in sorted(rng.integers(1, max(2, len(text)), 5), reverse=True):
        text = text[:at] + "\u200b" + text[at:]
    return text


def html(text: str, rng: np.random.Generator, _common: Sequence[str]) -> str:
    """A web page's source: inline tags, entities, and navigation or advertisement lines in between."""
    if rng.random() < 2 / 3:
        text = text.replace("é", "&eacute;" if rng.random() < 0.5 else "&#233;")
        text = text.replace("'", "&#39;").replace("’", "&rsquo;")
    out, tag_at, line_at = [], int(rng.integers(8, 41)), int(rng.integers(60, 161))
    for count, token in enumerate(re.findall(r"\S+\s*", text)):
        word = token.rstrip()
        if count == tag_at:
            out.append(INLINE[rng.integers(len(INLINE))].format(word) + token[len(word) :])
            tag_at += int(rng.integers(8, 41))
        else:
            out.append(token)
        if count == line_at:
            out.append(f"</p>\n{NAVIGATION[rng.integers(len(NAVIGATION))]}\n<p>")
            line_at += int(rng.integers(60, 161))
    return "".join(out)


def _ocr(rate: float) -> Alteration:
    def alter(text: str, rng: np.random.Generator, _common: Sequence[str]) -> str:
        out, at = [], 0
        while at < len(text):
            if rng.random() >= rate:
                out.append(text[at])
                at += 1
                continue
            written, used = _misread(text, at, rng)
            out.append(written)
            at += used
        return "".join(out)

    alter.__doc__ = f"Errors of optical character recognition in {rate:.0%} of the characters."
    return alter


def _misread(text: str, at: int, rng: np.random.Generator) -> tuple[str, int]:
    """What is written instead of the character at `at`, and how many characters it uses up."""
    kind, character = rng.random(), text[at]
    if kind < 0.60:
        pair = text[at : at + 2]
        if pair in CONFUSIONS and len(pair) == 2:
            return CONFUSIONS[pair], 2
        return CONFUSIONS.get(character, ""), 1
    if kind < 0.75:
        return "", 1
    if kind < 0.85:
        return character + ALPHABET[rng.integers(26)], 1
    if kind < 0.93:
        return ("" if character.isspace() else character + " "), 1
    return ALPHABET[rng.integers(26)], 1


def _edit(rate: float) -> Alteration:
    def alter(text: str, rng: np.random.Generator, common: Sequence[str]) -> str:
        out = []
        for token in re.findall(r"\S+\s*", text):
            word = token.rstrip()
            if rng.random() >= rate:
                out.append(token)
                continue
            kind, other = rng.random(), common[rng.integers(len(common))]
            if kind < 0.6:
                out.append(other + token[len(word) :])
            elif kind >= 0.8:
                out.append(f"{other} {token}")
        return "".join(out)

    alter.__doc__ = f"Words replaced, deleted or inserted at {rate:.0%} of the places."
    return alter


ALTERATIONS: dict[str, Alteration] = {
    "verbatim": verbatim,
    "norm": norm,
    "html": html,
    "ocr2": _ocr(0.02),
    "ocr5": _ocr(0.05),
    "edit5": _edit(0.05),
    "edit10": _edit(0.10),
}
