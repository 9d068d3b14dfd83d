"""A verdict for people (a table in English or French) and for programs (plain JSON)."""

from __future__ import annotations

import unicodedata
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

from countermark.language import printable
from countermark.reservations.protocols import PROTOCOLS
from countermark.reservations.target import ANY_AGENT
from countermark.reservations.use import USES, Answer, Use
from countermark.reservations.words import room_languages, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from countermark.language import Language
    from countermark.reservations.statement import Remark, Statement
    from countermark.reservations.target import Target
    from countermark.reservations.verdict import UseVerdict, Verdict

SIGNS: Final = {Answer.RESERVED: "●", Answer.CONDITIONAL: "◐", Answer.ALLOWED: "○", Answer.UNKNOWN: "·"}
"""The answers by shape, so that no colour is needed."""
_LINE: Final = 118  # characters of a line that terminals and pages show
_LEAST_ROOM: Final = 40
_MOST: Final = 8  # places told in one line; the rest is in the JSON


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """Everything in a verdict as plain values; the remarks in English beside their codes."""
    return {
        "url": verdict.target.url,
        "agent": verdict.target.agent,
        "date": verdict.date,
        "uses": {str(use): _use_json(verdict.uses[use]) for use in USES},
        "remarks": [remark_json(remark) for remark in verdict.remarks],
    }


def _use_json(said: UseVerdict) -> dict[str, Any]:
    return {
        "answer": str(said.answer),
        "terms": list(said.terms),
        "deciding": [statement_json(statement) for statement in said.deciding],
        "conflicting": [statement_json(statement) for statement in said.conflicting],
    }


def statement_json(statement: Statement) -> dict[str, Any]:
    """A statement as plain values; `raw` is Latin-1, so that the bytes can be had back."""
    return {
        "protocol": statement.protocol,
        "technique": statement.technique,
        "use": str(statement.use),
        "answer": str(statement.answer),
        "where": statement.place.where,
        "line": statement.line or None,
        "date": statement.place.date,
        "scope": statement.scope,
        "revision": statement.revision,
        "terms": statement.terms,
        "medium": statement.medium,
        "raw": statement.raw.decode("latin-1"),
    }


def remark_json(remark: Remark) -> dict[str, Any]:
    """A remark as plain values."""
    return {
        "code": remark.code,
        "where": remark.place.where,
        "line": remark.line or None,
        "facts": dict(remark.facts),
        "text": sentence(remark),
    }


def verdict_lines(verdict: Verdict, language: str, name: str = "") -> list[str]:
    """The verdict as a table, then what was said otherwise, then the remarks.

    `name` is what a file or folder without an address is called. Places on the target's site are told by their path.
    """
    say = room_languages()[language]
    told = _Places(say, verdict.target)
    lines = [*_head(verdict, say, name), "", *_table(verdict, told)]
    if conflicts := list(_conflicts(verdict, told)):
        lines += ["", say.say("conflicts.head"), *conflicts, *_rules(verdict, say)]
    if verdict.remarks:
        lines += ["", say.say("remarks.head"), *_remarks(verdict.remarks, told)]
    return [printable(line) for line in lines]


class _Places:
    """How places are told: `tdmrep.json, line 1`; addresses of the target's site without the site."""

    def __init__(self, say: Language, target: Target) -> None:
        self.say = say
        self._url = target.url
        self._origin = target.origin

    def at(self, where: str, line: int) -> str:
        if where and where == self._url:
            where = self.say.say("at.itself")
        elif self._origin and where.startswith(f"{self._origin}/"):
            where = where.removeprefix(self._origin)
        return self.say.say("at-line", where=where, line=str(line)) if line else where

    def by(self, statements: Iterable[Statement]) -> str:
        """`TDMRep in /tdmrep.json; AIPREF in /robots.txt, line 4`: each place once."""
        lines: dict[tuple[str, str], list[int]] = {}
        for s in statements:
            lines.setdefault((_label(s.protocol), s.place.where), []).append(s.line)
        places = [
            self.say.say("said.in", protocol=label, where=self.at_lines(where, there))
            for (label, where), there in lines.items()
        ]
        return self.say.say("semicolon").join(places[:_MOST]) + (" …" if len(places) > _MOST else "")

    def at_lines(self, where: str, lines: Iterable[int]) -> str:
        """`/robots.txt, lines 4 and 7`: the lines of one file together, each once."""
        numbers = sorted({line for line in lines if line})
        if len(numbers) < 2:
            return self.at(where, *(numbers or [0]))
        more = [str(line) for line in numbers[: _MOST + 1]]
        end = " …" if len(numbers) > len(more) else ""
        told = self.say.say("at-lines", where=self.at(where, 0), lines=", ".join(more[:-1]), last=more[-1])
        return told + end


def _label(protocol: str) -> str:
    return PROTOCOLS[protocol].label if protocol in PROTOCOLS else protocol


def _remarks(remarks: Iterable[Remark], told: _Places) -> list[str]:
    """Each remark with its place, once."""
    colon = told.say.say("colon")
    said = dict.fromkeys(
        f"{told.at(remark.place.where, remark.line)}{colon}{sentence(remark, told.say.code)}"
        for remark in remarks
    )
    return [line for text in said for line in _broken("  ", text)]


def agent_name(agent: str, language: str) -> str:
    """An agent's token, or words for any."""
    return room_languages()[language].say("head.any-agent") if agent == ANY_AGENT else agent


