"""The frames of a file that Pillow decodes: which of them are looked at, and each of them as pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from countermark.images.bmp import walk_bmp
from countermark.images.gif import walk_gif
from countermark.images.limits import MOST_CANVAS, MOST_WHOLE, check_size
from countermark.images.orientation import exif_orientation, lies_on_its_side, upright
from countermark.images.pillow_decode import opened, quietly
from countermark.images.png import walk_png
from countermark.images.tiff import page_as_file, walk_tiff
from countermark.images.tones import pixels_of
from countermark.images.webp import walk_webp

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt
    from PIL import Image

    from countermark.images.container import Container

_MOST_WALKED: Final = 1000
"""Frames of an animation that are decoded on the way to the last one wanted: each costs some time whatever its size."""
_WALKS: Final = {"png": walk_png, "gif": walk_gif, "webp": walk_webp, "bmp": walk_bmp}


@dataclass(frozen=True, slots=True)
class Seen:
    """One frame: its pixels as they are to be seen, `width` and `height` before any scaling."""

    number: int
    pixels: npt.NDArray[np.uint8]
    width: int
    height: int


class Film(Protocol):
    """A file's frames: how many there are, how many are in reach, if the file breaks off, and each in rising order."""

    count: int
    reach: int
    truncated: bool

    def show(self, numbers: list[int], least: int, *, colour: bool, lenient: bool) -> Iterator[Seen]:
        """The frames of these numbers; raises PictureError where one of them cannot be decoded."""
        ...


def film_of(data: bytes, kind: str) -> Film:
    """The frames of a file of a format other than JPEG, its header judged and nothing decoded."""
    if kind == "tiff":
        return Pages(data)
    if kind == "avif":
        return Animation(data, kind)
    container = _WALKS[kind](data)
    return Animation(container.data, kind, container)


def spread(reach: int, most: int) -> list[int]:
    """At most `most` numbers below `reach`, evenly, the first and the last among them."""
    if reach <= most:
        return list(range(reach))
    return [number * (reach - 1) // (most - 1) for number in range(most)] if most > 1 else [0]


class Animation:
    """Frames on one canvas, each drawn over the one before: they are decoded in turn. A still picture is one of one."""

    def __init__(self, data: bytes, kind: str, container: Container | None = None) -> None:
        self._data = data
        self._kind = kind
        self.truncated = container is not None and container.truncated
        if container is None:
            width, height, self.count = self._ask()
            check_size(width, height, MOST_CANVAS)
        else:
            width, height, self.count = container.width, container.height, container.count
        self.reach = max(1, min(self.count, _MOST_WALKED, MOST_WHOLE // (width * height)))

    def _ask(self) -> tuple[int, int, int]:
        """Width, height and number of frames as the library reads them from the header."""
        with quietly(self._kind), opened(self._data, self._kind) as image:
            return *image.size, getattr(image, "n_frames", 1)

    def show(self, numbers: list[int], least: int, *, colour: bool, lenient: bool) -> Iterator[Seen]:
        """The frames of these numbers."""
        with quietly(self._kind, lenient=lenient):
            image = opened(self._data, self._kind)
        for number in numbers:
            with quietly(self._kind, lenient=lenient):
                if number:
                    image.seek(number)
                image.load()
                turned = exif_orientation(image.info.get("exif", b""))
                seen = _seen(image, number, least, turned, colour=colour)
            yield seen


class Pages:
    """The pages of a TIFF file, each of its own size, decoded for themselves."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._layout, self._pages, self.count = walk_tiff(data)
        self.reach = len(self._pages)
        self.truncated = not all(page.whole for page in self._pages)

    def show(self, numbers: list[int], least: int, *, colour: bool, lenient: bool) -> Iterator[Seen]:
        """The pages of these numbers, as long as all of them together are not too much."""
        left = MOST_WHOLE
        for number in numbers:
            page = self._pages[number]
            left -= page.width * page.height
            if left < 0:
                return
            with quietly("tiff", lenient=lenient):
                image = opened(page_as_file(self._data, self._layout, page), "tiff")
                check_size(*image.size, MOST_WHOLE)
                image.load()
                seen = _seen(image, number, least, page.orientation, colour=colour)
            yield seen


def _seen(image: Image.Image, number: int, least: int, orientation: int, *, colour: bool) -> Seen:
    width, height = image.size
    if lies_on_its_side(orientation):
        width, height = height, width
    return Seen(number, upright(pixels_of(image, least, colour=colour), orientation), width, height)
