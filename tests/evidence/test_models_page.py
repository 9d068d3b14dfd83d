"""The page of a study: its numbers are those of the result, in both languages, and it says no more than they do."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from countermark.evidence.models.figures import chance, figure
from countermark.evidence.models.languages import LANGUAGES
from countermark.evidence.models.page import render_study
from countermark.evidence.models.write import render, write_study
from evidence.models_runs import GIVEN, KINDS, forge, make, result_of
from test_house import claims_training

if TYPE_CHECKING:
    from pathlib import Path

EN, FR = LANGUAGES["en"], LANGUAGES["fr"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("studies")
    return {kind: make(kind, folder / kind) for kind in KINDS}


@pytest.fixture(scope="module")
def pages(runs: dict[str, Path]) -> dict[tuple[str, str], str]:
    return {(kind, lang): render_study(run, lang) for kind, run in runs.items() for lang in LANGUAGES}


def text_of(page: str) -> str:
    """The words of a page, each space a plain one."""
    body = re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_file_that_asks_for_nothing_and_runs_nothing(
    pages: dict[tuple[str, str], str], kind: str, lang: str
) -> None:
    page = pages[kind, lang]
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:\"" in page
    assert not re.search(
        r"<script|<link(?! rel=\"icon\" href=\"data:)|\son\w+=|(?:src|href)=\"(?!#|data:)", page
    )
    assert f'<html lang="{lang}">' in page
    assert page.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert anchor in ids
    for named in re.findall(r'aria-labelledby="([^"]+)"', page):
        assert named in ids


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_picture_is_told_in_words(pages: dict[tuple[str, str], str], kind: str, lang: str) -> None:
    for picture in re.findall(r"<svg[^>]*>", pages[kind, lang]):
        told = re.search(r'aria-label="([^"]*)"', picture)
        assert 'aria-hidden="true"' in picture or ('role="img"' in picture and told and len(told[1]) > 5), (
            picture
        )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_says_more_than_the_grade(pages: dict[tuple[str, str], str], kind: str, lang: str) -> None:
    """No "trained on"; "proof" stands where a claim is rejected, "reproduction" where something came out."""
    text = text_of(pages[kind, lang])
    assert claims_training(text) == []
    assert not re.search(r"entraîné", text)
    proved = {"trap", "exact"}
    name = {"en": "Grade A: proof", "fr": "Niveau A : preuve"}[lang]
    assert (name in plain(text)) == (kind in proved)
    name = {"en": "Grade B: reproduction", "fr": "Niveau B : reproduction"}[lang]
    assert (name in plain(text)) == (kind in {"extract", "void", "ask"})
    assert plain(LANGUAGES[lang].say("not")) in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_numbers_of_a_test_of_traps(
    runs: dict[str, Path], pages: dict[tuple[str, str], str], lang: str
) -> None:
    result, say, text = result_of(runs["trap"]), LANGUAGES[lang], text_of(pages["trap", lang])
    assert [claim["channel"] for claim in result["claims"] if claim["rejected"] and not claim["work"]] == [
        "paid"
    ]
    for claim in result["claims"]:
        for value in (claim["p"], claim["adjusted"], claim["raw"]["p"], claim["e_value"]):
            assert plain(figure(value, say)) in text
        told = claim[result["statistic"]]
        if claim["work"] is None:
            assert plain(f"{say.number(told['at_least'] + 1)} / {say.number(told['draws'] + 1)}") in text
    for work in result["works"]:
        rank = round(work["residualised"]["p"] * 60)
        assert plain(say.say("trap.here", rank=rank)) in text
        assert plain(figure(work["residualised"]["z"], say)) in text
    first = {
        "en": "Out of 60 equally likely candidates, the model finds the published one the most familiar of all. "
        "Chance does as well in 1 of 60 cases.",
        "fr": "Sur 60 candidates également probables, la version publiée est la plus familière de toutes au modèle. "
        "Le hasard fait aussi bien dans 1 cas sur 60.",
    }
    assert first[lang] in text
    assert plain(say.say("e.mean")) in text
    assert plain(say.say("trap.null")) in text


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_hold_the_same_facts(pages: dict[tuple[str, str], str], kind: str) -> None:
    """The same figures in the same number, whatever the marks; the same digests; the same pictures."""
    found = []
    for lang in LANGUAGES:
        page = pages[kind, lang]
        cells = re.findall(r'<td class="n"[^>]*>(.*?)</td>', page)
        marks = {"en": ",", "fr": "\u202f"}[lang]
        shown = [
            re.sub(r"[\u00a0\u202f]|<[^>]+>", "", cell.replace(marks, "")).replace(",", ".") for cell in cells
        ]
        figures = [cell for cell in shown if re.fullmatch(r"[<>−]?[\d.×10⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+%?", cell)]
        pictures = re.findall(r'<(?:rect|circle|path)[^>]*(?: d=| width=| cx=)"[^"]*"', page)
        digests = re.findall(r"sha256:[0-9a-f]{64}|\b[0-9a-f]{64}\b", page)
        found.append((figures, pictures, digests))
    assert found[0] == found[1]
    assert len(found[0][0]) > 10


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_numbers_of_extraction(
    runs: dict[str, Path], pages: dict[tuple[str, str], str], lang: str
) -> None:
    result, say, text = result_of(runs["extract"]), LANGUAGES[lang], text_of(pages["extract", lang])
    for work in result["works"]:
        if work["role"] == "work":
            facts = {"covered": work["covered"], "asked": work["asked_characters"]}
            assert plain(say.say("extract.share", share=say.share(work["coverage"]), **facts)) in text
            k = round(work["conformal_p"] * 40)
            told = say.say(
                "extract.p", m=40, controls=39, n=k, p=figure(k / 40, say), held=figure(work["holm_p"], say)
            )
            assert plain(told if work["covered"] else say.say("extract.p.low")) in text
            assert (plain(told) in text) == bool(work["covered"])
        else:
            assert plain(chance(work["highest"], say)) in text
    best = max(hit["t1"] for hit in result["works"][0]["texts"][0]["hits"])
    assert plain(chance(best, say)) in text
    for name, key in (("asked", "asked"), ("counted", "counted"), ("windows_cut", "cut")):
        label = plain(say.say(f"extract.asked.{key}"))
        assert f"{label} {say.number(result['counts'][name])}" in text
    assert plain(say.say("extract.unchecked", least=10)) in text


def test_a_void_comparison_is_said_first_and_gives_no_p(pages: dict[tuple[str, str], str]) -> None:
    for lang, say in LANGUAGES.items():
        page = pages["void", lang]
        assert re.search(rf"<h1[^>]*>{re.escape(say.say('grade.void'))}</h1>", page)
        text = text_of(page)
        assert text.count(plain(say.say("extract.p.void"))) == 12
        assert "p =" not in text.split(plain(say.say("null")))[1].split(plain(say.say("controls")))[0]
        assert plain(say.say("extract.p", m=21, controls=20, n=1, p="", held="")).split(":")[0] not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_numbers_of_questions(
    runs: dict[str, Path], pages: dict[tuple[str, str], str], lang: str
) -> None:
    say = LANGUAGES[lang]
    work = result_of(runs["ask"])["works"][0]
    text = text_of(pages["ask", lang])
    assert plain(say.say("ask.longest", outside=work["outside"], longest=work["longest"])) in text
    assert plain(figure(work["conformal_p"], say)) in text
    run = work["best"]["text"][slice(*work["best"]["run"])]
    assert f'<span class="h1">{html.escape(run)}</span>' in pages["ask", lang]
    exact, text = result_of(runs["exact"])["exact"], text_of(pages["exact", lang])
    for claim in exact["claims"]:
        assert plain(say.say("ask.of", k=claim["k"], of=claim["n"])) in text
        assert plain(figure(claim["holm_p"], say)) in text


def test_the_denominators_and_the_digests_of_the_log(
    runs: dict[str, Path], pages: dict[tuple[str, str], str]
) -> None:
    for kind, run in runs.items():
        told = json.loads((run / "run.json").read_bytes())
        for lang, say in LANGUAGES.items():
            page, text = pages[kind, lang], text_of(pages[kind, lang])
            for name, value in told["counted"].items():
                assert f"{plain(say.say(f'counted.{name}'))} {plain(say.number(value))}" in text
            for digest in (told["plan"], told["result"], told["log"]["head"]):
                assert digest in page


def test_the_commands_on_the_page_give_the_digests_on_the_page(
    runs: dict[str, Path], pages: dict[tuple[str, str], str]
) -> None:
    """As a reader would type them, in the folder of the study."""
    for kind, run in runs.items():
        steps = re.findall(r"<pre[^>]*>(.*?)</pre>", pages[kind, "en"])[:3]
        told = json.loads((run / "run.json").read_bytes())
        expected = (told["result"], told["plan"], told["log"]["head"])
        for step, digest in zip(steps, expected, strict=True):
            command = html.unescape(step).replace("python3", sys.executable)
            done = subprocess.run(
                ["bash", "-c", command], cwd=run, capture_output=True, check=True, text=True
            )
            assert digest.removeprefix("sha256:") in done.stdout


def test_the_works_words_are_shown_only_where_they_may_be(runs: dict[str, Path], tmp_path: Path) -> None:
    """From the run's folder; from files that have the digest; never those of controls; or not at all."""
    run = tmp_path / "run"
    shutil.copytree(runs["extract"], run)
    start = " ".join(GIVEN.split()[:8])
    controls = (run / "texts" / f"{_control(run)}.txt").read_text()
    assert start in text_of(render_study(run, "en"))
    assert controls[:60] not in render_study(run, "en")
    hidden = render_study(run, "en", texts=False)
    assert start not in text_of(hidden)
    assert "--no-texts" not in hidden
    shutil.rmtree(run / "texts")
    assert start not in text_of(render_study(run, "en"))
    files = tmp_path / "files"
    files.mkdir()
    (files / "one.txt").write_text(GIVEN)
    (files / "other.txt").write_text("not a work")
    (files / "broken.docx").write_bytes(b"PK\x03\x04")
    assert start in text_of(render_study(run, "en", works=files))
    best = result_of(runs["ask"])["works"][0]["best"]["text"][:40]
    assert html.escape(best) not in render_study(runs["ask"], "en", texts=False)


