"""Addresses of pictures: when two are the same, when one is another size of the other, and whose site they are on.

*The same address*: equal in the canonical form of `works.identifiers.addresses` (host and percent signs in one form,
default port, fragment and tracking parameters gone), but for http or https, `www.` and slashes at the end. Nothing else
is forgiven: the rest of the query and the letters' case in the path stay.

*A resized variant*: equal after that form and after what content systems put into the address to say a size:

    any host             query parameters of SIZES; at the end of a file's name `-300x200`, `-scaled` (WordPress), `@2x`
    i0.wp.com … i3       the address that the proxy names in its path; the proxy's query goes
    Shopify              `_300x200`, `_300x`, `_x200`, `_grande` and its other words, `_crop_center`
    Flickr               the letter of a size (`_b`, `_3k`); farms and `live`, which serve the same files
    Pinterest            the first folder (`236x`, `originals`)
    Wikimedia            `/thumb/…/300px-Name.jpg` for `/…/Name.jpg`

*On a site*: the host is the site's or lies below it, and the path begins as the site's does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from countermark.errors import InputError
from countermark.linkage.identifiers import canonical
from countermark.works.identifiers import IdentifierError
from countermark.works.identifiers.addresses import TRACKING, canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIZES = """
    w h width height maxwidth maxheight max-w max-h resize fit crop size sz quality q dpr scale zoom auto format fm
    strip ssl imwidth imheight impolicy wid hei downsize rect
    """
SIZES = frozenset(_SIZES.split())
"""Query parameters that say a size, a cut or an encoding, as image servers' manuals name them."""
SIZE_WORDS = (
    "scaled", "pico", "icon", "thumb", "small", "compact", "medium", "large", "grande", "original", "master", "crop",
    "center", "top", "bottom", "left", "right", "svg", "tif", "tiff", "png", "jpg", "jpeg", "webp", "gif",
)  # fmt: skip
"""What a part of a file's name may be that the loose key leaves out: sizes, and formats that a thumbnail follows."""
PROXY = "wp.com"
FAMILIES = ("staticflickr.com", "i.pinimg.com", "upload.wikimedia.org")
"""Flickr's domain, whose hosts serve the same files; then hosts where a folder may say a size."""
_PROXIES = frozenset(f"i{number}.wp.com" for number in range(4))
_NAME = r"(?<=[^/])"
_EXTENSION = r"(?=\.[A-Za-z0-9]{1,5}$)"
_ANY = re.compile(rf"{_NAME}(?:-\d{{1,5}}x\d{{1,5}}|-scaled|@\dx){_EXTENSION}")
_SHOPIFY = re.compile(
    rf"{_NAME}_(?:pico|icon|thumb|small|compact|medium|large|grande|original|master|\d{{1,5}}x\d{{0,5}}|x\d{{1,5}})"
    rf"(?:_crop_[a-z]+)?(?:@\dx)?{_EXTENSION}"
)
_FLICKR_SIZE = re.compile(rf"{_NAME}_(?:[a-z]|\dk){_EXTENSION}")
_PINTEREST = re.compile(r"^/(?:originals|\d{1,4}x(?:\d{1,4})?(?:_RS)?)(?=/)")
_WIKIMEDIA = re.compile(r"/thumb(/[0-9a-f]/[0-9a-f]{2}/([^/]+))/(?:lossy-page1-)?\d{1,5}px-[^/]+$")


class Site(NamedTuple):
    """A host and the beginning of a path that belong to the user; `name` is how it is shown."""

    name: str
    host: str
    path: str

    def holds(self, host: str, path: str) -> bool:
        """Whether an address lies on the site; the path of a site ends where a part of a path ends."""
        if host != self.host and not host.endswith("." + self.host):
            return False
        return not self.path or path == self.path or path.startswith(self.path.rstrip("/") + "/")


def site_of(text: str) -> Site:
    """The site that `--site` names: a host, or an address whose path is the beginning of others. Raises InputError."""
    written = text.strip()
    try:
        page = canonical_url(written if "//" in written else f"https://{written}").partition("://")[2]
    except IdentifierError as error:
        raise InputError(
            f"--site {text}: {error}; give a host or an address, such as example.org/photos/"
        ) from None
    host, _, path = page.removeprefix("www.").partition("/")
    host = host.partition(":")[0] if not host.startswith("[") else host
    if "." not in host or "?" in path:
        raise InputError(
            f"--site {text}: give a whole host, such as example.org, or one with a path; no query"
        )
    path = f"/{path}".rstrip("/")
    return Site(host + path, host, path)


def sites_of(texts: Iterable[str]) -> tuple[Site, ...]:
    """The sites, each once, sorted by name."""
    return tuple(sorted({site_of(text) for text in texts}))


def page_of(text: str) -> str | None:
    """What is equal for the same address; None where it is no address."""
    text = text.strip()
    return canonical("url", f"https:{text}" if text.startswith("//") else text)


def host_and_path(page: str) -> tuple[str, str]:
    """The host of a page, without its port, and the path with its slash, without the query."""
    place, slash, path = page.partition("?")[0].partition("/")
    return (place if place.startswith("[") else place.partition(":")[0]), slash + path


def variant_of(page: str) -> str:
    """What is equal for all sizes of a picture, given its page."""
    address, _, query = page.partition("?")
    host, slash, path = address.partition("/")
    path = slash + path
    if host in _PROXIES and "." in path.split("/")[1]:
        host, slash, path = path[1:].partition("/")
        host, path, query = host.lower().removeprefix("www."), slash + path, ""
    flickr, pinterest, wikimedia = FAMILIES
    if host.endswith(f".{flickr}"):
        host, path = flickr, _FLICKR_SIZE.sub("", path)
    elif host == pinterest:
        path = _PINTEREST.sub("", path)
    elif host == wikimedia:
        path = _WIKIMEDIA.sub(r"\1", path)
    elif host == "cdn.shopify.com" or "/cdn/shop/" in path:
        path = _SHOPIFY.sub("", path)
    path = _ANY.sub("", path)
    kept = [pair for pair in query.split("&") if pair and pair.partition("=")[0].lower() not in SIZES]
    return f"{host}{path}?{'&'.join(kept)}" if kept else host + path


def hosts_with_variants(page: str) -> set[str]:
    """The hosts at which a page or a variant of it may stand; each stands for those below it."""
    hosts = {PROXY, host_and_path(page)[0], host_and_path(variant_of(page))[0]}
    return hosts | {as_read(host) for host in hosts}


def as_read(page: str) -> str:
    """A page or host with its international name as it is read: listings hold both forms."""
    place, slash, rest = page.partition("/")
    if "xn--" not in place:
        return page
    try:
        return place.encode().decode("idna") + slash + rest
    except UnicodeError:
        return page


IGNORED = tuple(sorted(TRACKING | SIZES))
