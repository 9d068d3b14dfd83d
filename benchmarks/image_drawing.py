"""What the benchmark of images draws itself: user interfaces, ornate frames, stamps, textures, stars, lines, pages.

Every function takes the generator that it draws from, and gives uint8[h, w, 3] in RGB (frames and stamps: [h, w, 4]).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    import numpy.typing as npt

    Picture = npt.NDArray[np.uint8]
    Rng = np.random.Generator
    Box = tuple[int, int, int, int]

WORDS = (  # noqa: SIM905
    "and the of to in a that it was he for with his on as at by had not but from they she which you one were all her "
    "would there their we been has when who will more no if out so said what up its about into than them can only "
    "other new some could time these two may then do first any my now such like our over man me even most made after "
    "also did many before must through years where much your way well down should because each just those people "
    "light river garden winter window letter market silver station evening harbour picture painter museum street"
).split()
PALETTES = (
    ("#f3f4f6", "#ffffff", "#1f2937", "#2563eb"), ("#111827", "#1f2937", "#e5e7eb", "#f59e0b"),
    ("#fdf6e3", "#eee8d5", "#586e75", "#cb4b16"), ("#e8eef4", "#fafcff", "#22303c", "#0a7d5a"),
    ("#2e3440", "#3b4252", "#eceff4", "#88c0d0"), ("#ffffff", "#f7f7f7", "#202124", "#d93025"),
)  # fmt: skip
PAPERS = ("#ffffff", "#fdfaf3", "#f4efe2", "#f8f8f8", "#e9e4d4")


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def words(rng: Rng, count: int) -> str:
    return " ".join(WORDS[at] for at in rng.integers(len(WORDS), size=count))


def colour(rng: Rng) -> tuple[int, int, int]:
    red, green, blue = rng.integers(0, 256, size=3).tolist()
    return red, green, blue


def _lines(pen: ImageDraw.ImageDraw, rng: Rng, box: Box, size: int, fill: str | tuple[int, ...]) -> None:
    """Fill a box with lines of text, with ragged right ends and a gap between paragraphs."""
    left, top, right, bottom = box
    least = max(1, int((right - left) / (size * 3.1)))
    at = top
    while at + size < bottom:
        count = least if rng.random() < 0.85 else max(1, least // 2)
        pen.text((left, at), words(rng, count), fill=fill, font=font(size))
        at += int(size * (1.35 if count == least else 2.1))


def _icon(pen: ImageDraw.ImageDraw, rng: Rng, box: Box) -> None:
    left, top, right, bottom = box
    kind = int(rng.integers(5))
    fill, other = colour(rng), colour(rng)
    middle = ((left + right) // 2, (top + bottom) // 2)
    if kind == 0:
        pen.rounded_rectangle(box, max(1, (right - left) // 5), fill=fill)
        pen.text(
            (left + 3, top), words(rng, 1)[:1].upper(), fill=other, font=font(max(8, (bottom - top) * 3 // 4))
        )
    elif kind == 1:
        pen.ellipse(box, fill=fill, outline=other, width=2)
    elif kind == 2:
        pen.polygon([(left, bottom), (middle[0], top), (right, bottom)], fill=fill, outline=other)
    elif kind == 3:
        pen.rectangle(box, outline=fill, width=2)
        pen.line([left, bottom, *middle, right, top], fill=other, width=2)
    else:
        pen.pieslice(box, int(rng.integers(360)), int(rng.integers(360, 700)), fill=fill, outline=other)


def _window(pen: ImageDraw.ImageDraw, rng: Rng, box: Box, palette: tuple[str, ...]) -> Box:
    """A window with its title, a bar of icons, perhaps a side list; returns the room left inside."""
    left, top, right, bottom = box
    back, front, ink, accent = palette
    bar = int(rng.integers(22, 36))
    pen.rectangle(box, fill=front, outline=ink)
    pen.rectangle((left, top, right, top + bar), fill=accent if rng.random() < 0.5 else back, outline=ink)
    pen.text((left + 10, top + 5), words(rng, int(rng.integers(2, 6))), fill=ink, font=font(bar // 2))
    for at in range(3):
        place = right - (at + 1) * bar
        pen.ellipse(
            (place + 6, top + 6, place + bar - 6, top + bar - 6), fill=("#ff5f56", "#ffbd2e", "#27c93f")[at]
        )
    inner = top + bar
    if rng.random() < 0.7 and bottom - inner > 160:
        icons = max(1, min(12, (right - left) // 44))
        for at in range(icons):
            _icon(pen, rng, (left + 8 + at * 40, inner + 6, left + 32 + at * 40, inner + 30))
        inner += 38
    if rng.random() < 0.6 and right - left > 400:
        side = int((right - left) * rng.uniform(0.16, 0.26))
        pen.rectangle((left, inner, left + side, bottom), fill=back, outline=ink)
        for at in range(inner + 8, bottom - 20, int(rng.integers(22, 34))):
            pen.text((left + 10, at), words(rng, 2), fill=ink, font=font(12))
        left += side
    return left + 6, inner + 6, right - 6, bottom - 6


def interface(rng: Rng, width: int, height: int) -> tuple[Picture, Box]:
    """A desktop with one to three windows full of text and icons; and the room in the front window."""
    palette = PALETTES[rng.integers(len(PALETTES))]
    image = Image.fromarray(gradient(rng, width, height))
    pen = ImageDraw.Draw(image)
    for at in range(int(rng.integers(0, 9))):
        _icon(pen, rng, (18, 20 + at * 66, 58, 60 + at * 66))
    for _ in range(int(rng.integers(0, 3))):
        left, top = int(rng.integers(0, width // 2)), int(rng.integers(0, height // 2))
        box = (
            left,
            top,
            left + int(width * rng.uniform(0.35, 0.6)),
            top + int(height * rng.uniform(0.35, 0.6)),
        )
        inside = _window(pen, rng, box, PALETTES[rng.integers(len(PALETTES))])
        _lines(pen, rng, inside, 13, "#777777")
    margin = int(rng.integers(0, max(1, width // 16)))
    room = _window(pen, rng, (margin, margin // 2, width - margin - 1, height - 44 - margin // 2), palette)
    pen.rectangle((0, height - 40, width, height), fill=palette[0])
    for at in range(int(rng.integers(4, 12))):
        _icon(pen, rng, (10 + at * 44, height - 35, 40 + at * 44, height - 6))
    pen.text(
        (width - 120, height - 28),
        f"{rng.integers(24):02d}:{rng.integers(60):02d}",
        fill=palette[2],
        font=font(15),
    )
    return np.array(image), room


def fill_room(picture: Picture, rng: Rng, room: Box, around: Box | None = None) -> Picture:
    """Text in the room of a window, and not in the box `around`."""
    image = Image.fromarray(picture)
    pen = ImageDraw.Draw(image)
    ink = "#222222" if picture[room[1] + 2, room[0] + 2].mean() > 110 else "#dddddd"
    left, top, right, bottom = room
    size = int(rng.integers(11, 19))
    if around is None:
        _lines(pen, rng, room, size, ink)
        return np.array(image)
    parts = ((left, top, right, around[1] - 6), (left, around[3] + 6, right, bottom),
             (left, around[1], around[0] - 8, around[3]), (around[2] + 8, around[1], right, around[3]))  # fmt: skip
    for part in parts:
        if part[2] - part[0] > 60 and part[3] - part[1] > size:
            _lines(pen, rng, part, size, ink)
            pen.rectangle(
                (around[0] - 2, around[1] - 2, around[2] + 1, around[3] + 1), fill=None, outline=ink
            )
    return np.array(image)


def gradient(rng: Rng, width: int, height: int) -> Picture:
    corners = rng.integers(0, 256, size=(2, 2, 3)).astype(np.uint8)
    return cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR)


def ornate_frame(rng: Rng, width: int = 800, height: int = 1000) -> tuple[Picture, Box]:
    """A gilt frame with an ornament that runs along it and rosettes in the corners, and its opening."""
    band = int(rng.integers(90, 130))
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    gold = np.array(colour(rng)) // 3 + np.array((120, 90, 30))
    dark, pale = tuple((gold // 2).tolist()), tuple(np.minimum(gold + 70, 255).tolist())
    for at in range(band):
        shade = 0.55 + 0.45 * np.sin(at / band * np.pi * float(3 + 2 * (at % 7 == 0)))
        fill = tuple((gold * shade).astype(int).tolist())
        pen.rectangle((at, at, width - 1 - at, height - 1 - at), outline=(*fill, 255))
    motif = _motif(rng, band - 20, dark, pale)
    step = motif.width + int(rng.integers(2, 14))
    for at in range(band, width - band - motif.width, step):
        image.alpha_composite(motif, (at, 10))
        image.alpha_composite(motif.rotate(180), (at, height - band + 10))
    for at in range(band, height - band - motif.width, step):
        image.alpha_composite(motif.rotate(90, expand=True), (10, at))
        image.alpha_composite(motif.rotate(270, expand=True), (width - band + 10, at))
    corner = _motif(rng, band - 6, pale, dark, petals=int(rng.integers(6, 12)))
    for place in (
        (3, 3),
        (width - band + 3, 3),
        (3, height - band + 3),
        (width - band + 3, height - band + 3),
    ):
        image.alpha_composite(corner, place)
    return np.array(image), (band, band, width - band, height - band)


def _motif(rng: Rng, size: int, dark: tuple[int, ...], pale: tuple[int, ...], petals: int = 0) -> Image.Image:
    """A leaf, scroll or rosette that is not the same twice."""
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    middle = size / 2
    for at in range(petals or int(rng.integers(4, 9))):
        turn = 2 * np.pi * at / petals if petals else rng.uniform(0, 2 * np.pi)
        reach = middle * (0.9 if petals else rng.uniform(0.4, 0.95))
        x, y = middle + reach * 0.6 * np.cos(turn), middle + reach * 0.6 * np.sin(turn)
        radius = size * (0.16 if petals else rng.uniform(0.08, 0.2))
        pen.ellipse(
            (x - radius, y - radius, x + radius, y + radius), fill=(*pale, 255), outline=(*dark, 255), width=3
        )
        pen.line((middle, middle, x, y), fill=(*dark, 255), width=4)
    for _ in range(3):
        radius = size * rng.uniform(0.1, 0.4)
        start = int(rng.integers(360))
        box = (middle - radius, middle - radius, middle + radius, middle + radius)
        pen.arc(box, start, start + 220, fill=(*dark, 255), width=4)
    return image


def framed(picture: Picture, frame: Picture, opening: Box) -> Picture:
    """The picture in the frame: cut to the opening's shape, about its middle."""
    left, top, right, bottom = opening
    width, height = right - left, bottom - top
    by = max(width / picture.shape[1], height / picture.shape[0])
    size = (max(width, round(picture.shape[1] * by)), max(height, round(picture.shape[0] * by)))
    whole = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if by < 1 else cv2.INTER_CUBIC)
    x, y = (size[0] - width) // 2, (size[1] - height) // 2
    out = frame[:, :, :3].copy()
    out[top:bottom, left:right] = whole[y : y + height, x : x + width]
    return out


