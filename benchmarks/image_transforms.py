"""The 37 things that are done to a picture, with the true place of the picture in the result.

Sizes: the longer side is 512 pixels in 7 of 10 cases and otherwise drawn from 256 to 1,024, and a picture is at most
doubled, unless the line says more. Where no quality is said, it is drawn from 70 to 95. "Others" are pictures that no
work has a part in.

jpeg90 … jpeg10      recompressed at that quality
resize512 … 256      longer side of that many pixels (img2dataset `keep_ratio_largest`)
border256            longer side 256, then a white border to 256 × 256 (img2dataset `border`)
ccrop512, ccrop256   shorter side of that many pixels, then the middle square (img2dataset `center_crop`)
ccrop512_flip        the same, mirrored
rcrop90 … rcrop30    a window of that many per cent of each side, anywhere
hflip, rot90, rot180 mirrored; a quarter turn either way; upside down
rot5, rot20          turned 4–6 or 17–23 degrees either way in a canvas of the same size, around it black, white or the
                     edge's own pixels
bright, contrast     35–70 levels lighter or darker; contrast × 0.45–0.7 or × 1.4–1.9
grey, hue_sat        no colour; hue by 20–90 degrees of 360, saturation × 0.4–1.8
blur, noise          Gaussian of sigma 1.5–3 pixels; Gaussian of sigma 15–30 levels
text, emoji          2–5 lines of text in large letters across it; 1–4 drawn faces of 12–30 % of the shorter side
tile_wm              one to three words repeated over all of it, turned, at 25–55 % opacity
padding              10–35 % of plain colour or of its own blurred image added at the sides, above and below
screenshot           at 25–45 % of the width, in the window of a drawn desktop of 1,024 pixels
collage_50           in one of 2 × 2 cells of 50 % of the side, the frame 512–1,024 pixels; others in the other three;
                     cells show pictures whole or cut to the cell
collage_25           in one of 4 × 4 cells of 25 % of the side, the frame 1,024 pixels, 15 others
overlay_30           pasted at 30 % of the side onto another of 640–1,024 pixels
perspective          each corner moved by up to 18 % of the side, around it plain colour
combo_train          as loaders do: middle square, window of 75–95 %, mirrored in half, light and contrast, 256–384
                     pixels, quality 40–75
combo_hard           window of 55–80 %, turned 5–15 degrees, mirrored in half, hue, text, quality 25–50
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

import image_drawing as drawing

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Picture = npt.NDArray[np.uint8]
    Rng = np.random.Generator
    Others = Callable[[Rng], Picture]
    Transform = Callable[["Placed", Rng, Others], "Placed"]

BORDERS = (cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE)


@dataclass(frozen=True)
class Placed:
    """A picture, where the original lies in it, and how it is to be encoded.

    `matrix` (3 × 3) leads from pixels of the original to pixels of the picture; only what lies in `clip` (left, top,
    right, bottom) can be seen. `quality` 0: drawn when it is encoded.
    """

    picture: Picture
    matrix: npt.NDArray[np.float64] = field(default_factory=lambda: np.eye(3))
    clip: tuple[float, float, float, float] | None = None
    quality: int = 0

    def moved(self, picture: Picture, by: npt.NDArray[np.float64]) -> Placed:
        """The same after a step that `by` describes; all of it is in the new picture or cut at its edges."""
        return replace(self, picture=picture, matrix=by @ self.matrix)

    def repainted(self, picture: Picture) -> Placed:
        """The same place, other pixels."""
        return replace(self, picture=np.ascontiguousarray(picture))


def scaling(x: float, y: float) -> npt.NDArray[np.float64]:
    return np.diag((x, y, 1.0))


def shifting(x: float, y: float) -> npt.NDArray[np.float64]:
    return np.array([[1.0, 0, x], [0, 1, y], [0, 0, 1]])


def resized(placed: Placed, width: int, height: int) -> Placed:
    old_height, old_width = placed.picture.shape[:2]
    smaller = width * height < old_width * old_height
    way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    picture = cv2.resize(placed.picture, (width, height), interpolation=way)
    return placed.moved(picture, scaling(width / old_width, height / old_height))


def fitted(placed: Placed, longest: int) -> Placed:
    """Scaled so that the longer side is `longest`."""
    height, width = placed.picture.shape[:2]
    by = longest / max(width, height)
    return resized(placed, max(1, round(width * by)), max(1, round(height * by)))


def sized(placed: Placed, rng: Rng) -> Placed:
    """Scaled to one of the usual sizes, at most doubled."""
    longest = 512 if rng.random() < 0.7 else int(rng.integers(256, 1025))
    return fitted(placed, min(longest, 2 * max(placed.picture.shape[:2])))


def cut(placed: Placed, left: int, top: int, width: int, height: int) -> Placed:
    part = np.ascontiguousarray(placed.picture[top : top + height, left : left + width])
    return placed.moved(part, shifting(-left, -top))


def _window(placed: Placed, rng: Rng, share: float) -> Placed:
    height, width = placed.picture.shape[:2]
    wide, high = max(32, round(width * share)), max(32, round(height * share))
    return cut(placed, int(rng.integers(width - wide + 1)), int(rng.integers(height - high + 1)), wide, high)


def _square(placed: Placed, side: int) -> Placed:
    height, width = placed.picture.shape[:2]
    by = side / min(width, height)
    whole = resized(placed, max(side, round(width * by)), max(side, round(height * by)))
    height, width = whole.picture.shape[:2]
    return cut(whole, (width - side) // 2, (height - side) // 2, side, side)


def _mirrored(placed: Placed) -> Placed:
    mirror = np.array([[-1.0, 0, placed.picture.shape[1]], [0, 1, 0], [0, 0, 1]])
    return placed.moved(np.ascontiguousarray(placed.picture[:, ::-1]), mirror)


def _quarter(placed: Placed, clockwise: bool) -> Placed:
    height, width = placed.picture.shape[:2]
    if clockwise:
        by = np.array([[0.0, -1, height], [1, 0, 0], [0, 0, 1]])
        return placed.moved(np.ascontiguousarray(np.rot90(placed.picture, -1)), by)
    by = np.array([[0.0, 1, 0], [-1, 0, width], [0, 0, 1]])
    return placed.moved(np.ascontiguousarray(np.rot90(placed.picture)), by)


def _turned(placed: Placed, rng: Rng, degrees: float) -> Placed:
    height, width = placed.picture.shape[:2]
    angle = degrees if rng.random() < 0.5 else -degrees
    by = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), (0, 0, 1)])
    return _warped(placed, by, rng)


def _warped(placed: Placed, by: npt.NDArray[np.float64], rng: Rng) -> Placed:
    height, width = placed.picture.shape[:2]
    centred = shifting(-0.5, -0.5) @ by @ shifting(0.5, 0.5)  # OpenCV counts from the middle of a pixel
    fill = int(rng.choice((0, 255, 127)))
    picture = cv2.warpPerspective(
        placed.picture, centred, (width, height), flags=cv2.INTER_LINEAR,
        borderMode=BORDERS[int(rng.random() < 0.3)], borderValue=(fill, fill, fill),
    )  # fmt: skip
    return placed.moved(picture, by)


def _light(placed: Placed, factor: float, offset: float) -> Placed:
    levels = (np.arange(256) - 127.5) * factor + 127.5 + offset
    return placed.repainted(cv2.LUT(placed.picture, np.clip(levels, 0, 255).astype(np.uint8)))


def _either(rng: Rng, *ranges: tuple[float, float]) -> float:
    return float(rng.uniform(*ranges[rng.integers(len(ranges))]))


def _hue(placed: Placed, rng: Rng) -> Placed:
    hsv = cv2.cvtColor(placed.picture, cv2.COLOR_RGB2HSV)
    hsv[:, :, 0] = ((hsv[:, :, 0].astype(np.int32) + int(_either(rng, (10, 45), (135, 170)))) % 180).astype(
        np.uint8
    )
    saturation = hsv[:, :, 1] * _either(rng, (0.4, 0.8), (1.2, 1.8))
    hsv[:, :, 1] = np.minimum(saturation, 255).astype(np.uint8)
    return placed.repainted(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB))


def _noise(placed: Placed, rng: Rng) -> Placed:
    noise = rng.standard_normal(placed.picture.shape, dtype=np.float32) * float(rng.uniform(15, 30))
    return placed.repainted(np.clip(placed.picture + noise, 0, 255).astype(np.uint8))


def _text(placed: Placed, rng: Rng) -> Placed:
    image = drawing.Image.fromarray(placed.picture)
    pen = drawing.ImageDraw.Draw(image)
    for _ in range(int(rng.integers(2, 6))):
        size = int(image.height * rng.uniform(0.06, 0.12))
        place = (image.width * float(rng.uniform(0, 0.25)), image.height * float(rng.uniform(0, 0.88)))
        light = int(rng.choice((0, 255)))
        said = drawing.words(rng, int(rng.integers(2, 6))).upper()
        pen.text(place, said, fill=(light, light, light), font=drawing.font(max(10, size)),
                 stroke_width=max(1, size // 14), stroke_fill=(255 - light,) * 3)  # fmt: skip
    return placed.repainted(np.array(image))


def _emoji(placed: Placed, rng: Rng) -> Placed:
    picture = placed.picture
    height, width = picture.shape[:2]
    for _ in range(int(rng.integers(1, 5))):
        size = int(min(width, height) * rng.uniform(0.12, 0.3))
        left, top = int(rng.integers(width - size)), int(rng.integers(height - size))
        picture = drawing.pasted(picture, drawing.emoji(rng, size), left, top)
    return placed.repainted(picture)


def _tiled(placed: Placed, rng: Rng) -> Placed:
    height, width = placed.picture.shape[:2]
    reach = int(1.5 * max(width, height))
    layer = drawing.Image.new("L", (reach, reach), 0)
    pen = drawing.ImageDraw.Draw(layer)
    size = max(12, int(min(width, height) * rng.uniform(0.05, 0.09)))
    said = drawing.words(rng, int(rng.integers(1, 4))) + "   "
    line = said * (reach // (size * max(1, len(said) // 2)) + 2)
    for at in range(0, reach, int(size * rng.uniform(1.8, 3.2))):
        pen.text((-size * (at % 5), at), line, fill=255, font=drawing.font(size))
    turned = np.array(layer.rotate(float(rng.uniform(15, 45)), resample=drawing.Image.Resampling.BILINEAR))
    top, left = (reach - height) // 2, (reach - width) // 2
    light = np.full((height, width, 4), int(rng.choice((20, 255))), np.uint8)
    light[:, :, 3] = turned[top : top + height, left : left + width]
    return placed.repainted(drawing.pasted(placed.picture, light, 0, 0, float(rng.uniform(0.25, 0.55))))


def _padded(placed: Placed, rng: Rng) -> Placed:
    height, width = placed.picture.shape[:2]
    left, right = (int(width * rng.uniform(0.1, 0.35)) for _ in range(2))
    above, below = (int(height * rng.uniform(0.1, 0.35)) for _ in range(2))
    size = (width + left + right, height + above + below)
    if rng.random() < 0.5:
        canvas = np.full((size[1], size[0], 3), drawing.colour(rng), np.uint8)
    else:
        canvas = cv2.GaussianBlur(cv2.resize(placed.picture, size), (0, 0), max(size) / 25)
    canvas[above : above + height, left : left + width] = placed.picture
    return placed.moved(canvas, shifting(left, above))


def _in_cell(canvas: Picture, placed: Placed, cell: tuple[int, int, int, int], whole: bool) -> Placed:
    """The picture painted into a cell (left, top, width, height): whole, or cut to fill it."""
    left, top, width, height = cell
    old_height, old_width = placed.picture.shape[:2]
    by = (min if whole else max)(width / old_width, height / old_height)
    scaled = resized(placed, max(1, round(old_width * by)), max(1, round(old_height * by)))
    high, wide = scaled.picture.shape[:2]
    x, y = (width - wide) // 2, (height - high) // 2
    shown = scaled.picture[max(0, -y) : max(0, -y) + height, max(0, -x) : max(0, -x) + width]
    top_left = (left + max(0, x), top + max(0, y))
    bottom_right = (top_left[0] + shown.shape[1], top_left[1] + shown.shape[0])
    canvas[top_left[1] : bottom_right[1], top_left[0] : bottom_right[0]] = shown
    moved = scaled.moved(canvas, shifting(left + x, top + y))
    return replace(moved, clip=(*map(float, top_left), *map(float, bottom_right)))


def _collage(placed: Placed, rng: Rng, others: Others, cells: int, side: int) -> Placed:
    canvas = np.full((side, side, 3), int(rng.choice((0, 255, 230))), np.uint8)
    edge = side // cells
    gap = int(rng.integers(0, 5)) * 2 // cells
    mine = int(rng.integers(cells * cells))
    result = placed
    for at in range(cells * cells):
        cell = (at % cells * edge + gap, at // cells * edge + gap, edge - 2 * gap, edge - 2 * gap)
        whole = bool(rng.random() < 0.3)
        if at == mine:
            result = _in_cell(canvas, placed, cell, whole)
        else:
            _in_cell(canvas, Placed(others(rng)), cell, whole)
    return replace(result, picture=canvas)


def _overlay(placed: Placed, rng: Rng, others: Others) -> Placed:
    canvas = fitted(Placed(others(rng)), int(rng.integers(640, 1025))).picture.copy()
    height, width = canvas.shape[:2]
    wide, high = round(width * 0.3), round(height * 0.3)
    cell = (int(rng.integers(width - wide)), int(rng.integers(height - high)), wide, high)
    return _in_cell(canvas, placed, cell, whole=True)


def _screenshot(placed: Placed, rng: Rng, _others: Others) -> Placed:
    width, height = ((1024, 768), (1024, 640), (1024, 576))[rng.integers(3)]
    desktop, room = drawing.interface(rng, width, height)
    wide = round(width * float(rng.uniform(0.25, 0.45)))
    old_height, old_width = placed.picture.shape[:2]
    by = min(wide / old_width, (room[3] - room[1] - 8) / old_height, (room[2] - room[0] - 8) / old_width)
    small = resized(placed, max(1, int(old_width * by)), max(1, int(old_height * by)))
    high, wide = small.picture.shape[:2]
    left, top = int(rng.integers(room[0], room[2] - wide)), int(rng.integers(room[1], room[3] - high))
    canvas = drawing.fill_room(desktop, rng, room, (left, top, left + wide, top + high))
    canvas[top : top + high, left : left + wide] = small.picture
    return small.moved(canvas, shifting(left, top))


def _perspective(placed: Placed, rng: Rng, _others: Others) -> Placed:
    height, width = placed.picture.shape[:2]
    corners = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    inward = np.array(((1, 1), (-1, 1), (-1, -1), (1, -1)), np.float32) * (width, height)
    moved = corners + inward * rng.uniform(0, 0.18, size=(4, 2))
    return _warped(placed, cv2.getPerspectiveTransform(corners, moved.astype(np.float32)), rng)


def _combo_train(placed: Placed, rng: Rng, _others: Others) -> Placed:
    out = _window(_square(placed, 512), rng, float(rng.uniform(0.75, 0.95)))
    if rng.random() < 0.5:
        out = _mirrored(out)
    out = _light(out, float(rng.uniform(0.75, 1.3)), float(rng.uniform(-30, 30)))
    return replace(fitted(out, int(rng.integers(256, 385))), quality=int(rng.integers(40, 76)))


def _combo_hard(placed: Placed, rng: Rng, _others: Others) -> Placed:
    out = sized(_window(placed, rng, float(rng.uniform(0.55, 0.8))), rng)
    if rng.random() < 0.5:
        out = _mirrored(out)
    out = _text(_hue(_turned(out, rng, float(rng.uniform(5, 15))), rng), rng)
    return replace(out, quality=int(rng.integers(25, 51)))


def _after_sizing(step: Callable[[Placed, Rng], Placed]) -> Transform:
    return lambda placed, rng, _others: step(sized(placed, rng), rng)


def _cropped(share: float) -> Transform:
    return lambda placed, rng, _others: sized(_window(placed, rng, share), rng)


def _border(placed: Placed, _rng: Rng, _others: Others) -> Placed:
    small = fitted(placed, 256)
    canvas = np.full((256, 256, 3), 255, np.uint8)
    height, width = small.picture.shape[:2]
    left, top = (256 - width) // 2, (256 - height) // 2
    canvas[top : top + height, left : left + width] = small.picture
    return replace(small.moved(canvas, shifting(left, top)), quality=95)


def _grey(placed: Placed, _rng: Rng) -> Placed:
    grey = cv2.cvtColor(placed.picture, cv2.COLOR_RGB2GRAY)
    return placed.repainted(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB))


def _table() -> dict[str, Transform]:
    table: dict[str, Transform] = {}
    for quality in (90, 60, 30, 10):
        table[f"jpeg{quality}"] = _after_sizing(lambda placed, _rng, q=quality: replace(placed, quality=q))
    for longest in (512, 384, 256):
        table[f"resize{longest}"] = lambda placed, _rng, _others, n=longest: fitted(placed, n)
    table["border256"] = _border
    for side in (512, 256):
        table[f"ccrop{side}"] = lambda placed, _rng, _others, n=side: _square(placed, n)
    table["ccrop512_flip"] = lambda placed, _rng, _others: _mirrored(_square(placed, 512))
    for share in (90, 70, 50, 30):
        table[f"rcrop{share}"] = _cropped(share / 100)
    table["hflip"] = _after_sizing(lambda placed, _rng: _mirrored(placed))
    table["rot90"] = _after_sizing(lambda placed, rng: _quarter(placed, bool(rng.random() < 0.5)))
    table["rot180"] = _after_sizing(lambda placed, _rng: _quarter(_quarter(placed, True), True))
    table["rot5"] = _after_sizing(lambda placed, rng: _turned(placed, rng, float(rng.uniform(4, 6))))
    table["rot20"] = _after_sizing(lambda placed, rng: _turned(placed, rng, float(rng.uniform(17, 23))))
    table["bright"] = _after_sizing(
        lambda placed, rng: _light(placed, 1.0, _either(rng, (-70, -35), (35, 70)))
    )
    table["contrast"] = _after_sizing(
        lambda placed, rng: _light(placed, _either(rng, (0.45, 0.7), (1.4, 1.9)), 0)
    )
    table["grey"] = _after_sizing(_grey)
    table["hue_sat"] = _after_sizing(_hue)
    table["blur"] = _after_sizing(
        lambda placed, rng: placed.repainted(
            cv2.GaussianBlur(placed.picture, (0, 0), float(rng.uniform(1.5, 3)))
        )
    )
    table["noise"], table["text"] = _after_sizing(_noise), _after_sizing(_text)
    table["emoji"], table["tile_wm"] = _after_sizing(_emoji), _after_sizing(_tiled)
    table["padding"] = lambda placed, rng, _others: sized(_padded(sized(placed, rng), rng), rng)
    table["screenshot"] = _screenshot
    table["collage_50"] = lambda placed, rng, others: _collage(
        placed, rng, others, 2, int(rng.integers(256, 513)) * 2
    )
    table["collage_25"] = lambda placed, rng, others: _collage(placed, rng, others, 4, 1024)
    table["overlay_30"] = _overlay
    table["perspective"] = lambda placed, rng, others: _perspective(sized(placed, rng), rng, others)
    table["combo_train"], table["combo_hard"] = _combo_train, _combo_hard
    return table


TRANSFORMS = _table()
"""All 37, by name: from a placed picture, a generator and a supply of other pictures, to the altered picture."""
