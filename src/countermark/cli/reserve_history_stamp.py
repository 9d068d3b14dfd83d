"""`countermark reserve history stamp`, and the time stamp of a capture."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from countermark.cli.extras import needs_claims
from countermark.cli.reserve_history_capture import clock_of
from countermark.cli.reserve_language import LANG, spoken
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from countermark.captures.history.chain import Entry
    from countermark.captures.history.verify import Judged
    from countermark.language import Language

_FILE = click.Path(path_type=Path)


@click.command("stamp")
@click.argument("folder", metavar="HISTORY", type=_FILE)
@click.option("--authority", metavar="ADDRESS", help="Ask this authority now, over the network.")
@click.option("--query", type=_FILE, metavar="FILE.tsq", help="Write the request, to be answered elsewhere.")
@click.option("--response", type=_FILE, metavar="FILE.tsr", help="A response that was fetched elsewhere.")
@click.option("--request", type=_FILE, metavar="FILE.tsq", help="The request that the response answers.")
@click.option(
    "--ca", type=_FILE, metavar="FILE", help="The authority's certificates, PEM, from its own pages."
)
@LANG
@click.option("--now", hidden=True, help="The time to be written, for tests: YYYY-MM-DDThh:mm:ssZ.")
def command(folder: Path, **given: Any) -> None:
    """Have the last capture of HISTORY stamped (RFC 3161): somebody else's word that it existed at a date.

    The stamp is over the last capture's line of the chain, and so over everything before it. The authority sees the
    SHA-256 of that line and nothing else.

    \b
    Examples:
      countermark reserve history stamp history/ --authority https://tsa.example/ --ca tsa.pem
      countermark reserve history stamp history/ --query capture.tsq
      countermark reserve history stamp history/ --response capture.tsr --request capture.tsq --ca tsa.pem
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    needs_claims()
    say = spoken(given["lang"])
    if sum(given[name] is not None for name in ("authority", "query", "response")) != 1:
        raise click.UsageError("give one of --authority, --query and --response")
    if given["query"] is not None:
        _write_query(folder, given["query"], say)
        return
    if given["ca"] is None:
        raise click.UsageError("a stamp needs the certificates that it is verified with: --ca FILE")
    clock = clock_of(given["now"])
    if given["authority"] is not None:
        tell(stamp_by(folder, given["authority"], given["ca"], clock), say)
        return
    from countermark.captures.history.stamps import to_be_stamped

    request = read_stamp(given["request"]) if given["request"] is not None else None
    of = to_be_stamped(folder)
    tell(_keep(folder, of, read_stamp(given["response"]), request, given["ca"], clock), say)


class Stamped(NamedTuple):
    """A stamp that was kept: the time of the capture that it is over, what it says, and its file."""

    time: str
    told: str
    file: Path


def tell(stamped: Stamped, say: Language) -> None:
    """Tell of a stamp that was kept."""
    from countermark.cli.progress import printable

    click.echo(printable(say.say("history.stamped", time=stamped.time, told=stamped.told)))
    click.echo(printable(say.say("history.kept", file=stamped.file)))


def stamp_by(folder: Path, authority: str, certificates: Path, clock: Callable[[], datetime]) -> Stamped:
    """Ask an authority for a stamp over the last capture, and keep it. Raises InputError."""
    from countermark.captures.history.stamps import to_be_stamped
    from countermark.evidence.dossier.timestamp import ask

    of = to_be_stamped(folder)
    request = _request_for(of.data)
    try:
        response = ask(authority, request)
    except InputError as error:
        # the message names the option of `dossier timestamp`; here the same is done with another
        raise InputError(str(error).replace("--request-out", "history stamp --query")) from None
    return _keep(folder, of, response, request, certificates, clock)


def judge(response: Path, data: bytes, certificates: Path) -> Judged:
    """The stamp in a file over `data`, in words."""
    from countermark.captures.history.verify import Judged
    from countermark.cli.dossier_verify import in_words
    from countermark.evidence.dossier.stamp_check import check_stamp

    stamp = check_stamp(response, data, certificates)
    if not stamp.holds:
        return Judged(holds=False, told=stamp.reason)
    return Judged(True, in_words(stamp), stamp.time)


def _write_query(folder: Path, path: Path, say: Language) -> None:
    from countermark.atomic import write_bytes
    from countermark.captures.history.stamps import to_be_stamped
    from countermark.cli.progress import printable

    of = to_be_stamped(folder)
    write_bytes(path, _request_for(of.data))
    click.echo(printable(say.say("history.query", line=str(of.line), head=of.head, file=path)))
    click.echo(printable(say.say("history.query-next", folder=folder, file=path)))


def _request_for(data: bytes) -> bytes:
    """A request with a nonce and the wish for the authority's certificate."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    builder = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256)
    return builder.cert_request(cert_request=True).nonce(nonce=True).build().as_bytes()


def _keep(
    folder: Path,
    of: Entry,
    response: bytes,
    request: bytes | None,
    certificates: Path,
    clock: Callable[[], datetime],
) -> Stamped:
    from countermark.captures.history.stamps import Stamp, add_stamp
    from countermark.captures.served import iso
    from countermark.evidence.dossier.der import read_token
    from countermark.evidence.dossier.stamp_check import chain_pem, load_chain

    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "response.tsr"
        file.write_bytes(response)
        judged = judge(file, of.data, certificates)
    if not judged.holds:
        raise InputError(f"no time stamp that can be used: {judged.told}")
    token = read_token(response)
    if request is not None and _nonce(request) != token.nonce:
        raise InputError("the response answers another request: its nonce differs")
    stamp = Stamp(response, chain_pem(load_chain(certificates)), int(token.time.timestamp()), request)
    entry = add_stamp(folder, of, stamp, iso(clock()))
    return Stamped(of.time, judged.told, folder / entry.file)


def _nonce(request: bytes) -> int | None:
    """The nonce of a request (RFC 3161, section 2.4.1), None where it has none. Raises InputError."""
    from countermark.evidence.dossier.der import INTEGER, SEQUENCE, inside, integer, only

    try:
        fields = inside(only(request), SEQUENCE)[2:]
        return next((integer(field) for field in fields if field.tag == INTEGER), None)
    except ValueError:
        raise InputError("the request is no time-stamp request (.tsq)") from None


def read_stamp(path: Path) -> bytes:
    """At most a mebibyte of a file: no stamp and no chain is larger. Raises InputError."""
    try:
        with path.open("rb") as file:
            return file.read(1 << 20)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
