"""`countermark reserve history show`."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.captures.history.timeline import Interval, OnDate, Timeline
    from countermark.language import Language
    from countermark.reservations.use import Use
    from countermark.reservations.verdict import Verdict


@click.command("show")
@click.argument("folder", metavar="HISTORY", type=click.Path(path_type=Path))
@click.option("--url", "urls", multiple=True, metavar="ADDRESS", help="Only this address (repeatable).")
@click.option(
    "--use",
    "uses",
    multiple=True,
    metavar="USE",
    help="Only this use: tdm, train, generative, input, search.",
)
@click.option(
    "--agent", "agents", multiple=True, metavar="NAME", help="As asked by this user agent (repeatable)."
)
@click.option(
    "--on", metavar="DATE", help="The verdict of the last capture not after this date, with its reasons."
)
@click.option(
    "--gap", type=click.IntRange(min=1), default=31, show_default=True, help="Tell gaps of more days."
)
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(folder: Path, *, as_json: bool, **given: Any) -> None:
    """Say what was reserved from when to when, as the captures in HISTORY show it.

    Each capture is read anew, so a reader that became better speaks of old captures too. What is not captured is not
    known: intervals run from capture to capture, and gaps are told.

    \b
    Examples:
      countermark reserve history show history/
      countermark reserve history show history/ --use train --agent CCBot
      countermark reserve history show history/ --url https://example.org/essay.html --on 2026-03-04
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.language import language_of_locale, printable

    uses = uses_of(given["uses"])
    language = given["lang"] or language_of_locale(os.environ)
    if given["on"] is not None:
        _show_date(folder, given, uses, language, as_json=as_json)
        return
    from countermark.captures.history.timeline import timelines

    lines = timelines(folder, given["urls"], given["agents"], uses, given["gap"])
    if as_json:
        from countermark.captures.history.export import as_json as written

        click.echo(written(folder, lines).decode(), nl=False)
        return
    for line in _told(lines, language):
        click.echo(printable(line))


def uses_of(words: Sequence[str]) -> list[Use]:
    """The uses that options name. Raises InputError."""
    from countermark.reservations.telling import parse_use

    try:
        return [parse_use(word) for word in words]
    except ValueError as error:
        raise InputError(f"--use {error}") from None


def _told(lines: Sequence[Timeline], language: str) -> Iterator[str]:
    from countermark.reservations.telling import agent_name
    from countermark.reservations.words import room_languages

    say = room_languages()[language]
    if not lines:
        yield say.say("history.none")
        return
    for line in lines:
        runs = next(iter(line.uses.values()))
        first, last = min(run.first for run in runs), max(run.last for run in runs)
        agent = agent_name(line.agent, language)
        yield say.say("history.head", url=line.url, agent=agent, n=line.captures, first=first, last=last)
        if not line.asked:
            yield f"  {say.say('history.page-never')}"
        for uses, found in _alike(line):
            names = ", ".join(say.say(f"use.{use}") for use in uses)
            yield f"  {names}"
            for interval in found:
                yield f"    {_interval(interval, say)}"
                for gap in interval.gaps:
                    told = say.say("history.gap", days=say.number(gap.days), begin=gap.begin, end=gap.end)
                    yield f"      {told}"
        yield ""
    yield say.say("history.between")


def _alike(line: Timeline) -> Iterator[tuple[list[Use], tuple[Interval, ...]]]:
    """Uses with the same answers and protocols at all captures stand together."""
    groups: dict[tuple[Interval, ...], list[Use]] = {}
    for use, found in line.uses.items():
        groups.setdefault(found, []).append(use)
    for found, uses in groups.items():
        yield uses, found


def _interval(interval: Interval, say: Language) -> str:
    from countermark.reservations.protocols import PROTOCOLS
    from countermark.reservations.telling import SIGNS

    if interval.unread:
        return f"{SIGNS[interval.answer]} {_unread(interval, say)}"
    answer = say.say(f"answer.{interval.answer}")
    told = [
        say.say(
            "history.said", answer=answer, n=len(interval.points), first=interval.first, last=interval.last
        )
    ]
    if interval.protocols:
        names = ", ".join(PROTOCOLS[name].label for name in interval.protocols if name in PROTOCOLS)
        told.append(say.say("history.by", protocols=names))
    if interval.before:
        told.append(say.say("history.before", before=interval.before))
    if interval.after:
        told.append(say.say("history.after", after=interval.after))
    stop = "; " if say.code == "en" else "\u202f; "
    return f"{SIGNS[interval.answer]} {stop.join(told)}"


