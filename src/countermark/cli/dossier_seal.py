"""`countermark dossier seal`."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.dossier_key import passphrase_of
from countermark.cli.extras import needs_audio, needs_claims, needs_image
from countermark.cli.place import RunPlace
from countermark.errors import InputError

if TYPE_CHECKING:
    from countermark.evidence.dossier.contents import SealInputs
    from countermark.evidence.dossier.seal import Sealed

_FILE = click.Path(path_type=Path)


@click.command("seal")
@click.argument("runs", metavar="RUN…", nargs=-1, required=True, type=RunPlace())
@click.option("--out", type=_FILE, help="The folder of the dossier; it must not be there yet.")
@click.option("--key", type=_FILE, help="The key that signs ('countermark dossier key new').")
@click.option("--passphrase", "ask", is_flag=True, help="Ask for the key's passphrase.")
@click.option("--passphrase-env", metavar="NAME", help="Take the passphrase from this environment variable.")
@click.option("--claim", type=_FILE, help="The claim folder ('countermark claim').")
@click.option(
    "--attempts", type=_FILE, help="The log of attempts; by default attempts.jsonl beside the first run."
)
@click.option(
    "--index",
    "indices",
    multiple=True,
    type=_FILE,
    help="An index of a run; a full one shows whole passages.",
)
@click.option(
    "--reservation",
    "reservations",
    multiple=True,
    type=_FILE,
    help="A file or folder on reservations of rights.",
)
@click.option(
    "--rules", multiple=True, type=_FILE, help="Rule files of your own that the claim was made with."
)
@click.option(
    "--study",
    "studies",
    multiple=True,
    type=_FILE,
    metavar="FOLDER",
    help="A study of a model that has ended: its plan, result and log are enclosed, and not the works' texts.",
)
@click.option(
    "--enclose",
    "enclosed",
    multiple=True,
    type=_FILE,
    help="A file to enclose, such as a letter or a picture.",
)
@click.option(
    "--paper",
    type=click.Choice(["a4", "us-letter"]),
    default="a4",
    show_default=True,
    help="The paper of the report.",
)
@click.option(
    "--passages",
    type=click.IntRange(0, 999),
    default=20,
    show_default=True,
    help="Passages shown of each work, found pictures and recordings.",
)
@click.option(
    "--with-findings", is_flag=True, help="Enclose the findings files too, with all their excerpts."
)
@click.option("--date", metavar="YYYY-MM-DD", help="The day of sealing; today (UTC) by default.")
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing; needs no key.")
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
def command(as_json: bool, dry_run: bool, **given: Any) -> None:
    """Seal the run folders RUN into a dossier: a signed bag that sha256sum and openssl verify.

    It holds a report to print in English and French, receipts, logs, every attempt, the claim with its rules, and one
    item for each work of which something was found. Without the log of attempts, or with a run that was changed since,
    nothing is sealed.

    \b
    Examples:
      countermark dossier seal run/ --key my-key.pem --out dossier/
      countermark dossier seal run/ links/ --claim claim/ --index works.index --key my-key.pem \\
          --date 2026-11-20 --out dossier/
      countermark dossier seal run/ --dry-run

    \b
    Exit codes:
      0    sealed
      1    cannot be sealed; the message says what is missing and what to do
      2    a key, a file or an option cannot be used
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    needs_claims()
    from countermark.evidence.dossier.keys import load_key
    from countermark.evidence.dossier.seal import prepare, seal

    key_file, out, paper = given.pop("key"), given.pop("out"), given.pop("paper")
    ask, environment = given.pop("ask"), given.pop("passphrase_env")
    needs_what_runs_need(given["runs"])
    inputs = _inputs(**given)
    prepared = prepare(inputs)
    if dry_run:
        _tell_plan(prepared, as_json=as_json)
        return
    if key_file is None or out is None:
        raise click.UsageError("sealing needs --key and --out (or --dry-run)")
    key = load_key(key_file, passphrase_of(ask=ask, environment=environment))
    _tell(seal(_with_reports(inputs, key.fingerprint, paper), key, out), as_json=as_json)


def needs_what_runs_need(runs: tuple[Path, ...]) -> None:
    """Raise MissingExtraError where one of the runs is of pictures or recordings, and their libraries are not there."""
    from countermark.evidence.run_folder import read_json
    from countermark.evidence.summary import is_of_pictures, is_of_recordings

    said = [read_json(run / "run.json") for run in runs if (run / "run.json").is_file()]
    if any(map(is_of_pictures, said)):
        needs_image()
    if any(map(is_of_recordings, said)):
        needs_audio()


def day(given: str | None) -> str:
    """The date given, or today's in UTC. Raises InputError."""
    text = given or datetime.now(UTC).date().isoformat()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        pass
    raise InputError(f"--date {text}: a date is YYYY-MM-DD, for instance 2026-11-20")


def _with_reports(inputs: SealInputs, fingerprint: str, paper: str) -> SealInputs:
    from countermark.cli.dossier_reports import reports
    from countermark.scan.attempts import log_beside

    attempts = inputs.attempts or log_beside(inputs.runs[0])
    made = reports(
        inputs.runs, claim=inputs.claim, attempts=attempts, date=inputs.date, key=fingerprint, paper=paper
    )
    return replace(inputs, reports={**made, **inputs.reports})


def _inputs(
    *,
    enclosed: tuple[Path, ...],
    date: str | None,
    claim: Path | None,
    rules: tuple[Path, ...],
    **given: Any,
) -> SealInputs:
    from countermark.cli.dossier_reports import require_its_runs, rules_of
    from countermark.evidence.dossier.contents import SealInputs

    read = {}
    for path in enclosed:
        try:
            read[path.name] = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    if claim:
        require_its_runs(claim, given["runs"])
    applied = rules_of(claim, rules) if claim else rules
    return SealInputs(reports=read, date=day(date), claim=claim, rules=applied, **given)


def _tell_plan(prepared: Any, *, as_json: bool) -> None:
    facts = {
        "runs": prepared.run_facts,
        "attempts": prepared.attempts,
        "files": sorted(prepared.contents.files),
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    from countermark.cli.progress import counted

    click.echo(
        f"{counted(len(facts['files']), 'file')} from {counted(len(prepared.run_facts), 'run')}, besides the items."
    )
    click.echo(f"The log of attempts has {counted(prepared.attempts['lines'], 'line')}, and holds every run.")
    click.echo("It can be sealed. Nothing was written.")


def _tell(sealed: Sealed, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"path": str(sealed.path), **sealed.facts}, ensure_ascii=False, indent=2))
        return
    from countermark.cli.progress import counted

    items = sealed.facts["items"]
    click.echo(f"Dossier: {sealed.path}  ({sealed.identity})")
    left = f"; {items['left_out']:,} more are counted and not shown" if items["left_out"] else ""
    found = f"{counted(items['works'], 'work')}, {counted(items['findings'], 'finding')}"
    media = [name for name in ("pictures", "recordings") if name in items]
    shown = [counted(items["passages"], "passage")] if items["passages"] or not media else []
    shown += [counted(items[name], name.removesuffix("s")) for name in media]
    click.echo(f"{found}, {' and '.join(shown)} shown{left}.")
    click.echo(f"Signed by {sealed.facts['key_fingerprint']}.")
    click.echo(f"Next: countermark dossier timestamp {sealed.path} --authority URL --chain FILE")
