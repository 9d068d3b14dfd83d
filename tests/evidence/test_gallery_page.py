"""The report on a run of pictures: what it says, that it is safe, readable without seeing, and small."""

from __future__ import annotations

import re
import shutil
import string
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from countermark.evidence.gallery import messages_en, messages_fr
from countermark.evidence.gallery import thumbs as thumbs_module
from countermark.evidence.gallery.languages import LANGUAGES
from countermark.evidence.gallery.page import SECTIONS, render_html
from countermark.evidence.gallery.sections import warnings
from countermark.evidence.gallery.selection import (
    PICTURES_LISTED,
    PICTURES_SHOWN,
    WORKS_SHOWN,
    select_pictures,
)
from countermark.evidence.gallery.text import statement
from countermark.evidence.report.text import COLUMNS
from countermark.evidence.report.write import render, write_report
from countermark.evidence.summary import read_summary
from evidence.gallery_run import PictureRun, gallery_run, painting, whole
from evidence.test_report_page import Page

if TYPE_CHECKING:
    from pathlib import Path

LANGS = ("en", "fr")


class Shown(Page):
    """A page with pictures."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A picture closes itself."""
        super().handle_starttag(tag, attrs)
        if tag == "img":
            self.open.pop()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with one of everything."""
    return gallery_run(tmp_path_factory.mktemp("run"))


def page_of(run: Path, lang: str = "en") -> Shown:
    """Render and parse the report of a run."""
    page = Shown(render(run, lang, "html").decode())
    assert page.open == []
    return page


@pytest.mark.parametrize("lang", LANGS)
def test_the_alarm_the_count_and_what_it_does_not_prove(run: Path, lang: str) -> None:
    """In this order, at the head."""
    text = page_of(run, lang).text
    alarm = "1 of 20 control works" if lang == "en" else "1 œuvre témoin sur 20"
    first = "3 of your 6 works stand" if lang == "en" else "3 de vos 6 œuvres figurent"
    second = "Being listed is not proof" if lang == "en" else "Y figurer ne prouve pas"
    assert -1 < text.index(alarm) < text.index(first) < text.index(second)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "The middle 64% of your picture mirrored turned by 90° clockwise 51% of the found picture"),
        (
            "fr",
            (
                "Le milieu de votre image, soit 64\u202f% inversée comme dans un miroir tournée de 90° dans le sens "
                "des aiguilles d’une montre 51\u202f% de l’image trouvée"
            ),
        ),
    ],
)
def test_mirror_turn_and_crop_in_words(run: Path, lang: str, told: str) -> None:
    """As a person would say it."""
    source = render(run, lang, "html").decode()
    words = re.sub(r"\s*</?span>\s*", " ", " ".join(re.findall(r'<p class="words">(.*?)</p>', source)))
    assert told in re.sub(r" +", " ", words)


@pytest.mark.parametrize("lang", LANGS)
def test_every_picture_says_what_it_is(run: Path, lang: str) -> None:
    """Work, grade and place stand in the alternative texts; headings go down by one; figures have captions."""
    page = page_of(run, lang)
    pictures = [attrs for tag, attrs in page.tags if tag == "img"]
    assert len(pictures) >= 12
    assert all((attrs["src"] or "").startswith("data:image/jpeg;base64,") for attrs in pictures)
    alts = " ".join(attrs["alt"] or "" for attrs in pictures)
    assert all(attrs["alt"] for attrs in pictures)
    for part in ("La Maison du passeur", "00003.tar", "Copy" if lang == "en" else "Copie"):
        assert part in alts
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    tags = [tag for tag, _ in page.tags]
    assert tags.count("figure") == tags.count("figcaption") > 10


@pytest.mark.parametrize("lang", LANGS)
def test_every_link_leads_somewhere(run: Path, lang: str) -> None:
    """Ids are unique, and no link leads out of the file."""
    page = page_of(run, lang)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    links = [value for value in page.values("href") if not value.startswith("data:")]
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    assert set(ids) >= set(SECTIONS)


def test_hostile_text_is_only_text(run: Path) -> None:
    """Titles, captions and addresses become text, shortened; nothing is fetched."""
    source = render(run, "en", "html").decode()
    page = Shown(source)
    assert "<script>alert(1)</script>" in page.text
    assert "javascript:alert(1)" in page.text
    assert not {tag for tag, _ in page.tags} & {"script", "iframe", "object", "form", "a-b"}
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067]", source)
    assert "default-src 'none'" in source
    assert page.text.count("long long") < 60


@pytest.mark.parametrize("lang", LANGS)
def test_a_shared_element_accuses_nobody(run: Path, lang: str) -> None:
    """Its own shape, its own words, and it counts as not found."""
    text = page_of(run, lang).text
    assert "◌" in text
    said = (
        "Nothing is claimed, and nobody is accused." if lang == "en" else "Rien n’est revendiqué, et personne"
    )
    assert said in text


def test_what_was_reserved_stands_beside_the_picture(run: Path) -> None:
    """As in the report on texts."""
    assert "generative training: reserved (tdmrep in header)" in page_of(run).text


@pytest.mark.parametrize("lang", LANGS)
def test_missing_stores_are_said(run: Path, tmp_path: Path, lang: str) -> None:
    """Without both, the report still says everything else."""
    copy = shutil.copytree(run, tmp_path / "copy")
    shutil.rmtree(copy / "works")
    shutil.rmtree(copy / "pictures")
    page = page_of(copy, lang)
    assert "img" not in [tag for tag, _ in page.tags]
    assert ("not in this run folder (works/)" if lang == "en" else "de la recherche (works/)") in page.text
    assert "00004.tar" in page.text


@pytest.mark.parametrize("lang", LANGS)
def test_empty_runs_say_so(tmp_path: Path, lang: str) -> None:
    """No works; works but nothing found; nothing read."""
    empty = page_of(PictureRun().write(tmp_path / "none"), lang)
    assert ("holds no works" if lang == "en" else "ne contient aucune œuvre") in empty.text
    made = PictureRun(snapshot_date=None, planned=0)
    made.painted("one", painting(1))
    made.painted("two", painting(2))
    page = page_of(made.write(tmp_path / "some"), lang)
    assert ("None of your 2 works" if lang == "en" else "Aucune de vos 2 œuvres") in page.text
    assert ("No picture could be read" if lang == "en" else "Aucune image n’a pu être lue") in page.text
    assert "--controls" in page.text


def test_both_languages_carry_the_same_facts(run: Path) -> None:
    """The same pictures, outlines, digests and anchors stand in both."""
    facts = re.compile(r'id="[\w-]+"|[0-9a-f]{32,64}|points="[^"]+"|base64,[^"]{40}')
    bodies = [page[page.index("<main>") :] for page in (render(run, lang, "html").decode() for lang in LANGS)]
    assert facts.findall(bodies[0]) == facts.findall(bodies[1])


def test_sentences_have_the_same_keys_and_fields() -> None:
    """And French has its own typography."""
    english, french = messages_en.MESSAGES, messages_fr.MESSAGES
    assert english.keys() == french.keys()
    for key, text in english.items():
        fields = [
            sorted({name for _, name, _, _ in string.Formatter().parse(said) if name})
            for said in (text, french[key])
        ]
        assert fields[0] == fields[1], key
    for key, text in french.items():
        assert not re.search(r" [;:!?%»]|« |'", text), key


def test_a_large_run_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 700 works found, 50 are shown with 56 pictures at most, 500 findings have a line, the rest a number."""
    made = PictureRun()
    small = painting(1, 120, 90)
    for number in range(700):
        made.painted(f"work {number:04}", small, title="題名" * 200, author="著者" * 90)
        for row in range(3 if number < 20 else 1):
            record = painting(2 + row, 120, 90)
            made.seen(f"work {number:04}", record, (0, 0, 120, 90), whole((120, 90)), row=number * 4 + row)
    run = made.write(tmp_path)
    gallery = select_pictures(run)
    shown = [picture for work in gallery.works for picture in work.pictures]
    assert (len(gallery.works), len(shown)) == (WORKS_SHOWN, PICTURES_SHOWN)
    assert len(gallery.listed) == PICTURES_LISTED
    assert gallery.unlisted == 740 - PICTURES_SHOWN - PICTURES_LISTED
    assert "184 further findings" in render_html(gallery, "en")
    monkeypatch.setattr(thumbs_module, "MOST", 50_000)
    source = render_html(gallery, "en")
    assert len(source) < 1_500_000
    assert "so that this page stays small" in source


