"""The HTML report: what it says, that it is safe, that it stays small."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from countermark.evidence.report.html import SECTIONS, render_html
from countermark.evidence.report.selection import WORKS_LISTED, WORKS_SHOWN, select
from countermark.evidence.report.text import COLUMNS, render_text
from countermark.paper.pages import TOKENS
from evidence.shown_run import shown_run
from evidence.synthetic import SyntheticRun

if TYPE_CHECKING:
    from pathlib import Path

LANGS = ("en", "fr")
VOID = {"meta", "link", "br"}


class Page(HTMLParser):
    """Collects tags, ids, links and text, and checks that elements close in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Check the order of closing."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        if "style" not in self.open:
            self.text += data

    def values(self, attribute: str) -> list[str]:
        """All values of an attribute."""
        return [value for _, attrs in self.tags if (value := attrs.get(attribute)) is not None]


def page_of(run: Path, lang: str = "en") -> Page:
    """Render and parse the report of a run."""
    page = Page(render_html(select(run), lang))
    assert page.open == []
    return page


@pytest.mark.parametrize("lang", LANGS)
def test_two_lines_come_first(tmp_path: Path, lang: str) -> None:
    """The counts with their denominator, then that being listed is no proof; a false alarm stands above both."""
    page = page_of(shown_run(tmp_path), lang)
    first = (
        "Passages of 4 of your 7 works stand"
        if lang == "en"
        else "Des passages de 4 de vos 7 œuvres figurent"
    )
    second = "Being listed is not proof" if lang == "en" else "Y figurer ne prouve pas"
    alarm = "1 of 20 control works" if lang == "en" else "1 œuvre témoin sur 20"
    assert -1 < page.text.index(alarm) < page.text.index(first) < page.text.index(second)
    between = page.text[page.text.index(first) : page.text.index(second)]
    assert between.count("\n") <= 2


@pytest.mark.parametrize("lang", LANGS)
def test_every_link_leads_somewhere(tmp_path: Path, lang: str) -> None:
    """Ids are unique, each inner link has its target, and no link leads out of the file."""
    page = page_of(shown_run(tmp_path), lang)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    links = [value for value in page.values("href") if not value.startswith("data:")]
    assert len(links) > 10
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    assert set(ids) >= set(SECTIONS) - {"more"}


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    """Titles, excerpts, URLs and names become text: no element, no address, no control character."""
    run = shown_run(tmp_path)
    source = render_html(select(run), "en")
    page = Page(source)
    assert "<script>alert(1)</script>" in page.text
    assert "javascript:alert(1)" in page.text
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "object", "form", "b2"}
    assert page.values("src") == []
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067]", source)
    assert source.count("\u2068") == source.count("\u2069")


def test_nothing_is_fetched(tmp_path: Path) -> None:
    """No script, no style sheet, font or picture from elsewhere; a policy in the page forbids it besides."""
    source = render_html(select(shown_run(tmp_path)), "en")
    assert "default-src 'none'" in source
    assert not re.search(r"@import|url\((?!#)|<script|srcset=", source)


def test_a_sealed_index_shows_one_side(tmp_path: Path) -> None:
    """Without the works' text the record is shown alone, unmarked, with the reason."""
    page = page_of(shown_run(tmp_path, sealed=True, controls=0))
    assert "The index was sealed" in page.text
    assert "asked nothing of him" in page.text
    assert "river's name" not in page.text


SEALED = {
    "en": (
        "400 letters under fingerprints that agree",
        "no letter between them; whether letters beside them differ cannot be told",
        "7 letters between them: whether they differ cannot be told",
        "so 8.0% is a lower bound",
        "longest unchanged run: at least 400 letters",
        "may go on for a few words at either end, and its place in the work is mostly a few characters off",
        "cannot tell a copy with differences from an identical one",
        "They must be one passage",
    ),
    "fr": (
        "400 lettres sous des empreintes qui concordent",
        "aucune lettre entre elles\u202f; un index scellé ne permet pas de dire si des lettres diffèrent à côté",
        "7 lettres entre elles\u00a0: un index scellé ne permet pas de dire si elles diffèrent",
        "8,0\u202f% est donc un minimum",
        "plus longue suite inchangée\u00a0: au moins 400 lettres",
        "se poursuivre de quelques mots à chaque bout, et sa place dans l’œuvre est le plus souvent décalée",
        "ne distingue pas une copie avec des différences",
        "Ce doit être un même passage",
    ),
}
NOT_SEALED = {
    "en": ("parts stand on one side", "which are marked", "They must read as shown"),
    "fr": ("figurent que d’un côté", "qui sont marquées", "On doit lire ce qui est montré"),
}
MARKED = {"en": "Words whose letters differ are marked", "fr": "Les mots dont les lettres diffèrent"}

