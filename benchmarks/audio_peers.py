"""Ask other open fingerprinters the queries of audio_queries.py, one process, one thread.

chromaprint_index  raw words of fpcalc (chromaprint 1.5.1); votes for (work, offset) by words that agree in every bit
chromaprint_scan   the same words, compared with all works at all offsets; the lowest share of differing bits wins
audfprint2         0.1.2 with its defaults (density 20, 3 pairs a peak, 20-bit table of depth 100); least count 3
dejavu_like        dejavu's algorithm in NumPy: windows of 1,486 samples half over each other, maxima of 21 x 21 above
                   10 dB, each paired with the 4 that follow; votes for (work, offset)
olaf               a program built by hand from github.com/JorenSix/Olaf (AGPL-3, not in this repository; --olaf FILE:
                   `make compile_core` gives bin/olaf_core), its defaults; matches of the best work

Scores are votes (scan: the share of equal bits). Thresholds are chosen afterwards, by bench_audio.py.

`PYTHON benchmarks/audio_peers.py --data SEED_FOLDER --out FILE.jsonl [--olaf FILE] [--only NAME ...]` needs fpcalc and
ffmpeg; audfprint2 (installed without its dependencies) needs scipy, h5py and psutil. A peer that is not there is left
out.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from results import one_thread

one_thread()

import numpy as np  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Words = npt.NDArray[np.uint32]
    Hashes = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]

Found = tuple[int, float]
NONE: Found = (-1, 0.0)


class Peer(Protocol):
    """One fingerprinter."""

    def add(self, path: Path) -> None:
        """Take in the next work, a WAV of 16 kHz."""

    def ready(self) -> int:
        """End the index; its size in bytes."""

    def print_of(self, path: Path) -> Any:
        """The fingerprint of a query."""

    def look_up(self, found: Any) -> Found:
        """The best work and its score."""


class ChromaprintIndex:
    """Exact words, votes for an offset."""

    def __init__(self) -> None:
        self.words: list[Words] = []

    def print_of(self, path: Path) -> Words:
        """The raw words of a whole file."""
        command = ["fpcalc", "-raw", "-length", "0", str(path)]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        line = next((line for line in said.splitlines() if line.startswith("FINGERPRINT=")), "FINGERPRINT=")
        return np.array([int(word) for word in line[12:].split(",") if word], np.int64).astype(np.uint32)

    def add(self, path: Path) -> None:
        """Take in the next work."""
        self.words.append(self.print_of(path))

    def ready(self) -> int:
        """End the index."""
        self.all = np.concatenate(self.words)
        self.owners = np.repeat(np.arange(len(self.words)), [len(one) for one in self.words])
        self.places = np.concatenate([np.arange(len(one)) for one in self.words])
        self.order = np.argsort(self.all, kind="stable")
        self.sorted = self.all[self.order]
        return int(self.all.nbytes)

    def look_up(self, found: Words) -> Found:
        """The best work and its votes."""
        return voted(self.sorted, self.order, self.owners, self.places, found, np.arange(len(found)))


class ChromaprintScan(ChromaprintIndex):
    """All words at all offsets."""

    least = 4

    def look_up(self, found: Words) -> Found:
        """The best work and its share of equal bits."""
        if len(found) < self.least:
            return NONE
        count = len(self.all) - len(found) + 1
        differ = np.zeros(count, np.int32)
        for at, word in enumerate(found):
            differ += np.bitwise_count(self.all[at : at + count] ^ word)
        differ[self.owners[:count] != self.owners[len(found) - 1 :]] = 32 * len(found)
        best = int(np.argmin(differ))
        return int(self.owners[best]), 1 - float(differ[best]) / (32 * len(found))


def voted(keys: Any, order: Any, owners: Any, places: Any, asked: Any, times: Any) -> Found:
    """The (owner, offset) that the most entries with an asked key vote for."""
    first, last = np.searchsorted(keys, asked, "left"), np.searchsorted(keys, asked, "right")
    lengths = last - first
    if not lengths.sum():
        return NONE
    inside = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows = order[np.repeat(first, lengths) + inside]
    offsets = places[rows] - np.repeat(times, lengths)
    cells, counts = np.unique(owners[rows].astype(np.int64) << 32 | (offsets + (1 << 30)), return_counts=True)
    best = int(np.argmax(counts))
    return int(cells[best] >> 32), float(counts[best])


class DejavuLike:
    """Pairs of maxima of the spectrogram."""

    window, rate, around, least, fan, farthest = 1486, 16_000, 10, 10.0, 4, 200

    def __init__(self) -> None:
        self.kept: list[Hashes] = []

    def print_of(self, path: Path) -> Hashes:
        """Keys int64[n] and frames int64[n]."""
        return self.hashes(samples_of(path))

    def hashes(self, samples: npt.NDArray[np.float32]) -> Hashes:
        """Pairs of the maxima, as keys, with the frame of the first."""
        hop = self.window // 2
        count = (len(samples) - self.window) // hop + 1
        if count < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        shape = np.hanning(self.window).astype(np.float32)
        scale = 2 / (self.rate * float(np.sum(shape**2)))
        level = np.empty((count, self.window // 2 + 1), np.float32)
        for start in range(0, count, 2000):
            at = np.arange(start, min(count, start + 2000))[:, None] * hop + np.arange(self.window)
            power = np.abs(np.fft.rfft(samples[at] * 32768 * shape, axis=1)) ** 2 * scale
            level[start : start + 2000] = 10 * np.log10(np.maximum(power, 1e-10))
        peaks = (level == spread(spread(level, self.around, 0), self.around, 1)) & (level > self.least)
        frames, bins = np.nonzero(peaks)
        keys, times = [], []
        for ahead in range(1, self.fan + 1):
            apart = frames[ahead:] - frames[:-ahead]
            good = apart <= self.farthest
            keys.append(((bins[:-ahead] << 20) | (bins[ahead:] << 8) | np.minimum(apart, 255))[good])
            times.append(frames[:-ahead][good])
        return np.concatenate(keys), np.concatenate(times)

    def add(self, path: Path) -> None:
        """Take in the next work."""
        self.kept.append(self.print_of(path))

    def ready(self) -> int:
        """End the index: 4 bytes for a key, 4 for work and frame."""
        keys = np.concatenate([one for one, _ in self.kept])
        self.places = np.concatenate([times for _, times in self.kept])
        self.owners = np.repeat(np.arange(len(self.kept)), [len(one) for one, _ in self.kept])
        self.order = np.argsort(keys, kind="stable")
        self.sorted = keys[self.order]
        return 8 * len(keys)

    def look_up(self, found: Hashes) -> Found:
        """The best work and its votes."""
        return voted(self.sorted, self.order, self.owners, self.places, *found)


def spread(values: npt.NDArray[np.float32], by: int, axis: int) -> npt.NDArray[np.float32]:
    """The greatest of each value and its `by` neighbours on both sides."""
    padding = [(0, 0), (0, 0)]
    padding[axis] = (by, by)
    wide = np.moveaxis(np.pad(values, padding, constant_values=-np.inf), axis, 0)
    have, want = 1, 2 * by + 1
    while have < want:
        step = min(have, want - have)
        wide = np.maximum(wide[:-step], wide[step:])
        have += step
    return np.moveaxis(wide, 0, axis)


class Audfprint2:
    """The package as it is."""

    def __init__(self) -> None:
        analyzer = importlib.import_module("audfprint2.core.analyzer")
        matcher = importlib.import_module("audfprint2.core.matcher")
        self.analyzer, self.matcher = analyzer.Analyzer(20.0), matcher.Matcher()
        self.matcher.threshcount = 3
        self.table = importlib.import_module("audfprint2.core.hash_table").HashTable(hashbits=20, depth=100)

    def add(self, path: Path) -> None:
        """Take in the next work."""
        self.analyzer.ingest(self.table, str(path))

    def ready(self) -> int:
        """End the index: the size of what the package saves."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "table.pklz"
            self.table.save(str(file))
            return file.stat().st_size

    def print_of(self, path: Path) -> Any:
        """Times and hashes."""
        return self.analyzer.wavfile2hashes(str(path))

    def look_up(self, found: Any) -> Found:
        """The best work and its time-consistent hashes."""
        if len(found) == 0:
            return NONE
        rows = self.matcher.match_hashes(self.table, found)
        return (int(rows[0][0]), float(rows[0][1])) if len(rows) and rows[0][1] else NONE


