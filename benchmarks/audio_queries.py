"""Build the benchmark of recordings for one seed: works, tracks that are none, and altered excerpts of both.

FOLDER/works/wNNNN.EXT       200 works, hard links to the music, and works.csv; works16/*.wav the same at 16 kHz
FOLDER/tracks/tNNNN.EXT      the other tracks, likewise; mix partners come from these
FOLDER/queries/*.wav         70 excerpts in 36 conditions (audio_alterations.py): 50 of works, 20 of other tracks
FOLDER/labels.jsonl          file, condition, kind (positive or distractor), work (file in works/, or null), source (its
                             package and file), begin and seconds (in the source), tempo, shift, partner
FOLDER/summary.json          what is there

Tracks that share sound (audio_shared.json, made by audio_dedupe.py) are kept apart: of those that share with a work
none is a distractor, a mix partner, or another work. Seed 1 is for tuning, seeds 2 and above for reporting.

`python benchmarks/audio_queries.py FOLDER_OF_MUSIC FOLDER --seed N` needs Debian's ffmpeg (with rubberband), espeak-ng.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import itertools
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import av
import numpy as np
import soxr

from audio_alterations import CONDITIONS, EXCERPT, RATE, TARGET, alter, read, write
from audio_music import Track, chosen, listed
from audio_scoring import sharing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audio_alterations import Samples

WORKS, POSITIVES, DISTRACTORS = 200, 50, 20
BARRED = 25  # votes of audio_dedupe.py from which two tracks share sound
LOUD = 10 ** (-45 / 20)
SPEECH = {
    "en-us": "The committee met on Tuesday to read the letters that had come in since the spring. Most of them asked "
    "the same three things: who had heard the recording, when it was made, and what it cost to find out.",
    "en-gb": "In the harbour the boats were already lit, although the sun had not gone down. A man with a bicycle "
    "stood at the corner and counted the crates, slowly, as if somebody were going to ask him about it later.",
    "fr": "Le train de sept heures avait du retard, comme tous les jours depuis la rentrée. On parlait peu sur le "
    "quai ; une vieille dame lisait le journal à voix basse et son voisin regardait la pluie tomber sur les rails.",
    "de": "Am Rand der kleinen Stadt stand ein Haus, in dem früher eine Druckerei gewesen war. Die Fenster waren hoch "
    "und schmutzig, und wenn der Wind von Westen kam, roch es noch immer nach Öl, Papier und kaltem Eisen.",
}


class Excerpt(NamedTuple):
    """Thirty seconds of a track; `work` is the number of the work, -1 of a distractor."""

    track: Track
    work: int
    begin: float
    samples: Samples


class Split(NamedTuple):
    """The tracks of a seed."""

    works: list[Track]
    others: list[Track]


def split(tracks: list[Track], seed: int) -> Split:
    """200 works in a drawn order, and the tracks that share nothing with any."""
    shared = sharing()
    order = np.random.default_rng((seed, 0)).permutation(len(tracks)).tolist()
    works: list[Track] = []
    others: list[Track] = []
    barred: set[str] = set()
    for track in (tracks[at] for at in order):
        if track.name in barred:
            continue
        if len(works) < WORKS:
            works.append(track)
            barred |= shared.get(track.name, set())
        else:
            others.append(track)
    return Split(works, others)


def decoded(path: Path, rate: int) -> Samples:
    """A whole file, mono, its channels averaged. Packets that cannot be decoded are passed over."""
    parts = []
    with av.open(str(path), metadata_errors="replace") as container:
        own = container.streams.audio[0].rate
        resampler = av.AudioResampler(format="fltp", layout=None, rate=own)
        for packet in container.demux(audio=0):
            with contextlib.suppress(av.FFmpegError):
                for frame in packet.decode():
                    parts += [part.to_ndarray().mean(axis=0) for part in resampler.resample(frame)]
    whole = np.concatenate(parts).astype(np.float32)
    return whole if own == rate else soxr.resample(whole, own, rate).astype(np.float32)


def audible(samples: Samples) -> bool:
    """Whether nine tenths of the seconds 10 to 20, and each of 10 to 13, are louder than -45 dB."""
    tenths = np.sqrt(np.mean(samples[10 * RATE : 20 * RATE].reshape(100, RATE // 10) ** 2, axis=1))
    return bool(np.mean(tenths > LOUD) > 0.9 and np.all(tenths[:30].reshape(3, 10).mean(axis=1) > LOUD))


def draw_excerpt(track: Track, work: int, rng: np.random.Generator) -> Excerpt | None:
    """Thirty audible seconds from a random offset; None where twenty tries find none."""
    whole = decoded(track.path, RATE)
    length = round(EXCERPT * RATE)
    if len(whole) < length + RATE:
        return None
    for _ in range(20):
        begin = int(rng.integers(len(whole) - length))
        if audible(whole[begin : begin + length]):
            return Excerpt(track, work, begin / RATE, whole[begin : begin + length])
    return None


def excerpts(parts: Split, seed: int) -> Iterator[Excerpt]:
    """50 of works and 20 of other tracks, mixed five to two."""
    positive = _drawn(list(enumerate(parts.works)), (seed, 1))
    negative = _drawn([(-1, track) for track in parts.others], (seed, 2))
    for _ in range(POSITIVES // 5):
        yield from itertools.islice(positive, 5)
        yield from itertools.islice(negative, DISTRACTORS * 5 // POSITIVES)


def _drawn(candidates: list[tuple[int, Track]], key: tuple[int, int]) -> Iterator[Excerpt]:
    for at in np.random.default_rng(key).permutation(len(candidates)).tolist():
        work, track = candidates[at]
        if made := draw_excerpt(track, work, np.random.default_rng((*key, at))):
            yield made


def voices(folder: Path) -> list[Samples]:
    """Synthetic speech in four languages."""
    found = []
    for voice, text in SPEECH.items():
        path = folder / f"speech-{voice}.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-w", path, text], check=True)
        found.append(soxr.resample(read(path), 22_050, RATE))
        path.unlink()
    return found


def partner(others: list[Track], own: Track, rng: np.random.Generator) -> tuple[Track, Samples]:
    """Ten audible seconds of another track."""
    while True:
        track = others[int(rng.integers(len(others)))]
        if track.name != own.name and (found := draw_excerpt(track, -1, rng)):
            return track, found.samples[10 * RATE : 20 * RATE]


def write_queries(parts: Split, seed: int, folder: Path) -> None:
    """queries/ and labels.jsonl, which grows as the queries do."""
    (folder / "queries").mkdir(parents=True, exist_ok=True)
    spoken = voices(folder)
    with (folder / "labels.jsonl").open("w", encoding="utf-8") as out:
        for number, excerpt in enumerate(excerpts(parts, seed)):
            rng = np.random.default_rng((seed, 3, number))
            voice = spoken[number % len(spoken)]
            start = int(rng.integers(max(1, len(voice) - 10 * RATE)))
            speech = np.resize(voice[start:], 10 * RATE)
            other, sound = partner(parts.others, excerpt.track, rng)
            made = alter(excerpt.samples, speech, sound, rng, folder / "queries" / f"e{number:03d}")
            for name, path in made.items():
                out.write(json.dumps(_label(path, name, excerpt, other), ensure_ascii=False) + "\n")
            out.flush()


def _label(path: Path, name: str, excerpt: Excerpt, other: Track) -> dict[str, Any]:
    made = CONDITIONS[name]
    return {
        "file": path.name, "condition": name, "kind": "distractor" if excerpt.work < 0 else "positive",
        "work": None if excerpt.work < 0 else file_of(excerpt.work, excerpt.track), "source": excerpt.track.name,
        "begin": round(excerpt.begin + made.begin, 3), "seconds": made.length, "tempo": made.tempo,
        "shift": round(made.shift, 4), "partner": other.name if name.startswith("music") else None,
    }  # fmt: skip


def file_of(number: int, track: Track, letter: str = "w") -> str:
    """The name of a work in works/."""
    return f"{letter}{number:04d}{track.path.suffix.lower()}"


def write_tracks(parts: Split, folder: Path) -> None:
    """works/ and tracks/ as hard links (a walk through a folder of works follows no link that leads out), works.csv."""
    for name, letter, tracks in (("works", "w", parts.works), ("tracks", "t", parts.others)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number, track in enumerate(tracks):
            link = folder / name / file_of(number, track, letter)
            link.unlink(missing_ok=True)
            link.hardlink_to(track.path)
    with (folder / "works" / "works.csv").open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(("path", "title", "author"))
        rows.writerows((file_of(at, work), work.title, work.package) for at, work in enumerate(parts.works))


def write_works16(parts: Split, folder: Path) -> None:
    """works16/, for peers that read WAV."""
    (folder / "works16").mkdir(exist_ok=True)
    for number, work in enumerate(parts.works):
        samples = decoded(work.path, TARGET)
        write(folder / "works16" / f"w{number:04d}.wav", samples / max(1.0, float(np.abs(samples).max())))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("music", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    parts = split(chosen(listed(options.music)), options.seed)
    write_tracks(parts, options.folder)
    summary = {
        "seed": options.seed, "works": len(parts.works), "tracks": len(parts.others),
        "works_hours": round(sum(track.seconds for track in parts.works) / 3600, 2),
        "tracks_hours": round(sum(track.seconds for track in parts.others) / 3600, 2),
        "positives": POSITIVES, "distractors": DISTRACTORS, "conditions": list(CONDITIONS),
        "works_from": [track.name for track in parts.works],
    }  # fmt: skip
    (options.folder / "summary.json").write_text(json.dumps(summary, indent=1) + "\n")
    write_queries(parts, options.seed, options.folder)
    write_works16(parts, options.folder)


if __name__ == "__main__":
    main()
