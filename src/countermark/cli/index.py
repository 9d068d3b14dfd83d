"""`countermark index`: make an index of works, and look into one."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from dataclasses import asdict, is_dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.progress import counted
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.work import WorkFile

SHORTEST_SALT = 16  # bytes; a shorter salt can be tried out
SHOWN = 10


@click.group("index")
def command() -> None:
    """Make an index of works, or look into one.

    An index is a folder of fingerprints. The full form also holds the works' text, so that findings carry exact
    spans and excerpts; the sealed form holds salted hashes only, and can be handed over without the works being
    readable in it.
    """


@command.command("build", short_help="Make an index of works.")
@click.argument("works", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The folder to write the index to."
)
@click.option(
    "--sealed", is_flag=True, help="Write salted hashes only: the works cannot be read from the index."
)
@click.option(
    "--salt-file", type=click.Path(path_type=Path), help="The file with the secret salt (16 bytes or more)."
)
@click.option("--json", "as_json", is_flag=True, help="Print the index's manifest and the counts as JSON.")
def build(works: tuple[Path, ...], out: Path, sealed: bool, salt_file: Path | None, as_json: bool) -> None:
    """Make an index of WORKS: folders, files, or a catalogue (CSV or Parquet) that names them.

    A catalogue has the columns title and path, and may have author, published, licence. TXT, Markdown, HTML,
    EPUB, PDF, DOCX and ODT are read. What cannot be read is listed with its reason.
    """
    salt = _salt(sealed, salt_file)
    from countermark.index.build import build_index
    from countermark.works.reading import read_works

    reading = Reading(read_works(list(works)))
    files = iter(reading)
    first = next(files)  # nothing is written where nothing can be read
    manifest = build_index(chain([first], files), out, salt=salt, sealed=sealed)
    reading.end_line()
    if as_json:
        reasons = dict(sorted(Counter(refusal.reason for refusal in reading.refused).items()))
        click.echo(json.dumps(_facts(manifest, out) | {"refused": reasons}, ensure_ascii=False, indent=2))
        return
    reading.tell_refused()
    click.echo(
        f"{out}: {counted(manifest.works, 'work')} in {counted(manifest.assets, 'file')}, "
        f"{counted(manifest.words, 'word')}; {manifest.form} index, {manifest.scheme}."
    )
    if sealed:
        click.echo(
            f"Keep {salt_file}: a scan with this index needs it, and whoever has both can test guesses."
        )
    click.echo(
        f"Next: countermark scan {out} CORPUS --out run/" + (f" --salt-file {salt_file}" if sealed else "")
    )


@command.command("info")
@click.argument("index", type=click.Path(path_type=Path))
@click.option(
    "--salt-file", type=click.Path(path_type=Path), help="The salt of a sealed index, to check that it fits."
)
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON.")
def info(index: Path, salt_file: Path | None, as_json: bool) -> None:
    """Tell what INDEX holds, and what it is sure to find."""
    from countermark.index import open_index
    from countermark.index.manifest import read_manifest

    manifest = read_manifest(index)
    if (
        manifest.form == "full" or salt_file is not None
    ):  # a sealed one without its salt still has a manifest to show
        open_index(index, salt=None if salt_file is None else read_salt(salt_file))
    facts = _facts(manifest, index)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    width = max(map(len, facts))
    for name, value in facts.items():
        click.echo(f"{name:{width}}  {value:,}" if isinstance(value, int) else f"{name:{width}}  {value}")
    click.echo(
        f"Every unchanged run of {manifest.guarantee_letters:,} letters and digits of these works is found; "
        "shorter and changed passages mostly are (countermark selftest measures it on your works)."
    )


class Reading:
    """Hands the files of the works on, keeps what was refused, and shows how far it is."""

    def __init__(self, source: Iterator[WorkFile | Refusal] | Any) -> None:
        self._source = source
        self._tty = sys.stderr.isatty()
        self._told = 0.0
        self.refused: list[Refusal] = []
        self.files = 0
        self.code_points = 0

    def __iter__(self) -> Iterator[WorkFile]:
        """Yield every file that could be read."""
        from countermark.media import Refusal

        for item in self._source:
            if isinstance(item, Refusal):
                self.refused.append(item)
                continue
            self.files += 1
            self.code_points += len(item.asset.text)
            if self._tty and time.monotonic() - self._told > 0.1:
                self._told = time.monotonic()
                done = f"Reading works: {self.files:,} files, {self.code_points / 1e6:,.1f} M characters"
                click.echo(f"\r{done}", err=True, nl=False)
            yield item
        if not self.files:
            raise InputError(self._nothing_read())

    def end_line(self) -> None:
        """Leave the progress line behind, if there was one."""
        if self._tty and self.files:
            click.echo(err=True)

    def tell_refused(self) -> None:
        """Say on stderr what was not read, and what is remarked of works that were."""
        from countermark.works.reading import READ_ANYWAY

        _tell("Not read", [refusal for refusal in self.refused if refusal.reason not in READ_ANYWAY])
        _tell(
            "Remarks on what was read", [refusal for refusal in self.refused if refusal.reason in READ_ANYWAY]
        )

    def _nothing_read(self) -> str:
        if not self.refused:
            return "no work found there; give folders, files (TXT, HTML, EPUB, PDF, DOCX, ODT) or a catalogue"
        first = _told(self.refused[0])
        if len(self.refused) == 1:
            return f"nothing could be read: {first}"
        return f"none of the {len(self.refused):,} files could be read; the first: {first}"


def read_salt(path: Path) -> bytes:
    """Read a salt of at least 16 bytes. Raises InputError, which says how one is made."""
    try:
        salt = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"{path}: no such salt file; make one with `head -c 32 /dev/urandom > {path}` or "
            f"`python -c \"import os; open('{path}','wb').write(os.urandom(32))\"`, and keep it"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: the salt file cannot be read: {error.strerror}") from error
    if len(salt) < SHORTEST_SALT:
        raise InputError(
            f"{path}: the salt has {len(salt)} bytes; {SHORTEST_SALT} or more are needed, 32 are good"
        )
    return salt


def _salt(sealed: bool, salt_file: Path | None) -> bytes | None:
    if sealed and salt_file is None:
        raise click.UsageError("--sealed needs --salt-file FILE, a file of 16 or more secret random bytes")
    if salt_file is not None and not sealed:
        raise click.UsageError("--salt-file is for a sealed index; add --sealed, or leave it out")
    return None if salt_file is None else read_salt(salt_file)


def _facts(manifest: Any, path: Path) -> dict[str, Any]:
    """Give the manifest's counts and names, without the digests of its parts and of the salt."""
    fields = asdict(manifest) if is_dataclass(manifest) and not isinstance(manifest, type) else vars(manifest)
    plain = {name: value for name, value in fields.items() if isinstance(value, str | int | float | bool)}
    return {"index": str(path)} | {name: value for name, value in plain.items() if name != "key_check"}


def _tell(head: str, refused: list[Refusal]) -> None:
    """List ten of them with their reasons, and count the rest by reason."""
    if not refused:
        return
    click.echo(f"{head}: {len(refused):,}", err=True)
    for refusal in refused[:SHOWN]:
        click.echo(f"  {_told(refusal)}", err=True)
    rest = Counter(refusal.reason for refusal in refused[SHOWN:])
    for reason, count in sorted(rest.items()):
        click.echo(f"  and {count:,} more: {reason}", err=True)


def _told(refusal: Refusal) -> str:
    """A refusal in a line; most details name the place themselves, and more exactly."""
    if refusal.detail.startswith(refusal.where):
        return refusal.detail
    row = f", row {refusal.row}" if refusal.row >= 0 else ""
    return f"{refusal.where}{row}: {refusal.detail or refusal.reason}"
