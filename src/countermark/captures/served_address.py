"""An address on the web, taken apart for one request, and which IP addresses may be asked for it.

A capture follows what a site names: redirects, licences, policies. None of that may lead into the network of whoever
runs the capture, so every IP address is judged before a connection is made to it, and the connection goes to that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import quote, urlsplit

from countermark.errors import InputError

LONGEST: Final = 8192
"""Characters of an address that are accepted."""
PUBLIC: Final = "public"
LOOPBACK: Final = "loopback"
LOCAL: Final = "local"
_PORTS: Final = {"http": 80, "https": 443}
_AS_IT_IS: Final = "%!$&'()*+,;=:@/-._~"
_NAT64: Final = IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = IPv6Network("::/96")
_SPECIAL: Final = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "64:ff9b:1::/48",
        "100::/63",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
"""The IANA registries of special-purpose addresses (RFC 6890), multicast, and what was taken back (RFC 3879, 7526).

Python knows most of them, more in each version; a capture must not depend on which one runs it. Of 192.0.0.0/24 and
2001::/23 a few addresses are globally reachable; no site stands there.
"""


@dataclass(frozen=True, slots=True)
class Address:
    """One address: `target` is path and query as they are sent, `url` the whole in one spelling."""

    url: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own, as the Host field wants it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme and authority."""
        return f"{self.scheme}://{self.authority}"


def parse_address(url: str) -> Address:
    """Take an address apart; the fragment is left out, spaces and letters beyond ASCII are percent-encoded.

    Browsers do that, too. Raises InputError.
    """
    if len(url) > LONGEST:
        raise InputError(f"{url[:80]!r}…: longer than the {LONGEST:,} characters that are accepted")
    if url != url.strip() or not url.isprintable() or "\\" in url:
        raise InputError(
            f"{url!r}: an address holds no backslash, control character, or white space around it"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _ascii_host(parts.hostname or "")
    except ValueError as error:  # UnicodeError, which IDNA raises, is one
        raise InputError(f"{url}: cannot be read as an address: {error}") from None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host:
        raise InputError(f"{url}: accepted are addresses that begin with https:// or http:// and name a host")
    if "@" in parts.netloc:
        raise InputError(f"{parts.hostname}: an address with a user name or password is not accepted")
    if port == 0:
        raise InputError(f"{url}: port 0 cannot be asked")
    target = quote(parts.path or "/", safe=_AS_IT_IS)
    if parts.query or url.partition("#")[0].endswith("?"):
        target += "?" + quote(parts.query, safe=_AS_IT_IS + "?")
    address = Address("", scheme, host, port or _PORTS[scheme], target)
    return Address(address.origin + target, scheme, host, address.port, target)


def _ascii_host(host: str) -> str:
    if "%" in host:
        raise ValueError("the host's name holds a '%'")
    if not host or ":" in host:
        return str(ip_address(host)) if host else ""
    ascii_host = host.encode("idna").decode("ascii").lower()
    if not all(sign.isalnum() or sign in ".-_" for sign in ascii_host):
        raise ValueError("the host's name holds other signs than letters, digits, '.', '-' and '_'")
    return ascii_host


def names_loopback(host: str) -> bool:
    """Whether a host is this machine in so many words: `localhost`, `127.0.0.1`, `::1`, not a name that leads there."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def kind_of(ip: str) -> str:
    """`public`, `loopback`, or `local`: private, link-local, shared, reserved, multicast and the like.

    An IPv4 address within an IPv6 one (mapped, compatible, 6to4, NAT64) is judged as the IPv4 address.
    """
    address = ip_address(ip.partition("%")[0])
    within = _within(address)
    if within is not None:
        address = within
    if address.is_loopback:
        return LOOPBACK
    special = any(address.version == block.version and address in block for block in _SPECIAL)
    return PUBLIC if address.is_global and not special else LOCAL


def _within(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
