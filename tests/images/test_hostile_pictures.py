"""What is not to be decoded is refused with its reason, at once and in silence; the rest goes as far as it can."""

from __future__ import annotations

import pickle
import struct
import sys
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from countermark.errors import PictureError
from countermark.images.decode import Pictured, looks_like_picture, read_colour, read_frames
from countermark.images.jpeg import read_header
from countermark.images.limits import MOST_BYTES
from images.drawn_pictures import FORMATS, chunk, drawn, exif, film, image, png, written

REASONS = {"format", "empty", "truncated", "corrupt", "bomb", "too-large", "tiny"}


def refused(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        read_frames(data, "a.jpg")
    with pytest.raises(PictureError):
        read_colour(data, longest=300)
    assert str(caught.value).startswith("a.jpg ")
    across = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  our own
    assert across.reason == caught.value.reason
    return caught.value.reason


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "video"),
        (b"8BPS\0\1" + bytes(30), "Photoshop"),
        (b"\xff\x0a" + bytes(30), "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<!DOCTYPE html><title>404</title>", "page of text"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "PostScript"),
        (b"\0\0\1\0\1\0", "icon"),
        (b"P6 64 64 255 ", "no known"),
        (b"\0", "no known"),
    ],
)
def test_other_formats_are_named(data: bytes, named: str) -> None:
    assert looks_like_picture(data) == ""
    assert refused(data) == "format"
    with pytest.raises(PictureError, match=f"{named}.*accepted are JPEG, PNG"):
        read_frames(data)


def test_empty_and_too_large() -> None:
    assert refused(b"") == "empty"
    assert refused(bytes(MOST_BYTES + 1)) == "too-large"


@pytest.mark.parametrize("kind", FORMATS)
def test_tiny_pictures_are_refused(kind: str) -> None:
    assert refused(written(image(31, 200), kind)) == "tiny"
    assert refused(written(image(32 * 49, 32), kind)) == "tiny"
    assert read_frames(written(image(32 * 48, 32), kind)).frames[0].grey.shape == (16, 768)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.97])
def test_what_breaks_off_is_shown_as_far_as_it_goes(kind: str, share: float) -> None:
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 256, (96, 160, 3), dtype=np.uint8))
    data = written(picture, kind)
    seen = _outcome(data[: int(len(data) * share)])
    if isinstance(seen, str):
        assert seen in {"truncated", "corrupt"}
        assert share < 0.1 or kind in {"WEBP", "AVIF"} or (kind == "PNG" and share < 0.5)
    else:
        assert seen.damaged
        assert max(seen.frames[0].grey[0].std(), seen.frames[0].grey[-1].std()) > 10


def test_a_jpeg_of_which_nothing_is_left_is_truncated() -> None:
    data = written(image(), "JPEG")
    start = data.index(b"\xff\xda")
    assert refused(data[: start + 14]) == "truncated"
    assert refused(data[:start]) == "truncated"
    assert refused(data[:100]) == "truncated"
    assert refused(b"\xff\xd8\xff\xd9" + bytes(4)) == "corrupt"


