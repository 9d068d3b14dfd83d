"""The grade of a verified match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.findings.finding import Grade
from countermark.matching.audio.repetition import REPETITIVE

if TYPE_CHECKING:
    from countermark.matching.audio.match import MatchedPart

_SAME_TEMPO: Final = 0.003
_SAME_SHIFT: Final = 0.1
"""Semitones."""
_UNDISTURBED: Final = 0.65
"""The agreement that MP3 at 64 kbit/s and AAC at 48 leave of nearly every recording, and noise of few."""
_LEAST_SECONDS: Final = 3.0
_ALTERED_TEMPO: Final = 0.015
_ALTERED_SHIFT: Final = 0.3
"""As noise as loud as the music may shift the estimate, and not more."""
_LOOP_TEMPO: Final = 0.02
_LOOP_SHIFT: Final = 0.3


def grade(
    parts: tuple[MatchedPart, ...], tempo: float, shift: float, agreement: float, repetition: float
) -> str:
    """`shared` where all that agrees is a loop; `identical` or `copy` where it is more.

    `identical`: the same recording at the same pitch and tempo, hardly disturbed. Encoding, equalising and filtering
    are not told apart: the codes say what rises and falls in each band, not how loud the bands are.
    """
    if repetition >= REPETITIVE:
        return Grade.SHARED
    seconds = sum(part.end - part.start for part in parts)
    same = abs(tempo - 1) < _SAME_TEMPO and abs(shift) < _SAME_SHIFT
    return Grade.IDENTICAL if same and agreement >= _UNDISTURBED and seconds >= _LEAST_SECONDS else Grade.COPY


def may_be_another_beat(tempo: float, shift: float, repetition: float) -> bool:
    """Whether a loop agrees at another tempo or pitch: the same drums struck in another beat would do so too."""
    return repetition >= REPETITIVE and (abs(tempo - 1) > _LOOP_TEMPO or abs(shift) > _LOOP_SHIFT)


def is_altered(tempo: float, shift: float) -> bool:
    """Whether a recording is heard at another tempo or pitch than its own."""
    return abs(tempo - 1) >= _ALTERED_TEMPO or abs(shift) >= _ALTERED_SHIFT
