"""Confirmation: whether a candidate really stands in a frame, and where. It decides, and nothing after it does.

Candidates come with a placement (from hashes) or with none (from features). Each placement that is tried is settled and
judged by pixels: chance lets features agree, hardly ever the blocks of a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countermark.fingerprint.image.extract import mirror
from countermark.fingerprint.image.features import Features
from countermark.matching.image import correspond, geometry, pixels
from countermark.matching.image._fit_kernel import AFFINE, HOMOGRAPHY
from countermark.matching.image._pair_kernel import P_WORK, X, Y
from countermark.matching.image.grade import Verdict, grade, judge
from countermark.matching.image.match import ImageMatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from countermark.images.frame import Frame
    from countermark.matching.image.candidate import Candidate, WorkSide
    from countermark.matching.image.geometry import Matrix

LEAST_SCORE = 50.0
"""A match needs so much, in bits; see the module `grade` for what is counted."""

SURE = 90.0
"""With so many bits no other placement is tried."""

COARSE, FINE = 56, 104
"""Cells of a grid's side: the first settles the placement, the second judges."""

HOPEFUL, VOTES_SAY, HASHES_SAY = 18.0, 0.05, 10.0
"""A placement is given up at once where the bits on the coarse grid, and what its votes or hashes add, are less …"""

POOR = 10.0
"""… and later, where it has so few bits on the fine grid."""

STEADY = 60.0
"""With so many bits on the coarse grid the fine one is taken at once."""

MOST_STEPS = 2
"""The placement is settled so many times on the fine grid at most."""

STILL = 0.5
"""It is not settled again where no corner would move by so many cells."""

ENOUGH = 1.03
"""It is settled again while it has so many times the bits that it had before."""

INLIER_BITS, FREE_INLIERS, MOST_INLIERS = 1.0, 8, 30
"""What each feature that agrees adds, from the ninth on: chance gives some."""

FEW_INLIERS, REPEATS_OF_FEW, REPEATS = 20, 0.4, 0.7
"""What repeats itself more than so much in the frame counts less, and sooner with few inliers: chessboards …"""

MOST_OF_REPEATED = 200.0
"""… are all alike; and so much at most: where the same comes again and again, no block says what others do not."""

NEAR = 3.0
"""Pixels of its layer that a feature may lie from its place to agree with a settled placement."""

COMMON_FROM = 2
"""A feature is common that stands in so many other works at least."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One placement that was tried to the end, with the pairs of features that agree with it (see `correspond`)."""

    verdict: Verdict
    pairs: npt.NDArray[np.int64]
    score: float


@dataclass(frozen=True, slots=True)
class ReadySide:
    """A work made ready for confirmation; one that is asked about again and again is made ready once."""

    levels: pixels.Levels
    side: correspond.Side
    common: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, side: WorkSide) -> ReadySide:
        """Make a work ready."""
        return cls(
            pixels.levels(side.view), correspond.work_side(side.features), side.commonness >= COMMON_FROM
        )


