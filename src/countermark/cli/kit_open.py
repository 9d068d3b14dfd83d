"""`countermark kit open`."""

from __future__ import annotations

from pathlib import Path

import click

_PATH = click.Path(path_type=Path)


@click.command("open")
@click.argument("medium", type=_PATH)
@click.option("--index", required=True, type=_PATH, help="The full index that the kit was built from.")
@click.option("--out", required=True, type=_PATH, help="The folder to make; the run folder is OUT/run.")
@click.option("--root", metavar="CODE", help="The root code, as it was written down in the room.")
def command(*, medium: Path, index: Path, out: Path, root: str | None) -> None:
    """Make a sealed MEDIUM an ordinary run folder, with the works' passages put back in: at home.

    The medium is verified first and stays as it is: keep it, it is what the seal stands for. In OUT lie the run folder
    `run`, its log of attempts, the seal, and the kit's log. The run's log says what each receipt was under the seal.

    \b
    Examples:
      countermark kit open medium/ --index works.index --out opened/ --root 7F3K-2Q9M-…
      countermark report opened/run

    \b
    Exit codes:
      0    done
      2    the medium has no seal, or the index is not the one
      3    the index is damaged
      4    the medium does not verify
      5    the folder exists, or cannot be written
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.progress import counted
    from countermark.kit.opening import open_medium

    opened = open_medium(medium, index, out, root=root)
    click.echo(f"{opened.run}: {counted(opened.findings, 'finding')}, with the works' passages.")
    click.echo(f"Next: countermark report {opened.run}")
