"""A plan and its read-back for people (English or French) and for programs (plain JSON)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from countermark.reservations.protocols import PROTOCOLS
from countermark.reservations.target import ANY_AGENT
from countermark.reservations.use import USES
from countermark.reservations.words import room_languages
from countermark.reservations.writing import tdmrep_json
from countermark.reservations.writing.read_back import TOGETHER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from countermark.language import Language
    from countermark.reservations.use import Use
    from countermark.reservations.writing.inexpressible import Inexpressible
    from countermark.reservations.writing.read_back import Mismatch, Otherwise, ReadBack

WIDTH: Final = 116
"""Columns of a line at most."""
STATIC: Final = "static-headers"
_LIMITS: Final = (16, 28, 30)
"""Columns that each column of the table has at most; the last one has the rest of WIDTH."""
_SETS: Final = 3
_SHOWN: Final = 10
_LISTED: Final = 3
_NAMED: Final = 5


def inexpressible_lines(lost: Iterable[Inexpressible], language: str) -> list[str]:
    """One table: protocol, where, which uses, why. Paths and agents with one reason share a row.

    What a `_headers` file leaves out is no matter of a protocol: it is told below the table.
    """
    said = room_languages()[language]
    kept = list(lost)
    rows = _rows([one for one in kept if one.reason != STATIC])
    lines = []
    if rows:
        head = tuple(said.say(f"inexpressible.{column}") for column in ("protocol", "path", "uses", "why"))
        lines = [
            said.say("inexpressible.head"),
            *_table([head, *(_told(row, said) for row in rows)]),
        ]
    static = [one for one in kept if one.reason == STATIC]
    if static:
        labels = dict.fromkeys(_label(one.protocol) for one in static)
        places = _listed(sorted({one.path for one in static}))
        lines += wrap(
            said.say(
                "inexpressible.static-headers", protocols=said.say("semicolon").join(labels), path=places
            ),
            WIDTH,
        )
    return lines


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: `uses` for all of `paths`, or (`some`) one or more of them for each."""

    protocol: str
    reason: str
    uses: tuple[Use, ...]
    paths: tuple[str, ...]
    agents: tuple[str, ...]
    some: bool = False


def _rows(lost: Iterable[Inexpressible]) -> list[_Row]:
    """What differs only in path or agent together; of many sets of uses with one reason, one row."""
    uses: dict[tuple[str, str, str, str], set[Use]] = {}
    for one in lost:
        uses.setdefault((one.protocol, one.reason, one.path, one.agent), set()).add(one.use)
    sets: dict[tuple[str, str], dict[tuple[Use, ...], list[tuple[str, str]]]] = {}
    for (protocol, reason, path, agent), found in uses.items():
        ordered = tuple(use for use in USES if use in found)
        sets.setdefault((protocol, reason), {}).setdefault(ordered, []).append((path, agent))
    rows = []
    order = {name: number for number, name in enumerate(PROTOCOLS)}
    for (protocol, reason), where in sorted(
        sets.items(), key=lambda item: (order.get(item[0][0], 99), item[0])
    ):
        some = len(where) > _SETS
        if some:
            union = {use for used in where for use in used}
            joint = tuple(use for use in USES if use in union)
            where = {joint: [place for places in where.values() for place in places]}  # noqa: PLW2901
        for used, places in sorted(where.items()):
            paths, agents = (tuple(sorted({place[n] for place in places})) for n in (0, 1))
            rows.append(_Row(protocol, reason, used, paths, agents, some))
    return rows


def _told(row: _Row, said: Language) -> tuple[str, str, str, str]:
    uses = [said.say(f"use.{use}") for use in row.uses]
    facts = {"agent": _listed(row.agents), "path": _listed(row.paths), "use": _listed(uses)}
    told = said.say("inexpressible.all-uses") if len(uses) == len(USES) else ", ".join(uses)
    if row.some:
        told = said.say("inexpressible.some", uses=told)
    return _label(row.protocol), facts["path"], told, said.say(f"inexpressible.{row.reason}", **facts)


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
    if any("tdmrep" in one.protocol or one.where.endswith(tdmrep_json.NAME) for one in checked.mismatches):
        lines.append(said.say("read-back.hint-tdmrep"))
    return [*lines, said.say("read-back.hint")]


