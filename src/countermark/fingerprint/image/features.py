"""Local features of a picture: what can still be found in a crop, a collage or a screenshot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Features:
    """The n local features of one frame, the strongest first.

    `codes` uint64[n, 4]: 256 bits each. `points` float32[n, 2]: x and y in pixels of the frame (`width` by `height`),
    the centre of the top left pixel being (0, 0). `sizes` float32[n]: how many pixels of the frame one pixel of the
    layer of the pyramid is that the feature was seen in (1 is the frame itself). `angles` float32[n]: radians, from
    the x axis towards the y axis.
    """

    codes: npt.NDArray[np.uint64]
    points: npt.NDArray[np.float32]
    sizes: npt.NDArray[np.float32]
    angles: npt.NDArray[np.float32]
    width: int
    height: int

    def __len__(self) -> int:
        """How many."""
        return len(self.codes)
