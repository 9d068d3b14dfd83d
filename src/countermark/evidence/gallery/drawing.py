"""Pictures with the matched part outlined, and the part itself, cut out of both and laid the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

from countermark.evidence.gallery.placement import corners_of, perspective, scaled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.evidence.gallery.placement import Placed, Point, Size

EDGE: Final = "#f5d565"
"""The line of an outline and the disc at the corner; it runs within a dark one, so that it shows on any picture."""

EDGE_GROUND: Final = "#1d2430"
FRAME: Final = "#d9d2c1"
ENLARGED: Final = 3
"""A small picture is shown at most this much larger than it is."""

_SUPER = 3


def fitted(size: Size, room: Size) -> Size:
    """The size at which a picture of `size` fills the room, its proportions kept, enlarged at most ENLARGED times."""
    factor = min(room[0] / size[0], room[1] / size[1], ENLARGED)
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def margin_of(line: int) -> int:
    """Pixels around a picture that an outline of `line` pixels and its disc may reach out to."""
    return 3 * line


def outlined(picture: Image.Image, corners: Sequence[Point] | None, line: int) -> Image.Image:
    """The picture within a margin (see `margin_of`), with the outline and the disc at its first corner.

    `corners` are in the picture's unit square.
    """
    margin = margin_of(line)
    page = Image.new("RGB", (picture.width + 2 * margin, picture.height + 2 * margin), "white")
    edged(page, picture, (margin, margin))
    if corners is None:
        return page
    points = [(x + margin, y + margin) for x, y in scaled(corners, picture.size)]
    for ink, wide, disc in ((EDGE_GROUND, 2.2, 2.6), (EDGE, 1.0, 2.0)):
        page.paste(ink, (0, 0), _lines(page.size, points, wide * line, disc * line))
    return page


def edged(page: Image.Image, picture: Image.Image, at: tuple[int, int]) -> None:
    """Put a picture on a page, with a faint line around it: a white one would not be seen to end."""
    x, y = at
    box = (x - 2, y - 2, x + picture.width + 1, y + picture.height + 1)
    ImageDraw.Draw(page).rectangle(box, outline=FRAME, width=2)
    page.paste(picture, at)


def cut_out(picture: Image.Image, placed: Placed, size: Size) -> Image.Image | None:
    """The part of the work that is seen, at `size`."""
    if placed.box is None:
        return None
    left, top, right, bottom = placed.box
    across, down = picture.size
    box = (left * across, top * down, right * across, bottom * down)
    return picture.resize(size, Image.Resampling.LANCZOS, box=box)


def turned_back(picture: Image.Image, placed: Placed, size: Size) -> Image.Image | None:
    """The same part of the found picture, warped back to lie as in the work, at `size`; None where it is degenerate."""
    if placed.outline is None:
        return None
    numbers = perspective(scaled(placed.outline, picture.size), size)
    if numbers is None:
        return None
    return picture.transform(
        size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC, fillcolor="white"
    )


def part_size(placed: Placed, work: Size, room: Size) -> Size | None:
    """The size at which the part of a work (of `work` pixels) fills the room; None where there is none."""
    if placed.box is None or placed.outline is None:
        return None
    left, top, right, bottom = placed.box
    size = (right - left) * work[0], (bottom - top) * work[1]
    if min(size) < 1:
        return None
    return fitted((max(1, round(size[0])), max(1, round(size[1]))), room)


def work_corners(placed: Placed) -> Sequence[Point] | None:
    """The corners of the part on the work's side."""
    return corners_of(placed.box) if placed.box else None


def _lines(size: Size, points: Sequence[Point], wide: float, disc: float) -> Image.Image:
    """The outline as a mask, with smooth edges: drawn larger, then reduced."""
    mask = Image.new("L", (size[0] * _SUPER, size[1] * _SUPER), 0)
    pen = ImageDraw.Draw(mask)
    large = [(x * _SUPER, y * _SUPER) for x, y in points]
    pen.line([*large, *large[:2]], fill=255, width=round(wide * _SUPER), joint="curve")
    x, y = large[0]
    reach = disc * _SUPER
    pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    return mask.reduce(_SUPER)
