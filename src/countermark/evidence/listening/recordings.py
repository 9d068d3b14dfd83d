"""Recordings as what is found: their grades, their kinds, and what a work comes out as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from countermark.errors import RunError
from countermark.evidence.columns import axis_of
from countermark.evidence.exhibits.exhibit import Exhibit
from countermark.evidence.exhibits.judged import judge
from countermark.findings.finding import Grade
from countermark.media import Medium

if TYPE_CHECKING:
    from countermark.evidence.exhibits.judged import Judged
    from countermark.evidence.run_folder import RunFolder

RECORDINGS: Final = Exhibit(
    medium=Medium.AUDIO,
    name="recordings",
    grades=(Grade.IDENTICAL, Grade.COPY, Grade.IDENTIFIER, Grade.NAME, Grade.RESEMBLES, Grade.SHARED),
    strength=(
        Grade.IDENTICAL,
        Grade.COPY,
        Grade.SHARED,
        Grade.RESEMBLES,
        Grade.IDENTIFIER,
        Grade.NAME,
    ),
    kind_of={
        Grade.NAME: "name",
        Grade.IDENTIFIER: "identifier",
        Grade.SHARED: "shared",
        Grade.RESEMBLES: "resembles",
    },
    status_of={
        "shared": "shared-only",
        "resembles": "resembles-only",
        "identifier": "identifier-only",
        "name": "name-only",
    },
    columns=(
        "share_of_work",
        "share_of_record",
        "asset_start",
        "asset_end",
        "record_start",
        "record_end",
        "record_track",
        "asset_duration",
        "record_duration",
        "pitch_shift",
        "tempo",
        "inliers",
        "agreement",
        "chance",
        "commonness",
    ),
)
"""Recordings. `shared` is a loop or sound that several works share, `resembles` a hint: neither is claimed."""

_LONGEST: Final = 1 << 40
"""Milliseconds that a file of a work may last on the axis of the catalogue: none is said to be longer."""


def judge_recordings(run: RunFolder) -> Judged:
    """Judge every finding of a run of recordings. Raises RunError when findings and catalogue do not agree.

    The catalogue does not say how long recordings last; on its axis each has the same room, as many as there are.
    """
    rows = len(run.catalog)
    room = min(_LONGEST, (1 << 62) // max(rows, 1))
    catalog = run.catalog.set_column(
        run.catalog.column_names.index("code_points"), "code_points", pa.array(np.full(rows, room))
    )
    judged = judge(run, axis_of(catalog), RECORDINGS)
    _within(run, judged)
    return judged


def _within(run: RunFolder, judged: Judged) -> None:
    """Raise RunError where a finding reaches beyond the end that it states for its recording."""
    details = judged.details
    for side in ("asset", "record"):
        end = np.asarray(details[f"{side}_end"].combine_chunks())
        stated: Any = details[f"{side}_duration"].combine_chunks()
        known, last = np.asarray(stated.is_valid()), np.asarray(stated.fill_null(0))
        if bool(np.any(known & (end > last + 1_000))):
            raise RunError(f"{run.path}: a finding reaches beyond the end of its recording; not of this run")
