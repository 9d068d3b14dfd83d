"""Where English text can be written in two ways: the serial comma, numbers, contractions of `not`.

The rules miss much on purpose: an editor looks at each place, and a rule that is often wrong wastes the looking.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.memorization.traps.forms.numbers import numbers
from countermark.memorization.traps.forms.variants import Variant

if TYPE_CHECKING:
    from collections.abc import Iterator

SPELLINGS: Final = (
    ("toward", "towards"),
    ("among", "amongst"),
    ("while", "whilst"),
    ("e-mail", "email"),
    ("e-mails", "emails"),
    ("co-operate", "cooperate"),
    ("judgment", "judgement"),
    ("acknowledgment", "acknowledgement"),
    ("ageing", "aging"),
    ("learned", "learnt"),
    ("spelled", "spelt"),
    ("dreamed", "dreamt"),
    ("leaned", "leant"),
    ("grey", "gray"),
    ("focused", "focussed"),
    ("no one", "no-one"),
    ("per cent", "percent"),
    ("adviser", "advisor"),
    ("inquiry", "enquiry"),
    ("connection", "connexion"),
)
"""Spellings that are offered where the editor gives no list; those of one pair share a coin."""

_ITEM: Final = r"(?:(?:the|a|an|his|her|their|its|our|my|no) )?[a-z]{3,}(?:-[a-z]+)?"
# A list of three or more whose serial comma is there, or one of four or more without it: of `a, b and c` the first may
# be no item at all (when it rains, cats and dogs …), so it needs a preposition before it.
_WITH: Final = re.compile(rf"\b{_ITEM}, (?:{_ITEM}, ){{0,8}}({_ITEM}, (?:and|or)) {_ITEM}\b(?![’'-])")
_WITHOUT: Final = re.compile(
    rf"\b(?:{_ITEM}, {_ITEM}, (?:{_ITEM}, ){{0,8}}|(?:of|with|between|from|including|like|both) {_ITEM}, )"
    rf"({_ITEM} (?:and|or)) {_ITEM}\b(?![’'-])"
)
_NO_ITEMS: Final = re.compile(
    r"\b(?:however|indeed|therefore|moreover|then|now|also|first|today|course|example|instance|fact|last|said|says|which|"
    r"who|that|where|when|but|because|though|although|while|if|is|are|was|were|has|have|had|will|would|not)\b"
)
_AUXILIARIES: Final = "do does did is are was were have has had would should could must"
_FULL: Final = {f"{word} not": f"{word}n't" for word in _AUXILIARIES.split()} | {
    "will not": "won't",
    "cannot": "can't",
}
_SHORT: Final = {short: full for full, short in _FULL.items()}
_EXPANDABLE: Final = re.compile(rf"\b({'|'.join(_SHORT).replace(chr(39), '[’' + chr(39) + ']')})\b")
_CONTRACTIBLE: Final = re.compile(rf"\b({'|'.join(_FULL)})\b")
_SUBJECT: Final = re.compile(
    r" (?:I|you|he|she|it|we|they|the|a|an|this|that|these|those|there|my|our|your|his|her)\b"
)
_ASKING: Final = re.compile(
    r"(?:\b(?:[Ww]hy|[Hh]ow|[Ww]hat|[Ww]hen|[Ww]here|[Ww]ho|[Ww]hich)|[.!?:;—,(]|^) ?$|\n$"
)


def english(text: str) -> Iterator[Variant]:
    """Every place that a rule finds, in no order; what is protected is not yet left out."""
    yield from _commas(text)
    yield from numbers(text, "en")
    yield from _contractions(text)


def _commas(text: str) -> Iterator[Variant]:
    for pattern in (_WITH, _WITHOUT):
        for match in pattern.finditer(text):
            if _NO_ITEMS.search(match[0]):
                continue
            item, conjunction = match[1].rsplit(" ", 1)
            item = item.rstrip(",")
            yield Variant(*match.span(1), (f"{item}, {conjunction}", f"{item} {conjunction}"), "serial-comma")


def _contractions(text: str) -> Iterator[Variant]:
    apostrophe = "’" if "’" in text else "'"
    for match in _CONTRACTIBLE.finditer(text):
        if not text.startswith((" only", " just"), match.end()):
            yield _contraction(match, match[1], _FULL[match[1]], apostrophe)
    for match in _EXPANDABLE.finditer(text):
        asked = _ASKING.search(text[max(0, match.start() - 8) : match.start()])
        if not asked and not _SUBJECT.match(text, match.end()):
            mark = "’" if "’" in match[1] else "'"
            short = match[1].replace("’", "'")
            yield _contraction(match, _SHORT[short], short, mark)


def _contraction(match: re.Match[str], full: str, short: str, apostrophe: str) -> Variant:
    return Variant(*match.span(1), (full, short.replace("'", apostrophe)), "contraction")
