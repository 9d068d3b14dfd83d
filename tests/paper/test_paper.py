"""Paper: the same bytes twice, text that stays text, and pages that hold what they were given."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from countermark.paper import blocks
from countermark.paper.typesetting import set_pdf


def document(*content: blocks.Block, paper: str = "a4") -> dict[str, object]:
    """A document of some blocks."""
    return {
        "title": "Dossier",
        "subtitle": "Countermark",
        "language": "fr",
        "year": "2026",
        "paper": paper,
        "footer": "pied",
        "page_word": "page",
        "blocks": list(content),
    }


def text_of(pdf: bytes) -> str:
    """All text of a PDF, white space and places to break taken out."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).replace("\u200b", "").split())


EVERY_KIND = (
    blocks.heading("Un titre"),
    blocks.heading("Un sous-titre", 2),
    *(blocks.paragraph("Un paragraphe", style) for style in ("", "lead", "faded", "remark")),
    blocks.facts([("nom", "valeur")]),
    blocks.facts(
        [("empreinte", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")], code=True
    ),
    blocks.table(
        [("Œuvre", "left", "3"), ("Part", "right", "auto")], [("copy|La Jetée", "43 %"), ("a|b", "1 %")]
    ),
    blocks.bars([("trouvées", 3, 12, "3 / 12"), ("rien", 0, 0, "0 / 0")]),
    blocks.items(["un", "deux"]),
    blocks.steps([("Vérifier", "sha256sum -c manifest-sha256.txt"), ("Lire", "")]),
    blocks.passage(
        "La Jetée", "copy", "12 lettres", [blocks.side("œuvre", "0 à 3", [("abc", ""), ("d", "change")])], "x"
    ),
    blocks.new_page(),
    blocks.paragraph("La fin"),
)


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_every_kind_of_block_is_set_and_twice_the_same(paper: str) -> None:
    """On both sizes of paper, with every text that was given."""
    made = set_pdf(document(*EVERY_KIND, paper=paper), date="2026-11-23")
    assert made == set_pdf(document(*EVERY_KIND, paper=paper), date="2026-11-23")
    text = text_of(made)
    said = [
        "Untitre",
        "Unparagraphe",
        "43%",
        "a|b",
        "3/12",
        "sha256sum-cmanifest-sha256.txt",
        "abcd",
        "Lafin",
    ]
    assert [one for one in said if one not in text] == []
    assert "copy|" not in text


def test_the_date_is_the_one_given() -> None:
    """No clock: the metadata bear the day of the document."""
    made = PdfReader(io.BytesIO(set_pdf(document(blocks.paragraph("x")), date="2024-02-29")))
    assert made.metadata is not None
    assert str(made.metadata.creation_date)[:10] == "2024-02-29"


HOSTILE = [
    '#panic("x")',
    '#read("/etc/passwd")',
    "$x^2$",
    "*bold* _it_ @label <tag>",
    "\\u{41}",
    "// no",
    "`raw`",
    "= H",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_markup(text: str) -> None:
    """What a catalogue calls a work stands on the page as it is."""
    made = set_pdf(
        document(blocks.paragraph(text), blocks.heading(text), blocks.table([("t", "left", "1")], [(text,)])),
        date="2026-11-23",
    )
    assert text_of(made).count("".join(text.split())) >= 3


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_set(text: str) -> None:
    """Control characters, joiners, other scripts: a page comes out."""
    json.dumps(text)
    content = [
        blocks.paragraph(text),
        blocks.facts([(text, text)], code=True),
        blocks.table([(text, "left", "1")], [(text,)]),
    ]
    made = set_pdf(document(*content), date="2026-11-23")
    assert made.startswith(b"%PDF-")


def test_a_long_name_stays_on_the_page() -> None:
    """It is broken rather than cut off: all of it can be read."""
    name = "".join(f"{number:04d}" for number in range(100))
    made = set_pdf(
        document(blocks.table([("n", "left", "1"), ("m", "left", "1")], [(name, name)])), date="2026-11-23"
    )
    assert text_of(made).count("0099") == 2
