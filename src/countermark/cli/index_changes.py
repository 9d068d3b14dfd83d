"""`countermark index add`, `drop` and `compact`: change an index that is there."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.index_info import facts_of
from countermark.cli.index_merge import SHOWN, tell_twice
from countermark.cli.index_salt import read_salt
from countermark.cli.progress import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.cli.works_reading import Reading
    from countermark.index.manifest import Manifest
    from countermark.works.work import WorkFile

MANY_SEGMENTS = 8
"""More segments than this are worth making one: every one is searched for every window."""
_AS_JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print the index's facts and the change as JSON."
)


@click.command("add", short_help="Add works to an index.")
@click.argument("index", type=click.Path(path_type=Path))
@click.argument("works", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--salt-file", type=click.Path(path_type=Path), help="The salt of a sealed index.")
@_AS_JSON
def add(index: Path, works: tuple[Path, ...], salt_file: Path | None, as_json: bool) -> None:
    """Add WORKS (folders, files, or a catalogue) to the INDEX of texts: only they are read and hashed.

    They go into a segment of their own, beside what is there, under the scheme that the index has. A file that it
    holds already (the same work id and the same digest) is left out. A scan finds what it would find with an index
    built anew of all works. Indices of pictures and recordings are built again instead.

    \b
    Examples:
      countermark index add novels.index new-novels/
      countermark index add sealed.index new.csv --salt-file salt.bin

    \b
    Exit codes: 0 done; 2 nothing new or nothing to read; 3 the index is damaged or the salt wrong; 5 not written.
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.works_reading import Reading
    from countermark.index.changes import add_works
    from countermark.works.reading import read_works

    reading = Reading(read_works(list(works)))
    done = add_works(index, _first_read(reading), None if salt_file is None else read_salt(salt_file))
    reading.end_line()
    if as_json:
        facts = facts_of(done.manifest, index)
        change = {"added": done.assets, "held_already": [same.work_id for same in done.twice]}
        click.echo(
            json.dumps(facts | change | {"refused": len(reading.refused)}, ensure_ascii=False, indent=2)
        )
        return
    reading.tell_refused()
    tell_twice(done.twice, "In the index already, and left out")
    click.echo(f"{index}: {counted(done.assets, 'file')} added. {_held(done.manifest)}")
    _advise(done.manifest, index)


def _first_read(reading: Reading) -> Iterator[WorkFile]:
    """The files; nothing is written where nothing can be read."""
    files = iter(reading)
    return chain([next(files)], files)


@click.command("drop", short_help="Drop works from an index.")
@click.argument("index", type=click.Path(path_type=Path))
@click.option(
    "--work", "work_ids", multiple=True, metavar="ID", help="A work to drop; may be given several times."
)
@click.option("--list", "listed", type=click.Path(path_type=Path), help="A file with one work id a line.")
@click.option("--dry-run", is_flag=True, help="Say what would be dropped, and change nothing.")
@_AS_JSON
def drop(index: Path, work_ids: tuple[str, ...], listed: Path | None, dry_run: bool, as_json: bool) -> None:
    """Drop works from the INDEX of texts: from now on no scan with it finds them.

    What was kept of them stays on the disk until `countermark index compact`; until then it can be read from a full
    index. Reports and dossiers that were made before stay as they are.

    \b
    Examples:
      countermark index drop novels.index --work moby-dick --dry-run
      countermark index drop novels.index --list withdrawn.txt

    \b
    Exit codes: 0 done; 2 a work is not in the index, or none would be left; 3 the index is damaged; 5 not written.
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.index.changes import drop_works

    done = drop_works(index, [*work_ids, *_lines(listed)], trial=dry_run)
    if as_json:
        change = {"dropped": done.works, "dry_run": dry_run}
        click.echo(json.dumps(facts_of(done.manifest, index) | change, ensure_ascii=False, indent=2))
        return
    for work_id in sorted(done.works)[:SHOWN]:
        click.echo(f"  {work_id}: {counted(done.works[work_id], 'file')}", err=True)
    if len(done.works) > SHOWN:
        click.echo(f"  and {len(done.works) - SHOWN:,} more", err=True)
    if dry_run:
        click.echo(f"{index}: {counted(len(done.works), 'work')} would be dropped; nothing was changed.")
        return
    click.echo(f"{index}: {counted(len(done.works), 'work')} dropped. {_held(done.manifest)}")
    click.echo(f"Their text stays on the disk until: countermark index compact {index}")


def _lines(path: Path | None) -> list[str]:
    from countermark.errors import InputError

    if path is None:
        return []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"--list {path}: cannot be read as text in UTF-8: {error}") from error
    return [line.strip() for line in lines if line.strip()]


@click.command("compact", short_help="Make one segment of an index that was changed.")
@click.argument("index", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option(
    "--keep-scheme",
    is_flag=True,
    help="Keep the scheme, also where an index of this size would have another.",
)
@_AS_JSON
def compact(index: Path, dry_run: bool, keep_scheme: bool, as_json: bool) -> None:
    """Make one segment of INDEX, and remove for good what was dropped from it.

    It becomes, byte for byte, the index that `countermark index build` makes of the works that are left. The new one is
    written whole before it takes the place of the old, so that there must be room for both. A sealed index holds no
    letters to do that with: seal the compacted full index again.

    \b
    Examples:
      countermark index compact novels.index --dry-run
      countermark index compact novels.index

    \b
    Exit codes: 0 done; 2 the index cannot be compacted; 3 it is damaged; 5 not written.
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.index.compacting import compact_index, plan_compaction

    plan = plan_compaction(index, keep_scheme=keep_scheme)
    manifest = plan.manifest
    if not dry_run and plan.needed:
        manifest = compact_index(index, keep_scheme=keep_scheme)
    if as_json:
        change = {"segments_before": plan.segments, "dropped_files": plan.dropped, "dry_run": dry_run}
        click.echo(json.dumps(facts_of(manifest, index) | change, ensure_ascii=False, indent=2))
    elif not plan.needed:
        click.echo(f"{index}: is in one segment, and nothing was dropped from it; there is nothing to do.")
    elif dry_run:
        click.echo(
            f"{index}: {counted(plan.segments, 'segment')} would become one under {plan.scheme}, and what is kept of "
            f"{counted(plan.dropped, 'dropped file')} would be removed; nothing was changed."
        )
    else:
        click.echo(f"{index}: in one segment now. {_held(manifest)}")


def _held(manifest: Manifest) -> str:
    held: dict[str, Any] = {"work": manifest.works, "file": manifest.assets, "word": manifest.words}
    works, files, words = (counted(number, name) for name, number in held.items())
    return f"The index holds {works} in {files}, {words}; {manifest.form}, {manifest.scheme}."


def _advise(manifest: Manifest, index: Path) -> None:
    """Say when making one segment is worth it: there are many, or so many letters ask for longer windows."""
    from countermark.fingerprint.scheme import TextScheme

    fitting = TextScheme.for_catalog(manifest.letters).name
    reason = ""
    if len(manifest.segments) > MANY_SEGMENTS:
        reason = f"there are {len(manifest.segments)} segments, and each of them is searched"
    elif manifest.scheme != fitting:
        reason = f"{manifest.scheme} is not the scheme that an index of this size gets ({fitting})"
    if reason and manifest.form == "full":
        click.echo(f"Worth doing: countermark index compact {index} ({reason}).", err=True)
