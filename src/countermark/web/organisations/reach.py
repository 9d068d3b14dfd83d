"""Look something up at an organisation's domain, in DNS or on its site, without being led anywhere else.

What a stranger wrote decides where this reaches, so every address that the name has must be public, the connection goes
to an address that was checked, redirections are not followed, and size and time are bounded.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from typing import Final

import dns.exception
import dns.resolver

PORT: Final = 443
SECONDS: Final = 5.0  # for each step
DEADLINE: Final = 8.0  # for all of a download, however slowly it drips
LARGEST: Final = 64 * 1024
AGENT: Final = "Countermark (verification of a mandate)"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# IPv6 addresses that hold an IPv4 address inside, which may be a private one (RFC 6052, RFC 8215)
TRANSLATED: Final = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


class ReachError(Exception):
    """Something could not be looked up; `reason` is a stable word, explained in `proofs.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def answers(name: str, kind: str) -> list[str]:
    """The records of `name` of a kind ("TXT", "A", "AAAA"); an empty list where there are none.

    A TXT record is its strings joined (RFC 7208, section 3.3). Raises ReachError("no-answer").
    """
    try:
        found = dns.resolver.resolve(f"{name}.", kind, lifetime=SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError, ValueError):
        raise ReachError("no-answer") from None
    if kind == "TXT":
        return [b"".join(record.strings).decode("utf-8", "replace") for record in found]
    return [record.address for record in found]


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet: not private, loopback, link-local, shared, multicast."""
    if address.is_multicast or address.is_reserved or address.is_link_local or not address.is_global:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_site_local:
            return False
        inside = address.ipv4_mapped or address.sixtofour or address.teredo
        return inside is None and not any(address in network for network in TRANSLATED)
    return True


def public_addresses(domain: str) -> list[Address]:
    """The addresses of a domain, IPv4 first. Raises ReachError where it has none, or one that is not public."""
    found = [ipaddress.ip_address(text) for kind in ("A", "AAAA") for text in answers(domain, kind)]
    if not found:
        raise ReachError("no-address")
    if not all(is_public(address) for address in found):
        raise ReachError("not-public")
    return found


class _Checked(http.client.HTTPSConnection):
    """A connection to an address that was checked, under the name that its certificate must have."""

    def __init__(self, domain: str, address: Address) -> None:
        self.tls = ssl.create_default_context()
        super().__init__(domain, PORT, timeout=SECONDS, context=self.tls)
        self.address = str(address)
        self.wire: ssl.SSLSocket | None = None
        self.late = False

    def connect(self) -> None:
        bare = socket.create_connection((self.address, PORT), SECONDS)
        wire = self.tls.wrap_socket(bare, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = self.wire = wire
        wire.do_handshake()  # `cut` reaches it already

    def cut(self) -> None:
        """End a download that takes too long, from another thread."""
        self.late = True
        if self.wire is not None:  # http.client forgets its `sock` before the body is read
            with contextlib.suppress(OSError):  # it ended by itself
                socket.socket.shutdown(self.wire, socket.SHUT_RDWR)


def download(domain: str, path: str) -> bytes:
    """What `https://<domain><path>` answers with status 200; raises ReachError for anything else."""
    connection = _Checked(domain, public_addresses(domain)[0])
    watch = threading.Timer(DEADLINE, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("GET", path, headers={"User-Agent": AGENT, "Accept": "text/plain"})
        content = _body(connection.getresponse())
    except ssl.SSLCertVerificationError:
        raise ReachError("certificate") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = connection.late or isinstance(error, TimeoutError)
        raise ReachError("too-slow" if late else "no-connection") from None
    finally:
        watch.cancel()
        connection.close()
    if connection.late:  # cut in the middle, which looks like an end
        raise ReachError("too-slow")
    return content


def _body(response: http.client.HTTPResponse) -> bytes:
    if 300 <= response.status < 400:
        raise ReachError("redirected")
    if response.status != 200:
        raise ReachError("not-found")
    content = response.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ReachError("too-large")
    return content
