"""What RSL terms say of a target: every rule of the specification that is read, on documents of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from countermark.reservations.rsl import read_terms, resolve, validate
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import USES, Answer, Use
from countermark.reservations.verdict import Verdict, judge

NS = "https://rslstandard.org/rsl"
SITE = "https://example.org"
PLACE = Place(f"{SITE}/licence.xml", "2026-11-01")
SHARED = Path(__file__).parents[2] / ".." / "shared" / "conformance" / "rsl" / "cases.json"

R, C, A, U = Answer.RESERVED, Answer.CONDITIONAL, Answer.ALLOWED, Answer.UNKNOWN


def rsl(*contents: str) -> bytes:
    return f'<rsl xmlns="{NS}">{"".join(contents)}</rsl>'.encode()


def content(inner: str, url: str = "/", more: str = "") -> str:
    return f'<content url="{url}"{more}>{inner}</content>'


def license_(permits: str = "", prohibits: str = "", more: str = "") -> str:
    permitted = f'<permits type="usage">{permits}</permits>' if permits else ""
    prohibited = f'<prohibits type="usage">{prohibits}</prohibits>' if prohibits else ""
    return f"<license>{permitted}{prohibited}{more}</license>"


def read(data: bytes, path: str = "/a") -> Reading:
    return read_terms(data, Target(f"{SITE}{path}"), PLACE)


def verdict(data: bytes, path: str = "/a") -> Verdict:
    return judge(Target(f"{SITE}{path}"), [read(data, path)])


def answers(data: bytes, path: str = "/a") -> tuple[Answer, ...]:
    """The answers in the order tdm, train, generative, input, search."""
    said = verdict(data, path)
    return tuple(said.answer(use) for use in USES)


@pytest.mark.parametrize(
    ("permits", "prohibits", "wanted"),
    [
        ("", "all", (R, R, R, R, R)),
        ("", "ai-all", (U, R, R, R, U)),
        ("", "ai-train", (U, R, R, U, U)),
        ("", "ai-input", (U, U, U, R, U)),
        ("", "ai-index", (U, U, U, R, U)),  # retrieval from such an index is a part of input
        ("", "search", (U, U, U, U, R)),
        ("all", "", (A, A, A, A, A)),
        ("ai-all", "", (R, A, A, A, R)),  # the list is exhaustive
        ("ai-train", "", (R, A, A, R, R)),
        ("ai-index", "", (R, R, R, R, R)),  # none of our uses
        ("search ai-input", "", (R, R, R, A, A)),
        ("  search\n\t ai-input ", "", (R, R, R, A, A)),
        ("all", "ai-train", (A, R, R, A, A)),
        ("all", "ai-index", (A, A, A, R, A)),
        (
            "ai-train ai-input",
            "all",
            (R, R, R, R, R),
        ),  # prohibition over permission, though the permission is narrower
        ("", "", (U, U, U, U, U)),
    ],
)
def test_tokens(permits: str, prohibits: str, wanted: tuple[Answer, ...]) -> None:
    assert answers(rsl(content(license_(permits, prohibits)))) == wanted


def test_a_contradiction_within_the_specification_is_told() -> None:
    reading = read(rsl(content(license_("ai-input", "all"))))
    (remark,) = reading.remarks
    assert (remark.code, remark.doubt) == ("rsl.contradiction", False)
    assert dict(remark.facts) == {"type": "usage", "permitted": "ai-input", "prohibited": "all"}


@pytest.mark.parametrize(
    ("more", "wanted", "terms"),
    [
        ('<payment type="free"/>', A, ""),
        ("", A, ""),
        ('<payment type="attribution"/>', C, "payment: attribution"),
        ('<payment type="contribution"/>', C, "payment: contribution"),
        ("<payment/>", C, "payment"),
        ('<payment type="inference"/>', C, "payment: inference"),
        (
            '<payment type="crawl"><amount currency="EUR">0.015</amount></payment>',
            C,
            "payment: crawl 0.015 EUR",
        ),
        ("<payment><custom>https://example.org/ask</custom></payment>", C, "https://example.org/ask"),
        ("<payment><custom>/ask</custom></payment>", C, "https://example.org/ask"),
        (
            '<payment type="free"><standard>https://example.org/standard</standard></payment>',
            C,
            "https://example.org/standard; payment: free",
        ),
        (
            (
                '<payment type="use"><standard>https://s.example.org/</standard>'
                '<custom>https://c.example.org/</custom><accepts type="application/x402+json"/></payment>'
            ),
            C,
            "https://c.example.org/; https://s.example.org/; payment: use application/x402+json",
        ),
        ('<permits type="user">education government</permits>', C, "user: education government"),
        ('<prohibits type="user">commercial</prohibits>', C, "user: not commercial"),
        ('<permits type="geo">FR BE</permits>', C, "geo: FR BE"),
        ('<prohibits type="geo">US</prohibits>', C, "geo: not US"),
        (
            '<reporting type="audit" profile="https://example.org/p"/>',
            C,
            "reporting: audit https://example.org/p",
        ),
        ('<legal type="disclaimer">as-is</legal>', A, ""),
    ],
)
def test_conditions(more: str, wanted: Answer, terms: str) -> None:
    said = verdict(rsl(content(license_("ai-train", "", more)))).uses[Use.TRAIN]
    assert said.answer is wanted
    assert said.terms == ((terms,) if terms else ())


@pytest.mark.parametrize(
    ("attribute", "terms"),
    [
        (' server="https://l.example.org"', "token: https://l.example.org"),
        (' encrypted="true"', "encrypted"),
        (' encrypted="TRUE"', "encrypted"),
        (' encrypted="maybe"', "encrypted"),
    ],
)
def test_access_is_a_condition(attribute: str, terms: str) -> None:
    granted = verdict(rsl(content(license_("all"), more=attribute)))
    assert {granted.answer(use) for use in USES} == {C}
    assert granted.uses[Use.TDM].terms == (terms,)
    assert answers(rsl(content(license_("all"), more=' encrypted="false"'))) == (A, A, A, A, A)


def test_terms_in_words_are_the_address_where_the_payment_has_none() -> None:
    inner = license_("ai-train", "", '<payment type="purchase"/>') + "<terms>/words</terms>"
    assert verdict(rsl(content(inner))).uses[Use.TRAIN].terms == (
        "https://example.org/words; payment: purchase",
    )


def test_a_license_without_usages_binds_every_use_but_grants_none() -> None:
    paid = license_("", "ai-train", '<payment type="crawl"/>')
    assert answers(rsl(content(paid))) == (C, R, R, C, C)
    free = license_("", "ai-train", '<payment type="free"/>')
    assert answers(rsl(content(free))) == (U, R, R, U, U)
    # ... and does not loosen what the site reserves
    assert (
        answers(rsl(content(license_("", "all")), content("<license><payment/></license>", "/a"))) == (R,) * 5
    )


def test_of_several_licenses_the_narrowest_word_decides() -> None:
    paid = '<payment type="training"/>'
    both = license_("all", "", '<payment type="free"/>') + license_("ai-train", "", paid)
    assert answers(rsl(content(both))) == (A, C, C, A, A)
    other = license_("search", "", '<payment type="free"/>') + license_("all", "", paid)
    assert answers(rsl(content(other))) == (C, C, C, C, A)
    equals = license_("ai-train", "", '<payment type="free"/>') + license_("ai-train", "", paid)
    assert answers(rsl(content(equals))) == (R, C, C, R, R)


def test_a_prohibition_in_any_license_stands() -> None:
    assert answers(rsl(content(license_("all") + license_("", "ai-train")))) == (A, R, R, A, A)


@pytest.mark.parametrize(
    ("url", "path", "matches"),
    [
        ("/", "/a", True),
        ("", "/a", True),
        ("/a", "/a/b", True),
        ("/a$", "/a/b", False),
        ("/*.html$", "/x/y.html", True),
        ("/b", "/a", False),
        ("https://example.org/", "/a", True),
        ("https://example.org", "/a", True),
        ("https://EXAMPLE.org:443/a", "/a", True),
        ("http://example.org/a", "/a", True),
        ("https://example.org/*?page=", "/list?page=2", True),
        ("https://example.com/", "/a", False),
        ("https://example.org:8443/", "/a", False),
    ],
)
def test_urls(url: str, path: str, matches: bool) -> None:
    reading = read(rsl(content(license_("", "search"), url)), path)
    assert bool(reading.statements) is matches
    assert [remark.code for remark in reading.remarks] == ([] if matches else ["rsl.elsewhere"])


def test_narrow_over_broad_in_both_directions() -> None:
    closed = rsl(content(license_("all")), content(license_("all", "ai-train"), "/articles/"))
    assert answers(closed, "/articles/1") == (A, R, R, A, A)
    assert answers(closed, "/other") == (A, A, A, A, A)
    opened = rsl(content(license_("", "all")), content(license_("ai-train"), "/open/"))
    said = verdict(opened, "/open/1")
    assert tuple(said.answer(use) for use in USES) == (R, A, A, R, R)
    told = [dict(remark.facts) for remark in said.remarks if remark.code == "rsl.narrow-over-broad"]
    assert [facts["use"] for facts in told] == ["train", "generative"]
    assert told[0]["said"] == "reserved"
    assert (told[0]["scope"], told[0]["by_scope"]) == ("/", "/open/")


def test_the_broader_speaks_where_the_narrower_is_silent() -> None:
    data = rsl(content(license_("all")), content(license_("", "ai-train"), "/articles/"))
    assert answers(data, "/articles/1") == (A, R, R, A, A)


def test_two_of_one_scope_the_stricter() -> None:
    data = rsl(content(license_("ai-train", "", "<payment/>")), content(license_("", "ai-train")))
    assert answers(data) == (R, R, R, R, R)
    assert answers(rsl(content(license_("all")), content(license_("all", "", "<payment/>")))) == (C,) * 5


def test_order_is_irrelevant() -> None:
    parts = [
        content(license_("all")),
        content(license_("", "ai-train"), "/a"),
        content(license_("search"), "/a/b"),
    ]
    assert answers(rsl(*parts), "/a/b") == answers(rsl(*parts[::-1]), "/a/b")


def test_a_target_without_address() -> None:
    target = Target()
    one = rsl(content(license_("search"), "https://example.org/book"))
    assert judge(target, [read_terms(one, target, PLACE)]).answer(Use.SEARCH) is A
    two = rsl(content(license_("all")), content(license_("", "ai-train"), "/x"))
    said = judge(target, [read_terms(two, target, PLACE)])
    assert said.answer(Use.TRAIN) is R
    assert said.answer(Use.SEARCH) is U  # only one of the two allows it


def test_a_statement_has_its_bytes_its_line_and_its_scope() -> None:
    data = (
        f'<?xml version="1.0"?>\n<!-- é -->\n<rsl:rsl xmlns:rsl="{NS}">\n <rsl:content url="/a*">\n  <rsl:license>\n'
        '   <rsl:prohibits type="usage">search</rsl:prohibits >\n  </rsl:license>\n </rsl:content>\n</rsl:rsl>'
    )
    (statement,) = read(data.encode()).statements
    assert statement.raw == b'<rsl:prohibits type="usage">search</rsl:prohibits >'
    assert (statement.line, statement.scope, statement.revision) == (6, "/a*", "1.0")
    assert (statement.protocol, statement.technique, statement.place) == ("rsl", "terms", PLACE)


def test_foreign_elements_are_passed_over() -> None:
    inner = license_(
        "search", "", '<x:payment xmlns:x="https://example.org/x" type="crawl"><x:y/></x:payment>'
    )
    assert answers(rsl(content(inner))) == (R, R, R, R, A)


def test_a_prohibited_word_of_another_vocabulary_is_a_doubt() -> None:
    reading = read(rsl(content(license_("search", "x:cloning"))))
    assert [(r.code, r.doubt) for r in reading.remarks] == [("rsl.extension", True)]
    assert answers(rsl(content(license_("search", "x:cloning")))) == (R, R, R, R, U)
    assert answers(rsl(content(license_("x:reading")))) == (R, R, R, R, R)


BROKEN = {
    "not-xml": b"<rsl",
    "not-xml ": b"",
    "doctype": b'<!DOCTYPE rsl [<!ENTITY a "b">]><rsl xmlns="https://rslstandard.org/rsl"/>',
    "too-large": b" " * ((4 << 20) + 1),
    "too-deep": b"<a>" * 100,
    "too-many-elements": b"<a>" + b"<b/>" * 30_000,
    "root": f'<license xmlns="{NS}"/>'.encode(),
    "no-namespace": b'<rsl><content url="/"><license/></content></rsl>',
    "wrong-namespace": b'<rsl xmlns="http://rslstandard.org/rsl"><content url="/"><license/></content></rsl>',
    "no-content": f'<rsl xmlns="{NS}"/>'.encode(),
}


@pytest.mark.parametrize("code", BROKEN)
def test_what_cannot_be_read_is_a_doubt(code: str) -> None:
    reading = read(BROKEN[code])
    assert not reading.statements
    assert [(r.code, r.doubt) for r in reading.remarks] == [(f"rsl.{code.strip()}", True)]


@pytest.mark.parametrize(
    "inner",
    [
        '<license><permit type="usage">all</permit><permits type="usage">all</permits></license>',
        '<license><permits type="usage">all</permits></license><license><prohibit>all</prohibit></license>',
        '<license><permits type="usage">all</permits><prohibits type="usage">train-ai</prohibits></license>',
        '<license><permits type="usage">all</permits><prohibits type="use">ai-train</prohibits></license>',
        '<license><permits type="usage">all</permits><prohibits xmlns="" type="usage">ai-train</prohibits></license>',
        '<license><permits type="usage">all, search</permits></license>',
    ],
)
def test_a_faulty_document_allows_nothing(inner: str) -> None:
    assert A not in answers(rsl(content(inner)))


def test_what_a_faulty_document_prohibits_counts() -> None:
    assert answers(rsl(content("<license><permit/><prohibits>ai-train</prohibits></license>"))) == (
        U,
        R,
        R,
        U,
        U,
    )


def test_rsl_09_is_told_as_such() -> None:
    data = rsl(content(license_("search,ai-input", "ai-train,ai-all", '<payment type="inference"/>')))
    reading = read(data)
    assert reading.remarks[0].code == "rsl.old-version"
    assert {statement.revision for statement in reading.statements} == {"0.9"}
    assert answers(data) == (U, R, R, R, C)


def test_many_faults_are_counted() -> None:
    reading = read(rsl(content("<license/>" + "<licence/>" * 60)))
    assert [r.code for r in reading.remarks] == ["rsl.unknown-element"] * 50 + ["rsl.more-faults"]
    assert dict(reading.remarks[-1].facts) == {"count": "10"}
    assert all(r.doubt for r in reading.remarks)


def test_what_only_describes_raises_no_doubt() -> None:
    inner = (
        license_("search", "", '<legal type="warranty">ownership,authority</legal>')
        + "<terms>see below</terms>"
    )
    data = rsl(content(inner, more=' lastmod="yesterday"'))
    assert len(validate(data)) == 3
    assert not read(data).remarks
    assert answers(data)[4] is A


def test_page_over_site_and_of_equals_the_stricter() -> None:
    target = Target(f"{SITE}/a")
    site = read_terms(rsl(content(license_("", "ai-train"))), target, Place("site"))
    page = read_terms(rsl(content(license_("ai-train"), "")), target, Place("page"), "html", rank=2)
    said = judge(target, [site, page])
    assert said.answer(Use.TRAIN) is A
    assert [r.code for r in said.remarks] == ["rsl.page-over-site", "rsl.page-over-site"]
    other = read_terms(rsl(content(license_("", "ai-train"))), target, Place("other"), "html", rank=2)
    assert judge(target, [site, page, other]).answer(Use.TRAIN) is R


def test_a_bare_condition_of_a_page_does_not_loosen_the_site() -> None:
    target = Target(f"{SITE}/a")
    site = read_terms(rsl(content(license_("", "ai-train"))), target, Place("site"))
    page = read_terms(
        rsl(content("<license><payment/></license>", "")), target, Place("page"), "html", rank=2
    )
    assert judge(target, [site, page]).answer(Use.TRAIN) is R
    assert judge(target, [site, page]).answer(Use.SEARCH) is C


def test_resolve_of_nothing() -> None:
    assert resolve([]) == ([], [])


MEANING = {"prohibited": R, "permitted": A, "unspecified": U}


def test_the_conformance_cases() -> None:
    if not SHARED.exists():
        pytest.skip("the conformance data beside the repository is absent")
    for case in json.loads(SHARED.read_text())["documents"]:
        data = case["xml"].encode()
        if case.get("valid") is False:
            assert validate(data), case
            continue
        said = verdict(data, case["path"])
        for token, use in (("ai-train", Use.TRAIN), ("search", Use.SEARCH)):
            if token in case:
                wanted = R if case[token].startswith("not licensed") else MEANING[case[token]]
                assert said.answer(use) is wanted, case
