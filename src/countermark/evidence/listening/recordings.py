"""Recordings as what is found: their grades, their kinds, and what a work comes out as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from countermark.errors import RunError
from countermark.evidence.columns import axis_of
from countermark.evidence.exhibits.catalog import catalog_rows
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

_OVER: Final = 1_000
"""Milliseconds by which a finding may reach beyond the end of a file: lengths are counted in frames and rounded."""
_DAYS: Final = 1 << 32
"""Milliseconds that no file lasts: what anybody may have written must not run over the axis."""


def judge_recordings(run: RunFolder) -> Judged:
    """Judge every finding of a run of recordings. Raises RunError when findings and catalogue do not agree.

    On the axis of the catalogue each file has the room that its `duration` says.
    """
    lengths = [row["duration"] for row in catalog_rows(run.path, ("duration",))]
    if len(lengths) != len(run.catalog) or not all(0 <= (length or 0) < _DAYS for length in lengths):
        raise RunError(
            f"{run.path / 'catalog.parquet'}: does not say how long the recordings of the works last"
        )
    room = pa.array([(length or 0) + _OVER for length in lengths], pa.int64())
    column = run.catalog.column_names.index("code_points")
    judged = judge(run, axis_of(run.catalog.set_column(column, "code_points", room)), RECORDINGS)
    _within(run, judged)
    return judged


def _within(run: RunFolder, judged: Judged) -> None:
    """Raise RunError where a finding reaches beyond the end that it states for its recording."""
    details = judged.details
    for side in ("asset", "record"):
        end = np.asarray(details[f"{side}_end"].combine_chunks())
        stated: Any = details[f"{side}_duration"].combine_chunks()
        known, last = np.asarray(stated.is_valid()), np.asarray(stated.fill_null(0))
        if bool(np.any(known & (end > last + _OVER))):
            raise RunError(f"{run.path}: a finding reaches beyond the end of its recording; not of this run")
