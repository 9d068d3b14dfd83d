"""The grade of a verified match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.findings.finding import Grade

if TYPE_CHECKING:
    from countermark.matching.audio.match import MatchedPart

_SAME_TEMPO: Final = 0.003
_SAME_SHIFT: Final = 0.1
"""Semitones."""
_AS_ENCODED: Final = 0.65
"""The agreement that MP3 at 64 kbit/s and AAC at 48 leave of nearly every recording, and noise of few."""
_LEAST_SECONDS: Final = 3.0


def grade(parts: tuple[MatchedPart, ...], tempo: float, shift: float, agreement: float) -> str:
    """`identical` where no more than encoding is between the two, else `copy`."""
    seconds = sum(part.end - part.start for part in parts)
    same = abs(tempo - 1) < _SAME_TEMPO and abs(shift) < _SAME_SHIFT
    return Grade.IDENTICAL if same and agreement >= _AS_ENCODED and seconds >= _LEAST_SECONDS else Grade.COPY
