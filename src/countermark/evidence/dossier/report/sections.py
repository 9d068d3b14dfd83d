"""The chapters of a dossier's report as blocks: what was searched, what was found, how often, and how to verify."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.dossier.report.search_facts import moment
from countermark.evidence.dossier.report.token_facts import (
    how_read,
    letters_found,
    not_shown,
    refused_none,
    warned,
)
from countermark.evidence.dossier.verify_text import COMMANDS
from countermark.evidence.gallery.languages import LANGUAGES as PICTURE_LANGUAGES
from countermark.evidence.gallery.picture_tables import STATUSES as PICTURE_STATUSES
from countermark.evidence.listening.languages import LANGUAGES as RECORDING_LANGUAGES
from countermark.evidence.listening.recordings import RECORDINGS
from countermark.evidence.report.languages import LANGUAGES as REPORT_LANGUAGES
from countermark.evidence.report.view import passage_view
from countermark.evidence.shapes import SHAPE_OF
from countermark.evidence.summary import is_of_pictures, is_sealed
from countermark.evidence.works_table import STATUSES
from countermark.findings import Grade
from countermark.paper.blocks import (
    Block,
    bars,
    facts,
    heading,
    items,
    paragraph,
    passage,
    side,
    steps,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.evidence.report.selection import WorkShown
    from countermark.language import Language

ATTEMPTS_SHOWN: Final = 40
REASONS_SHOWN: Final = 5
WIDEST: Final = 92
"""Signs of a command on one line of a page, A4 or Letter."""
PASSAGES_SHOWN: Final = 6

TEXT_GRADES: Final = (Grade.IDENTICAL, Grade.COPY)
PICTURE_GRADES: Final = (*TEXT_GRADES, Grade.SHARED)
RECORDING_GRADES: Final = (*PICTURE_GRADES, Grade.RESEMBLES)
LINK_GRADES: Final = (Grade.IDENTIFIER, Grade.NAME)
LINK_STATUSES: Final = ("identifier", "name", "not-found")

Summary = dict[str, Any]

_VERIFYING: Final = (
    ("verify.files", ("files", "tags")),
    ("verify.signature", ("signature", "statement")),
    ("verify.list", ("list", "committed", "whole", "pictures", "added")),
    ("verify.key", ("key",)),
    ("verify.stamp", ("stamp",)),
)
_REPLAY: Final = "countermark dossier replay . CORPUS_SHARD --finding ID"


def searched(
    number: int,
    name: str,
    summary: Summary,
    times: Sequence[tuple[str, str]],
    digests: Sequence[tuple[str, str]],
    say: Language,
) -> list[Block]:
    """What one search read, when and with what, and what came out by work and by grade."""
    link, kind = is_link(summary), kind_of(summary)
    read = summary["searched"]
    rows = [
        (say.say("search.set"), corpus_said(summary, say)),
        *times,
        (say.say("search.rows"), say.number(read["rows"]))
        if link
        else (say.say(f"search.{kind or 'records'}"), say.number(read["records"])),
        *([(say.say(f"search.in_part.{kind}"), _counted(read["in_part"], say))] if kind else []),
        (say.say("search.shards"), _of(read["shards"], read.get("shards_planned"), say)),
        (say.say("search.refused"), _refused(summary, say)),
        (say.say("search.quarantined"), _counted(_number_of(read["quarantined"]), say)),
        (say.say("search.engine"), f"Countermark {summary['engine']}"),
        (say.say("search.run"), name),
    ]
    blocks = [heading(say.say("search", number=str(number), corpus=_name(summary)))]
    if not summary["complete"]:
        blocks.append(paragraph(say.say("search.incomplete"), "remark"))
    blocks += [paragraph(_asked(summary, say), "faded"), facts(rows), facts(digests, code=True)]
    blocks += how_read(summary, say)
    blocks += [heading(say.say("outcome"), 2), *warned(summary, say), _works(summary, say)]
    return [*blocks, heading(say.say("grades"), 2), _grades(summary, say), *_controls(summary, say)]


def _asked(summary: Summary, say: Language) -> str:
    """What the search looked for, and how."""
    if is_link(summary):
        return say.say("asked.link.pictures" if "pictures" in summary else "asked.link")
    if kind := kind_of(summary):
        return say.say(f"asked.{kind}")
    return " ".join([say.say("asked.scan"), *letters_found(summary, say)])


def kind_of(summary: Summary) -> str:
    """`pictures` or `recordings`, of a scan of them; empty for texts and for a link."""
    if is_of_pictures(summary):
        return "pictures"
    return "recordings" if summary.get("medium") == RECORDINGS.medium else ""


def is_link(summary: Summary) -> bool:
    """Whether a summary is that of a link."""
    return str(summary["format"]).startswith("countermark.links/")


def corpus_said(summary: Summary, say: Language) -> str:
    """The data set with the date of its copy."""
    date = summary["corpus"].get("snapshot_date")
    snapshot = say.say("snapshot", date=say.date(date)) if date else say.say("snapshot.unknown")
    return say.say("set", name=_name(summary), snapshot=snapshot)


def _name(summary: Summary) -> str:
    return str(summary["corpus"].get("name") or "–")


def _of(count: int, planned: int | None, say: Language) -> str:
    return (
        say.number(count) if planned in (None, count) else f"{say.number(count)} / {say.number(planned or 0)}"
    )


def _number_of(listed: int | Sequence[object]) -> int:
    return listed if isinstance(listed, int) else len(listed)


def _counted(count: int, say: Language) -> str:
    return say.number(count) if count else say.say("none")


def _refused(summary: Summary, say: Language) -> str:
    reasons = sorted(summary["searched"]["refused"].items(), key=lambda one: (-one[1]["count"], one[0]))
    if not reasons:
        return refused_none(summary, say)
    told = ", ".join(f"{reason} {say.number(entry['count'])}" for reason, entry in reasons[:REASONS_SHOWN])
    total = sum(entry["count"] for _, entry in reasons)
    return say.say("refused.reasons", count=say.number(total), reasons=told)


def _works(summary: Summary, say: Language) -> Block:
    works = summary["works"]
    languages, order = {
        "pictures": (PICTURE_LANGUAGES, PICTURE_STATUSES),
        "recordings": (RECORDING_LANGUAGES, RECORDINGS.statuses),
    }.get(kind_of(summary), (REPORT_LANGUAGES, LINK_STATUSES if is_link(summary) else STATUSES))
    total, words = works["total"], languages[say.code]
    rows = []
    for status in (status for status in order if status not in {"control", "false-alarm"}):
        if count := works["by_status"].get(status, 0):
            label = say.say(f"link.works.{status}") if is_link(summary) else words.say(f"status.{status}")
            rows.append((label, count, total, f"{say.number(count)} / {say.number(total)}"))
    return bars(rows)


def _grades(summary: Summary, say: Language) -> Block:
    counts = summary["findings"]["by_grade"]
    rows = [
        (graded(grade, say), say.number(counts.get(grade, 0)), say.say(_meaning(grade, summary)))
        for grade in Grade
        if grade in counts and (counts[grade] or grade in _own_grades(summary))
    ]
    columns = [
        (say.say("grade"), "left", "1.4"),
        (say.say("findings"), "right", "1"),
        (say.say("meaning"), "left", "5"),
    ]
    return table(columns, rows)


def graded(grade: str, say: Language) -> str:
    """A grade with its shape, as a cell of a table: the paper knows those of texts, and this one has a sign."""
    word = say.say(f"grade.{grade}")
    sign = SHAPE_OF[grade] if grade in (Grade.SHARED, Grade.RESEMBLES) else ""
    return f"{sign}\u2002{word}" if sign else f"{grade}|{word}"


def _own_grades(summary: Summary) -> tuple[Grade, ...]:
    """The grades that such a search may give, and that are told of it also where there is none."""
    if is_link(summary):
        return LINK_GRADES
    return {"pictures": PICTURE_GRADES, "recordings": RECORDING_GRADES}.get(kind_of(summary), TEXT_GRADES)


def _meaning(grade: Grade, summary: Summary) -> str:
    """The key of what a grade means in a search."""
    if is_of_pictures(summary) and grade in (*TEXT_GRADES, Grade.IDENTIFIER):
        return f"means.{grade}.picture"
    if kind_of(summary) == "recordings" and grade in PICTURE_GRADES:
        return f"means.{grade}.recording"
    if grade == Grade.COPY and is_sealed(summary):
        return "means.copy.sealed"
    return f"means.{grade}.hash" if "pictures" in summary and grade == Grade.NAME else f"means.{grade}"


def _controls(summary: Summary, say: Language) -> list[Block]:
    controls = summary.get("controls") or {}
    blocks = [heading(say.say("errors"), 2)]
    if not controls.get("works"):
        return [*blocks, paragraph(say.say("controls.none"))]
    said = say.say(
        "controls.some",
        alarms=say.number(controls["false_alarms"]),
        controls=say.number(controls["works"]),
        lower=say.share(controls["lower"], 2),
        upper=say.share(controls["upper"], 2),
    )
    return [*blocks, paragraph(said)]


def attempted(events: Sequence[Mapping[str, Any]], here: frozenset[str], say: Language) -> list[Block]:
    """The log of all attempts as a table; `here` are the names of the run folders in the dossier."""
    begun = [event for event in events if event["event"] == "begin"]
    ends = {event["attempt"]: event for event in events if event["event"] != "begin" and "attempt" in event}
    first: dict[str, int] = {}
    for event in begun:
        first.setdefault(event["run"], event["attempt"])
    # Of many, those of this dossier are shown whatever their number.
    order = sorted(begun, key=lambda event: (event["run"] not in here, event["attempt"]))[:ATTEMPTS_SHOWN]
    rows = [
        _attempt(event, ends.get(event["attempt"]), first[event["run"]], here, say)
        for event in sorted(order, key=lambda event: event["attempt"])
    ]
    columns = [
        (say.say("attempts.number"), "right", "auto"),
        (say.say("attempts.set"), "left", "3"),
        (say.say("attempts.kind"), "left", "auto"),
        (say.say("attempts.began"), "left", "auto"),
        (say.say("attempts.end"), "left", "auto"),
        (say.say("attempts.found"), "right", "auto"),
        (say.say("attempts.here"), "left", "auto"),
    ]
    blocks = [
        heading(say.say("attempts")),
        paragraph(
            f"{say.say('attempts.lead', n=len(begun))} "
            + say.say(
                "attempts.counts",
                none=say.number(sum(end.get("findings") == 0 for end in ends.values())),
                open=say.number(sum(event["attempt"] not in ends for event in begun)),
                others=say.number(sum(event["run"] not in here for event in begun)),
            )
        ),
        table(columns, rows),
    ]
    if len(begun) > ATTEMPTS_SHOWN:
        blocks.append(paragraph(say.say("attempts.rest", n=len(begun) - ATTEMPTS_SHOWN), "faded"))
    return blocks


def _attempt(
    begun: Mapping[str, Any], end: Mapping[str, Any] | None, first: int, here: frozenset[str], say: Language
) -> tuple[str, ...]:
    again = begun["attempt"] != first
    corpus = str(begun.get("corpus") or "–")
    return (
        str(begun["attempt"]),
        say.say("attempts.again", corpus=corpus, first=str(first)) if again else corpus,
        _kind(begun, end, say),
        moment(str(begun["time"])),
        say.say(f"end.{end['event']}") if end else say.say("end.none"),
        say.number(end["findings"]) if end and "findings" in end else "–",
        say.say("yes") if begun["run"] in here else say.say("no"),
    )


def _kind(begun: Mapping[str, Any], end: Mapping[str, Any] | None, say: Language) -> str:
    """What was searched; a scan of pictures or recordings tells so when it ends."""
    for name, total in (("pictures", "picture_bytes"), ("recordings", "sound_bytes")):
        if end is not None and total in end:
            return say.say(f"kind.{name}")
    return say.say(f"kind.{begun.get('kind', 'scan')}")


def passages(shown: Sequence[WorkShown], say: Language) -> list[Block]:
    """The longest passage of each of the works shown, side by side."""
    chosen = [(work, work.passages[0]) for work in shown if work.passages][:PASSAGES_SHOWN]
    if not chosen:
        return []
    words = REPORT_LANGUAGES[say.code]
    views = [(first.finding, passage_view(first, words, f"w{work.number}")) for work, first in chosen]
    lead = [say.say("passages.lead", n=PASSAGES_SHOWN)]
    lead += [say.say("passages.marked")] if any(_compared(view) for _, view in views) else []
    lead += [words.say("works.sealed")] if any(first.sealed for _, first in chosen) else []
    blocks = [heading(say.say("passages")), paragraph(" ".join(lead), "faded")]
    return blocks + [_passage(finding, view, say) for finding, view in views]


def _compared(view: Mapping[str, Any]) -> bool:
    """Whether both sides stand there, so that what differs can be marked."""
    return not (view["one_sided"] or view["withheld"])


def _passage(finding: Mapping[str, Any], view: Mapping[str, Any], say: Language) -> Block:
    def pieces(name: str) -> list[tuple[str, str]]:
        told = [(piece.text, "change" if piece.level else "") for piece in view[name]]
        return _at_a_word(told) if view["cut"] else told

    record_place = " · ".join(
        part
        for part in (view["record_offsets"], view["row"], view["record_url"] or view["record_id"])
        if part
    )
    sides = [side(say.say("passage.record", shard=view["shard"]), record_place, pieces("record"))]
    if not view["one_sided"]:
        work = say.say("passage.work", path=view["asset_path"])
        sides.insert(0, side(work, view["asset_offsets"], pieces("asset")))
    under = say.say("passage.under", finding=finding["finding_id"], digest=finding["record_digest"])
    under += f" · {say.say('passage.withheld')}" if view["withheld"] else ""
    under += f" · {say.say('passage.cut' if _compared(view) else 'passage.cut.one')}" if view["cut"] else ""
    title = " – ".join(part for part in (view["work_title"], finding["work_author"]) if part)
    return passage(title, finding["grade"], " · ".join(view["facts"][:2]), sides, under)


def _at_a_word(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pieces of a passage that goes on: they end after a whole word, and show that there is more."""
    if not pieces:
        return pieces
    text, mark = pieces[-1]
    whole, space, _ = text.rpartition(" ")
    return [*pieces[:-1], (f"{whole} …" if space else f"{text}…", mark)]


