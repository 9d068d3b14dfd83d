"""What a server answers now: one GET, with every byte of both sides. The only module that uses the network.

Nothing is sent but the request: no cookies, no credentials, no proxy from the environment. The whole exchange with its
redirects has one deadline, so a server that drips bytes holds nobody up. The IP address that was judged (see
`served_address`) is the one that is connected to; a redirect never leads from elsewhere into one's own network.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn
from urllib.parse import urljoin

from countermark import __version__
from countermark.captures.served_address import (
    LOCAL,
    LOOPBACK,
    PUBLIC,
    Address,
    kind_of,
    names_loopback,
    parse_address,
)
from countermark.captures.served_message import Message, MessageError, read_message
from countermark.errors import InputError
from countermark.reservations.response import MAX_BODY, Response

if TYPE_CHECKING:
    from collections.abc import Callable

AGENT: Final = f"Countermark/{__version__}"
TIMEOUT: Final = 20.0
MAX_REDIRECTS: Final = 5
"""RFC 9309, section 2.3.1.2: crawlers should follow at least five."""
MAX_KNOWN: Final = 8 << 20
"""Bytes of a robots.txt and of the other files at known places; RFC 9309, section 2.5 asks for 500 KiB at least."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LONGEST_AGENT: Final = 512


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """A moment to the second, as WARC and the readers want it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Tls(NamedTuple):
    """The secured connection: protocol version, cipher, SHA-256 of the server's certificate (DER, hexadecimal)."""

    version: str
    cipher: str
    certificate: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One request and its answer."""

    url: str
    ip: str
    request: bytes
    message: Message
    started: datetime
    ended: datetime
    tls: Tls | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its redirects; the last hop is the answer."""

    asked: str
    agent: str
    hops: tuple[Hop, ...]

    @property
    def final(self) -> Hop:
        """The answer that no redirect leads on from."""
        return self.hops[-1]

    def response(self) -> Response:
        """The answer as the readers want it, dated with the second on which it was asked for."""
        hop = self.final
        said = hop.message
        return Response(hop.url, said.status, said.headers, said.content, iso(hop.started))


class FetchError(InputError):
    """Nothing that can be used was answered; `hops` are the redirects up to there.

    `reason` is a stable word: `dns`, `refused-address`, `unreachable`, `tls`, `timeout`, `cut-short`, `bad-http`,
    `too-large`, `redirects`.
    """

    def __init__(self, reason: str, message: str, hops: tuple[Hop, ...] = ()) -> None:
        super().__init__(message)
        self.reason = reason
        self.hops = hops


@dataclass(frozen=True, slots=True)
class Fetching:
    """How to ask. `allow_loopback` says that the user typed the address: then one that names this machine is asked.

    `allow_private` is for sites in one's own network. `timeout` (seconds) bounds an exchange with all its redirects.
    """

    agent: str = AGENT
    timeout: float = TIMEOUT
    limit: int = MAX_BODY
    allow_loopback: bool = False
    allow_private: bool = False
    context: ssl.SSLContext | None = None
    clock: Callable[[], datetime] = field(default=now)


def fetch(
    url: str,
    *,
    agent: str | None = None,
    timeout: float = TIMEOUT,
    limit: int = MAX_BODY,
    allow_loopback: bool = False,
    allow_private: bool = False,
    clock: Callable[[], datetime] = now,
) -> Exchange:
    """Ask for an address and follow up to five redirects. Raises FetchError, or InputError for an unusable address."""
    return ask(url, Fetching(agent or AGENT, timeout, limit, allow_loopback, allow_private, None, clock))


def ask(url: str, how: Fetching) -> Exchange:
    """As `fetch`, with the ways of asking in one value."""
    _check_agent(how.agent)
    address = first = parse_address(url)
    deadline = time.monotonic() + how.timeout
    hops: list[Hop] = []
    while True:
        try:
            hops.append(_hop(address, first, how, deadline))
            following = _redirected(hops[-1])
        except FetchError as error:
            error.hops = tuple(hops)
            raise
        if following is None:
            return Exchange(first.url, how.agent, tuple(hops))
        if len(hops) > MAX_REDIRECTS:
            said = f"{first.url}: redirected more than {MAX_REDIRECTS} times, last to {following.url}"
            raise FetchError("redirects", said, tuple(hops))
        address = following


def _check_agent(agent: str) -> None:
    if not agent or len(agent) > _LONGEST_AGENT or not (agent.isascii() and agent.isprintable()):
        raise InputError(
            f"{agent[:60]!r}: a user agent is 1 to {_LONGEST_AGENT} printable ASCII characters, on one line"
        )


def _redirected(hop: Hop) -> Address | None:
    where = hop.message.headers.first("location")
    if hop.message.status not in _REDIRECTS or not where:
        return None
    try:
        # browsers take the octets of a Location field for UTF-8, and so do the servers that send them
        return parse_address(urljoin(hop.url, where.encode("latin-1").decode("utf-8", "replace")))
    except (InputError, ValueError) as error:
        raise FetchError("redirects", f"{hop.url}: redirects to what is no address: {error}") from None