def test_the_same_file_is_shown_once(run: Path) -> None:
    """Found in two places, it is told so, and the other finding has its line."""
    gallery = select_pictures(run)
    ferry = gallery.works[0]
    assert ferry.row["work_id"] == "ferry"
    assert [picture.finding["row"] for picture in ferry.pictures] == [7, 8]
    assert [row["row"] for row in gallery.listed] == [4007]
    assert "this very file was found in 2 places" in page_of(run).text


def test_check_by_hand(run: Path) -> None:
    """File, row, digests, corners and commands of the first find."""
    gallery = select_pictures(run)
    assert gallery.first is not None
    finding, text = gallery.first.finding, page_of(run).text
    digest = finding["record_digest"]
    for fact in (
        f"pictures/{digest[:2]}/{digest}",
        finding["finding_id"],
        finding["asset_digest"],
        "(512, 364)",
    ):
        assert fact in text


@pytest.mark.parametrize("lang", LANGS)
def test_the_text_form(run: Path, lang: str) -> None:
    """Aligned, safe, the same two lines first."""
    text = render(run, lang, "text").decode()
    assert all(cell_len(line) <= COLUMNS for line in text.splitlines())
    assert not re.search("[\x1b\u202e]", text)
    assert ("3 of your 6 works" if lang == "en" else "3 de vos 6 œuvres") in text[:700]
    assert "◕" in text


@pytest.mark.parametrize("lang", LANGS)
def test_the_statement_for_a_terminal(run: Path, lang: str) -> None:
    """What the scan says at its end: found of how many, no proof, free, shared, false alarms; no hidden characters."""
    lines = statement(read_summary(run), lang)
    assert ("3 of your 6 works" if lang == "en" else "3 de vos 6 œuvres") in lines[0]
    assert ("not proof" if lang == "en" else "ne prouve pas") in lines[0]
    assert len(lines) == 4
    assert all(line.isprintable() or "\u202f" in line or "\u00a0" in line for line in lines)


def test_pictures_that_cannot_be_decoded_are_no_search(run: Path) -> None:
    """Met but not decoded, not one of them: nothing was searched, and that stands first."""
    summary = read_summary(run)
    none = summary | {"searched": summary["searched"] | {"frames": 0}}
    assert "nothing was searched" in " ".join(warnings(none, LANGUAGES["en"]))
    assert "nothing was searched" not in " ".join(warnings(summary, LANGUAGES["en"]))


def test_the_report_is_written_twice_alike(run: Path) -> None:
    """The same run gives the same bytes; JSON is the summary."""
    first = write_report(run, "en").read_bytes()
    assert write_report(run, "en").read_bytes() == first
    assert b'"medium": "image"' in render(run, "en", "json")
