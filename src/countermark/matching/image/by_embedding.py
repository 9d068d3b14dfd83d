"""Candidates from the vectors of a user's own model; like all candidates they are confirmed, or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from countermark.matching.image.candidate import Candidate

if TYPE_CHECKING:
    import numpy.typing as npt

LEAST_COSINE = 0.35
"""Far below the 0.75 at which SSCD alone is right nine times of ten: confirmation decides."""
MOST = 2


def embedding_candidates(
    vector: npt.NDArray[np.float32], works: npt.NDArray[np.float16], *, block: int = 1 << 16
) -> list[Candidate]:
    """The works whose vectors float16[n, d] are nearest to that of a record, float32[d], both ways round."""
    best: list[tuple[float, int]] = []
    for begin in range(0, len(works), block):
        cosines = works[begin : begin + block].astype(np.float32) @ vector
        near = np.argsort(-cosines, kind="stable")[:MOST]
        best += [(-float(cosines[at]), begin + int(at)) for at in near if cosines[at] >= LEAST_COSINE]
    nearest = [asset for _, asset in sorted(best)[:MOST]]
    return [Candidate(asset, mirrored=mirrored) for asset in nearest for mirrored in (False, True)]
