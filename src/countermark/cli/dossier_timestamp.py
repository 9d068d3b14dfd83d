"""`countermark dossier timestamp`."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from countermark.cli.extras import needs_claims
from countermark.errors import InputError

if TYPE_CHECKING:
    from countermark.evidence.dossier.stamp_check import StampCheck

_FILE = click.Path(path_type=Path)


@click.command("timestamp")
@click.argument("bag", type=_FILE)
@click.option(
    "--authority", metavar="URL", help="Ask this authority now: the one command that uses the network."
)
@click.option("--request-out", type=_FILE, help="Write the request (.tsq), to be answered elsewhere.")
@click.option("--response", type=_FILE, help="A response (.tsr) that was fetched elsewhere.")
@click.option("--request", type=_FILE, help="The request that the response answers, to compare them.")
@click.option("--chain", type=_FILE, help="The authority's certificates, PEM, from its own pages.")
@click.option(
    "--name", default="authority", show_default=True, help="What the stamp is called in the dossier."
)
@click.option(
    "--trusted-list", type=_FILE, help="An EU trusted list (XML): is the authority a qualified one?"
)
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
def command(  # noqa: PLR0913  one parameter per option
    *,
    bag: Path,
    authority: str | None,
    request_out: Path | None,
    response: Path | None,
    request: Path | None,
    chain: Path | None,
    name: str,
    trusted_list: Path | None,
    as_json: bool,
) -> None:
    """Add a time stamp (RFC 3161) to the dossier BAG: somebody else's word that the seal existed at a date.

    The authority sees the SHA-256 of the seal and nothing else. In a room without network, write the request to a file,
    have it answered elsewhere, and bring the response back.

    \b
    Examples:
      countermark dossier timestamp dossier/ --authority https://tsa.example/ --chain authority.pem
      countermark dossier timestamp dossier/ --request-out seal.tsq
      countermark dossier timestamp dossier/ --response seal.tsr --request seal.tsq --chain authority.pem
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    needs_claims()
    if sum(given is not None for given in (authority, request_out, response)) != 1:
        raise click.UsageError("give one of --authority, --request-out and --response")
    if request_out is not None:
        _write_request(bag, request_out)
        return
    if chain is None:
        raise click.UsageError("a stamp needs the certificates that it is verified with: --chain FILE")
    from countermark.evidence.dossier.timestamp import add_stamp

    with tempfile.TemporaryDirectory() as place:
        asked = _read(request) if request is not None else None
        if authority is not None:
            asked, response = _asked(bag, authority, Path(place))
        assert response is not None  # noqa: S101  one of the three was given
        _tell(bag, add_stamp(bag, response, chain, asked, name, trusted_list), name, as_json=as_json)


def _write_request(bag: Path, path: Path) -> None:
    from countermark.atomic import write_bytes
    from countermark.evidence.dossier.timestamp import make_request

    write_bytes(path, make_request(bag))
    click.echo(f"Request: {path}\nNext: have it answered, then give --response FILE --chain FILE.")


def _asked(bag: Path, authority: str, place: Path) -> tuple[bytes, Path]:
    """Ask the authority; the request, and the file with its answer."""
    from countermark.evidence.dossier.timestamp import ask, make_request

    request = make_request(bag)
    (place / "answer.tsr").write_bytes(ask(authority, request))
    return request, place / "answer.tsr"


def _tell(bag: Path, stamp: StampCheck, name: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(stamp), ensure_ascii=True, indent=2))
        return
    from countermark.cli.dossier_verify import in_words

    click.echo(f"Time stamp {name}: {in_words(stamp)}")
    click.echo(f"Next: countermark dossier verify {bag}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
