"""Each way not to conform, at least once; documents and sites are invented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from countermark.reservations.rsl import validate
from countermark.reservations.words import rsl as words

NS = "https://rslstandard.org/rsl"
FULL = f"""<?xml version="1.0" encoding="UTF-8"?>
<rsl xmlns="{NS}" max-age="14">
  <content url="/" server="https://licences.example.org" encrypted="false" lastmod="2026-10-01T00:00:00Z">
    <license>
      <permits type="usage">search ai-input x:reading</permits>
      <prohibits type="usage">ai-train</prohibits>
      <permits type="user">education non-commercial</permits>
      <prohibits type="geo">US EU</prohibits>
      <payment type="crawl">
        <standard>urn:example:framework</standard>
        <custom>/ask</custom>
        <amount currency="EUR">0.015</amount>
        <accepts type="application/x402+json"><![CDATA[{{"a": 1}}]]></accepts>
      </payment>
      <reporting type="telemetry" profile="https://example.org/profile" endpoint="https://example.org/in"/>
      <reporting type="audit" profile="https://example.org/profile"/>
      <legal type="warranty">ownership authority</legal>
      <legal type="disclaimer">as-is no-liability</legal>
      <legal type="attestation">true</legal>
      <legal type="contact">mailto:rights@example.org</legal>
      <legal type="proof">https://example.org/1 https://example.org/2</legal>
    </license>
    <license/>
    <alternate type="text/markdown">/index.md</alternate>
    <schema type="application/ld+json">{{"@context": "https://schema.org"}}</schema>
    <copyright type="organization" contactEmail="rights@example.org" contactUrl="https://example.org/">Aubier</copyright>
    <terms>https://example.org/terms</terms>
    <e:extra xmlns:e="https://example.org/e"><e:license/></e:extra>
  </content>
  <content url=""><license><prohibits type="usage">all</prohibits></license></content>
