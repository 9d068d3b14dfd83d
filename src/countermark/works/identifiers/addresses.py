"""Addresses on the web, in one form: RFC 3986, section 6.2.2 and 6.2.3, and a rule of ours for tracking.

1. Only `http` and `https`, with a host and without a user name. The scheme stays as it is.
2. The host is in small letters, in its ASCII form (IDNA), without a dot at its end; the port goes where it is the
   scheme's own.
3. Percent signs: capitals in their digits, letters that need none decoded, spaces and signs outside ASCII encoded as
   UTF-8; a percent sign that begins no code is encoded itself.
4. `.` and `..` of the path are resolved; an empty path is `/`. The path's case and its slash at the end stay.
5. The fragment goes.
6. Of the query, parameters go that are known to say only where a visitor came from: every `utm_…`, `hsa_…`, and
   those of TRACKING. The others stay, in their order. An empty query goes.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urlsplit, urlunsplit

from countermark.works.identifiers.identifier import Identifier, IdentifierError

_TRACKING: Final = """
    _ga _gl _hsenc _hsmi _openstat at_campaign at_medium dclid ef_id fbclid gbraid gclid gclsrc igsh igshid
    li_fat_id mc_cid mc_eid mkt_tok msclkid oly_anon_id oly_enc_id rb_clickid s_cid srsltid ttclid twclid
    vero_conv vero_id wbraid wickedid xtor yclid
    """
TRACKING: Final = frozenset(_TRACKING.split())
"""Parameters of advertising and mailing systems, as the systems' manuals and browsers that strip them name them."""

_TRACKING_STARTS: Final = ("utm_", "hsa_")
_PORTS: Final = {"http": 80, "https": 443}
_ESCAPE: Final = re.compile(r"%(?:[0-9A-Fa-f]{2})?")
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT: Final = "!#$%&'()*+,/:;=?@[]~"  # signs that stay as they are


def canonical_url(text: str) -> str:
    """The address in the form that the module's rules give; raises IdentifierError."""
    text = text.strip()
    if any(ord(sign) < 0x20 or ord(sign) == 0x7F for sign in text):
        raise IdentifierError("letters", "it holds control characters")
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise IdentifierError("form", f"it is no address ({error})") from None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host:
        raise IdentifierError("form", "it does not begin with http:// or https:// and a host")
    if parts.username is not None or parts.password is not None:
        raise IdentifierError("form", "it holds a user name")
    place = _host(host)
    if port is not None and port != _PORTS[scheme]:
        place += f":{port}"
    return urlunsplit((scheme, place, _path(parts.path), _query(parts.query), ""))


def read_url(text: str) -> Identifier:
    """An address in its canonical form."""
    return Identifier("url", canonical_url(text))


def _host(host: str) -> str:
    if ":" in host:
        return _network_address(host)
    host = host.removesuffix(".")
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise IdentifierError("form", "its host is no name of the domain system") from None
    if not re.fullmatch(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", ascii_host.lower()):
        raise IdentifierError("form", "its host is no name of the domain system")
    return ascii_host.lower()


def _network_address(host: str) -> str:
    try:
        address = IPv6Address(host)
    except ValueError:
        raise IdentifierError("form", "its host is no IPv6 address") from None
    if address.scope_id:
        raise IdentifierError("form", "its host names a zone of one machine")
    return f"[{address.compressed}]"


def _path(path: str) -> str:
    kept: list[str] = []
    steps = _encoded(path).split("/")
    for step in steps[1:]:
        if step == "..":
            del kept[-1:]
        elif step != ".":
            kept.append(step)
    if steps[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    return "&".join(pair for pair in _encoded(query).split("&") if pair and not _is_tracking(pair))


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in TRACKING or name.startswith(_TRACKING_STARTS)


def _encoded(part: str) -> str:
    return quote(_ESCAPE.sub(_escape, part), safe=_KEPT) if part else part


def _escape(found: re.Match[str]) -> str:
    if found[0] == "%":
        return "%25"
    byte = unquote_to_bytes(found[0])
    return byte.decode() if byte[0] in _UNRESERVED else found[0].upper()
