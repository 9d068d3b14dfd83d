"""The claim folder, its texts in both languages, its page, and the figures for public use."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter

import pytest

from claims.catalogued import ON, RULES, found, owner, registration, request, reservation, work
from countermark.claims import html as page
from countermark.claims import suppression
from countermark.claims.case import Case
from countermark.claims.chapter import chapter
from countermark.claims.claim import Request, make_claim, write_claim
from countermark.claims.messages_en import MESSAGES as ENGLISH
from countermark.claims.messages_fr import MESSAGES as FRENCH
from countermark.claims.parties import Respondent
from countermark.claims.rule_steps import NEEDS
from countermark.claims.text import render_text
from countermark.claims.words import LANGUAGES
from countermark.errors import OutputError
from countermark.paper.pages import TOKENS
from countermark.works.entry import Edition

ROOM = Path(__file__).parents[2] / "src" / "countermark" / "claims"
STEPS = ("found", "yours", "title", "protected", "reserved", "registered", "funnel")


def asked() -> Request:
    """Ask for a claim with all that a report can say."""
    works = [
        work(
            "a", owner(), registration("2024-04-01"), reservation("2024-04-01"), title="<b>Tides</b> & Ashes"
        ),
        work("b", owner(), registration("2025-08-01"), title="Late"),
        work("c", owner(), published="2025-12-14", title="Soon"),
        work("d", owner(), licence="CC0", title="Free"),
        work("e", owner(), reservation("2025-09-01"), title="After"),
        work("f", title="Named"),
        work("g", owner("Another House"), title="Theirs"),
    ]
    findings = {one.work_id: found("name" if one.work_id == "f" else "found") for one in works}
    findings["c"] = found("found", snapshot="2026-01-02")
    source = {"sentence": "We used crawl-2025.", "document": "Model card", "date": "2025-10-01"}
    case = Case(ON, None, Respondent("Exemplar AI", **source))  # type: ignore[arg-type]
    return request(works, findings, *RULES.values(), case=case)


def fields(message: str) -> set[str]:
    """List the placeholders of a message."""
    return {name for _, name, _, _ in Formatter().parse(message) if name}


def test_both_languages_have_the_same_sentences() -> None:
    """Same keys, same facts in each."""
    assert set(ENGLISH) == set(FRENCH)
    assert {key: fields(text) for key, text in ENGLISH.items()} == {
        key: fields(text) for key, text in FRENCH.items()
    }


@pytest.mark.parametrize("key", sorted(FRENCH))
def test_the_french_is_typeset(key: str) -> None:
    """No breaking space before high punctuation or inside guillemets, no straight apostrophe."""
    text = FRENCH[key]
    assert not re.search(r" [;:!?»%]|« |'|\boeuvre", text)
    assert not re.search(r"[^\W\d][;!?]|[a-zéèà]:(?!//)", text)


def test_every_reason_and_remedy_has_its_words() -> None:
    """What the code names as a reason, or as what would save a work, is told in both languages."""
    code = "\n".join((ROOM / f"{step}.py").read_text(encoding="utf-8") for step in STEPS)
    reasons = re.findall(
        r'(?:False|True), "([a-z-]+)"|_dropped\("([a-z-]+)"|_Answer\([A-Za-z]+, "([a-z-]+)"', code
    )
    named = {word for found_ in reasons for word in found_ if word} - {"register"}
    assert len(named) > 25
    assert {f"reason.{name}" for name in named} <= set(ENGLISH)
    assert {f"saves.{name}" for name in re.findall(r'"key": "([a-z-]+)"', code)} <= set(ENGLISH)
    assert {f"need.{name}" for name in NEEDS} <= set(ENGLISH)


def test_the_same_claim_gives_the_same_bytes(tmp_path: Path) -> None:
    """And the folder can be written anew over itself."""
    write_claim(asked(), tmp_path / "one")
    first = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    write_claim(asked(), tmp_path / "one")
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert {"claim.json", "works.jsonl", "figures.json", "claim.en.html", "claim.fr.html"} <= set(first)
    lines = [json.loads(line) for line in first["works.jsonl"].splitlines()]
    assert [line["work_id"] for line in lines] == list("abcdefg")
    assert lines[1]["rules"]["us-504"]["dropped_at"] == "registered"


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    """Nothing is overwritten by mistake."""
    (tmp_path / "thesis.odt").write_text("years of work")
    with pytest.raises(OutputError, match="no claim folder"):
        write_claim(asked(), tmp_path)


def numbers(text: str) -> list[str]:
    """All numbers of a text without their signs for thousands; in order of size."""
    plain = re.sub(r"(?<=\d)[,\u202f](?=\d{3})", "", text)
    plain = re.sub(r"\b1er\b", "1", plain)
    return sorted(re.findall(r"\d+", plain))


def test_both_languages_say_the_same_numbers() -> None:
    """Every count, amount and day of one report stands in the other, titles of rules apart."""
    claim = make_claim(asked())
    for rule in claim.facts["rules"]:
        rule["title"] = {"en": "", "fr": ""}
    english, french = render_text(claim, "en"), render_text(claim, "fr")
    assert numbers(english) == numbers(french)
    assert english.startswith("This is not legal advice.")
    assert french.startswith("Ceci n’est pas un conseil juridique.")


def test_the_report_warns_and_gives_good_news() -> None:
    """Pending rules, good news and deadlines stand there."""
    text = render_text(make_claim(asked()), "en")
    assert "! France, Senate bill no. 220" in text
    assert "1  in the public domain" in text
    assert "Register by 14\u00a0March\u00a02026" in text
    assert all(len(line) <= 96 for line in text.splitlines())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_chapter_for_a_court_advises_nobody(language: str, tmp_path: Path) -> None:
    """No remedy, no option of a command, no "yours"; each source in the language of the chapter alone."""
    write_claim(asked(), tmp_path / "one")
    told = json.dumps(chapter(tmp_path / "one", language), ensure_ascii=False)
    say = LANGUAGES[language]
    for key in ("savings", "deadlines", "step.yours", "saves.reserve-now"):
        assert f'"{say.say(key)}"' not in told
    assert "--" not in told
    assert ("70 years after" in told) == (language == "en")
    assert "Register" not in told.replace("Registered", "")
    assert "good" not in told.casefold()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_is_whole_and_escaped(language: str) -> None:
    """No network, no script, titles escaped, the line on advice at both ends."""
    claim = make_claim(asked())
    html = page.render_html(claim, language)
    assert "&lt;b&gt;Tides&lt;/b&gt; &amp; Ashes" in html
    assert "<b>Tides" not in html
    assert "<script" not in html
    assert not re.search(r"(src|href)=\"http:|url\(", html)
    assert html.count(claim.facts["disclaimer"][language]) == 2


def test_the_page_has_the_colours_of_the_house() -> None:
    """The tokens stand in it, and it defines none of its own."""
    html = page.render_html(make_claim(asked()), "en")
    assert TOKENS.read_text(encoding="utf-8") in html
    assert html.count("--paper: #f7f4ec") == 1


def test_figures_hide_small_counts() -> None:
    """A publisher with few works is hidden, and a second with it; no title stands there."""
    works, findings = [], {}
    for at in range(60):
        publisher = "Small" if at < 3 else "Middle" if at < 20 else "Large"
        works.append(work(f"w{at:02}", editions=(Edition(publisher=publisher),)))
        findings[f"w{at:02}"] = found("found" if at % 2 else "not-found" if at > 40 else "found")
    claim = make_claim(request(works, findings, RULES["eu-cdsm"]))
    (data_set,) = claim.figures["data_sets"]
    publishers = data_set["in_data_set"]["publisher"]
    assert publishers["cells"]["Small"] == suppression.SMALL
    assert publishers["cells"]["Middle"] == suppression.HIDDEN
    assert "Lindenau" not in json.dumps(claim.figures)
    assert sum(1 for cell in publishers["cells"].values() if isinstance(cell, int)) == 1


def test_an_empty_catalog_is_told() -> None:
    """Nothing divides by nought."""
    claim = make_claim(request([], {}, *RULES.values()))
    for language in ("en", "fr"):
        assert render_text(claim, language)
        assert page.render_html(claim, language)
