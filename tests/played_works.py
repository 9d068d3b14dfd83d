"""Works and corpora of recordings for tests, composed by code: tunes that only one seed gives."""

from __future__ import annotations

import io
import json
import tempfile
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from audio.sounded import KINDS, Kind, encoded
from corpus.corpus_samples import tar_of
from countermark.audio.stretch import stretched
from countermark.cli import demo_tracks
from countermark.cli.demo_tracks import composed
from countermark.index.audio.build import build_audio_index
from countermark.index.audio.collect import Wanted
from countermark.media import Medium, Refusal
from countermark.works.reading import read_works

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from countermark.works.work import WorkFile

    Samples = npt.NDArray[np.float64]

_PLACE = tempfile.TemporaryDirectory(prefix="countermark-played-")
"""What all tests of a process share; it goes when the process ends."""

RATE = demo_tracks.RATE
WORKS = 2
SECONDS = 30.0
FIRST_OTHER = 1000
"""Seeds from here on are of tunes that are nobody's work."""
FLAC = Kind("flac", "flac", RATE, "mono")
MP3 = Kind("mp3", "libmp3lame", RATE, "mono", bit_rate=64_000)
OPUS = KINDS["opus (ogg)"]
PLACED = {"higher": 0, "slower": 1, "noisy": 0, "within": 1}
"""The altered excerpts of the shared corpus, and the work of each."""


@cache
def tune(seed: int, seconds: float = SECONDS) -> Samples:
    """A tune; float64[n] at RATE, not to be changed."""
    return composed(np.random.default_rng(seed), seconds)


def part(seed: int, begin: float, seconds: float) -> Samples:
    """A part of a tune."""
    return tune(seed)[round(begin * RATE) : round((begin + seconds) * RATE)]


def changed(samples: Samples, tempo: float, shift: float) -> Samples:
    """Played `tempo` times as fast and `shift` semitones higher: `stretched` undoes a change, so it is asked back."""
    pcm = np.clip(samples * 32_767, -32768, 32767).astype(np.int16)
    return stretched(pcm, RATE, 1 / tempo, -shift) / 32768.0


def noisy(samples: Samples, loudness: float = 0.6) -> Samples:
    """In white noise, so loud beside the sound."""
    power = float(np.sqrt(np.mean(samples**2)))
    mixed: Samples = samples + np.random.default_rng(7).normal(0, loudness * power, len(samples))
    return mixed * (0.7 / float(np.abs(mixed).max()))


def file_of(samples: Samples, kind: Kind = FLAC) -> bytes:
    """The file of some samples at RATE."""
    return encoded(kind, sound=samples)


def of_tracks(*tracks: Samples) -> bytes:
    """A Matroska file with several sound tracks."""
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as container:
        streams = [container.add_stream("flac", rate=RATE, layout="mono") for _ in tracks]
        for stream, samples in zip(streams, tracks, strict=True):
            pcm = np.clip(samples * 32_767, -32768, 32767).astype(np.int16)
            for begin in range(0, len(pcm), 4096):
                block = np.ascontiguousarray(pcm[None, begin : begin + 4096])
                frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
                frame.sample_rate, frame.pts = RATE, begin
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return out.getvalue()


def with_rubbish(*tracks: Samples) -> bytes:
    """The same with one track more, in whose packets there is nothing that can be decoded."""
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as container:
        streams = [container.add_stream("flac", rate=RATE, layout="mono") for _ in tracks]
        rubbish = container.add_stream("libopus", rate=48_000, layout="mono")
        for stream, samples in zip(streams, tracks, strict=True):
            pcm = np.clip(samples * 32_767, -32768, 32767).astype(np.int16)[None]
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm), format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, 0
            container.mux([*stream.encode(frame), *stream.encode(None)])
        packet = av.Packet(b"\xff" * 20)
        packet.stream, packet.pts, packet.dts, packet.time_base = rubbish, 0, 0, Fraction(1, 48_000)
        container.mux(packet)
    return out.getvalue()


def work(seed: int) -> bytes:
    """The file of a work."""
    return _work(seed)


@cache
def _work(seed: int) -> bytes:
    return file_of(tune(seed))


def write_works(folder: Path, seeds: Iterable[int] = range(WORKS)) -> Path:
    """A folder of works, `work-<seed>.flac`."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (folder / f"work-{seed}.flac").write_bytes(work(seed))
    return folder


@cache
def samples() -> dict[str, bytes]:
    """A corpus: altered excerpts (PLACED), a work's own file, a tune that is nobody's, silence, what is damaged."""
    other = tune(FIRST_OTHER, 16.0)
    return {
        "higher.mp3": file_of(changed(part(0, 8, 16), 1.0, 2.0), MP3),
        "slower.mp3": file_of(changed(part(1, 5, 16), 0.92, 0.0), MP3),
        "noisy.mp3": file_of(noisy(part(0, 3, 16)), MP3),
        "within.flac": file_of(np.concatenate([other[: 8 * RATE], part(1, 12, 14), other[8 * RATE :]])),
        "other.mp3": file_of(other, MP3),
        "same.flac": work(1),
        "silence.flac": file_of(np.zeros(12 * RATE)),
        "nothing.mp3": b"",
        "text.mp3": b"ID3\4\0\0\0\0\x0f\0 and no sound in it",
        "cut.flac": work(0)[: len(work(0)) * 6 // 10],
    }


BROKEN = ("cut.flac", "nothing.mp3", "text.mp3")
"""The samples that cannot be decoded, or not wholly."""


def write_tar(path: Path, files: dict[str, bytes]) -> Path:
    """A WebDataset archive: recordings, and what speaks of each."""
    members: dict[str, bytes] = {}
    for name, data in files.items():
        key = name.rpartition(".")[0]
        told = {"title": f"The {key} one", "url": f"https://music.example/{key}"}
        members |= {name: data, f"{key}.json": json.dumps(told).encode()}
    path.write_bytes(tar_of(members))
    return path


def write_corpus(folder: Path) -> Path:
    """The samples in an archive and in a folder of files."""
    (folder / "b").mkdir(parents=True)
    names = list(samples())
    write_tar(folder / "a.tar", {name: samples()[name] for name in names[0::2]})
    for name in names[1::2]:
        (folder / "b" / name).write_bytes(samples()[name])
    return folder


def work_files(*folders: Path) -> Iterator[WorkFile]:
    """The works in folders; there must be nothing that is not taken for one."""
    for found in read_works(list(folders), Medium.AUDIO):
        assert not isinstance(found, Refusal), found
        yield found


def build(works: Path, out: Path, wanted: Wanted | None = None) -> tuple[Path, list[Refusal]]:
    """An index of a folder of works, and what was refused."""
    refused: list[Refusal] = []
    build_audio_index(work_files(works), out, wanted or Wanted(), refuse=refused.append)
    return out, refused


@cache
def shared_works() -> Path:
    """The folder of works; not to be changed."""
    return write_works(Path(_PLACE.name, "works"))


@cache
def shared_index() -> Path:
    """An index of them; not to be changed."""
    return build(shared_works(), Path(_PLACE.name, "works.index"))[0]


@cache
def shared_corpus() -> Path:
    """The corpus; not to be changed."""
    return write_corpus(Path(_PLACE.name, "corpus"))
