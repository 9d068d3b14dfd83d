"""The sentences of the page and the feed of a watch, in their two languages."""

from __future__ import annotations

from typing import Final

from countermark.evidence.watch import messages_en, messages_fr
from countermark.language import languages, typeset

LANGUAGES: Final = languages(
    messages_en.MESSAGES, {key: typeset(text) for key, text in messages_fr.MESSAGES.items()}
)
