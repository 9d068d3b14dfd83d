"""`countermark dossier redact`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from countermark.cli.extras import needs_claims
from countermark.errors import InputError

_FILE = click.Path(path_type=Path)


@click.command("redact")
@click.argument("bag", type=_FILE)
@click.option("--out", required=True, type=_FILE, help="The folder of the copy; it must not be there yet.")
@click.option("--withhold-work", "works", multiple=True, metavar="ID", help="A work to leave out.")
@click.option(
    "--withhold-passage",
    "passages",
    multiple=True,
    metavar="ITEM/N",
    help="A passage, a picture or a recording to leave out: 00007/2.",
)
@click.option(
    "--keep-work",
    "keep",
    multiple=True,
    metavar="ID",
    help="Leave out every work but this one (and others kept).",
)
@click.option("--list", "listed", type=_FILE, help="A text file with one work to leave out on each line.")
@click.option(
    "--reason", required=True, metavar="TEXT", help="Why; it is written into the copy for all to read."
)
@click.option("--date", metavar="YYYY-MM-DD", help="The day of redaction; today (UTC) by default.")
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
def command(  # noqa: PLR0913  one parameter per option
    *,
    bag: Path,
    out: Path,
    works: tuple[str, ...],
    passages: tuple[str, ...],
    keep: tuple[str, ...],
    listed: Path | None,
    reason: str,
    date: str | None,
    as_json: bool,
) -> None:
    """Copy the dossier BAG without chosen works or passages; the copy verifies against the first signature.

    Left out with them are the works lists, reports and tables, and every other file that names a work withheld.

    \b
    Examples:
      countermark dossier redact dossier/ --withhold-work delorme-1998 --reason "unpublished" --out public/
      countermark dossier redact dossier/ --keep-work weir-2004 --reason "other authors" --out for-weir/
      countermark dossier redact dossier/ --withhold-passage 00007/2 --reason "private names" --out public/
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    needs_claims()
    from countermark.cli.dossier_seal import day
    from countermark.cli.progress import counted
    from countermark.evidence.dossier.redact import Withhold, redact

    wanted = Withhold(
        frozenset(works) | _listed(listed),
        frozenset(map(_passage, passages)),
        frozenset(keep) if keep else None,
    )
    done = redact(bag, out, wanted, reason, day(date))
    if as_json:
        facts = {"path": str(done.path), "files": done.files, "works": done.works, "named": done.named}
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    click.echo(f"Redacted copy: {done.path}")
    click.echo(f"Withheld: {counted(done.works, 'work')}, {counted(done.files, 'file')} in all.")
    for path in done.named:
        click.echo(f"  {path} was withheld too: it names what is withheld")
    click.echo("Reports and lists about all works went with them; what is left to read stands in data/items.")
    click.echo(f"Look it through before you hand it over. Next: countermark dossier verify {done.path}")


def _passage(text: str) -> tuple[str, int]:
    found = re.fullmatch(r"(\d{5,9})/(\d{1,3})", text)
    if found is None:
        raise InputError(f"--withhold-passage {text}: a passage is ITEM/N, for instance 00007/2")
    return found[1], int(found[2])


def _listed(path: Path | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: is no readable list in UTF-8: {error}") from error
    return frozenset(line.strip() for line in lines if line.strip())
