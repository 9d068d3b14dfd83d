"""The report of a dossier, in one language: what is in it, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark import __version__
from countermark.evidence.dossier.report import search_facts, words_en, words_fr
from countermark.evidence.dossier.report.heard import heard_chapter
from countermark.evidence.dossier.report.listed import listed
from countermark.evidence.dossier.report.pictured import pictured
from countermark.evidence.dossier.report.sections import (
    attempted,
    corpus_said,
    is_link,
    kind_of,
    limits,
    passages,
    searched,
    verifying,
)
from countermark.evidence.dossier.report.token_facts import warned
from countermark.evidence.report.selection import select
from countermark.evidence.run_folder import read_json
from countermark.language import languages
from countermark.paper.blocks import facts, new_page, paragraph
from countermark.paper.typesetting import set_pdf
from countermark.scan.runlog import read_events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.evidence.dossier.report.sections import Summary
    from countermark.evidence.gallery.selection import Gallery
    from countermark.evidence.listening.selection import Listening
    from countermark.evidence.report.selection import WorkShown
    from countermark.language import Language
    from countermark.paper.blocks import Block

LANGUAGES = languages(words_en.WORDS, words_fr.WORDS)


DIGESTS_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about. `date` is YYYY-MM-DD; `key` is the fingerprint of the public key, or empty."""

    runs: tuple[Path, ...]
    attempts: Path
    date: str
    key: str = ""
    claimant: str = ""
    paper: str = "a4"


def report_pdf(subject: Subject, language: str, chapters: Sequence[Block] = ()) -> bytes:
    """The report as a PDF: the same bytes for the same subject. `chapters` (of a claim) stand after the searches.

    Raises RunError for a run that is damaged, OutputError where it cannot be set.
    """
    say = LANGUAGES[language]
    summaries, shown, galleries, listened = _read(subject.runs)
    body: list[Block] = []
    for number, (run, summary) in enumerate(zip(subject.runs, summaries, strict=True), 1):
        asked = search_facts.digests(read_json(run / "run.json"), say)
        body += searched(number, run.resolve().name, summary, search_facts.times(run, say), asked, say)
        if is_link(summary):
            body += listed(run, say)
    events = read_events(subject.attempts)
    here = frozenset(run.resolve().name for run in subject.runs)
    body += [
        *passages(shown, say),
        *pictured(galleries, say),
        *heard_chapter(listened, say),
        *([new_page(), *chapters] if chapters else []),
        *attempted(events, here, say),
        *limits(summaries, say),
        *verifying(say),
    ]
    digest = " · ".join(str(one["run_digest"])[:12] for one in summaries[:DIGESTS_SHOWN])
    return set_pdf(
        {
            "title": say.say("title"),
            "subtitle": say.say("subtitle", version=__version__, date=say.date(subject.date)),
            "language": language,
            "year": subject.date[:4],
            "paper": subject.paper,
            "footer": say.say("footer", digest=digest) if digest else say.say("footer.none"),
            "page_word": say.say("page"),
            "blocks": [*_opening(subject, summaries, say), *body],
        },
        date=subject.date,
    )


def _read(runs: Sequence[Path]) -> tuple[list[Summary], list[WorkShown], list[Gallery], list[Listening]]:
    """The summary of each run, the works of the scans whose passages can be shown, the pictures, the recordings."""
    summaries: list[dict[str, Any]] = []
    shown: list[WorkShown] = []
    galleries: list[Gallery] = []
    listened: list[Listening] = []
    for run in runs:
        settings = read_json(run / "run.json")
        if settings.get("kind") == "link":
            summaries.append(read_json(run / "summary.json"))
        elif settings.get("medium") == "audio":
            from countermark.evidence.listening.selection import select_recordings  # noqa: PLC0415

            listened.append(select_recordings(run))
            summaries.append(listened[-1].summary)
        elif settings.get("medium") == "image":
            from countermark.evidence.gallery.selection import select_pictures  # noqa: PLC0415  Pillow is an extra

            galleries.append(select_pictures(run))
            summaries.append(galleries[-1].summary)
        else:
            selection = select(run)
            summaries.append(selection.summary)
            shown += selection.works
    shown.sort(key=lambda work: (-work.row["matched"], work.row["work_id"]))
    return summaries, shown, galleries, listened


def _opening(subject: Subject, summaries: Sequence[Summary], say: Language) -> list[Block]:
    rows = [
        (say.say("subject.claimant"), subject.claimant),
        (
            say.say("subject.sets"),
            say.say("between").join(dict.fromkeys(corpus_said(one, say) for one in summaries)),
        ),
        (say.say("subject.date"), say.date(subject.date)),
        (say.say("subject.searches"), say.number(len(summaries))),
    ]
    digests = [(say.say("subject.key"), subject.key)] if subject.key else []
    digests += [
        (f"{say.say('search.digest')} {at}", one["run_digest"]) for at, one in enumerate(summaries, 1)
    ]
    return [
        *(block for one in summaries for block in (paragraph(_lead(one, say), "lead"), *warned(one, say))),
        paragraph(say.say("not_proof"), "remark"),
        facts(row for row in rows if row[1]),
        facts(digests, code=True),
        paragraph(say.say("not_advice"), "faded"),
    ]


def _lead(summary: Summary, say: Language) -> str:
    works = summary["works"]
    found = works["in_data_set"] if not is_link(summary) else works["by_status"].get("identifier", 0)
    key = "lead.link" if is_link(summary) else f"lead.{kind_of(summary) or 'scan'}"
    form = "one" if found == 1 or (say.code == "fr" and found == 0) else "other"
    return say.say(f"{key}.{form}", found=found, total=works["total"], corpus=corpus_said(summary, say))
