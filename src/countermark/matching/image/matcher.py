"""Matching one picture against an index: candidates from hashes and from features, then confirmation."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from countermark.findings.finding import Grade
from countermark.fingerprint.image.extract import extract
from countermark.fingerprint.image.pdq import Part, parts
from countermark.images.frame import Frame
from countermark.matching.image.by_embedding import embedding_candidates
from countermark.matching.image.by_hash import near_candidates
from countermark.matching.image.candidate import WorkSide
from countermark.matching.image.candidates import MOST, vote
from countermark.matching.image.confirm import Confirmer, ReadySide
from countermark.matching.image.rivals import reconciled

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.fingerprint.image.features import Features
    from countermark.index.image.lookup import ImageIndex
    from countermark.matching.image.candidate import Candidate
    from countermark.matching.image.match import ImageMatch

SIDES_KEPT = 256  # works made ready for confirmation, of 300 kB at most each


class Looked(NamedTuple):
    """A frame with what every search of it needs, computed once: its hashed parts and its features."""

    frame: Frame
    parts: list[Part]
    features: Features

    @classmethod
    def at(cls, frame: Frame) -> Looked:
        """Look at a frame."""
        return cls(frame, parts(frame.grey, of_work=False), extract(frame.grey))


class ImageMatcher:
    """Finds the works of an index in frames."""

    def __init__(self, index: ImageIndex) -> None:
        self.index = index
        self.crowded = False
        self._side = lru_cache(maxsize=SIDES_KEPT)(self._made_ready)

    def match(self, looked: Looked, vector: npt.NDArray[np.float32] | None = None) -> list[ImageMatch]:
        """The works that are confirmed in a frame, one match each, in the order of their numbers.

        `vector` is what a user's model makes of the frame, where one takes part. Afterwards `crowded` says whether more
        works than are looked at may be in it.
        """
        confirmer = Confirmer(looked.frame, looked.features)
        found: dict[int, ImageMatch] = {}
        for candidate in self._candidates(looked, vector):
            known = found.get(candidate.asset)
            if known is not None and known.grade != Grade.SHARED:
                continue
            match = confirmer.confirm(candidate, self._side(candidate.asset))
            if match is not None and (known is None or match.score > known.score):
                found[candidate.asset] = match
        return reconciled(found[asset] for asset in sorted(found))

    def warm_up(self) -> None:
        """Compile the kernels, by looking for a work in its own view: so workers need not do it all at once."""
        view = self.index.view(int(np.argmax(np.diff(self.index.words.starts))))
        self.match(Looked.at(Frame(view, view.shape[1], view.shape[0])))

    def _candidates(self, looked: Looked, vector: npt.NDArray[np.float32] | None) -> list[Candidate]:
        """By hash first: where the whole picture agrees, that is the better guess of where."""
        by_hash, by_votes = near_candidates(self.index, looked.parts), vote(self.index.words, looked.features)
        self.crowded = max(len(by_hash), len(by_votes)) >= MOST
        candidates = by_hash + by_votes
        if vector is not None and self.index.vectors is not None:
            candidates += embedding_candidates(vector, self.index.vectors)
        return candidates

    def _made_ready(self, asset: int) -> ReadySide:
        """What confirmation needs of one work."""
        facts, words = self.index.assets()[asset], self.index.words
        return ReadySide.of(
            WorkSide(
                view=self.index.view(asset),
                features=words.features(asset),
                width=facts["width"],
                height=facts["height"],
                commonness=words.commonness(asset),
            )
        )
