"""Kernels that let constellations of notes vote on how one tune lies in another."""

from __future__ import annotations

from typing import Any

from countermark.kernels.compiling import kernel

PITCHES, TEMPOS = 49, 17
"""Transpositions of -24 to 24 semitones; sixteen steps of 4 % of tempo, from 0.73 to 1.37 times."""
TEMPO_STEP, TEMPO_APART = 40, 250
"""In thousandths of the natural logarithm: a step, and how far the two spans of a constellation may be apart."""
OFFSET_MS = 500


@kernel
def vote(
    starts: Any,
    pitches: Any,
    triples: Any,
    work_starts: Any,
    work_pitches: Any,
    work_triples: Any,
    lists: Any,
    logs: Any,
    votes: Any,
) -> int:
    """The most votes that agree on transposition, tempo and offset.

    `starts` int32 ms, `pitches` int32 are the notes of a record, `triples` int32[n, 4] its constellations; the same of
    a work, sorted by number, those of number k being `lists[k]` to `lists[k + 1]`. `logs` int32 are a thousand times
    the logarithms of milliseconds. `votes` int32[PITCHES, TEMPOS, offsets] is overwritten. Each vote counts for the
    cells around it.
    """  # fmt: skip
    votes[:] = 0
    most = 0
    middle = starts[starts.size // 2]
    for q in range(triples.shape[0]):
        number, i, j, k = triples[q, 0], triples[q, 1], triples[q, 2], triples[q, 3]
        first, second = logs[starts[j] - starts[i]], logs[starts[k] - starts[j]]
        whole = starts[k] - starts[i]
        for e in range(lists[number], lists[number + 1]):
            a, b, c = work_triples[e, 1], work_triples[e, 2], work_triples[e, 3]
            one = logs[work_starts[b] - work_starts[a]] - first
            two = logs[work_starts[c] - work_starts[b]] - second
            if abs(one - two) > TEMPO_APART:
                continue
            shift = work_pitches[a] - pitches[i] + 24
            span = work_starts[c] - work_starts[a]
            tempo = (logs[span] - logs[whole]) // TEMPO_STEP + 8
            if shift < 0 or shift >= PITCHES or tempo < 0 or tempo >= TEMPOS - 1:
                continue
            place = (work_starts[b] + (middle - starts[j]) * span // whole) // OFFSET_MS + 4
            if place < 0 or place >= votes.shape[2] - 1:
                continue
            for x in range(2):
                for y in range(2):
                    count = votes[shift, tempo + x, place + y] + 1
                    votes[shift, tempo + x, place + y] = count
                    most = max(most, count)
    return most
