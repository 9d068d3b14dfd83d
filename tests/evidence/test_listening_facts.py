"""What the report on recordings says of hints, and of where a file stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from countermark.evidence.listening import sections
from countermark.evidence.listening.languages import LANGUAGES
from countermark.evidence.listening.page import render_html, render_listening
from countermark.evidence.listening.said import record_facts
from countermark.evidence.listening.selection import select_recordings
from countermark.evidence.listening.text import statement
from evidence.listening_run import RecordingRun, listening_run

if TYPE_CHECKING:
    from pathlib import Path

LANGS = ("en", "fr")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with one of everything."""
    return listening_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def sources(run: Path) -> dict[str, str]:
    """The page of that run in both languages."""
    return {lang: render_html(select_recordings(run), lang) for lang in LANGS}


@pytest.mark.parametrize("lang", LANGS)
def test_of_a_hint_nothing_is_said_that_nobody_measured(sources: dict[str, str], lang: str) -> None:
    """Neither that it is in one work only, nor peaks, nor an agreement."""
    hints = sources[lang].split('aria-labelledby="hints"')[1].split("</section>")[0]
    facts = hints.split('<p class="facts">')[1].split("</p>")[0]
    say = LANGUAGES[lang]
    assert say.say("heard.commonness", n=1) in sources[lang]
    assert say.say("heard.commonness", n=1) not in facts
    assert re.sub("<[^>]+>", "", facts) == say.say("heard.fills", share=say.share(12 / 45, 0))


@pytest.mark.parametrize("lang", LANGS)
def test_hints_have_a_number_of_comparisons_of_their_own(run: Path, lang: str) -> None:
    """Among what was searched, and where chance is explained; nothing of them where nothing was compared."""
    say, summary = LANGUAGES[lang], select_recordings(run).summary
    row = (say.say("searched.hints"), say.number(52_000))
    assert row in sections.searched(summary, say)
    assert say.say("alarms.chance.hints", n=52_000) in sections.alarm_rate(summary, say)
    none = summary | {"hints_compared": 0, "controls": summary["controls"] | {"resembles_only": 0}}
    assert row[0] not in dict(sections.searched(none, say))
    told = " ".join(sections.alarm_rate(none, say))
    assert say.say("alarms.chance", n=summary["comparisons"]) in told
    assert "resembl" not in told
    assert "ressembl" not in told


@pytest.mark.parametrize("lang", LANGS)
def test_that_there_are_too_few_works_for_hints_is_told(run: Path, lang: str) -> None:
    """Where they were asked for: on the page, in the lines, and at the end of a scan."""
    say, summary = LANGUAGES[lang], select_recordings(run).summary
    warning = say.say("hints.few", least=24, works=23)
    few = summary | {"compositions": True, "index": summary["index"] | {"works": 23}}
    assert warning in sections.warnings(few, say)
    assert any(warning[:60] in " ".join(line.split()) for line in statement(few, lang))
    for enough in (
        few | {"compositions": False},
        few | {"index": summary["index"] | {"works": 24}},
        {name: value for name, value in few.items() if name != "compositions"},
    ):
        assert warning not in sections.warnings(enough, say)
    silent = few | {"index": summary["index"] | {"works": 24}, "hints_compared": 0}
    assert say.say("hints.few", least=24, works=24) in sections.warnings(silent, say)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("shard", "folder"), [("./#0-18", "music 2024"), ("tracks~2/#0-18", "tracks~2")])
def test_a_file_of_a_folder_is_named_with_its_folder(
    tmp_path: Path, lang: str, shard: str, folder: str
) -> None:
    """Not by the part of a listing that no reader has."""
    made = RecordingRun(corpus="music 2024")
    made.played("one")
    made.heard("one", (0, 5_000, 0, 5_000), (9_000, 9_000), shard=shard, record_id="a/quay.flac")
    run = made.write(tmp_path)
    facts = dict(fact[:2] for fact in record_facts(every_row(run), LANGUAGES[lang]))
    assert facts[LANGUAGES[lang].say("passage.file")] == "a/quay.flac"
    assert facts[LANGUAGES[lang].say("place.folder")] == folder
    assert not any("#0-18" in fact for fact in facts.values())
    page = render_listening(run, lang, "html")
    assert (
        f"\u2068a/quay.flac\u2069 {'of the folder' if lang == 'en' else 'du dossier'} \u2068{folder}\u2069"
        in page
    )


def every_row(run: Path) -> dict[str, Any]:
    """The one finding of a run."""
    ((found,),) = [work.found for work in select_recordings(run).works]
    return found.finding
