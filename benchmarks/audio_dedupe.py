"""Find the tracks that share sound: games take music from one another, and a true match must not count as false.

Each track's chromaprint (the raw words of Debian's fpcalc) votes on (other track, offset) for every word that both
have exactly; a word of more than 40 tracks says nothing and is left out. Pairs of 8 votes are listed; from 25 on they
are said to share sound, below that where the aligned spectra say so: `likeness` is the correlation of 48-band log
spectra, each band less its running mean of ten seconds, over the best half minute at that offset. Pairs that a matcher
found otherwise stand in audio_shared_more.json (--more) as [first, second, offset, tempo, shift, start, end]: second t
of the first is second offset + t * tempo of the other, which sounds shift semitones higher; start and end are seconds
of the first. They are judged by likeness and, in that passage, by the samples themselves (audio_alike.py).

`python benchmarks/audio_dedupe.py FOLDER_OF_MUSIC [--more PAIRS.json]` writes audio_shared.json beside this file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audio_alike import Passage, alike
from audio_music import Track, chosen, listed
from audio_queries import decoded

if TYPE_CHECKING:
    import numpy.typing as npt

    from audio_alike import Alike

    Words = npt.NDArray[np.uint32]

LISTED, BARRED = 8, 25
ALIKE = 0.6
WORDS_A_SECOND = 11025 / 1365
COMMON = 40
RATE, HOP, WINDOW, BANDS = 8_000, 800, 2048, 48


def chromaprint(path: Path) -> Words:
    """The raw words of a whole file."""
    command = ["fpcalc", "-raw", "-length", "0", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    line = next((line for line in said.splitlines() if line.startswith("FINGERPRINT=")), "FINGERPRINT=")
    return np.array([int(word) for word in line[12:].split(",") if word], np.int64).astype(np.uint32)


def votes(words: list[Words]) -> dict[tuple[int, int], tuple[int, int]]:
    """For each pair of tracks (the lesser first) the most votes for one offset, and that offset in words."""
    value = np.concatenate(words)
    track = np.repeat(np.arange(len(words)), [len(one) for one in words])
    place = np.concatenate([np.arange(len(one)) for one in words])
    order = np.argsort(value, kind="stable")
    value, track, place = value[order], track[order], place[order]
    starts = np.flatnonzero(np.r_[True, value[1:] != value[:-1]])
    found: Counter[tuple[int, int, int]] = Counter()
    for start, end in zip(starts.tolist(), np.r_[starts[1:], len(value)].tolist(), strict=True):
        if end - start < 2 or len(owners := set(track[start:end].tolist())) < 2 or len(owners) > COMMON:
            continue
        once = {}
        for one, at in zip(track[start:end].tolist(), place[start:end].tolist(), strict=True):
            once.setdefault(one, []).append(at)
        for first in owners:
            for second in owners:
                if first < second:
                    offsets = {b - a for a in once[first][:20] for b in once[second][:20]}
                    found.update((first, second, offset) for offset in offsets)
    best: dict[tuple[int, int], tuple[int, int]] = {}
    for (first, second, offset), count in found.items():
        best[first, second] = max(best.get((first, second), (0, 0)), (count, offset))
    return best


@lru_cache(maxsize=16)
def bands(path: Path, shift: float = 0.0) -> npt.NDArray[np.float32]:
    """Log power in 48 bands from 150 Hz to 3.5 kHz (moved up by semitones), ten frames a second, less running means."""
    samples = decoded(path, RATE)
    count = max(1, (len(samples) - WINDOW) // HOP)
    window = np.hanning(WINDOW)
    edges = (np.geomspace(150, 3500, BANDS + 1) * 2 ** (shift / 12) * WINDOW / RATE).astype(int)
    parts = []
    for start in range(0, count, 400):
        at = np.arange(start, min(count, start + 400))[:, None] * HOP + np.arange(WINDOW)
        power = np.abs(np.fft.rfft(samples[at] * window, axis=1)) ** 2
        parts.append(np.log(np.add.reduceat(power[:, : edges[-1]], edges[:-1], axis=1) + 1e-7))
    log = np.concatenate(parts)
    sums = np.cumsum(np.pad(log, ((51, 50), (0, 0)), mode="edge"), axis=0)
    return (log - (sums[101:] - sums[:-101]) / 101)[: len(log)].astype(np.float32)


def likeness(first: Path, second: Path, offset: float, tempo: float = 1.0, shift: float = 0.0) -> float:
    """The correlation over the best 30 seconds, where second t of `first` is second `offset` + t * tempo of `second`.

    `second` sounds `shift` semitones higher. Offsets within a second are tried.
    """
    one, two = bands(first), bands(second, shift)
    best = 0.0
    for slack in range(-10, 11):
        places = np.rint((offset + slack / 10) * 10 + np.arange(len(one)) * tempo).astype(int)
        inside = (places >= 0) & (places < len(two))
        if inside.sum() >= 50:
            best = max(best, _best_stretch(one[inside], two[places[inside]]))
    return round(best, 3)


def _best_stretch(one: npt.NDArray[np.float32], two: npt.NDArray[np.float32]) -> float:
    """The highest correlation of 30 seconds, of those in which both are loud enough to compare."""
    sums = [np.cumsum(np.r_[0.0, (x * y).sum(axis=1)]) for x, y in ((one, two), (one, one), (two, two))]
    width = min(300, len(one))
    joint, left, right = (total[width:] - total[:-width] for total in sums)
    loud = (left > 0.02 * left.max()) & (right > 0.02 * right.max())
    return float(np.max(np.where(loud, joint / np.sqrt(left * right + 1e-9), 0)))


def judged(first: Track, second: Track, count: int, *where: float) -> dict[str, Any]:
    """One pair, as it stands in audio_shared.json; `where` is the offset, and of a matcher tempo, shift and passage."""
    like = likeness(first.path, second.path, *where[:3])
    same: dict[str, Alike] = {}
    if len(where) > 4:
        offset, tempo, shift, start, end = where
        passage = Passage(start, end, offset + start * tempo, tempo, shift)
        same = {"alike": alike(first.path, second.path, passage)}
    return {
        "first": first.name, "second": second.name, "offset": round(where[0], 1), "votes": count, "likeness": like,
        "tempo": round(where[1], 4) if len(where) > 1 else 1.0, "shift": round(where[2], 2) if len(where) > 2 else 0.0,
        **{of.measure: [of.found, of.aside] for of in same.values()},
        "shares": count >= BARRED or like >= ALIKE or any(of.same() for of in same.values()),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("music", type=Path)
    parser.add_argument("--more", type=Path, default=Path(__file__).parent / "audio_shared_more.json")
    options = parser.parse_args()
    tracks = chosen(listed(options.music))
    found = votes([chromaprint(track.path) for track in tracks])
    pairs = [
        judged(tracks[first], tracks[second], count, offset / WORDS_A_SECOND)
        for (first, second), (count, offset) in sorted(found.items()) if count >= LISTED
    ]  # fmt: skip
    known = {(pair["first"], pair["second"]) for pair in pairs}
    named = {track.name: track for track in tracks}
    for first, second, *where in json.loads(options.more.read_text()):
        if (first, second) not in known and (second, first) not in known:
            pairs.append(judged(named[first], named[second], 0, *where))
    rows = ",\n".join("  " + json.dumps(pair, ensure_ascii=False) for pair in pairs)
    file = Path(__file__).parent / "audio_shared.json"
    file.write_text(f'{{\n "tracks": {len(tracks)},\n "pairs": [\n{rows}\n ]\n}}\n', encoding="utf-8")
    print(f"{len(pairs)} pairs listed, {sum(pair['shares'] for pair in pairs)} share sound")


if __name__ == "__main__":
    main()
