"""Excerpts of sound as evidence: a part of a track as it is, and the same with pitch and tempo undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.audio.decode import open_sound
from countermark.audio.encoding import encode_flac, encode_opus
from countermark.audio.stretch import stretched
from countermark.errors import SoundError

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.audio.source import SoundSource

__all__ = ["Excerpt", "encode_flac", "encode_opus", "excerpt", "undone"]

_HIGHEST: Final = 48_000
_MOST_SECONDS: Final = 3600.0
"""Seconds of an excerpt: it is held in memory."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Mono samples int16[n, 1], and how many of them a second has."""

    samples: npt.NDArray[np.int16]
    rate: int

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate


def excerpt(
    source: SoundSource, track: int, start: float, seconds: float, *, rate: int | None = None
) -> Excerpt:
    """A part of a track, mono, at its own rate (48,000 at most) or at `rate`; shorter where the track ends.

    Raises SoundError, with reason `empty` where the track ends before `start`; ValueError for more than an hour.
    """
    if seconds > _MOST_SECONDS:
        raise ValueError(f"seconds is {seconds}; an excerpt has {_MOST_SECONDS:.0f} at most")
    with open_sound(source) as sound:
        own = sound.tracks[track].rate if 0 <= track < len(sound.tracks) else 0
        chosen = rate or min(own or _HIGHEST, _HIGHEST)
        parts = list(sound.pieces(track, start, seconds, chosen))
    if not parts:
        raise SoundError("empty", f"has no sound at {start:.1f} seconds")
    whole = np.rint(np.clip(np.concatenate(parts) * np.float32(32768), -32768, 32767)).astype(np.int16)
    return Excerpt(whole[:, None], chosen)


def undone(part: Excerpt, tempo: float, shift: float) -> Excerpt:
    """An excerpt of a record as the work would sound: `tempo` and `shift` are those of the record over the work.

    It comes out `tempo` times as long, as the work's part is. Raises ValueError beyond a factor of 4.
    """
    return Excerpt(stretched(part.samples.reshape(-1), part.rate, tempo, shift)[:, None], part.rate)
