"""A corpus for one seed of audio_queries.py: a tar of 300 records, with altered excerpts of 40 works hidden among them.

FOLDER/corpus/00000.tar, in the layout of WebDataset (NNNNN.mp3 and NNNNN.json with a title): the seed's tracks that
share nothing with a work, whole, in MP3, Ogg Vorbis, Opus, AAC and FLAC; parts of them; and 40 records that hold a
work, 20 of them an excerpt alone, 20 an excerpt spliced into a part of another track. FOLDER/corpus.jsonl says for each
of these: key, work, how, record_begin, record_end, work_begin (seconds), tempo, shift.

`python benchmarks/audio_corpus.py FOLDER_OF_MUSIC FOLDER --seed N` after audio_queries.py; needs Debian's ffmpeg.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audio_alterations import QUIET, RATE, mixed, pink, read, rms, write
from audio_music import chosen, listed
from audio_queries import decoded, file_of, split

if TYPE_CHECKING:
    from audio_alterations import Samples
    from audio_queries import Split

RECORDS, HIDDEN = 300, 40
FORMATS = {
    ".mp3": "-c:a libmp3lame -b:a 128k", ".ogg": "-c:a libvorbis -q:a 3", ".opus": "-c:a libopus -b:a 64k",
    ".m4a": "-c:a aac -b:a 96k", ".flac": "-c:a flac -ar 22050 -ac 1",
}  # fmt: skip
OFTEN = (".mp3", ".ogg", ".opus", ".m4a", ".mp3", ".ogg", ".opus", ".m4a", ".mp3", ".flac")
HOW = {
    "as it is": (1.0, 0.0, ""), "pitch+2": (1.0, 2.0, f"rubberband=pitch={2 ** (2 / 12):.9f}"),
    "pitch-1": (1.0, -1.0, f"rubberband=pitch={2 ** (-1 / 12):.9f}"), "tempo-10": (0.9, 0.0, "rubberband=tempo=0.9"),
    "tempo+5": (1.05, 0.0, "rubberband=tempo=1.05"),
    "speed+5": (1.05, float(12 * np.log2(1.05)), f"asetrate={RATE * 1.05:.0f},aresample={RATE}"),
    "noise 5 dB": (1.0, 0.0, ""), "other music 0 dB": (1.0, 0.0, ""),
}  # fmt: skip


def encoded(source: Path, ending: str, *cut: str) -> bytes:
    """A file in another format."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"out{ending}"
        words = FORMATS[ending].split()
        command = [
            *QUIET,
            *cut,
            "-i",
            source,
            "-map",
            "0:a:0",
            "-map_metadata",
            "-1",
            "-fflags",
            "+bitexact",
            "-vn",
            *words,
            out,
        ]
        subprocess.run(command, check=True)
        return out.read_bytes()


def encoded_samples(samples: Samples, ending: str) -> bytes:
    """The same of samples at 44.1 kHz."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.wav"
        write(source, samples, RATE)
        return encoded(source, ending)


def filtered(samples: Samples, words: str) -> Samples:
    """Samples after filters of ffmpeg."""
    if not words:
        return samples
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "source.wav", Path(folder) / "out.wav"
        write(source, samples, RATE)
        subprocess.run(
            [*QUIET, "-i", source, "-af", words, "-ar", str(RATE), "-c:a", "pcm_s16le", out], check=True
        )
        return read(out)


class Corpus:
    """The records of one seed."""

    def __init__(self, parts: Split, seed: int) -> None:
        self.parts, self.seed = parts, seed
        self.order = np.random.default_rng((seed, 10)).permutation(RECORDS).tolist()

    def record(self, number: int) -> tuple[bytes, str, dict[str, Any] | None]:
        """Bytes, ending, and what is hidden there."""
        rng = np.random.default_rng((self.seed, 11, number))
        ending = OFTEN[number % len(OFTEN)]
        if number < HIDDEN:
            samples, label = self._hidden(number, rng)
            return encoded_samples(samples, ending), ending, label
        other = number - HIDDEN
        track = self.parts.others[other % len(self.parts.others)]
        if other < len(self.parts.others):
            return encoded(track.path, ending), ending, None
        length = float(rng.uniform(30, min(90, track.seconds - 1)))
        begin = float(rng.uniform(0, track.seconds - length))
        return encoded(track.path, ending, "-ss", f"{begin:.2f}", "-t", f"{length:.2f}"), ending, None

    def _hidden(self, number: int, rng: np.random.Generator) -> tuple[Samples, dict[str, Any]]:
        at = int(rng.integers(len(self.parts.works)))
        work = self.parts.works[at]
        how = list(HOW)[number % len(HOW)]
        tempo, shift, words = HOW[how]
        whole = decoded(work.path, RATE)
        length = round(float(rng.uniform(12, 40)) * RATE)
        begin = loud_place(whole, length, rng)
        piece = filtered(whole[begin : begin + length], words)
        if how.startswith("noise"):
            piece = mixed(piece, pink(rng, len(piece)), 5.0)
        if how.startswith("other"):
            piece = mixed(piece, self._part(rng, len(piece)), 0.0)
        before = 0
        if number >= HIDDEN // 2:
            host = self._part(rng, len(piece) + 60 * RATE)
            before = int(rng.integers(10 * RATE, 50 * RATE))
            piece = piece * np.float32(rms(host) / max(rms(piece), 1e-6))
            piece = np.concatenate([host[:before], piece, host[before : before + 60 * RATE - before]])
            piece = piece / max(1.0, float(np.abs(piece).max()) / 0.99)
        sounded = length / tempo / RATE
        return piece, {
            "work": file_of(at, work), "source": work.name, "how": how, "alone": before == 0,
            "record_begin": round(before / RATE, 3), "record_end": round(before / RATE + sounded, 3),
            "work_begin": round(begin / RATE, 3), "work_end": round((begin + length) / RATE, 3),
            "tempo": tempo, "shift": round(shift, 4),
        }  # fmt: skip

    def _part(self, rng: np.random.Generator, length: int) -> Samples:
        track = self.parts.others[int(rng.integers(len(self.parts.others)))]
        whole = decoded(track.path, RATE)
        begin = loud_place(whole, min(length, len(whole) - 1), rng)
        return np.resize(whole[begin:], length)


def loud_place(whole: Samples, length: int, rng: np.random.Generator) -> int:
    """The beginning of a part that is about as loud as the whole."""
    for _ in range(20):
        begin = int(rng.integers(max(1, len(whole) - length)))
        if rms(whole[begin : begin + length]) > 0.3 * rms(whole):
            return begin
    return 0


def write_corpus(corpus: Corpus, folder: Path) -> int:
    """corpus/00000.tar and corpus.jsonl; the bytes of the tar."""
    (folder / "corpus").mkdir(exist_ok=True)
    path = folder / "corpus" / "00000.tar"
    with (
        tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar,
        (folder / "corpus.jsonl").open("w") as labels,
    ):
        for place, number in enumerate(corpus.order):
            data, ending, label = corpus.record(number)
            key = f"{place:05d}"
            said = json.dumps({"title": f"Track {place}", "key": key}).encode()
            for name, content in ((key + ending, data), (f"{key}.json", said)):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
            if label:
                labels.write(
                    json.dumps({"key": key, "file": key + ending, **label}, ensure_ascii=False) + "\n"
                )
    return path.stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("music", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    corpus = Corpus(split(chosen(listed(options.music)), options.seed), options.seed)
    print(f"{RECORDS} records, {write_corpus(corpus, options.folder) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