class Olaf:
    """The C core, a process for each call; its lookup is within the fingerprint."""

    def __init__(self, program: Path | None) -> None:
        if program is None:
            raise ImportError("no --olaf")
        self.program = program.resolve()
        self.home = Path(tempfile.mkdtemp(prefix="olaf"))
        (self.home / ".olaf" / "db").mkdir(parents=True)
        self.works = 0

    def call(self, command: str, path: Path, name: str) -> str:
        """What the program prints about a file."""
        raw = self.home / "audio.raw"
        raw.write_bytes(samples_of(path).astype("<f4").tobytes())
        done = subprocess.run(
            [self.program, command, raw, name],
            capture_output=True, text=True, check=True, env={**os.environ, "HOME": str(self.home)},
        )  # fmt: skip
        return done.stdout

    def add(self, path: Path) -> None:
        """Take in the next work."""
        self.call("store", path, f"{self.works}.wav")
        self.works += 1

    def ready(self) -> int:
        """The size of its database, as its file uses it."""
        return sum(
            file.stat().st_blocks * 512 for file in self.home.rglob("*.mdb") if file.name == "data.mdb"
        )

    def print_of(self, path: Path) -> list[list[str]]:
        """The lines of the answer."""
        return [line.split(",") for line in self.call("query", path, "query.wav").splitlines()]

    def look_up(self, found: list[list[str]]) -> Found:
        """The work of the line with the most matches: count, two seconds of the query, name, key, two of the work."""
        rows = [
            (float(fields[0]), int(fields[3].strip().removesuffix(".wav")))
            for fields in found
            if _names(fields)
        ]
        count, work = max(rows, default=(0.0, -1))
        return (work, count) if count > 0 else NONE

    def __del__(self) -> None:
        if hasattr(self, "home"):
            shutil.rmtree(self.home, ignore_errors=True)


