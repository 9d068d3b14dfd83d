"""Decoding by Pillow: one format at a time, the one that the bytes say, in silence."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from countermark.errors import PictureError

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMATS: Final = {
    plugin.format.lower(): plugin.format
    for plugin in (
        AvifImagePlugin.AvifImageFile,
        BmpImagePlugin.BmpImageFile,
        GifImagePlugin.GifImageFile,
        PngImagePlugin.PngImageFile,
        TiffImagePlugin.TiffImageFile,
        WebPImagePlugin.WebPImageFile,
    )
}


@contextmanager
def quietly(kind: str, *, lenient: bool = False) -> Iterator[None]:
    """Decode without warnings and in one thread; whatever goes wrong is a PictureError.

    `lenient` shows what there is of a file that breaks off. Pillow's settings are those of the process, so that this is
    not for several threads at once.
    """
    before = ImageFile.LOAD_TRUNCATED_IMAGES, AvifImagePlugin.DEFAULT_MAX_THREADS
    ImageFile.LOAD_TRUNCATED_IMAGES, AvifImagePlugin.DEFAULT_MAX_THREADS = lenient, 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except PictureError:
        raise
    except (MemoryError, Image.DecompressionBombError) as error:
        raise PictureError("bomb", f"is a picture that needs too much memory ({error})") from None
    except Exception as error:  # noqa: BLE001  a decoder may raise anything on hostile bytes
        raise PictureError("corrupt", f"is a picture ({kind}) that cannot be decoded ({error})") from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES, AvifImagePlugin.DEFAULT_MAX_THREADS = before


def opened(data: bytes, kind: str) -> Image.Image:
    """The file, its header read and nothing decoded."""
    return Image.open(BytesIO(data), formats=[_FORMATS[kind]])
