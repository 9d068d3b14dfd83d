"""Impostors: what works score that are not covered, against which a score is judged.

A score says little by itself: long works, plain harmonies and common rhythms score high with everything. So a work's
scores are set beside those it gets against other works (half shrunk to the catalogue's), and then a record's beside
those it gets against the other works, the best of them left out. Where a catalogue has fewer than LEAST works, decoys
stand in: the same music with its 24-second pieces in another order, played backwards or with every step turned upside
down (or both), which keeps its instruments, its density and mostly its chords, and is another tune.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.fingerprint.audio.chroma import CHROMA_RATE
from countermark.fingerprint.audio.harmony import Harmony

if TYPE_CHECKING:
    import numpy.typing as npt

LEAST: Final = 24
MOST: Final = 64
EASE_OF_DECOYS: Final = 0.4
"""Decoys are easier to stand out from than other music: a score is worth so much less where all impostors are decoys.
Set on seed 1: of 94 unrelated pairs judged against decoys alone the highest, 11.2, becomes 6.7."""
_PIECE: Final = 24
_SHRINK: Final = 0.5
_FLOOR: Final = 0.3


def decoy(harmony: Harmony, number: int) -> Harmony:
    """Another piece made of this one; `number` chooses which."""
    pieces = max(1, -(-len(harmony.chroma) // (_PIECE * CHROMA_RATE)))
    order = _order(pieces, number)
    frames = np.concatenate(
        [
            np.arange(
                piece * _PIECE * CHROMA_RATE, min((piece + 1) * _PIECE * CHROMA_RATE, len(harmony.chroma))
            )
            for piece in order
        ]
    )
    place = np.empty(pieces, dtype=np.int64)
    place[order] = np.arange(pieces)
    notes = harmony.notes.copy()
    piece = np.minimum(notes[:, 0] // (_PIECE * 1000), pieces - 1)
    notes[:, 0] += ((place[piece] - piece) * _PIECE * 1000).astype(np.int32)
    chroma, note_chroma = (
        harmony.chroma[frames],
        harmony.note_chroma[frames[frames < len(harmony.note_chroma)]],
    )
    if number % 3 != 1:
        chroma, note_chroma = chroma[::-1], note_chroma[::-1]
        notes[:, 0] = np.maximum(0, int(harmony.seconds * 1000) - notes[:, 0] - notes[:, 1])
    if number % 3 != 0:
        chroma, note_chroma = chroma[:, -np.arange(12) % 12], note_chroma[:, -np.arange(12) % 12]
        notes[:, 2] = 128 - notes[:, 2]
        notes[:, 3] = np.array([0, 2, 1, 3])[notes[:, 3]]
    notes = notes[np.argsort(notes[:, 0], kind="stable")]
    return Harmony(chroma, note_chroma, notes, harmony.seconds, harmony.notes_by)


def _order(pieces: int, number: int) -> npt.NDArray[np.int64]:
    """An order of the pieces, drawn by `number`; 0 leaves them."""
    state, keys = number * 2654435761 + 1, []
    for _ in range(pieces):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        keys.append(state >> 33)
    return np.arange(pieces) if number == 0 else np.argsort(np.array(keys), kind="stable")


def of_like_length(seconds: npt.NDArray[np.float64], own: int, most: int = MOST) -> npt.NDArray[np.int64]:
    """The numbers of up to `most` others whose length is nearest to that of number `own`."""
    away = np.abs(np.log(np.maximum(seconds, 1) / max(float(seconds[own]), 1.0)))
    order = np.argsort(away, kind="stable")
    return np.asarray(order[order != own][:most], dtype=np.int64)


def shrunk(norms: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Means and spreads of works, float64[n, 2, views], moved half of the way to those of the catalogue."""
    whole = norms.mean(axis=0, keepdims=True)
    return np.asarray(whole + _SHRINK * (norms - whole), dtype=np.float64)


def standing_out(given: npt.NDArray[np.float64], norms: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How far each score float64[n, views] stands out, first for its work by `norms`, then among all of the record."""
    eased = (given - norms[:, 0]) / np.maximum(norms[:, 1], 1e-6)
    best = eased.argmax(axis=0)
    out = np.empty_like(eased)
    for view in range(eased.shape[1]):
        others = np.delete(eased[:, view], best[view])
        spread = max(float(others.std()), _FLOOR) if len(others) else 1.0
        out[:, view] = (eased[:, view] - (others.mean() if len(others) else 0.0)) / spread
    return out
