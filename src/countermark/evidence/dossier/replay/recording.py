"""One finding of a recording again: both excerpts in the dossier, the file in the data set, and the search.

The two excerpts that the dossier holds are compared along the alignment that was sealed: that needs the dossier alone.
Excerpts are shorter than the tracks, and the copy of a work is encoded anew, so that the agreement may differ a
less: it must come to `KEPT` of what was sealed, at the same place to within `NEAR` seconds. With the index of the
run the track is searched whole, and every column must be the same.
"""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from countermark.audio.decode import open_sound
from countermark.audio.source import SoundSource
from countermark.corpus.audio.batch import AudioBatch
from countermark.corpus.listing import reader_for
from countermark.errors import DossierError, SoundError
from countermark.evidence.dossier.bag_files import read_small
from countermark.evidence.dossier.item_recordings import LARGEST
from countermark.evidence.dossier.replay.steps import Held, Step
from countermark.findings import Grade
from countermark.fingerprint.audio.extract import extract
from countermark.matching.audio.candidate import Candidate
from countermark.matching.audio.verify import verify
from countermark.media import Medium
from countermark.scan.search import Begun, SearchSettings

if TYPE_CHECKING:
    from countermark.corpus.base import Shard
    from countermark.evidence.dossier.replay.sealed import SealedFinding
    from countermark.findings import Finding
    from countermark.fingerprint.audio.features import Features
    from countermark.matching.audio.match import AudioMatch

