"""`countermark trap new`: what could be planted, as a sheet for the editor."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.trap_language import LANG
from countermark.errors import InputError, OutputError

if TYPE_CHECKING:
    from countermark.memorization.traps.key import TrapKey
    from countermark.memorization.traps.planting.proposing import Proposal, Wish

_FILE = click.Path(path_type=Path)
_FORMS = (
    "variants",
    "photo-credit",
    "archive-reference",
    "further-reading",
    "letter-reference",
    "passphrase",
)
_SHOWN = 10


@click.command("new")
@click.argument("works", metavar="CATALOG_OR_FOLDER", type=_FILE)
@click.option("--key", required=True, type=_FILE, help="The key; drawn and written where there is none yet.")
@click.option(
    "--channel", "channels", multiple=True, default=("web",), show_default=True, metavar="NAME",
    help="Where a copy goes; give one for each. Every channel gets other text.",
)  # fmt: skip
@click.option("--form", type=click.Choice(_FORMS), default="variants", show_default=True)
@click.option(
    "--language", type=click.Choice(["en", "fr"]), help="Where the works do not say, or say wrongly."
)
@click.option(
    "--candidates", type=click.IntRange(2, 100_000), default=1000, show_default=True,
    help="How many are drawn; the smallest p-value of one work is 1 in so many.",
)  # fmt: skip
@click.option("--pairs", type=_FILE, help="Words that may stand for each other, a line each: that = which")
@click.option("--headlines", type=_FILE, help="CSV with the columns work, headline, alternative.")
@click.option("-o", "--out", required=True, type=_FILE, metavar="FOLDER", help="Where the sheet is written.")
@LANG
def command(**given: Any) -> None:
    """Find what could be planted in the works of CATALOG_OR_FOLDER, and write a sheet for the editor.

    The sheet (sheet.csv, for any spreadsheet) has a row for each place: both ways of writing it, and a column approve,
    to be filled with yes or no. Nothing is planted that is not approved. Lines that are added (references, credits,
    passphrases) can stand at the end, before the licence, or in a caption: the column place.

    The sheet does not show what will be published, and the key must not decide what is approved.

    \b
    Forms:
      variants             serial commas, numbers, contractions, spellings, headlines: invisible
      photo-credit, archive-reference, further-reading, letter-reference: one natural sentence
      passphrase           a line of five words

    TXT, Markdown, HTML, EPUB and DOCX can be planted; one file a work, one form a sheet. A second form is a second
    sheet in another folder; one key serves for all.

    \b
    Examples:
      countermark trap new works/ --key private/traps.key -o traps/
      countermark trap new catalog.csv --key private/traps.key --channel web --channel licensee-a \\
          --form archive-reference -o traps/

    \b
    Exit codes:
      0    the sheet is written
      2    no work that can be planted, a damaged key, a list that cannot be read
      5    something stands there already, or cannot be written
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.memorization.traps.planting.proposing import propose
    from countermark.memorization.traps.sheet import NAME, TWIN

    works, out = given["works"], given["out"]
    if not works.exists():
        raise InputError(f"{works}: does not exist; a folder, a file or a catalogue is accepted")
    if (out / TWIN).exists() or (out / NAME).exists():
        raise OutputError(f"{out}: holds a sheet already, with what the editor approved; give another -o")
    for path, what in ((out, "-o"), (given["key"], "--key")):
        if works.is_dir() and path.resolve().is_relative_to(works.resolve()):
            raise InputError(
                f"{what} {path}: lies among the works, and would go out with them; give a place outside"
            )
    wish = _wish(given)
    key, drawn = _key(given["key"])
    proposal = propose(works, out, key, wish)
    _write(out, proposal)
    _tell(out, given["key"], proposal, drawn=drawn, lang=given["lang"])


def _wish(given: dict[str, Any]) -> Wish:
    from countermark.memorization.traps.forms.pairs import read_headlines, read_pairs
    from countermark.memorization.traps.planting.proposing import Wish
    from countermark.memorization.traps.trap_file import CHANNEL

    channels = tuple(dict.fromkeys(given["channels"]))
    for name in channels:
        if not CHANNEL.fullmatch(name):
            raise InputError(f"--channel {name!r}: up to 40 small letters, digits and '-' are accepted")
    return Wish(
        given["form"],
        channels,
        given["language"] or "",
        given["candidates"],
        None if given["pairs"] is None else read_pairs(given["pairs"]),
        () if given["headlines"] is None else read_headlines(given["headlines"]),
    )


def _key(path: Path) -> tuple[TrapKey, bool]:
    """The key, and whether it was drawn now."""
    from countermark.memorization.traps.key import new_key, read_key

    if path.exists():
        return read_key(path), False
    with suppress(OSError):  # what is wrong with it, the writing of the key will say
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return new_key(path), True


def _write(out: Path, proposal: Proposal) -> None:
    from countermark.atomic import make_folder, write_bytes
    from countermark.memorization.traps.sheet import NAME, TWIN, sheet_csv, sheet_json

    make_folder(out)
    write_bytes(out / NAME, sheet_csv(proposal.sheet))
    write_bytes(out / TWIN, sheet_json(proposal.sheet))


def _tell(out: Path, key: Path, proposal: Proposal, *, drawn: bool, lang: str | None) -> None:
    from countermark.cli.progress import printable
    from countermark.cli.trap_language import spoken, tell
    from countermark.memorization.traps.sheet import NAME

    language = spoken(lang)
    if proposal.refused:
        tell(language, "refused", n=len(proposal.refused), err=True)
        for refusal in proposal.refused[:_SHOWN]:
            click.echo(printable(f"  {refusal.detail}"), err=True)
        if len(proposal.refused) > _SHOWN:
            tell(language, "more", n=len(proposal.refused) - _SHOWN, err=True)
    works = proposal.sheet.works
    if drawn:
        tell(language, "key", file=str(key))
    places = language.say("places", n=sum(len(work.sites) for work in works))
    tell(language, "sheet", sheet=str(out / NAME), places=places, works=language.say("works", n=len(works)))
    tell(language, "approve", out=str(out), file=str(key))
