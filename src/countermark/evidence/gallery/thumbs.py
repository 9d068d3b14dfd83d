"""Small pictures for a page, as data URIs, so that the report stays one file; all together within a bound."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.gallery.drawing import cut_out, part_size, turned_back, work_corners
from countermark.evidence.gallery.placement import placed, scaled
from countermark.evidence.gallery.stored import open_record, open_work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from countermark.evidence.gallery.placement import Placed, Point
    from countermark.evidence.gallery.selection import Gallery
    from countermark.evidence.gallery.stored import Opened

LONGEST: Final = 640
PART: Final = 400
QUALITY: Final = 80
MOST: Final = 20_000_000
"""Characters of all data URIs of a page together, at most."""


@dataclass(frozen=True, slots=True)
class Thumb:
    """A small picture; `outline` are the points of an SVG polygon over it, `disc` the place of its first corner."""

    src: str
    width: int
    height: int
    outline: str = ""
    disc: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Thumbs:
    """The small pictures of one finding; `absent` says of each side why there is none ("" where there is one)."""

    where: Placed
    work: Thumb | None
    record: Thumb | None
    parts: tuple[Thumb, Thumb] | None
    absent: dict[str, str]
    proved: bool = True
    """Whether the run records what the digest of the work's print must be; true where none is shown."""


@dataclass(slots=True)
class ThumbMaker:
    """Makes the small pictures of a page until there are MOST characters of them."""

    gallery: Gallery
    used: int = field(default=0)

    def of(self, finding: dict[str, Any]) -> Thumbs:
        """The small pictures of one finding."""
        work = open_work(self.gallery.run, finding, LONGEST, self.gallery.prints)
        record = open_record(self.gallery.run, finding, LONGEST)
        size = self.gallery.sizes.get(finding["asset_digest"]) or (
            work.picture.size if work.picture else None
        )
        where = placed(finding, size, record.picture.size if record.picture else None)
        shown = [self._side(work, work_corners(where)), self._side(record, where.outline)]
        parts = self._parts(work.picture, record.picture, where)
        added = sum(len(thumb.src) for thumb in (*shown, *(parts or ())) if thumb)
        absent = {"work": work.absent, "record": record.absent}
        if self.used + added > MOST:
            return Thumbs(where, None, None, None, {name: why or "full" for name, why in absent.items()})
        self.used += added
        return Thumbs(where, shown[0], shown[1], parts, absent, work.proved)

    def _side(self, opened: Opened, corners: Sequence[Point] | None) -> Thumb | None:
        if opened.picture is None:
            return None
        width, height = opened.picture.size
        if corners is None:
            return Thumb(data_uri(opened.picture), width, height)
        points = [(round(x, 1), round(y, 1)) for x, y in scaled(corners, (width, height))]
        outline = " ".join(f"{x},{y}" for x, y in points)
        return Thumb(data_uri(opened.picture), width, height, outline, points[0])

    def _parts(
        self, work: Image.Image | None, record: Image.Image | None, where: Placed
    ) -> tuple[Thumb, Thumb] | None:
        """The matched part of both; None where there is nothing to turn back or to cut."""
        if work is None or record is None or where.fills_both:
            return None
        size = part_size(where, work.size, (PART, PART))
        if size is None:
            return None
        mine, back = cut_out(work, where, size), turned_back(record, where, size)
        if mine is None or back is None:
            return None
        return Thumb(data_uri(mine), *size), Thumb(data_uri(back), *size)


def data_uri(picture: Image.Image) -> str:
    """The picture as a JPEG within a URI."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode("ascii")
