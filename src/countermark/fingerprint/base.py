"""What every fingerprinter promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from countermark.media import Asset, Medium


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The fingerprints of one asset: `hashes` uint64[n] and `offsets` uint32[n], in the order of the offsets.

    Offsets count in the unit of the scheme; for text, folded letters from the beginning of the asset.
    """

    hashes: npt.NDArray[np.uint64]
    offsets: npt.NDArray[np.uint32]


class Fingerprinter(Protocol):
    """Computes the fingerprints of the assets of one medium."""

    scheme: str
    medium: Medium

    def fingerprint(self, asset: Asset) -> Fingerprints:
        """Return the fingerprints of one asset."""
        ...
