"""`countermark catalog show`: a catalog's counts, or one work fully."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from countermark.cli.progress import counted, printable
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from countermark.works.catalog import Catalog
    from countermark.works.entry import CatalogWork, Edition, RightsFact, Source

SHOWN = 10
HEAD = 14  # columns of the names on the left


@click.command("show")
@click.argument("catalog", type=click.Path(path_type=Path))
@click.argument("work", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
def command(catalog: Path, work: str | None, as_json: bool) -> None:
    """Show what CATALOG holds, or one WORK: its work_id, one of its identifiers in any form, or words of its title.

    \b
    Examples:
      countermark catalog show ours.catalog
      countermark catalog show ours.catalog "ISBN 978-2-07-036002-4"
      countermark catalog show ours.catalog "salt garden"
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.works.catalog import Catalog
    from countermark.works.catalog.facts import as_facts

    with Catalog.open(catalog) as read:
        if work is None:
            _show_catalog(read, as_json=as_json)
            return
        found = read.find(work)
        if not found:
            raise InputError(
                f"{work!r} is in no work of {catalog}; a work_id, an identifier or words of a title are"
            )
        if len(found) == 1:
            one = read.work(found[0])
            if one is not None and as_json:
                click.echo(json.dumps(as_facts(one), ensure_ascii=False, indent=2))
            elif one is not None:
                _show_work(one)
                _show_suggestions(read, one.work_id)
        elif as_json:
            click.echo(json.dumps(found, indent=2))
        else:
            _show_found(read, found)


def _show_catalog(catalog: Catalog, *, as_json: bool) -> None:
    counts, inputs = catalog.counts(), catalog.inputs()
    if as_json:
        facts: dict[str, object] = {"digest": catalog.digest, "engine": catalog.engine, **counts}
        facts |= {"inputs": [one._asdict() for one in inputs], "refused": catalog.refused()}
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for name, count in counts.items():
        click.echo(f"{name.replace('_', ' '):18}{count:>12,}")
    click.echo(f"{'digest':18}{catalog.digest}")
    _list(
        "inputs", (f"{one.name} ({one.format}, {one.size:,} bytes)" for one in inputs), len(inputs), wide=18
    )
    click.echo(f"Next: countermark catalog validate {catalog.path}")


def _show_found(catalog: Catalog, found: list[str]) -> None:
    click.echo(f"{counted(len(found), 'work')}:")
    for work_id in found[:SHOWN]:
        work = catalog.work(work_id)
        if work is not None:
            names = ", ".join(one.name for one in work.contributors[:2])
            click.echo(printable(f"  {work_id:20}  {work.title[:60]}{f' — {names}' if names else ''}"))
    if len(found) > SHOWN:
        click.echo(f"  and {len(found) - SHOWN:,} more: give more words of the title")
    click.echo(f"Next: countermark catalog show {catalog.path} {found[0]}")


def _show_work(work: CatalogWork) -> None:
    click.echo(
        printable(work.title or "(no title)") + printable(f": {work.subtitle}" if work.subtitle else "")
    )
    _line("work_id", work.work_id)
    _line("kind", work.medium.value)
    _list("by", (f"{one.name} ({one.role})" for one in work.contributors), len(work.contributors))
    _list("also called", work.other_titles, len(work.other_titles))
    _line("published", " ".join(filter(None, (work.published, work.country))))
    _line("licence", work.licence)
    _line("part of", work.part_of)
    _list("identifiers", map(str, work.identifiers), len(work.identifiers))
    _list("editions", map(_edition, work.editions), len(work.editions))
    _list("rights", map(_right, work.rights), len(work.rights))
    _list("conflicts", (line for one in work.conflicts for line in _conflict(one)), len(work.conflicts) * 3)
    _list("joined by", work.merged_by, len(work.merged_by))
    _list("sources", map(_place, work.sources), len(work.sources))


def _show_suggestions(catalog: Catalog, work_id: str) -> None:
    """Works that may be this one, and how a person says so."""
    suggested = catalog.suggested(work_id)
    if not suggested:
        return
    _list("perhaps also", (f"{one.work_id}: {one.reason}" for one in suggested), len(suggested))
    names = [catalog.pair_name(one) for one in (work_id, suggested[0].work_id)]
    if all(names):
        click.echo(
            printable(
                f"If they are one work: write the line `{names[0]}, {names[1]}` into a FILE, and import"
            )
        )
        click.echo("the sources again with --same FILE.")
    else:
        click.echo(
            "If they are one work: give both an identifier or a work_id in the sources, and import them"
        )
        click.echo("again with --same FILE, which lists the two on a line.")


def _edition(one: Edition) -> str:
    names = ", ".join(map(str, one.identifiers[:3]))
    related = ", ".join(f"{kind} {other}" for kind, other in one.relations[:3])
    told = (one.form, one.published, one.country, one.publisher, one.language, names, related)
    files = counted(len(one.assets), "file") if one.assets else ""
    return " · ".join(filter(None, (*told, files))) or "(nothing said)"


def _right(one: RightsFact) -> str:
    share = f"{one.share:f} %" if one.share is not None else ""
    exclusive = {True: "exclusive", False: "not exclusive", None: ""}[one.exclusive]
    dates = f"{one.begins or '…'} to {one.ends or '…'}" if one.begins or one.ends else ""
    chain = f"from {one.grantor}" if one.grantor else ""
    told = (one.party, chain, one.basis, one.number, share, exclusive, one.territory, dates, one.uses)
    return (
        f"{one.kind.value}: "
        + " · ".join(filter(None, told))
        + (f"  [{_place(one.source)}]" if one.source else "")
    )


def _conflict(one: object) -> Iterable[str]:
    from countermark.works.entry import Conflict

    if isinstance(one, Conflict):
        yield f"{one.field}: kept {one.kept}"
        yield from (f"    {value}  [{_place(source)}]" for value, source in one.said)


def _place(source: Source) -> str:
    line = f", line {source.line}" if source.line else ""
    return f"{source.file}{line}" + (f", record {source.record}" if source.record else "")


def _line(name: str, value: str) -> None:
    if value:
        click.echo(printable(f"  {name:{HEAD}}{value}"))


def _list(name: str, values: Iterable[str], count: int, wide: int = HEAD + 2) -> None:
    """At most ten of them, the first beside the name."""
    shown = [value for _, value in zip(range(SHOWN), values, strict=False)]
    left = f"  {name}" if wide == HEAD + 2 else name
    for at, value in enumerate(shown):
        click.echo(printable(f"{left if at == 0 else '':{wide}}{value}"))
    if count > SHOWN and len(shown) == SHOWN:
        click.echo(f"{'':{wide}}and more: --json shows them all")
