"""Where RSL terms are found: robots.txt, Link fields, pages and feeds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from countermark.reservations import rsl
from countermark.reservations.page import read_page
from countermark.reservations.response import Headers
from countermark.reservations.robots import parse_robots
from countermark.reservations.rsl.links import parse_links
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import judge

NS = "https://rslstandard.org/rsl"
TYPE = "application/rsl+xml"
SITE = "https://example.org"
TARGET = Target(f"{SITE}/a", "Quillbot")
PLACE = Place(f"{SITE}/a", "2026-11-01")
SHARED = Path(__file__).parents[2] / ".." / "shared" / "conformance" / "rsl" / "cases.json"


def terms(prohibits: str, url: str = "/") -> bytes:
    inner = f'<license><prohibits type="usage">{prohibits}</prohibits></license>'
    return f'<rsl xmlns="{NS}"><content url="{url}">{inner}</content></rsl>'.encode()


ONE, TWO = f"{SITE}/one.xml", f"{SITE}/two.xml"
DOCUMENTS = {ONE: terms("ai-train"), TWO: terms("search")}


def said(reading: Reading) -> dict[str, str]:
    verdict = judge(TARGET, [reading])
    return {str(use): str(verdict.answer(use)) for use in (Use.TRAIN, Use.SEARCH)}


def codes(reading: Reading) -> list[tuple[str, bool]]:
    return [(remark.code, remark.doubt) for remark in reading.remarks]


# robots.txt


def in_robots(text: str, agent: str = "Quillbot") -> Reading:
    target = Target(f"{SITE}/a", agent)
    return rsl.read_robots(parse_robots(text.encode()), target, PLACE, DOCUMENTS)


GROUPS = f"License: {ONE}\nUser-agent: Quillbot\nAllow: /\nLicense: {TWO}\n\nUser-agent: *\nDisallow: /x\n"


def test_lines_of_the_group_replace_those_before_all_groups() -> None:
    assert said(in_robots(GROUPS)) == {"train": "unknown", "search": "reserved"}
    assert said(in_robots(GROUPS, "Otherbot")) == {"train": "reserved", "search": "unknown"}


def test_a_statement_stands_in_the_terms_and_not_in_robots() -> None:
    (statement,) = in_robots(GROUPS).statements
    assert statement.place == Place(TWO, "2026-11-01")
    assert (statement.technique, statement.rank) == ("robots", 1)


def test_several_lines_are_all_read() -> None:
    text = f"User-agent: *\nlicense : {ONE}\nLICENSE: {TWO} # both\nLicense: {ONE}\n"
    assert said(in_robots(text)) == {"train": "reserved", "search": "reserved"}


def test_addresses_that_lead_nowhere_and_terms_that_are_not_at_hand() -> None:
    relative = in_robots("License: /one.xml\nUser-agent: *\nAllow: /\n")
    assert codes(relative) == [("rsl.not-absolute", True)]
    assert relative.remarks[0].line == 1
    absent = in_robots(f"License: {SITE}/three.xml\n")
    assert codes(absent) == [("rsl.terms-not-read", True)]
    assert dict(absent.remarks[0].facts) == {"address": f"{SITE}/three.xml"}
    assert not in_robots("User-agent: *\nDisallow: /\n")


def test_linked_names_what_may_be_fetched() -> None:
    robots = parse_robots((GROUPS + "License: /rel.xml\n").encode())
    assert rsl.linked(robots, "Quillbot") == (TWO,)
    assert rsl.linked(robots, "Otherbot") == ()  # the line of its group leads nowhere, and replaces the other
    assert rsl.linked(robots) == (ONE, TWO)


def test_the_scoping_cases() -> None:
    if not SHARED.exists():
        pytest.skip("the conformance data beside the repository is absent")
    for case in json.loads(SHARED.read_text())["robots_scoping"]:
        robots = parse_robots(case["robots_txt"].encode())
        assert list(rsl.linked(robots, case["agent"])) == case["licenses"]


# header fields


def in_headers(*values: str) -> Reading:
    return rsl.read_headers(Headers(("Link", value) for value in values), TARGET, PLACE, DOCUMENTS)


@pytest.mark.parametrize(
    "value",
    [
        f'<{ONE}>; rel="license"; type="{TYPE}"',
        f"<{ONE}>;rel=license;type={TYPE}",
        f'</style.css>; rel=preload; title="a, b; rel=\\"x\\"", <{ONE}>; rel="next LICENSE" ; type="{TYPE}"',
        f'<{ONE}> ; REL = license ; type="Application/RSL+XML; charset=utf-8"',
        f'<{ONE}>; rel=license; rel=next; type="{TYPE}"',
        f', ,<{ONE}>; rel=license; type="{TYPE}"; hreflang, </x>; rel=icon',
        f'<{SITE}/a,b;c>; rel=icon, <{ONE}>; rel=license; type="{TYPE}"',
    ],
)
def test_links_of_a_response(value: str) -> None:
    reading = in_headers(value)
    assert said(reading) == {"train": "reserved", "search": "unknown"}
    assert {(s.technique, s.rank) for s in reading.statements} == {("header", 2)}
    assert rsl.linked(Headers([("link", value)])) == (ONE,)


@pytest.mark.parametrize(
    "value",
    [
        "<https://licences.example.org/by/4.0/>; rel=license",
        f'<{ONE}>; rel="license"; type="text/html"',
        f'<{ONE}>; rel="describedby"; type="{TYPE}"',
        f'<{ONE}>; rel="license"; type="{TYPE}"; anchor="/other"',
        f'<{ONE}>; title="rel=license; type={TYPE}"',
        "",
    ],
)
def test_links_that_are_none(value: str) -> None:
    assert not in_headers(value)


def test_fields_are_joined_and_faults_told() -> None:
    both = in_headers(f'<{ONE}>; rel=license; type="{TYPE}"', f'<{TWO}>; rel=license; type="{TYPE}"')
    assert said(both) == {"train": "reserved", "search": "reserved"}
    assert codes(in_headers(f'</one.xml>; rel=license; type="{TYPE}"')) == [("rsl.not-absolute", True)]
    assert codes(in_headers(f"{ONE}; rel=license; type={TYPE}")) == [("rsl.bad-link", True)]
    assert codes(in_headers(f'</x>; rel=icon junk, <{ONE}>; rel=license; type="{TYPE}"')) == [
        ("rsl.bad-link", True)
    ]


def test_a_hostile_field_takes_no_time() -> None:
    links, rest = parse_links("<a>;" + 'x="\\' * 20_000 + ";,;" * 20_000)
    assert len(links) <= 1000
    assert rest
    assert len(parse_links("<a>," * 5000)[0]) == 1000


# pages


def in_page(html: str, documents: dict[str, bytes] = DOCUMENTS) -> Reading:
    return rsl.read_page(read_page(html.encode()), TARGET, PLACE, documents)


def test_a_linked_page() -> None:
    html = f'<link rel="license stylesheet" type="{TYPE}" href="{ONE}"><link rel="license" href="{TWO}">'
    assert said(in_page(html)) == {"train": "reserved", "search": "unknown"}
    assert rsl.linked(read_page(html.encode())) == (ONE,)
    assert codes(in_page(html, {})) == [("rsl.terms-not-read", True)]


def test_an_empty_url_means_the_page() -> None:
    html = f'<link rel="license" type="{TYPE}" href="{ONE}">'
    assert said(in_page(html, {ONE: terms("ai-train", "")}))["train"] == "reserved"


def test_terms_within_a_page() -> None:
    html = f'<html><script type="{TYPE}">\n{terms("search", "").decode()}\n</script><script>"<rsl"</script>'
    reading = in_page(html)
    assert said(reading) == {"train": "unknown", "search": "reserved"}
    (statement,) = reading.statements
    assert (statement.place, statement.technique, statement.rank) == (PLACE, "html", 2)
    assert codes(in_page(f'<script type="{TYPE}">&lt;rsl></script>')) == [("rsl.not-xml", True)]
    assert not in_page("<p>nothing</p>")


# feeds

ITEM = (
    '<rsl:content url="{url}"><rsl:license><rsl:prohibits type="usage">{out}</rsl:prohibits></rsl:license>'
    "</rsl:content>"
)


def feed(*items: str) -> bytes:
    return f'<rss version="2.0" xmlns:rsl="{NS}"><channel><title>x</title>{"".join(items)}</channel></rss>'.encode()


def item(url: str, out: str, link: str = f"{SITE}/a") -> str:
    return f"<item><title>t</title><link>{link}</link>{ITEM.format(url=url, out=out)}</item>"


def in_feed(data: bytes) -> Reading:
    return rsl.read_feed(data, TARGET, Place(f"{SITE}/feed.xml"))


def test_items_of_a_feed() -> None:
    data = feed(item(f"{SITE}/a", "ai-train"), item(f"{SITE}/b", "search", f"{SITE}/b"), item("", "search"))
    reading = in_feed(data)
    assert said(reading) == {"train": "reserved", "search": "reserved"}
    assert {s.rank for s in reading.statements} == {2}
    assert not in_feed(feed(item("", "all", f"{SITE}/ab")))


def test_an_atom_entry() -> None:
    links = f'<link rel="self" href="{SITE}/b"/><link href="{SITE}/a"/>'
    entry = f"<entry>{links}{ITEM.format(url='', out='ai-train')}</entry>"
    data = f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:rsl="{NS}">{entry}</feed>'.encode()
    assert said(in_feed(data))["train"] == "reserved"


def test_a_feed_does_not_speak_for_others() -> None:
    data = feed(item(f"{SITE}/a", "ai-train"))
    reading = rsl.read_feed(data, TARGET, Place("https://other.example/feed"))
    assert not reading.statements
    assert codes(reading) == [("rsl.foreign-origin", True)]


def test_faults_of_a_feed() -> None:
    assert not in_feed(b"<rss><channel/></rss>")
    assert codes(in_feed(feed("<item>"))) == [("rsl.not-xml", True)]
    assert ("rsl.bad-url", True) in codes(in_feed(feed(item("a b", "search"))))
    assert ("rsl.no-license", True) in codes(in_feed(feed(f'<item><rsl:content url="{SITE}/a"/></item>')))


def test_a_page_of_a_whole_response_over_the_site() -> None:
    """Everything together: the site reserves training, the page's own header allows it, and that is told."""
    inner = '<license><permits type="usage">ai-train</permits></license>'
    permitting = f'<rsl xmlns="{NS}"><content url="">{inner}</content></rsl>'
    documents = {ONE: terms("ai-train"), TWO: permitting.encode()}
    robots = rsl.read_robots(parse_robots(f"License: {ONE}\n".encode()), TARGET, PLACE, documents)
    headers = rsl.read_headers(
        Headers([("Link", f'<{TWO}>; rel=license; type="{TYPE}"')]), TARGET, PLACE, documents
    )
    verdict = judge(TARGET, [robots, headers])
    assert verdict.answer(Use.TRAIN) is Answer.ALLOWED
    assert {remark.code for remark in verdict.remarks} == {"rsl.page-over-site"}
