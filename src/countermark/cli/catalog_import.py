"""`countermark catalog import`: catalogue files in, one catalog out."""

from __future__ import annotations

import csv
import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from countermark.cli.progress import ProgressDisplay, counted, printable
from countermark.errors import InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.catalog import ImportSummary
    from countermark.works.catalog.importing import Importing
    from countermark.works.entry import Entry

SHOWN = 10
EVERY = 500  # entries between two looks at how far it is
COMPRESSED = frozenset({".gz", ".zst", ".zstd", ".zip"})


@click.command("import")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The catalog to write: NAME.catalog.")
@click.option(
    "--format", "form", default="", help="Read every input as this format, instead of telling it by itself."
)
@click.option(
    "--mapping", type=click.Path(path_type=Path), help="How a table's columns are read (catalog mapping)."
)
@click.option(
    "--marc",
    type=click.Choice(["marc21", "unimarc"]),
    help="Which of the two MARC files are, instead of telling it record by record.",
)
@click.option(
    "--same", type=click.Path(path_type=Path), help="Pairs of identifiers that are one work, one on a line."
)
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--refusals", type=click.Path(path_type=Path), help="Write what was not used to this CSV file.")
@click.option("--force", is_flag=True, help="Replace the catalog at --out, and the file of --refusals.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(
    inputs: tuple[Path, ...],
    out: Path | None,
    form: str,
    same: Path | None,
    dry_run: bool,
    refusals: Path | None,
    force: bool,
    as_json: bool,
    **reading: Path | str | None,
) -> None:
    """Read INPUTS (files, archives, folders, catalogs) into one catalog.

    The formats are told by content. Records that share an identifier become one work; what contradicts is shown, and
    the first input is believed. To add to a catalog, import it together with the new files. What exists is never
    written over, unless it is a catalog and --force says so.

    \b
    Examples:
      countermark catalog import onix.xml --out ours.catalog
      countermark catalog import songs.csv --mapping songs.mapping.toml --out ours.catalog
      countermark catalog import ours.catalog new.xml --out ours.catalog --force
      countermark catalog import photos/ --out photos.catalog --refusals not-used.csv
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    if out is None and not dry_run:
        raise click.UsageError("--out NAME.catalog says where the catalog goes; --dry-run writes none")
    from countermark.cli.extras import needs_claims

    needs_claims()
    from countermark.works.catalog.importing import Importing

    options = {
        name: str(value) for name, value in reading.items() if value is not None
    }  # --mapping and --marc
    read = [Path(one) for one in (*inputs, options.get("mapping"), same) if one is not None]
    replaced = _checked(None if dry_run else out, refusals, read, force=force)
    importing = Importing(inputs, options, form)
    if not dry_run and out is not None:
        summary = _write(importing, inputs, out, same, quiet=as_json)
        _finish(out, summary, importing, refusals, as_json=as_json, kept=True, replaced=replaced)
        return
    with tempfile.TemporaryDirectory(prefix="countermark-") as folder:
        target = Path(folder) / "dry-run.catalog"
        summary = _write(importing, inputs, target, same, quiet=as_json)
        _finish(target, summary, importing, refusals, as_json=as_json, kept=False)


def _checked(out: Path | None, refusals: Path | None, read: list[Path], *, force: bool) -> str:
    """What the new catalog replaces, in words. Raises OutputError where something would be lost."""
    from countermark.cli.catalog_outputs import check_catalog, check_new

    if refusals is not None:
        if out is not None and refusals.resolve() == out.resolve():
            raise OutputError(
                f"{refusals}: --out and --refusals are the same file; give one of them another name"
            )
        check_new(refusals, [*read, *([out] if out else [])], force=force)
    return check_catalog(out, read, force=force) if out is not None else ""


def _write(
    importing: Importing, inputs: tuple[Path, ...], out: Path, same: Path | None, *, quiet: bool
) -> ImportSummary:
    from countermark import __version__
    from countermark.works.catalog import write_catalog
    from countermark.works.catalog.importing import read_pairs

    pairs = [] if same is None else read_pairs(same)
    with ProgressDisplay("Importing", quiet=quiet) as display:
        items = _shown(importing, display, stored_size(inputs))
        return write_catalog(out, items, inputs=importing.inputs, engine=__version__, same=pairs)


def _shown(importing: Importing, display: ProgressDisplay, total: int | None) -> Iterator[Entry | Refusal]:
    for number, item in enumerate(importing.items()):
        if number % EVERY == 0:
            _show(importing, display, total, counted(importing.entries, "record"))
        yield item
    if not importing.entries:  # nothing is written where nothing can be read
        raise InputError(_nothing(importing))
    _show(importing, display, total, f"joining {counted(importing.entries, 'record')}")


def _show(importing: Importing, display: ProgressDisplay, total: int | None, note: str) -> None:
    if total is None:  # of what is compressed, only the records tell how far it is
        display.show(0, 1, fresh=0, note=note)
    else:
        done = min(importing.read, total)
        display.show(done, total, fresh=done, note=note)


def stored_size(inputs: tuple[Path, ...]) -> int | None:
    """The bytes of all inputs, those in folders too; None where one is compressed, or cannot be looked at."""
    total = 0
    for path in inputs:
        try:
            for file in [path] if path.is_file() else path.rglob("*"):
                if file.suffix.lower() in COMPRESSED:
                    return None
                total += file.stat().st_size if file.is_file() else 0
        except OSError:
            return None
    return total


def _nothing(importing: Importing) -> str:
    if not importing.refused:
        return "no record was found; give catalogue files or folders (countermark catalog import --help)"
    first = printable(importing.refused[0].detail)
    rest = len(importing.refused) - 1
    return f"nothing could be used: {first}" + (f" (and {rest:,} more)" if rest else "")


def _finish(
    path: Path,
    summary: ImportSummary,
    importing: Importing,
    refusals: Path | None,
    *,
    as_json: bool,
    kept: bool,
    replaced: str = "",
) -> None:
    if refusals is not None:
        _write_refusals(path, refusals)
    if as_json:
        facts = {"catalog": str(path) if kept else None, "replaced": replaced or None} | asdict(summary)
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    _tell_refused(summary, importing, refusals)
    joined = f", {summary.merged:,} of them joined to another" if summary.merged else ""
    where = str(path) if kept else "Would be written"
    before = f"; {replaced}" if replaced else ""
    click.echo(
        f"{where}: {counted(summary.works, 'work')} from {counted(summary.records, 'record')}{joined}{before}."
    )
    if summary.conflicts:
        click.echo(f"{counted(summary.conflicts, 'conflict')}: what the sources say cannot all be right.")
    if summary.suggestions:
        pairs = counted(summary.suggestions, "pair")
        click.echo(f"{pairs} of works with the same title and author, not joined: --same joins them.")
    click.echo(f"Next: countermark catalog validate {path}" if kept else "Nothing was written.")


def _tell_refused(summary: ImportSummary, importing: Importing, refusals: Path | None) -> None:
    count = sum(summary.refused.values())
    if not count:
        return
    click.echo(f"Not used, or used with a remark: {count:,}", err=True)
    for refusal in importing.refused[:SHOWN]:
        click.echo(f"  {printable(refusal.detail)}", err=True)
    if count > SHOWN:
        reasons = ", ".join(f"{n:,} {reason}" for reason, n in summary.refused.items())
        where = refusals or "--refusals FILE writes them all"
        click.echo(f"  and {count - SHOWN:,} more ({reasons}): {where}", err=True)


def _write_refusals(catalog: Path, target: Path) -> None:
    from countermark.works.catalog import Catalog
    from countermark.works.catalog.cells import guarded

    try:
        with Catalog.open(catalog) as read, target.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("file", "line", "reason", "detail"))
            rows.writerows([*map(guarded, map(str, refusal))] for refusal in read.refusals())
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror})") from error
