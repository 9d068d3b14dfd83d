"""What the check digits promise: one wrong digit, or two that changed places, is refused."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import ean, issn
from stdnum.iso7064 import mod_11_2, mod_37_36, mod_97_10

from countermark.works.identifiers import IdentifierError, guess_identifier, parse_identifier
from countermark.works.identifiers.books import isbn10_check
from countermark.works.identifiers.music import iswc_check
from countermark.works.identifiers.parties import ipi_check
from countermark.works.identifiers.schemes import SCHEMES

if TYPE_CHECKING:
    from collections.abc import Callable

DIGITS, SIGNS, HEX = string.digits, string.digits + string.ascii_uppercase, "0123456789ABCDEF"


def made(alphabet: str, length: int, check: Callable[[str], str], start: str = "") -> st.SearchStrategy[str]:
    """Numbers whose check digits fit."""
    bodies = st.text(alphabet, min_size=length, max_size=length)
    return bodies.map(lambda body: start + body + check(start + body))


MADE = {
    "isbn": made(DIGITS, 9, ean.calc_check_digit, "978"),
    "isbn-10": made(DIGITS, 9, isbn10_check),
    "issn": made(DIGITS, 7, issn.calc_check_digit),
    "ismn": made(DIGITS, 8, ean.calc_check_digit, "9790"),
    "gtin": made(DIGITS, 11, ean.calc_check_digit, "4"),
    "isni": made(DIGITS, 15, mod_11_2.calc_check_digit),
    "ipi": made(DIGITS, 9, ipi_check),
    "lei": made(DIGITS, 18, mod_97_10.calc_check_digits),
    "isan": made(HEX, 16, mod_37_36.calc_check_digit),
    "grid": made(SIGNS, 15, mod_37_36.calc_check_digit, "A1"),
    "iswc": made(DIGITS, 9, iswc_check).map("T".__add__),
}
FIXED = {"isbn": 3, "ismn": 4, "grid": 2, "iswc": 1}  # signs at the start that belong to the scheme
SWAPS = {
    "isbn-10",
    "issn",
    "isni",
    "ipi",
    "lei",
    "iswc",
}  # schemes that find every pair of swapped neighbours


def refused(scheme: str, number: str) -> bool:
    """Whether the number is refused for its check digit."""
    try:
        parse_identifier(scheme, number)
    except IdentifierError as error:
        return error.reason == "check-digit"
    return False


@pytest.mark.parametrize("scheme", [scheme for scheme in MADE if scheme != "iswc"])
@given(data=st.data())
def test_one_wrong_digit_is_found(scheme: str, data: st.DataObject) -> None:
    """Every scheme but ISWC promises it (IPI and LEI among the digits before the check digits)."""
    number = data.draw(MADE[scheme])
    alphabet = {"isan": HEX, "grid": SIGNS}.get(scheme, DIGITS)
    at = data.draw(st.integers(FIXED.get(scheme, 0), len(number) - 3))
    wrong = data.draw(st.sampled_from([sign for sign in alphabet if sign != number[at]]))
    assert not refused(scheme, number)
    assume(not (scheme == "ipi" and number.endswith("00")))  # 00 stands for two sums
    assert refused(scheme, number[:at] + wrong + number[at + 1 :])


@given(data=st.data())
def test_an_iswc_finds_the_wrong_digits_it_promises(data: st.DataObject) -> None:
    """At the places whose weight shares no factor with ten: 1, 3, 7 and 9."""
    number = data.draw(MADE["iswc"])
    at = data.draw(st.sampled_from([1, 3, 7, 9]))
    wrong = data.draw(st.sampled_from([digit for digit in DIGITS if digit != number[at]]))
    assert refused("iswc", number[:at] + wrong + number[at + 1 :])


@pytest.mark.parametrize("scheme", sorted(set(MADE) - {"isan", "grid"}))
@given(data=st.data())
def test_swapped_neighbours_are_found(scheme: str, data: st.DataObject) -> None:
    """With the weights 1 and 3 of EAN, those whose digits do not differ by five; elsewhere all.

    ISAN and GRid (a hybrid system of ISO 7064) promise nearly all, and are left out.
    """
    number = data.draw(MADE[scheme])
    at = data.draw(st.integers(FIXED.get(scheme, 0), len(number) - 4))
    first, second = number[at], number[at + 1]
    assume(first != second)
    if scheme not in SWAPS:
        assume(abs(int(first) - int(second)) != 5)
    assume(not (scheme == "ipi" and number.endswith("00")))
    assert refused(scheme, number[:at] + second + first + number[at + 2 :])


@pytest.mark.parametrize("scheme", sorted(MADE))
@given(data=st.data())
def test_the_canonical_form_is_final(scheme: str, data: st.DataObject) -> None:
    """Reading a canonical value gives the same identifier."""
    found = parse_identifier(scheme, data.draw(MADE[scheme]))
    assert parse_identifier(found.scheme, found.value) == found


@given(st.sampled_from(sorted(SCHEMES)), st.text(max_size=40))
def test_any_text_is_read_or_refused(scheme: str, text: str) -> None:
    """Nothing else is raised, and what is read is final."""
    try:
        found = parse_identifier(scheme, text)
    except IdentifierError:
        return
    assert parse_identifier(found.scheme, found.value) == found


@given(st.text(max_size=60))
def test_any_text_can_be_guessed_at(text: str) -> None:
    """Without an error."""
    found = guess_identifier(text)
    assert found is None or parse_identifier(found.scheme, found.value) == found
