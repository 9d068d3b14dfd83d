"""`countermark reserve validate`: what is wrong in the files that a site serves to reserve its rights."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.reservations.nonconformance import NonConformance
    from countermark.reservations.statement import Remark

KINDS: Final = {
    "rsl": "RSL 1.0",
    "tdmrep": "TDMRep (tdmrep.json)",
    "policy": "TDMRep policy (ODRL)",
    "robots": "robots.txt",
}
NOTES: Final = frozenset({"robots.agent-not-a-token", "rsl.byte-order-mark"})
"""What is worth knowing and no fault of the file: there are crawlers whose names are no product tokens."""
MAX_READ: Final = 128 << 20
"""Bytes of a file that are looked at; the validators have smaller bounds of their own."""
_ROBOTS_NAMES: Final = (
    b"user-agent",
    b"sitemap",
    b"license",
    b"content-signal",
    b"content-usage",
    b"disallow",
)
_SAYINGS: Final = {
    "en": {
        "fine": "nothing to object to",
        "line": "line {line}",
        "one": "1 objection",
        "many": "{count} objections",
        "note": "1 note",
        "notes": "{count} notes",
    },
    "fr": {
        "fine": "rien à redire",
        "line": "ligne {line}",
        "one": "1 objection",
        "many": "{count} objections",
        "note": "1 remarque",
        "notes": "{count} remarques",
    },
}


@click.command("validate")
@click.argument(
    "files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False)
)
@click.option(
    "--as", "kind", type=click.Choice(list(KINDS)), help="What the files are; by default found by itself."
)
@click.option(
    "--media-type",
    default="",
    metavar="TYPE",
    help="The Content-Type that RSL is served with; it is checked too.",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(["en", "fr"]),
    help="The language to speak; by default that of the locale.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    files: tuple[Path, ...],
    kind: str | None,
    media_type: str,
    language: str | None,
    as_json: bool,
) -> None:
    """Name what is wrong in reservation files, each time with the line and what is accepted.

    Read are RSL terms (XML), tdmrep.json, TDMRep policies (ODRL in JSON) and robots.txt, told apart by name and
    content. In a robots.txt everything is told that its readers take differently. Nothing is fetched and nothing is
    changed.

    \b
    Examples:
      countermark reserve validate public/robots.txt public/license.xml
      countermark reserve validate license.xml --media-type application/xml
      countermark reserve validate public/.well-known/tdmrep.json --json

    \b
    Exit codes:
      0    nothing to object to, or notes alone
      1    something does not conform
      2    a file or an option cannot be used; the other files are told all the same
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.errors import InputError
    from countermark.language import language_of_locale

    code = language or language_of_locale(os.environ)
    told, unusable = [], []
    for file in files:
        try:
            data = _bytes(file)
            found_kind = kind or _kind(file, data)
        except InputError as error:
            unusable.append(error)
            continue
        told.append(_facts(file, found_kind, _objections(found_kind, data, media_type), code))
    if as_json:
        click.echo(json.dumps(told, indent=2))
    else:
        _tell(told, _SAYINGS[code])
    for other in unusable[1:]:
        click.echo(f"countermark: {other}", err=True)
    if unusable:
        raise unusable[0]
    ctx.exit(0 if all(file["conforms"] for file in told) else 1)


def _kind(file: Path, data: bytes) -> str:
    from countermark.errors import InputError

    found = kind_of(file.name, data)
    if not found:
        raise InputError(
            f"{file}: this is none of the files that can be validated; accepted are RSL terms (XML), tdmrep.json, "
            "TDMRep policies (JSON) and robots.txt; --as says which one it is"
        )
    return found


def _bytes(file: Path) -> bytes:
    from countermark.errors import InputError

    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_READ + 1)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror or error})") from None
    if len(data) > MAX_READ:
        raise InputError(f"{file}: has more than {MAX_READ:,} bytes; smaller files are accepted")
    return data


def kind_of(name: str, data: bytes) -> str:
    """What a file is, by its name where that is a known one, else by how it begins; "" if it is none of them."""
    lower = name.lower()
    if lower in {"robots.txt", "tdmrep.json"}:
        return lower.partition(".")[0]
    start = data[:65_536].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")
    if start.startswith(b"<"):
        return "rsl" if _is_rsl(start, lower) else ""
    if start.startswith(b"["):
        return "tdmrep"
    if start.startswith(b"{"):
        return "policy"
    fields = (line.partition(b":")[0].strip().lower() for line in start.splitlines() if b":" in line)
    return "robots" if any(field in _ROBOTS_NAMES for field in fields) else ""


def _is_rsl(start: bytes, name: str) -> bool:
    if b"<!doctype html" in start[:1000].lower() or b"<html" in start[:1000].lower():
        return False
    return b"rsl" in start or name.endswith((".xml", ".rsl"))


def _objections(kind: str, data: bytes, media_type: str) -> Sequence[NonConformance | Remark]:
    if kind == "rsl":
        from countermark.reservations import rsl

        return rsl.validate(data, media_type)
    if kind == "tdmrep":
        from countermark.reservations.tdmrep import validate_well_known

        return validate_well_known(data)
    if kind == "policy":
        from countermark.reservations.tdmrep.odrl_checks import validate_policy

        return validate_policy(data)
    from countermark.reservations.robots import hazards, parse_robots

    return hazards(parse_robots(data))


def _facts(file: Path, kind: str, objections: Sequence[NonConformance | Remark], code: str) -> dict[str, Any]:
    from countermark.reservations.words import room_languages

    language = room_languages()[code]
    return {
        "file": str(file),
        "kind": kind,
        "conforms": all(one.code in NOTES for one in objections),
        "objections": [
            {
                "code": one.code,
                "note": one.code in NOTES,
                "line": one.line,
                "where": one.where if hasattr(one, "where") else "",
                "facts": dict(one.facts),
                "sentence": language.say(one.code, **dict(one.facts)),
            }
            for one in objections
        ],
    }


def _tell(told: Sequence[Mapping[str, Any]], sayings: Mapping[str, str]) -> None:
    from countermark.language import printable

    for file in told:
        objections = file["objections"]
        notes = sum(one["note"] for one in objections)
        counted = ((len(objections) - notes, "one", "many"), (notes, "note", "notes"))
        parts = [sayings[one if n == 1 else many].format(count=n) for n, one, many in counted if n]
        click.echo(printable(f"{file['file']}  {KINDS[file['kind']]}  {', '.join(parts) or sayings['fine']}"))
        for one in objections:
            line = sayings["line"].format(line=one["line"]) if one["line"] else ""
            place = "  ".join(part for part in (line, one["where"]) if part)
            if place:
                click.echo(printable(f"  {place}"))
            click.echo(printable(f"    {one['sentence']}"))
