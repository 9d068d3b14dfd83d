"""Documents shaped like those that sites serve (invented here), with what is wrong in them and what they come to."""

from __future__ import annotations

import pytest

from countermark.reservations.rsl import read_terms, validate
from countermark.reservations.statement import Place
from countermark.reservations.target import Target
from countermark.reservations.use import USES, Answer
from countermark.reservations.verdict import judge

NS = "https://rslstandard.org/rsl"
R, C, A, U = Answer.RESERVED, Answer.CONDITIONAL, Answer.ALLOWED, Answer.UNKNOWN

# name: (media type, inner XML, objections, answers for tdm, train, generative, input, search)
DEPLOYED = {
    "a collective's licence, with a license server": (
        "application/xml",
        """<content url="/" server="https://api.collective.example"><license>
        <permits type="usage">ai-all</permits>
        <payment type="use"><standard>https://collective.example/license</standard></payment>
        </license></content>""",
        ["media-type"],
        (R, C, C, C, R),
    ),
    "the same, with a server that is no address": (
        "application/rsl+xml",
        """<content url="/" server="api.collective.example"><license>
        <permits type="usage">ai-all</permits>
        <payment><standard>https://collective.example/license</standard></payment>
        </license></content>""",
        ["bad-address"],
        (R, C, C, C, R),
    ),
    "a newspaper that permits and prohibits at once": (
        "application/xml",
        """<content url="https://news.example/"><license>
        <permits type="usage">ai-train ai-input</permits><prohibits type="usage">all</prohibits>
        <payment type="subscription"><custom>https://news.example/licensing</custom></payment>
        </license></content>""",
        ["media-type", "contradiction", "contradiction"],
        (R, R, R, R, R),
    ),
    "a forum without any license": (
        "application/rsl+xml; charset=utf-8",
        '<content url="/"><terms>https://forum.example/terms</terms></content>',
        ["no-license"],
        (U, U, U, U, U),
    ),
    "a platform that serves it as a page": (
        "text/html; charset=utf-8",
        """<content url="/"><license><prohibits type="usage">ai-train</prohibits></license></content>""",
        ["media-type"],
        (U, R, R, U, U),
    ),
    "a gateway with elements of its own": (
        "application/rsl+xml",
        """<content url="/*"><license urn="urn:example:42"><origin hostname="shop.example"/>
        <permits type="usage">ai-input</permits></license></content>""",
        ["unknown-attribute", "unknown-element"],
        (R, R, R, U, R),
    ),
    "a plugin that knows the words of another protocol": (
        "application/rsl+xml",
        """<content url="/"><license><permits type="usage">search</permits>
        <prohibits type="usage">train-ai</prohibits><payment type="subscription"><amount currency="USD">99</amount>
        </payment></license></content>""",
        ["unknown-token"],
        (R, R, R, R, C),
    ),
    "a blog with free and paid uses": (
        "application/rsl+xml",
        """<content url="/" lastmod="2026-08-09"><copyright type="person">A. Aubier</copyright>
        <license><permits type="usage">search ai-input</permits><payment type="free"/></license>
        <license><permits type="usage">ai-train</permits><payment type="attribution">
        <standard>https://blog.example/policy</standard></payment></license></content>""",
        [],
        (R, C, C, A, A),
    ),
    "terms that were written for the draft": (
        "application/rsl+xml",
        """<content url="/"><license><permits type="usage">train-ai,search</permits>
        <payment type="inference"><amount currency="XBT">0.0001</amount></payment></license></content>""",
        ["comma-list", "unknown-token", "old-payment", "bad-currency"],
        (U, U, U, U, C),
    ),
    "a page with a section of its own": (
        "application/rsl+xml",
        """<content url="/"><license><permits type="usage">all</permits></license></content>
        <content url="/books/*"><license><prohibits type="usage">ai-all</prohibits></license></content>""",
        [],
        (A, R, R, R, A),
    ),
}


@pytest.mark.parametrize("name", DEPLOYED)
def test_deployed(name: str) -> None:
    media_type, inner, objections, wanted = DEPLOYED[name]
    data = f'<?xml version="1.0" encoding="UTF-8"?>\n<rsl xmlns="{NS}">{inner}</rsl>'.encode()
    assert [found.code.removeprefix("rsl.") for found in validate(data, media_type)] == objections
    host = "news.example" if "news.example" in inner else "site.example"
    target = Target(f"https://{host}/books/1")
    verdict = judge(target, [read_terms(data, target, Place(f"https://{host}/license.xml"))])
    assert tuple(verdict.answer(use) for use in USES) == wanted
