"""The signed statement: DSSE 1.0 (github.com/secure-systems-lab/dsse, protocol.md) over an in-toto Statement v1.

    seal/statement.json      the statement, as signed
    seal/dossier.dsse.json   the envelope: statement, key, signature
    seal/signed.pae          the very bytes that are signed (the pre-authentication encoding)
    seal/signature.bin       the signature alone      seal/public.pem   the public key

The last three are for `openssl pkeyutl -verify -rawin`, which knows no envelopes.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.dossier.keys import fingerprint, holds, load_public
from countermark.scan.receipt import json_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.evidence.dossier.keys import SigningKey

PAYLOAD_TYPE: Final = "application/vnd.countermark.dossier+json"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "urn:countermark:dossier:1"
STATEMENT: Final = "seal/statement.json"
ENVELOPE: Final = "seal/dossier.dsse.json"
PAE: Final = "seal/signed.pae"
SIGNATURE: Final = "seal/signature.bin"
PUBLIC: Final = "seal/public.pem"
LARGEST: Final = 4 << 20


def pre_authentication_encoding(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """`DSSEv1 <length> <type> <length> <payload>`, lengths in bytes (protocol.md, "Signature Definition")."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def statement_bytes(commitments_sha256: str, predicate: Mapping[str, Any]) -> bytes:
    """The statement about the list of commitments, as JSON with sorted keys."""
    return json_bytes(
        {
            "_type": STATEMENT_TYPE,
            "subject": [{"name": "seal/commitments.sha256", "digest": {"sha256": commitments_sha256}}],
            "predicateType": PREDICATE_TYPE,
            "predicate": dict(predicate),
        }
    )


def signed_files(statement: bytes, key: SigningKey) -> dict[str, bytes]:
    """The five files of the signature, by their paths in the bag."""
    encoding = pre_authentication_encoding(statement)
    signature = key.sign(encoding)
    envelope = {
        "payload": base64.b64encode(statement).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": key.fingerprint, "sig": base64.b64encode(signature).decode()}],
    }
    return {
        STATEMENT: statement,
        ENVELOPE: json_bytes(envelope),
        PAE: encoding,
        SIGNATURE: signature,
        PUBLIC: key.public_pem,
    }


def wrong_with(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """(path, what is wrong) for each of the five files that does not fit the others or does not verify."""
    public = load_public(files[PUBLIC])
    if public is None:
        return [(PUBLIC, "is no Ed25519 public key in PEM")]
    wrong = []
    if files[PAE] != pre_authentication_encoding(files[STATEMENT]):
        wrong.append((PAE, "is not the encoding of seal/statement.json"))
    if not holds(public, files[SIGNATURE], files[PAE]):
        wrong.append((SIGNATURE, "is no signature by seal/public.pem on seal/signed.pae"))
    said = _wrong_with_envelope(files, fingerprint(public))
    return wrong + ([(ENVELOPE, said)] if said else [])


def _wrong_with_envelope(files: Mapping[str, bytes], key: str) -> str | None:
    try:
        envelope = json.loads(files[ENVELOPE])
        payload = base64.b64decode(envelope["payload"], validate=True)
        signatures = [
            (one["keyid"], base64.b64decode(one["sig"], validate=True)) for one in envelope["signatures"]
        ]
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        return "is no DSSE envelope"
    if envelope.get("payloadType") != PAYLOAD_TYPE:
        return f"the payload type is not {PAYLOAD_TYPE}"
    if payload != files[STATEMENT]:
        return "holds another statement than seal/statement.json"
    if signatures != [(key, files[SIGNATURE])]:
        return "holds another key or signature than seal/public.pem and seal/signature.bin"
    return None
