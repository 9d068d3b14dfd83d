"""Pictures: hostile bytes in, frames out, decoded once.

What cannot be decoded is refused with a PictureError, its `reason` one of

    format      not one of JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP, or a kind of them that is not read
    empty       no bytes at all
    truncated   the file breaks off before an eighth of it is to be seen
    corrupt     the file contradicts itself, or the decoder gives up
    bomb        it would cost more memory or time than a picture may (`limits.py`)
    too-large   more bytes than a file may have
    tiny        less than 32 pixels wide or high, or a mere line: nothing that could be told from other pictures

The format is told by the bytes, never by the name. Orientation (Exif) is applied, transparency shown on white, colour
profiles are not applied. The same bytes give the same frames on every machine, as far as the libraries that decode do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import simplejpeg

from countermark.errors import PictureError
from countermark.images.damage import check_seen
from countermark.images.frame import LONGEST, Frame
from countermark.images.jpeg import decode_jpeg, read_header
from countermark.images.limits import MOST_FRAMES, check_bytes
from countermark.images.orientation import lies_on_its_side, upright
from countermark.images.pictured import Pictured
from countermark.images.scaling import fitting, shrunk
from countermark.images.sniffing import looks_like_picture, sniff
from countermark.images.walking import Seen, film_of, spread

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.images.walking import Film

__all__ = ["MOST_FRAMES", "Pictured", "encode_jpeg", "looks_like_picture", "read_colour", "read_frames"]

_QUALITIES: Final = range(1, 101)


def read_frames(data: bytes, name: str = "", *, longest: int = LONGEST, most: int = MOST_FRAMES) -> Pictured:
    """The frames of a picture in grey, the longer side of each at most `longest`; never scaled up.

    `name` stands before the message of an error. At most `most` frames of an animation, or pages, spread evenly over
    those in reach, the first always. Raises PictureError.
    """
    try:
        check_bytes(data)
        kind = sniff(data)
        return _jpeg_frames(data, longest) if kind == "jpeg" else _film_frames(data, kind, longest, most)
    except PictureError as error:
        raise _named(error, name) from None


def read_colour(data: bytes, name: str = "", *, longest: int, frame: int = 0) -> npt.NDArray[np.uint8]:
    """One frame as RGB, uint8[h, w, 3], the right way up, the longer side at most `longest`; never scaled up.

    `frame` is a number that `read_frames` gave. Raises PictureError.
    """
    try:
        check_bytes(data)
        kind = sniff(data)
        if kind == "jpeg":
            seen, _ = _jpeg(data, longest, colour=True)
        else:
            seen = _one(film_of(data, kind), frame, longest)
        return shrunk(seen.pixels, fitting(seen.width, seen.height, longest))
    except PictureError as error:
        raise _named(error, name) from None


def encode_jpeg(pixels: npt.NDArray[np.uint8], quality: int) -> bytes:
    """RGB [h, w, 3] or grey [h, w] as a JPEG of `quality` 1 to 100; colours are kept at full resolution."""
    if quality not in _QUALITIES:
        raise ValueError(f"quality is {quality}; 1 to 100 is accepted")
    grey = pixels.ndim == 2
    whole = np.ascontiguousarray(pixels[:, :, None] if grey else pixels)
    space, sampling = ("GRAY", "Gray") if grey else ("RGB", "444")
    encoded: bytes = simplejpeg.encode_jpeg(whole, quality, space, sampling)
    return encoded


def _one(film: Film, frame: int, longest: int) -> Seen:
    """One frame in colour."""
    if not 0 <= frame < film.reach:
        raise PictureError("corrupt", f"has no frame {frame} in reach; {film.reach} of {film.count} are")
    (seen,), _ = _shown(film, [frame], longest, colour=True)
    return seen


def _jpeg(data: bytes, longest: int, *, colour: bool) -> tuple[Seen, bool]:
    header = read_header(data)
    pixels, damaged = decode_jpeg(data, header, longest, colour=colour)
    width, height = header.width, header.height
    if lies_on_its_side(header.orientation):
        width, height = height, width
    return Seen(0, upright(pixels, header.orientation), width, height), damaged


def _jpeg_frames(data: bytes, longest: int) -> Pictured:
    seen, damaged = _jpeg(data, longest, colour=False)
    return Pictured((_frame(seen, longest),), "jpeg", 1, 1, seen.width, seen.height, damaged)


def _film_frames(data: bytes, kind: str, longest: int, most: int) -> Pictured:
    film = film_of(data, kind)
    numbers = spread(film.reach, max(1, most))
    shown, damaged = _shown(film, numbers, longest, colour=False)
    looked_at = film.reach if len(shown) == len(numbers) else shown[-1].number + 1
    frames = tuple(_frame(seen, longest) for seen in shown)
    return Pictured(frames, kind, film.count, looked_at, shown[0].width, shown[0].height, damaged)


def _shown(film: Film, numbers: list[int], longest: int, *, colour: bool) -> tuple[list[Seen], bool]:
    """The frames that can be decoded, one at least; and whether anything was wrong with them."""
    shown: list[Seen] = []
    try:
        shown.extend(film.show(numbers, longest, colour=colour, lenient=False))
    except PictureError as error:
        if shown:
            return shown, True
        return [_what_there_is(film, numbers, longest, error, colour=colour)], True
    return shown, film.truncated


def _what_there_is(
    film: Film, numbers: list[int], longest: int, error: PictureError, *, colour: bool
) -> Seen:
    """The first frame of a broken file, as far as it goes; raises `error` where nothing of it is to be seen."""
    if error.reason != "corrupt":
        raise error
    try:
        (seen,) = film.show(numbers[:1], longest, colour=colour, lenient=True)
    except PictureError:
        raise PictureError("truncated" if film.truncated else "corrupt", str(error)) from None
    check_seen(seen.pixels)
    return seen


def _frame(seen: Seen, longest: int) -> Frame:
    return Frame(
        shrunk(seen.pixels, fitting(seen.width, seen.height, longest)), seen.width, seen.height, seen.number
    )


def _named(error: PictureError, name: str) -> PictureError:
    return PictureError(error.reason, f"{name} {error}") if name else error
