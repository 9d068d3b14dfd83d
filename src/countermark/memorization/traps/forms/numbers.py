"""Numbers from 2 to 100, in words and in figures, where nothing but style decides which."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.memorization.traps.forms.variants import Variant

if TYPE_CHECKING:
    from collections.abc import Iterator

_BELOW_TWENTY: Final = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
)
_BY_TEN: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_BELOW_SEVENTEEN: Final = (
    "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
)
_EN, _EN_TENS, _FR = _BELOW_TWENTY.split(), _BY_TEN.split(), _BELOW_SEVENTEEN.split()
_FR_TENS: Final = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}

# What is measured, paid, dated or counted in parts keeps its figures, and so does what is numbered and not counted.
_UNITS: Final = {
    "en": "mm cm km kg mg ml min sec hr hrs yr yrs ft lb lbs oz mph kph pt pts "
    "per percent point points million billion thousand hundred dozen degrees degree dollars "
    "pounds euros pence cents pound dollar euro metres meters kilometres kilometers miles feet foot inches inch yards "
    "acres hectares grams kilos tonnes tons litres liters gallons hours hour minutes minute seconds second days day "
    "weeks week months month years year watts volts hertz bytes noon midnight o am pm st nd rd th and or to times bc "
    "ad january february march april may june july august september october november december",
    "fr": "mm cm km kg mg ml min sec hab "
    "pour million millions milliard milliards mille cent cents degrés degré euros euro francs "
    "franc dollars livres mètres mètre kilomètres kilomètre hectares grammes kilos tonnes litres litre heures heure "
    "minutes minute secondes seconde jours jour semaines semaine mois ans années an année watts volts octets et ou à "
    "fois sur virgule points point bis ter janvier février mars avril mai juin juillet août septembre octobre novembre "
    "décembre ème ème e er ère",
}
_NUMBERED: Final = {
    "en": "page pages chapter section volume vol no number figure table article rule act scene psalm verse line part "
    "level room route bus track channel week day type version line square at by until since before after past to and "
    "or minus plus times under over aged age than about january february march april may june july august september "
    "october november december hundred thousand one each every another",
    "fr": "page pages chapitre section tome volume numéro figure tableau article règle acte scène psaume verset ligne "
    "partie niveau chambre salle route bus piste chaîne jour type version le dès vers avant après à et ou moins plus "
    "fois cent mille janvier février mars avril mai juin juillet août septembre octobre novembre décembre louis "
    "charles henri un une rue place",
}
_FIGURES: Final = re.compile(r"(?<![\w.,:/$£€#°%+−–—-])([2-9]|[1-9]\d|100)(?= ([^\W\d_]{2,})(?![\w’']|\.\w))")


def spelled(number: int, language: str) -> str:
    """A number from 2 to 100 in words; French as before 1990, with hyphens below a hundred except around `et`."""
    return _english(number) if language == "en" else _french(number)


def numbers(text: str, language: str) -> Iterator[Variant]:
    """Where a number counts things of a kind that is written after it, within a sentence."""
    for match in _FIGURES.finditer(text):
        if _counts(text, match.start(1), match[2], language):
            yield from _variant(match, int(match[1]), language)
    for match in _spelled_pattern(language).finditer(text):
        if _counts(text, match.start(1), match[2], language):
            yield from _variant(match, _VALUES[language][match[1]], language)


def _variant(match: re.Match[str], number: int, language: str) -> Iterator[Variant]:
    # Vingt et un or vingt et une hangs on the noun, and neuf may be an adjective.
    gendered = language == "fr" and number % 10 == 1 and number not in (11, 71, 91)
    adjective = language == "fr" and match[1] == "neuf"
    if not gendered and not adjective:
        yield Variant(match.start(1), match.end(1), (spelled(number, language), str(number)), "number")


def _counts(text: str, start: int, noun: str, language: str) -> bool:
    if noun.lower() != noun or noun in _UNIT_SETS[language]:
        return False
    before = text[max(0, start - 60) : start]
    word = re.search(r"([^\W\d_]+)[ ]$", before)
    if word is None or word[1] in _NUMBERED_SETS[language] or word[1].lower() in _NUMBERED_SETS[language]:
        return False
    near = text[max(0, start - 14) : start] + text[start + 3 : start + 18]
    return not re.search(r"\d", near)  # two numbers side by side are written alike


def _english(number: int) -> str:
    if number == 100:
        return "a hundred"
    if number < 20:
        return _EN[number - 2]
    tens, ones = _EN_TENS[number // 10 - 2], number % 10
    return tens if ones == 0 else f"{tens}-{'one' if ones == 1 else _EN[ones - 2]}"


def _french(number: int) -> str:
    if number == 100:
        return "cent"
    if number < 17:
        return _FR[number - 2]
    if number < 20:
        return f"dix-{_FR[number - 12]}"
    if number >= 80:
        rest = number - 80
        return "quatre-vingts" if rest == 0 else f"quatre-vingt-{'un' if rest == 1 else _french(rest)}"
    tens = min(number // 10 * 10, 60)
    rest = number - tens
    if rest in (1, 11):
        return f"{_FR_TENS[tens]} et {'un' if rest == 1 else 'onze'}"
    return _FR_TENS[tens] if rest == 0 else f"{_FR_TENS[tens]}-{_french(rest)}"


_VALUES: Final = {
    language: {spelled(number, language): number for number in range(2, 101)} for language in ("en", "fr")
}
_UNIT_SETS: Final = {language: frozenset(words.split()) for language, words in _UNITS.items()}
_NUMBERED_SETS: Final = {language: frozenset(words.split()) for language, words in _NUMBERED.items()}


def _spelled_pattern(language: str) -> re.Pattern[str]:
    words = "|".join(sorted(_VALUES[language], key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<![\w’'-])({words})(?= ([^\W\d_]{{2,}})(?![\w’']|\.\w))")
