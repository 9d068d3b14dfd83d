"""Every scheme against examples that others use.

A comment names where an example stands. "Format example" says that it is in wide use as one, and that no authority's
own publication of it was seen.
"""

from __future__ import annotations

import pytest

from countermark.works.identifiers import Identifier, guess_identifier, isbn_of_asin, parse_identifier

PUBLISHED = [
    # format examples
    ("isbn", "ISBN 978-92-95055-12-4", "9789295055124"),
    ("isbn", "978-0-11-000222-4", "9780110002224"),
    # format examples: one book in both forms
    ("isbn", "0-306-40615-2", "9780306406157"),
    ("isbn", "978-0-306-40615-7", "9780306406157"),
    # format example; ISSN Manual, worked check digit (loc.gov/issn/check.html)
    ("issn", "ISSN 2049-3630", "2049-3630"),
    ("issn", "0317-8471", "0317-8471"),
    # Wikipedia, "International Standard Music Number": the number of its picture; the older form of it
    ("ismn", "979-0-2600-0043-8", "9790260000438"),
    ("ismn", "M-2600-0043-8", "9790260000438"),
    # format example
    ("isrc", "ISRC AA-6Q7-20-00047", "AA6Q72000047"),
    # Wikipedia, "International Standard Musical Work Code", worked check digit and the first code assigned
    ("iswc", "T-034.524.680-1", "T0345246801"),
    ("iswc", "T-000.000.001-0", "T0000000010"),
    # Wikipedia, "Global Release Identifier", and python-stdnum
    ("grid", "A1-2425G-ABC1234002-M", "A12425GABC1234002M"),
    # format example; python-stdnum
    ("isni", "0000 0001 2146 438X", "000000012146438X"),
    ("isni", "https://isni.org/isni/000000012281955X", "000000012281955X"),
    # Wikipedia, "ORCID" (an invented researcher of ORCID's own); format examples
    ("orcid", "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
    ("orcid", "0000-0001-5109-3700", "0000-0001-5109-3700"),
    ("orcid", "0000-0002-1694-233X", "0000-0002-1694-233X"),
    # format example: the tests of MusicBrainz Server and of several CWR readers take it for valid
    ("ipi", "00014107338", "00014107338"),
    # the LEI of the Global Legal Entity Identifier Foundation itself
    ("lei", "506700GE1G29325QX363", "506700GE1G29325QX363"),
    # python-stdnum
    ("isan", "ISAN 0000-0000-D07A-0090-Q-0000-0000-X", "00000000D07A0090Q00000000X"),
    ("isan", "0000-0001-8CFA-0000-I-0000-0000-K", "000000018CFA0000I00000000K"),
    # format example
    ("eidr", "10.5240/7791-8534-2C23-9030-8610-5", "10.5240/7791-8534-2C23-9030-8610-5"),
    ("eidr", "https://doi.org/10.5240/7791-8534-2c23-9030-8610-5", "10.5240/7791-8534-2C23-9030-8610-5"),
    # the DOI of the DOI Handbook; format example
    ("doi", "https://doi.org/10.1000/182", "10.1000/182"),
    ("doi", "doi:10.1000/ABC", "10.1000/abc"),
    # format examples
    ("gtin", "6291041500213", "06291041500213"),
    ("gtin", "9506000134352", "09506000134352"),
    # the sample page of the IFrame Player API; format example
    ("youtube", "M7lc1UVf-VE", "M7lc1UVf-VE"),
    ("youtube", "https://www.youtube.com/watch?v=Ks-_Mh1QhMc&t=1", "Ks-_Mh1QhMc"),
    # the example of iscc-schema; conformance data of iscc-core (`gen_meta_code_v0`)
    (
        "iscc",
        "ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY",
        "KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY",
    ),
    ("iscc", "AAAZXZ6OU74YAZIM", "AAAZXZ6OU74YAZIM"),
]


@pytest.mark.parametrize(("scheme", "printed", "canonical"), PUBLISHED)
def test_published_examples_are_right(scheme: str, printed: str, canonical: str) -> None:
    """What is printed is read, and its canonical form is read as itself."""
    assert parse_identifier(scheme, printed) == Identifier(scheme, canonical)
    assert parse_identifier(scheme, canonical) == Identifier(scheme, canonical)


@pytest.mark.parametrize(("scheme", "printed", "canonical"), PUBLISHED)
def test_published_examples_are_guessed(scheme: str, printed: str, canonical: str) -> None:
    """The same, where nobody says what it is; bare videos and ISCC are left alone."""
    known = None if printed in {"M7lc1UVf-VE", "AAAZXZ6OU74YAZIM"} else Identifier(scheme, canonical)
    assert guess_identifier(printed) == known


def test_a_gtin_of_bookland_is_an_isbn() -> None:
    """Both numbers of one book are equal."""
    assert parse_identifier("ean", "9789295055124") == parse_identifier("isbn", "978-92-95055-12-4")
    assert parse_identifier("gtin", "09790260000438") == parse_identifier("ismn", "M260000438")
    assert parse_identifier("upc", "036000291452") == parse_identifier("ean", "0036000291452")


def test_the_asin_of_a_printed_book_gives_its_isbn() -> None:
    """Ten digits whose last one fits; all other ASINs give none."""
    book = parse_identifier("asin", "https://www.amazon.co.uk/Some-Title/dp/0306406152/ref=x")
    assert isbn_of_asin(book) == Identifier("isbn", "9780306406157")
    assert isbn_of_asin(parse_identifier("asin", "B07XJ8C8F5")) is None
    assert isbn_of_asin(parse_identifier("asin", "0306406153")) is None
    assert guess_identifier("B07XJ8C8F5") == Identifier("asin", "B07XJ8C8F5")
