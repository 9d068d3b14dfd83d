"""TDMRep in what carries the work itself: header fields, HTML metas, EPUB packages, XMP.

Names that come near (`tdm:reservation` in a web page, `property=` for `name=`) are none of the specification's. They
are no statements, but they may have been meant as reservations, which is told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.reservations.tdmrep.values import base_of, gathering, tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from countermark.documents.xmp import Values
    from countermark.reservations.page import Page
    from countermark.reservations.response import Headers
    from countermark.reservations.statement import Gathering, Place, Reading
    from countermark.reservations.target import Target
    from countermark.reservations.tdmrep.values import Said

PDF_NAMESPACE: Final = "http://www.w3.org/ns/tdmrep/"
EPUB_NAMESPACE: Final = "http://www.w3.org/ns/tdmrep#"
_NOT_LETTERS: Final = re.compile(r"[^a-z]")
_PREFIX: Final = re.compile(r"(\S+):\s+(\S+)")


def read_headers(headers: Headers, target: Target, place: Place) -> Reading:
    """The fields `tdm-reservation` and `tdm-policy` of a response; lines joined with commas are told apart."""
    gathered = gathering(place)
    values: list[Said] = []
    policies: list[Said] = []
    for name, value in headers:
        if "tdm" not in name:
            continue
        raw = f"{name}: {value}".encode("latin-1", "replace")
        if name == "tdm-reservation":
            values += [(part.strip(), raw) for part in value.split(",")]
        elif name == "tdm-policy":
            policies.append((value, raw))
        else:
            _near(gathered, "header", name, value)
    tell(gathered, "header", values, policies, base_of(target, place))
    return gathered.reading()


def read_page(page: Page, target: Target, place: Place) -> Reading:
    """The metas `tdm-reservation` and `tdm-policy` of a web page."""
    gathered = gathering(place)
    values: list[Said] = []
    policies: list[Said] = []
    for meta in page.metas:
        if "tdm" not in meta.name:
            continue
        if meta.attribute == "name" and meta.name == "tdm-reservation":
            values.append((meta.content, meta.raw))
        elif meta.attribute == "name" and meta.name == "tdm-policy":
            policies.append((meta.content, meta.raw))
        else:
            _near(gathered, "html", f"{meta.attribute}={meta.name}", meta.content)
    if page.cut:
        gathered.remark("page-cut", doubt=True)
    tell(gathered, "html", values, policies, base_of(target, place))
    return gathered.reading()


def read_xmp(values: Values, technique: str, target: Target, place: Place) -> Reading:
    """`tdm:reservation` and `tdm:policy` of XMP (`documents.xmp`). `technique` is `pdf`, or `xmp` for anything else.

    The report provides for XMP in PDF, in the namespace that ends in a slash; its context for JSON-LD and EPUB have the
    one that ends in `#`. Both are read, anywhere, and what departs is told.
    """
    gathered = gathering(place)
    said = {
        name: [(v, f"{name} {v}".encode()) for v in values.get(name, ())]
        for name in ("tdm:reservation", "tdm:policy")
    }
    for name in sorted(values):
        if name.startswith("tdm:") and name not in said:
            _near(gathered, technique, name, ", ".join(values[name]))
    if any(said.values()):
        for namespace in values.get("xmlns:tdm", ()):
            if namespace != PDF_NAMESPACE:
                gathered.remark("namespace", technique=technique, namespace=namespace, wanted=PDF_NAMESPACE)
        if technique != "pdf":
            gathered.remark("xmp-outside-pdf")
    tell(gathered, technique, said["tdm:reservation"], said["tdm:policy"], base_of(target, place))
    return gathered.reading()


def read_package(
    metas: Iterable[tuple[str, str]], target: Target, place: Place, prefixes: str | None = None
) -> Reading:
    """The metadata of an EPUB package: name (EPUB 2) or property (EPUB 3) and content of each `<meta>`.

    `prefixes` is the `prefix` attribute of an EPUB 3 package, None where it is not known or there is none: with it, the
    namespace is checked, and a prefix of another spelling is understood.
    """
    gathered = gathering(place)
    spaces = {prefix: space for prefix, space in _PREFIX.findall(prefixes or "") if "/ns/tdmrep" in space}
    values: list[Said] = []
    policies: list[Said] = []
    for name, content in metas:
        plain = _expanded(name.strip(), spaces)
        said = (content.strip(), f"{name} {content}".encode("utf-8", "replace"))
        if plain == "tdm:reservation":
            values.append(said)
        elif plain == "tdm:policy":
            policies.append(said)
        elif "tdm" in name.lower():
            _near(gathered, "epub", name, content)
    if values or policies:
        for space in sorted({*spaces.values()} - {EPUB_NAMESPACE}):
            gathered.remark("namespace", technique="epub", namespace=space, wanted=EPUB_NAMESPACE)
    tell(gathered, "epub", values, policies, base_of(target, place))
    return gathered.reading()


def _expanded(name: str, spaces: dict[str, str]) -> str:
    """A name with the prefix `tdm:` for whatever stands for the namespace."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in spaces:
        return f"tdm:{local}"
    for namespace in (EPUB_NAMESPACE, PDF_NAMESPACE):
        if name.startswith(namespace):
            return f"tdm:{name.removeprefix(namespace)}"
    return name


def _near(gathered: Gathering, technique: str, name: str, value: str) -> None:
    """Tell of a name that is nearly `tdm-reservation`: unless it says 0, it may have been meant as a reservation."""
    if _NOT_LETTERS.sub("", name.lower()).endswith("tdmreservation"):
        gathered.remark("near-name", technique=technique, name=name, value=value, doubt=value.strip() != "0")
