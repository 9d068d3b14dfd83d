"""What a page is made of. Each block is a plain dictionary that `paper.typ` knows how to set; text is never markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Block = dict[str, Any]


def heading(text: str, level: int = 1) -> Block:
    """A heading, of level 1 (a chapter) or 2."""
    return {"kind": "heading", "text": text, "level": level}


def paragraph(text: str, style: str = "") -> Block:
    """A paragraph; `style` is `lead` (large), `faded`, `remark` (with a rule beside it) or empty."""
    return {"kind": "paragraph", "text": text, "style": style}


def facts(rows: Iterable[tuple[str, str]], *, code: bool = False) -> Block:
    """Names and values in two columns; with `code` the values are digests or paths."""
    return {"kind": "facts", "rows": [list(row) for row in rows], "code": code}


def table(columns: Sequence[tuple[str, str, str]], rows: Iterable[Sequence[str]]) -> Block:
    """A table. A column is (title, `left` | `right`, width as `auto` or a number of fractions)."""
    return {
        "kind": "table",
        "columns": [{"title": title, "align": align, "width": width} for title, align, width in columns],
        "rows": [list(row) for row in rows],
    }


def bars(rows: Iterable[tuple[str, int, int, str]]) -> Block:
    """Counts with their denominator as bars: (label, count, of how many, the two as text)."""
    return {
        "kind": "bars",
        "rows": [
            {"label": label, "share": count / of if of else 0.0, "said": said}
            for label, count, of, said in rows
        ],
    }


def items(rows: Iterable[str]) -> Block:
    """A list with dashes."""
    return {"kind": "items", "rows": list(rows)}


def steps(rows: Iterable[tuple[str, str]]) -> Block:
    """Numbered steps: what to do, and the command for it (empty where there is none)."""
    return {"kind": "steps", "rows": [{"text": text, "code": code} for text, code in rows]}


def passage(title: str, grade: str, said: str, sides: Sequence[Block], under: str) -> Block:
    """Two passages side by side; `grade` names the shape, `sides` come from `side`."""
    return {
        "kind": "passage",
        "title": title,
        "grade": grade,
        "said": said,
        "sides": list(sides),
        "under": under,
    }


def side(label: str, place: str, pieces: Iterable[tuple[str, str]]) -> Block:
    """One side of a passage: its label, where it stands, and its text in pieces of (text, `` | `change`)."""
    return {"label": label, "place": place, "pieces": [{"text": text, "mark": mark} for text, mark in pieces]}


def new_page() -> Block:
    """What follows begins on a new page."""
    return {"kind": "page"}
