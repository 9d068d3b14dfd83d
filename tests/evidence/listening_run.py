"""Run folders of recordings, played by code: works, what was made of them in a data set, and findings that say so."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from countermark.audio.excerpt import encode_flac, encode_opus
from countermark.findings.table import write_table
from countermark.scan.receipt import json_bytes
from evidence.synthetic import SyntheticRun

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from countermark.findings.finding import Finding

RATE = 24_000
HOSTILE_CAPTION = "</figure><script>alert(1)</script>\u202e3pm.exe \x1b[31m" + "long " * 200
HOSTILE_URL = "javascript:alert(1)//<audio src=https://evil.example/x onerror=alert(1)>"


@lru_cache(maxsize=64)
def tune(
    seed: int, seconds: float, *, tempo: float = 1.0, shift: float = 0.0, start: float = 0.0
) -> npt.NDArray[np.float32]:
    """A tune of plucked notes, another for each seed, from its second `start` on; float32[n] at RATE."""
    draw = np.random.default_rng(seed)
    sound = np.zeros(round(RATE * seconds), np.float32)
    at = 0.0
    while at < start + seconds * tempo:
        lasting, height = float(draw.choice([0.125, 0.25, 0.25, 0.5])), int(draw.integers(0, 24))
        loudness = float(draw.uniform(0.15, 0.35))
        begin, end = (at - start) / tempo, (at - start + 2.5 * lasting) / tempo
        first, last = max(0, round(RATE * begin)), min(len(sound), round(RATE * end))
        if first < last:
            time = np.arange(first, last) / RATE - begin
            hertz = 220 * 2 ** ((height + shift) / 12)
            note = sum(np.sin(2 * np.pi * hertz * part * time) / part for part in range(1, 7))
            fade = np.minimum(time * 200, 1) * np.exp(-3 * time * tempo)
            sound[first:last] += (loudness * fade * note).astype(np.float32)
        at += lasting
    limited: npt.NDArray[np.float32] = np.clip(np.float32(0.5) * sound, -1, 1).astype(np.float32)
    return limited


@lru_cache(maxsize=64)
def _opus(sound: bytes) -> bytes:
    return encode_opus([np.frombuffer(sound, np.float32)], RATE)


@lru_cache(maxsize=64)
def _flac(sound: bytes) -> bytes:
    return encode_flac(np.rint(np.frombuffer(sound, np.float32) * 32_767).astype(np.int16)[:, None], RATE)


@dataclass
class RecordingRun(SyntheticRun):
    """Collects works and finds as SyntheticRun does, and keeps excerpts and copies of works."""

    hints_compared: int | None = 52_000
    excerpts: dict[str, tuple[bytes, dict[str, Any]]] = field(default_factory=dict)
    copies: dict[str, bytes] = field(default_factory=dict)

    def played(self, work_id: str, sound: npt.NDArray[np.float32] | None = None, **facts: Any) -> str:
        """Add a work with one recording."""
        self.work(work_id, 0, path=f"{work_id}.flac", **facts)
        if sound is not None:
            digest = self.catalog[-1]["asset_digest"]
            self.copies[digest] = _opus(sound.tobytes())
        return work_id

    def heard(
        self,
        work_id: str,
        parts: tuple[int, ...],
        durations: tuple[int, int],
        sound: npt.NDArray[np.float32] | None = None,
        **facts: Any,
    ) -> Finding:
        """Add a find: `parts` as in a finding, `durations` of the work and the track, the sound of the first part."""
        whole, track = durations
        number = sum(map(len, self.shards.values()))
        name = hashlib.sha256(f"finding {number}".encode()).hexdigest()[:32]
        matched = sum(parts[at + 3] - parts[at + 2] for at in range(0, len(parts), 4))
        values: dict[str, Any] = {
            "finding_id": name,
            "grade": "copy",
            "unit": "millisecond",
            "record_start": parts[0],
            "record_end": parts[-3],
            "matched": matched,
            "longest_run": matched,
            "asset_excerpt": None,
            "record_excerpt": "a tune, 120 bpm",
            "share_of_work": matched / whole,
            "share_of_record": sum(parts[at + 1] - parts[at] for at in range(0, len(parts), 4)) / track,
            "inliers": 157,
            "agreement": 0.91,
            "method": "synthetic",
            "scheme": "audio-test-v1",
            "pitch_shift": 0.0,
            "tempo": 1.0,
            "record_track": 0,
            "asset_duration": whole,
            "record_duration": track,
            "matched_parts": parts,
            "chance": 1e-12,
        }
        values |= facts
        if sound is not None:
            said = {"record_start_ms": parts[0], "work_start_ms": parts[2], "seconds": len(sound) / RATE}
            self.excerpts[name] = _flac(sound.tobytes()), said
        shard = values.pop("shard", "00003.tar")
        return self.find(work_id, parts[2], parts[-1], shard=shard, **values)

    def write(self, run: Path) -> Path:
        """Write the folder as a scan of recordings would."""
        super().write(run)
        _tell_lengths(run / "catalog.parquet", self.shards)
        settings = json.loads((run / "run.json").read_bytes()) | {"medium": "audio"}
        settings["index"] |= {"scheme": "audio-test-v1"}
        del settings["index"]["guarantee_letters"]
        (run / "run.json").write_bytes(json_bytes(settings))
        for path in sorted((run / "receipts").glob("*.json")):
            said = json.loads(path.read_bytes()) | {"characters": 0, "text_bytes": 0}
            said["refused"]["damaged"] = {"count": 3, "examples": []}
            if self.hints_compared is not None:
                said["recordings"] = {"hints_compared": self.hints_compared // len(self.shards)}
            path.write_bytes(json_bytes(said))
        for name, (sound, covers) in self.excerpts.items():
            (run / "excerpts").mkdir(exist_ok=True)
            (run / "excerpts" / f"{name}.flac").write_bytes(sound)
            (run / "excerpts" / f"{name}.json").write_bytes(json_bytes(covers))
        for digest, copy in self.copies.items():
            (run / "works" / digest[:2]).mkdir(parents=True, exist_ok=True)
            (run / "works" / digest[:2] / digest).write_bytes(copy)
        return run


def _tell_lengths(catalog: Path, shards: dict[str, list[Finding]]) -> None:
    """Add the lengths of the works' files to a catalogue, as the findings have them; 0 of a work without one."""
    known: dict[Any, int | None] = {
        found.asset_digest: found.asset_duration for found in chain(*shards.values())
    }
    table = pq.read_table(catalog)
    lengths = pa.array([known.get(name, 0) for name in table["asset_digest"].to_pylist()], pa.int64())
    write_table(table.append_column("duration", lengths), catalog)


