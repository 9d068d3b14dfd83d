"""Candidates by hashes: works that fill a picture, or its part within borders, in any of 8 positions.

The index holds one hash for each part of a work (all of it, what is within its borders, the square in its middle); the
8 positions are those of the picture that is looked at, so the index is an eighth of the size it would be otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from countermark.fingerprint.image.pdq import STATE_MAPS, STATES, Part, parts
from countermark.matching.image.candidate import Candidate

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.images.frame import Frame
    from countermark.index.image.hashes import HashLookup

RADIUS = 45
"""Bits between hashes at most. Beyond 31 the lookup may miss some; what is found is confirmed in any case."""

MOST = 24
"""Candidates of a picture at most, the nearest first."""

SURE_BELOW = 1 << 18
"""In an index of fewer hashes none within 31 bits is missed; in a larger one none within 21, and most of the others."""


class HashIndex(Protocol):
    """What is needed of an index: entry i of `hashes` is of the part `entry_boxes[i]` of the asset `entry_assets[i]`.

    `entry_boxes` float[n, 4] are left, top, right, bottom in the unit square of the work.
    """

    @property
    def hashes(self) -> HashLookup:
        """The hashes of parts of works."""

    @property
    def entry_assets(self) -> npt.NDArray[np.uint32]:
        """Whose each is."""

    @property
    def entry_boxes(self) -> npt.NDArray[np.floating]:
        """Of which part each is."""


def hash_candidates(index: HashIndex, frame: Frame, most: int = MOST) -> list[Candidate]:
    """The works whose hashes are nearest to those of a frame or of its part within borders, one candidate each."""
    return near_candidates(index, parts(frame.grey, of_work=False), most)


def near_candidates(index: HashIndex, found: list[Part], most: int = MOST) -> list[Candidate]:
    """The same from hashes that were computed already; sorted by distance, then asset."""
    if not found:
        return []
    queries = np.concatenate([part.states for part in found])
    certain = 31 if len(index.hashes) < SURE_BELOW else 21
    rows = index.hashes.look(queries, RADIUS, certain).rows.astype(np.int64)
    assets = index.entry_assets[rows[:, 1]].astype(np.int64)
    order = np.lexsort((rows[:, 1], rows[:, 0], assets, rows[:, 2]))
    candidates: dict[int, Candidate] = {}
    for at in order.tolist():
        asset = int(assets[at])
        if asset in candidates:
            continue
        if len(candidates) == most:
            break
        query, entry, distance = rows[at].tolist()
        placement = _placement(
            index.entry_boxes[entry], query % len(STATES), found[query // len(STATES)].unit
        )
        mirrored = bool(np.linalg.det(placement[:, :2]) < 0)
        candidates[asset] = Candidate(asset, placement, mirrored, distance)
    return list(candidates.values())


def _placement(
    work: npt.NDArray[np.floating], state: int, frame: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """float64[2, 3]: takes the work's unit square to the frame's, where its part `work` is the frame's part `frame`.

    `state` is the position that the frame's part had to be brought into to look like the work's.
    """
    return (_whole_to_part(frame) @ _square(STATE_MAPS[state]) @ np.linalg.inv(_whole_to_part(work)))[:2]


def _whole_to_part(box: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Takes the unit square to a box in it."""
    left, top, right, bottom = (float(value) for value in box)
    return np.array([[right - left, 0.0, left], [0.0, bottom - top, top], [0.0, 0.0, 1.0]])


def _square(affine: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.vstack((affine, [0.0, 0.0, 1.0]))
