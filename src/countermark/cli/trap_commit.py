"""`countermark trap commit`: a commitment, and a date for it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from countermark.cli.extras import needs_claims
from countermark.errors import InputError, PlanError

if TYPE_CHECKING:
    from countermark.evidence.dossier.stamp_check import StampCheck
    from countermark.memorization.traps.commitment import Commitment

_FILE = click.Path(path_type=Path)
STAMP: Final = "commitment.tsr"
CHAIN: Final = "commitment.pem"


@click.command("commit")
@click.argument("folder", type=_FILE)
@click.option("--key", required=True, type=_FILE, help="The key that the traps were drawn with.")
@click.option("--check", "only_check", is_flag=True, help="Hold the key, the traps and the stamp against it.")
@click.option("--authority", metavar="URL", help="Have it stamped by this authority now, over the network.")
@click.option("--query", type=_FILE, metavar="FILE.tsq", help="Write the request, to be answered elsewhere.")
@click.option("--response", type=_FILE, metavar="FILE.tsr", help="A response that was fetched elsewhere.")
@click.option("--chain", type=_FILE, help="The authority's certificates, PEM, from its own pages.")
def command(**given: Any) -> None:
    """Commit to the key and the traps of FOLDER: commitment.json, before the copies are published.

    It holds the SHA-256 of the key, the version of the generator, the digest of traps.json and the identifiers of the
    works. It can be made public: it tells nothing of the key. A time stamp (RFC 3161) proves that it existed at a date;
    the authority sees its SHA-256 and nothing else.

    Later, whoever is given the key checks with --check that it is the one, and draws everything again. A key that is
    lost cannot be made again, and no trap drawn with it can be tested.

    \b
    Examples:
      countermark trap commit traps/ --key private/traps.key
      countermark trap commit traps/ --key private/traps.key --authority https://tsa.example/ --chain tsa.pem
      countermark trap commit traps/ --key private/traps.key --query commitment.tsq
      countermark trap commit traps/ --key private/traps.key --check

    \b
    Exit codes:
      0    committed, or everything fits
      1    a stamp that does not hold
      2    the key is lost, damaged or another; the traps were changed; the authority does not answer
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.memorization.traps.commitment import check, commit
    from countermark.memorization.traps.key import read_key

    if sum(given[name] is not None for name in ("authority", "query", "response")) > 1:
        raise click.UsageError("give one of --authority, --query and --response")
    stamping = given["authority"] is not None or given["response"] is not None
    if stamping and given["chain"] is None:
        raise click.UsageError("a stamp needs the certificates that it is verified with: --chain FILE")
    if given["only_check"] and (stamping or given["query"] is not None):
        raise click.UsageError("--check asks for no stamp; give it alone")
    folder, key = given["folder"], read_key(given["key"])
    if given["only_check"]:
        _check(folder, check(folder, key))
        return
    made = commit(folder, key)
    _tell(folder, made)
    if given["query"] is not None:
        _write_query(made, given["query"])
    elif stamping:
        _stamp(folder, made, given)
    else:
        click.echo(
            "Next: have it time-stamped, then publish the copies. Keep the key, and a copy of it elsewhere."
        )


def _tell(folder: Path, made: Commitment) -> None:
    from countermark.cli.progress import counted, printable
    from countermark.memorization.traps.commitment import NAME
    from countermark.memorization.traps.trap_file import digest_of

    works, channels = counted(len(made.works), "work"), counted(len(made.channels), "channel")
    click.echo(printable(f"Commitment: {folder / NAME}: {works}, {channels}"))
    click.echo(f"Key: {made.key}\nTraps: {made.traps}\nThe commitment itself: {digest_of(made.data)}")


def _check(folder: Path, made: Commitment) -> None:
    _tell(folder, made)
    click.echo("The key and the traps are those that were committed to.")
    if not (folder / STAMP).exists():
        click.echo("No time stamp: the commitment alone does not show when it was made.")
        return
    needs_claims()
    click.echo(f"Time stamp: {_held(folder / STAMP, made, folder / CHAIN)}")


def _write_query(made: Commitment, path: Path) -> None:
    from countermark.atomic import write_bytes

    write_bytes(path, _request(made))
    click.echo(f"Request: {path}\nNext: have it answered, then give --response FILE --chain FILE.")


def _stamp(folder: Path, made: Commitment, given: dict[str, Any]) -> None:
    """Ask for a stamp or take one, and keep it once it holds."""
    needs_claims()
    from countermark.atomic import write_bytes
    from countermark.cli.reserve_history_stamp import read_stamp
    from countermark.evidence.dossier.timestamp import ask

    if (folder / STAMP).exists():
        raise PlanError(f"{folder / STAMP}: the commitment has a stamp already; an older one proves more")
    chain = read_stamp(given["chain"])
    with tempfile.TemporaryDirectory() as place:
        response = given["response"] or Path(place) / "answer.tsr"
        if given["authority"] is not None:
            try:
                response.write_bytes(ask(given["authority"], _request(made)))
            except InputError as error:
                raise InputError(str(error).replace("--request-out", "trap commit --query")) from None
        told = _held(response, made, given["chain"])
        write_bytes(folder / CHAIN, chain)
        write_bytes(folder / STAMP, read_stamp(response))
    click.echo(f"Time stamp: {told}\nKept: {folder / STAMP}, {folder / CHAIN}")


def _held(response: Path, made: Commitment, chain: Path) -> str:
    """What a stamp over the commitment says. Raises DossierError where it does not hold."""
    from countermark.cli.dossier_verify import in_words
    from countermark.cli.progress import printable
    from countermark.errors import DossierError
    from countermark.evidence.dossier.stamp_check import check_stamp

    stamp: StampCheck = check_stamp(response, made.data, chain)
    if not stamp.holds:
        raise DossierError(f"{response}: {stamp.reason}")
    return printable(in_words(stamp))


def _request(made: Commitment) -> bytes:
    needs_claims()
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    builder = TimestampRequestBuilder().data(made.data).hash_algorithm(HashAlgorithm.SHA256)
    return builder.cert_request(cert_request=True).nonce(nonce=True).build().as_bytes()
