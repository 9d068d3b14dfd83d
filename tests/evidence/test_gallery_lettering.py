"""Letters in pictures: accents are drawn, lines fit, nothing that comes from outside can fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from countermark.evidence.gallery.languages import LANGUAGES
from countermark.evidence.gallery.lettering import draw_text, drawable, width_of, wrapped


def drawn(text: str, size: int = 40) -> Image.Image:
    """The text on white."""
    page = Image.new("RGB", (900, 90), "white")
    draw_text(page, (20, 20), text, size, "#000000")
    return page


def ink(text: str) -> int:
    """How many pixels are dark."""
    return sum(drawn(text).convert("L").histogram()[:128])


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_sentence_can_be_drawn(lang: str) -> None:
    """No letter of the reports' own sentences stands as an empty box."""
    sheet = [
        text for key, text in LANGUAGES[lang].messages.items() if key.startswith(("sheet", "picture", "seen"))
    ]
    assert len(sheet) > 40
    assert all(drawable(text) for text in sheet)


@pytest.mark.parametrize("letter", "éèêëàâçôöûüùîïñÉÀÇÎåšž")
def test_accents_add_ink_and_no_width(letter: str) -> None:
    """An accented letter is its letter and a mark."""
    bare = {
        "é": "e",
        "É": "E",
        "À": "A",
        "Ç": "C",
        "Î": "I",
        "ç": "c",
        "ñ": "n",
        "å": "a",
        "š": "s",
        "ž": "z",
    }
    base = bare.get(letter) or {"è": "e", "ê": "e", "ë": "e", "à": "a", "â": "a"}.get(letter)
    base = base or {"ô": "o", "ö": "o", "û": "u", "ü": "u", "ù": "u", "î": "i", "ï": "i"}[letter]
    assert drawable(letter)
    assert width_of(letter, 40) == width_of(base, 40)
    assert ImageChops.difference(drawn(letter), drawn(base)).getbbox() is not None
    if base != "i":
        assert ink(letter) > ink(base)


def test_what_the_type_lacks_is_a_box() -> None:
    """And is known to be one."""
    assert not drawable("雨の駅")
    assert not drawable("\x1b[31m")
    assert ink("雨") > 0


@given(st.text(max_size=120), st.integers(60, 900), st.integers(1, 5))
def test_lines_fit(text: str, room: int, most: int) -> None:
    """At most `most` lines, none wider than the room, whatever the text."""
    lines = wrapped(text, 30, room, most)
    assert len(lines) <= most
    assert all(width_of(line, 30) <= room for line in lines)


def test_a_cut_is_marked() -> None:
    """And what fits is not touched."""
    assert wrapped("one two", 30, 900, 2) == ["one two"]
    assert wrapped("word " * 200, 30, 300, 2)[-1].endswith("…")
    assert "".join(wrapped("a" * 100, 30, 300, 20)) == "a" * 100


@given(st.text(max_size=30))
def test_anything_can_be_written(text: str) -> None:
    """No text from outside stops an evidence picture."""
    drawn(text, 26)
