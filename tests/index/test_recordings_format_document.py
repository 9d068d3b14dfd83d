"""docs/reference/index-format-recordings.md against what the engine writes, by a reader that follows the page alone."""

from __future__ import annotations

import hashlib
import re
import wave
from collections import defaultdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

pytest.importorskip("av", reason="needs the extra audio")

from countermark.index.audio.build import build_audio_index
from countermark.index.audio.collect import Compositions, Wanted
from countermark.index.audio.harmony import stretch_count
from countermark.matching.audio.composition.table import pack
from countermark.media import Asset, Medium
from countermark.works.work import Work, WorkFile
from fingerprint.tunes import tune
from index.format_recordings_reader import (
    CODE_BITS,
    FIXED_KEYS,
    FREE_KEYS,
    PAUSE,
    RATE,
    Reader,
    codes_of,
    fixed_key,
    free_key,
    keys_told,
    stretches_of,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "index-format-recordings.md"
ONLY_WITH_COMPOSITIONS = "harmony_"
BURSTS = {1: 300.0, 2: 440.0, 3: 705.0, 4: 1000.0, 5: 1510.0, 6: 2200.0, 7: 3300.0, 8: 4500.0}
"""Tones of the last work, by the second at which each begins; each lasts 0.4 seconds."""


def _sounds() -> list[npt.NDArray[np.int16]]:
    """Two tunes, silence, and tones of known pitch at known times; int16[n] at RATE."""
    bursts = np.zeros(10 * RATE)
    time = np.arange(RATE * 4 // 10) / RATE
    for second, hertz in BURSTS.items():
        bursts[second * RATE :][: len(time)] = 0.3 * np.sin(2 * np.pi * hertz * time) * np.hanning(len(time))
    sounds = (tune(1, 24.0), tune(2, 12.0), np.zeros(2 * RATE), bursts)
    return [np.rint(32_767 * np.asarray(sound, np.float64)).astype(np.int16) for sound in sounds]


SOUNDS = _sounds()


def _work(folder: Path, number: int) -> WorkFile:
    path = folder / f"{number}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(SOUNDS[number].astype("<i2").tobytes())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    asset = Asset(f"w{number}", path.name, Medium.AUDIO, digest, file=str(path))
    return WorkFile(Work(f"w{number}", f"Sound {number}"), asset)


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "with compositions"])
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """An index of the sounds, written by the engine, with melody and harmony or without them and without copies."""
    folder = tmp_path_factory.mktemp("recordings")
    compositions = Compositions(None, pack) if request.param else None
    files = [_work(folder, number) for number in range(len(SOUNDS))]
    build_audio_index(files, folder / "i", Wanted(bool(compositions), compositions))
    return Reader(folder / "i")


def _with_compositions(reader: Reader) -> bool:
    return bool(reader.manifest["facts"]["compositions"])


def test_the_page_names_every_file_with_its_type(reader: Reader) -> None:
    """No file is left out, none is named that there is not, and types and dimensions are as the manifest says."""
    told = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"\| `([\w.]+)` \| (\w+) \| ([^|]*) \|", line):
            told[match[1]] = match[2], len([part for part in match[3].split(",") if part.strip()])
    if not _with_compositions(reader):
        told = {name: kind for name, kind in told.items() if not name.startswith(ONLY_WITH_COMPOSITIONS)}
    assert set(told) == set(reader.manifest["files"])
    for name, array in reader.arrays.items():
        assert told[f"{name}.array"] == (array.dtype.name, array.ndim), name


def test_the_manifest_says_what_the_page_says(reader: Reader) -> None:
    """Its medium and scheme, what is 0 or empty, and the facts."""
    said, text = reader.manifest, PAGE.read_text(encoding="utf-8")
    assert f"`medium` = `{said['medium']}` and `scheme` = `{said['scheme']}`" in text
    for name in ("words", "letters", "code_points", "guarantee_letters", "dropped_fingerprints"):
        assert said[name] == 0
    assert (said["key_check"], said["form"]) == ("", "full")
    assert said["fingerprints"] == len(reader.arrays["postings"])
    facts = said["facts"]
    assert facts["seconds"] == round(sum(len(sound) for sound in SOUNDS) / RATE)
    assert facts["copies"] == _with_compositions(reader)
    assert all(f"`facts.{name}`" in text for name in facts)
    assert ("notes" in facts) == _with_compositions(reader)


def test_assets_and_copies(reader: Reader) -> None:
    """Lengths, digests, and each copy as Ogg Opus where copies were kept."""
    for number, (row, sound) in enumerate(zip(reader.assets, SOUNDS, strict=True)):
        assert row["duration"] == reader.arrays["lengths"][number] == round(1000 * len(sound) / RATE)
        copy = reader.copy(number)
        if _with_compositions(reader):
            assert (copy[:4], copy[28:36]) == (b"OggS", b"OpusHead")
            assert row["copy_digest"] == hashlib.sha256(copy).hexdigest()
        else:
            assert (copy, row["copy_digest"]) == (b"", None)