def otherwise_lines(checked: ReadBack, language: str) -> list[str]:
    """Below the table: what all protocols together will be read to say where the policy wants something else."""
    said = room_languages()[language]
    joint: dict[tuple[object, ...], list[Otherwise]] = {}
    for one in checked.otherwise:
        joint.setdefault((one.path, one.wanted, one.got, one.protocols, one.without), []).append(one)
    lines = [said.say("otherwise.head")] if joint else []
    for same in list(joint.values())[:_SHOWN]:
        told = _otherwise(same[0], [one.use for one in same], said)
        lines += [f"  {line}" for line in wrap(told, WIDTH - 2)]
    if len(joint) > _SHOWN:
        lines.append("  " + said.say("read-back.more", count=len(joint) - _SHOWN))
    return lines


def _otherwise(one: Otherwise, uses: Iterable[Use], said: Language) -> str:
    told = said.say(
        "otherwise.one",
        use=", ".join(said.say(f"use.{use}") for use in uses),
        path=one.path,
        wanted=said.say(f"answer.{one.wanted}"),
        got=said.say(f"answer.{one.got}"),
    )
    if not one.protocols:
        return told + said.say("otherwise.nobody")
    told += said.say("otherwise.because", protocols=", ".join(_label(name) for name in one.protocols))
    options = " ".join(f"--without {name}" for name in one.without)
    return told + (said.say("otherwise.option", options=options) if options else "")


def refused_lines(agents: Sequence[str], language: str) -> list[str]:
    """Which agents robots.txt refuses because all that they are known for is reserved, and how that is turned off."""
    if not agents:
        return []
    said = room_languages()[language]
    shown = ", ".join(agents[:_NAMED]) + (", …" if len(agents) > _NAMED else "")
    return wrap(said.say("refused.by-name", count=len(agents), agents=shown), WIDTH)


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
    """The number of questions, and each answer that is not as wanted; `otherwise` are those told beforehand."""
    return {
        "asked": checked.asked,
        "otherwise": [
            {
                "use": str(one.use),
                "path": one.path,
                "wanted": str(one.wanted),
                "got": str(one.got),
                "protocols": list(one.protocols),
                "without": list(one.without),
            }
            for one in checked.otherwise
        ],
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


def _label(protocol: str) -> str:
    return PROTOCOLS[protocol].label if protocol in PROTOCOLS else protocol


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_LISTED])
    return f"{shown}, +{len(names) - _LISTED}" if len(names) > _LISTED else shown


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side, none of them wider than its limit; what is longer goes on in the next line."""
    wrapped = [[wrap(cell, limit) for cell, limit in zip(row, _LIMITS, strict=False)] for row in rows]
    widths = [max(_width(line) for row in wrapped for line in row[column]) for column in range(len(_LIMITS))]
    widths.append(WIDTH - sum(width + 2 for width in (0, *widths)))
    for row, cells in zip(rows, wrapped, strict=True):
        cells.append(wrap(row[-1], widths[-1]))
    lines = []
    for columns in wrapped:
        for parts in zip_longest(*columns, fillvalue=""):
            padded = [part + " " * (width - _width(part)) for part, width in zip(parts, widths, strict=True)]
            lines.append("  ".join(["", *padded]).rstrip())
    return lines


def wrap(text: str, limit: int) -> list[str]:
    """Lines of at most `limit` columns; a word that is longer is broken."""
    lines, line = [], ""
    for word in text.split(" "):
        joint = f"{line} {word}" if line else word
        if _width(joint) <= limit:
            line = joint
            continue
        lines += [line] if line else []
        line = word
        while _width(line) > limit:
            at = next(at for at in range(limit, 0, -1) if at == 1 or _width(line[:at]) <= limit)
            lines.append(line[:at])
            line = line[at:]
    return [*lines, line]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "FW" else 1 for letter in text)
