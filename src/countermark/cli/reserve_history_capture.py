"""`countermark reserve history capture`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.reserve_language import LANG, spoken
from countermark.errors import CountermarkError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.captures.history.capture import Captured
    from countermark.captures.served import Fetching
    from countermark.language import Language

_FILE = click.Path(path_type=Path)


PUBLISHED = ("index.html", "robots.txt")
"""Files by which a folder is known for one that a server publishes."""


@click.command("capture")
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@click.option("--into", "folder", type=_FILE, required=True, help="The history's folder, new or begun.")
@click.option("--page", "pages", multiple=True, metavar="PATH", help="A page to capture too (repeatable).")
@click.option("--agent", metavar="TEXT", help="The User-Agent field to send; Countermark's own by default.")
@click.option(
    "--timeout", type=click.FloatRange(1, 600), default=20.0, show_default=True, help="Seconds per address."
)
@click.option(
    "--allow-local", is_flag=True, help="Also ask a site in the local network (10.*, 192.168.*, …)."
)
@click.option("--authority", metavar="ADDRESS", help="Have a time stamp (RFC 3161) made by this authority.")
@click.option(
    "--ca", type=_FILE, metavar="FILE", help="The authority's certificates, PEM, from its own pages."
)
@LANG
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.option("--now", hidden=True, help="The time to be written, for tests: YYYY-MM-DDThh:mm:ssZ.")
def command(folder: Path, *, as_json: bool, **given: Any) -> None:
    """Capture what the sites of URL say about reservations, and keep it in a folder with its date.

    Asked for are robots.txt, /.well-known/tdmrep.json and /ai.txt, the URL itself, each --page, and the licences and
    policies that these point at. Kept are requests and responses byte for byte (WARC), and a line in a chain of
    digests. A capture in which nothing changed is kept too: it is a dated proof. Run it every day from a timer.

    This command uses the network: it asks those addresses, and the authority if one is named, and nobody else.

    \b
    Examples:
      countermark reserve history capture https://example.org/ --into history/
      countermark reserve history capture https://example.org/ --into history/ --page /essay.html --page /photo.jpg
      countermark reserve history capture https://example.org/ --into history/ \\
          --authority https://tsa.example/ --ca tsa.pem

    \b
    Exit codes:
      0    kept; addresses that did not answer are told and noted in the chain
      2    nothing answered, an option cannot be used, or the clock is behind the last capture
           (nothing is kept); or no time stamp came (the capture is kept)
      4    another capture is being written into the folder
      5    it could not be written
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.captures.history.capture import capture

    authority, certificates = given["authority"], given["ca"]
    if (authority is None) != (certificates is None):
        raise click.UsageError("a time stamp needs both --authority ADDRESS and --ca FILE")
    if authority is not None:
        from countermark.cli.extras import needs_claims

        needs_claims()
    clock, say = clock_of(given["now"]), spoken(given["lang"])
    if any((folder / name).is_file() for name in PUBLISHED):
        click.echo(say.say("history.in-site", folder=folder), err=True)
    kept = capture(folder, given["urls"], given["pages"], _fetching(given, clock))
    if as_json:
        click.echo(json.dumps(_facts(kept, folder), indent=2))
    else:
        _tell(kept, folder, say)
    if authority is not None:
        _stamp(folder, authority, certificates, clock, None if as_json else say)


def _fetching(given: dict[str, Any], clock: Callable[[], datetime]) -> Fetching:
    from countermark.captures.served import AGENT, Fetching

    return Fetching(
        agent=given["agent"] or AGENT,
        timeout=given["timeout"],
        allow_loopback=True,  # the addresses were typed by the user; those that a site names are not
        allow_private=given["allow_local"],
        clock=clock,
    )


def clock_of(moment: str | None) -> Callable[[], datetime]:
    """The clock, or one that stands at a moment that was given. Raises InputError."""
    from countermark.captures.served import now

    if moment is None:
        return now
    try:
        fixed = datetime.fromisoformat(moment)
    except ValueError:
        raise InputError(f"--now {moment}: accepted is YYYY-MM-DDThh:mm:ssZ") from None
    fixed = fixed if fixed.tzinfo else fixed.replace(tzinfo=UTC)
    return lambda: fixed


def _stamp(
    folder: Path, authority: str, certificates: Path, clock: Callable[[], datetime], say: Language | None
) -> None:
    """Have the capture stamped, and tell so where there is a language to do it in."""
    from countermark.cli.reserve_history_stamp import stamp_by, tell

    try:
        stamped = stamp_by(folder, authority, certificates, clock)
    except CountermarkError as error:
        error.args = (f"the capture is kept, without a time stamp: {error}",)
        raise
    if say is not None:
        tell(stamped, say)


def _facts(kept: Captured, folder: Path) -> dict[str, Any]:
    facts = dict(kept.entry.facts)
    return {"history": str(folder), "head": kept.entry.head, "unchanged": kept.unchanged, **facts}


def _tell(kept: Captured, folder: Path, say: Language) -> None:
    from countermark.cli.progress import printable

    lines = []
    for exchange in kept.visit.exchanges:
        told = exchange.asked
        if hops := len(exchange.hops) - 1:
            told = say.say("history.redirected", n=hops, asked=exchange.asked, final=exchange.final.url)
        lines.append(f"  {exchange.final.message.status}  {told}")
    lines += [f"  ---  {failure.message}" for failure in kept.visit.failures]
    lines += [f"  {say.say('history.left-out', address=address)}" for address in kept.visit.left_out]
    key = "history.kept-alike" if kept.unchanged else "history.kept"
    lines.append(say.say(key, file=folder / kept.entry.file))
    lines.append(say.say("history.last-line", head=kept.entry.head))
    lines.append(say.say("history.show-next", folder=folder))
    for line in lines:
        click.echo(printable(line))
