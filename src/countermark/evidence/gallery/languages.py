"""The sentences of a report on pictures, in its two languages, and those that a run over sketches has instead."""

from __future__ import annotations

from typing import Final

from countermark.evidence.gallery import messages_en, messages_fr, sketches_en, sketches_fr
from countermark.language import languages

LANGUAGES = languages(messages_en.MESSAGES, messages_fr.MESSAGES)
OF_SKETCHES: Final = {"en": sketches_en.MESSAGES, "fr": sketches_fr.MESSAGES}