def limits(summaries: Sequence[Summary], say: Language) -> list[Block]:
    """What must not be read into the document."""
    rows = say.say("limits.rows").split("\n")
    for kind in ("pictures", "recordings"):
        if any(kind_of(one) == kind and not is_link(one) for one in summaries):
            rows += say.say(f"limits.{kind}").split("\n")
    rows += not_shown(summaries, say)
    return [heading(say.say("limits")), items(rows)]


def folded(command: str, width: int = WIDEST) -> str:
    """A command in lines that a page holds, so that it can be typed as printed: broken at spaces, with a backslash.

    Within apostrophes a shell takes a backslash as it stands; there a command is not broken.
    """
    lines: list[str] = []
    line = ""
    for word in command.split(" "):
        if line and len(line) + len(word) + 3 > width and "".join([*lines, line]).count("'") % 2 == 0:
            lines.append(f"{line} \\")
            line = f"  {word}"
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])


def verifying(say: Language) -> list[Block]:
    """The steps with public tools, with the commands of VERIFY.txt."""
    rows = [(say.say(key), "\n".join(folded(COMMANDS[name]) for name in names)) for key, names in _VERIFYING]
    return [
        heading(say.say("verify")),
        paragraph(say.say("verify.lead")),
        steps([*rows, (say.say("verify.replay"), _REPLAY)]),
    ]
