"""One GET over a real socket: what is kept, what is refused, and servers that mean no good."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from captures.loopback import Loopback, answer, served
from countermark.captures.served import AGENT, Exchange, FetchError, Fetching, ask, fetch
from countermark.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from captures.loopback import Answering

LOOK_UP = "countermark.captures.served.socket.getaddrinfo"
KIND_OF = "countermark.captures.served.kind_of"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def here(server: Loopback, path: str = "/", **more: Any) -> Exchange:
    """Ask the server as a user who typed its address."""
    more.setdefault("timeout", 5.0)
    return fetch(server.origin + path, allow_loopback=True, clock=lambda: NOON, **more)


def reason(server: Loopback, path: str = "/", **more: Any) -> str:
    """The word for why nothing came."""
    with pytest.raises(FetchError) as caught:
        here(server, path, **more)
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_both_sides_are_kept_byte_for_byte() -> None:
    """The request as it was sent, the answer as it came, from where and when."""
    body = b"User-agent: *\nDisallow: /\n"
    told = answer(body, "TDM-Reservation: 1")
    with served({"/robots.txt": told}) as server:
        exchange = here(server, "/robots.txt#part")
    hop = exchange.final
    assert exchange.asked == f"{server.origin}/robots.txt"
    assert [hop.request] == server.requests
    assert hop.message.raw == told
    assert (hop.ip, hop.started, hop.tls) == ("127.0.0.1", NOON, None)
    assert f"User-Agent: {AGENT}\r\n".encode() in hop.request
    response = exchange.response()
    assert (response.body, response.status, response.date) == (body, 200, "2026-01-02T12:00:00Z")
    assert response.headers.first("tdm-reservation") == "1"


def test_as_another_agent_and_never_with_more_lines() -> None:
    """The name is sent as given; one with a line's end is refused before anything is sent."""
    with served({"/": answer(b"")}) as server:
        here(server, agent="GPTBot/1.0")
        assert b"User-Agent: GPTBot/1.0\r\n" in server.requests[0]
        for bad in ("GPTBot\r\nX-Injected: 1", "œ", "a" * 600):
            with pytest.raises(InputError, match="user agent"):
                here(server, agent=bad)
        assert len(server.requests) == 1


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment is not asked."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    with served({"/": answer(b"direct")}) as server:
        assert here(server).response().body == b"direct"


def test_redirects_are_followed_and_kept() -> None:
    """Five are followed, each hop is kept; the sixth and a loop end with a message that has the hops."""
    paths = {f"/{n}": answer(b"", f"Location: /{n + 1}", status="301 Moved") for n in range(6)}
    with served(
        {**paths, "/6": answer(b"end"), "/loop": answer(b"", "Location: loop", status="302 Found")}
    ) as server:
        exchange = here(server, "/1")
        assert [hop.message.status for hop in exchange.hops] == [301] * 5 + [200]
        assert exchange.response().url == f"{server.origin}/6"
        assert reason(server, "/0") == "redirects"
        with pytest.raises(FetchError) as caught:
            here(server, "/loop")
        assert len(caught.value.hops) == 6


@pytest.mark.parametrize(
    "where", ["ftp://example.org/", "http://", "https://u:p@example.org/", "http://[::1"]
)
def test_redirects_to_no_address(where: str) -> None:
    """A Location that is no address on the web ends it, with the hop."""
    with served({"/": answer(b"", f"Location: {where}", status="302 Found")}) as server:
        assert reason(server) == "redirects"


def test_loopback_is_only_for_addresses_that_a_user_typed() -> None:
    """By default nothing local is asked, and a message names the option."""
    with served({"/": answer(b"secret")}) as server:
        with pytest.raises(FetchError, match="--allow-local") as caught:
            fetch(server.origin + "/")
        assert caught.value.reason == "refused-address"
        assert not server.requests


