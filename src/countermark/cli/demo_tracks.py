"""The corpus of the demonstration's recordings: altered excerpts of works, among tunes that are nobody's.

A WebDataset archive: `key.mp3` (or `.m4a`, `.opus`, `.flac`) and `key.json` with a title and an address.
"""

from __future__ import annotations

import io
import json
import tarfile
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from countermark.audio.encoding import encoded
from countermark.audio.excerpt import excerpt
from countermark.audio.source import SoundSource
from countermark.audio.stretch import stretched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Samples = npt.NDArray[np.float64]
    Alteration = Callable[[Samples, Samples], Samples]

RATE: Final = 24_000
SEED: Final = 20261123
TUNES: Final = 100
"""Tunes that are nobody's."""
_SECONDS: Final = 30.0


class Form(NamedTuple):
    """A form in which tracks stand in data sets; `quick` are the settings with which its encoder searches least."""

    suffix: str
    container: str
    encoder: str
    quick: dict[str, str]


_FORMS: Final = (
    Form("mp3", "mp3", "mp3", {"compression_level": "9"}),
    Form("m4a", "mp4", "aac", {"aac_coder": "fast"}),
    Form("opus", "ogg", "libopus", {"compression_level": "1"}),
    Form("flac", "flac", "flac", {"compression_level": "1"}),
)


class Treatment(NamedTuple):
    """One thing that is done to an excerpt; `make` is given the excerpt and a tune."""

    title: str
    make: Alteration


def _as_it_is(part: Samples, _: Samples) -> Samples:
    return part


def _higher(part: Samples, _: Samples) -> Samples:
    return _changed(part, 1.0, -2.0)


def _slower(part: Samples, _: Samples) -> Samples:
    return _changed(part, 1 / 0.92, 0.0)


def _turned_up(part: Samples, _: Samples) -> Samples:
    at = np.arange(0, len(part) - 1, 1.04)
    return np.asarray(np.interp(at, np.arange(len(part)), part))


def _noisy(part: Samples, _: Samples) -> Samples:
    chance = np.random.default_rng(SEED)
    return part + chance.normal(0, float(np.sqrt(np.mean(part**2))) * 0.6, len(part))


def _under_a_tune(part: Samples, tune: Samples) -> Samples:
    over = np.resize(tune, len(part))
    return part + over * float(np.sqrt(np.mean(part**2) / np.mean(over**2)))


def _within_a_tune(part: Samples, tune: Samples) -> Samples:
    half = len(tune) // 2
    return np.concatenate([tune[:half], part[: 12 * RATE], tune[half:]])


def _changed(part: Samples, tempo: float, shift: float) -> Samples:
    """As `stretched`, which undoes a change: so the opposite of what is asked for here."""
    pcm = np.clip(part * 32_767, -32768, 32767).astype(np.int16)
    return np.asarray(stretched(pcm, RATE, tempo, shift) / 32768.0)


ALTERATIONS: Final = (
    Treatment("as it is", _as_it_is),
    Treatment("two semitones higher", _higher),
    Treatment("eight per cent slower", _slower),
    Treatment("four per cent faster and higher", _turned_up),
    Treatment("in noise", _noisy),
    Treatment("under another tune", _under_a_tune),
    Treatment("twelve seconds within another tune", _within_a_tune),
)


def write_corpus(pieces: Sequence[bytes], path: Path) -> None:
    """Write the archive: of each piece all alterations, each of another part, among tunes."""
    chance = np.random.default_rng(SEED)
    with tarfile.open(path, "w") as archive:
        for number, samples in enumerate(_tracks(pieces, chance)):
            form = _FORMS[number % len(_FORMS)]
            key = f"{number:05d}"
            told = {"title": f"Track {number + 1}", "url": f"https://music.example/{key}.{form.suffix}"}
            _add(archive, f"{key}.{form.suffix}", _encoded(samples, form))
            _add(archive, f"{key}.json", json.dumps(told).encode())


def _tracks(pieces: Sequence[bytes], chance: np.random.Generator) -> Iterator[Samples]:
    """Tunes, with an altered excerpt after every few."""
    jobs = [(piece, alteration) for piece in pieces for alteration in ALTERATIONS]
    every = TUNES // len(jobs)
    for number in range(TUNES):
        tune = composed(chance, _SECONDS)
        yield tune
        if number % every == every - 1 and jobs:
            piece, alteration = jobs.pop(0)
            begin = float(chance.uniform(5, 35))
            part = excerpt(SoundSource(data=piece), 0, begin, 30.0, rate=RATE).samples[:, 0] / 32768.0
            made = alteration.make(part, tune)
            yield made * (0.7 / max(1e-9, float(np.abs(made).max())))


def composed(chance: np.random.Generator, seconds: float) -> Samples:
    """A tune by chance: a melody over chords in one key, plucked, with a beat of noise; float64[n], full scale 1."""
    beat = 60 / chance.uniform(80, 150)
    key, scale = int(chance.integers(48, 60)), (0, 2, 4, 5, 7, 9, 11)
    size = int(seconds * RATE)
    out = np.zeros(size + 2 * RATE)
    timbre = int(chance.integers(0, 3))
    for step in range(int(seconds / beat * 2)):
        at = int(step * beat / 2 * RATE)
        if chance.random() < 0.75:
            _add_note(out, at, 12 + key + scale[int(chance.integers(0, 7))], 0.3, timbre)
        if step % 8 == 0:
            root = int(chance.integers(0, 6))
            for third in (root, root + 2, root + 4):
                _add_note(out, at, key + scale[third % 7] + 12 * (third // 7), 0.2, timbre)
        if step % 2 == 0:
            out[at : at + RATE // 20] += (
                chance.normal(0, 0.12, RATE // 20) * np.linspace(1, 0, RATE // 20) ** 2
            )
    out = out[:size]
    return np.asarray(out * (0.7 / np.abs(out).max()))


def _add_note(out: Samples, at: int, note: int, loudness: float, timbre: int) -> None:
    plucked = _pluck(note, timbre)[: len(out) - at]
    out[at : at + len(plucked)] += loudness * plucked


@cache
def _pluck(note: int, timbre: int) -> Samples:
    """A note of the piano's numbers, two seconds long: partials that die away, the higher ones sooner."""
    times = np.arange(2 * RATE) / RATE
    hertz = 440.0 * 2 ** ((note - 69) / 12)
    whole = np.zeros(len(times))
    for partial in range(1, 7):
        loudness = (0.35, 0.55, 0.75)[timbre] ** (partial - 1)
        whole += loudness * np.exp(-times * (1 + partial)) * np.sin(2 * np.pi * hertz * partial * times)
    return whole


def _encoded(samples: Samples, form: Form) -> bytes:
    """Samples as a file of a form that data sets hold."""
    whole = np.clip(samples * 32_767, -32768, 32767).astype(np.int16)
    return encoded([whole], RATE, form.container, form.encoder, form.quick)


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))
