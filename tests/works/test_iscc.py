"""ISCC codes, against the conformance data of the standard and against constants of ours."""

from __future__ import annotations

import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import iscc_lib
import pytest
from PIL import Image

from countermark.errors import DocumentError
from countermark.works.identifiers import parse_identifier
from countermark.works.iscc import file_codes, image_codes, image_pixels, meta_code, text_codes

CONFORMANCE = (
    Path(__file__).parents[2] / ".." / "shared" / "conformance" / "iscc" / "iscc_core_conformance.json"
)


def cases(function: str) -> list[dict[str, Any]]:
    """The published cases of one function, of 64 bits where it has several lengths."""
    if not CONFORMANCE.exists():
        pytest.skip("the conformance data of ISO 24138 is not here")
    found = json.loads(CONFORMANCE.read_text(encoding="utf-8"))[function]
    return [case for case in found.values() if case["inputs"][-1] == 64 or function == "gen_iscc_code_v0"]


def test_text_codes_are_those_of_the_standard() -> None:
    """Text-Code."""
    for case in cases("gen_text_code_v0"):
        if case["inputs"][0].strip():
            codes = text_codes(io.BytesIO(b""), case["inputs"][0])
            assert f"ISCC:{codes.content}" == case["outputs"]["iscc"]


def test_meta_codes_are_those_of_the_standard() -> None:
    """Meta-Code of title and description."""
    for case in cases("gen_meta_code_v0"):
        title, description, meta, _ = case["inputs"]
        if meta is None and title.strip():
            assert f"ISCC:{meta_code(title, [description] if description else [])}" == case["outputs"]["iscc"]


def test_data_and_instance_codes_are_those_of_the_standard() -> None:
    """Both are read in one pass."""
    for function, field in (("gen_data_code_v0", "data"), ("gen_instance_code_v0", "instance")):
        for case in cases(function):
            codes = file_codes(io.BytesIO(bytes.fromhex(case["inputs"][0].removeprefix("stream:"))))
            assert f"ISCC:{getattr(codes, field)}" == case["outputs"]["iscc"]
            if field == "instance":
                assert codes.datahash == case["outputs"]["datahash"]


def test_image_codes_are_those_of_the_standard() -> None:
    """A picture of 32 × 32 grey values is not changed on its way, unless it has a border."""
    for case in cases("gen_image_code_v0"):
        pixels = bytes(case["inputs"][0])
        assert iscc_lib.gen_image_code_v0(image_pixels(_png(pixels)))["iscc"] == case["outputs"]["iscc"]


def test_identifiers_of_the_standard_are_accepted() -> None:
    """The parser of identifiers knows every code that the conformance data holds."""
    seen = 0
    for function in ("gen_meta_code_v0", "gen_text_code_v0", "gen_data_code_v0", "gen_iscc_code_v0"):
        for case in cases(function):
            code = case["outputs"]["iscc"]
            assert str(parse_identifier("iscc", code)) == f"iscc:{code.removeprefix('ISCC:')}"
            seen += 1
    assert seen > 10


def test_a_text_has_five_codes() -> None:
    """Ours: a constant that must not change from version to version."""
    codes = text_codes(
        io.BytesIO(b"The river knows no hour."), "The river knows no hour.", "Rivers", ["Ada Wren"]
    )
    assert codes.size == 24
    assert codes.datahash.startswith("1e20")
    assert parse_identifier("iscc", codes.code).value == codes.code
    assert {codes.meta[:2], codes.content[:2], codes.data[:2], codes.instance[:2]} == {"AA", "EA", "GA", "IA"}
    assert codes.meta == meta_code("Rivers", ["Ada Wren"]) != meta_code("Rivers")


def test_without_title_or_text_there_is_no_such_code() -> None:
    """Data and Instance are always there."""
    codes = text_codes(io.BytesIO(b"x"), " \n", " ")
    assert not codes.meta
    assert not codes.content
    assert codes == file_codes(io.BytesIO(b"x"))


def _png(pixels: bytes) -> bytes:
    out = io.BytesIO()
    Image.frombytes("L", (32, 32), pixels).save(out, "PNG")
    return out.getvalue()


def _picture(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    picture = Image.new(mode, size)
    for x in range(size[0]):
        for y in range(size[1]):
            grey = (x * 5 + y * 3 + (40 if x > y else 0)) % 256
            picture.putpixel((x, y), (grey, grey, grey) if mode == "RGB" else grey)
    return picture


def _saved(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def test_a_turned_picture_is_the_same_picture() -> None:
    """EXIF orientation 6: stored turned by a quarter, shown upright."""
    upright = _picture()
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = upright.transpose(Image.Transpose.ROTATE_90)
    assert image_pixels(_saved(turned, exif=exif)) == image_pixels(_saved(upright))


def test_transparency_is_laid_on_white_and_borders_go() -> None:
    """A picture on a transparent ground is that picture."""
    inner = _picture()
    framed = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    framed.paste(inner, (20, 30))
    assert image_pixels(_saved(framed)) == image_pixels(_saved(inner))
    assert image_codes(io.BytesIO(_saved(framed))).content == image_codes(io.BytesIO(_saved(inner))).content


def test_a_uniform_picture_has_a_code_too() -> None:
    """Nothing is left of it but itself."""
    assert image_pixels(_saved(Image.new("RGB", (5, 5), (255, 0, 0)))) == bytes([76]) * 1_024


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    """A PNG of a few bytes that says it has ten thousand million pixels."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n"
    for kind, body in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1_000)), (b"IEND", b"")):
        data += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    with pytest.raises(DocumentError) as refused:
        image_codes(io.BytesIO(data))
    assert refused.value.reason in {"too-large", "image"}


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    """One clear error."""
    with pytest.raises(DocumentError, match="the picture cannot be decoded"):
        image_codes(io.BytesIO(data))


def test_half_a_picture_is_refused() -> None:
    """A truncated file has no Image-Code."""
    whole = _saved(_picture((300, 300)))
    with pytest.raises(DocumentError):
        image_codes(io.BytesIO(whole[: len(whole) // 2]))
