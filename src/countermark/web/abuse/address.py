"""Where a request comes from: the client's address, its network, and a key for it that changes each day."""

from __future__ import annotations

import hmac
import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from countermark.web.config.keys import derive

if TYPE_CHECKING:
    from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

KEY_BYTES: Final = 16
IPV4_PREFIX: Final = 24
IPV6_PREFIX: Final = 48  # what a household or office is given (RFC 6177)
UNKNOWN: Final = ipaddress.IPv4Address(0)
LONGEST_HEADER: Final = 1000


def client_address(request: HttpRequest) -> Address:
    """The address of the client; 0.0.0.0 where it cannot be known.

    X-Forwarded-For is believed only as far as `settings.TRUSTED_PROXIES` proxies wrote it: with one proxy its last
    entry, with two the last but one. What a client writes into the header itself stands further left.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    proxies: int = settings.TRUSTED_PROXIES
    if not proxies:
        return _read(peer)
    header = request.META.get("HTTP_X_FORWARDED_FOR", "")[-LONGEST_HEADER:]
    chain = [*(part.strip() for part in header.split(",") if part.strip()), peer]
    return _read(chain[max(0, len(chain) - 1 - proxies)])


def _read(text: str) -> Address:
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # IPv4 with a port
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def network_of(address: Address) -> Network:
    """The network that counts as one place: /24 of IPv4, /48 of IPv6."""
    prefix = IPV4_PREFIX if address.version == 4 else IPV6_PREFIX
    return ipaddress.ip_network((address.packed, prefix), strict=False)


def address_key(request: HttpRequest) -> bytes:
    """16 bytes that stand for the client's network today; tomorrow the same network has another key."""
    return key_of(client_address(request))


def key_of(address: Address) -> bytes:
    """The key of an address's network today; the day is that of UTC."""
    prefix = IPV4_PREFIX if address.version == 4 else IPV6_PREFIX
    network = address.packed[: prefix // 8]
    key = _key_of_the_day(settings.ROOT_KEY, timezone.now().date().toordinal())
    return hmac.digest(key, bytes([address.version]) + network, "sha256")[:KEY_BYTES]


@lru_cache(maxsize=4)
def _key_of_the_day(root: bytes, day: int) -> bytes:
    return derive(root, f"address {day}")