def listening_run(folder: Path, *, controls: int = 20, planned: int | None = None) -> Path:
    """A run with one of everything: altered, identical, withheld, shared, a hint, free, a false alarm."""
    made = RecordingRun(corpus="music <b>2024</b>", planned=planned)
    ferry = tune(1, 40)
    made.played("ferry", ferry, title="La Maison du passeur", author="Claire Delorme")
    tempo, shift = 1.052, 2.0
    altered = 0.3 * tune(1, 15, tempo=tempo, shift=shift, start=8)
    altered += np.random.default_rng(7).normal(0, 0.004, len(altered)).astype(np.float32)
    parts = (30_000, 45_000, 8_000, 23_780, 61_000, 70_000, 25_000, 34_468)
    made.heard(
        *("ferry", parts, (40_000, 184_000), altered.astype(np.float32)),
        row=8,
        pitch_shift=shift,
        tempo=tempo,
        chance=2.6e-7,
        record_excerpt=HOSTILE_CAPTION,
        record_url=HOSTILE_URL,
        reservation_generative="reserved",
        reservation_basis="tdmrep in header",
    )
    same = tune(1, 20, start=5)
    made.heard(
        *("ferry", (0, 20_000, 5_000, 25_000), (40_000, 20_000), same),
        row=9,
        grade="identical",
        agreement=1.0,
    )
    made.played("tower", tune(2, 30), title="Tour <b>d’ivoire</b>", author="M. <i>")
    faster = 2 ** (1 / 12)
    made.heard(
        *("tower", (2_000, 12_000, 3_000, 13_595), (30_000, 60_000)),
        row=10,
        shard="00004.tar",
        pitch_shift=1.0,
        tempo=faster,
        record_track=1,
        commonness=2,
    )
    made.played("loop", tune(3, 20), title="حكاية البحر", author="ليلى")
    made.heard(*("loop", (0, 4_000, 4_000, 8_000), (20_000, 90_000)), row=11, grade="shared", commonness=14)
    made.played("open", tune(4, 20), title="雨の駅", licence="CC BY 4.0")
    made.heard(
        *("open", (1_000, 19_000, 1_000, 19_000), (20_000, 20_000), tune(4, 18, start=1)),
        row=12,
        grade="identical",
    )
    made.played("song", tune(5, 30), title="Chanson du quai")
    cover = tune(5, 12, tempo=0.9, shift=-3, start=2)
    made.heard(
        *("song", (0, 12_000, 2_000, 12_800), (30_000, 45_000), cover),
        row=13,
        grade="resembles",
        pitch_shift=-3.0,
        tempo=0.9,
        chance=1.4e-5,
        inliers=None,
        agreement=None,
    )
    made.played("absent", title="Never Heard")
    for number in range(controls):
        made.played(f"control {number}", control=True)
    if controls:
        made.heard(*("control 3", (0, 6_000, 0, 6_000), (60_000, 60_000)), row=14, inliers=11)
        made.heard(
            *("control 5", (0, 6_000, 0, 6_000), (60_000, 60_000)), row=15, grade="resembles", chance=1e-4
        )
    return made.write(folder)