def _control(run: Path) -> str:
    works: list[dict[str, Any]] = result_of(run)["works"]
    digest: str = next(work["texts"][0]["sha256"] for work in works if work["role"] == "control")
    return digest


def test_the_other_forms(runs: dict[str, Path], tmp_path: Path) -> None:
    """JSON is the result byte for byte; text is what the command said; the same bytes each time."""
    for kind, run in runs.items():
        assert render(run, "en", "json") == (run / "result.json").read_bytes()
        assert str(run) in render(run, "fr", "text").decode()
        page = write_study(run, "fr", tmp_path / f"{kind}.html")
        assert page.read_bytes() == render(run, "fr", "html")


def test_the_text_begins_with_the_grade(runs: dict[str, Path]) -> None:
    """As the page does: a void comparison first, then each grade by its name."""
    begins = {
        "trap": ("Grade A, proof: ", "Niveau A, preuve : "),
        "nothing": ("Nothing shown: ", "Rien n’est montré : "),
        "extract": ("Grade B: reproduction. ", "Niveau B : reproduction. "),
        "void": ("Comparison void. ", "Comparaison nulle. "),
        "ask": ("Grade B: reproduction. ", "Niveau B : reproduction. "),
        "exact": ("Grade A: proof. ", "Niveau A : preuve. "),
    }
    for kind, run in runs.items():
        for lang, begin in zip(("en", "fr"), begins[kind], strict=True):
            assert plain(render(run, lang, "text").decode()).startswith(begin)
    assert render(runs["void"], "en", "text").decode().split("\n")[1].startswith("Grade B: reproduction. ")


def test_a_histogram_where_the_result_holds_one(runs: dict[str, Path], tmp_path: Path) -> None:
    """Its bars, the line at the published one, and the same in words; a test that was run holds one of each work."""
    said = EN.say("trap.spread", n=60, z="\0").split("\0")[0]
    assert render_study(runs["trap"], "en").count(f'role="img" aria-label="{said}') == 8
    run = tmp_path / "run"
    shutil.copytree(runs["trap"], run)

    def add(result: dict[str, Any]) -> None:
        for work in result["works"]:
            work["residualised"] |= {"histogram": {"least": -4.0, "width": 2.0, "counts": [10, 20, 29, 1]}}
            work["residualised"]["z"] = 3.0

    forge(run, add)
    page = render_study(run, "en")
    assert page.count('<rect class="bar"') == 4 * 8
    assert '<path class="mark" d="M210.0 0V66"/>' in page
    assert "of the 60 candidates have this score" in text_of(page)
