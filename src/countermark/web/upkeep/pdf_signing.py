"""Sign the handed-over PDF (PAdES baseline B-B, ETSI EN 319 142-1), with the organiser's certificate or the site's own.

The site makes its certificate once: a P-256 key in `handover.pem` of the data folder. It shows that a file was not
changed; who signed is shown only by its fingerprint, published elsewhere, or by an organiser's own certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509 as made_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from countermark.errors import InputError
from countermark.web.config.keys import make_private

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate

FILE: Final = "handover.pem"
FIELD: Final = "Countermark"
YEARS: Final = 10
NAME_LIMIT: Final = 64  # of a common name: X.520, upper bound


@dataclass(frozen=True, slots=True)
class Signer:
    """A key and its certificates, in DER; `own` where the site made them."""

    key: bytes
    certificate: bytes
    others: tuple[bytes, ...]
    own: bool

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal."""
        digest = hashes.Hash(hashes.SHA256())
        digest.update(self.certificate)
        return digest.finalize().hex()


def own_signer(data: Path, organiser: str, now: datetime) -> Signer:
    """The site's own key and certificate; made on first use. Raises InputError where the file is damaged."""
    path = data / FILE
    if not path.exists():
        make_private(path, _made(organiser, now))
    content = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(content, None)
        certificate = made_x509.load_pem_x509_certificate(content)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{path} is damaged: it should hold a key and a certificate; restore it from a backup"
        ) from error
    return Signer(_der_key(key), _der(certificate), (), own=True)


def organisers_signer(path: Path, passphrase: str) -> Signer:
    """The key and certificates of a PKCS #12 file. Raises InputError."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(
            path.read_bytes(), passphrase.encode() or None
        )
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{path}: not a PKCS #12 file, or another passphrase: {error}") from error
    if key is None or certificate is None:
        raise InputError(f"{path}: it holds no private key with its certificate")
    return Signer(_der_key(key), _der(certificate), tuple(_der(other) for other in others), own=False)


def signed(pdf: bytes, signer: Signer, *, name: str, reason: str) -> bytes:
    """The document with a signature appended; its bytes before stay as they are."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([_loaded(der) for der in signer.others])
    key = load_private_key_from_pemder_data(signer.key, passphrase=None)
    simple = signers.SimpleSigner(_loaded(signer.certificate), key, store)
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        name=name,
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
    )
    out = BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), meta, simple, output=out)
    return out.getvalue()


def _made(organiser: str, now: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = made_x509.Name(
        [made_x509.NameAttribute(NameOID.COMMON_NAME, organiser[:NAME_LIMIT] or "Countermark")]
    )
    begins = now.astimezone(UTC) - timedelta(days=1)
    usage = made_x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        made_x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(made_x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365 * YEARS))
        .add_extension(made_x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _loaded(der: bytes) -> Any:
    """A certificate as pyHanko reads it."""
    return next(iter(load_certs_from_pemder_data(der)))


def _der(certificate: Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _der_key(key: PrivateKeyTypes) -> bytes:
    return bytes(
        key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
