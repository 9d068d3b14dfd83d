"""Looking something up at a stranger's domain leads nowhere else, and ends."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.exception
import dns.resolver
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from countermark.web.organisations import reach

Records = dict[tuple[str, str], list[str]]
DOMAIN = "musicians.example.org"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2001:db8::1",
        "2001::1",
    ],
)
def test_addresses_that_are_not_public(address: str, nothing_outside: Records) -> None:
    """One address that is not public is enough to stay away, even beside a public one."""
    parsed = ipaddress.ip_address(address)
    assert not reach.is_public(parsed)
    nothing_outside[DOMAIN, "A"] = ["8.8.8.8"]
    nothing_outside[DOMAIN, "A" if parsed.version == 4 else "AAAA"] = ["8.8.8.8", address]
    with pytest.raises(reach.ReachError, match="not-public"):
        reach.download(DOMAIN, "/")


def test_public_addresses(nothing_outside: Records) -> None:
    """Ordinary addresses pass; a name without any is told so."""
    nothing_outside[DOMAIN, "A"] = ["8.8.8.8"]
    nothing_outside[DOMAIN, "AAAA"] = ["2606:4700:4700::1111"]
    assert [str(found) for found in reach.public_addresses(DOMAIN)] == ["8.8.8.8", "2606:4700:4700::1111"]
    with pytest.raises(reach.ReachError, match="no-address"):
        reach.public_addresses("nothing.example.org")


def test_dns_failures_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """No such name is an empty answer; silence is an error; the name is asked as it stands, without a search list."""
    asked: list[tuple[str, bool]] = []

    def resolve(name: str, kind: str, lifetime: float, search: bool) -> None:
        asked.append((name, search))
        assert lifetime <= 5
        raise dns.resolver.NXDOMAIN if kind == "A" else dns.exception.Timeout

    monkeypatch.setattr(dns.resolver, "resolve", resolve)
    assert reach.answers(DOMAIN, "A") == []
    with pytest.raises(reach.ReachError, match="no-answer"):
        reach.answers(DOMAIN, "TXT")
    assert asked[0] == (f"{DOMAIN}.", False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for DOMAIN that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DOMAIN)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(DOMAIN)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "site.pem"
    bare = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, bare)
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class Site:
    """A site on loopback that answers each connection with the same bytes, slowly where told to."""

    def __init__(self, certificate: Path) -> None:
        self.answer = b""
        self.pause = 0.0
        self.asked = b""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                bare, _ = self.listener.accept()
            except OSError:
                return
            try:
                with self.context.wrap_socket(bare, server_side=True) as peer:
                    self.asked = peer.recv(4096)
                    for start in range(0, len(self.answer), 50 if self.pause else 65536):
                        peer.sendall(self.answer[start : start + (50 if self.pause else 65536)])
                        time.sleep(self.pause)
            except OSError:
                bare.close()


@pytest.fixture
def remote(certificate: Path, nothing_outside: Records, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """DOMAIN leads to a site on loopback whose certificate is trusted."""
    served = Site(certificate)
    nothing_outside[DOMAIN, "A"] = ["127.0.0.1"]
    monkeypatch.setattr(reach, "is_public", lambda _: True)
    monkeypatch.setattr(reach, "PORT", served.port)
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    yield served
    served.listener.close()


def reply(body: bytes, status: str = "200 OK", extra: str = "") -> bytes:
    """An answer as HTTP writes it."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{extra}Connection: close\r\n\r\n"
    return head.encode() + body


def test_a_file_is_downloaded(remote: Site) -> None:
    """The request names the domain and carries nothing about us but a name."""
    remote.answer = reply(b"countermark=abc\n")
    assert reach.download(DOMAIN, "/.well-known/countermark.txt") == b"countermark=abc\n"
    assert remote.asked.startswith(b"GET /.well-known/countermark.txt HTTP/1.1\r\n")
    assert f"Host: {DOMAIN}".encode() in remote.asked


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(b"", "302 Found", "Location: http://169.254.169.254/\r\n"), "redirected"),
        (reply(b"no", "404 Not Found"), "not-found"),
        (reply(b"x" * 70_000), "too-large"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 70_000, "too-large"),
        (b"not http at all\r\n\r\n", "no-connection"),
        (b"", "no-connection"),
    ],
)
def test_answers_that_prove_nothing(remote: Site, answer: bytes, reason: str) -> None:
    """Redirections are not followed, and size is bounded whatever the head says."""
    remote.answer = answer
    with pytest.raises(reach.ReachError, match=reason):
        reach.download(DOMAIN, "/")


def test_a_site_that_drips_is_cut(remote: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then does not hold us for longer than the deadline."""
    monkeypatch.setattr(reach, "DEADLINE", 0.4)
    remote.answer, remote.pause = reply(b"x" * 60_000), 0.05
    began = time.monotonic()
    with pytest.raises(reach.ReachError, match="too-slow"):
        reach.download(DOMAIN, "/")
    assert time.monotonic() - began < 3


def test_the_certificate_must_be_of_the_domain(remote: Site, nothing_outside: Records) -> None:
    """The same site under another name is refused."""
    remote.answer = reply(b"x")
    nothing_outside["other.example.org", "A"] = ["127.0.0.1"]
    with pytest.raises(reach.ReachError, match="certificate"):
        reach.download("other.example.org", "/")


def test_nobody_listens(remote: Site) -> None:
    """A closed port is told."""
    remote.listener.close()
    with pytest.raises(reach.ReachError, match="no-connection"):
        reach.download(DOMAIN, "/")
