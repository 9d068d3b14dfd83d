"""Letters in a picture, with the type that Pillow carries, so that the same words give the same pixels everywhere.

That type (Aileron) is drawn from its ASCII part here: accents are set over the bare letters from the signs that it has,
and ligatures from their letters. What cannot be drawn so stands as an empty box; the caller has the whole text.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

BOX: Final = "\u25af"
_SAME: Final = {
    **dict.fromkeys("\u00a0\u202f\u2009\u2003\u2002\t\n", " "),
    **dict.fromkeys("–—−‐‑", "-"),
    "×": "x",
    "ß": "ss",
    "ı": "i",
    "→": ">",
}
_PAIRS: Final = {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"}
_DRAWN: Final = frozenset(map(chr, range(32, 127))) | frozenset("©«»°±·‘’“”…‹›™")
_MARKS: Final = {
    "\u0300": "`",
    "\u0301": "´",
    "\u0302": "^",
    "\u0303": "~",
    "\u0308": "··",
    "\u030a": "°",
    "\u030c": "^",
    "\u0327": ",",
}
_MARK_SIZES: Final = {"\u030a": 0.62, "\u0302": 0.62, "\u030c": 0.62}
_OVERLAP: Final = 0.1  # of the size: the two letters of a ligature touch

Cell = tuple[str, str, str]
"""One drawn letter: the base, its mark ("" for none), and the second letter of a ligature ("" for none)."""


def drawable(text: str) -> bool:
    """Whether every letter of `text` can be drawn."""
    return all(base != BOX for base, _, _ in _cells(text))


def width_of(text: str, size: int) -> int:
    """How many pixels wide `text` is."""
    return round(sum(_advance(cell, size) for cell in _cells(text)))


def wrapped(text: str, size: int, room: int, most: int) -> list[str]:
    """`text` in lines of at most `room` pixels, `most` of them; long words are broken, a cut is marked."""
    lines, line = [], ""
    for word in text.split(" "):
        whole = f"{line} {word}" if line else word
        if width_of(whole, size) <= room:
            line = whole
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line, size) > room:
            cut = _fitting(line, size, room)
            lines.append(line[:cut])
            line = line[cut:]
            if len(lines) > most:
                break
        if len(lines) > most:
            break
    if line:
        lines.append(line)
    if len(lines) > most:
        last = lines[most - 1]
        while last and width_of(f"{last}…", size) > room:
            last = last[:-1]
        lines = [*lines[: most - 1], f"{last}…"]
    return lines


def draw_text(page: Image.Image, at: tuple[int, int], text: str, size: int, ink: str) -> None:
    """Write one line; `at` is the left end of its top."""
    pen, x = ImageDraw.Draw(page), float(at[0])
    for cell in _cells(text):
        _draw_cell(page, pen, (round(x), at[1]), cell, size, ink)
        x += _advance(cell, size)


def _fitting(line: str, size: int, room: int) -> int:
    """How many letters of `line` fit, at least one."""
    low, high = 1, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width_of(line[:middle], size) <= room else (low, middle - 1)
    return low


def _cells(text: str) -> list[Cell]:
    cells: list[Cell] = []
    for sign in text:
        plain = _SAME.get(sign, sign)
        if plain in _PAIRS:
            cells.append((_PAIRS[plain][0], "", _PAIRS[plain][1]))
            continue
        for letter in plain:
            base, *marks = list(unicodedata.normalize("NFD", letter))
            known = base in _DRAWN and len(marks) <= 1 and all(mark in _MARKS for mark in marks)
            cells.append((base, marks[0] if marks else "", "") if known else (BOX, "", ""))
    return cells


def _advance(cell: Cell, size: int) -> float:
    base, _, second = cell
    if base == BOX:
        return size * 0.6
    wide = _font(size).getlength(base)
    return wide + _font(size).getlength(second) - _OVERLAP * size if second else wide


def _draw_cell(
    page: Image.Image, pen: ImageDraw.ImageDraw, at: tuple[int, int], cell: Cell, size: int, ink: str
) -> None:
    base, mark, second = cell
    x, y = at
    if base == BOX:
        pen.rectangle(
            (x + size // 12, y + size // 4, x + size // 2, y + size), outline=ink, width=max(1, size // 16)
        )
        return
    font = _font(size)
    if mark and base in "ij":
        page.paste(ink, (x, y), _dotless(base, size))
    else:
        pen.text((x, y), base, font=font, fill=ink)
    if second:
        pen.text((x + round(font.getlength(base) - _OVERLAP * size), y), second, font=font, fill=ink)
    if mark:
        _draw_mark(page, at, base, mark, size, ink)


def _draw_mark(page: Image.Image, at: tuple[int, int], base: str, mark: str, size: int, ink: str) -> None:
    """Set a mark over (the cedilla under) the middle of a letter."""
    left, top, right, bottom = _font(size).getbbox(base)
    stamp = _mark(mark, size)
    x = at[0] + round((left + right - stamp.width) / 2)
    if mark == "\u0327":
        y = at[1] + round(bottom) - stamp.height // 4
    else:
        if base in "ij":  # the mark takes the place of the dot
            top = _font(size).getbbox("x")[1]
        y = at[1] + round(top) - stamp.height - max(1, size // 18)
    page.paste(ink, (x, y), stamp)


@cache
def _mark(mark: str, size: int) -> Image.Image:
    """A mark as a mask, cut to its ink."""
    sign, own = _MARKS[mark], max(6, round(size * _MARK_SIZES.get(mark, 0.9)))
    font = _font(own)
    mask = Image.new("L", (3 * own, 2 * own), 0)
    ImageDraw.Draw(mask).text((own // 2, own // 4), sign, font=font, fill=255)
    box = mask.getbbox()
    cut = mask.crop(box) if box else Image.new("L", (1, 1), 0)
    return cut.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if mark == "\u030c" else cut


@cache
def _dotless(base: str, size: int) -> Image.Image:
    """The letter i or j without its dot, as a mask that begins where the letter would."""
    font = _font(size)
    mask = Image.new("L", (size, 2 * size), 0)
    ImageDraw.Draw(mask).text((0, 0), base, font=font, fill=255)
    mask.paste(0, (0, 0, size, round(font.getbbox("x")[1])))
    return mask


@cache
def _font(size: int) -> FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return font
