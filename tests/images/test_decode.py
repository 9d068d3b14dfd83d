"""Every format, mode and way of writing a picture gives the same frame."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from PIL import Image

from countermark.errors import PictureError
from countermark.images.decode import MOST_FRAMES, encode_jpeg, looks_like_picture, read_colour, read_frames
from images.drawn_pictures import (
    FORMATS,
    HEIGHT,
    ORIENTED,
    WIDTH,
    apart,
    chunk,
    drawn,
    exif,
    film,
    image,
    written,
)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_grey_whatever_its_name(kind: str) -> None:
    data = written(image(), kind)
    seen = read_frames(data, "picture.txt")
    assert (seen.format, seen.count, seen.looked_at, seen.damaged) == (kind.lower(), 1, 1, False)
    assert (seen.width, seen.height) == (WIDTH, HEIGHT)
    assert looks_like_picture(data[:64]) == kind.lower()
    (frame,) = seen.frames
    assert frame.grey.dtype == np.uint8
    assert frame.grey.flags.c_contiguous
    assert apart(frame.grey, drawn()) < 2
    colour = read_colour(data, longest=1000)
    assert colour.shape == (HEIGHT, WIDTH, 3)
    assert apart(colour[:, :, 1], drawn()) < 2


@pytest.mark.parametrize("kind", ORIENTED)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(kind: str, orientation: int) -> None:
    """A picture stored so that its orientation undoes it is seen as it was drawn."""
    ways: dict[int, list[Image.Transpose]] = {
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    stored = image()
    for way in ways[orientation]:
        stored = stored.transpose(way)
    noted: dict[str, Any] = (
        {"tiffinfo": {274: orientation}} if kind == "TIFF" else {"exif": exif(orientation)}
    )
    data = written(stored, kind, **noted)
    seen = read_frames(data)
    assert (seen.width, seen.height) == (WIDTH, HEIGHT)
    assert apart(seen.frames[0].grey, drawn()) < 2
    assert apart(read_colour(data, longest=500)[:, :, 0], drawn()) < 2


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_is_read_in_both_orders_of_bytes(order: str) -> None:
    data = written(image(), "JPEG", exif=exif(6, order))
    assert (read_frames(data).width, read_frames(data).height) == (HEIGHT, WIDTH)


@pytest.mark.parametrize("longest", [40, 100, 400, 768])
@pytest.mark.parametrize(("width", "height"), [(1600, 960), (700, 1100), (900, 900), (120, 72)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_frames_are_scaled_down_and_never_up(kind: str, width: int, height: int, longest: int) -> None:
    data = written(image(width, height), kind)
    (frame,) = read_frames(data, longest=longest).frames
    assert (frame.width, frame.height) == (width, height)
    assert max(frame.grey.shape) == min(longest, max(width, height))
    whole = Image.fromarray(drawn(width, height)).resize(frame.grey.shape[::-1], Image.Resampling.BOX)
    assert apart(frame.grey, np.asarray(whole)) < 3
    assert max(read_colour(data, longest=longest).shape) == max(frame.grey.shape)


MODES: dict[str, tuple[str, dict[str, Any]]] = {
    "JPEG in grey": ("L", {}),
    "JPEG in CMYK": ("CMYK", {}),
    "JPEG progressive": ("RGB", {"progressive": True}),
    "JPEG progressive in CMYK": ("CMYK", {"progressive": True}),
    "JPEG kept as RGB": ("RGB", {"keep_rgb": True}),
    "JPEG with a profile": ("RGB", {"icc_profile": b"\0" * 3000}),
    "PNG in grey": ("L", {}),
    "PNG with a palette": ("P", {}),
    "PNG with alpha": ("RGBA", {}),
    "PNG in grey with alpha": ("LA", {}),
    "PNG with a profile": ("RGB", {"icc_profile": b"\0" * 3000}),
    "PNG of sixteen bits": ("I;16", {}),
    "GIF with a palette": ("P", {}),
    "WEBP lossy": ("RGB", {"lossless": False, "quality": 95}),
    "WEBP with alpha": ("RGBA", {}),
    "AVIF with alpha": ("RGBA", {}),
    "AVIF in grey": ("L", {}),
    "BMP in grey": ("L", {}),
    "TIFF in grey": ("L", {}),
    "TIFF in CMYK": ("CMYK", {}),
    "TIFF in LAB": ("LAB", {}),
    "TIFF in YCbCr": ("YCbCr", {}),
    "TIFF with alpha": ("RGBA", {}),
    "TIFF with a palette": ("P", {}),
    "TIFF of sixteen bits": ("I;16", {}),
    "TIFF of floats": ("F", {}),
    "TIFF of thirty-two bits": ("I", {}),
    "TIFF, LZW": ("RGB", {"compression": "tiff_lzw"}),
    "TIFF, Deflate": ("RGB", {"compression": "tiff_adobe_deflate"}),
    "TIFF, PackBits": ("L", {"compression": "packbits"}),
    "TIFF, JPEG": ("RGB", {"compression": "jpeg", "quality": 95}),
    "TIFF, BigTIFF": ("RGB", {"big_tiff": True}),
}


@pytest.mark.parametrize("way", MODES)
def test_every_mode_gives_a_sensible_grey(way: str) -> None:
    mode, options = MODES[way]
    if mode == "I;16":
        stored = Image.fromarray(drawn().astype(np.uint16) * 257)
    elif mode in {"F", "I"}:
        stored = Image.fromarray(drawn().astype(np.float32 if mode == "F" else np.int32))
    elif mode == "LAB":
        stored = Image.merge("LAB", [Image.fromarray(drawn()), *[Image.new("L", (WIDTH, HEIGHT), 128)] * 2])
    else:
        stored = image().quantize(256) if mode == "P" else image().convert(mode)
    data = written(stored, way.replace(",", " ").split()[0], **options)
    assert apart(read_frames(data).frames[0].grey, drawn()) < 4
    assert apart(read_colour(data, longest=800)[:, :, 2], drawn()) < 5


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_one_bit_is_black_and_white(kind: str) -> None:
    grey = read_frames(written(image().convert("1"), kind)).frames[0].grey
    assert set(np.unique(grey)) == {0, 255}


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt"])
def test_faxes_are_read(compression: str) -> None:
    grey = read_frames(written(image().convert("1"), "TIFF", compression=compression)).frames[0].grey
    assert set(np.unique(grey)) == {0, 255}


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF"])
def test_transparency_is_shown_on_white(kind: str) -> None:
    stored = image().convert("RGBA")
    stored.paste((0, 0, 0, 0), (0, 0, 80, 96))
    grey = read_frames(written(stored, kind)).frames[0].grey
    assert grey[:, :76].min() > 245
    assert grey[:, 84:].max() < 235


def test_transparent_colours_of_a_palette_are_shown_on_white() -> None:
    stored = image().quantize(200)
    data = written(stored, "GIF", transparency=stored.getpixel((0, 0)))
    assert read_frames(data).frames[0].grey[2, 2] == 255


@pytest.mark.parametrize("high", [1.0, 255.0, 65535.0, 3.4e38])
def test_floats_are_shown_from_black_to_white(high: float) -> None:
    values = np.linspace(0, high, WIDTH * HEIGHT, dtype=np.float32).reshape(HEIGHT, WIDTH)
    values[0, 0] = np.nan
    grey = read_frames(written(Image.fromarray(values), "TIFF")).frames[0].grey
    assert (grey[0, 0], grey[-1, -1]) == (0, 255)
    assert abs(int(grey[HEIGHT // 2, 0]) - 127) < 3


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF", "TIFF"])
def test_frames_are_spread_over_the_animation(kind: str) -> None:
    data = film(40, kind)
    seen = read_frames(data)
    assert (seen.count, seen.looked_at, len(seen.frames)) == (40, 40, MOST_FRAMES)
    numbers = [frame.number for frame in seen.frames]
    assert numbers == [round(number * 39 / 15 - 0.49999) for number in range(16)]
    lights = [int(frame.grey[24, 50]) for frame in seen.frames]
    assert all(
        abs(light - (10 + 200 * number // 40)) < 8 for light, number in zip(lights, numbers, strict=True)
    )
    assert len(read_frames(data, most=1).frames) == 1
    assert abs(int(read_colour(data, longest=64, frame=39)[24, 50, 0]) - lights[-1]) < 4
    with pytest.raises(PictureError, match="no frame 40"):
        read_colour(data, longest=64, frame=40)


def test_a_still_before_the_animation_of_a_png_is_a_frame() -> None:
    frames = [image().point(lambda value, by=by: value // by) for by in (1, 2, 3)]
    data = written(frames[0], "PNG", save_all=True, append_images=frames[1:], default_image=True)
    seen = read_frames(data)
    assert [frame.number for frame in seen.frames] == list(range(seen.count))
    assert apart(seen.frames[0].grey, drawn()) < 1


def test_pages_of_a_tiff_may_be_of_any_size_and_smaller_versions_are_none() -> None:
    pages = [image(), image(100, 300), image(64, 64)]
    pages[2].encoderinfo = {"tiffinfo": {254: 1}}
    data = written(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    seen = read_frames(data)
    assert [(frame.width, frame.height) for frame in seen.frames][:2] == [(WIDTH, HEIGHT), (100, 300)]
    assert apart(seen.frames[1].grey, drawn(100, 300)) < 1


def test_text_and_profiles_are_not_looked_at() -> None:
    data = written(image(), "PNG")
    bomb = chunk(b"zTXt", b"a\0\0" + b"\x78\x9c" + bytes(1000)) + chunk(b"iCCP", b"a\0\0" + bytes(1000))
    seen = read_frames(data[:33] + bomb + data[33:])
    assert apart(seen.frames[0].grey, drawn()) < 1


@pytest.mark.parametrize("quality", [50, 95])
def test_jpeg_is_written(quality: int) -> None:
    assert apart(read_frames(encode_jpeg(drawn(), quality)).frames[0].grey, drawn()) < 3
    colours = np.stack([drawn(), drawn()[::-1], drawn()[:, ::-1]], axis=2)
    assert apart(read_colour(encode_jpeg(colours, quality), longest=900), colours) < 4
    with pytest.raises(ValueError, match="1 to 100"):
        encode_jpeg(drawn(), 101)


def test_the_package_loads_no_library_of_pictures() -> None:
    code = "import sys, countermark, countermark.cli; print({'cv2', 'PIL', 'simplejpeg'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
