"""Kernels from spectra to pitch: the peaks of a frame, its profile of pitch classes, the tones that explain it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from countermark.kernels.compiling import kernel


@kernel
def spectral_peaks(
    powers: Any, first: int, least: Any, pitch_of: Any, pitches: Any, heights: Any, counts: Any
) -> None:
    """Find the peaks of the frames `powers` float32[n, bins], bin `first` and up.

    A peak is a maximum among two neighbours each side, above `least` and above a ten-thousandth of the frame's highest.
    Its place and height come from a parabola through the logarithms. `pitch_of` float32[bins] is the pitch of each bin
    in semitones (MIDI numbers). Written are `pitches` float32[n, most], `heights` float32[n, most] (amplitudes, the
    square root of the power) and `counts` int32[n]; where there are more than `most`, the lowest in pitch.
    """
    for row in range(powers.shape[0]):
        power = powers[row]
        highest = np.float32(0)
        for k in range(first, power.size):
            highest = max(highest, power[k])
        floor = max(np.float32(least), highest * np.float32(1e-4))
        count = 0
        for k in range(first, power.size - 2):
            p = power[k]
            if p <= floor or p < power[k - 1] or p <= power[k + 1] or p < power[k - 2] or p <= power[k + 2]:
                continue
            if count == pitches.shape[1]:
                break
            before, here, after = math.log(power[k - 1] + 1e-20), math.log(p), math.log(power[k + 1] + 1e-20)
            bend = before - 2 * here + after
            aside = 0.5 * (before - after) / bend if bend < 0 else 0.0
            if aside >= 0:
                pitch = pitch_of[k] + aside * (pitch_of[k + 1] - pitch_of[k])
            else:
                pitch = pitch_of[k] + aside * (pitch_of[k] - pitch_of[k - 1])
            pitches[row, count] = pitch
            heights[row, count] = math.exp(0.5 * (here - 0.25 * (before - after) * aside))
            count += 1
        counts[row] = count


@kernel
def add_profiles(
    pitches: Any, heights: Any, counts: Any, tuning: Any, harmonics: Any, weights: Any, out: Any
) -> None:
    """Write the profile of pitch classes of every frame to `out` float32[n, 12], class 0 is C.

    Each peak counts for the class of its own pitch and, less, for those it is a harmonic of (Gómez 2006): `harmonics`
    float32[h] semitones below, with `weights` float32[h]. A peak lies within a raised cosine of 4/3 semitones' width.
    """
    for row in range(counts.size):
        for k in range(12):
            out[row, k] = 0
        for peak in range(counts[row]):
            pitch = pitches[row, peak] - tuning
            energy = heights[row, peak]
            for h in range(harmonics.size):
                place = pitch - harmonics[h]
                nearest = math.floor(place + 0.5)
                for step in range(-1, 2):
                    away = abs(place - (nearest + step))
                    if away >= 2 / 3:
                        continue
                    window = math.cos(math.pi * 0.75 * away)
                    out[row, int(nearest + step + 1200) % 12] += weights[h] * energy * window * window


@kernel
def tone_strengths(
    pitches: Any,
    heights: Any,
    counts: Any,
    tuning: Any,
    harmonics: Any,
    weights: Any,
    lowest: int,
    most: int,
    out: Any,
) -> None:
    """Write how strong the tones are that explain each frame to `out` float32[n, tones], 0 is the MIDI number `lowest`.

    One after another, at most `most` of them, each is the tone whose harmonics weigh most in what is left of the
    spectrum, of which it is then taken out (after Klapuri 2006). `harmonics` float32[h] semitones above, `weights`.
    """
    tones = out.shape[1]
    size = 3 * (tones + 50)
    line = np.empty(size, dtype=np.float32)
    for row in range(counts.size):
        line[:] = 0
        for tone in range(tones):
            out[row, tone] = 0
        for peak in range(counts[row]):
            place = math.floor((pitches[row, peak] - tuning - lowest) * 3 + 1.5)
            if 0 <= place < size:
                line[place] = max(line[place], heights[row, peak])
        loudest = np.float32(0)
        for _ in range(most):
            best, strength = -1, np.float32(0)
            for tone in range(tones):
                if out[row, tone] > 0:
                    continue
                total = np.float32(0)
                for h in range(harmonics.size):
                    place = 3 * tone + 1 + int(harmonics[h] * 3 + 0.5)
                    total += weights[h] * max(line[place], line[place - 1], line[place + 1])
                if total > strength:
                    best, strength = tone, total
            if best < 0 or strength < loudest * np.float32(0.15):
                break
            loudest = max(loudest, strength)
            out[row, best] = strength
            for h in range(harmonics.size):
                place = 3 * best + 1 + int(harmonics[h] * 3 + 0.5)
                for at in range(place - 1, place + 2):
                    line[at] = max(np.float32(0), line[at] - weights[h] * strength * np.float32(0.35))