class Confirmer:
    """Confirms the candidates of one frame; what they have in common is prepared once."""

    def __init__(self, frame: Frame, features: Features) -> None:
        self.features = features
        self._levels = pixels.levels(frame.grey)
        self._sides: dict[bool, correspond.Side] = {}

    def confirm(self, candidate: Candidate, work: ReadySide) -> ImageMatch | None:
        """Return the match, or None where the candidate does not stand in the frame as far as can be seen."""
        best: Attempt | None = None
        hope = VOTES_SAY * candidate.votes + (HASHES_SAY if candidate.distance is not None else 0.0)
        for placement in self._placements(candidate, work.side):
            verdict = self._settled(placement, work.levels, hope)
            if verdict is None or verdict.bits + INLIER_BITS * MOST_INLIERS < LEAST_SCORE:
                continue
            attempt = self._scored(verdict, work.side)
            if best is None or attempt.score > best.score:
                best = attempt
            if best.score >= SURE:
                break
        if best is None or best.score < LEAST_SCORE:
            return None
        return self._match(candidate, best, work)

    def _placements(self, candidate: Candidate, work: correspond.Side) -> Iterator[Matrix]:
        """The placement that is given, or those that features speak for."""
        if candidate.placement is not None:
            yield np.vstack([candidate.placement, [0.0, 0.0, 1.0]])
            return
        for matrix in correspond.placements(self._side(candidate.mirrored), work):
            placement = geometry.product(
                self._from_pixels(), matrix, geometry.sizing(work.width, work.height)
            )
            yield geometry.product(geometry.FLIP, placement) if candidate.mirrored else placement

    def _from_pixels(self) -> Matrix:
        return geometry.sizing(1.0 / max(self.features.width, 1), 1.0 / max(self.features.height, 1))

    def _side(self, backward: bool) -> correspond.Side:
        """The frame's features, or those of its mirror image: so a mirrored work is looked for as it is."""
        if backward not in self._sides:
            features = _mirrored(self.features) if backward else self.features
            self._sides[backward] = correspond.frame_side(features)
        return self._sides[backward]

    def _look(self, placement: Matrix, view: pixels.Levels, cells: int, reach: int) -> Verdict | None:
        sizes = (self._levels.width, self._levels.height), (view.width, view.height)
        if not geometry.plausible(placement, *sizes):
            return None
        look = pixels.look(view, self._levels, placement, cells, reach)
        return judge(look) if look is not None else None

    def _settled(self, placement: Matrix, view: pixels.Levels, hope: float) -> Verdict | None:
        """Settle a placement on the coarse grid, then on the fine one; None where it is given up."""
        verdict = self._look(placement, view, COARSE, 3)
        if verdict is None or verdict.bits + hope < HOPEFUL:
            return None
        if verdict.bits < STEADY:
            verdict = self._better(verdict, view, COARSE, 2, AFFINE)
        nudged = pixels.nudged(verdict.look, AFFINE, 0.5)
        start = verdict.look.placement if nudged is None else nudged
        fine = self._look(start, view, FINE, 2)
        if fine is None:
            return None
        for _ in range(MOST_STEPS):
            before = fine.bits
            if before < POOR:
                return None
            fine = self._better(fine, view, FINE, 1, HOMOGRAPHY)
            if fine.bits < ENOUGH * before:
                break
        return fine

    def _better(self, verdict: Verdict, view: pixels.Levels, cells: int, reach: int, kind: int) -> Verdict:
        """The verdict after the placement was nudged to where the blocks say, if that is better."""
        placement = pixels.nudged(verdict.look, kind, 0.5)
        if placement is None or pixels.moves(verdict.look, placement) < STILL:
            return verdict
        after = self._look(placement, view, cells, reach)
        return after if after is not None and after.bits > verdict.bits else verdict

    def _scored(self, verdict: Verdict, work: correspond.Side) -> Attempt:
        """Count the features that agree with a settled placement within the part that is seen."""
        placement = verdict.look.placement
        backward = geometry.mirrored(placement)
        if backward:
            placement = geometry.product(geometry.FLIP, placement)
        frame = self._side(backward)
        size = geometry.sizing(frame.width, frame.height)
        matrix = geometry.product(size, placement, geometry.sizing(1.0 / work.width, 1.0 / work.height))
        pairs = correspond.agreeing(matrix, frame, work, NEAR)
        left, top, right, bottom = verdict.box()
        places = work.places[pairs[:, P_WORK]][:, [X, Y]] / (work.width, work.height)
        pairs = pairs[((places >= (left, top)) & (places <= (right, bottom))).all(axis=1)]
        more = min(max(len(pairs) - FREE_INLIERS, 0), MOST_INLIERS)
        score = verdict.bits + INLIER_BITS * more
        if score >= LEAST_SCORE:
            again = pixels.repetition(verdict.look.there)
            free = REPEATS if len(pairs) >= FEW_INLIERS else REPEATS_OF_FEW
            if again > free:
                score = min(score, MOST_OF_REPEATED) * (1.0 - again) / (1.0 - free)
        return Attempt(verdict, pairs, round(score, 2))

    def _match(self, candidate: Candidate, attempt: Attempt, work: ReadySide) -> ImageMatch:
        verdict, placement = attempt.verdict, attempt.verdict.look.placement
        box = verdict.box()
        left, top, right, bottom = box.tolist()
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        sizes = (self._levels.width, self._levels.height), (work.levels.width, work.levels.height)
        turn = geometry.rotation(placement, *sizes)
        of_work, of_record = verdict.shares()
        common = work.common[attempt.pairs[:, P_WORK]]
        return ImageMatch(
            asset=candidate.asset,
            placement=placement,
            box=box,
            outline=geometry.moved(placement, corners),
            mirrored=geometry.mirrored(placement),
            rotation=turn,
            inliers=len(attempt.pairs),
            agreement=verdict.agreement(),
            share_of_work=of_work,
            share_of_record=of_record,
            score=attempt.score,
            grade=grade(verdict, float(common.mean()) if len(common) else 0.0),
            distance=candidate.distance,
            contradiction=verdict.contradiction(),
        )


def confirm(frame: Frame, features: Features, candidate: Candidate, side: WorkSide) -> ImageMatch | None:
    """Confirm one candidate; for several of one frame, a `Confirmer` prepares the frame once."""
    return Confirmer(frame, features).confirm(candidate, ReadySide.of(side))


def _mirrored(features: Features) -> Features:
    """The features that the mirror image of the frame would have."""
    points = features.points.copy()
    points[:, 0] = features.width - 1 - points[:, 0]
    angles = (np.pi - features.angles.astype(np.float64)).astype(np.float32)
    return Features(mirror(features.codes), points, features.sizes, angles, features.width, features.height)
