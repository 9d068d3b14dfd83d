"""How much there is to be seen of a picture that breaks off: decoders fill the rest with one tone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.errors import PictureError

if TYPE_CHECKING:
    import numpy.typing as npt

_LEAST: Final = 0.125


def check_seen(pixels: npt.NDArray[Any]) -> None:
    """Raise PictureError `truncated` where less than an eighth of the rows, or of the columns, is of several tones."""
    grey = pixels if pixels.ndim == 2 else pixels.max(axis=2)
    share = min(float((grey.max(axis=axis) != grey.min(axis=axis)).mean()) for axis in (0, 1))
    if share < _LEAST:
        raise PictureError("truncated", "breaks off before much of it is to be seen")
