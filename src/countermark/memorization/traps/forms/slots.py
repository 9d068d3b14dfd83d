"""Natural sentences with slots that are drawn: credits, archive references, further-reading lines.

The sentences name no person and no real collection, so that nobody is credited or cited who is not there. They hold no
quotation marks and no signs that French sets off with a no-break space: those are what text pipelines normalise.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import PlanError
from countermark.memorization.traps.forms.passphrases import language_of
from countermark.memorization.traps.forms.payloads import BEFORE, text_of
from countermark.memorization.traps.forms.words import COUNT, list_name, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.memorization.traps.key import Draw

TEMPLATES: Final = {
    ("photo-credit", "en"): "Photograph from the picture desk, box {number3}, frame {number4}-{letter}, "
    "series {word}-{word}.",
    ("photo-credit", "fr"): "Photographie du service photo, boîte {number3}, vue {number4}-{letter}, "
    "série {word}-{word}.",
    (
        "archive-reference",
        "en",
    ): "Filed in our archive under {letter}{letter} {number4}, folder {word}-{word}.",
    ("archive-reference", "fr"): "Classé dans nos archives sous la cote {letter}{letter} {number4}, "
    "dossier {word}-{word}.",
    (
        "further-reading",
        "en",
    ): "For further reading, ask for file {word}-{word}-{word}, shelf {letter} {number3}.",
    ("further-reading", "fr"): "Pour en savoir plus, demander le dossier {word}-{word}-{word}, rayon "
    "{letter} {number3}.",
    (
        "letter-reference",
        "en",
    ): "Letters about this text should quote the reference {word}-{word}-{word}-{number4}.",
    (
        "letter-reference",
        "fr",
    ): "Le courrier au sujet de ce texte porte la référence {word}-{word}-{word}-{number4}.",
}
_SLOT: Final = re.compile(r"\{(\w+)\}")
_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"  # without I, O and Q, which are read as figures
_SIZES: Final = {"word": COUNT, "number3": 900, "number4": 9000, "letter": len(_LETTERS)}


class Slots:
    """A sentence with slots: its payload is {"before", "after", "template", "list", "place"}.

    The head of the sentence, up to its first slot, is the same in all candidates: it is context, and not scored. What
    follows the last slot is scored.
    """

    def check(self, payload: Mapping[str, Any]) -> None:
        """Raise PlanError unless the template has slots, all of them known."""
        text_of(payload, "before")
        text_of(payload, "after")
        language_of(payload)
        slots = _SLOT.findall(text_of(payload, "template"))
        if not slots or set(slots) - set(_SIZES) or len(slots) > 20:
            raise PlanError(f"a template needs from 1 to 20 slots, each one of {', '.join(_SIZES)}")

    def space(self, payload: Mapping[str, Any]) -> int:
        """The product of what each slot can hold."""
        return math.prod(_SIZES[slot] for slot in _SLOT.findall(payload["template"]))

    def places(self, payload: Mapping[str, Any]) -> list[tuple[str, str]]:
        """One place, whose head and tail are those of the sentence."""
        head, _, tail = _cut(payload["template"])
        return [((payload["before"] + head)[-BEFORE:], tail + payload["after"])]

    def render(self, payload: Mapping[str, Any], draw: Draw) -> tuple[str, ...]:
        """Fill the slots from left to right."""
        words = words_of(language_of(payload))

        def filled(slot: re.Match[str]) -> str:
            if slot[1] == "word":
                return draw.choice(words)
            if slot[1] == "letter":
                return draw.choice(_LETTERS)
            size = _SIZES[slot[1]]
            return str(size // 9 + draw.below(size))  # 100…999, 1000…9999

        return (_SLOT.sub(filled, _cut(payload["template"])[1]),)


def sentence_of(template: str, rendered: str) -> str:
    """The whole sentence, as it is planted, around what is drawn."""
    head, _, tail = _cut(template)
    return head + rendered + tail


def shown(template: str) -> str:
    """The sentence as the sheet shows it: an editor decides without seeing what is drawn."""
    return _SLOT.sub("□", template)


def payload_of(form: str, language: str) -> dict[str, Any]:
    """What a new trap of this form says, but for the place where it stands."""
    return {"template": TEMPLATES[form, language], "list": list_name(language)}


def _cut(template: str) -> tuple[str, str, str]:
    """Before the first slot, the slots with what is between them, after the last slot."""
    slots = list(_SLOT.finditer(template))
    start, end = slots[0].start(), slots[-1].end()
    return template[:start], template[start:end], template[end:]
