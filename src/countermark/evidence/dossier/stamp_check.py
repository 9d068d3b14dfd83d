"""Judging a time stamp (RFC 3161): by rfc3161-client, by `openssl ts` where it is there, and which kind it is.

Both must accept. One exception is stated: rfc3161-client cannot read a response whose certificates do not stand in the
order that DER asks of a set (`openssl ts -reply -chain` makes such); there openssl alone decides.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from countermark.errors import InputError
from countermark.evidence.dossier.der import Token, read_token
from countermark.evidence.dossier.trusted_list import granted_services

if TYPE_CHECKING:
    from collections.abc import Sequence

ALGORITHMS: Final = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
LARGEST: Final = 1 << 20
QUALIFIED: Final = "qualified"
CLAIMED: Final = "claims to be qualified, not checked"
UNLISTED: Final = "not qualified: it claims to be, and the authority is not granted in the trusted list given"
PLAIN: Final = "not qualified"


@dataclass(slots=True)
class StampCheck:
    """What a stamp came out as; `reason` says why it does not hold. `verifiers` maps each to what it said."""

    name: str
    holds: bool = False
    reason: str = ""
    time: str = ""
    accuracy: str = "not stated"
    serial: str = ""
    policy: str = ""
    authority: str = ""
    kind: str = PLAIN
    verifiers: dict[str, str] = field(default_factory=dict)


def check_stamp(response: Path, data: bytes, chain: Path, trusted_list: Path | None = None) -> StampCheck:
    """Judge the response in the file `response` over `data`; `chain` holds certificates of the authority."""
    stamp = StampCheck(response.name)
    try:
        answer = _read(response)
        token = read_token(answer)
        certificates = load_chain(chain)
        _describe(stamp, token, certificates)
        _judge(stamp, answer, token, data, certificates)
    except (OSError, ValueError, OverflowError, UnsupportedAlgorithm, InputError) as error:
        # Certificates are read piece by piece: a damaged one may be met late, and never makes a stamp hold.
        stamp.holds = False
        stamp.reason = f"is no time stamp that can be used: {error}"
        return stamp
    if stamp.holds:
        stamp.kind = _kind(token, certificates, trusted_list)
    return stamp


def _judge(
    stamp: StampCheck, answer: bytes, token: Token, data: bytes, certificates: Sequence[x509.Certificate]
) -> None:
    if token.algorithm not in ALGORITHMS:
        stamp.reason = "states a digest other than SHA-256, SHA-384 or SHA-512"
    elif hashlib.new(ALGORITHMS[token.algorithm], data).digest() != token.imprint:
        stamp.reason = (
            "was made over other data: the file was changed after the stamp, or the stamp is another's"
        )
    else:
        _ask_verifiers(stamp, answer, token, data, certificates)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"larger than {LARGEST:,} bytes")
    return data


def load_chain(path: Path) -> list[x509.Certificate]:
    """The certificates of a file, PEM or DER. Raises InputError where it holds none."""
    try:
        data = _read(path)
        if b"-----BEGIN CERTIFICATE-----" in data:
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise InputError(f"{path}: no certificates in PEM or DER: {error}") from None


def chain_pem(certificates: Sequence[x509.Certificate]) -> bytes:
    """The certificates as PEM, one after the other."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


def signer_of(token: Token, certificates: Sequence[x509.Certificate]) -> x509.Certificate | None:
    """The certificate that the token was signed with: the one that the signer's information names."""
    issuer, serial = token.signer
    embedded = []
    for der in token.certificates:
        try:
            embedded.append(x509.load_der_x509_certificate(der))
        except (ValueError, UnsupportedAlgorithm):
            continue
    for one in [*embedded, *certificates]:
        if one.serial_number == serial and one.issuer.public_bytes() == issuer:
            return one
    return None


def _describe(stamp: StampCheck, token: Token, certificates: Sequence[x509.Certificate]) -> None:
    stamp.time = token.time.isoformat().replace("+00:00", "Z")
    if token.accuracy is not None:
        stamp.accuracy = f"{token.accuracy / 1_000_000:g} s"
    stamp.serial, stamp.policy = f"{token.serial:x}", token.policy
    signer = signer_of(token, certificates)
    stamp.authority = signer.subject.rfc4514_string() if signer is not None else ""


