"""Constellations of the notes of one voice: three notes, known by their two steps, and the times they take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from countermark.fingerprint.audio._note_kernel import constellations
from countermark.matching.audio.composition._vote_notes_kernel import OFFSET_MS, PITCHES, TEMPOS, vote

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int32]

TOP, BASS = 1, 2
FAN, LONGEST_MS = 5, 3000
_MOST: Final = 20_000
_NUMBERS: Final = 625
_LOGS: Final = np.asarray(np.rint(1000 * np.log(np.maximum(1, np.arange(LONGEST_MS + 1)))), dtype=np.int32)


class Voice(NamedTuple):
    """The notes of a voice, their constellations sorted by number, and where each number begins among these."""

    starts: Numbers
    pitches: Numbers
    triples: Numbers
    lists: Numbers
    seconds: float


def voice_of(notes: Numbers, voice: int, seconds: float) -> Voice:
    """The voice TOP or BASS of notes as a Harmony has them."""
    own = notes[(notes[:, 3] & voice) != 0]
    starts, pitches = np.ascontiguousarray(own[:, 0]), np.ascontiguousarray(own[:, 2])
    found = np.empty((min(_MOST, 20 * len(own) + 1), 4), dtype=np.int32)
    triples = found[: constellations(starts, pitches, FAN, LONGEST_MS, found)]
    triples = triples[np.argsort(triples[:, 0], kind="stable")]
    lists = np.searchsorted(triples[:, 0], np.arange(_NUMBERS + 1)).astype(np.int32)
    return Voice(starts, pitches, np.ascontiguousarray(triples), lists, seconds)


def agreement(record: Voice, work: Voice) -> float:
    """How many constellations of a record agree on where its tune lies in a work, over the root of how many it has."""
    if not len(record.triples) or not len(work.triples):
        return 0.0
    offsets = int(work.seconds * 1000) // OFFSET_MS + 10
    votes = np.empty((PITCHES, TEMPOS, offsets), dtype=np.int32)
    given, own = record, work
    most = vote(
        given.starts,
        given.pitches,
        given.triples,
        own.starts,
        own.pitches,
        own.triples,
        own.lists,
        _LOGS,
        votes,
    )
    return float(most) / float(np.sqrt(max(20, len(record.triples))))
