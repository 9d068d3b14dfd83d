"""Kernels that make notes of how surely each key sounds and begins, and constellations of notes."""

from __future__ import annotations

from typing import Any

from countermark.kernels.compiling import kernel


@kernel
def trace_notes(
    notes: Any, onsets: Any, first: int, begins: int, sounds: int, shortest: int, state: Any, found: Any
) -> int:
    """Follow each key through frames `notes`, `onsets` uint8[n, keys], the first of which is number `first`.

    A note begins where its onset reaches `begins` and ends where it has not reached `sounds` for `shortest` frames or
    begins anew; what is shorter than `shortest` is none. `state` int32[keys, 4] goes on from call to call: the frame of
    the beginning or -1, that of the last sounding, the highest onset, the frame of that. Written are `found`
    int32[most, 4]: first frame, frames, key, onset; returns how many, `most` at the most.
    """
    count = 0
    for row in range(notes.shape[0]):
        at = first + row
        for key in range(notes.shape[1]):
            begin = state[key, 0]
            onset = onsets[row, key]
            fresh = onset >= begins and (begin < 0 or at - state[key, 3] > shortest)
            ended = begin >= 0 and (fresh or at - state[key, 1] > shortest)
            if ended:
                length = state[key, 1] - begin + 1
                if length >= shortest and count < found.shape[0]:
                    found[count, 0], found[count, 1] = begin, length
                    found[count, 2], found[count, 3] = key, state[key, 2]
                    count += 1
                state[key, 0] = -1
            if fresh:
                state[key, 0], state[key, 1], state[key, 2], state[key, 3] = at, at, onset, at
            elif state[key, 0] >= 0:
                if notes[row, key] >= sounds:
                    state[key, 1] = at
                if onset > state[key, 2]:
                    state[key, 2], state[key, 3] = onset, at
    return count


@kernel
def outer_voices(notes: Any) -> None:
    """Write to `notes` int32[n, 4] (ms, length, pitch, -), in order of time, the voice: 1 the top, 2 the bass, 3 both.

    A note is of the top voice if no higher one sounds 50 ms after its beginning or begins within 120 ms.
    """
    count = notes.shape[0]
    for i in range(count):
        start, pitch = notes[i, 0], notes[i, 2]
        top, bass = True, True
        first = i
        while first > 0 and i - first < 200 and start - notes[first - 1, 0] < 30_000:
            first -= 1
        for j in range(first, count):
            if notes[j, 0] > start + 120:
                break
            if notes[j, 0] + notes[j, 1] > start + 50:
                top &= notes[j, 2] <= pitch
                bass &= notes[j, 2] >= pitch
        notes[i, 3] = (1 if top else 0) | (2 if bass else 0)


@kernel
def constellations(starts: Any, pitches: Any, fan: int, longest: int, out: Any) -> int:
    """Write every three notes among `fan` + 1 that follow each other to `out` int32[most, 4]; return how many.

    A row is the number of the two steps of pitch (each -12 to 12) and the three notes. They begin at least 100 ms
    apart and within `longest` ms; what repeats one pitch three times is left out.
    """
    count = 0
    for i in range(starts.size):
        for j in range(i + 1, min(starts.size, i + fan)):
            if starts[j] - starts[i] < 100:
                continue
            for k in range(j + 1, min(starts.size, i + fan + 1)):
                if starts[k] - starts[i] > longest:
                    break
                a, b = pitches[j] - pitches[i], pitches[k] - pitches[j]
                if starts[k] - starts[j] < 100 or abs(a) > 12 or abs(b) > 12 or (a == 0 and b == 0):
                    continue
                if count == out.shape[0]:
                    return count
                out[count, 0] = (a + 12) * 25 + b + 12
                out[count, 1], out[count, 2], out[count, 3] = i, j, k
                count += 1
    return count
