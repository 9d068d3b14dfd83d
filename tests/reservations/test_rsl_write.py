"""Writing RSL: every combination of answers, read back."""

from __future__ import annotations

from itertools import product

import pytest

from countermark.errors import InputError
from countermark.reservations.rsl import Holder, TermsFor, read_terms, says, validate, write_terms
from countermark.reservations.statement import Place
from countermark.reservations.target import Target
from countermark.reservations.use import USES, Answer, Use
from countermark.reservations.verdict import judge

R, C, A, U = Answer.RESERVED, Answer.CONDITIONAL, Answer.ALLOWED, Answer.UNKNOWN
OFFER = "https://example.org/licence"
STRICT = {U: 0, A: 0, C: 1, R: 2}
EVERY = [dict(zip(USES, answers, strict=True)) for answers in product(Answer, repeat=5)]


def read_back(data: bytes, url: str = "https://example.org/") -> dict[Use, Answer]:
    target = Target(url)
    verdict = judge(target, [read_terms(data, target, Place("licence.xml"))] if data else [])
    return {use: verdict.answer(use) for use in USES}


@pytest.mark.parametrize("offer", [OFFER, ""])
def test_every_combination(offer: str) -> None:
    """All 1,024: it conforms, `says` tells what is read, and nothing reserved becomes looser but mining by itself."""
    exact = 0
    for wanted in EVERY:
        terms = TermsFor("/", wanted, offer)
        data = write_terms([terms])
        assert validate(data) == [] if data else True
        said = read_back(data)
        assert said == says(terms)
        exact += said == wanted
        for use in USES:
            if use is not Use.TDM and STRICT[wanted[use]]:
                assert STRICT[said[use]] >= STRICT[wanted[use]], (wanted, said)
            if use is not Use.TDM and wanted[use] is U:
                assert said[use] is not A, (wanted, said)
    assert exact == (89 if offer else 24)


def test_mining_is_not_reserved_alone_but_never_allowed_against_the_wish() -> None:
    for wanted in EVERY:
        said = says(TermsFor("/", wanted, OFFER))
        assert not (said[Use.TDM] is A and wanted[Use.TDM] is not A), wanted


@pytest.mark.parametrize(
    "wanted",
    [
        (R, R, R, R, R),
        (A, A, A, A, A),
        (R, R, R, R, A),
        (R, C, C, A, A),
        (R, C, C, R, A),
        (A, R, R, A, A),
        (A, C, C, R, A),
        (C, C, C, C, C),
        (C, C, C, C, A),
        (C, R, R, C, A),
        (U, R, R, R, U),
        (U, R, R, U, U),
    ],
)
def test_what_can_be_said_exactly(wanted: tuple[Answer, ...]) -> None:
    answers = dict(zip(USES, wanted, strict=True))
    assert says(TermsFor("/", answers, OFFER)) == answers


def test_training_and_generative_training_share_a_word() -> None:
    wanted = {Use.GENERATIVE: R, Use.TRAIN: A}
    assert says(TermsFor("/", wanted))[Use.TRAIN] is R
    assert says(TermsFor("/", {Use.GENERATIVE: A}))[Use.TRAIN] is U