def stamp(rng: Rng) -> Picture:
    """A logo of about 300 pixels: a disc, a shield or a tablet, with shapes and a name in it."""
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    ink, paper = (*colour(rng), 255), (*colour(rng), 255)
    kind = int(rng.integers(3))
    if kind == 0:
        pen.ellipse((4, 4, 296, 296), fill=paper, outline=ink, width=10)
        pen.ellipse((34, 34, 266, 266), outline=ink, width=4)
    elif kind == 1:
        pen.polygon(
            [(10, 10), (290, 10), (290, 180), (150, 295), (10, 180)], fill=paper, outline=ink, width=9
        )
    else:
        pen.rounded_rectangle((4, 60, 296, 240), 30, fill=paper, outline=ink, width=9)
    for _ in range(int(rng.integers(6, 12))):
        x, y = rng.integers(60, 210, size=2).tolist()
        _icon(pen, rng, (x, y, x + int(rng.integers(20, 60)), y + int(rng.integers(20, 60))))
    pen.text((60, 120), words(rng, 2).upper()[:12], fill=ink, font=font(int(rng.integers(26, 40))))
    return np.array(image)


def pasted(picture: Picture, over: Picture, left: int, top: int, alpha: float = 1.0) -> Picture:
    """A copy of the picture with an RGBA picture on it, cut at the edges."""
    out = picture.copy()
    height, width = min(over.shape[0], out.shape[0] - top), min(over.shape[1], out.shape[1] - left)
    part = out[top : top + height, left : left + width].astype(np.float32)
    weight = over[:height, :width, 3:].astype(np.float32) / 255 * alpha
    mixed = part * (1 - weight) + over[:height, :width, :3] * weight
    out[top : top + height, left : left + width] = np.rint(mixed).astype(np.uint8)
    return out


