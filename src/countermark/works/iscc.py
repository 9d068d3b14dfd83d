"""ISCC codes of works' files: ISO 24138:2024, reckoned by iscc-lib.

A code of 64 bits finds the same content in another format, scaled, or slightly changed. It does not find an excerpt:
a copy of one chapter has another code. What the standard leaves to the application is done as iscc-sdk does it:
pictures are turned as EXIF says, laid on white where they are transparent, cut to what is not a uniform border, made
grey, and scaled to 32 × 32 with a bicubic filter; the Meta-Code is made from the title and, as the description, the
creators.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

import iscc_lib

from countermark.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PIL.Image import Image

MAX_PIXELS: Final = 100_000_000
"""Larger pictures are refused before they are decoded: they would need hundreds of megabytes."""

_PIECE: Final = 1 << 20
_SIDE: Final = 32
_ROWS: Final = 512
_PREFIX: Final = "ISCC:"


class ContentCodes(NamedTuple):
    """The codes of one file, without their prefix `ISCC:`; those that the file has none of are empty.

    `code` is the ISCC-CODE made of all the others; `datahash` is the BLAKE3 multihash (hex) that the Instance-Code
    begins with, and `size` counts bytes.
    """

    code: str
    meta: str
    content: str
    data: str
    instance: str
    datahash: str
    size: int


def file_codes(file: BinaryIO, title: str = "", creators: Iterable[str] = ()) -> ContentCodes:
    """The codes of any file: Data-Code and Instance-Code, and a Meta-Code where a title is given. Read once."""
    return _codes(file, "", title, creators)


def text_codes(file: BinaryIO, text: str, title: str = "", creators: Iterable[str] = ()) -> ContentCodes:
    """The codes of a file whose text is `text`: those of `file_codes`, and a Text-Code where there is text."""
    content = iscc_lib.gen_text_code_v0(text)["iscc"] if text.strip() else ""
    return _codes(file, content, title, creators)


def image_codes(file: BinaryIO, title: str = "", creators: Iterable[str] = ()) -> ContentCodes:
    """The codes of a picture: those of `file_codes`, and an Image-Code.

    The file is held in memory. Raises DocumentError with the reason `image`, where it cannot be decoded, or
    `too-large`, where it has more than MAX_PIXELS.
    """
    data = file.read()
    content = iscc_lib.gen_image_code_v0(image_pixels(data))["iscc"]
    return _codes(io.BytesIO(data), content, title, creators)


def image_pixels(data: bytes) -> bytes:
    """The 1,024 grey values, row by row, that the Image-Code is made from. Raises DocumentError as `image_codes`."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - texts need no Pillow

    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # Pillow warns of large and of damaged files; both are judged here
            with Image.open(io.BytesIO(data)) as picture:
                _need_size(picture)
                ImageOps.exif_transpose(picture, in_place=True)
                grey = _without_border(_on_white(picture)).convert("L")
                return grey.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC).tobytes()
    except DocumentError:
        raise
    except Exception as error:  # noqa: BLE001 - Pillow's decoders raise whatever they meet in hostile files
        raise DocumentError("image", f"the picture cannot be decoded ({error})") from None


def _need_size(picture: Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise DocumentError(
            "too-large",
            f"the picture has {width:,} × {height:,} pixels; accepted are at most {MAX_PIXELS:,} in all",
        )


def _on_white(picture: Image) -> Image:
    """The picture without transparency."""
    from PIL import Image as Pillow  # noqa: PLC0415

    if picture.mode not in {"RGBA", "LA", "PA"} and "transparency" not in picture.info:
        return picture
    whole = Pillow.new("RGB", picture.size)
    for box in _strips(picture):
        layer = picture.crop(box).convert("RGBA")
        white = Pillow.new("RGBA", layer.size, (255, 255, 255, 255))
        whole.paste(Pillow.alpha_composite(white, layer).convert("RGB"), box)
    return whole


def _without_border(picture: Image) -> Image:
    """The picture without a border of the colour of its upper left corner; whole where nothing else would be left."""
    from PIL import Image as Pillow  # noqa: PLC0415
    from PIL import ImageChops  # noqa: PLC0415

    picture = picture if picture.mode in {"RGB", "L"} else picture.convert("RGB")
    colour = picture.getpixel((0, 0))
    found = []
    for left, top, right, bottom in _strips(picture):
        plain = Pillow.new(picture.mode, (right - left, bottom - top), colour)
        box = ImageChops.difference(picture.crop((left, top, right, bottom)), plain).getbbox()
        if box:
            found.append((box[0], box[1] + top, box[2], box[3] + top))
    if not found:
        return picture
    lefts, tops, rights, bottoms = zip(*found, strict=True)
    return picture.crop((min(lefts), min(tops), max(rights), max(bottoms)))


def _strips(picture: Image) -> Iterator[tuple[int, int, int, int]]:
    """The picture in strips: what is done pixel by pixel needs no second picture of the same size in memory."""
    width, height = picture.size
    for top in range(0, height, _ROWS):
        yield 0, top, width, min(top + _ROWS, height)


def _codes(file: BinaryIO, content: str, title: str, creators: Iterable[str]) -> ContentCodes:
    data, instance = iscc_lib.DataHasher(), iscc_lib.InstanceHasher()
    while piece := file.read(_PIECE):
        data.update(piece)
        instance.update(piece)
    data_code, instance_code = data.finalize()["iscc"], instance.finalize()
    meta = meta_code(title, creators)
    units = [unit for unit in (meta and _PREFIX + meta, content, data_code, instance_code["iscc"]) if unit]
    return ContentCodes(
        code=_bare(iscc_lib.gen_iscc_code_v0(units)["iscc"]),
        meta=meta,
        content=_bare(content),
        data=_bare(data_code),
        instance=_bare(instance_code["iscc"]),
        datahash=instance_code["datahash"],
        size=instance_code["filesize"],
    )


def meta_code(title: str, creators: Iterable[str] = ()) -> str:
    """The Meta-Code of a title and its creators in their order; empty where there is no title."""
    if not title.strip():
        return ""
    return _bare(iscc_lib.gen_meta_code_v0(title, "; ".join(creators) or None)["iscc"])


def _bare(code: str) -> str:
    return code.removeprefix(_PREFIX)
