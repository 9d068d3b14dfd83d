"""Covers made from real scores, for the benchmark of compositions: drawn, rendered and labelled by a seed.

    python benchmarks/composition_data.py FOLDER --seed 1

Needs music21 (its corpus holds the scores) and soxr in the interpreter, and fluidsynth with its two General MIDI
sound fonts (Debian: fluidsynth, fluid-soundfont-gm, timgm6mb-soundfont). Scores of an even digest go to even seeds and
those of an odd one to odd seeds: so what was tuned on seed 1 has seen no tune of seed 2. FOLDER receives `works/` and
`queries/` (16 kHz mono WAV) and `labels.jsonl`, one line a sound: file, seconds, genre, and of a query its condition,
the work that it covers (null: a distractor, a cover of a piece not indexed) and the `related` works: those whose
melody has a run of RUN steps in common with its own. The corpus holds several settings of one chorale: to be told of
those is neither right nor a false alarm. Scores that are analyses (.rntxt) are drawn but not played: they hold no tune.

Works are rendered with FluidR3, up to 75 s. Covers are rendered with TimGM, six ways: `rerecorded` (the same
instruments, 3 % faster, 30 s), `instruments` (others, 30 s), `changed` (others, another key, another tempo, drums; 60
s), `middle` (the same, 30 s from a random start), `short` (its first 15 s), `melody` (the top voice over random
triads of the scale, one every two quarters; another instrument, key and tempo; 30 s). Onsets and velocities are
jittered.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import struct
import subprocess
import tempfile
import wave
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import soxr

WORK_FONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
COVER_FONT = "/usr/share/sounds/sf2/TimGM6mb.sf2"
RENDERED, RATE = 22_050, 16_000
MOST_FILES = {
    "bach": 130, "ryansMammoth": 60, "haydn": 9, "mozart": 16, "beethoven": 20,
    "monteverdi": 20, "palestrina": 20, "trecento": 25,
}  # fmt: skip
GENRES = {
    "bach": "chorale",
    "ryansMammoth": "fiddle",
    "haydn": "quartet",
    "mozart": "quartet",
    "beethoven": "quartet",
}
LARGEST = 22_000
WORKS, COVERED, DISTRACTORS = 80, 30, 22
SECONDS = 75.0
CONDITIONS = ("rerecorded", "instruments", "changed", "middle", "short", "melody")
LEADS = (0, 6, 11, 16, 19, 24, 40, 42, 48, 52, 56, 60, 65, 68, 71, 73, 80)
BACKS = (0, 4, 6, 16, 19, 24, 32, 42, 43, 48, 49, 52, 58, 60, 70, 89)
TICKS = 960
RUN = 11
"""Steps of a melody, repeated notes apart, that two pieces share where they are the same tune: a phrase and more."""
MAJOR = (0, 2, 4, 5, 7, 9, 11)


class Note(NamedTuple):
    """One note: start and length in quarters, MIDI pitch, number of its voice (0 is the top one)."""

    start: float
    length: float
    pitch: int
    voice: int


class Score(NamedTuple):
    """One piece: where it comes from, its genre, its notes in order, the quarters a minute at which it is played."""

    name: str
    genre: str
    notes: tuple[Note, ...]
    tempo: float


class Sound(NamedTuple):
    """How a score is played: instruments by voice, speed, transposition, drums or not, the seconds kept."""

    programs: tuple[int, ...]
    speed: float
    shift: int
    drums: bool
    start: float
    seconds: float


def _notes(path: Path) -> tuple[Note, ...]:
    """The notes of a score, ties joined, its voices ordered from the highest."""
    from music21 import converter  # noqa: PLC0415 - only drawing needs it

    parts = []
    for part in converter.parse(path).stripTies().parts:
        voice = [
            (
                float(note.getOffsetInHierarchy(part)),
                float(note.quarterLength),
                [p.midi for p in note.pitches],
            )
            for note in part.recurse().notes
            if note.quarterLength > 0 and note.pitches
        ]
        if voice:
            parts.append(voice)
    parts.sort(key=lambda voice: -sum(max(p) for _, _, p in voice) / len(voice))
    notes = [Note(s, d, p, v) for v, voice in enumerate(parts) for s, d, ps in voice for p in ps]
    return tuple(sorted(notes))


def _melody(notes: tuple[Note, ...]) -> list[Note]:
    """The notes of the top voice, the highest of each chord."""
    top: dict[float, Note] = {}
    for note in notes:
        if note.voice == 0 and (note.start not in top or note.pitch > top[note.start].pitch):
            top[note.start] = note
    return [top[start] for start in sorted(top)]


def _runs(score: Score) -> set[tuple[int, ...]]:
    """Every run of RUN steps of a melody."""
    melody = _melody(score.notes)
    steps = [b.pitch - a.pitch for a, b in pairwise(melody) if a.pitch != b.pitch]
    return {tuple(steps[at : at + RUN]) for at in range(len(steps) - RUN + 1)}


def _files(seed: int) -> list[tuple[str, Path]]:
    """The files that this seed may draw, (collection, path), in the order of the draw."""
    from music21 import corpus  # noqa: PLC0415

    groups: dict[str, list[Path]] = {}
    for core in corpus.getCorePaths():
        path = Path(core)
        collection = path.parts[path.parts.index("corpus") + 1]
        odd = hashlib.sha256("/".join(path.parts[-2:]).encode()).digest()[0] & 1
        if collection in MOST_FILES and path.stat().st_size <= LARGEST and odd == seed & 1:
            groups.setdefault(collection, []).append(path)
    rng = random.Random(f"{seed}/files")
    chosen = []
    for collection in sorted(groups):
        paths = sorted(groups[collection])
        rng.shuffle(paths)
        chosen += [(collection, path) for path in paths[: MOST_FILES[collection]]]
    rng.shuffle(chosen)
    return chosen


def draw(seed: int) -> list[Score]:
    """The scores of a seed: those with a melody of 24 notes and 24 quarters whose tune was not seen before."""
    rng = random.Random(f"{seed}/tempo")
    seen: set[tuple[int, ...]] = set()
    scores: list[Score] = []
    for collection, path in _files(seed):
        if len(scores) == WORKS + DISTRACTORS:
            break
        try:
            notes = _notes(path)
        except Exception as error:  # noqa: BLE001 - a score that music21 cannot read is not drawn
            print(f"not read: {path.name}: {error!r}"[:100])
            continue
        melody = _melody(notes)
        if len(melody) < 24 or melody[-1].start < 24:
            continue
        steps = tuple(b.pitch - a.pitch for a, b in pairwise(melody))
        tunes = {steps[:8], steps[4:12]}
        if tunes & seen:
            continue
        seen |= tunes
        genre = GENRES.get(collection, "renaissance")
        scores.append(Score("/".join(path.parts[-2:]), genre, notes, rng.uniform(84, 126)))
    return scores


def _reharmonised(score: Score, rng: random.Random) -> Score:
    """The melody alone over random triads of the scale that fits it best."""
    melody = _melody(score.notes)
    weight = np.bincount([n.pitch % 12 for n in melody], weights=[n.length for n in melody], minlength=12)
    home = max(range(12), key=lambda key: sum(weight[(key + step) % 12] for step in MAJOR))
    end = max(n.start + n.length for n in melody)
    chords = []
    for at in np.arange(melody[0].start, end, 2.0):
        root = rng.randrange(7)
        pitches = [home + MAJOR[(root + third) % 7] for third in (0, 2, 4)]
        chords += [Note(float(at), 2.0, 48 + pitch % 12, 1) for pitch in pitches]
    return score._replace(notes=tuple(sorted([n._replace(voice=0) for n in melody] + chords)))


def _events(score: Score, sound: Sound, rng: random.Random) -> list[tuple[int, bytes]]:
    """MIDI events (tick, bytes) at 120 quarters a minute and TICKS a quarter, so TICKS * 2 a second."""
    a_quarter = 60 / (score.tempo * sound.speed)
    events = [
        (0, bytes([0xC0 | channel, program]))
        for channel, program in enumerate(sound.programs)
        if channel != 9
    ]
    first = score.notes[0].start
    for note in score.notes:
        start = (note.start - first) * a_quarter - sound.start + rng.gauss(0, 0.008)
        end = start + 0.95 * note.length * a_quarter
        if start < 0 or start >= sound.seconds:
            continue
        on, off = (round(each * 2 * TICKS) for each in (start, min(end, sound.seconds)))
        if off <= on:  # a note that is never let go sounds for ever
            continue
        channel = note.voice % len(sound.programs)
        loud = min(127, max(20, round(rng.gauss(92 if note.voice == 0 else 78, 7))))
        pitch = min(108, max(21, note.pitch + sound.shift))
        events += [
            (on, bytes([0x90 | channel, pitch, loud])),
            (off, bytes([0x80 | channel, pitch, 0])),
        ]
    if sound.drums:
        for beat in range(int(sound.seconds / a_quarter) * 2):
            drum = (36, 42, 38, 42)[beat % 4]
            at = round(beat / 2 * a_quarter * 2 * TICKS)
            events += [(at, bytes([0x99, drum, 88])), (at + TICKS // 8, bytes([0x89, drum, 0]))]
    return sorted(events)


def _midi(events: list[tuple[int, bytes]]) -> bytes:
    """A Standard MIDI File of one track."""
    body, last = b"", 0
    for tick, event in events:
        delta, last = tick - last, tick
        digits = [delta & 127]
        while delta := delta >> 7:
            digits.append(delta & 127 | 128)
        body += bytes(reversed(digits)) + event
    body += b"\0\xff\x2f\0"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS) + b"MTrk" + struct.pack(">I", len(body)) + body


def play(score: Score, sound: Sound, font: str, rng: random.Random, target: Path) -> float:
    """Render a score to a WAV of 16 kHz, mono, and return its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        source, rendered = Path(folder) / "a.mid", Path(folder) / "a.wav"
        source.write_bytes(_midi(_events(score, sound, rng)))
        command = [
            "fluidsynth",
            "-niq",
            "-F",
            str(rendered),
            "-r",
            str(RENDERED),
            "-O",
            "s16",
            font,
            str(source),
        ]
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, stdout=quiet, stderr=quiet, timeout=120)
        with wave.open(str(rendered)) as opened:
            frames = opened.readframes(opened.getnframes())
    stereo = np.frombuffer(frames, "<i2").reshape(-1, 2)[: int(sound.seconds * RENDERED)]
    mono = soxr.resample(stereo.mean(axis=1, dtype=np.float32), RENDERED, RATE, quality="HQ")
    loudest = max(1.0, float(np.abs(mono).max()))
    samples = np.round(mono * (0.7 * 32767 / loudest)).astype("<i2")
    with wave.open(str(target), "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(RATE)
        opened.writeframes(samples.tobytes())
    return len(samples) / RATE


def _programs(rng: random.Random, without: tuple[int, ...] = ()) -> tuple[int, ...]:
    """Instruments by voice, none of `without`."""
    leads, backs = [p for p in LEADS if p not in without], [p for p in BACKS if p not in without]
    if rng.random() < 0.5:  # one for all, as a choir or an organ
        return (rng.choice(leads),) * 4
    return (rng.choice(leads), *(rng.choice(backs) for _ in range(3)))


def _seconds(score: Score) -> float:
    """How long a score lasts at its own tempo, up to SECONDS."""
    last = max(note.start + note.length for note in score.notes) - score.notes[0].start
    return min(SECONDS, last * 60 / score.tempo + 0.5)


def covers(score: Score, own: tuple[int, ...], rng: random.Random) -> dict[str, tuple[Score, Sound]]:
    """The six covers of a score whose work is played by `own`."""
    whole = _seconds(score)
    others = [_programs(rng, own) for _ in range(3)]
    shifts = [step for step in range(-5, 7) if step]
    speed, shift = rng.choice((0.85, 0.9, 1.1, 1.15)), rng.choice(shifts)
    start = rng.uniform(0, max(0.0, whole / speed - 30))
    changed = Sound(others[1], speed, shift, drums=True, start=0.0, seconds=60.0)
    alone = Sound(
        others[2],
        rng.choice((0.85, 0.9, 1.1, 1.15)),
        rng.choice(shifts),
        drums=False,
        start=0.0,
        seconds=30.0,
    )
    return {
        "rerecorded": (score, Sound(own, 1.03, 0, drums=False, start=0.0, seconds=30.0)),
        "instruments": (score, Sound(others[0], 1.0, 0, drums=False, start=0.0, seconds=30.0)),
        "changed": (score, changed),
        "middle": (score, changed._replace(start=start, seconds=30.0)),
        "short": (score, changed._replace(seconds=15.0)),
        "melody": (_reharmonised(score, rng), alone),
    }


def build(folder: Path, seed: int, *, labels_only: bool) -> None:
    """Draw, render and label everything of a seed."""
    (folder / "works").mkdir(parents=True, exist_ok=True)
    (folder / "queries").mkdir(exist_ok=True)
    scores = draw(seed)
    random.Random(f"{seed}/roles").shuffle(scores)
    runs = {score.name: _runs(score) for score in scores}
    played = {n: score for n, score in enumerate(scores) if not score.name.endswith(".rntxt")}
    lines: list[dict[str, Any]] = []
    for number, score in played.items():
        rng = random.Random(f"{seed}/{score.name}")
        own = _programs(rng)
        sounds = {f"works/{number:03}.wav": (None, score, Sound(own, 1.0, 0, False, 0.0, _seconds(score)))}
        if number >= WORKS:
            sounds.clear()
        if number < COVERED or number >= WORKS:
            for condition, (piece, sound) in covers(score, own, rng).items():
                sounds[f"queries/{number:03}-{condition}.wav"] = (condition, piece, sound)
        related = [
            f"works/{n:03}.wav"
            for n, other in played.items()
            if n < WORKS and n != number and runs[other.name] & runs[score.name]
        ]
        for file, (condition, piece, sound) in sounds.items():
            font = COVER_FONT if condition else WORK_FONT
            own_random = random.Random(f"{seed}/{file}")
            if not labels_only:
                play(piece, sound, font, own_random, folder / file)
            with wave.open(str(folder / file)) as opened:
                seconds = opened.getnframes() / RATE
            line = {"file": file, "seconds": seconds, "score": score.name, "genre": score.genre}
            if condition:
                work = f"works/{number:03}.wav" if number < WORKS else None
                line |= {"condition": condition, "work": work, "related": related}
            lines.append(line)
    (folder / "labels.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--labels-only", action="store_true", help="what was rendered before is labelled anew"
    )
    options = parser.parse_args()
    build(options.folder, options.seed, labels_only=options.labels_only)


if __name__ == "__main__":
    main()
