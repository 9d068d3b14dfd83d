"""The sound of both sides of a finding, from the stores of a run folder, which are read with care: all is hostile."""

from __future__ import annotations

import base64
import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from countermark.audio.excerpt import Excerpt, encode_opus, excerpt, undone
from countermark.audio.source import SoundSource
from countermark.errors import SoundError
from countermark.evidence.exhibits.catalog import catalog_rows
from countermark.evidence.listening.loudness import amplified, gains
from countermark.evidence.listening.said import is_changed
from countermark.fingerprint.audio.features import RATE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LONGEST: Final = 20.0
"""Seconds of an excerpt that are heard on the page; the run folder keeps more."""
PLAYED: Final = 48_000
"""Samples a second of what is heard on the page."""
LARGEST: Final = 512 * 1024 * 1024
"""Bytes of an encoded sound that are opened at most."""

_NAME: Final = re.compile(r"[0-9A-Za-z]{1,64}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SAID: Final = 4_096
"""Bytes of what is said of an excerpt, at most."""
_SLOWEST, _FASTEST, _FARTHEST = 0.25, 4.0, 24.0

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Window:
    """What an excerpt covers: seconds of the record from `record_at` on, and the work's that are heard there.

    `skipped` seconds of the file are left out before.
    """

    record_at: float
    work_at: float
    seconds: float
    tempo: float
    shift: float
    skipped: float = 0.0

    @property
    def work_seconds(self) -> float:
        """How long the same passage lasts in the work."""
        return self.seconds * self.tempo


@dataclass(frozen=True, slots=True)
class Heard:
    """Both sides of a finding. Sounds are data URIs, loudness matched; `samples` are at RATE, for drawing.

    `undone` is the record with pitch and tempo undone, "" where neither changed. A side that is not there has "" and
    no samples, and `absent` says why: `withheld`, `declined`, `changed`, `unreadable` or `full`.
    """

    window: Window | None
    sounds: dict[str, str]
    samples: dict[str, Samples]
    absent: dict[str, str]


def copy_digests(run: Path) -> dict[str, frozenset[str]]:
    """Of each recording of the catalogue, by its digest, those that its copy may have; empty where it does not say."""
    digests: dict[str, frozenset[str]] = {}
    for row in catalog_rows(run, ("asset_digest", "copy_digest")):
        if row["copy_digest"]:
            digests[row["asset_digest"]] = digests.get(row["asset_digest"], frozenset()) | {
                row["copy_digest"]
            }
    return digests


def heard(run: Path, finding: Mapping[str, Any], copies: Mapping[str, frozenset[str]]) -> Heard:
    """Both excerpts of a finding, as far as the run folder has them.

    `copies` are the digests that the copy of a work may have, by that of its own file, as `copy_digests` gives them:
    the name of a copy proves nothing of it.
    """
    window = _window(run, finding)
    if window is None:
        return Heard(None, {}, {}, {"record": "withheld", "work": "withheld"})
    name, digest = finding["finding_id"], finding["asset_digest"]
    wanted = {
        "record": (run / "excerpts" / f"{name}.flac", window.skipped, window.seconds, "withheld"),
        "work": (run / "works" / digest[:2] / digest, window.work_at, window.work_seconds, "declined"),
    }
    found: dict[str, Samples] = {}
    samples: dict[str, Samples] = {}
    absent: dict[str, str] = {}
    for side, (path, start, seconds, missing) in wanted.items():
        if not _is_file(path) or (side == "work" and not _DIGEST.fullmatch(digest)):
            absent[side] = missing
            continue
        try:
            source = SoundSource.of_file(path)
            if side == "work" and digest in copies and source.digest() not in copies[digest]:
                absent[side] = "changed"
                continue
            found[side] = _mono(excerpt(source, 0, start, seconds, rate=PLAYED))
            samples[side] = _mono(excerpt(source, 0, start, seconds, rate=RATE))
        except (SoundError, OSError):
            absent[side] = "unreadable"
            found.pop(side, None)
    if "record" in found and is_changed(finding):
        straight = undone(Excerpt(found["record"][:, None], PLAYED), window.tempo, window.shift)
        found["undone"] = _mono(straight)
    return Heard(window, _played(found), samples, absent)


def data_uri(data: bytes, kind: str) -> str:
    """A file within an address."""
    return f"data:{kind};base64," + base64.b64encode(data).decode("ascii")


def _played(found: Mapping[str, Samples]) -> dict[str, str]:
    """Each as a small file of one loudness."""
    factors = gains([(samples, PLAYED) for samples in found.values()])
    sounds = {}
    for (side, samples), factor in zip(found.items(), factors, strict=True):
        louder = amplified(samples, factor).astype(np.float32) / np.float32(32_768)
        sounds[side] = data_uri(encode_opus([louder], PLAYED), "audio/ogg")
    return sounds


def _mono(cut: Excerpt) -> Samples:
    return np.asarray(cut.samples, np.int16).reshape(len(cut.samples), -1)[:, 0]


def _window(run: Path, finding: Mapping[str, Any]) -> Window | None:
    """What the excerpt covers; None where none was kept, or where what is said of it cannot be."""
    name = finding["finding_id"]
    if not _NAME.fullmatch(name):
        return None
    path = run / "excerpts" / f"{name}.json"
    try:
        said: Any = json.loads(path.read_bytes()) if path.stat().st_size < _SAID else {}
        record_at, work_at = said["record_start_ms"] / 1000, said["work_start_ms"] / 1000
        seconds = float(said["seconds"])
        tempo, shift = float(finding.get("tempo") or 1.0), float(finding.get("pitch_shift") or 0.0)
    except (OSError, ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None
    numbers = (record_at, work_at, seconds, tempo, shift)
    if not all(math.isfinite(number) for number in numbers) or record_at < 0:
        return None
    if not _SLOWEST <= tempo <= _FASTEST or abs(shift) > _FARTHEST:
        return None
    # An excerpt begins a little before what agrees: where that is before the work's start, so much of it is left out.
    skipped = max(0.0, -work_at / tempo)
    lasting = min(seconds - skipped, LONGEST, LONGEST / tempo)
    if lasting <= 0:
        return None
    return Window(record_at + skipped, max(0.0, work_at), lasting, tempo, shift, skipped)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size <= LARGEST
    except OSError:
        return False