def test_an_animation_that_breaks_off_gives_what_was_whole() -> None:
    data = film(12, "GIF")
    seen = read_frames(data[: len(data) * 3 // 4])
    assert seen.damaged
    assert 1 <= len(seen.frames) < 12


@pytest.mark.parametrize(
    "data",
    [
        png(60_000, 60_000, chunk(b"IDAT", b"x"), chunk(b"IEND")),
        png(64, 64, *[chunk(b"tEXt")] * (1 << 16)),
        b"GIF89a\x80\x00\x80\x00\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\0;",
        b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x3f\0\xff\x3f\0" + bytes(20),
        b"BM" + bytes(12) + struct.pack("<IiiHHI", 40, 50_000, -50_000, 1, 24, 0) + bytes(20),
        written(image(), "JPEG").replace(struct.pack(">HH", 96, 160), b"\xff\xdc\xff\xdc"),
    ],
    ids=["png", "chunks", "gif", "webp", "bmp", "jpeg"],
)
def test_bombs_are_refused_by_their_header(data: bytes) -> None:
    assert refused(data) == "bomb"


def test_a_jpeg_in_too_many_scans_is_a_bomb() -> None:
    data = written(image(), "JPEG", progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    assert read_frames(data[:-2] + scan * 20 + data[-2:]).format == "jpeg"
    assert refused(data[:-2] + scan * 120 + data[-2:]) == "bomb"
    seen = read_frames(data + scan * 120)  # what stands behind the end is not looked at
    assert not seen.damaged


def test_a_large_progressive_jpeg_is_a_bomb_and_a_plain_one_is_not() -> None:
    size, large = struct.pack(">HH", 96, 160), struct.pack(">HH", 16_000, 16_000)
    assert refused(written(image(), "JPEG", progressive=True).replace(size, large)) == "bomb"
    header = read_header(written(image(), "JPEG").replace(size, large))
    assert (header.width, header.height) == (16_000, 16_000)


def test_a_long_animation_is_looked_at_as_far_as_it_is_cheap() -> None:
    long = film(4, "GIF", (32, 32))
    start = long.index(b"\x21\xf9")
    data = long[:-1] + long[start:-1] * 2500 + b";"
    seen = read_frames(data)
    assert (seen.count, seen.looked_at, len(seen.frames)) == (10_004, 1000, 16)
    large = written(Image.new("L", (4000, 4000)), "GIF")
    seen = read_frames(large[:-1] + long[start:-1] * 10 + b";")
    assert (seen.count, seen.looked_at) == (41, 4)


def tiff(entries: list[tuple[int, int, int, int]], after: int = 0) -> bytes:
    """A TIFF of one directory with these tags, kinds, counts and values, some pixels, and word of a further one."""
    rows = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + rows + struct.pack("<I", after)
    return head + drawn(64, 64).tobytes()


PLAIN = {256: (3, 1, 64), 257: (3, 1, 64), 258: (3, 1, 8), 262: (3, 1, 1), 277: (3, 1, 1), 278: (3, 1, 64)}


def plain(**changes: tuple[int, int, int]) -> list[tuple[int, int, int, int]]:
    at = 8 + 2 + 12 * 8 + 4
    tags = {
        **PLAIN,
        273: (4, 1, at),
        279: (4, 1, 4096),
        **{int(tag[1:]): row for tag, row in changes.items()},
    }
    return [(tag, *row) for tag, row in tags.items()]


def test_directories_of_a_tiff_are_judged() -> None:
    assert (read_frames(tiff(plain())).frames[0].grey == drawn(64, 64)).all()
    assert read_frames(tiff(plain(), after=8)).count == 1  # a ring
    assert read_frames(tiff(plain(), after=10**9)).count == 1
    assert read_frames(tiff(plain(t279=(4, 1, 10**9)))).damaged
    assert refused(tiff(plain(t273=(4, 1, 10**9)))) == "truncated"
    strips = struct.pack("<64I", *[0] * 64) + struct.pack("<64I", *[3000] * 64)
    data = tiff(plain(t273=(4, 64, 4206), t278=(3, 1, 1), t279=(4, 64, 4206 + 256)))
    assert refused(data + strips) == "bomb"
    assert refused(tiff(plain(t273=(4, 10**8, 8)))) == "bomb"
    assert refused(tiff(plain(t279=(4, 10**5, 8)))) == "truncated"
    assert refused(tiff(plain(t256=(4, 1, 10**6), t257=(4, 1, 10**6)))) == "bomb"
    assert refused(tiff(plain(t259=(3, 1, 6)))) == "format"
    assert refused(tiff(plain(t256=(3, 1, 0)))) == "corrupt"
    assert refused(tiff(plain())[:60]) == "truncated"
    assert refused(b"II*\0" + bytes(40)) == "corrupt"


def test_orientation_may_be_nonsense() -> None:
    for block in (exif(9), exif(0), exif(6)[:20], b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", bytes(60)):
        data = written(image(), "JPEG")
        segment = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
        assert read_frames(data[:2] + segment + data[2:]).width == 160


def test_twelve_bits_and_two_components_are_refused() -> None:
    data = written(image(), "JPEG")
    at = data.index(b"\xff\xc0") + 4
    assert refused(data[:at] + b"\x0c" + data[at + 1 :]) == "format"
    assert refused(data[: at + 5] + b"\x02" + data[at + 6 :]) == "corrupt"


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    for kind in FORMATS:
        data = bytearray(written(image(), kind))
        data[len(data) // 2 : len(data) // 2 + 40] = b"\xff" * 40
        _outcome(bytes(data))
        _outcome(bytes(data[: len(data) * 2 // 3]))
    bad_sum = chunk(b"IDAT", zlib.compress(bytes(65 * 64)))[:-1] + b"?"
    _outcome(png(64, 64, bad_sum, chunk(b"IEND")))
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_settings_of_the_libraries_are_left_as_they_were() -> None:
    from PIL import AvifImagePlugin, ImageFile

    before = ImageFile.LOAD_TRUNCATED_IMAGES, AvifImagePlugin.DEFAULT_MAX_THREADS
    _outcome(written(image(), "PNG")[:-300])
    assert before == (ImageFile.LOAD_TRUNCATED_IMAGES, AvifImagePlugin.DEFAULT_MAX_THREADS)


def test_pillow_calls_no_other_program() -> None:
    """It reads some formats by one; none of these is ever asked for."""
    _outcome(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n")
    assert "PIL.EpsImagePlugin" not in sys.modules


def _outcome(data: bytes) -> Pictured | str:
    """Frames that keep their promises, or a reason that is documented."""
    try:
        seen = read_frames(data, longest=64)
    except PictureError as error:
        reason = error.reason
    else:
        return _kept_promises(data, seen)
    assert reason in REASONS
    return reason


def _kept_promises(data: bytes, seen: Pictured) -> Pictured:
    assert 1 <= len(seen.frames) <= 16
    for frame in seen.frames:
        assert frame.grey.dtype == np.uint8
        assert min(frame.grey.shape) >= 1
        assert max(frame.grey.shape) <= 64
    assert read_colour(data, longest=64, frame=seen.frames[-1].number).shape[2] == 3
    return seen


SMALL = (
    *(written(image(48, 40), kind) for kind in FORMATS),
    written(image(48, 40), "JPEG", progressive=True),
    written(image(48, 40).convert("CMYK"), "JPEG", exif=exif(6)),
    written(image(48, 40), "TIFF", compression="tiff_lzw"),
    written(image(48, 40).convert("RGBA"), "PNG"),
    *(film(3, kind, (40, 36)) for kind in ("GIF", "WEBP", "PNG", "AVIF", "TIFF")),
)
FUZZ = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FUZZ
@given(
    st.sampled_from([b"", *(data[:12] for data in SMALL)]),
    st.binary(max_size=400),
)
@example(b"", b"\xff\xd8\xff")
def test_any_bytes_give_a_result_or_a_reason(start: bytes, rest: bytes) -> None:
    _outcome(start + rest)


@FUZZ
@given(st.data())
def test_any_changed_picture_gives_a_result_or_a_reason(data: st.DataObject) -> None:
    stored = bytearray(data.draw(st.sampled_from(SMALL)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(stored) - 1))
        with_what = data.draw(st.binary(min_size=1, max_size=4))
        if data.draw(st.booleans()):
            stored[at : at + len(with_what)] = with_what
        else:
            stored[at : at + data.draw(st.integers(0, 30))] = with_what
    _outcome(bytes(stored))


def test_the_same_bytes_give_the_same_frames() -> None:
    data = written(image(900, 700), "JPEG")
    assert (read_frames(data).frames[0].grey == read_frames(data).frames[0].grey).all()