def _names(fields: list[str]) -> bool:
    return len(fields) >= 7 and fields[3].strip() != ""


def samples_of(path: Path) -> npt.NDArray[np.float32]:
    """The samples of a WAV of 16 bits, mono."""
    with wave.open(str(path), "rb") as source:
        return np.frombuffer(source.readframes(source.getnframes()), "<i2").astype(np.float32) / 32768


def makers(olaf: Path | None) -> dict[str, Callable[[], Peer]]:
    """How each peer is made."""
    return {
        "chromaprint_index": ChromaprintIndex, "chromaprint_scan": ChromaprintScan, "audfprint2": Audfprint2,
        "dejavu_like": DejavuLike, "olaf": lambda: Olaf(olaf),
    }  # fmt: skip


def cpu() -> float:
    """CPU seconds of this process and of those that it waited for."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def ask(name: str, peer: Peer, data: Path, out: Any) -> dict[str, float]:
    """Index the works, ask all queries, and say how long it took."""
    works = sorted((data / "works16").glob("*.wav"))
    begin = cpu()
    for work in works:
        peer.add(work)
    size = peer.ready()
    built = cpu() - begin
    files = [json.loads(line)["file"] for line in (data / "labels.jsonl").read_text().splitlines()]
    printing = looking = seconds = 0.0
    for file in files:
        path = data / "queries" / file
        first = cpu()
        found = peer.print_of(path)
        second = cpu()
        work, score = peer.look_up(found)
        looking += cpu() - second
        printing += second - first
        seconds += (path.stat().st_size - 44) / 32_000
        out.write(json.dumps({"peer": name, "file": file, "work": work, "score": round(score, 5)}) + "\n")
    hours = sum(work.stat().st_size - 44 for work in works) / 32_000 / 3600
    return {
        "build_times_real_time": round(hours * 3600 / built), "fingerprint_times_real_time": round(seconds / printing),
        "lookup_ms": round(1000 * looking / len(files), 2), "mb_an_hour": round(size / 1e6 / hours, 3),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--olaf", type=Path, help="the program that Olaf's makefile builds")
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    about: dict[str, Any] = {}
    with options.out.open("w") as out:
        for name, make in makers(options.olaf).items():
            if options.only and name not in options.only:
                continue
            try:
                peer = make()
            except ImportError as error:
                print(f"{name} is left out: {error}", file=sys.stderr)
                continue
            about[name] = ask(name, peer, options.data, out)
            print(name, about[name], flush=True)
    options.out.with_suffix(".about.json").write_text(json.dumps(about, indent=1) + "\n")


if __name__ == "__main__":
    main()
