"""The page of a watch: both languages, nothing fetched, nothing from outside that acts."""

from __future__ import annotations

import re
from datetime import date
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from countermark.evidence.watch import messages_en, messages_fr, view
from countermark.evidence.watch.changes import CHANGES, STATUSES, compare
from countermark.evidence.watch.page import render_watch
from countermark.evidence.watch.unread import Why
from countermark.evidence.watch.write import write_watch
from countermark.findings.finding import Grade
from evidence.synthetic import SyntheticRun
from evidence.watched_runs import two_runs

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.evidence.watch.changes import Comparison


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Both runs, compared."""
    return compare(*two_runs(tmp_path_factory.mktemp("watch")))


def test_both_languages_say_the_same() -> None:
    """The same keys with the same fields, and a word for everything that can be said."""
    english, french = messages_en.MESSAGES, messages_fr.MESSAGES
    assert english.keys() == french.keys()
    for key, text in english.items():
        fields = [{name for _, name, _, _ in Formatter().parse(said) if name} for said in (text, french[key])]
        assert fields[0] == fields[1], key
    wanted = {f"finding.{name}" for name in (*STATUSES, "same")} | {f"grade.{grade}" for grade in Grade}
    wanted |= {name for change in CHANGES for name in (change, f"{change}.means")}
    unknown = {Why.UNREAD, Why.NOT_SOUGHT, Why.CONTROL}
    wanted |= {f"why.{'not-looked-at' if why in unknown else 'gone'}.{why}" for why in Why}
    wanted |= {f"why.new.{why}" for why in Why}
    assert wanted <= english.keys()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nothing_from_outside_acts(compared: Comparison, lang: str) -> None:
    """Titles, addresses and texts are shown as text; nothing is fetched, no script runs."""
    page = render_watch(compared, lang)
    assert "<script" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert not re.search(r'(src|href)="(?!#|data:)', page)
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "&lt;script&gt;" in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert f'<html lang="{lang}">' in page


def test_the_counts_stand_before_the_works(compared: Comparison) -> None:
    """The headline, the caution, what could not be read, then the works in order of change."""
    page = render_watch(compared, "en")
    order = [
        page.index(said)
        for said in (
            "1 file of this version could not be read: \u2068locked.jsonl\u2069",
            "Since the last search: 2 works newly found, 1 no longer found.",
            "Being listed is not proof",
            'id="f-newly-found"',
            "Une lampe sous la pluie",
            "Letters Left Behind",
            "The Closed Drawer",
        )
    ]
    assert order == sorted(order)
    assert page.count("<article") == 9
    assert "whether the passage stands there is not known" in page


def test_french_is_typeset(compared: Comparison) -> None:
    """No ordinary space stands before a sign that asks for one that does not break."""
    page = render_watch(compared, "fr")
    text = re.sub(r"<style>.*?</style>|<[^>]*>|&[#a-z0-9]+;", " ", page, flags=re.S)
    shown = re.sub(r"The ferryman never told[^.]*\.", "", text)
    assert not re.search(r"\w [;!?»]", shown)
    assert (
        "Depuis la dernière recherche\u00a0: 2\u202fœuvres" in page
        or "2 œuvres nouvellement trouvées" in page
    )


def test_no_change_says_so(tmp_path: Path) -> None:
    """An empty state is a sentence, and there is nothing to choose from."""
    last, _ = two_runs(tmp_path)
    page = render_watch(compare(last, last), "en")
    assert "Nothing has changed for your works since the last search." in page
    assert "No finding differs from the last search." in page
    assert "<fieldset" not in page


def test_a_great_many_works_and_changes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page shows so many, and says where the rest is."""
    monkeypatch.setattr(view, "WORKS_SHOWN", 2)
    runs = []
    for name, found in (("last", 0), ("now", 5)):
        made = SyntheticRun()
        for work in range(4):
            made.work(f"w{work}")
            for number in range(found):
                made.find(f"w{work}", number * 100, number * 100 + 90, row=number)
        runs.append(made.write(tmp_path / name))
    page = render_watch(compare(*runs), "en")
    assert page.count("<article") == 2
    assert page.count('<section class="passage') == 2 * view.CHANGES_SHOWN
    assert "And 2 more changes of this work." in page
    assert "And 2 more works with changes" in page


def test_everything_is_written_beside_the_run(tmp_path: Path) -> None:
    """The pages, the feeds and the changes: the same bytes each time."""
    last, now = two_runs(tmp_path)
    write_watch(last, now, date(2024, 6, 1))
    written = {path.name: path.read_bytes() for path in (now / "watch").iterdir()}
    names = (
        "changes.json",
        "changes.parquet",
        "feed.en.xml",
        "feed.fr.xml",
        "watch.en.html",
        "watch.fr.html",
    )
    assert sorted(written) == sorted(names)
    write_watch(last, now, date(2024, 6, 1))
    assert {path.name: path.read_bytes() for path in (now / "watch").iterdir()} == written
    assert not any(str(tmp_path).encode() in data for data in written.values())
