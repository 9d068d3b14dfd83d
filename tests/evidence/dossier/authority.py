"""A time-stamp authority in a folder: certificates by cryptography, responses by `openssl ts`, served over HTTP."""

from __future__ import annotations

import subprocess
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIGURATION = """\
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
certs = {folder}/{certs}
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1, millisecs:500
ess_cert_id_alg = sha256
ess_cert_id_chain = {chain}
"""


class Authority:
    """Answers requests. `days` is how long its certificate is valid from `begins` on."""

    def __init__(
        self, folder: Path, *, chain: bool = False, begins: datetime | None = None, days: int = 30
    ) -> None:
        self.folder = folder
        folder.mkdir()
        begins = begins or datetime.now(UTC) - timedelta(days=1)
        root_key, root = _certificate("Test Root", None, begins, days)
        key, self.certificate = _certificate("Test Authority", (root_key, root), begins, days)
        pem = serialization.Encoding.PEM
        secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "tsa.key").write_bytes(secret)
        (folder / "tsa.pem").write_bytes(self.certificate.public_bytes(pem))
        (folder / "root.pem").write_bytes(root.public_bytes(pem))
        self.chain = folder / "chain.pem"
        self.chain.write_bytes(self.certificate.public_bytes(pem) + root.public_bytes(pem))
        (folder / "serial").write_text("01")
        certs = "root.pem" if chain else "tsa.pem"
        said = CONFIGURATION.format(folder=folder, certs=certs, chain="yes" if chain else "no")
        (folder / "tsa.cnf").write_text(said)

    def answer(self, request: bytes) -> bytes:
        """The response to a request."""
        asked, told = self.folder / "asked.tsq", self.folder / "told.tsr"
        asked.write_bytes(request)
        command = [
            "openssl",
            "ts",
            "-reply",
            "-config",
            "tsa.cnf",
            "-queryfile",
            asked.name,
            "-out",
            told.name,
        ]
        subprocess.run(command, cwd=self.folder, capture_output=True, check=True)
        return told.read_bytes()

    @contextmanager
    def served(self, body: bytes | None = None, status: int = 200) -> Iterator[str]:
        """Its address, while it is served; `body` replaces the true answer."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/timestamp-query"
                answer = authority.answer(request) if body is None else body
                self.send_response(status)
                self.send_header("Location", "file:///etc/passwd")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *given: object) -> None:
                """Say nothing."""

        with HTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}/tsa"
            server.shutdown()
            thread.join()


def _certificate(
    name: str, issuer: tuple[rsa.RSAPrivateKey, x509.Certificate] | None, begins: datetime, days: int
) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[1].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer[0].public_key())
        builder = builder.add_extension(usage, critical=True).add_extension(signer, critical=False)
    return key, builder.sign(issuer[0] if issuer else key, hashes.SHA256())