GOES_ON = {"en": "The passage goes on", "fr": "Le passage continue"}


def sealed_run(folder: Path, *, opened: bool, withheld: bool) -> Path:
    """A run of a sealed index: one finding of windows that touch, one with a gap; as in the room, or opened at home."""
    made = SyntheticRun(form="sealed", withheld=withheld)
    made.work("essay", letters=10_000)
    sides: dict[str, Any] = {} if opened else {"asset_excerpt": None}
    sides |= {"record_excerpt": ""} if withheld else {}
    made.find("essay", 0, 400, grade="copy", **sides)
    made.find("essay", 5_000, 5_400, row=1, grade="copy", edits=7, **sides)
    return made.write(folder)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("withheld", [False, True])
def test_a_sealed_index_is_not_said_to_tell_letters(
    tmp_path: Path, lang: str, opened: bool, withheld: bool
) -> None:
    """What differs is not told, shares are lower bounds, and marks are spoken of only where two sides stand."""
    run = sealed_run(tmp_path, opened=opened, withheld=withheld)
    page, terminal = page_of(run, lang).text, render_text(select(run), lang)
    assert [said for said in SEALED[lang] if said not in page] == []
    assert [said for said in NOT_SEALED[lang] if said in page] == []
    assert (MARKED[lang] in page) == (opened and not withheld)
    assert (GOES_ON[lang] in page) == (opened or not withheld)
    assert SEALED[lang][3] in terminal
    assert all(cell_len(line) <= COLUMNS for line in terminal.splitlines())
    only_of_the_record = "Only the data set's side" if lang == "en" else "Seul le côté du jeu de données"
    assert only_of_the_record not in page
    full = page_of(shown_run(tmp_path / "full"), lang).text
    assert MARKED[lang] in full
    assert "sealed" not in full
    assert "scellé" not in full


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "generative training: reserved; search index: allowed"),
        (
            "fr",
            "entraînement de modèles génératifs\u00a0: réservé\u202f; index de recherche\u00a0: permis",
        ),
    ],
)
def test_what_was_reserved_at_the_capture(tmp_path: Path, lang: str, told: str) -> None:
    """Said beside the passage where the data set carries captures, and not at all where it does not."""
    synthetic = SyntheticRun()
    synthetic.work("essay", letters=900)
    uses = dict.fromkeys(("tdm", "train", "input"), "unknown") | {
        "generative": "reserved",
        "search": "allowed",
    }
    columns: dict[str, Any] = {f"reservation_{use}": answer for use, answer in uses.items()}
    synthetic.find("essay", 0, 400, **columns, reservation_basis="aipref in header")
    text = page_of(synthetic.write(tmp_path / "with"), lang).text
    assert f"{told} (aipref in header)" in text
    plain = SyntheticRun()
    plain.work("essay", letters=900)
    plain.find("essay", 0, 400)
    assert "aipref" not in page_of(plain.write(tmp_path / "without"), lang).text


def test_differences_are_marked(tmp_path: Path) -> None:
    """Words with other letters are marked; the same letters with other punctuation are not."""
    source = render_html(select(shown_run(tmp_path)), "en")
    assert "<mark>river</mark>" in source
    assert "<mark>liver</mark>" in source
    assert "<mark>rivers</mark>" not in source


@pytest.mark.parametrize("lang", LANGS)
def test_without_controls_the_rate_is_not_known(tmp_path: Path, lang: str) -> None:
    """The report says that there were no controls, and how to get them."""
    page = page_of(shown_run(tmp_path, controls=0), lang)
    assert "--controls" in page.text
    assert "Clopper" not in page.text


def test_the_rate_has_its_bound(tmp_path: Path) -> None:
    """One of twenty: 5 per cent, between 0.12 and 24.88 (rounded outward)."""
    text = page_of(shown_run(tmp_path)).text
    assert "Control works found: 1 of 20, that is 5.00%" in text
    assert "between 0.12% and 24.88%" in text


@pytest.mark.parametrize("lang", LANGS)
def test_an_incomplete_run_says_so_first(tmp_path: Path, lang: str) -> None:
    """The warning stands before the headline."""
    page = page_of(shown_run(tmp_path, planned=12), lang)
    warning = "This run is incomplete: 1 of 12" if lang == "en" else "Cette recherche est inachevée"
    headline = "Passages of" if lang == "en" else "Des passages de"
    assert -1 < page.text.index(warning) < page.text.index(headline)


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_found_is_said_carefully(tmp_path: Path, lang: str) -> None:
    """No finding: "in what was searched", and no claim that the works are not there."""
    made = SyntheticRun(snapshot_date=None)
    made.work("one")
    made.work("two")
    page = page_of(made.write(tmp_path), lang)
    assert ("in what was searched" if lang == "en" else "dans ce qui a été parcouru") in page.text
    assert ("snapshot date not given" if lang == "en" else "date de la copie non indiquée") in page.text