def _unread(interval: Interval, say: Language) -> str:
    why = ", ".join(
        say.say("history.why.status", status=one) if one.isdigit() else say.say(f"history.why.{one}")
        for one in interval.unread
    )
    number = len(interval.points)
    return say.say("history.unread", n=number, first=interval.first, last=interval.last, why=why)


def _show_date(
    folder: Path, given: dict[str, Any], uses: Sequence[Use], language: str, *, as_json: bool
) -> None:
    from countermark.captures.history.timeline import on_date
    from countermark.language import printable
    from countermark.reservations.telling import verdict_lines

    date = _date(given["on"])
    shown = [(on_date(folder, date, url), url) for url in given["urls"] or ("",)]
    if as_json:
        facts = [_facts(found, url, given["agents"]) for found, url in shown]
        click.echo(json.dumps(facts, indent=1))
        return
    for found, url in shown:
        click.echo("\n".join([*_on(found, language), ""]))
        for verdict in _verdicts(found, url, given["agents"]):
            for line in _others(found, verdict, language):
                click.echo(printable(line))
            click.echo("\n".join([*_answers(verdict, uses, language), *verdict_lines(verdict, language), ""]))


def _others(found: OnDate, verdict: Verdict, language: str) -> Iterator[str]:
    """Earlier captures of the same day that give another answer; none where a second was asked for."""
    from countermark.reservations.telling import SIGNS, answers_of
    from countermark.reservations.use import USES
    from countermark.reservations.words import room_languages

    say = room_languages()[language]
    for time, seen in found.others if "T" not in found.date else ():
        other = seen.judge(verdict.target.url, verdict.target.agent)
        if answers_of(other) != answers_of(verdict):
            told = ", ".join(
                f"{say.say(f'use.{use}')} {SIGNS[other.answer(use)]} {say.say(f'answer.{other.answer(use)}')}"
                for use in USES
                if other.answer(use) is not verdict.answer(use)
            )
            yield say.say("history.same-day", time=time, answers=told)


def _answers(verdict: Verdict, uses: Sequence[Use], language: str) -> Iterator[str]:
    """The answers to the uses that were asked for, before the table of all."""
    from countermark.reservations.telling import SIGNS
    from countermark.reservations.words import room_languages

    say = room_languages()[language]
    for use in uses:
        answer = verdict.answer(use)
        told = say.say("history.answer", use=say.say(f"use.{use}"), answer=say.say(f"answer.{answer}"))
        yield f"{SIGNS[answer]} {told}"


def _date(text: str) -> str:
    """A day, or a second in UTC. Raises InputError."""
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).strftime(form)
        except ValueError:
            continue
    raise InputError(f"--on {text}: a date is YYYY-MM-DD, for instance 2026-03-04, or YYYY-MM-DDThh:mm:ssZ")


def _on(found: OnDate, language: str) -> list[str]:
    from countermark.reservations.words import room_languages

    say = room_languages()[language]
    if found.entry is None:
        lines = [say.say("history.nothing", date=found.date)]
        return [*lines, say.say("history.first", next=found.next)] if found.next else lines
    if found.age:
        told = say.say("history.on", date=found.date, time=found.entry.time, n=found.age)
    else:
        told = say.say("history.on.same", date=found.date, time=found.entry.time)
    kept = say.say("history.file", file=found.entry.file, digest=found.entry.digest)
    return [told, kept, say.say("history.next", next=found.next) if found.next else say.say("history.last")]


def _verdicts(found: OnDate, url: str, agents: Sequence[str]) -> Iterator[Verdict]:
    if found.seen is not None:
        for page in [url] if url else found.seen.pages:
            for agent in agents or ("*",):
                yield found.seen.judge(page, agent)


def _facts(found: OnDate, url: str, agents: Sequence[str]) -> dict[str, Any]:
    from countermark.reservations.telling import verdict_json

    return {
        "date": found.date,
        "capture": found.entry.time if found.entry else None,
        "file": found.entry.file if found.entry else None,
        "sha256": found.entry.digest if found.entry else None,
        "days_before": found.age,
        "next_capture": found.next,
        "others_of_the_day": [time for time, _ in found.others],
        "verdicts": [verdict_json(verdict) for verdict in _verdicts(found, url, agents)],
    }
