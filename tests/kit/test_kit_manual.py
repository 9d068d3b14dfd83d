"""The manual: the same in both languages, for print and for a terminal."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from countermark.kit.manual import blocks_of, manual_page, manual_text

FACTS: dict[str, Any] = {
    "countermark": "9.9",
    "salt": "apart",
    "index": {
        "works": 1234,
        "identity": "ab" * 32,
        "scheme": "text-l20g20-v1",
        "guarantee_letters": 132,
    },
}


def test_both_languages_have_the_same_steps() -> None:
    english, french = blocks_of(FACTS, "en"), blocks_of(FACTS, "fr")
    assert [block.kind for block in english] == [block.kind for block in french]
    options = [re.findall(r"--[a-z-]+", block.text) for block in english if block.kind == "code"]
    assert options == [re.findall(r"--[a-z-]+", block.text) for block in french if block.kind == "code"]


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("salt", ["apart", "inside"])
def test_everything_is_filled_in(lang: str, salt: str) -> None:
    facts = FACTS | {"salt": salt}
    for page in (manual_page(facts, lang), manual_text(facts, lang)):
        assert "9.9" in page
        assert not re.search(r"\{[a-z]+\}", page.partition("</style>")[2] or page)
        assert ("--salt-file" in page) == (salt == "apart")


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "en",
            (
                "132 unchanged letters in a row are sure to be found, instead of 80",
                "may go on for a few words at either end, and its place in the work is mostly a few characters off",
                "Shares are lower bounds",
            ),
        ),
        (
            "fr",
            (
                "132 lettres inchangées à la suite sont sûres d’être trouvées, au lieu de 80",
                "de quelques mots à chaque bout, et sa place dans l’œuvre est le plus souvent décalée",
                "Les parts sont des minimums",
            ),
        ),
    ],
)
def test_what_a_sealed_index_costs_is_told(lang: str, told: tuple[str, ...]) -> None:
    text = " ".join(manual_text(FACTS, lang).split())
    assert [said for said in told if said not in text] == []
    runs = [
        block.text for block in blocks_of(FACTS, lang) if block.kind == "code" and "kit run" in block.text
    ]
    assert ["--dry-run" in run for run in runs] == [True, False]
    assert "--snapshot-date" in runs[1]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_page_needs_nothing_from_outside(lang: str) -> None:
    page = manual_page(FACTS, lang)
    assert "<script" not in page
    assert not re.search(r"(src|href)=", page)
    assert "default-src 'none'" in page
    figure = page[page.index('<svg viewBox="0 0 720') : page.index("</figure>")]
    assert ET.fromstring(figure).find("title") is not None  # noqa: S314


def test_french_spaces() -> None:
    text = manual_text(FACTS, "fr")
    prose = [line for line in text.splitlines() if not line.startswith("        ")]
    assert not [line for line in prose if re.search(r" [;!?:»]|« ", line)]
    assert "1\u202f234" in text
