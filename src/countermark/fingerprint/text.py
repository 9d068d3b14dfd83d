"""Text fingerprints under a scheme: hashes of the sampled windows of a folded text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from countermark.fingerprint import _hash_kernel, _sample_kernel
from countermark.fingerprint.base import Fingerprints
from countermark.fingerprint.folding import fold
from countermark.fingerprint.scheme import TextScheme, key_of
from countermark.media import Asset, Medium

if TYPE_CHECKING:
    import numpy.typing as npt


class TextFingerprinter:
    """Fingerprints texts under one scheme, keyed when a salt is given."""

    medium = Medium.TEXT

    def __init__(self, scheme: TextScheme, salt: bytes | None = None) -> None:
        self.recipe = scheme
        self.scheme = scheme.name
        self._key = key_of(salt)

    def fingerprint(self, asset: Asset) -> Fingerprints:
        """Return the sampled fingerprints of a work's asset."""
        folded = fold(asset.text)
        return self.sample(folded.letters, folded.anchors)

    def sample(self, letters: npt.NDArray[np.uint8], anchors: npt.NDArray[np.int32]) -> Fingerprints:
        """Return the sampled fingerprints of a folded text; at least 8 readable bytes must follow its letters."""
        starts = np.empty(len(anchors), dtype=np.uint32)
        taken = _sample_kernel.sample_anchors(
            letters, anchors, self.recipe.window, self.recipe.stride, starts
        )
        starts = starts[:taken].copy()
        hashes = np.empty(taken, dtype=np.uint64)
        _hash_kernel.hash_windows(letters, starts, 0, taken, self.recipe.window, self._key, hashes)
        return Fingerprints(hashes, starts)