def test_a_name_that_leads_into_the_local_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a name is resolved to counts, not the name; the address that was judged is the one that is connected to."""
    with served({"/": answer(b"secret")}) as server:
        looked_up = []

        def resolve(host: str, port: int, **_: Any) -> list[Any]:
            looked_up.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]

        monkeypatch.setattr(LOOK_UP, resolve)
        with pytest.raises(FetchError, match=r"127\.0\.0\.1"):
            fetch("http://public.example/", allow_loopback=True)
        assert not server.requests
        assert ask("http://public.example/", Fetching(allow_private=True)).response().body == b"secret"
        assert looked_up == ["public.example"] * 2  # once for each: not looked up again to connect


def test_a_redirect_never_leads_into_the_local_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a public site to loopback: refused, even where the user may ask there himself."""
    with served({"/secret": answer(b"secret")}) as server:
        away = answer(b"", f"Location: {server.origin}/secret", status="302 Found")
        with served({"/": away}) as public:

            def resolve(host: str, port: int, **_: Any) -> list[Any]:
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", ports.get(host, port)))]

            ports = {"public.example": public.port}
            monkeypatch.setattr(LOOK_UP, resolve)
            for how in (Fetching(allow_loopback=True), Fetching(allow_private=True)):
                kinds = iter(["public"])  # the first address that is judged stands for one on the web
                monkeypatch.setattr(KIND_OF, lambda _, kinds=kinds: next(kinds, "loopback"))
                with pytest.raises(FetchError) as caught:
                    ask("http://public.example/", how)
                assert caught.value.reason == "refused-address"
                assert len(caught.value.hops) == 1
        assert not server.requests


def drip(connection: socket.socket, _: bytes) -> None:
    """Send a byte now and then, for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"a")
        threading.Event().wait(0.02)


def wait(_: socket.socket, __: bytes) -> None:
    """Say nothing for a while."""
    threading.Event().wait(1)


def endless(connection: socket.socket, _: bytes) -> None:
    """Send header fields without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"A: b\r\n" * 1000)


def flood(connection: socket.socket, _: bytes) -> None:
    """Send a body without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"a" * 65536)


def test_servers_that_mean_no_good() -> None:
    """Each ends within the time and the size that were given, with a word for what it was."""
    paths: dict[str, Answering] = {
        "/drip": drip,
        "/endless": endless,
        "/flood": flood,
        "/silent": wait,
        "/short": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        "/nothing": b"",
        "/ssh": b"SSH-2.0-x\r\n",
        "/chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    }
    with served(paths) as server:
        assert reason(server, "/drip", timeout=0.5) == "timeout"
        assert reason(server, "/silent", timeout=0.3) == "timeout"
        assert reason(server, "/endless") == "too-large"
        assert reason(server, "/flood", limit=1 << 20) == "too-large"
        assert reason(server, "/short") == "cut-short"
        assert reason(server, "/nothing") == "cut-short"
        assert reason(server, "/ssh") == "bad-http"
        assert reason(server, "/chunks") == "bad-http"


def test_nobody_there() -> None:
    """A closed port, and a name that is not known, each with its word."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(FetchError, match="no connection to port") as caught:
        fetch(f"http://127.0.0.1:{port}/", allow_loopback=True)
    assert caught.value.reason == "unreachable"


def test_names_that_cannot_be_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown name, and a resolver that never answers."""

    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    def silent(*_: Any, **__: Any) -> list[Any]:
        threading.Event().wait(0.5)
        return []

    monkeypatch.setattr(LOOK_UP, unknown)
    with pytest.raises(FetchError, match="not known") as caught:
        fetch("https://nowhere.example/")
    assert caught.value.reason == "dns"
    monkeypatch.setattr(LOOK_UP, silent)
    with pytest.raises(FetchError, match="no answer in time"):
        fetch("https://nowhere.example/", timeout=0.1)


def own_certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext, x509.Certificate]:
    """A server's context with a certificate for 127.0.0.1, a client's that trusts it, and the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.org")])
    begins = datetime.now(UTC) - timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(begins).not_valid_after(begins + timedelta(days=9))
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    certificate = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "own.pem").write_bytes(secret + certificate.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "own.pem")
    client = ssl.create_default_context(cadata=certificate.public_bytes(pem).decode())
    return server, client, certificate


def test_secured_connections(tmp_path: Path) -> None:
    """What secured the connection is kept; a certificate that nobody vouches for is refused."""
    server_side, client_side, certificate = own_certificate(tmp_path)
    with served({"/": answer(b"secured")}, server_side) as server:
        how = Fetching(allow_loopback=True, context=client_side)
        tls = ask(server.origin + "/", how).final.tls
        assert tls is not None
        assert tls.version.startswith("TLSv1.")
        assert tls.certificate == certificate.fingerprint(hashes.SHA256()).hex()
        with pytest.raises(FetchError, match="no secured connection") as caught:
            here(server)
        assert caught.value.reason == "tls"
    with served({"/": answer(b"plain")}) as plain, pytest.raises(FetchError, match="no secured connection"):
        fetch(f"https://127.0.0.1:{plain.port}/", allow_loopback=True, timeout=2)
