"""Getting a time stamp (RFC 3161) for a dossier's signature: from an authority, or by a response fetched elsewhere.

Only `ask` uses the network, and only when it is called. What is stamped is `seal/dossier.dsse.json`; the authority sees
its SHA-256 and nothing else.
"""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Final, NoReturn

from cryptography.hazmat.primitives.serialization import Encoding

from countermark.atomic import make_folder, write_bytes
from countermark.errors import DossierError, InputError
from countermark.evidence.dossier.bag import finish_tags
from countermark.evidence.dossier.bag_files import read_small
from countermark.evidence.dossier.der import read_token
from countermark.evidence.dossier.envelope import ENVELOPE
from countermark.evidence.dossier.envelope import LARGEST as LARGEST_ENVELOPE
from countermark.evidence.dossier.stamp_check import (
    LARGEST,
    StampCheck,
    chain_pem,
    check_stamp,
    load_chain,
    signer_of,
)
from countermark.evidence.dossier.verify import STAMPS, verify_dossier
from countermark.evidence.report.legible import one_line

if TYPE_CHECKING:
    from pathlib import Path

SECONDS: Final = 30
"""How long the authority may be silent, and how long its whole answer may take."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def make_request(bag: Path) -> bytes:
    """A request (.tsq) for the dossier's signature, with a nonce and the wish for the authority's certificate."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415

    data = _signed(bag)
    builder = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256)
    return builder.cert_request(cert_request=True).nonce(nonce=True).build().as_bytes()


def _signed(bag: Path) -> bytes:
    try:
        return read_small(bag, ENVELOPE, LARGEST_ENVELOPE)
    except (OSError, ValueError) as error:
        raise DossierError(f"{bag}: no sealed dossier: {ENVELOPE} cannot be read: {error}") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *given: Any) -> None:
        """Go nowhere but where the user said."""


def ask(url: str, request: bytes) -> bytes:
    """Post the request to an authority; returns its response. Raises InputError: no address, no answer, too large."""
    if not re.match(r"https?://", url):
        raise InputError(f"{url}: the address of an authority begins with https:// or http://")
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        question = urllib.request.Request(url, data=request, headers=headers, method="POST")  # noqa: S310  http only
        with opener.open(question, timeout=SECONDS) as answer:
            data = _answer(answer)
    except urllib.error.HTTPError as error:
        code = error.code
        error.close()
        _no_answer(url, f"it answers with the status {code}")
    except (OSError, ValueError, http.client.HTTPException) as error:
        said = str(getattr(error, "reason", error)) or type(error).__name__
        _no_answer(url, "".join(sign if sign.isprintable() else " " for sign in said[:200]).strip())
    if len(data) > LARGEST:
        _no_answer(url, f"its answer is larger than {LARGEST:,} bytes")
    return data


def _answer(stream: Any) -> bytes:
    """At most one byte more than is accepted. Raises TimeoutError where it comes drop by drop."""
    latest, data = time.monotonic() + SECONDS, bytearray()
    while len(data) <= LARGEST and (piece := stream.read1(1 << 16)):
        data += piece
        if time.monotonic() > latest:
            raise TimeoutError(f"its answer takes longer than {SECONDS} seconds")
    return bytes(data[: LARGEST + 1])


def _no_answer(url: str, why: str) -> NoReturn:
    raise InputError(
        f"{url}: no time stamp: {why}. Give another --authority, or fetch it elsewhere (--request-out)"
    )


def add_stamp(
    bag: Path,
    response: Path,
    chain: Path,
    request: bytes | None = None,
    name: str = "authority",
    trusted_list: Path | None = None,
) -> StampCheck:
    """Put a stamp into the dossier, once it is verified, as `seal/timestamps/NAME.tsr`, `.tsq` and `.pem`.

    Raises DossierError where the dossier or the stamp does not verify, or another stamp has the name.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r}: a stamp is named with small letters, digits and '-'")
    if (bag / f"{STAMPS}{name}.tsr").exists():
        raise DossierError(f"{bag}: has a stamp called {name} already; give another --name")
    verified = verify_dossier(bag)
    if not verified.holds:
        raise DossierError(f"{bag}: does not verify, and is not stamped: {verified.first}")
    stamp = check_stamp(response, _signed(bag), chain, trusted_list)
    if not stamp.holds:
        raise DossierError(f"{response}: {one_line(stamp.reason, 400)}")
    token = read_token(response.read_bytes())
    if request is not None and _nonce(request) != token.nonce:
        raise DossierError(f"{response}: answers another request: its nonce differs")
    make_folder(bag / STAMPS)
    certificates = load_chain(chain)
    signer = signer_of(token, certificates)
    known = {one.public_bytes(Encoding.DER) for one in certificates}
    if signer is not None and signer.public_bytes(Encoding.DER) not in known:
        certificates = [signer, *certificates]
    if request is not None:
        write_bytes(bag / f"{STAMPS}{name}.tsq", request)
    write_bytes(bag / f"{STAMPS}{name}.pem", chain_pem(certificates))
    write_bytes(bag / f"{STAMPS}{name}.tsr", response.read_bytes())
    finish_tags(bag)
    return stamp


def _nonce(request: bytes) -> int | None:
    from rfc3161_client._rust import parse_timestamp_request  # noqa: PLC0415

    try:
        nonce: int | None = parse_timestamp_request(request).nonce
    except ValueError:
        raise InputError("the request is no time-stamp request (.tsq)") from None
    return nonce
