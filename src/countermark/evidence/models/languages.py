"""The sentences of the pages of studies, in their two languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.evidence.models import (
    asking_en,
    asking_fr,
    extraction_en,
    extraction_fr,
    messages_en,
    messages_fr,
)
from countermark.language import WIDE, languages, typeset

if TYPE_CHECKING:
    from collections.abc import Mapping


def bound(messages: Mapping[str, str]) -> dict[str, str]:
    """Sentences whose formulas are not parted at the end of a line."""
    signs = {f" {sign} ": f"{WIDE}{sign}{WIDE}" for sign in "=/+×"}
    found = dict(messages)
    for plain, fixed in signs.items():
        found = {key: text.replace(plain, fixed) for key, text in found.items()}
    return found


LANGUAGES: Final = languages(
    bound(messages_en.MESSAGES | extraction_en.MESSAGES | asking_en.MESSAGES),
    {
        key: typeset(text)
        for key, text in bound(messages_fr.MESSAGES | extraction_fr.MESSAGES | asking_fr.MESSAGES).items()
    },
)
