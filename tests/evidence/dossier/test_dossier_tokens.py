"""The report of a dossier of token ids: how they were read, and what must be read with an outcome in doubt."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from countermark.evidence.dossier.contents import SealInputs
from countermark.evidence.dossier.keys import new_key
from countermark.evidence.dossier.redact import Withhold, redact
from countermark.evidence.dossier.report.compose import Subject, report_pdf
from countermark.evidence.dossier.seal import seal
from countermark.evidence.dossier.verify import verify_dossier
from countermark.evidence.report.html import render_html
from countermark.evidence.report.selection import select
from countermark.evidence.report.text import render_text
from countermark.scan import AskedTokenizers, ScanSettings, run_scan
from token_corpora import as_megatron, as_parquet, tables, texts, tokenizer, works_index

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-23"
DOUBT = {
    "en": (
        "trialspeaksagainstit",
        "thataworkwasnotfoundsayslittle",
        "Butitswordsspeakagainstit",
        "nonerefused;butsometokenids",
        "Ofsomeofthemthereisreasontodoubt",
        "Thataworkwhichsearch1didnotfindisnotinitsdataset",
    ),
    "fr": (
        "essaiparlecontrelui",
        "n’aitpasététrouvéeneditpasgrand-chose",
        "Maissesmotsparlentcontrelui",
        "aucunrefus;maisdesjetons",
        "ilyalieud’endouter",
        "Qu’uneœuvrequelarecherche1n’apastrouvéenefigurepas",
    ),
}
TOLD = {
    "en": ("Howthetokenidswereread", "foundbytrial", "small-0", "onlywheretheywerereadwiththerighttokeniser"),
    "fr": ("Commentlesjetonsontétélus", "trouvéparessai", "small-0", "làoùilsontétélusaveclebontokeniseur"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same ids searched by trial and with a wrong tokeniser that was named, each sealed."""
    place = tmp_path_factory.mktemp("dossier-tokens")
    index, at_hand, key = works_index(place), tables(place), new_key(place / "key.pem")
    as_megatron(place / "ids", texts(), tokenizer())
    as_parquet(place / "ids" / "columns", texts(seed=1), tokenizer())
    for name, named in (("right", None), ("wrong", "small-1")):
        asked = AskedTokenizers(at_hand, named)
        run_scan(ScanSettings(index, (place / "ids",), place / name / "run", workers=1, tokenizers=asked))
        runs = (place / name / "run",)
        about = Subject(runs, place / name / "attempts.jsonl", DAY)
        made = {f"report.{language}.pdf": report_pdf(about, language) for language in ("en", "fr")}
        seal(SealInputs(runs, DAY, reports=made), key, place / name / "bag")
    return place


def text_of(bag: Path, language: str) -> str:
    """All text of a sealed report, without white space, marks of direction and hyphens at line ends."""
    pages = PdfReader(io.BytesIO((bag / "data" / f"report.{language}.pdf").read_bytes())).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    return text.translate(dict.fromkeys((0xAD, 0x200B, 0x2010, 0x2068, 0x2069)))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_says_how_ids_were_read(place: Path, language: str) -> None:
    """By which tokeniser and how it was found; and the guarantee with what it stands on."""
    text = text_of(place / "right" / "bag", language)
    assert [said for said in TOLD[language] if said not in text] == []
    assert [said for said in DOUBT[language] if said in text] == []
    assert "16bits(<" in text
    assert "32bits(<i4)" in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_wrong_tokeniser_is_warned_of_where_the_outcome_is_told(place: Path, language: str) -> None:
    """On the first page, with the outcome and among the limits; and that nothing was refused says no more than that."""
    text = text_of(place / "wrong" / "bag", language)
    assert [said for said in DOUBT[language] if said not in text] == []
    assert text.count(DOUBT[language][0]) == 2
    assert "small-1" in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_reports_of_the_search_warn_as_well(place: Path, language: str) -> None:
    """Before the outcome; the heading that they point to stands in each."""
    selection = select(place / "wrong" / "run")
    warned = {"en": "a trial speaks against it", "fr": "un essai parle contre lui"}[language]
    heading = {"en": "How the token ids were read", "fr": "Comment les jetons ont été lus"}[language]
    page = render_html(selection, language)
    lines = " ".join(render_text(selection, language).split())
    assert page.index(warned) < page.index(heading)
    assert "(\u2068&lt;u2\u2069)" in page
    assert lines.index(warned) < lines.index(heading)


def test_a_dossier_of_ids_verifies_and_so_does_its_redacted_copy(place: Path, tmp_path: Path) -> None:
    """The report names a tokeniser, which is nobody's secret, and is withheld as one of the whole set."""
    bag = place / "right" / "bag"
    kept = [path.name for path in (bag / "data/runs/run/tokenizers").iterdir()]
    assert kept == [f"{tokenizer().digest}.tokens"]
    assert verify_dossier(bag).holds
    (item, *_) = sorted(bag.glob("data/items/*/work.json"))
    work = json.loads(item.read_bytes())["work_id"]
    copy = tmp_path / "copy"
    redact(bag, copy, Withhold(works=frozenset({work})), "unpublished", DAY)
    assert verify_dossier(copy).holds
    assert not list(copy.glob("data/report.*.pdf"))