def _ask_verifiers(
    stamp: StampCheck, answer: bytes, token: Token, data: bytes, certificates: Sequence[x509.Certificate]
) -> None:
    signer = signer_of(token, certificates)
    if signer is None:
        stamp.reason = "names a signer whose certificate is not at hand: add it to the chain"
        return
    first, unordered = _by_client(answer, token, signer, certificates)
    second = _by_openssl(answer, token, data, [*certificates, signer])
    stamp.verifiers = {
        "rfc3161-client": first or "accepts",
        "openssl": "not there" if second is None else second or "accepts",
    }
    if unordered:
        stamp.verifiers["rfc3161-client"] = "cannot read it: certificates out of DER order; openssl decides"
        stamp.holds = second == ""
        stamp.reason = (
            "" if stamp.holds else f"openssl: {second or 'is not there, and rfc3161-client cannot read it'}"
        )
    else:
        stamp.holds = not first and not second
        stamp.reason = f"rfc3161-client: {first}" if first else f"openssl: {second}" if second else ""


def _by_client(
    answer: bytes, token: Token, signer: x509.Certificate, certificates: Sequence[x509.Certificate]
) -> tuple[str, bool]:
    """What is wrong by rfc3161-client ("" where nothing is), and whether it could not read their order."""
    from rfc3161_client import VerifierBuilder, decode_timestamp_response  # noqa: PLC0415
    from rfc3161_client.errors import VerificationError  # noqa: PLC0415

    try:
        response = decode_timestamp_response(answer)
        roots = [one for one in certificates if is_root(one)] or list(certificates[-1:])
        others = [one for one in certificates if one not in roots and one != signer]
        known = (
            signer if signer in certificates else None
        )  # one that came with the token alone is not trusted
        verifier = VerifierBuilder(tsa_certificate=known, roots=roots, intermediates=others).build()
        verifier.verify(response, token.imprint)
    except (ValueError, VerificationError) as error:
        said = re.findall(r'reason: "([^"]*)"', str(error)) or [" ".join(str(error).split())[:300]]
        return "; ".join(said), "InvalidSetOrdering" in str(error)
    return "", False


def is_root(certificate: x509.Certificate) -> bool:
    """Whether the certificate is signed by itself."""
    try:
        certificate.verify_directly_issued_by(certificate)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _by_openssl(
    answer: bytes, token: Token, data: bytes, certificates: Sequence[x509.Certificate]
) -> str | None:
    """What is wrong by `openssl ts -verify`, "" where nothing is, None where there is no openssl."""
    program = shutil.which("openssl")
    if program is None:
        return None
    roots = [one for one in certificates if is_root(one)] or list(certificates[-2:-1])
    with tempfile.TemporaryDirectory() as place:
        files = {"data": data, "tsr": answer, "roots": chain_pem(roots), "others": chain_pem(certificates)}
        for name, content in files.items():
            (Path(place) / name).write_bytes(content)
        command = [
            program,
            "ts",
            "-verify",
            "-data",
            "data",
            "-in",
            "tsr",
            "-CAfile",
            "roots",
            "-untrusted",
            "others",
        ]
        try:
            done = subprocess.run(  # noqa: S603  a fixed command; names of our own
                [*command, "-attime", str(int(token.time.timestamp())), "-partial_chain"],
                cwd=place, capture_output=True, text=True, errors="replace", timeout=60, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"could not be run: {error}"
    # Lines read `<thread>:error:<code>:<library>:<function>:<reason>:<file>:<line>:<more>`.
    said = [line.split(":")[5] for line in done.stderr.splitlines() if line.count(":") >= 6]
    return "" if done.returncode == 0 else "; ".join(said)[:300] or "Verification: FAILED"


def _kind(token: Token, certificates: Sequence[x509.Certificate], trusted_list: Path | None) -> str:
    if not token.claims_qualified:
        return PLAIN
    if trusted_list is None:
        return CLAIMED
    signer = signer_of(token, certificates)
    known = granted_services(trusted_list, token.time)
    mine = [one for one in [signer, *_issuers(signer, certificates)] if one is not None]
    return QUALIFIED if any(one.public_bytes(Encoding.DER) in known for one in mine) else UNLISTED


def _issuers(
    signer: x509.Certificate | None, certificates: Sequence[x509.Certificate]
) -> list[x509.Certificate]:
    """The certificate that issued the signer's: a trusted list names either."""
    found = []
    for one in certificates:
        try:
            if signer is not None and one != signer:
                signer.verify_directly_issued_by(one)
                found.append(one)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            continue
    return found