def _hop(address: Address, first: Address, how: Fetching, deadline: float) -> Hop:
    started = how.clock()
    request = _request(address, how.agent)
    connection = _connect(address, _kinds(address, first, how), deadline)
    tls = None
    try:
        ip = connection.getpeername()[0]
        if address.scheme == "https":
            connection, tls = _secured(connection, address, how.context, deadline)
        _send(connection, request, address, deadline)
        message = read_message(lambda size: _receive(connection, size, deadline), how.limit)
    except MessageError as error:
        raise FetchError(error.reason, f"{address.url}: {error}") from None
    except TimeoutError:
        _too_slow(address, how.timeout)
    except OSError as error:
        raise FetchError("unreachable", f"{address.url}: {_said(error)}") from None
    finally:
        connection.close()
    return Hop(address.url, ip, request, message, started, how.clock(), tls)


def _request(address: Address, agent: str) -> bytes:
    lines = (
        f"GET {address.target} HTTP/1.1",
        f"Host: {address.authority}",
        f"User-Agent: {agent}",
        "Accept: */*",
        "Accept-Encoding: identity",  # what is kept can then be read without undoing anything
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _kinds(address: Address, first: Address, how: Fetching) -> frozenset[str]:
    """The kinds of IP addresses that may be connected to for this hop."""
    kinds = {PUBLIC}
    if address.host == first.host:  # only where the user himself pointed, never where a redirect does
        if how.allow_loopback and names_loopback(address.host):
            kinds.add(LOOPBACK)
        if how.allow_private:
            kinds |= {LOOPBACK, LOCAL}
    return frozenset(kinds)


def _connect(address: Address, kinds: frozenset[str], deadline: float) -> socket.socket:
    found = _resolve(address, deadline)
    allowed = [one for one in found if kind_of(str(one[1][0])) in kinds]
    if not allowed:
        ips = ", ".join(sorted({str(one[1][0]) for one in found}))
        raise FetchError(
            "refused-address",
            f"{address.url}: leads to {ips}, which is in the local network; --allow-local asks there all the same, "
            "where the address was given by you and not by a redirect or a document",
        )
    failure: OSError | None = None
    for position, (family, where) in enumerate(allowed):
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            # one address that swallows everything must not take the time of the others
            connection.settimeout(_left(deadline) / (len(allowed) - position))
            connection.connect(where)
        except OSError as error:
            connection.close()
            failure = error
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    reason = "timeout" if isinstance(failure, TimeoutError) else "unreachable"
    raise FetchError(reason, f"{address.url}: no connection to port {address.port}: {_said(failure)}")


def _resolve(address: Address, deadline: float) -> list[tuple[socket.AddressFamily, tuple[str | int, ...]]]:
    """The socket addresses of a host. In a thread, because a resolver knows no deadline."""
    found: list[tuple[socket.AddressFamily, tuple[str | int, ...]]] = []
    failures: list[Exception] = []

    def look_up() -> None:
        try:
            told = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
            found.extend((family, where) for family, _, _, _, where in told)  # type: ignore[misc]
        except (OSError, UnicodeError) as error:
            failures.append(error)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(max(0.0, deadline - time.monotonic()))
    if failures or not found:
        said = _said(failures[0]) if failures else "no answer in time"
        raise FetchError("dns", f"{address.url}: the name {address.host} could not be looked up: {said}")
    return list(dict.fromkeys(found))


def _secured(
    connection: socket.socket, address: Address, context: ssl.SSLContext | None, deadline: float
) -> tuple[ssl.SSLSocket, Tls]:
    context = context or ssl.create_default_context()
    try:
        connection.settimeout(_left(deadline))
        secured = context.wrap_socket(connection, server_hostname=address.host)
    except TimeoutError:
        raise
    except ssl.SSLError as error:
        said = getattr(error, "verify_message", "") or error.reason or str(error)
        raise FetchError("tls", f"{address.url}: no secured connection: {said}") from None
    except (OSError, ValueError) as error:
        raise FetchError("tls", f"{address.url}: no secured connection: {error}") from None
    certificate = secured.getpeercert(binary_form=True) or b""
    cipher = secured.cipher()
    return secured, Tls(
        secured.version() or "", cipher[0] if cipher else "", hashlib.sha256(certificate).hexdigest()
    )


def _send(connection: socket.socket, request: bytes, address: Address, deadline: float) -> None:
    connection.settimeout(_left(deadline))
    try:
        connection.sendall(request)
    except TimeoutError:
        raise
    except OSError as error:
        raise FetchError("unreachable", f"{address.url}: the request was not taken: {_said(error)}") from None


def _receive(connection: socket.socket, size: int, deadline: float) -> bytes:
    connection.settimeout(_left(deadline))
    return connection.recv(size)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _too_slow(address: Address, timeout: float) -> NoReturn:
    raise FetchError(
        "timeout", f"{address.url}: not answered to the end within {timeout:g} seconds"
    ) from None


def _said(error: OSError | Exception | None) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(getattr(error, "strerror", None) or error)
