"""Pixels as Pillow keeps them, in any of its modes, as grey or as red, green and blue of eight bits.

What is transparent is shown on white, as paper would. Colour profiles are not applied: a copy has often lost its own,
and grey changes little by them. Grey is the luma of ITU-R BT.601, as in JPEG.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from countermark.images.scaling import averaged

if TYPE_CHECKING:
    import numpy.typing as npt

_STRIPE: Final = 1 << 22
_CLEAR: Final = frozenset({"RGBA", "LA", "PA", "RGBa", "La"})
_DEEP: Final = frozenset({"I", "F"})


def pixels_of(image: Image.Image, least: int, *, colour: bool) -> npt.NDArray[np.uint8]:
    """Grey [h, w] or RGB [h, w, 3] of an image that is loaded, its longer side `least` at least where it is.

    It is averaged over squares of whole pixels on the way, stripe by stripe, so that little more memory is needed.
    """
    width, height = image.size
    times = max(1, max(width, height) // least)
    rows = max(1, _STRIPE // (width * times)) * times
    span = _span(image, rows) if image.mode in _DEEP else (0.0, 1.0)
    if rows >= height:
        return averaged(_plain(image, span, colour=colour), times)
    stripes = (image.crop((0, top, width, min(height, top + rows))) for top in range(0, height, rows))
    return np.concatenate([averaged(_plain(stripe, span, colour=colour), times) for stripe in stripes])


def _plain(image: Image.Image, span: tuple[float, float], *, colour: bool) -> Image.Image:
    """The image in mode L or RGB."""
    mode = image.mode
    wanted = "RGB" if colour else "L"
    if mode in _DEEP:
        image = Image.fromarray(_stretched(np.asarray(image), span))
    elif mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    elif mode == "LAB":
        image = image.getchannel("L")
    elif mode in _CLEAR or ("transparency" in image.info and mode in {"P", "L", "RGB"}):
        image = _on_white(image.convert("RGBA"))
    elif mode not in {"1", "L", "P", "RGB", "CMYK", "YCbCr"}:
        image = image.convert("RGB")
    return image if image.mode == wanted else image.convert(wanted)


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGB", image.size, (255, 255, 255))
    white.paste(image, mask=image.getchannel("A"))
    return white


def _span(image: Image.Image, rows: int) -> tuple[float, float]:
    """The values shown as black and as white: 0 and 1, 255 or 65535 where that holds all values, else the extremes."""
    width, height = image.size
    low, high = np.inf, -np.inf
    for top in range(0, height, rows):
        values = np.asarray(image.crop((0, top, width, min(height, top + rows))))
        values = values[np.isfinite(values)]
        if values.size:
            low, high = min(low, float(values.min())), max(high, float(values.max()))
    if not low < high:
        return 0.0, 1.0
    if low >= 0:
        whole = image.mode == "F"
        for white in (1.0, 255.0, 65535.0) if whole else (255.0, 65535.0):
            if white / 4 < high <= white:
                return 0.0, white
    return low, high


def _stretched(values: npt.NDArray[Any], span: tuple[float, float]) -> npt.NDArray[np.uint8]:
    low, high = span
    with np.errstate(all="ignore"):
        shares = (values.astype(np.float64) - low) / (high - low)
        shares = np.nan_to_num(shares, nan=0.0, posinf=1.0, neginf=0.0)
        return (np.clip(shares, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
