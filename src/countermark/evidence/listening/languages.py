"""The sentences of a report on recordings, in its two languages."""

from __future__ import annotations

from countermark.evidence.listening import messages_en, messages_fr
from countermark.language import languages

LANGUAGES = languages(messages_en.MESSAGES, messages_fr.MESSAGES)
