"""What each finding of a picture is worth: whether it is claimed, and if not, why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.evidence.columns import axis_of
from countermark.evidence.exhibits.exhibit import Exhibit
from countermark.evidence.exhibits.judged import judge
from countermark.findings.finding import Grade
from countermark.media import Medium

if TYPE_CHECKING:
    from countermark.evidence.exhibits.judged import Judged
    from countermark.evidence.run_folder import RunFolder

PICTURES: Final = Exhibit(
    medium=Medium.IMAGE,
    name="pictures",
    grades=(Grade.IDENTICAL, Grade.COPY, Grade.IDENTIFIER, Grade.NAME, Grade.SHARED),
    strength=(Grade.IDENTICAL, Grade.COPY, Grade.SHARED, Grade.IDENTIFIER, Grade.NAME),
    kind_of={Grade.NAME: "name", Grade.IDENTIFIER: "identifier", Grade.SHARED: "shared"},
    status_of={"shared": "shared-only", "identifier": "identifier-only", "name": "name-only"},
    columns=(
        "share_of_work",
        "share_of_record",
        "mirrored",
        "rotation",
        "inliers",
        "agreement",
        "hash_distance",
        "record_frame",
    ),
)
"""Pictures. `shared` is an element that many pictures share: shown, nobody is accused."""

PICTURE_GRADES: Final = PICTURES.grades
"""The grades of pictures: those of texts and of listings, and `shared`."""
PICTURE_KINDS: Final = PICTURES.kinds


def judge_pictures(run: RunFolder) -> Judged:
    """Judge every finding of a run of pictures. Raises RunError when findings and catalogue do not agree."""
    return judge(run, axis_of(run.catalog), PICTURES)