def test_check_by_hand_names_file_row_and_offsets(tmp_path: Path) -> None:
    """The steps give what a person needs: file, row, offsets, digests."""
    run = shown_run(tmp_path)
    selection = select(run)
    text = page_of(run).text
    first = selection.works[0].passages[0]
    assert f"findings/{first.judged['findings_file']}.parquet" in text
    assert first.finding["finding_id"] in text
    assert f"[{first.finding['record_start']}:{first.finding['record_end']}]" in text
    assert first.finding["record_digest"] in text
    assert first.finding["asset_digest"] in text


def test_check_by_hand_says_what_the_row_of_a_crawl_is(tmp_path: Path) -> None:
    """In WARC and WET files the row is a byte offset; of others it is counted from 0."""
    for number, shard in enumerate(("pages.warc.wet.gz", "dump.warc#0-900", "pages.jsonl")):
        made = SyntheticRun()
        made.work("one", 20_000)
        made.find("one", 0, 9_000, row=67_499, shard=shard)
        text = page_of(made.write(tmp_path / str(number))).text
        assert ("tail -c +67500" in text) == ("byte 67499" in text) == (shard != "pages.jsonl")
        assert ("the first is 0" in text) == (shard == "pages.jsonl")


def test_both_languages_carry_the_same_facts(tmp_path: Path) -> None:
    """The same passages, digests, offsets and strips stand in both."""
    run = shown_run(tmp_path)
    facts = re.compile(r'id="[\w-]+"|[0-9a-f]{32,64}|<path class="\w+" d="[^"]+"')
    english, french = (render_html(select(run), lang) for lang in LANGS)
    body = [page[page.index("<main>") :] for page in (english, french)]
    assert facts.findall(body[0]) == facts.findall(body[1])


def test_a_large_run_stays_small(tmp_path: Path) -> None:
    """With 1,200 works found, 50 have strips, 500 a line, the rest a number; the file stays under 2 MB."""
    made = SyntheticRun()
    for number in range(1_200):
        made.work(f"work {number:04}", title="題名" * 200, author="著者" * 90)
        for row in range(4 if number < 60 else 1):
            excerpt = "漢字か " * 400
            sides = {"asset_excerpt": excerpt, "record_excerpt": excerpt.replace("字", "宇")}
            start = 2_000 * row
            made.find(f"work {number:04}", start, start + 1_600, row=number * 4 + row, **sides)
    selection = select(made.write(tmp_path))
    source = render_html(selection, "fr")
    assert (len(selection.works), len(selection.listed)) == (WORKS_SHOWN, WORKS_LISTED)
    assert selection.unlisted == 1_200 - WORKS_SHOWN - WORKS_LISTED
    assert "650 œuvres de plus" in source
    assert source.count('class="strip"') == WORKS_SHOWN
    assert max(len(shown.passages) for shown in selection.works) == 3
    assert len(source.encode()) < 2_000_000


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    full = colour if len(colour) == 7 else "#" + "".join(2 * sign for sign in colour[1:])
    parts = [int(full[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def schemes() -> list[dict[str, str]]:
    """The tokens of the light, the dark and the printed page."""
    css = TOKENS.read_text(encoding="utf-8")
    found = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]+);", block)) for block in re.findall(r":root \{([^}]+)\}", css)
    ]
    assert len(found) == 3
    return found


@pytest.mark.parametrize("number", range(3), ids=["light", "dark", "print"])
def test_contrast(number: int) -> None:
    """Text stands out by 7:1 from each ground it stands on, the mark and the strip by 3:1."""
    tokens = schemes()[number]
    pairs = [(text, ground) for text in ("ink", "faded", "act") for ground in ("paper", "sheet")]
    for text, ground in [*pairs, ("ink", "match"), ("ink", "change")]:
        assert contrast(tokens[text], tokens[ground]) >= 7, (text, ground)
    for line in ("light", "faded"):
        assert contrast(tokens[line], tokens["paper"]) >= 3
        assert contrast(tokens[line], tokens["sheet"]) >= 3


def test_contrast_of_black_and_white() -> None:
    """The formula gives the known extreme."""
    assert contrast("#000000", "#fff") == pytest.approx(21)
