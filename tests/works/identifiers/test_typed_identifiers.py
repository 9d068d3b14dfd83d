"""Identifiers as people type them, and the messages for those that cannot be right."""

from __future__ import annotations

import pytest

from countermark.works.identifiers import (
    Identifier,
    IdentifierError,
    guess_identifier,
    labelled_scheme,
    parse_identifier,
    repaired_isbn,
)
from countermark.works.identifiers.schemes import SCHEMES


@pytest.mark.parametrize(
    ("scheme", "typed", "value"),
    [
        ("isbn", "ISBN-13: 978\u20112\u201107\u2011036002\u20114", "9782070360024"),
        ("isbn", "９７８２０７０３６００２４", "9782070360024"),
        ("isbn", "\ufeff978 2 07 036002 4\u200b", "9782070360024"),
        ("isbn", "urn:isbn:2070360024", "9782070360024"),
        ("ISBN-13", "ISBN9782070360024", "9782070360024"),
        ("iswc", "t0345246801", "T0345246801"),
        ("iswc", "ISWC T−034.524.680−1", "T0345246801"),
        ("isrc", "isrc:aa-6q7-20-00047", "AA6Q72000047"),
        ("isrc", "ISRC12012345", "ISRC12012345"),
        ("cae", "IPI/CAE 014107338", "00014107338"),
        ("doi", "https://dx.doi.org/10.1002/%28SICI%29X?nosfx=y", "10.1002/(sici)x"),
        ("doi", "10.1000.10/été–2", "10.1000.10/été–2"),
        ("ean", "EAN-13: 4 006381 333931", "04006381333931"),
        ("own:Éditions du Lac", "  A  12 ", "A 12"),
        ("youtube", "https://youtu.be/M7lc1UVf-VE?si=abc", "M7lc1UVf-VE"),
    ],
)
def test_the_usual_writings_are_accepted(scheme: str, typed: str, value: str) -> None:
    """Dashes, wide digits, invisible marks, prefixes and addresses make no difference."""
    assert parse_identifier(scheme, typed).value == value


@pytest.mark.parametrize(
    ("scheme", "typed", "reason", "said"),
    [
        (
            "isbn",
            "978-2-07-036002-5",
            "check-digit",
            "its check digit is 5, where 4 is due; accepted: the 10 or 13",
        ),
        ("isbn", "9.78207E+12", "form", "a spreadsheet has rounded it"),
        ("isbn", "9,78E+12", "form", "a spreadsheet has rounded it"),
        ("isbn", "306406152", "length", "it has 9 digits or letters, where 10 or 13 are due"),
        ("isbn", "979-0-2600-0043-8", "form", "979-0 begins an ISMN"),
        ("isbn", "4006381333931", "form", "neither 978 nor 979"),
        ("isbn", "", "letters", "it is empty"),
        ("isbn", "97820703x0024", "letters", "'X' is no digit"),
        ("isrc", "AA-6Q7-20-0004X", "letters", "two letters, three letters or digits"),
        ("iswc", "034.524.680-1", "form", "it does not begin with T"),
        ("iswc", "T-034.524.680-2", "check-digit", "where 1 is due"),
        ("orcid", "0000 0001 2146 438X", "form", "outside the blocks"),
        ("ipi", "I-001068130-6", "form", "it is an IPI base number"),
        ("ipi", "00014107339", "check-digit", "where 38 is due"),
        ("eidr", "10.5240/7791-8534-2C23-9030-8610-6", "check-digit", "where 5 is due"),
        ("doi", "10.12/3", "form", "four to nine digits"),
        ("doi", "https://doi.org/10.1000/%ff", "letters", "no UTF-8"),
        ("iscc", "ISCC:AAAZXZ6OU74YA", "length", "promises 64 bits, its body has 48"),
        ("iscc", "KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQ", "length", "no base32"),
        ("iscc", "ISCC:77777777777777AA", "form", "no known type"),
        ("youtube", "https://www.youtube.com/watch?v=short", "length", "where 11 are due"),
        ("isbn", "9" * 9_000, "length", "9,000 characters"),
        ("barcode", "1", "scheme", "'barcode' is no scheme; known are asin, doi,"),
        ("own:", "1", "scheme", "no scheme"),
        ("own:X", "\n", "form", "no number of an issuer"),
    ],
)
def test_wrong_numbers_are_refused_with_one_clear_message(
    scheme: str, typed: str, reason: str, said: str
) -> None:
    """The message says what is wrong, and what is accepted; hostile text is escaped and cut."""
    with pytest.raises(IdentifierError) as refused:
        parse_identifier(scheme, typed)
    assert refused.value.reason == reason
    assert said in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    "typed",
    [
        "my second book",
        "1998-2003",
        "20240131",
        "We are 1234567",
        "0317-8472",
        "javascript:alert(1)",
        "10.5240/7791-8534-2C23-9030-8610-6",
        "ISBN 978-2-07-036002-5",
        "https://localhost:99999/",
        "",
        "x" * 10_000,
    ],
)
def test_what_is_doubtful_is_not_guessed(typed: str) -> None:
    """Words, years, dates, wrong check digits, addresses of no place."""
    assert guess_identifier(typed) is None


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("https://poems.example/rivers?utm_source=x", "url:https://poems.example/rivers"),
        ("EAN 4006381333931", "gtin:04006381333931"),
        ("0000000218250097", "orcid:0000-0002-1825-0097"),
        ("00014107338", "ipi:00014107338"),
        ("aa6q72000047", "isrc:AA6Q72000047"),
        ("US S1Z 99 00001", "isrc:USS1Z9900001"),
        ("issn: 03178471", "issn:0317-8471"),
    ],
)
def test_what_is_clear_is_guessed(typed: str, known: str) -> None:
    """By name, by address, or by form and check digit."""
    assert str(guess_identifier(typed)) == known


def test_labels_name_their_scheme() -> None:
    """The word before the number, and nothing else."""
    assert labelled_scheme("UPC 036000291452") == "gtin"
    assert labelled_scheme("doi:10.1000/1") == "doi"
    assert not labelled_scheme("https://doi.org/10.1000/1")
    assert not labelled_scheme("ISRC12012345")
    assert not labelled_scheme("isbn")


@pytest.mark.parametrize(
    ("typed", "value", "lost"),
    [
        ("306406152", "9780306406157", "a leading zero was missing"),
        ("7149522", "9780007149520", "3 leading zeros were missing: 7149522 was read as 0007149522"),
        ("7149523", None, ""),
        ("80442957x", "9780804429573", "a leading zero was missing"),
        ("306406153", None, ""),
        ("9.78E+12", None, ""),
        ("0306406152", None, ""),
        ("9780306406157", None, ""),
        ("", None, ""),
    ],
)
def test_only_leading_zeros_are_repaired(typed: str, value: str | None, lost: str) -> None:
    """A number that a spreadsheet shortened, where its check digit fits again."""
    repaired = repaired_isbn(typed)
    assert (repaired[0] if repaired else None) == value
    assert lost in (repaired[1] if repaired else "")


def test_every_scheme_has_a_label_and_says_what_it_accepts() -> None:
    """Messages are whole."""
    for name, scheme in SCHEMES.items():
        assert scheme.label, name
        assert scheme.accepted, name
        with pytest.raises(IdentifierError, match="accepted: "):
            parse_identifier(name, "?")


def test_an_identifier_is_written_with_its_scheme() -> None:
    """`isbn:…`."""
    assert str(Identifier("isbn", "9782070360024")) == "isbn:9782070360024"
