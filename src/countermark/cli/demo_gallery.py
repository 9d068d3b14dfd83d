"""The corpus of the demonstration's pictures: altered copies of most works among drawings that are nobody's.

A WebDataset archive as img2dataset leaves it: `key.jpg`, `key.txt` with the caption, `key.json` with the address.
"""

from __future__ import annotations

import io
import json
import random
import tarfile
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    Alteration = Callable[[Image.Image, Image.Image, random.Random], Image.Image]

SIDE = 512
DRAWINGS = 600
SEED = 20261123


def _fitted(picture: Image.Image, longest: int = SIDE) -> Image.Image:
    copy = picture.copy()
    copy.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return copy


def _middle(picture: Image.Image, _: Image.Image, __: random.Random) -> Image.Image:
    return ImageOps.fit(picture, (256, 256), Image.Resampling.LANCZOS)


def _mirrored(picture: Image.Image, _: Image.Image, __: random.Random) -> Image.Image:
    return ImageOps.mirror(_fitted(picture))


def _turned(picture: Image.Image, _: Image.Image, __: random.Random) -> Image.Image:
    return _fitted(picture).transpose(Image.Transpose.ROTATE_90)


def _cropped(picture: Image.Image, _: Image.Image, chance: random.Random) -> Image.Image:
    width, height = picture.size
    left, top = int(width * 0.4 * chance.random()), int(height * 0.4 * chance.random())
    return _fitted(picture.crop((left, top, left + int(width * 0.6), top + int(height * 0.6))))


def _faded(picture: Image.Image, _: Image.Image, __: random.Random) -> Image.Image:
    faded = ImageEnhance.Brightness(_fitted(picture, 384)).enhance(1.3)
    return faded.filter(ImageFilter.GaussianBlur(1.2))


def _captioned(picture: Image.Image, _: Image.Image, __: random.Random) -> Image.Image:
    copy = _fitted(picture).convert("RGB")
    font = ImageFont.load_default(size=copy.height // 9)
    ImageDraw.Draw(copy).text((copy.width // 12, copy.height * 3 // 4), "WHEN MONDAY COMES", "white", font)
    return copy


def _on_a_page(picture: Image.Image, other: Image.Image, _: random.Random) -> Image.Image:
    """A screenshot: the picture at a third of the width, beside another one and some text."""
    page = Image.new("RGB", (960, 640), (246, 246, 248))
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, 960, 44), (52, 60, 78))
    page.paste(_fitted(picture, 340).convert("RGB"), (40, 90))
    page.paste(_fitted(other, 200).convert("RGB"), (700, 380))
    font = ImageFont.load_default(size=17)
    for line in range(16):
        pen.text(
            (420, 90 + 26 * line), "Notes on light and paper, " * 1 + f"line {line + 1}", (40, 40, 40), font
        )
    return page


def _collage(picture: Image.Image, other: Image.Image, chance: random.Random) -> Image.Image:
    sheet = Image.new("RGB", (768, 768), "white")
    places = [(0, 0), (384, 0), (0, 384), (384, 384)]
    chance.shuffle(places)
    for place, each in zip(
        places, (picture, other, ImageOps.invert(other), ImageOps.mirror(other)), strict=True
    ):
        sheet.paste(ImageOps.fit(each.convert("RGB"), (380, 380)), place)
    return sheet


ALTERATIONS: tuple[tuple[str, Alteration], ...] = (
    ("cut square", _middle),
    ("mirrored", _mirrored),
    ("turned", _turned),
    ("cropped", _cropped),
    ("faded and blurred", _faded),
    ("captioned", _captioned),
    ("on a page", _on_a_page),
    ("in a collage", _collage),
)


def write_corpus(works: Iterable[tuple[str, bytes]], others: Iterable[tuple[str, bytes]], path: Path) -> None:
    """Write the archive: of each work each alteration, among the others and drawings, in a fixed order."""
    chance = random.Random(SEED)  # noqa: S311  a demonstration, the same every time
    rest = [(name, _opened(data)) for name, data in others]
    samples = [*_copies(works, rest, chance), *((name, each) for name, each in rest)]
    samples += [(f"drawing {number}", _drawing(chance)) for number in range(DRAWINGS)]
    chance.shuffle(samples)
    with tarfile.open(path, "w") as archive:
        for number, (caption, each) in enumerate(samples):
            _add(archive, f"{number:09d}", caption, each)


def _copies(
    works: Iterable[tuple[str, bytes]], rest: list[tuple[str, Image.Image]], chance: random.Random
) -> Iterator[tuple[str, Image.Image]]:
    for title, data in works:
        picture = _opened(data)
        for what, alter in ALTERATIONS:
            yield f"{title}, {what}", alter(picture, chance.choice(rest)[1], chance)


def _opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture.convert("RGB"), mask=picture.getchannel("A") if "A" in picture.mode else None)
    return flat


def _drawing(chance: random.Random) -> Image.Image:
    """A picture of nobody's: a gradient, some shapes, a grid."""
    shade = [tuple(chance.randrange(256) for _ in range(3)) for _ in range(2)]
    size = (chance.randrange(200, SIDE), chance.randrange(200, SIDE))
    ground = Image.linear_gradient("L").rotate(chance.randrange(360)).resize(size)
    sheet = ImageOps.colorize(ground, shade[0], shade[1])
    pen = ImageDraw.Draw(sheet)
    for _ in range(chance.randrange(4, 40)):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        box = (x, y, x + chance.randrange(10, 160), y + chance.randrange(10, 160))
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw = chance.choice((pen.rectangle, pen.ellipse))
        draw(box, fill=colour, outline="black")
    return sheet


def _add(archive: tarfile.TarFile, key: str, caption: str, picture: Image.Image) -> None:
    data = io.BytesIO()
    picture.convert("RGB").save(data, "JPEG", quality=80)
    facts = {
        "key": key,
        "url": f"https://pictures.example.org/{key}.jpg",
        "caption": caption,
        "status": "success",
    }
    members = {"jpg": data.getvalue(), "txt": caption.encode(), "json": json.dumps(facts).encode()}
    for suffix, content in members.items():
        info = tarfile.TarInfo(f"{key}.{suffix}")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
