"""The evidence of one found recording in an item: both excerpts, and what was measured.

    data/items/00001/recording-001.json         what was heard, where, and the digests of the files
    data/items/00001/recording-001.record.flac  the excerpt of the record, as the run kept it
    data/items/00001/recording-001.work.flac    the same passage of the work, cut from the copy that the run keeps

Either may be missing: where excerpts were withheld, or copies of works declined. As with pictures, a list beside them
(`recording-001.sha256`) is what the seal commits to, and a file of salt keeps it from being guessed.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import DossierError, SoundError
from countermark.evidence.dossier.item_groups import file_said, grouped
from countermark.findings import Grade
from countermark.scan.receipt import json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from countermark.evidence.dossier.commitments import Salts

UNIT: Final = "millisecond"
STRENGTH: Final = (Grade.IDENTICAL, Grade.COPY, Grade.SHARED, Grade.RESEMBLES)
LARGEST: Final = 64 << 20
"""Bytes of an excerpt that a run keeps; half a minute has less than three million."""
LARGEST_COPY: Final = 1 << 30
"""Bytes of the copy of a work; it is streamed."""
LONGEST: Final = 60.0
"""Seconds of an excerpt at most."""
_SLOWEST, _FASTEST = 0.25, 4.0
_MEASURED: Final = (
    "finding_id", "grade", "method", "scheme", "matched", "unit", "share_of_work", "share_of_record", "pitch_shift",
    "tempo", "matched_parts", "inliers", "agreement", "chance", "commonness",
)  # fmt: skip
_NAME: Final = re.compile(r"[0-9A-Za-z]{1,64}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Covered:
    """What both excerpts cover, in seconds: the record from `record` on, the work from `work` on."""

    record: float
    work: float
    seconds: float
    tempo: float

    @property
    def work_seconds(self) -> float:
        """How long the work's excerpt is, which begins with the file where the passage would begin before it."""
        return max(0.0, self.seconds * self.tempo + min(0.0, self.work))


class RecordingFiles:
    """Makes the files of the found recordings of one item after the other."""

    def __init__(self, runs: Mapping[str, Path], salts: Salts) -> None:
        self._runs = runs
        self._salts = salts
        self._copies: dict[Path, dict[str, frozenset[str]]] = {}

    def of_item(
        self, item: str, first: int, rows: Iterable[Mapping[str, Any]]
    ) -> tuple[dict[str, bytes], dict[tuple[str, str], str]]:
        """The files, and the name of each finding's own; `rows` are findings with what stands beside the record.

        Raises DossierError where the copy of a work that the run keeps is not the one that was indexed.
        """
        files, names = dict[str, bytes](), {}
        for count, row in enumerate(rows, first):
            stem = f"data/items/{item}/recording-{count:03}"
            covered = covered_by(self._runs[row["dossier_run"]], row)
            sounds = self._sounds(stem, row, covered)
            group = grouped(stem, sounds, self._salts) if sounds else {}
            said = _said(row, stem, group, covered) | {"item": item, "recording": count}
            files |= group
            files[f"{stem}.json"] = json_bytes({**said, "salt": self._salts.salt(f"{stem}.json")})
            names[(row["dossier_run"], row["finding_id"])] = f"{stem}.json".rsplit("/", 1)[-1]
        return files, names

    def _sounds(self, stem: str, row: Mapping[str, Any], covered: Covered | None) -> dict[str, bytes]:
        if covered is None:
            return {}
        run, sounds = self._runs[row["dossier_run"]], {}
        record = run / "excerpts" / f"{row['finding_id']}.flac"
        if _is_plain(record, LARGEST):
            sounds[f"{stem}.record.flac"] = record.read_bytes()
        if work := self._work_excerpt(run, str(row["asset_digest"]), covered):
            sounds[f"{stem}.work.flac"] = work
        return sounds

    def _work_excerpt(self, run: Path, digest: str, covered: Covered) -> bytes:
        """The work's side as FLAC; empty where its copy was declined, or cannot be decoded there."""
        from countermark.audio.excerpt import encode_flac, excerpt  # noqa: PLC0415  PyAV is an extra
        from countermark.audio.source import SoundSource  # noqa: PLC0415
        from countermark.evidence.listening.sounds import copy_digests  # noqa: PLC0415

        path = run / "works" / digest[:2] / digest
        if not _DIGEST.fullmatch(digest) or not _is_plain(path, LARGEST_COPY) or covered.work_seconds <= 0:
            return b""
        source = SoundSource.of_file(path)
        if run not in self._copies:
            self._copies[run] = copy_digests(run)
        known = self._copies[run]
        if digest in known and source.digest() not in known[digest]:
            raise DossierError(
                f"{path}: was changed since it was copied from the index; search again into a new folder"
            )
        try:
            cut = excerpt(source, 0, max(0.0, covered.work), covered.work_seconds)
        except SoundError:
            return b""
        return encode_flac(cut.samples, cut.rate)


def covered_by(run: Path, row: Mapping[str, Any]) -> Covered | None:
    """What the excerpt of a finding covers; None where the run kept none, or where what it says of it cannot be."""
    path = run / "excerpts" / f"{row['finding_id']}.json"
    if not _NAME.fullmatch(row["finding_id"]) or not _is_plain(path, 4096):
        return None
    try:
        said = json.loads(path.read_bytes())
        numbers = [float(said[name]) for name in ("record_start_ms", "work_start_ms", "seconds")]
        tempo = float(row.get("tempo") or 1.0)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None
    if not all(map(math.isfinite, [*numbers, tempo])) or not _SLOWEST <= tempo <= _FASTEST:
        return None
    record, work, seconds = numbers[0] / 1000, numbers[1] / 1000, numbers[2]
    return Covered(record, work, seconds, tempo) if record >= 0 and 0 < seconds <= LONGEST else None


def _is_plain(path: Path, largest: int) -> bool:
    return not path.is_symlink() and path.is_file() and path.stat().st_size <= largest


def _said(
    row: Mapping[str, Any], stem: str, group: Mapping[str, bytes], covered: Covered | None
) -> dict[str, Any]:
    """What was heard and where, in milliseconds; `file` is null where the run does not keep the sound."""
    starts = {
        "record": round(1000 * covered.record) if covered else None,
        "work": round(1000 * max(0.0, covered.work)) if covered else None,
    }
    sides = {}
    for side in ("work", "record"):
        path = f"{stem}.{side}.flac"
        held = path in group
        sides[side] = {
            **file_said(path if held else None, group),
            "excerpt_start": starts[side] if held else None,
        }
    return {
        "format": "countermark.recording/1",
        "run": row["dossier_run"],
        **{name: row[name] for name in _MEASURED},
        "work": {
            "path": row["asset_path"],
            "digest": row["asset_digest"],
            "start": row["asset_start"],
            "end": row["asset_end"],
            "duration": row["asset_duration"],
            **sides["work"],
        },
        "record": {
            "corpus": row["corpus"],
            "shard": row["shard"],
            "row": row["row"],
            "id": row["record_id"],
            "url": row["record_url"],
            "digest": row["record_digest"],
            "track": row["record_track"],
            "caption": row["record_excerpt"],
            "start": row["record_start"],
            "end": row["record_end"],
            "duration": row["record_duration"],
            **sides["record"],
        },
    }
