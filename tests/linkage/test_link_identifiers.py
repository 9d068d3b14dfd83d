"""Identifiers: equal after canonicalisation, or nothing."""

from __future__ import annotations

import pyarrow as pa
import pytest

from countermark.linkage.catalog import sought
from countermark.linkage.identifiers import IdentifierTable
from linkage.linked import identified, links

CASES = {
    "isbn": ("9782070360024", ["978-2-07-036002-4", "2070360024", "ISBN 2-07-036002-4", "x, 9782070360024"],
             ["9782070360025", "2070360025", "97820703600", ""]),
    "isrc": ("AA6Q72000047", ["AA-6Q7-20-00047", "aa6q72000047"], ["AA6Q72000048"]),
    "iswc": ("T0345246801", ["T-034.524.680-1"], ["T-034.524.680-2"]),
    "doi": ("10.1000/xyz123", ["https://doi.org/10.1000/XYZ123", "doi:10.1000/xyz123"], ["10.1000/xyz1234"]),
    "youtube": ("dQw4w9WgXcQ", ["dQw4w9WgXcQ"], ["dQw4w9WgXcq", "xdQw4w9WgXcQ"]),
    "url": ("https://www.example.org/a", ["http://example.org/a/", "https://example.org/a?utm_source=x#y"],
            ["https://example.org/b", "https://example.com/a", "https://evil.example/example.org/a"]),
    "own:ACME": ("17 b", ["17 b"], ["17"]),
}  # fmt: skip


@pytest.mark.parametrize("scheme", CASES)
def test_an_identifier_is_found_in_each_writing(scheme: str) -> None:
    """Equal ones are found; a wrong check digit or another value never is."""
    value, equal, other = CASES[scheme]
    works = [identified("w1", (scheme, value))]
    assert [row for row, _, _ in links(works, *[[text] for text in equal], roles=(scheme,))] == list(
        range(len(equal))
    )
    assert links(works, *[[text] for text in other], roles=(scheme,)) == []


def test_a_mixed_column_holds_several_schemes() -> None:
    """LibGen's column `Identifier` holds ISBNs; others may stand there too."""
    works = [identified("b", ("isbn", "9782070360024")), identified("m", ("iswc", "T0345246801"))]
    rows = [["0000000000,9782070360024"], ["T-034.524.680-1"], ["nothing"]]
    assert links(works, *rows, roles=("identifier",)) == [
        (0, "b", "isbn:9782070360024"),
        (1, "m", "iswc:T0345246801"),
    ]


def test_an_own_number_counts_only_where_it_was_named() -> None:
    """Numbers of an issuer mean nothing in another's column."""
    works = [identified("w1", ("own:ACME", "123456789"))]
    assert links(works, ["123456789"], roles=("identifier",)) == []


def test_the_asin_of_a_printed_book_is_its_isbn() -> None:
    """A column of ASIN finds ISBN-10."""
    assert links([identified("w1", ("isbn", "9782070360024"))], ["2070360024"], roles=("asin",))


def test_identifier_stands_before_name() -> None:
    """A row that has both is found once, by identifier."""
    from dataclasses import replace

    from countermark.works.identifiers import Identifier
    from linkage.linked import recording

    work = replace(
        recording("r1", "Quiet Rivers", "Clara Lindqvist"),
        identifiers=(Identifier("youtube", "dQw4w9WgXcQ"),),
    )
    rows = ("Quiet Rivers", "Clara Lindqvist", "dQw4w9WgXcQ")
    assert links([work], rows, roles=("title", "name", "youtube")) == [(0, "r1", "youtube:dQw4w9WgXcQ")]


def test_an_address_on_youtube_is_its_video() -> None:
    """A catalog that knows the address finds the id."""
    work = identified("w1", ("url", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"))
    assert links([work], ["dQw4w9WgXcQ"], roles=("youtube",))


def test_hosts_are_counted_and_are_no_findings() -> None:
    """Rows of the catalog's hosts, whatever page."""
    table = IdentifierTable([sought(identified("w1", ("url", "https://www.example.org/a")))])
    column = pa.array(
        ["http://EXAMPLE.org/z", "https://www.example.org", "http://other.org", ""], pa.large_string()
    )
    assert table.host_counts(column) == {"example.org": 2}