def stamped(picture: Picture, logo: Picture, rng: Rng) -> Picture:
    """The logo in a corner, 12 to 25 % of the width."""
    height, width = picture.shape[:2]
    size = max(40, int(min(width, height) * rng.uniform(0.12, 0.25)))
    small = cv2.resize(logo, (size, size), interpolation=cv2.INTER_AREA)
    margin = max(2, size // 8)
    left = margin if rng.random() < 0.5 else width - size - margin
    top = margin if rng.random() < 0.5 else height - size - margin
    return pasted(picture, small, left, top)


def texture(rng: Rng, size: int = 512) -> Picture:
    """Noise of several octaves, wood, weave, bricks or tiles."""
    kind = int(rng.integers(4))
    first, second = np.array(colour(rng), np.float32), np.array(colour(rng), np.float32)
    field = np.zeros((size, size), np.float32)
    for octave in range(2, 8):
        coarse = rng.random((2**octave, 2**octave), dtype=np.float32)
        field += cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC) / 2 ** (octave - 2)
    field = (field - field.min()) / (np.ptp(field) + 1e-6)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    period = float(rng.integers(12, 60))
    if kind == 1:
        field = (np.sin((x + 40 * field) / period * 6) + 1) / 2
    elif kind == 2:
        field = 0.7 * ((x // period + y // period) % 2) + 0.3 * field
    elif kind == 3:
        shifted = x + (y // period % 2) * period
        mortar = (y % period < 3) | (shifted % (2 * period) < 3)
        field = np.where(mortar, 1.0, 0.5 * field).astype(np.float32)
    mixed = first + (second - first) * field[:, :, None]
    return np.clip(mixed, 0, 255).astype(np.uint8)


def stars(rng: Rng, width: int, height: int) -> Picture:
    """A field of stars of many magnitudes, some with a halo, before a faint glow."""
    sky = gradient(rng, width, height) // int(rng.integers(6, 20))
    for _ in range(int(rng.integers(80, 900))):
        place = (int(rng.integers(width)), int(rng.integers(height)))
        light = int(255 * rng.power(0.7))
        tint = (light, light, int(light * rng.uniform(0.7, 1)))
        cv2.circle(sky, place, int(rng.pareto(2.5)), tint, -1, cv2.LINE_AA)
    return cv2.GaussianBlur(sky, (0, 0), float(rng.uniform(0.5, 1.0)))


def line_drawing(rng: Rng, width: int, height: int) -> Picture:
    """Lines, curves and figures in one ink, on paper or on black."""
    on_black = rng.random() < 0.5
    image = Image.new("RGB", (width, height), "#000000" if on_black else PAPERS[rng.integers(len(PAPERS))])
    pen = ImageDraw.Draw(image)
    ink = "#dddddd" if on_black else "#222222"
    for _ in range(int(rng.integers(8, 40))):
        points = np.cumsum(rng.normal(0, 45, size=(int(rng.integers(2, 12)), 2)), axis=0)
        points += rng.uniform((0, 0), (width, height))
        pen.line([tuple(point) for point in points.tolist()], fill=ink, width=int(rng.integers(1, 4)))
        x, y = points[-1].tolist()
        radius = float(rng.uniform(3, 40))
        if rng.random() < 0.5:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=ink, width=2)
    return np.array(image)


def page(rng: Rng, width: int, height: int) -> Picture:
    """A page of text: a heading, one or two columns."""
    image = Image.new("RGB", (width, height), PAPERS[rng.integers(len(PAPERS))])
    pen = ImageDraw.Draw(image)
    margin = width // 12
    pen.text((margin, margin), words(rng, 3).title(), fill="#111111", font=font(width // 18))
    size, columns = int(rng.integers(10, 20)), int(rng.integers(1, 3))
    room = (width - 2 * margin) // columns
    for at in range(columns):
        left = margin + at * room
        _lines(pen, rng, (left, margin + width // 9, left + room - 12, height - margin), size, "#1a1a1a")
    return np.array(image)


def emoji(rng: Rng, size: int) -> Picture:
    """A drawn face."""
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    fill = (255, int(rng.integers(150, 225)), int(rng.integers(20, 90)), 255)
    pen.ellipse((1, 1, size - 2, size - 2), fill=fill, outline=(120, 80, 0, 255), width=max(1, size // 40))
    eye = size // 10
    for x in (size * 0.33, size * 0.67):
        pen.ellipse((x - eye, size * 0.35 - eye, x + eye, size * 0.35 + eye), fill=(60, 40, 20, 255))
    box = (size * 0.22, size * 0.35, size * 0.78, size * rng.uniform(0.7, 0.9))
    pen.chord(box, 10, 170, fill=(140, 20, 30, 255))
    return np.array(image)