def _head(verdict: Verdict, say: Language, name: str) -> list[str]:
    agent = agent_name(verdict.target.agent, say.code)
    asked = say.say("head.asked", url=name or verdict.target.url, agent=agent)
    if verdict.date:
        return [f"{asked}, {say.say('head.dated', date=verdict.date)}"]
    return [asked]


def _table(verdict: Verdict, told: _Places) -> list[str]:
    say = told.say
    rows = [(say.say("table.use"), say.say("table.answer"), say.say("table.by"))]
    for use in USES:
        said = verdict.uses[use]
        by = told.by(said.deciding) if said.deciding else _why_unknown(said, verdict, told)
        if said.terms:
            by += f" ({say.say('terms', terms=', '.join(said.terms[:_MOST]))})"
        rows.append((say.say(f"use.{use}"), f"{SIGNS[said.answer]} {say.say(f'answer.{said.answer}')}", by))
    return aligned(rows)


def _why_unknown(said: UseVerdict, verdict: Verdict, told: _Places) -> str:
    """Silence, something that could not be read, or a permission that is not believed because of it."""
    if said.conflicting:
        return told.say.say("said.doubted", by=told.by(said.conflicting))
    doubted = any(remark.doubt for remark in verdict.remarks)
    return told.say.say("said.unread" if doubted else "said.nothing")


def _rules(verdict: Verdict, say: Language) -> list[str]:
    """By which rules one statement outweighed another: a protocol's own, ours between protocols, or a doubt."""
    within = between = False
    for said in verdict.uses.values():
        deciding = {statement.protocol for statement in said.deciding}
        within |= any(statement.protocol in deciding for statement in said.conflicting)
        between |= any(statement.protocol not in deciding for statement in said.conflicting) and bool(
            deciding
        )
    keys = [key for key, holds in (("conflicts.within", within), ("conflicts.rule", between)) if holds]
    return [f"  {say.say(key)}" for key in keys]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines with columns under one another; the last column is broken at spaces where the line is too long."""
    return [line for block in _blocks(rows) for line in block]


def _blocks(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """The lines of each row."""
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    for row in rows:
        heads = "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=False))
        yield _broken(f"  {heads}  ", row[-1])


def _broken(start: str, text: str) -> list[str]:
    """A text behind `start`, broken at spaces, further lines standing under it."""
    room = max(_LEAST_ROOM, _LINE - _width(start))
    first, *others = wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
    return [f"{start}{first}".rstrip(), *(" " * _width(start) + other for other in others)]


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _conflicts(verdict: Verdict, told: _Places) -> Iterable[str]:
    for use in USES:
        by_answer: dict[Answer, list[Statement]] = {}
        for statement in verdict.uses[use].conflicting:
            by_answer.setdefault(statement.answer, []).append(statement)
        for answer, statements in by_answer.items():
            words = told.say.say(
                "conflict",
                use=told.say.say(f"use.{use}"),
                answer=told.say.say(f"answer.{answer}"),
                by=told.by(statements),
            )
            yield f"  {words}"


def groups_lines(
    kind: str,
    groups: Mapping[tuple[Answer, ...], Sequence[str]],
    language: str,
    examples: Mapping[tuple[Answer, ...], Verdict] | None = None,
    *,
    legend: bool = True,
) -> list[str]:
    """Agents or files by the answers that they get: `m● t● g● i· s·   12  GPTBot, CCBot and 10 more`.

    `legend`: whether the signs are explained below.
    `examples` are verdicts of one of each group: under the group stands who says so of that one, and what was not read.
    """
    say = room_languages()[language]
    rows = []
    for answers, names in groups.items():
        signs = " ".join(f"{letter}{SIGNS[answer]}" for letter, answer in zip("mtgis", answers, strict=True))
        shown = ", ".join(names[:_MOST])
        if len(names) > _MOST:
            shown += f" {say.say('groups.more', count=say.number(len(names) - _MOST))}"
        rows.append((signs, say.number(len(names)), shown))
    lines = []
    for block, answers in zip(_blocks(rows), groups, strict=True):
        lines += block
        if examples and (by := _reasons(examples[answers], say)):
            lines += _broken("      ", f"{groups[answers][0]}{say.say('colon')}{by}")
    lines += [f"  {say.say('groups.legend')}"] if legend else []
    return [printable(line) for line in (say.say(f"{kind}.head"), *lines)]


def _reasons(verdict: Verdict, say: Language) -> str:
    """Who decided anything about a target, each place once, and the doubts."""
    told = _Places(say, verdict.target)
    deciding = [statement for said in verdict.uses.values() for statement in said.deciding]
    doubts = dict.fromkeys(sentence(remark, say.code) for remark in verdict.remarks if remark.doubt)
    return say.say("semicolon").join([*([told.by(deciding)] if deciding else []), *[*doubts][:_MOST]])


def answers_of(verdict: Verdict) -> tuple[Answer, ...]:
    """The five answers in the order of `USES`."""
    return tuple(verdict.answer(use) for use in USES)


def parse_use(word: str) -> Use:
    """A use by its name. Raises ValueError that lists the names."""
    try:
        return Use(word.strip().lower())
    except ValueError:
        raise ValueError(f"{word!r} is no use; accepted are {', '.join(USES)}") from None
