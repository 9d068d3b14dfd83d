"""What was heard in the data set, kept beside the findings: a FLAC file a finding, and what it covers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from countermark.audio.excerpt import encode_flac, excerpt

if TYPE_CHECKING:
    from countermark.audio.source import SoundSource
    from countermark.findings.finding import Finding
    from countermark.matching.audio.match import AudioMatch
    from countermark.storage.store import Store

FOLDER: Final = "excerpts"
LONGEST: Final = 30.0
"""Seconds of an excerpt at most."""
_BEFORE: Final = 1.0
"""Seconds before the part, so that it is heard how it begins."""


def keep_excerpt(store: Store, finding: Finding, source: SoundSource, match: AudioMatch) -> None:
    """Write the record's excerpt around the longest part of a match. Raises SoundError, OSError, OutputError."""
    part = max(match.parts, key=lambda each: each.end - each.start)
    begin = max(
        0.0, part.start - _BEFORE, part.start - part.work_start / match.tempo
    )  # where the work begins too
    seconds = min(LONGEST, part.end - begin + _BEFORE)
    cut = excerpt(source, finding.record_track or 0, begin, seconds)
    said = {
        "record_start_ms": round(1000 * begin),
        "work_start_ms": round(1000 * (part.work_start + (begin - part.start) * match.tempo)),
        "seconds": round(len(cut.samples) / cut.rate, 3),
    }
    store.write(f"{FOLDER}/{finding.finding_id}.flac", encode_flac(cut.samples, cut.rate))
    text = json.dumps(said, sort_keys=True) + "\n"
    store.write(f"{FOLDER}/{finding.finding_id}.json", text.encode())