</rsl>
"""


def test_a_conforming_document() -> None:
    assert validate(FULL.encode()) == []
    assert validate(FULL.encode("utf-8"), "application/rsl+xml; charset=utf-8") == []


def within(inner: str, url: str = 'url="/"') -> str:
    return f'<rsl xmlns="{NS}">\n<content {url}>\n{inner}\n</content>\n</rsl>'


def licensed(inner: str) -> str:
    return within(f"<license>\n{inner}\n</license>")


CASES = [
    # code, line, where, document
    ("not-xml", 2, "", f'<rsl xmlns="{NS}">\n</content>'),
    ("doctype", 1, "", f'<!DOCTYPE rsl><rsl xmlns="{NS}"/>'),
    ("too-deep", 1, "", "<a>" * 70),
    ("byte-order-mark", 1, "", "\ufeff" + FULL),
    ("root", 1, "/licence", f'<licence xmlns="{NS}"/>'),
    ("no-namespace", 1, "/rsl", '<rsl><content url="/"><license/></content></rsl>'),
    (
        "wrong-namespace",
        1,
        "/rsl",
        FULL.replace("https://rslstandard", "http://rslstandard").partition("\n")[2],
    ),
    (
        "wrong-namespace",
        1,
        "/rsl",
        '<rsl xmlns="https://rslstandard.org/rsl/"><content url="/"><license/></content></rsl>',
    ),
    ("no-content", 1, "/rsl", f'<rsl xmlns="{NS}"/>'),
    ("bad-max-age", 1, "/rsl", f'<rsl xmlns="{NS}" max-age="0"><content url="/"><license/></content></rsl>'),
    (
        "bad-max-age",
        1,
        "/rsl",
        f'<rsl xmlns="{NS}" max-age="P1D"><content url="/"><license/></content></rsl>',
    ),
    (
        "unknown-attribute",
        1,
        "/rsl",
        f'<rsl xmlns="{NS}" version="1.0"><content url="/"><license/></content></rsl>',
    ),
    ("unknown-element", 3, "/rsl/content[1]/licence[1]", within("<licence/><license/>")),
    (
        "unknown-element",
        4,
        "/rsl/content[1]/license[1]/permit[1]",
        licensed('<permit type="usage">all</permit>'),
    ),
    (
        "misplaced-element",
        3,
        "/rsl/content[1]/permits[1]",
        within('<permits type="usage">all</permits><license/>'),
    ),
    ("unqualified-element", 3, "/rsl/content[1]/license[1]", within('<license xmlns=""/><license/>')),
    ("no-license", 2, "/rsl/content[1]", within("<terms>/t</terms>")),
    ("no-url", 2, "/rsl/content[1]", within("<license/>", "")),
    ("bad-url", 2, "/rsl/content[1]", within("<license/>", 'url="blog/"')),
    ("bad-url", 2, "/rsl/content[1]", within("<license/>", 'url="//example.org/"')),
    ("bad-url", 2, "/rsl/content[1]", within("<license/>", 'url="https://*.example.org/"')),
    ("bad-url", 2, "/rsl/content[1]", within("<license/>", 'url="/a b"')),
    ("bad-url", 2, "/rsl/content[1]", within("<license/>", 'url="https://["')),
    ("empty-url", 2, "/rsl/content[1]", within("<license/>", 'url="" server="https://l.example.org"')),
    ("bad-address", 2, "/rsl/content[1]", within("<license/>", 'url="/" server="l.example.org"')),
    ("bad-boolean", 2, "/rsl/content[1]", within("<license/>", 'url="/" encrypted="TRUE"')),
    ("bad-date", 2, "/rsl/content[1]", within("<license/>", 'url="/" lastmod="1 May 2026"')),
    ("bad-date", 2, "/rsl/content[1]", within("<license/>", 'url="/" lastmod="2026-13-01"')),
    ("no-type", 4, "/rsl/content[1]/license[1]/permits[1]", licensed("<permits>all</permits>")),
    (
        "bad-type",
        4,
        "/rsl/content[1]/license[1]/prohibits[1]",
        licensed('<prohibits type="use">all</prohibits>'),
    ),
    ("type-twice", 4, "/rsl/content[1]/license[1]/permits", licensed('<permits type="geo">FR</permits>' * 2)),
    (
        "comma-list",
        4,
        "/rsl/content[1]/license[1]/permits[1]",
        licensed('<permits type="usage">search,ai-input</permits>'),
    ),
    (
        "unknown-token",
        4,
        "/rsl/content[1]/license[1]/permits[1]",
        licensed('<permits type="usage">train-ai</permits>'),
    ),
    (
        "unknown-token",
        4,
        "/rsl/content[1]/license[1]/permits[1]",
        licensed('<permits type="usage">ALL</permits>'),
    ),
    (
        "unknown-token",
        4,
        "/rsl/content[1]/license[1]/permits[1]",
        licensed('<permits type="user">everybody</permits>'),
    ),
    (
        "unknown-token",
        4,
        "/rsl/content[1]/license[1]/permits[1]",
        licensed('<permits type="geo">fr</permits>'),
    ),
    ("empty-list", 4, "/rsl/content[1]/license[1]/permits[1]", licensed('<permits type="usage"> </permits>')),
    (
        "contradiction",
        3,
        "/rsl/content[1]/license[1]",
        licensed('<permits type="usage">all</permits><prohibits type="usage">all</prohibits>'),
    ),
    (
        "contradiction",
        3,
        "/rsl/content[1]/license[1]",
        licensed('<permits type="geo">FR</permits><prohibits type="geo">FR</prohibits>'),
    ),
    (
        "element-twice",
        4,
        "/rsl/content[1]/license[1]/payment",
        licensed('<payment type="free"/><payment type="use"/>'),
    ),
    ("old-payment", 4, "/rsl/content[1]/license[1]/payment[1]", licensed('<payment type="inference"/>')),
    ("bad-value", 4, "/rsl/content[1]/license[1]/payment[1]", licensed('<payment type="per-token"/>')),
    (
        "bad-currency",
        4,
        "/rsl/content[1]/license[1]/payment[1]/amount[1]",
        licensed('<payment><amount currency="XBT">1</amount></payment>'),
    ),
    (
        "missing-attribute",
        4,
        "/rsl/content[1]/license[1]/payment[1]/amount[1]",
        licensed("<payment><amount>1</amount></payment>"),
    ),
    (
        "bad-amount",
        4,
        "/rsl/content[1]/license[1]/payment[1]/amount[1]",
        licensed('<payment><amount currency="EUR">1,5</amount></payment>'),
    ),
    (
        "bad-address",
        4,
        "/rsl/content[1]/license[1]/payment[1]/standard[1]",
        licensed("<payment><standard>example.org</standard></payment>"),
    ),
    (
        "bad-address",
        4,
        "/rsl/content[1]/license[1]/payment[1]/custom[1]",
        licensed("<payment><custom>write to us</custom></payment>"),
    ),
    (
        "bad-value",
        4,
        "/rsl/content[1]/license[1]/payment[1]/accepts[1]",
        licensed('<payment><accepts type="x402"/></payment>'),
    ),
    (
        "bad-value",
        4,
        "/rsl/content[1]/license[1]/reporting[1]",
        licensed('<reporting type="monthly" profile="https://example.org/"/>'),
    ),
    (
        "missing-attribute",
        4,
        "/rsl/content[1]/license[1]/reporting[1]",
        licensed('<reporting type="audit"/>'),
    ),
    (
        "bad-address",
        4,
        "/rsl/content[1]/license[1]/reporting[1]",
        licensed('<reporting type="audit" profile="p"/>'),
    ),
    (
        "bad-address",
        4,
        "/rsl/content[1]/license[1]/reporting[1]",
        licensed('<reporting type="audit" profile="urn:p" endpoint="http://example.org/"/>'),
    ),
    ("bad-value", 4, "/rsl/content[1]/license[1]/legal[1]", licensed('<legal type="promise">x</legal>')),
    (
        "unknown-token",
        4,
        "/rsl/content[1]/license[1]/legal[1]",
        licensed('<legal type="warranty">honest</legal>'),
    ),
    (
        "bad-boolean",
        4,
        "/rsl/content[1]/license[1]/legal[1]",
        licensed('<legal type="attestation">yes</legal>'),
    ),
    (
        "bad-address",
        4,
        "/rsl/content[1]/license[1]/legal[1]",
        licensed('<legal type="contact">ask us</legal>'),
    ),
    ("bad-address", 4, "/rsl/content[1]/license[1]/legal[1]", licensed('<legal type="proof"/>')),
    (
        "bad-value",
        3,
        "/rsl/content[1]/copyright[1]",
        within('<license/><copyright type="firm">A</copyright>'),
    ),
    (
        "bad-address",
        3,
        "/rsl/content[1]/copyright[1]",
        within('<license/><copyright contactEmail="a">A</copyright>'),
    ),
    (
        "bad-address",
        3,
        "/rsl/content[1]/copyright[1]",
        within('<license/><copyright contactUrl="a">A</copyright>'),
    ),
    ("bad-address", 3, "/rsl/content[1]/terms[1]", within("<license/><terms>All rights reserved.</terms>")),
    ("bad-address", 3, "/rsl/content[1]/alternate[1]", within("<license/><alternate/>")),
    ("bad-address", 3, "/rsl/content[1]/schema[1]", within("<license/><schema>{}</schema>")),
]


@pytest.mark.parametrize(("code", "line", "where", "document"), CASES)
def test_one_fault_one_objection(code: str, line: int, where: str, document: str) -> None:
    (found,) = validate(document.encode())
    assert (found.code, found.line, found.where) == (f"rsl.{code}", line, where)


@pytest.mark.parametrize(
    ("code", "data"),
    [("too-large", b" " * ((4 << 20) + 1)), ("too-many-elements", b"<a>" + b"<b/>" * 30_000)],
)
def test_bounds(code: str, data: bytes) -> None:
    (found,) = validate(data)
    assert found.code == f"rsl.{code}"


@pytest.mark.parametrize("given", ["application/xml", "text/html; charset=utf-8", "TEXT/XML"])
def test_the_media_type(given: str) -> None:
    (found,) = validate(FULL.encode(), given)
    assert found.code == "rsl.media-type"
    assert dict(found.facts)["accepted"] == "application/rsl+xml"


def test_everything_is_named_at_once() -> None:
    document = licensed(
        '<permits type="usage">all</permits><prohibits type="usage">all</prohibits><permit/>'
        '<payment type="inference"/><payment/>'
    ).replace("</content>", '</content>\n<content url="x"/>')
    codes = [found.code.removeprefix("rsl.") for found in validate(document.encode(), "application/xml")]
    assert codes == [
        "media-type",
        "contradiction",
        "unknown-element",
        "old-payment",
        "element-twice",
        "bad-url",
        "no-license",
    ]


def test_all_but_one_use_is_no_contradiction() -> None:
    inner = '<permits type="usage">all</permits><prohibits type="usage">ai-train</prohibits>'
    assert validate(licensed(inner).encode()) == []


def test_unknown_words_of_one_list_are_told_together() -> None:
    inner = f'<permits type="usage">{" ".join(f"w{n}" for n in range(9000))}</permits>'
    (found,) = validate(licensed(inner).encode())
    assert dict(found.facts)["value"] == "w0, w1, w2, w3, w4, … (+8995)"


def test_a_feed() -> None:
    inner = '<rsl:license><rsl:permits type="usage">a,b</rsl:permits></rsl:license>'
    item = f'<item><rsl:content url="/">{inner}</rsl:content></item>'
    feed = f'<rss xmlns:rsl="{NS}">\n<channel>\n{item}</channel></rss>'
    found = validate(feed.encode(), "application/rss+xml")
    assert [(one.code, one.line) for one in found] == [("rsl.comma-list", 3), ("rsl.unknown-token", 3)]
    assert found[0].where == "//content[1]/license[1]/permits[1]"
    assert validate(b"<rss><channel/></rss>") == []


def test_other_encodings() -> None:
    document = FULL.replace("UTF-8", "UTF-16").replace("Aubier", "Éditions")
    assert [found.code for found in validate(document.encode("utf-16"))] == ["rsl.byte-order-mark"]
    assert validate(FULL.replace("UTF-8", "ISO-8859-1").replace("Aubier", "É").encode("latin-1")) == []
    assert [f.code for f in validate(FULL.replace("UTF-8", "x-none").encode())] == ["rsl.not-xml"]


PLACEHOLDER = re.compile(r"\{(\w+)\}")


def test_sentences_stand_in_both_languages_with_the_same_facts() -> None:
    assert words.EN.keys() == words.FR.keys()
    for key, english in words.EN.items():
        assert set(PLACEHOLDER.findall(english)) == set(PLACEHOLDER.findall(words.FR[key])), key
        assert not re.search(r"[^\u202f]([;!?])|[^\u00a0\d]:(?!//)|« | »|'", words.FR[key]), key


def test_every_sentence_can_be_said() -> None:
    for code, _, _, document in CASES:
        for found in validate(document.encode(), "text/xml"):
            for language in (words.EN, words.FR):
                assert language[found.code].format(**dict(found.facts))
        assert f"rsl.{code}" in words.EN


def test_no_code_without_a_sentence() -> None:
    folder = Path(words.__file__).parents[1] / "rsl"
    source = "".join(path.read_text() for path in sorted(folder.glob("*.py")))
    said = set(
        re.findall(
            r'(?:yield |remark\(|BrokenRslError\(|return |_fault\([^"]*\(?)"([a-z0-9]+(?:-[a-z0-9]+)+)"',
            source,
        )
    )
    assert said
    assert {f"rsl.{code}" for code in said} <= words.EN.keys()
