"""The evidence picture of one finding: both pictures side by side, what agrees outlined, and where each stands."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageDraw

from countermark import __version__
from countermark.evidence.gallery.drawing import (
    cut_out,
    edged,
    fitted,
    margin_of,
    outlined,
    part_size,
    turned_back,
    work_corners,
)
from countermark.evidence.gallery.languages import LANGUAGES
from countermark.evidence.gallery.lettering import draw_text, drawable, wrapped
from countermark.evidence.gallery.placement import placed
from countermark.evidence.gallery.said import grade_said, in_words, measured, place_facts, work_facts
from countermark.evidence.gallery.stored import open_record, open_work, work_prints, work_sizes
from countermark.evidence.gallery.unseen import is_unseen
from countermark.evidence.report.legible import one_line
from countermark.evidence.run_folder import open_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from countermark.evidence.exhibits.places import Facts
    from countermark.evidence.gallery.placement import Placed, Size
    from countermark.evidence.gallery.stored import Opened, Prints
    from countermark.language import Language

WIDTH: Final = 2400
"""Pixels: 203 mm at 300 dpi, the width of A4 or Letter within narrow margins."""

QUALITY: Final = 92
LONGEST: Final = 1600
_MARGIN: Final = 70
_GAP: Final = 60
_COLUMN: Final = (WIDTH - 2 * _MARGIN - _GAP) // 2
_LINE: Final = 7
_TALL: Final = 1150
_TALL_PART: Final = 640
_INK, _FADED, _RULE = "#1d2430", "#474f5b", "#d9d2c1"
_NAMES: Final = 230
_LINES_OF_FACT: Final = 4


@dataclass(frozen=True, slots=True)
class SheetMaker:
    """Makes the evidence pictures of one run: what is the same for all of them is read once."""

    run: Path
    lang: str
    sizes: Mapping[str, Size]
    prints: Prints
    made: Mapping[str, str]

    @classmethod
    def of(cls, run: Path, lang: str = "en") -> SheetMaker:
        """Read what all evidence pictures of a run share. Raises RunError."""
        folder = open_run(run)
        index = folder.settings.get("index", {})
        made = {
            "version": one_line(str(folder.settings.get("engine") or __version__)),
            "digest": folder.digest,
            "index": one_line(str(index.get("identity", "")))[:16],
            "scheme": one_line(str(index.get("scheme", ""))),
        }
        return cls(run, lang, work_sizes(run), work_prints(run), made)

    def picture(self, finding: Mapping[str, Any]) -> bytes:
        """The evidence picture of one finding, a JPEG. Pictures that the run lacks are said to be absent."""
        say = LANGUAGES[self.lang]
        work = open_work(self.run, finding, LONGEST, self.prints)
        record = open_record(self.run, finding, LONGEST)
        size = self.sizes.get(finding["asset_digest"]) or (work.picture.size if work.picture else None)
        where = placed(finding, size, record.picture.size if record.picture else None)
        page = _Page(say)
        page.head(finding)
        page.sides(work, record, where)
        words = "  ·  ".join(in_words(finding, where, say))
        page.tell([words[:1].upper() + words[1:]], _INK, 32)
        page.tell(["  ·  ".join(measured(finding, say))], _FADED)
        page.tell([say.say("sheet.look" if is_unseen(finding) else "sheet.figures")], _FADED)
        page.parts(work, record, where)
        left: Facts = [
            (say.say("picture.title"), _named(finding), "name"),
            (say.say("picture.licence"), one_line(finding["work_licence"]), "name"),
            *work_facts(finding, size, say, proved=work.proved),
        ]
        right: Facts = [
            (say.say("picture.corpus"), one_line(finding["corpus"]), "name"),
            *place_facts(finding, say),
        ]
        page.facts(left, right)
        page.tell([say.say("listed.one")], _INK)
        page.tell([say.say("sheet.made", **self.made)], _FADED)
        return page.encoded()


def evidence_picture(finding: Mapping[str, Any], run: Path, lang: str = "en") -> bytes:
    """Both pictures of a finding side by side, the matched part outlined, captioned: a JPEG of 2,400 px at 300 dpi.

    `finding` is a row of the findings; `run` the run folder. The same run gives the same bytes with the same version
    of Pillow. A picture that the run folder lacks is said to be absent. Raises RunError where `run` is no run folder.
    """
    return SheetMaker.of(run, lang).picture(finding)


class _Page:
    """A page that grows downwards."""

    def __init__(self, say: Language) -> None:
        self._say = say
        self._page = Image.new("RGB", (WIDTH, 6000), "white")
        self._y = _MARGIN
        self._text: list[str] = []

    def head(self, finding: Mapping[str, Any]) -> None:
        """The grade in words, and which finding it is."""
        say, name = self._say, self._say.say("sheet.finding", id=finding["finding_id"])
        self._write(_MARGIN, grade_said(finding, say), 56, _INK)
        self._text.append(name)
        draw_text(self._page, (_MARGIN + _COLUMN + _GAP, self._y + 22), name, 30, _FADED)
        self._y += 92
        self._rule()

    def sides(self, work: Opened, record: Opened, where: Placed) -> None:
        """Both pictures, the matched part outlined."""
        say = self._say
        top = self._y
        self._label(("picture.work", "picture.record"))
        bottom = self._y
        for column, opened, corners in ((0, work, work_corners(where)), (1, record, where.outline)):
            x = self._x(column)
            if opened.picture is None:
                side = ("work", "record")[column]
                lines = wrapped(say.say(f"picture.{opened.absent}.{side}"), 30, _COLUMN, 3)
                for number, line in enumerate(lines):
                    self._write(x, line, 30, _FADED, self._y + 20 + 44 * number)
                bottom = max(bottom, self._y + 200)
                continue
            margin = margin_of(_LINE)
            size = fitted(opened.picture.size, (_COLUMN - margin, _TALL))
            drawn = outlined(opened.picture.resize(size, Image.Resampling.LANCZOS), corners, _LINE)
            self._page.paste(drawn, (x - margin, self._y))
            bottom = max(bottom, self._y + drawn.height)
        self._y = max(bottom, top) + 14
        if where.outline and where.box and work.picture and record.picture:
            self.tell([say.say("sheet.same")], _FADED)

    def parts(self, work: Opened, record: Opened, where: Placed) -> None:
        """The matched part cut out of both, laid the same way; left out where both sides show the whole upright."""
        if work.picture is None or record.picture is None:
            return
        size = part_size(where, work.picture.size, (_COLUMN, _TALL_PART))
        if where.fills_both or size is None:
            return
        pair = cut_out(work.picture, where, size), turned_back(record.picture, where, size)
        if pair[0] is None or pair[1] is None:
            return
        self._y += 20
        self._label(("sheet.part.work", "sheet.part.record"))
        for column, part in enumerate((pair[0], pair[1])):
            edged(self._page, part, (self._x(column), self._y))
        self._y += size[1] + 24

    def facts(self, left: Facts, right: Facts) -> None:
        """Names and values under each side."""
        self._y += 10
        self._rule()
        bottom = self._y
        for column, facts in ((0, left), (1, right)):
            y = self._y
            for fact in facts:
                y = self._fact(self._x(column), y, fact)
            bottom = max(bottom, y)
        self._y = bottom + 16
        self._rule()

    def _fact(self, x: int, y: int, fact: tuple[str, str, str]) -> int:
        """One name and value; returns where the next begins."""
        label, value, kind = fact
        if not value:
            return y
        self._text.append(f"{label} {value}".strip())
        size = 23 if kind == "digest" else 26
        names = wrapped(label, 26, _NAMES - 20, 3)
        values = wrapped(value, size, _COLUMN - _NAMES, _LINES_OF_FACT)
        for at, lines, letters, ink in ((x, names, 26, _FADED), (x + _NAMES, values, size, _INK)):
            for number, line in enumerate(lines):
                draw_text(self._page, (at, y + 36 * number), line, letters, ink)
        return y + 36 * max(len(names), len(values)) + 4

    def tell(self, sentences: list[str], ink: str, size: int = 28) -> None:
        """Sentences over the whole width."""
        self._text += sentences
        for line in wrapped(" ".join(sentences), size, WIDTH - 2 * _MARGIN, 6):
            draw_text(self._page, (_MARGIN, self._y), line, size, ink)
            self._y += round(size * 1.4)
        self._y += 6

    def encoded(self) -> bytes:
        """The page as JPEG; its comment is the whole text in UTF-8."""
        if not all(drawable(text) for text in self._text):
            self.tell([self._say.say("sheet.boxes")], _FADED)
        page = self._page.crop((0, 0, WIDTH, self._y + _MARGIN // 2))
        out = io.BytesIO()
        comment = "\n".join(self._text).encode("utf-8", "replace")[:60_000]
        page.save(out, "JPEG", quality=QUALITY, subsampling=0, dpi=(300, 300), comment=comment)
        return out.getvalue()

    def _x(self, column: int) -> int:
        return _MARGIN + column * (_COLUMN + _GAP)

    def _label(self, keys: tuple[str, str]) -> None:
        for column, key in enumerate(keys):
            self._write(self._x(column), self._say.say(key), 34, _INK)
        self._y += 56

    def _write(self, x: int, text: str, size: int, ink: str, y: int | None = None) -> None:
        draw_text(self._page, (x, self._y if y is None else y), text, size, ink)

    def _rule(self) -> None:
        ImageDraw.Draw(self._page).line((_MARGIN, self._y, WIDTH - _MARGIN, self._y), fill=_RULE, width=3)
        self._y += 26


def _named(finding: Mapping[str, Any]) -> str:
    """Title and author, or the work's identifier."""
    title = one_line(finding["work_title"]) or one_line(finding["work_id"])
    author = one_line(finding["work_author"])
    return f"{title}, {author}" if author else title
