"""A small copy of a work, for listening only: nothing is found or decided by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.audio.decode import open_sound
from countermark.audio.excerpt import encode_opus

if TYPE_CHECKING:
    from countermark.audio.source import SoundSource

RATE: Final = 24_000
MOST_SECONDS: Final = 2 * 3600.0
"""Of a longer work the beginning is copied."""


def copy_of(source: SoundSource, name: str) -> bytes:
    """The first track as Ogg Opus, mono, about 48 kbit/s. Raises SoundError."""
    with open_sound(source, name) as sound:
        return encode_opus(sound.pieces(0, 0.0, MOST_SECONDS, RATE), RATE)
