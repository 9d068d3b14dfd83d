"""Identifiers in listings: found by equality of their canonical form, and by nothing less.

The canonical forms are those of `works.identifiers`: an ISBN counts only when its check digit is right, in the catalog
and in the listing, and both forms of one book are equal. An identifier column may hold several, with hyphens and
labels. Of two addresses the canonical forms must be equal but for http or https, `www.` and a slash at the end.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from countermark.works.identifiers import IdentifierError, parse_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.linkage.catalog import Sought

COMPACT = ("isbn", "isrc", "iswc", "asin", "ismn", "issn")
"""Schemes whose values are letters and digits, whatever stands between them."""
_MIXED = frozenset({"isbn", "isrc", "iswc", "asin", "ismn", "doi"})
_ROLES = {
    "identifier": _MIXED,
    "asin": frozenset({"asin", "isbn"}),
}  # the ASIN of a printed book is its ISBN-10
_NO_SIGN = re.compile(r"[^0-9A-Za-z]")
_LABEL = r"^(?:URN)?(?:ISBN|ISRC|ISWC|ASIN|ISMN|ISSN)"
_SPLIT = r"[,;|\n\t]"
_DOI_BEFORE = r"^\s*(?:https?://(?:dx\.)?doi\.org/|(?:urn:|info:)?doi[:/\s]\s*)|\s+$"
_HOST = r"^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?(?:www\.)?(?P<host>[^/:?#]+)"


class Hit(NamedTuple):
    """A row that holds an identifier of works: its place in the batch, the works' numbers, and what agreed."""

    row: int
    works: tuple[int, ...]
    evidence: str


def canonical(scheme: str, text: str) -> str | None:
    """The canonical value that `text` writes, None where it cannot be right."""
    try:
        if scheme == "url":
            return _page(parse_identifier("url", text if "//" in text else f"https://{text.strip()}").value)
        found = parse_identifier(scheme, text)
    except IdentifierError:
        return None
    return found.value if found.scheme == scheme else None


def _page(url: str) -> str:
    """A canonical address without what makes no difference to the page: http or https, `www.`, the last slash."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


class IdentifierTable:
    """Which works of a catalog hold which identifier."""

    def __init__(self, works: Sequence[Sought]) -> None:
        self._works: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.hosts: dict[str, int] = {}
        for number, work in enumerate(works):
            for written in work.identifiers:
                scheme, value = split_identifier(written)
                self._add(scheme, value, number)
        self._sets = {scheme: pa.array(sorted(_as_written(scheme, held)), pa.large_string())
                      for scheme, held in self._works.items()}  # fmt: skip

    def _add(self, scheme: str, value: str, number: int) -> None:
        known = canonical(scheme, value)
        if known is None:
            return
        self._works[scheme][known].add(number)
        if scheme == "url":
            host = known.split("/")[0].split("?")[0].split(":")[0]
            self.hosts[host] = self.hosts.get(host, 0) + 1
            if "youtu" in host and (video := canonical("youtube", value)):
                self._works["youtube"][video].add(number)

    def schemes(self, role: str) -> tuple[str, ...]:
        """The schemes that a column of a role is compared with."""
        wanted = _ROLES.get(role, {role})
        return tuple(sorted(wanted & set(self._works)))

    def hits(self, role: str, column: pa.Array[Any]) -> Iterator[Hit]:
        """The rows of a column (large_string) that hold an identifier of the catalog."""
        for scheme in self.schemes(role):
            for row, text in _likely(scheme, column, self._sets[scheme], self.hosts):
                value = canonical(scheme, text)
                works = self._works[scheme].get(value) if value else None
                if works:
                    yield Hit(row, tuple(sorted(works)), f"{scheme}:{value}")

    def host_counts(self, column: pa.Array[Any]) -> dict[str, int]:
        """How many rows of a column of addresses are of each host of the catalog."""
        if not self.hosts:
            return {}
        hosts = hosts_of(column)
        kept = hosts.filter(pc.is_in(hosts, pa.array(sorted(self.hosts), hosts.type)))
        return {entry["values"]: entry["counts"] for entry in pc.value_counts(kept).to_pylist()}


def split_identifier(written: str) -> tuple[str, str]:
    """Scheme and value of `scheme:value`; the scheme `own:ISSUER` holds a colon itself."""
    scheme, _, value = written.partition(":")
    if scheme == "own":
        issuer, _, value = value.partition(":")
        return f"own:{issuer}", value
    return ("youtube" if scheme in ("youtube-id", "ytid") else scheme), value


def hosts_of(column: pa.Array[Any]) -> Any:
    """The host of each address in lower case without `www.`; null where there is none."""
    found = pc.extract_regex(pc.utf8_lower(column), _HOST)
    return pc.struct_field(found, "host")


def _as_written(scheme: str, held: dict[str, set[int]]) -> set[str]:
    """The forms in which the values of a scheme may stand in a listing, without what stands between their letters."""
    if scheme not in COMPACT:
        return set(held)
    plain = {_NO_SIGN.sub("", value).upper() for value in held}
    return plain | {_isbn_10(value) for value in plain if scheme == "isbn" and value.startswith("978")}


def _isbn_10(isbn_13: str) -> str:
    body = isbn_13[3:12]
    check = sum(at * int(digit) for at, digit in enumerate(body, 1)) % 11
    return body + ("X" if check == 10 else str(check))


def _likely(scheme: str, column: Any, known: Any, hosts: dict[str, int]) -> Iterator[tuple[int, str]]:
    """Rows (ascending) whose text may be a known value, with that text; every one is looked at closer afterwards."""
    if scheme == "url":
        for row in _true(pc.is_in(hosts_of(column), pa.array(sorted(hosts), pa.large_string()))):
            yield row, column[row].as_py()
        return
    if scheme == "youtube" or scheme.startswith("own:"):
        for row in _true(pc.is_in(column, known)):
            yield row, column[row].as_py()
        return
    lists = pc.split_pattern_regex(column, r"[|\s]+" if scheme == "doi" else _SPLIT)
    values, parents = pc.list_flatten(lists), pc.list_parent_indices(lists)
    if scheme == "doi":
        plain = pc.replace_substring_regex(pc.utf8_lower(values), _DOI_BEFORE, "")
        known = pc.utf8_lower(known)
    else:
        plain = pc.utf8_upper(pc.replace_substring_regex(values, "[^0-9A-Za-z]", ""))
        plain = pc.replace_substring_regex(plain, _LABEL, "")
    for at in _true(pc.is_in(plain, known)):
        yield parents[at].as_py(), plain[at].as_py()


def _true(mask: Any) -> list[int]:
    found: list[int] = pc.indices_nonzero(mask).to_pylist()
    return found