NEAR: Final = 0.25
"""Seconds by which the alignment of the excerpts may lie beside the sealed one."""
KEPT: Final = 0.6
"""How much of the sealed agreement two excerpts must come to; the copy of the work is encoded in Opus."""
COMPARED: Final = (
    "finding_id", "work_id", "asset_path", "asset_digest", "asset_start", "asset_end", "record_digest", "record_start",
    "record_end", "grade", "matched", "matched_parts", "share_of_work", "share_of_record", "pitch_shift", "tempo",
    "record_track", "inliers", "agreement", "chance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundRecording:
    """Where a record was met: `batch` holds it alone, `row` is None where its digest stands nowhere in the file."""

    batch: AudioBatch | None
    row: int | None
    in_row: str | None
    read: int


@dataclass(frozen=True, slots=True)
class Aligned:
    """What was sealed of the alignment, in seconds of the two excerpts."""

    candidate: Candidate
    agreement: float


def recording_again(
    sealed: SealedFinding, shard: Shard, index: Path | None, controls: Path | None
) -> list[Step]:
    """The steps `excerpts`, `record` and `search`. Raises CorpusError where the file cannot be read, DossierError."""
    found = find_recording(shard, int(sealed.row["row"]), str(sealed.row["record_digest"]))
    excerpts = compare_excerpts(sealed)
    steps = [excerpts, _record(sealed, found)]
    if index is None:
        # Without the index the comparison of the excerpts is the search: it needs nothing else.
        return [*steps, Step("search", excerpts.held, f"as far as the excerpts go: {excerpts.said}")]
    if found.batch is not None:
        steps.append(_same_row(sealed, _searched(sealed, found.batch, index, controls)))
    return steps


def find_recording(shard: Shard, row: int, digest: str) -> FoundRecording:
    """Read the shard until the record is found in its row, or whole. Raises CorpusError."""
    in_row: str | None = None
    elsewhere: tuple[AudioBatch, int] | None = None
    read = 0
    for batch in reader_for(shard.format, Medium.AUDIO).batches(shard):
        for at, source in enumerate(batch.sources):
            read += 1
            number = int(batch.row[at])
            if number != row and elsewhere is not None:
                continue
            name = source.digest()
            if number == row:
                in_row = name
            if name == digest and number == row:
                return FoundRecording(_alone(batch, at), row, name, read)
            if name == digest and elsewhere is None:
                elsewhere = _alone(batch, at), number
    if elsewhere is None:
        return FoundRecording(None, None, in_row, read)
    return FoundRecording(elsewhere[0], elsewhere[1], in_row, read)


def _alone(batch: AudioBatch, at: int) -> AudioBatch:
    one = slice(at, at + 1)
    return AudioBatch(
        sources=batch.sources[one],
        names=batch.names[one],
        row=batch.row[one],
        record_id=batch.record_id[one],
        record_url=batch.record_url[one],
        record_date=batch.record_date[one],
        captions=batch.captions[one],
    )


def _record(sealed: SealedFinding, found: FoundRecording) -> Step:
    row, digest = sealed.row["row"], sealed.row["record_digest"]
    if found.row is not None and found.row == row:
        return Step("record", Held.YES, f"row {row} holds the recording (SHA-256 {digest})")
    if found.row is not None:
        return Step("record", Held.NO, f"the recording stands in row {found.row}, and not in row {row}")
    if found.in_row is None:
        said = f"there is no recording in row {row}: {found.read} were read, none is the one that was sealed"
        return Step("record", Held.NO, said)
    return Step(
        "record", Held.NO, f"row {row} holds another recording: SHA-256 {found.in_row}, sealed was {digest}"
    )


def compare_excerpts(sealed: SealedFinding) -> Step:
    """Verify the work's excerpt in the record's along the sealed alignment; needs the dossier alone."""
    if sealed.row["grade"] == Grade.RESEMBLES:
        return Step(
            "excerpts", Held.SKIPPED, "a resemblance is a hint: only the run's index compares it again"
        )
    aligned = alignment(sealed)
    sides = [_enclosed(sealed, side) for side in ("record", "work")]
    if aligned is None or not all(sides):
        return Step("excerpts", Held.SKIPPED, "the dossier does not hold the sound of both sides")
    try:
        record, work = (_features(data, side) for data, side in zip(sides, ("record", "work"), strict=True))
    except SoundError as error:
        return Step("excerpts", Held.NO, f"an excerpt cannot be decoded: {error}")
    match = verify(record, aligned.candidate, work)
    if match is None:
        return Step("excerpts", Held.NO, "along the sealed alignment the two excerpts do not agree")
    return _judged(aligned, match)


def _judged(aligned: Aligned, match: AudioMatch) -> Step:
    part = max(match.parts, key=lambda each: each.end - each.start)
    wanted = aligned.candidate
    at = (part.start + part.end) / 2
    away = abs(
        part.work_start + (at - part.start) * match.tempo - wanted.work_at - (at - wanted.at) * wanted.tempo
    )
    told = f"agreement {match.agreement:.2f}, sealed {aligned.agreement:.2f}; {away:.2f} s beside the sealed place"
    seconds = sum(each.end - each.start for each in match.parts)
    holds = away <= NEAR and match.agreement >= KEPT * aligned.agreement
    return Step("excerpts", Held.YES if holds else Held.NO, f"{seconds:.1f} s agree: {told}")


def alignment(sealed: SealedFinding) -> Aligned | None:
    """Where the longest part lies in the excerpts; None where what was sealed says nothing that could be compared."""
    parts = _numbers(sealed, "matched_parts")
    starts = [_start(sealed, side) for side in ("record", "work")]
    tempo, shift, agreement = (_number(sealed, name) for name in ("tempo", "pitch_shift", "agreement"))
    known = None not in (*starts, tempo, shift, agreement)
    if not parts or len(parts) % 4 or not known or not 0.25 <= (tempo or 0) <= 4:
        return None
    four = max((parts[at : at + 4] for at in range(0, len(parts), 4)), key=lambda one: one[1] - one[0])
    # An excerpt begins shortly before the longest part and may end within it: its first five seconds are in both.
    middle = four[0] + min(four[1] - four[0], 10_000) / 2
    at = (middle - (starts[0] or 0)) / 1000
    work_at = (four[2] + (middle - four[0]) * (tempo or 1) - (starts[1] or 0)) / 1000
    return Aligned(Candidate(0, at, work_at, tempo or 1.0, shift or 0.0, 1.0), agreement or 0.0)


def _features(data: bytes, side: str) -> Features:
    with open_sound(SoundSource(data=data), f"the {side}'s excerpt in the dossier") as sound:
        return extract(sound.blocks())


def _searched(sealed: SealedFinding, batch: AudioBatch, index: Path, controls: Path | None) -> list[Finding]:
    """What the run's index finds. Raises UnusableIndexError where it is not the index of the run."""
    from countermark.scan.audio_search import AudioSearcher  # noqa: PLC0415  excerpts are compared without an index

    if sealed.row["grade"] == Grade.RESEMBLES:
        raise DossierError(f"{sealed.place}: a resemblance is searched again by a scan, and not by a replay")
    identity = sealed.receipt.identity
    settings = SearchSettings(
        index=str(index),
        controls=str(controls) if controls is not None and identity.controls else None,
        identity=identity,
        corpus=str(sealed.row["corpus"]),
        snapshot_date=sealed.receipt.snapshot_date,
        medium=Medium.AUDIO,
    )
    with tempfile.TemporaryDirectory(prefix="countermark-replay-") as folder:
        searcher = AudioSearcher(settings)
        searcher.begin(Begun(Path(folder), "replay", str(sealed.row["shard"]), ""))
        return searcher.findings(batch, str(sealed.row["shard"]))


def _same_row(sealed: SealedFinding, again: list[Finding]) -> Step:
    """With the run's own index every column must be the same."""
    mine = [row for row in again if row.work_id == sealed.row["work_id"]]
    if not mine:
        return Step("search", Held.NO, "the index finds nothing of this work in the recording")
    nearest = min(mine, key=lambda row: row.finding_id != sealed.row["finding_id"])
    now = {name: _written(getattr(nearest, name)) for name in COMPARED}
    different = [
        f"{name} {now[name] or '–'}, sealed {sealed.row.get(name) or '–'}"
        for name in COMPARED
        if now[name] != str(sealed.row.get(name, ""))
    ]
    if different:
        return Step("search", Held.NO, "differs: " + "; ".join(different))
    place = f"{nearest.record_start / 1000:.1f} to {nearest.record_end / 1000:.1f} s"
    return Step(
        "search",
        Held.YES,
        f"the index finds the same: {nearest.grade}, {place}, {nearest.matched / 1000:.1f} s",
    )


def _enclosed(sealed: SealedFinding, side: str) -> bytes:
    """The bytes of an excerpt of the item; empty where it was left out. Raises DossierError."""
    part = sealed.recording.get(side)
    name = part.get("file") if isinstance(part, dict) else None
    if not isinstance(name, str) or not name:
        return b""
    path = sealed.enclosed(name)
    try:
        return read_small(sealed.bag, path, LARGEST)
    except FileNotFoundError:
        return b""
    except (OSError, ValueError) as error:
        raise DossierError(f"{sealed.bag / path}: cannot be read: {error}") from error


def _start(sealed: SealedFinding, side: str) -> int | None:
    part = sealed.recording.get(side)
    start = part.get("excerpt_start") if isinstance(part, dict) else None
    return start if type(start) is int and 0 <= start < 1 << 40 else None


def _number(sealed: SealedFinding, name: str) -> float | None:
    try:
        number = float(str(sealed.row.get(name, "")))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _numbers(sealed: SealedFinding, name: str) -> list[int]:
    words = str(sealed.row.get(name, "")).split(" ")
    plain = all(word.isascii() and word.isdigit() and len(word) <= 12 for word in words)
    return [int(word) for word in words] if plain else []


def _written(value: Any) -> str:  # any value of a finding
    """A value as findings.csv has it."""
    if value is None:
        return ""
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