def test_the_document() -> None:
    answers = {Use.TDM: R, Use.TRAIN: C, Use.GENERATIVE: C, Use.INPUT: R, Use.SEARCH: A}
    priced = TermsFor("/", answers, OFFER, payment="crawl", amount="0.015", currency="EUR")
    closed = TermsFor("/private/*", dict.fromkeys(USES, R))
    data = write_terms([closed, priced], holder=Holder("Aubier & fils", "organization"), max_age=7)
    assert data == write_terms([priced, closed], holder=Holder("Aubier & fils", "organization"), max_age=7)
    assert data.decode().splitlines()[1:19] == [
        '<rsl xmlns="https://rslstandard.org/rsl" max-age="7">',
        '  <content url="/">',
        "    <license>",
        '      <permits type="usage">search</permits>',
        '      <prohibits type="usage">ai-input</prohibits>',
        "    </license>",
        "    <license>",
        '      <permits type="usage">ai-train</permits>',
        '      <prohibits type="usage">ai-input</prohibits>',
        '      <payment type="crawl">',
        "        <custom>https://example.org/licence</custom>",
        '        <amount currency="EUR">0.015</amount>',
        "      </payment>",
        "    </license>",
        '    <copyright type="organization">Aubier &amp; fils</copyright>',
        "  </content>",
        '  <content url="/private/*">',
        "    <license>",
    ]
    assert read_back(data) == answers
    assert set(read_back(data, "https://example.org/private/x").values()) == {R}


def test_no_word_is_said_twice() -> None:
    data = write_terms([TermsFor("/", dict.fromkeys(USES, A) | {Use.SEARCH: R})])
    assert b'<permits type="usage">all</permits>' in data
    assert b'<prohibits type="usage">search</prohibits>' in data


def test_terms_reach_the_verdict() -> None:
    data = write_terms([TermsFor("/", {Use.TRAIN: C, Use.GENERATIVE: C}, OFFER)])
    target = Target("https://example.org/")
    verdict = judge(target, [read_terms(data, target, Place("licence.xml"))])
    assert verdict.uses[Use.TRAIN].terms == (OFFER,)


def test_a_license_server_makes_every_use_conditional() -> None:
    terms = TermsFor("/", dict.fromkeys(USES, A))
    assert set(says(terms, server="https://licences.example.org").values()) == {C}


def test_conditional_without_any_way_to_a_licence_is_reserved() -> None:
    assert set(says(TermsFor("/", dict.fromkeys(USES, C))).values()) == {R}
    assert set(says(TermsFor("/", dict.fromkeys(USES, C), payment="free")).values()) == {R}
    wanted = TermsFor("/", dict.fromkeys(USES, C))
    assert set(says(wanted, terms_url="https://example.org/t").values()) == {C}
    assert set(says(wanted, server="https://l.example.org").values()) == {C}
    for holder in (Holder(url="https://example.org/"), Holder(email="rights@example.org")):
        assert set(says(TermsFor("/", dict.fromkeys(USES, C)), holder=holder).values()) == {C}
    assert set(says(TermsFor("/", dict.fromkeys(USES, C), payment="purchase")).values()) == {C}


def test_nothing_to_say() -> None:
    assert write_terms([]) == b""
    assert write_terms([TermsFor("/", {})]) == b""
    assert set(says(TermsFor("/", {Use.SEARCH: A})).values()) == {U}  # a list would reserve the others


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        (TermsFor("blog", {Use.SEARCH: R}), "bad-url"),
        (TermsFor("/", {Use.TRAIN: C}, "ask us"), "bad-address"),
        (TermsFor("/", {Use.TRAIN: C}, OFFER, payment="tip"), "bad-value"),
        (TermsFor("/", {Use.TRAIN: C}, OFFER, amount="1,5", currency="EUR"), "bad-amount"),
        (TermsFor("/", {Use.TRAIN: C}, OFFER, amount="1.5", currency="euro"), "bad-currency"),
        (TermsFor("/\x00", {Use.TRAIN: R}), "not-xml"),
    ],
)
def test_what_makes_no_conforming_document_is_refused(terms: TermsFor, told: str) -> None:
    with pytest.raises(InputError, match=told):
        write_terms([terms])


def test_what_would_break_the_markup_is_escaped() -> None:
    terms = TermsFor('/a"<b>&', {Use.SEARCH: R}, OFFER)
    data = write_terms([terms], holder=Holder('<x> & "y"', url="https://example.org/?a=1&b=<"))
    assert validate(data) == []
    assert read_back(data, 'https://example.org/a"<b>&')[Use.SEARCH] is R
