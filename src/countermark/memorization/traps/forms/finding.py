"""All places of a text that can be written in two ways: by the rules of its language, without what is protected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.memorization.traps.forms import variants_en, variants_fr
from countermark.memorization.traps.forms.pairs import Headline, Pair, find_headlines, find_pairs
from countermark.memorization.traps.forms.payloads import AFTER, BEFORE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.traps.forms.protected import Protected
    from countermark.memorization.traps.forms.variants import Variant

_RULES: Final = {"en": variants_en.english, "fr": variants_fr.french}
SPELLINGS: Final = {"en": variants_en.SPELLINGS, "fr": variants_fr.SPELLINGS}
_FREQUENT: Final = {
    "en": "the of and to in that is was he for it with as his on be at by had not are but from",
    "fr": "le la les de des et un une que qui dans il est pour pas sur elle du au ne plus par avec",
}
_STOPWORDS: Final = {language: frozenset(words.split()) for language, words in _FREQUENT.items()}


def find_variants(
    text: str, language: str, pairs: Sequence[Pair], headlines: Sequence[Headline], protected: Protected
) -> list[Variant]:
    """The variants of `text` in its order. They share no character; of two that would, the longer one stays."""
    found = [
        one for one in (*_RULES[language](text), *find_pairs(text, pairs)) if _is_free(one, text, protected)
    ]
    found += find_headlines(text, headlines)
    chosen: list[Variant] = []
    taken: set[int] = set()
    for one in sorted(found, key=lambda one: (one.kind != "headline", one.start - one.end, one.start)):
        places = range(one.start, one.end)
        if taken.isdisjoint(places):
            taken.update(places)
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.start)


def context_before(text: str, at: int, longest: int = BEFORE) -> str:
    """At most `longest` characters before `at`, from the beginning of a word."""
    start = max(0, at - longest)
    if start and not text[start - 1].isspace():
        space = next((n for n in range(start, at) if text[n].isspace()), at)
        start = space + 1 if space < at else start
    return text[start:at]


def context_after(text: str, at: int) -> str:
    """What follows `at`, to the end of a word after AFTER characters or of the paragraph."""
    end = text.find("\n\n", at, at + 2 * AFTER)
    if end < 0 or end > at + AFTER:
        end = min(at + AFTER, len(text))
        while end < len(text) and end < at + 2 * AFTER and not text[end].isspace():
            end += 1
    return text[at:end]


def language_of(said: str, text: str) -> str:
    """`en` or `fr`: what the document says of itself, else whose short words are more frequent; else nothing."""
    if said[:2].lower() in _RULES:
        return said[:2].lower()
    words = text[:20_000].lower().split()
    counts = {language: sum(word in known for word in words) for language, known in _STOPWORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] * 20 >= max(len(words), 1) else ""


def _is_free(one: Variant, text: str, protected: Protected) -> bool:
    return text[one.start : one.end] in one.renderings and not protected.touches(one.start, one.end)
