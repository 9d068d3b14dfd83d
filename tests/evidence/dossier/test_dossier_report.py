"""The report of a dossier: the same facts in both languages, the same bytes twice."""

from __future__ import annotations

import io
import json
import re
import string
from pathlib import Path

import pytest
from pypdf import PdfReader

from countermark.errors import RunError
from countermark.evidence.dossier.report import words_en, words_fr
from countermark.evidence.dossier.report.compose import Subject, report_pdf
from countermark.evidence.dossier.report.sections import WIDEST, folded
from countermark.evidence.dossier.verify_text import COMMANDS
from countermark.paper.blocks import heading
from countermark.scan.attempts import begin
from countermark.works.identifiers import Identifier
from evidence.dossier.dossier_samples import sealed, shell
from evidence.shown_run import shown_run
from linkage.linked import book, link, write_csv


def subject(folder: Path) -> Subject:
    """A run of the synthetic kind, with a log of two attempts."""
    run = shown_run(folder / "run")
    attempt = begin(run, {"kind": "scan", "corpus": "crawl"})
    attempt.end("finish", {"findings": 3})
    begin(folder / "another", {"kind": "scan", "corpus": "carnets"})
    return Subject(
        (run,), folder / "attempts.jsonl", "2026-11-23", key="ab" * 32, claimant="Éditions du Quai"
    )


def text_of(pdf: bytes) -> str:
    """All text of a PDF without white space."""
    return "".join(
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
        .replace("\u200b", "")
        .split()
    )


def test_both_languages_have_the_same_sentences_and_fields() -> None:
    """No key and no field is missing in one of them."""
    assert set(words_en.WORDS) == set(words_fr.WORDS)

    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    different = [key for key in words_en.WORDS if fields(words_en.WORDS[key]) != fields(words_fr.WORDS[key])]
    assert different == []


def test_french_has_its_own_spaces() -> None:
    """No ordinary space stands before high punctuation, nor inside quotation marks."""
    wrong = [text for text in words_fr.WORDS.values() if re.search(r" [:;!?%»]|« ", text)]
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_is_the_same_twice_and_holds_the_facts(tmp_path: Path, language: str) -> None:
    """Both attempts are there, the one that did not end too; the chapters of a claim stand in it."""
    about = subject(tmp_path)
    made = report_pdf(about, language, [heading("Chapitre de la revendication")])
    assert made == report_pdf(about, language, [heading("Chapitre de la revendication")])
    text = text_of(made)
    digest = json.loads((about.runs[0] / "summary.json").read_text())["run_digest"]
    said = ["carnets", digest, "ab" * 32, "ÉditionsduQuai", "Chapitredelarevendication", "opensslpkeyutl"]
    assert [one for one in said if one not in text] == []
    assert ("didnotend" if language == "en" else "sansfinconnue") in text


@pytest.mark.parametrize(
    ("language", "said", "unsaid"),
    [
        (
            "en",
            ("lettersunderfingerprintsthatagree", "cannottellwhatdiffers", "maygoonforafewwords"),
            ("withdifferencesthatareshown", "Whatdiffersisunderlined"),
        ),
        (
            "fr",
            ("lettressousdesempreintesquiconcordent", "nepermetpasdedirecequidiffère", "sepoursuivre"),
            ("différencesquisontmontrées", "Cequidiffèreestsouligné"),
        ),
    ],
)
def test_of_a_sealed_index_no_differences_are_told(
    tmp_path: Path, language: str, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    """Only fingerprints agree, and only one side stands there; with a full index both do, and marks are spoken of."""
    runs = {name: shown_run(tmp_path / name / "run", sealed=name == "sealed") for name in ("sealed", "full")}
    text = {}
    for name, run in runs.items():
        begin(run, {"kind": "scan", "corpus": "crawl"}).end("finish", {"findings": 3})
        about = Subject((run,), tmp_path / name / "attempts.jsonl", "2026-11-23")
        text[name] = text_of(report_pdf(about, language))
    assert [one for one in said if one not in text["sealed"]] == []
    assert [one for one in unsaid if one not in text["full"]] == []
    assert [one for one in unsaid if one in text["sealed"]] == []
    assert [one for one in said if one in text["full"]] == []


def test_a_damaged_run_is_told(tmp_path: Path) -> None:
    """No traceback reaches a user."""
    about = subject(tmp_path)
    (about.runs[0] / "run.json").write_bytes(b"{")
    with pytest.raises(RunError, match=r"run\.json"):
        report_pdf(about, "en")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["isbn:9782000000006", "titleandname(name:initials)", "LeSelduport–Nil,A.", "Begun(UTC)"]),
        ("fr", ["isbn:9782000000006", "titreetnom(nom:initiales)", "LeSelduport–Nil,A.", "Commencée(UTC)"]),
    ],
)
def test_the_rows_of_a_link_are_shown(tmp_path: Path, language: str, said: list[str]) -> None:
    """What agrees, in the words of the language, what the row says, and when the search ran; a resumed one is told."""
    rows = [["title", "author", "isbn"], ["Le Sel du port", "Nil, A.", ""], ["x", "y", "9782000000006"]]
    work = book("w", "Le Sel du port", "Ada Nil", identifiers=(Identifier("isbn", "9782000000006"),))
    for _ in range(2):
        link(tmp_path / "run", [work], write_csv(tmp_path / "l.csv", rows))
    about = Subject((tmp_path / "run",), tmp_path / "attempts.jsonl", "2026-11-23")
    text = text_of(report_pdf(about, language))
    again = "(takenupagain,seeno.1)" if language == "en" else "(reprise,voirnº1)"
    assert [one for one in [*said, again] if one not in text] == []
    assert "\u200b" not in "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(report_pdf(about, language))).pages
    )


def test_commands_stand_on_the_page_as_they_can_be_typed(tmp_path: Path) -> None:
    """No line is wider than the page, and a shell takes the broken command as it takes the whole one."""
    sealed(tmp_path)
    for name, command in COMMANDS.items():
        broken = folded(command)
        assert max(map(len, broken.split("\n"))) <= WIDEST + 20, name
        assert broken.replace(" \\\n ", "") == command
        done = shell(broken, tmp_path / "bag")
        assert done.returncode == shell(command, tmp_path / "bag").returncode, f"{name}: {done.stderr}"


def test_a_passage_that_goes_on_ends_after_a_word(tmp_path: Path) -> None:
    """Not in the middle of one, and with a sign that there is more."""
    about = subject(tmp_path)
    assert "…" in text_of(report_pdf(about, "en"))
