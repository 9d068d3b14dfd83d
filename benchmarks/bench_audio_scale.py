"""What a lookup costs in an index of up to 10^5 recordings, how large it is, and whether the right work still comes up.

Real works of a seed of audio_queries.py are indexed among synthesised ones, of which only the peaks exist: pieces of
ten seconds, the times of the peaks taken from one real work and their pitches and ranks from another, so that density,
bands and intervals are those of music while no piece is a shifted or stretched copy of a real one. They hold no codes:
lookup is measured, not verification. Queries are the clean, noisy (5 dB), shifted (+2 semitones) and faster (+5 %)
excerpts of the seed, 10 seconds each. CPU seconds of one thread.

`python benchmarks/bench_audio_scale.py --data SEED_FOLDER [--tracks 1000 10000 100000] [--seconds 30]` writes
results/audio_scale.json. 10^5 tracks of 30 seconds need about 6 GB; the time of building holds that of synthesis.
"""

from __future__ import annotations

import argparse
import time
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import one_thread, peak_memory_mb, save

one_thread()

import numpy as np  # noqa: E402

from audio_scoring import queries  # noqa: E402
from countermark.audio.decode import open_sound  # noqa: E402
from countermark.audio.source import SoundSource  # noqa: E402
from countermark.fingerprint.audio.extract import extract  # noqa: E402
from countermark.fingerprint.audio.features import FRAMES_A_SECOND, Features  # noqa: E402
from countermark.index.audio.postings import PostingLookup, build_postings  # noqa: E402
from countermark.matching.audio.votes import candidates  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

CONDITIONS = ("clean_10", "noise_5", "pitch+2", "speed+5")
PIECE = round(10 * FRAMES_A_SECOND)
PACKAGES = ("numpy", "numba")


def without_codes(features: Features) -> Features:
    """The peaks alone."""
    return Features(
        features.times, features.pitches, features.strengths, features.codes[:0], features.seconds
    )


def synthesised(real: list[Features], count: int, seconds: float) -> Iterator[Features]:
    """Tracks made of the times of one work's peaks and the pitches of another's."""
    rng = np.random.default_rng(count)
    pieces = max(1, round(seconds * FRAMES_A_SECOND / PIECE))
    long = [track for track in real if track.times[-1] > 2 * PIECE]
    for _ in range(count):
        times, pitches, ranks = zip(*(_piece(long, at, rng) for at in range(pieces)), strict=True)
        yield Features(
            np.concatenate(times), np.concatenate(pitches), np.concatenate(ranks), real[0].codes[:0],
            pieces * PIECE / FRAMES_A_SECOND,
        )  # fmt: skip


def _piece(real: list[Features], at: int, rng: np.random.Generator) -> tuple[Any, Any, Any]:
    first, second = rng.choice(len(real), 2, replace=False)
    one, two = real[first], real[second]
    start = int(rng.integers(int(one.times[-1]) - PIECE))
    begin, end = np.searchsorted(one.times, (start, start + PIECE))
    other = int(rng.integers(max(1, len(two.times) - (end - begin))))
    rows = slice(other, other + min(int(end - begin), len(two.times) - other))
    times = (one.times[begin:end] - start + at * PIECE)[: rows.stop - rows.start].astype(np.int32)
    shift = int(rng.integers(-20, 21))
    pitches = two.pitches[rows].astype(np.int32) + shift
    pitches = np.where((pitches < 0) | (pitches > two.pitches.max()), two.pitches[rows], pitches)
    order = np.lexsort((pitches, times))
    return times, pitches[order].astype(np.int16), two.strengths[rows][order]


def heard(path: Path) -> Features:
    """The features of a file."""
    with open_sound(SoundSource.of_file(path), path.name) as sound:
        return extract(sound.blocks())


def measured(lookup: PostingLookup, asked: list[tuple[str, int, Features]]) -> dict[str, Any]:
    """Milliseconds of a lookup, and how often the right work is among the candidates."""
    spent: list[float] = []
    right: dict[str, list[bool]] = {name: [] for name in CONDITIONS}
    candidates(lookup, asked[0][2])
    for condition, work, features in asked:
        begin = time.process_time()
        found = candidates(lookup, features)
        spent.append(1000 * (time.process_time() - begin))
        right[condition].append(any(candidate.asset == work for candidate in found))
    return {
        "lookup_ms_median": round(float(np.median(spent)), 2),
        "lookup_ms_95th": round(float(np.percentile(spent, 95)), 2),
        "right_work_among_candidates": {name: round(float(np.mean(values)), 3) for name, values in right.items()},
    }  # fmt: skip


def at_size(
    real: list[Features], asked: list[tuple[str, int, Features]], count: int, seconds: float
) -> dict[str, Any]:
    """Everything about an index of the real works and `count` synthesised ones."""
    begin = time.process_time()
    arrays = build_postings(chain(real, synthesised(real, count, seconds)))
    built = time.process_time() - begin
    hours = int(arrays["lengths"].sum(dtype=np.int64)) / 3_600_000
    size = sum(array.nbytes for array in arrays.values())
    return {
        "tracks": count + len(real), "hours": round(hours, 1), "postings": len(arrays["postings"]),
        "postings_a_second": round(len(arrays["postings"]) / hours / 3600, 1), "mb": round(size / 1e6, 1),
        "mb_an_hour_without_codes": round(size / 1e6 / hours, 3), "synthesis_and_build_seconds": round(built, 1),
        **measured(PostingLookup(arrays), asked), "peak_memory_mb": peak_memory_mb(),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tracks", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--name", default="audio_scale")
    parser.add_argument("--dry", action="store_true", help="only show, write no results")
    options = parser.parse_args()
    real = [without_codes(heard(path)) for path in sorted((options.data / "works16").glob("*.wav"))]
    asked = [
        (query.condition, query.work, without_codes(heard(options.data / "queries" / query.file)))
        for query in queries(options.data) if query.condition in CONDITIONS and query.work >= 0
    ]  # fmt: skip
    build_postings(real[:1])  # compiles
    sizes = []
    for count in [0, *options.tracks]:
        sizes.append(at_size(real, asked, count, options.seconds))
        print(sizes[-1], flush=True)
    if not options.dry:
        save(options.name, {"seconds_of_a_synthesised_track": options.seconds, "sizes": sizes}, PACKAGES)


if __name__ == "__main__":
    main()
