"""Which column of a listing is what: proposed for the shapes that data sets are known to have, else by name.

Sources: the data sets' own cards. LAION-DISCO-12M (`song_id, title, artist_names[], …`), LAION-5B and Re-LAION (`URL`,
`TEXT`), C4, FineWeb and RedPajama (`url`), LibGen's exports (`Title, Author, Publisher, Year, Identifier, MD5, …`), FMA
(`raw_tracks.csv`), MTG-Jamendo (`raw.meta.tsv`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from countermark.errors import InputError
from countermark.works.importers.table.fields import PEOPLE, field_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROLES = (
    "title", "name", "id", "url", "isbn", "isrc", "iswc", "ismn", "issn", "doi", "asin", "youtube", "identifier",
    "year", "md5", "sha256", "phash", "caption", "width", "height",
)  # fmt: skip
"""What a column may be. `identifier` may hold ISBN, ISRC, ISWC, ASIN and DOI mixed; `own:ISSUER` own numbers. The last
six are those of listings of pictures."""
IDENTIFYING = frozenset(ROLES[3:13])

Mapping = tuple[tuple[str, str], ...]
"""(role, column) in the order in which they were named; a role may have several columns."""


class Shape(NamedTuple):
    """A known kind of listing: the columns that tell it, and what they are."""

    name: str
    mapping: Mapping

    def fits(self, columns: Sequence[str]) -> bool:
        """Whether all its columns are there."""
        there = {column.lower() for column in columns}
        return all(column.lower() in there for _, column in self.mapping)


SHAPES = (
    Shape("LAION-DISCO-12M", (("title", "title"), ("name", "artist_names"), ("youtube", "song_id"))),
    Shape("LibGen", (("title", "Title"), ("name", "Author"), ("identifier", "Identifier"), ("year", "Year"),
                     ("id", "MD5"))),
    Shape("FMA", (("title", "track_title"), ("name", "artist_name"), ("id", "track_id"))),
    Shape("MTG-Jamendo", (("title", "TRACK_NAME"), ("name", "ARTIST_NAME"), ("id", "TRACK_ID"))),
    Shape("LAION", (("url", "URL"), ("id", "hash"))),
    Shape("LAION", (("url", "URL"), ("id", "SAMPLE_ID"))),
    Shape("LAION", (("url", "URL"), ("id", "TEXT"))),
)  # fmt: skip

_IDENTIFIERS = {
    "isbn": ("isbn", "isbn13", "isbn10", "isbns", "ean", "ean13", "gtin", "gtin13", "eisbn"),
    "isrc": ("isrc", "isrcs", "isrccode"),
    "iswc": ("iswc", "iswcs"),
    "ismn": ("ismn",),
    "issn": ("issn", "eissn", "issnl"),
    "doi": ("doi", "dois"),
    "asin": ("asin", "asins", "parentasin"),
    "youtube": ("youtubeid", "youtube", "ytid", "videoid", "youtubevideoid"),
    "identifier": ("identifier", "identifiers"),
}
"""Columns that hold identifiers, by the last part of their name in lower case, letters and digits only."""
_SIGNS = re.compile(r"[^a-z0-9]")
_WORDS = re.compile(r"[a-z0-9]+")

_NAMES = {
    "title": ("title", "work_title", "song_title", "track_title", "track_name", "book_title", "name_of_work", "song",
              "titre", "titel", "piste", "nom_piste"),
    "name": ("artist_names", "artist_name", "artists", "artist", "authors", "author", "author_name", "creator",
             "creators", "performer", "composer", "auteur", "autor", "writer", "names", "name"),
    "url": ("url", "uri", "link", "page_url", "source_url", "href", "metadata.url", "meta.url"),
    "year": ("year", "publication_year", "published_year", "release_year", "annee"),
    "id": ("id", "song_id", "track_id", "doc_id", "md5", "uuid", "key"),
}  # fmt: skip


def propose(columns: Sequence[str]) -> Shape:
    """What the columns of a listing are, as far as their names tell: those of a known shape, and all identifiers."""
    spelt = {column.lower(): column for column in columns}
    for shape in SHAPES:
        if shape.fits(columns):
            known = tuple((role, spelt[column.lower()]) for role, column in shape.mapping)
            more = _identifying(columns, {column for _, column in known})
            return Shape(shape.name, known + tuple(more))
    found: list[tuple[str, str]] = list(_identifying(columns, set()))
    for role, names in _NAMES.items():
        column = next((spelt[name] for name in names if name in spelt), None)
        if column is not None and column not in {taken for _, taken in found}:
            found.append((role, column))
    taken, roles = {column for _, column in found}, {role for role, _ in found}
    found += [(role, column) for role, column in _spelt(columns) if column not in taken and role not in roles]
    return Shape("by the names of its columns", tuple(found))


def _spelt(columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Titles and names as catalogues in four languages head them."""
    for column in columns:
        field = field_of(column)
        if field == "title":
            yield "title", column
        elif field in PEOPLE:
            yield "name", column


def _identifying(columns: Sequence[str], taken: set[str]) -> Iterator[tuple[str, str]]:
    """(role, column) of each column that is called like an identifier; a listing may have several of one kind."""
    by_name = {name: role for role, names in _IDENTIFIERS.items() for name in names}
    for column in columns:
        last = column.lower().rsplit(".", 1)[-1]
        words = [
            _SIGNS.sub("", last),
            *_WORDS.findall(last)[-1:],
        ]  # `code_isrc` is an ISRC, `isbn_count` none
        role = next((by_name[word] for word in words if word in by_name), None)
        if role is not None and column not in taken:
            yield role, column


def given(texts: Sequence[str], columns: Sequence[str]) -> Mapping:
    """The mapping that `--map role=column` gives. Raises InputError, which lists roles or columns."""
    spelt = {column.lower(): column for column in columns}
    found = []
    for text in texts:
        role, equals, column = text.partition("=")
        role = role.strip() if role.startswith("own:") else role.strip().lower()
        if not equals or (role not in ROLES and not role.startswith("own:")):
            roles = ", ".join(ROLES)
            raise InputError(f"--map {text}: it reads ROLE=COLUMN; the roles are {roles} and own:ISSUER")
        known = (
            column if column in columns or _is_place(column, columns) else spelt.get(column.strip().lower())
        )
        if known is None:
            raise InputError(
                f"--map {text}: there is no column {column!r}; the columns are: {', '.join(columns[:60])}"
            )
        found.append((role, known))
    return tuple(found)


def _is_place(column: str, columns: Sequence[str]) -> bool:
    """Whether a column is named by its place, `#1` and so on, as in files without a header."""
    return column.startswith("#") and column[1:].isdecimal() and 0 < int(column[1:]) <= len(columns)


def require_use(mapping: Mapping, columns: Sequence[str]) -> None:
    """Raise InputError when nothing of a listing can be compared with a catalog."""
    roles = {role for role, _ in mapping}
    if {"title", "name"} <= roles or roles & IDENTIFYING or any(role.startswith("own:") for role in roles):
        return
    raise InputError(
        "no column is known as title and name, as an identifier or as an address; name them, for instance "
        f"--map title=COLUMN --map name=COLUMN; the columns are: {', '.join(columns[:60])}"
    )
