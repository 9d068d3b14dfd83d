"""The 64-bit perceptual hash that listings of pictures store (COYO-700M's `image_phash`), for equality and nearness.

The recipe is that of `imagehash.phash` (BSD; hackerfactor.com/blog/?/archives/432-Looks-Like-It.html): grey, 32 by 32
pixels by Pillow's Lanczos filter, discrete cosine transform (DCT-II) over rows and columns, the 8 by 8 lowest
frequencies with the constant one, a bit for each above their median, row by row, as 16 hexadecimal digits.

COYO's card names the hash and no program. The six hashes that the card shows have 32 bits set of 64, and the first one:
so has every hash of this recipe (but for ties), while pHash's own leaves the constant out, and imagededup's sets 33
bits. COYO's authors confirm 64 bits in hexadecimal, and call them too few for billions of pictures
(coyo-dataset#14): an agreement is a lead.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np

from countermark.errors import PictureError

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.Image import Image

SIDE, KEPT = 32, 8
MOST_PIXELS = 1 << 28
"""Pixels of a picture of the user's own; a larger one is refused."""
FEWEST_BITS = 16
"""Bits that a hash must have set: one of an even area has one, and agrees with all even areas."""
_ORIENTATION = 0x0112
_SCALE = 1 << 20
_COSINES = np.rint(
    _SCALE * np.cos(np.pi * np.arange(KEPT)[:, None] * (2 * np.arange(SIDE)[None, :] + 1) / (2 * SIDE))
).astype(np.int64)
"""The cosines as whole numbers: sums of them are exact, so that all machines agree."""


def perceptual_hashes(data: bytes, name: str) -> tuple[str, ...]:
    """The hashes of a picture's file as it is stored and, where EXIF turns it, as it is seen. Raises PictureError.

    Data sets were hashed by programs that turn pictures, and by others that do not.
    """
    from PIL import Image as images  # noqa: N813, PLC0415
    from PIL import ImageOps, UnidentifiedImageError  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is odd in a file and harmless
            with images.open(io.BytesIO(data)) as picture:
                _require_size(picture, name)
                found = [hash_of(_grey(picture))]
                if picture.getexif().get(_ORIENTATION, 1) != 1:
                    found.append(hash_of(_grey(ImageOps.exif_transpose(picture))))
    except PictureError:
        raise
    except UnidentifiedImageError:
        raise PictureError("not-a-picture", f"{name}: no picture in a format that is read") from None
    except Exception as error:  # noqa: BLE001  decoders raise what they like at broken files
        raise PictureError("undecodable", f"{name}: {error}"[:300]) from None
    return tuple(dict.fromkeys(text for text in found if int(text, 16).bit_count() >= FEWEST_BITS))


def _require_size(picture: Image, name: str) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise PictureError("too-large", f"{name}: {picture.width} × {picture.height} pixels")


def _grey(picture: Image) -> npt.NDArray[np.uint8]:
    from PIL import Image as images  # noqa: N813, PLC0415

    small = picture.convert("L").resize((SIDE, SIDE), images.Resampling.LANCZOS)
    return np.asarray(small, dtype=np.uint8)


def hash_of(grey: npt.NDArray[np.uint8]) -> str:
    """The hash of 32 by 32 grey pixels, as 16 hexadecimal digits."""
    lowest = (_COSINES @ grey.astype(np.int64) @ _COSINES.T).ravel()
    middle = np.sort(lowest)[KEPT * KEPT // 2 - 1 : KEPT * KEPT // 2 + 1]
    above = 2 * lowest > middle.sum()
    return f"{int(''.join('1' if bit else '0' for bit in above), 2):016x}"
