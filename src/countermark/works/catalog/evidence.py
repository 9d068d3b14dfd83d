"""What of a record can show that it speaks of the same work as another.

Kinds of evidence, each with the titles that it may join and how many:

| kind | what | joins |
|---|---|---|
| `chosen` | the `work_id` that the user chose | always |
| `work` | ISWC, ISAN, EIDR, the DOI of a work, `own_key` and own numbers within one issuer | titles in any language |
| `edition` | ISBN, ISMN, ISRC, ASIN, the DOI and own numbers of an edition | titles or contributors must agree |
| `page` | GTIN, URL, GRid, a video's address | titles must be equal, and ISBN must not contradict |
| `bytes` | the SHA-256 of an asset | contributors must not contradict |

ISSN, series and publishers' numbers, ISCC and the identifiers of people are never evidence.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.works.identity import fold_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.works.entry import CatalogWork, Entry

CHOSEN, WORK, EDITION, PAGE, BYTES = "chosen", "work", "edition", "page", "bytes"

MOST_TITLES: Final = {WORK: 25, EDITION: 6, PAGE: 6, BYTES: 6}
"""How many different titles one identifier may tie together; one that has more is refused as evidence."""

_WORKS: Final = ("iswc", "isan", "eidr", "doi")
_EDITIONS: Final = ("isbn", "ismn", "isrc", "asin")
_PAGES: Final = ("gtin", "url", "grid", "youtube")
STRENGTH: Final = (*_WORKS, *_EDITIONS, *_PAGES)
"""Schemes from the strongest on; own numbers come after them, digests of files last."""

CREATORS: Final = frozenset(
    {"author", "composer", "lyricist", "photographer", "illustrator", "director", "performer"}
)
_AUTHORS: Final = ("author", "composer", "photographer", "illustrator", "director", "performer", "lyricist")
_LONGEST_KNOWN: Final = 200


class Evidence(NamedTuple):
    """One identifier of a record: where it stands (`work`, `edition`, `same`, `part`, …), scheme and value."""

    place: str
    scheme: str
    value: str


def evidence_of(entry: Entry) -> Iterator[Evidence]:
    """Every identifier of a record, evidence or not; for look-ups, all are kept."""
    for scheme, value in entry.identifiers:
        yield Evidence("work", scheme, value)
    for kind, other in entry.relations:
        yield Evidence("same" if kind == "same-work" else "other", *other)
    for edition in entry.editions:
        for scheme, value in edition.identifiers:
            yield Evidence("edition", scheme, value)
        for kind, other in edition.relations:
            yield Evidence("same" if kind == "same-work" else "other", *other)
        for asset in edition.assets:
            if asset.digest:
                yield Evidence("edition", "sha256", asset.digest)
    if entry.own_key:
        # Without an issuer a key means something in its own file only.
        issuer = entry.issuer or f"file {entry.source.file}"
        yield Evidence("work", f"own:{issuer}", entry.own_key)
    if entry.work_id:
        yield Evidence("work", "work_id", entry.work_id)


def kind_of(scheme: str, place: str) -> str:
    """Which kind of evidence an identifier is; the empty string where it is none."""
    if scheme == "work_id":
        return CHOSEN
    if scheme in _EDITIONS or (place == "edition" and (scheme == "doi" or scheme.startswith("own:"))):
        return EDITION
    if scheme in _WORKS or scheme.startswith("own:"):
        return WORK
    if scheme in _PAGES:
        return PAGE
    return BYTES if scheme == "sha256" else ""


def strength_of(scheme: str) -> int:
    """The rank of a scheme for naming a work, from 0; what is no evidence has none and stands last."""
    if scheme in STRENGTH:
        return STRENGTH.index(scheme)
    return len(STRENGTH) + (0 if scheme.startswith("own:") else 1 if scheme == "sha256" else 2)


def author_of(said: Entry | CatalogWork) -> str:
    """The author as a works list has it: those of the leading role that is there, joined by `; `."""
    people = said.contributors
    if not people:
        return ""
    if len(people) == 1:
        return people[0].name if people[0].role in CREATORS else ""
    for role in _AUTHORS:
        names = [one.name for one in people if one.role == role]
        if names:
            return "; ".join(dict.fromkeys(names))
    return ""


@lru_cache(maxsize=1 << 14)
def _folded(name: str) -> str:
    return fold_name(name)


def fold(name: str) -> str:
    """`fold_name`, which remembers names: they come again and again."""
    return _folded(name) if len(name) <= _LONGEST_KNOWN else fold_name(name)


def name_id(title: str, author: str) -> str:
    """The `listed_work_id` of folded names, or the empty string where one of them is missing."""
    if not title or not author:
        return ""
    joined = f"title-author\0{title}\0{author}".encode("utf-8", "replace")
    return "w" + hashlib.sha256(joined).hexdigest()[:16]