def test_the_timeline(reader: Reader) -> None:
    """Each work has its frames on it, and the pause; silence has the pause alone."""
    place = PAUSE
    for asset in range(len(SOUNDS)):
        assert reader.arrays["timeline"][asset] == place
        peaks = reader.peaks(asset)
        place += peaks[-1].frame + 705 if peaks else 704
    assert reader.whole("timeline")[-1] == place
    assert not reader.peaks(2)


def test_peaks_stand_where_tones_sound(reader: Reader) -> None:
    """In order and within bounds; one of each tone, at its pitch, while it sounds."""
    for asset in range(len(SOUNDS)):
        peaks = reader.peaks(asset)
        assert peaks == sorted(peaks, key=lambda peak: peak.frame)
        assert all(0 <= peak.pitch <= 284 and 0 <= peak.rank <= 5 for peak in peaks)
    for second, hertz in BURSTS.items():
        heard = [peak for peak in reader.peaks(3) if second < peak.second < second + 0.4]
        assert any(abs(60 * np.log2(peak.hertz / hertz)) <= 1 for peak in heard), hertz


def test_codes_are_what_the_page_defines(reader: Reader) -> None:
    """Computed anew from the sound, nearly every bit is the same; silence has none, nor the bits beyond the last."""
    for asset in (0, 1):
        found, made = reader.codes(asset), codes_of(SOUNDS[asset] / 32768)
        assert 0 <= len(found) - len(made) <= 8  # the last frames reach beyond the end
        assert not found[:, CODE_BITS:].any()
        assert (found[: len(made), :CODE_BITS] == made).mean() > 0.999
        assert 0.3 < made.mean() < 0.7
    assert not reader.codes(2).any()


def test_every_posting_is_a_constellation_in_its_bucket(reader: Reader) -> None:
    """Its peaks stand in the work, and its key leads to the bucket that it stands in."""
    there: list[dict[int, set[int]]] = []
    for asset in range(len(SOUNDS)):
        frames: dict[int, set[int]] = defaultdict(set)
        for peak in reader.peaks(asset):
            frames[peak.frame].add(peak.pitch)
        there.append(dict(frames))
    met = dict.fromkeys((True, False), 0)
    before = (0, 0)
    for posting in reader.postings():
        keys = keys_told(posting, there[posting.asset])
        assert posting.bucket in {reader.bucket(key) for key in keys}, posting
        assert all((key < FREE_KEYS) == posting.free for key in keys)
        assert before <= (posting.bucket, posting.asset)
        before = posting.bucket, posting.asset
        met[posting.free] += 1
    assert sum(met.values()) == len(reader.arrays["postings"])
    assert min(met.values()) > 500


def test_the_number_of_buckets(reader: Reader) -> None:
    """64 times (3 p div 64), at least 64; a base for each 32 of them, and the end."""
    buckets = len(reader.arrays["counts"])
    assert buckets == 64 * max(1, 3 * len(reader.arrays["peaks"]) // 64)
    assert len(reader.arrays["bases"]) == buckets // 32 + 1
    assert int(reader.arrays["counts"].sum(dtype=np.int64)) == reader.arrays["bases"][-1]


def test_the_highest_keys_are_below_what_the_page_says() -> None:
    """F is one more than the highest free key and the lowest fixed one; G bounds those."""
    times, pitches = [0, 18, 38, 40], [284, 344, 344, 344]
    assert free_key(times, pitches) == FREE_KEYS - 1
    assert fixed_key([0, 18, 40], [284, 344, 344]) < FREE_KEYS + FIXED_KEYS
    assert fixed_key([0, 2, 17], [0, -60, -60]) == FREE_KEYS


def test_melody_and_harmony(reader: Reader) -> None:
    """Profiles of one length, notes of the outer voices in order, a row of norms for each stretch."""
    if not _with_compositions(reader):
        assert not any(name.startswith(ONLY_WITH_COMPOSITIONS) for name in reader.arrays)
        return
    own = {
        name.removeprefix(ONLY_WITH_COMPOSITIONS): array
        for name, array in reader.arrays.items()
        if name.startswith(ONLY_WITH_COMPOSITIONS)
    }
    for name in ("chroma", "note_chroma"):
        lengths = np.sqrt((own[name].astype(np.int64) ** 2).sum(axis=1))
        assert (abs(lengths - 64) <= 2)[lengths > 0].all()
    assert own["ends"][-1].tolist() == [len(own[name]) for name in ("chroma", "note_chroma", "starts")]
    assert own["seconds"].tolist() == [len(sound) / RATE for sound in SOUNDS]
    assert (abs(np.diff(own["ends"][:, 0], prepend=0) - 4 * own["seconds"]) <= 4).all()
    assert set(own["voices"].tolist()) <= {1, 2, 3}
    assert own["pitches"].max() <= 127
    assert own["lengths"].max() <= 30_000
    for begin, end in zip([0, *own["ends"][:-1, 2]], own["ends"][:, 2], strict=True):
        assert (np.diff(own["starts"][begin:end].astype(np.int64)) >= 0).all()
    assert bytes(own["notes_by"]) == b"tones-v1"
    assert len(own["norms"]) == sum(map(stretches_of, own["seconds"].tolist()))


def test_stretches_are_counted_as_the_page_says() -> None:
    """For works of up to half an hour, in half seconds."""
    for half in range(3600):
        assert stretches_of(half / 2) == stretch_count(half / 2), half
