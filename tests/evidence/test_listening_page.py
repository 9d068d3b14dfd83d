"""The report on a run of recordings: what it says, that it is safe, readable without seeing, and small."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
import shutil
import string
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from countermark.evidence.listening import messages_en, messages_fr
from countermark.evidence.listening import view as view_module
from countermark.evidence.listening.check_by_hand import steps_for
from countermark.evidence.listening.languages import LANGUAGES
from countermark.evidence.listening.page import SECTIONS, render_html, render_listening
from countermark.evidence.listening.said import (
    chance_said,
    clock,
    decimal,
    duration,
    in_words,
    is_one_speed,
)
from countermark.evidence.listening.selection import MOST, select_recordings
from countermark.evidence.listening.text import statement
from countermark.evidence.listening.write import write_listening
from countermark.evidence.report.text import COLUMNS
from evidence.listening_run import RecordingRun, listening_run
from evidence.test_report_page import Page

if TYPE_CHECKING:
    from pathlib import Path

LANGS = ("en", "fr")


class Heard(Page):
    """A page with sound: some elements close themselves, and the script is no text."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A control closes itself."""
        super().handle_starttag(tag, attrs)
        if tag == "input":
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        if "script" not in self.open:
            super().handle_data(data)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with one of everything."""
    return listening_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def sources(run: Path) -> dict[str, str]:
    """The page of that run in both languages."""
    return {lang: render_listening(run, lang, "html") for lang in LANGS}


def page_of(source: str) -> Heard:
    """Parse a page."""
    page = Heard(source)
    assert page.open == []
    return page


@pytest.mark.parametrize("lang", LANGS)
def test_the_alarm_the_count_and_what_it_does_not_prove(sources: dict[str, str], lang: str) -> None:
    """In this order, at the head."""
    text = page_of(sources[lang]).text
    alarm = "1 of 20 control works" if lang == "en" else "1 œuvre témoin sur 20"
    first = "3 of your 6 works are heard" if lang == "en" else "3 de vos 6 œuvres s’entendent"
    second = "Being listed is not proof" if lang == "en" else "Y figurer ne prouve pas"
    assert -1 < text.index(alarm) < text.index(first) < text.index(second)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "25.2\u00a0s of 40.0\u00a0s of your recording, 63% pitch +2.0 semitones 5.2% faster"),
        (
            "fr",
            (
                "25,2\u00a0s sur les 40,0\u00a0s de votre enregistrement, soit 63\u202f% hauteur +2,0 demi-tons plus "
                "rapide de 5,2\u202f%"
            ),
        ),
    ],
)
def test_seconds_pitch_and_tempo_in_words(sources: dict[str, str], lang: str, told: str) -> None:
    """As a person would say it."""
    words = " ".join(re.findall(r'<p class="words">(.*?)</p>', sources[lang]))
    assert told in re.sub(r" +", " ", re.sub(r"\s*</?span>\s*", " ", words).replace("  ", " "))


@pytest.mark.parametrize("lang", LANGS)
def test_a_resemblance_is_a_hint_with_its_chance(run: Path, sources: dict[str, str], lang: str) -> None:
    """In a section of its own, with the number to be expected; never called a copy, never claimed."""
    section = sources[lang].split('aria-labelledby="hints"')[1].split("</article>")[0]
    assert "Chanson du quai" in section
    assert LANGUAGES[lang].say("kind.resembles") in section
    assert ("0.8 findings" if lang == "en" else "0,8 relevé aussi fort") in section
    assert LANGUAGES[lang].say("grade.copy") not in re.sub("<[^>]*>", "", section)
    shown = [found for work in select_recordings(run).works for found in work.found]
    assert "resembles" not in {found.finding["grade"] for found in shown}
    assert "Chanson du quai" not in sources[lang].split('aria-labelledby="hints"')[0]


@pytest.mark.parametrize("lang", LANGS)
def test_it_is_readable_without_seeing_or_script(sources: dict[str, str], lang: str) -> None:
    """Names of players, pictures and buttons; headings go down by one; what needs the script is hidden."""
    page = page_of(sources[lang])
    players = [attrs for tag, attrs in page.tags if tag == "audio"]
    assert len(players) == 10
    assert all((attrs["src"] or "").startswith("data:audio/ogg;base64,") for attrs in players)
    assert all("controls" in attrs and attrs["aria-label"] for attrs in players)
    assert all("hidden" in attrs for _, attrs in page.tags if attrs.get("class") in {"desk", "cursor"})
    assert all(attrs.get("aria-label") for _, attrs in page.tags if attrs.get("role") in {"img", "group"})
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("lang", LANGS)
def test_every_link_leads_somewhere(sources: dict[str, str], lang: str) -> None:
    """Ids are unique, and no link leads out of the file."""
    page = page_of(sources[lang])
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    links = [value for value in page.values("href") if not value.startswith("data:")]
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    assert set(ids) >= set(SECTIONS) - {"more"}


def test_hostile_text_is_only_text(sources: dict[str, str]) -> None:
    """Titles, captions and addresses become text, shortened; one script runs, and only that one; nothing is fetched."""
    source = sources["en"]
    page = page_of(source)
    assert "<script>alert(1)</script>" in page.text
    assert "javascript:alert(1)" in page.text
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not {tag for tag, _ in page.tags} & {"iframe", "object", "form", "a-b"}
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067]", source)
    script = source.split("<script>")[1].split("</script>")[0]
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; "
    policy += f"script-src 'sha256-{allowed}'"
    assert f'content="{policy}"' in source
    assert page.text.count("long long") < 60


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_withheld_is_said(run: Path, tmp_path: Path, lang: str) -> None:
    """Without excerpts, the strip and the figures; without copies, one side."""
    copy = shutil.copytree(run, tmp_path / "copy")
    shutil.rmtree(copy / "works")
    page = page_of(render_listening(copy, lang, "html"))
    assert LANGUAGES[lang].say("sound.declined.work") in page.text
    assert {attrs["data-side"] for tag, attrs in page.tags if tag == "audio"} == {"record", "undone"}
    shutil.rmtree(copy / "excerpts")
    source = render_listening(copy, lang, "html")
    page = page_of(source)
    assert LANGUAGES[lang].say("sound.withheld.record") in page.text
    assert not {"audio", "image"} & {tag for tag, _ in page.tags}
    assert source.count('class="strip both"') == 7
    assert "data:audio" not in source


@pytest.mark.parametrize("lang", LANGS)
def test_empty_runs_say_so(tmp_path: Path, lang: str) -> None:
    """No works; works but nothing found."""
    empty = page_of(render_listening(RecordingRun().write(tmp_path / "none"), lang, "html"))
    assert ("holds no works" if lang == "en" else "ne contient aucune œuvre") in empty.text
    made = RecordingRun(snapshot_date=None, planned=0)
    made.played("one")
    made.played("two")
    page = page_of(render_listening(made.write(tmp_path / "some"), lang, "html"))
    assert ("None of your 2 works" if lang == "en" else "Aucune de vos 2 œuvres") in page.text
    assert "--controls" in page.text


def test_both_languages_carry_the_same_facts(sources: dict[str, str]) -> None:
    """The same sounds, pictures, digests and anchors stand in both."""
    facts = re.compile(r'id="[\w-]+"|[0-9a-f]{32,64}| d="[^"]+"|base64,[^"]{40}')
    bodies = [page[page.index("<main>") :] for page in sources.values()]
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


def test_lengths_and_small_numbers_as_they_are_said() -> None:
    """Rounded up to one figure that counts: what is rare is never told as rarer than it is."""
    english, french = LANGUAGES["en"], LANGUAGES["fr"]
    told = [
        duration(ms, english).replace("\u00a0", " ") for ms in (12_400, 59_949, 72_000, 184_000, 3_725_000)
    ]
    assert told == ["12.4 s", "59.9 s", "1 min 12 s", "3 min 04 s", "1 h 02 min 05 s"]
    assert duration(12_400, french) == "12,4\u00a0s"
    numbers = (0.00031, 0.02, 0.96, 1.0, 1.04, 9.96, 12.2, 52_000)
    assert [decimal(number, english) for number in numbers] == [
        "0.0004",
        "0.02",
        "1",
        "1",
        "1.1",
        "10",
        "13",
        "52,000",
    ]
    row = {"grade": "copy", "chance": 0.0}
    summary = {"comparisons": 100, "hints_compared": 20_000}
    assert "fewer than 0.000001" in chance_said(row, summary, english)
    assert "not recorded" in chance_said({"grade": "copy", "chance": None}, summary, english)
    assert "0.02" in chance_said({"grade": "copy", "chance": 2e-4}, summary, english)
    assert " 4 " in chance_said({"grade": "resembles", "chance": 2e-4}, summary, english)
    unknown = summary | {"hints_compared": None}
    assert "not recorded" in chance_said({"grade": "resembles", "chance": 2e-4}, unknown, english)


def test_times_have_the_decimal_sign_of_the_language(sources: dict[str, str]) -> None:
    """In what the page says and in what its script will say."""
    assert (clock(30_000), clock(30_000, ",")) == ("0:30.0", "0:30,0")
    for lang, other in (("en", ","), ("fr", ".")):
        assert not re.search(rf"\d:\d\d\{other}\d", sources[lang].replace("data:", ""))


def test_a_change_of_speed_is_told_as_one() -> None:
    """Where pitch and tempo fit together, and only there."""
    row = {
        "grade": "copy",
        "matched": 9_000,
        "asset_duration": 10_000,
        "share_of_work": 0.9,
        "pitch_shift": -1.0,
    }
    slower = row | {"tempo": 2 ** (-1 / 12)}
    assert is_one_speed(slower)
    assert "5.6% slower" in " ".join(in_words(slower, LANGUAGES["en"]))
    assert not is_one_speed(row | {"tempo": 1.1})
    assert not is_one_speed(row | {"tempo": 1.0, "pitch_shift": 0.0})


def test_check_by_hand(run: Path) -> None:
    """Rows, digests, seconds; pitch and tempo undone the right way; no name from outside in a command."""
    listening = select_recordings(run)
    found = next(f for work in listening.works for f in work.found if f.finding["grade"] == "copy")
    code = "\n".join(step["code"] for step in steps_for(found, LANGUAGES["en"]))
    assert "ffmpeg -ss 30.000 -t 15.000 -i RECORD -map 0:a:0" in code
    assert "ffmpeg -ss 8.000 -t 15.780 -i WORK" in code
    assert "asetrate=39289,aresample=44100,atempo=1.066979 undone.wav" in code
    assert "script" not in code
    assert found.finding["finding_id"] in code


def test_a_large_run_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 700 works found, 50 are shown with 56 findings at most, 12 hints, 500 have a line, the rest a number."""
    made = RecordingRun()
    for number in range(700):
        made.played(f"work {number:04}", title="題名" * 200, author="著者" * 90)
        for row in range(3 if number < 20 else 1):
            made.heard(f"work {number:04}", (0, 5_000, 0, 5_000), (9_000, 9_000), row=number * 4 + row)
    for number in range(30):
        hint: dict[str, Any] = {"grade": "resembles", "chance": 1e-6 * (30 - number), "row": 5_000 + number}
        made.heard(f"work {number:04}", (0, 5_000, 0, 5_000), (9_000, 9_000), **hint)
    listening = select_recordings(made.write(tmp_path))
    shown = [found for work in listening.works for found in work.found]
    assert (len(listening.works), len(shown)) == (MOST.works, MOST.shown)
    assert (len(listening.hints), listening.all_hints) == (MOST.apart, 30)
    assert [hint.finding["row"] for hint in listening.hints[:2]] == [5_029, 5_028]
    assert listening.unlisted == 770 - MOST.shown - MOST.apart - MOST.listed
    source = render_html(listening, "en")
    assert len(source) < 1_500_000
    assert "202 further findings" in source
    monkeypatch.setattr(view_module, "MOST", 0)
    assert "so that this page stays small" in render_html(listening, "en")


