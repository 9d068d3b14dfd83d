"""A plan and its read-back for people (English or French) and for programs (plain JSON)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from countermark.reservations.protocols import PROTOCOLS
from countermark.reservations.target import ANY_AGENT
from countermark.reservations.use import USES
from countermark.reservations.words import room_languages
from countermark.reservations.writing.read_back import TOGETHER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from countermark.language import Language
    from countermark.reservations.writing.inexpressible import Inexpressible
    from countermark.reservations.writing.read_back import Mismatch, ReadBack

_SHOWN: Final = 10
_AGENTS: Final = 3


def inexpressible_lines(lost: Iterable[Inexpressible], language: str) -> list[str]:
    """One table: protocol, where, which uses, why. Paths and agents with one reason share a row."""
    said = room_languages()[language]
    uses: dict[tuple[str, str, str, str], set[str]] = {}
    for one in lost:
        uses.setdefault((one.protocol, one.reason, one.path, one.agent), set()).add(one.use)
    paths: dict[tuple[str, str, tuple[str, ...]], dict[str, list[str]]] = {}
    for (protocol, reason, path, agent), found in uses.items():
        row = (protocol, reason, tuple(use for use in USES if use in found))
        paths.setdefault(row, {}).setdefault(path, []).append(agent)
    if not paths:
        return []
    rows = [tuple(said.say(f"inexpressible.{column}") for column in ("protocol", "path", "uses", "why"))]
    order = {name: number for number, name in enumerate(PROTOCOLS)}
    for (protocol, reason, used), where in sorted(
        paths.items(), key=lambda item: (order.get(item[0][0], 99), item[0])
    ):
        agents = sorted({agent for named in where.values() for agent in named})
        facts = {
            "agent": _listed(agents),
            "path": _listed(sorted(where)),
            "use": _listed([said.say(f"use.{u}") for u in used]),
        }
        every = len(used) == len(USES)
        told = "*" if every else ", ".join(said.say(f"use.{use}") for use in used)
        rows.append((_label(protocol), facts["path"], told, _why(said, reason, facts)))
    return [said.say("inexpressible.head"), *_table(rows)]


def read_back_lines(checked: ReadBack, language: str, *, written: bool) -> list[str]:
    """What was asked, and each answer that is not as wanted (the first ten)."""
    said = room_languages()[language]
    if not checked.mismatches:
        return [said.say("read-back.right", asked=checked.asked)]
    key = "read-back.wrong-after" if written else "read-back.wrong"
    lines = [said.say(key, count=len(checked.mismatches), asked=checked.asked)]
    lines += ["  " + _mismatch(one, said) for one in checked.mismatches[:_SHOWN]]
    if len(checked.mismatches) > _SHOWN:
        lines.append("  " + said.say("read-back.more", count=len(checked.mismatches) - _SHOWN))
    return [*lines, said.say("read-back.hint")]


def inexpressible_json(lost: Iterable[Inexpressible]) -> list[dict[str, Any]]:
    """Each row as plain values."""
    return [
        {
            "protocol": one.protocol,
            "use": str(one.use),
            "path": one.path,
            "agent": one.agent,
            "reason": one.reason,
        }
        for one in lost
    ]


def read_back_json(checked: ReadBack) -> dict[str, Any]:
    """The number of questions, and each answer that is not as wanted."""
    return {
        "asked": checked.asked,
        "mismatches": [
            {
                "protocol": one.protocol,
                "use": str(one.use),
                "path": one.path,
                "agent": one.agent,
                "wanted": str(one.wanted),
                "got": str(one.got),
                "where": one.where,
                "line": one.line or None,
            }
            for one in checked.mismatches
        ],
    }


def _mismatch(one: Mismatch, said: Language) -> str:
    together = one.protocol == TOGETHER
    told = said.say(
        "read-back.one",
        use=said.say(f"use.{one.use}"),
        path=one.path,
        agent=said.say("head.any-agent") if one.agent == ANY_AGENT else one.agent,
        protocol=said.say("read-back.together") if together else _label(one.protocol),
        wanted=said.say(f"answer.{one.wanted}"),
        got=said.say(f"answer.{one.got}"),
    )
    if not one.where:
        return told
    key = "read-back.where-line" if one.line else "read-back.where"
    return told + said.say(key, where=one.where, line=str(one.line))


def _why(said: Language, reason: str, facts: dict[str, str]) -> str:
    return said.say(f"inexpressible.{reason}", **facts)


def _label(protocol: str) -> str:
    return PROTOCOLS[protocol].label if protocol in PROTOCOLS else protocol


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_AGENTS])
    return f"{shown}, +{len(names) - _AGENTS}" if len(names) > _AGENTS else shown


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side; the last one is as long as it is."""
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = []
    for row in rows:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join(["", *cells, row[-1]]).rstrip())
    return lines


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "FW" else 1 for letter in text)
