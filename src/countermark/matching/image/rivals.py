"""Several works at one place of a record: what the best of them shows explains what another shares with it.

A portrait in a frame is found, and so is every other portrait of the catalogue in such a frame: their frames really are
there, and their insides are not. Where another work is seen at the same place far better, a work that contradicts what
is there is told as a shared element. Two versions of one picture, of which nothing contradicts, are both copies.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.findings.finding import Grade

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from countermark.matching.image.match import ImageMatch

FAR_BETTER: Final = 1.5
"""Times the score that a work needs to explain another."""
CONTRADICTS: Final = 0.03
"""The part of the textured blocks that must differ for a work to be explained by another."""
SAME_PLACE: Final = 0.5
"""The part of the smaller outline that must lie in the larger."""

_SIDE: Final = 48
_STEPS: Final = (np.arange(_SIDE) + 0.5) / _SIDE
_POINTS: Final = np.stack(np.meshgrid(_STEPS, _STEPS), axis=-1).reshape(-1, 2)


def reconciled(matches: Iterable[ImageMatch]) -> list[ImageMatch]:
    """The matches of one frame, in their order; those that a far better one explains are graded `shared`."""
    matches = list(matches)
    if len(matches) < 2:
        return matches
    covered = [_covered(match.outline) for match in matches]
    return [
        replace(match, grade=Grade.SHARED) if _is_explained(at, matches, covered) else match
        for at, match in enumerate(matches)
    ]


def _is_explained(at: int, matches: list[ImageMatch], covered: list[npt.NDArray[np.bool_]]) -> bool:
    match = matches[at]
    if match.contradiction <= CONTRADICTS:
        return False
    return any(
        other.score > FAR_BETTER * match.score and _overlap(covered[at], covered[place]) > SAME_PLACE
        for place, other in enumerate(matches)
    )


def _overlap(one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_]) -> float:
    return float((one & other).sum() / max(1, min(int(one.sum()), int(other.sum()))))


def _covered(outline: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which points of a grid over the frame lie within an outline of four corners, either way round."""
    following = np.roll(outline, -1, axis=0)
    sides = following - outline
    apart = _POINTS[:, None, :] - outline[None, :, :]
    turns = np.rint((sides[:, 0] * apart[:, :, 1] - sides[:, 1] * apart[:, :, 0]) * 1e9)
    return np.asarray((turns >= 0).all(axis=1) | (turns <= 0).all(axis=1))