def test_the_folder_has_every_row(run: Path, tmp_path: Path) -> None:
    """As CSV that no spreadsheet reckons with, as JSON Lines, as Parquet; the same bytes again."""
    written = write_listening(run, tmp_path / "out", "fr")
    assert written.page.name == "listening.fr.html"
    assert written.findings == 8
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "listening.fr.html",
        "findings.csv",
        "findings.jsonl",
        "recordings.parquet",
        "summary.json",
        "works.parquet",
    }
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = (tmp_path / "out" / "findings.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    assert [json.loads(line)["finding_id"] for line in lines] == [row["finding_id"] for row in rows]
    assert any(row["matched_parts"].startswith("30000 45000 8000 ") for row in rows)
    before = {name: (tmp_path / "out" / name).read_bytes() for name in names}
    write_listening(run, tmp_path / "out", "fr")
    assert before == {name: (tmp_path / "out" / name).read_bytes() for name in names}


def test_cells_that_begin_like_formulas_are_text(tmp_path: Path) -> None:
    """An apostrophe stands before them."""
    made = RecordingRun()
    made.played("one", title='\u00a0=HYPERLINK("https://evil.example")')
    made.heard("one", (0, 5_000, 0, 5_000), (9_000, 9_000))
    write_listening(made.write(tmp_path / "run"), tmp_path / "out", "en")
    assert "'\u00a0=HYPERLINK" in (tmp_path / "out" / "findings.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGS)
def test_the_text_form(run: Path, lang: str) -> None:
    """Aligned, safe, the same two lines first; at the end of a scan the same count."""
    text = render_listening(run, lang, "text")
    assert all(cell_len(line) <= COLUMNS for line in text.splitlines())
    assert not re.search("[\x1b\u202e]", text)
    first = "3 of your 6 works" if lang == "en" else "3 de vos 6 œuvres"
    assert first in text[:700]
    assert "≈" in text
    lines = statement(select_recordings(run).summary, lang)
    assert first in lines[0]
    assert len(lines) == 5
