"""A signed manifest into a copy of a file: the assertion `cawg.training-mining` by c2pa-python.

What stood in the file as a manifest is kept as its parent ingredient (C2PA 2.2, section 10.4). A manifest has a name
and a signature that are made anew each time, so that two runs do not give the same bytes; what they say is the same.
"""

from __future__ import annotations

import importlib.util
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from countermark.errors import DocumentError, InputError, MissingExtraError
from countermark.reservations import cawg
from countermark.reservations.containers.kind import suffix
from countermark.reservations.containers.manifest import MEDIA_TYPES, OFFLINE, carries_manifest
from countermark.reservations.use import Answer, Use

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from countermark.reservations.writing.embed_saying import Embedding, Said

_BY_SUFFIX: Final = {
    "heic": "image/heic",
    "heif": "image/heif",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "m4v": "video/x-m4v",
    "m4a": "audio/mp4",
    "mov": "video/quicktime",
}
_CURVES: Final = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
_KEYS: Final = "accepted are EC keys (P-256, P-384, P-521), Ed25519, and RSA from 2048 bits (signed as PS256)"


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs: the certificate chain (PEM, the signer's first) and its key (PEM, without a password).

    `title` names the work in the manifest, the file's name if it is "". `authority` is the address of a time-stamp
    authority (RFC 3161); without one nothing is sent anywhere.
    """

    chain: Path
    key: Path
    title: str = ""
    authority: str = ""


def entries(embedding: Embedding) -> tuple[dict[str, dict[str, str]], Said]:
    """The entries of the assertion, and what they say; a use that is not spoken of has none."""
    written: dict[str, dict[str, str]] = {}
    said: dict[Use, Answer] = {}
    terms = embedding.terms.strip()
    for name, use in cawg.ENTRIES.items():
        want = embedding.wanted()[use]
        if want is Answer.UNKNOWN:
            continue
        said[use] = want
        if want is Answer.ALLOWED:
            written[f"cawg.{name}"] = {"use": cawg.ALLOWED}
        elif want is Answer.CONDITIONAL and terms:
            written[f"cawg.{name}"] = {"use": cawg.CONSTRAINED, cawg.INFORMATION[0]: terms}
        else:
            said[use] = Answer.RESERVED
            written[f"cawg.{name}"] = {"use": cawg.NOT_ALLOWED}
    return written, said


def signed(
    data: bytes, original: bytes, kind: str, name: str, embedding: Embedding, signing: Signing
) -> bytes:
    """`data` with a manifest. `original` is the file as it was before: its own manifest still holds there.

    Raises MissingExtraError without c2pa-python and cryptography, InputError for a chain or key that cannot be used,
    and DocumentError where c2pa-python cannot sign the file.
    """
    missing = [module for module in ("c2pa", "cryptography") if importlib.util.find_spec(module) is None]
    if missing:
        raise MissingExtraError(
            f"signing needs the extra reserve ({missing[0]} is not installed): pip install 'countermark[reserve]'"
        )
    import c2pa  # noqa: PLC0415 - belongs to the extra `reserve`

    media_type = _BY_SUFFIX.get(suffix(name)) or MEDIA_TYPES.get(kind, "")
    if media_type not in c2pa.Builder.get_supported_mime_types():
        raise DocumentError(
            "unsupported", f"c2pa-python signs no file of this kind ({media_type or suffix(name)})"
        )
    algorithm, chain, key = _credentials(signing)
    authority = signing.authority.encode() or None
    said, _ = entries(embedding)
    definition = {
        "claim_generator_info": [{"name": "countermark"}],
        "title": signing.title or name,
        "assertions": [{"label": cawg.LABEL, "data": {"entries": said}}] if said else [],
    }
    out = io.BytesIO()
    try:
        signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(algorithm, chain, key, authority))
        with signer, c2pa.Builder(definition, context=_context(signing)) as builder:
            builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
            if carries_manifest(original):
                parent = {"title": name, "relationship": "parentOf"}
                builder.add_ingredient(parent, media_type, io.BytesIO(original))
            builder.sign(signer, media_type, io.BytesIO(data), out)
    except c2pa.C2paError as error:
        # c2pa-rs opens no EPUB whose members are compressed, as they are in most
        reason = "unsupported" if kind == "epub" and "compression method" in str(error) else "unsigned"
        raise DocumentError(reason, f"the file was not signed ({str(error)[:300]})") from None
    return out.getvalue()


def check_signing(signing: Signing, now: datetime) -> None:
    """Whether chain and key can be used, before any file is begun. `now` has a time zone.

    Raises MissingExtraError without cryptography, and InputError for what is wrong with them.
    """
    if importlib.util.find_spec("cryptography") is None:
        raise MissingExtraError(
            "signing needs the extra reserve (cryptography is not installed): pip install 'countermark[reserve]'"
        )
    from cryptography import x509  # noqa: PLC0415 - belongs to the extra `reserve`

    _, chain, _ = _credentials(signing)
    first = x509.load_pem_x509_certificates(chain)[0]
    since, until = first.not_valid_before_utc, first.not_valid_after_utc
    if not since <= now <= until:
        raise InputError(
            f"{signing.chain}: the first certificate is valid from {since.date()} to {until.date()} only; "
            "sign with one that is valid now"
        )


def _context(signing: Signing) -> Any:
    import c2pa  # noqa: PLC0415 - belongs to the extra `reserve`

    hosts = [urlsplit(signing.authority).hostname or ""] if signing.authority else []
    settings = {**OFFLINE, "core": {**OFFLINE["core"], "allowed_network_hosts": hosts}}
    return c2pa.Context(c2pa.Settings.from_dict(settings))


def _credentials(signing: Signing) -> tuple[str, bytes, bytes]:
    """The algorithm that fits the key, the chain, and the key in PKCS #8; raises InputError."""
    from cryptography import x509  # noqa: PLC0415 - belongs to the extra `reserve`
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    chain = _file(signing.chain, "the certificate chain")
    try:
        certificates = x509.load_pem_x509_certificates(chain)
    except ValueError as error:
        raise InputError(f"{signing.chain}: is no certificate chain in PEM ({error})") from None
    try:
        key = serialization.load_pem_private_key(_file(signing.key, "the key"), password=None)
    except TypeError:
        raise InputError(f"{signing.key}: the key has a password; a key without one is accepted") from None
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError(f"{signing.key}: is no private key in PEM ({error})") from None
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if certificates[0].public_key().public_bytes(*form) != key.public_key().public_bytes(*form):
        raise InputError(f"{signing.key}: is not the key of the first certificate in {signing.chain}")
    if len(certificates) == 1 and certificates[0].issuer == certificates[0].subject:
        raise InputError(
            f"{signing.chain}: the certificate signs itself, which C2PA does not accept (section 14.5)"
        )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return _algorithm(key, signing.key), chain, pem


def _algorithm(key: object, path: Path) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415

    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048:
        return "ps256"
    raise InputError(f"{path}: a key of this kind does not sign manifests; {_KEYS}")


def _file(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {what} is not read ({error.strerror})") from None
