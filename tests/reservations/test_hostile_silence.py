"""Hostile and damaged sources: nothing that may have been a reservation is lost without a word, and time stays linear.

Each source stands beside a Content-Usage header that allows, so that what is lost in silence comes out as `allowed`.
"""

from __future__ import annotations

import gzip
import io
import os
import unicodedata
import zipfile
from pathlib import Path

import pytest

from countermark.errors import InputError
from countermark.reservations.containers.tiff import _Reader
from countermark.reservations.folder import SiteFolder
from countermark.reservations.page import looks_like_page
from countermark.reservations.response import Headers, Response, Site
from countermark.reservations.sources import read_file, verdict_of
from countermark.reservations.statement import Place
from countermark.reservations.target import Target
from countermark.reservations.telling import verdict_lines
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import Verdict, judge

URL = "https://example.org/novel"
ALLOWS = ("Content-Usage", "train-ai=y, ai-use=y, search=y")


def served(*fields: tuple[str, str], robots: bytes = b"", body: bytes = b"") -> Verdict:
    """A response that allows in its header, and the site's robots.txt."""
    site = Site("https://example.org", Response("https://example.org/robots.txt", body=robots))
    return verdict_of(Target(URL), site, Response(URL, headers=Headers([ALLOWS, *fields]), body=body))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_robots_in_wide_letters_leaves_a_doubt(encoding: str) -> None:
    """No parser reads such a file; that it forbids everything must not be taken for silence."""
    verdict = served(robots="User-agent: *\nDisallow: /\n".encode(encoding))
    assert verdict.answer(Use.GENERATIVE) is not Answer.ALLOWED


def test_no_signal_is_cut_off_in_silence() -> None:
    """Signals beyond the number that is read are a doubt."""
    others = ",".join(f"x{number}=1" for number in range(64))
    robots = f"User-agent: *\nContent-Signal: ai-train=yes,{others},ai-train=no\n".encode()
    assert served(robots=robots).answer(Use.TRAIN) is not Answer.ALLOWED


@pytest.mark.parametrize("value", ["max-snippet: 50; noai", "max-snippet:50 noai", "noindex: noai", "noai:"])
def test_noai_beside_a_colon_is_not_lost(value: str) -> None:
    """What follows the value of a directive is read, and a directive is never taken for an agent."""
    assert served(("X-Robots-Tag", value)).answer(Use.GENERATIVE) is not Answer.ALLOWED


def test_metas_beyond_the_limit_of_an_epub_leave_a_doubt() -> None:
    """A package with more metas than are read."""
    metas = '<meta property="a">b</meta>' * 10_001
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata>'
        f'<meta property="tdm:reservation">0</meta>{metas}<meta property="tdm:reservation">1</meta>'
        "</metadata></package>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>',
        )
        archive.writestr("p.opf", package)
    target = Target()
    verdict = judge(target, [read_file(file.getvalue(), "book.epub", target, Place("book.epub"))])
    assert verdict.answer(Use.TDM) is not Answer.ALLOWED


def test_two_statuses_of_one_constraint_never_allow() -> None:
    """ONIX admits one status; of two the one that permits must not stand alone."""
    record = (
        b"<ONIXMessage><Product><EpubUsageConstraint><EpubUsageType>11</EpubUsageType>"
        b"<EpubUsageStatus>03</EpubUsageStatus><EpubUsageStatus>01</EpubUsageStatus>"
        b"</EpubUsageConstraint></Product></ONIXMessage>"
    )
    target = Target()
    verdict = judge(target, [read_file(record, "record.xml", target, Place("record.xml"))])
    assert verdict.answer(Use.TDM) is not Answer.ALLOWED


@pytest.mark.parametrize("media_type", ["", "text/html, text/html", "application/xml"])
def test_a_page_is_read_whatever_it_is_called(media_type: str) -> None:
    """A page without a usable media type is one all the same."""
    page = b'<!doctype html><html xmlns="http://www.w3.org/1999/xhtml"><meta name="robots" content="noai"/></html>'
    verdict = served(*([("Content-Type", media_type)] if media_type else []), body=page)
    assert verdict.answer(Use.GENERATIVE) is not Answer.ALLOWED


def test_a_list_of_directives_is_stated_once() -> None:
    """A header of a thousand `noai` is as good as one: statements do not grow with it."""
    verdict = served(("X-Robots-Tag", "noai," * 1000))
    assert len(verdict.uses[Use.TRAIN].deciding) == 1


def test_directories_that_wait_are_bounded() -> None:
    """A TIFF of many entries that each name many sub-directories: the same few bytes, over and over."""
    entry = (
        (330).to_bytes(2, "little") + (4).to_bytes(2, "little") + (256).to_bytes(4, "little") + b"\x01\0\0\0"
    )
    reader = _Reader(b"II*\0\x08\0\0\0" + (2000).to_bytes(2, "little") + entry * 2000 + b"\0" * 1024)
    reader.directory(8)
    assert len(reader.waiting) <= 10_000


def test_nothing_that_is_printed_steers_a_terminal() -> None:
    """Escape sequences in a line of robots.txt and in a policy's address, among them those of one character."""
    robots = "User-agent: *\nContent-Signal: ai-train=\x1b[2J\nContent-Signal: \x9b31mx=no\n".encode()
    verdict = served(("tdm-reservation", "\x1b]0;title\x07"), robots=robots)
    assert verdict.remarks
    for language in ("en", "fr"):
        assert not {
            unicodedata.category(sign) for line in verdict_lines(verdict, language) for sign in line
        } & {
            "Cc",
            "Cf",
        }


def test_a_file_name_that_is_no_unicode(tmp_path: Path) -> None:
    """Names are bytes on most systems; such a file is checked like any other, or named in an error."""
    name = os.fsencode(tmp_path) + b"/\xff.html"
    try:
        with open(name, "wb") as file:  # noqa: PTH123  the name is bytes
            file.write(b"<meta name=robots content=noai>")
    except OSError:
        pytest.skip("the file system takes no such name")
    try:
        folder = SiteFolder(tmp_path)
        assert [folder.response(page).status for page in folder.pages()] == [200]
    except InputError:
        pass


@pytest.mark.parametrize(
    "robots",
    [
        gzip.compress(b"User-agent: *\nDisallow: /\n", mtime=0),
        b"User-agent: *\nDis\0allow: /\n",
        b"Content-Usage: train-ai=n\nUser-agent: GPTBot\nDisallow: /\n",
        b"Content-Signal: ai-train=no\nUser-agent: *\nContent-Signal: search=yes\n",
        b"User-agent: *\nContent-Signal: ai-train: no\n",
        b"User-agent: *\nContent-Signal: train=disallow\n",
    ],
    ids=["gzip", "null", "usage-outside", "signal-outside", "signal-colon", "signal-unknown"],
)
def test_robots_that_may_have_meant_to_reserve_leave_a_doubt(robots: bytes) -> None:
    """Compressed, damaged, before any group, or in a form that no reader knows."""
    assert served(robots=robots).answer(Use.GENERATIVE) is Answer.UNKNOWN


@pytest.mark.parametrize(
    "value",
    [
        "googlebot: noindex GPTBot: noai",
        "Some Bot: noai",
        "noai=1",
        "noai(all)",
        '"noai"',
        "no ai",
        "no image ai",
        "noindex;no_ai",
    ],
)
def test_noai_in_an_unclear_form_is_a_doubt(value: str) -> None:
    """Whom it is for, or whether it is one, cannot be said."""
    assert served(("X-Robots-Tag", value)).answer(Use.GENERATIVE) is Answer.UNKNOWN


def test_a_directive_for_another_agent_is_none_for_this_one() -> None:
    """The documented form is no doubt."""
    value = "unavailable_after: 25 Jun 2026 15:00:00 PST, GPTBot: noindex, noai, max-snippet: 50"
    assert served(("X-Robots-Tag", value)).answer(Use.GENERATIVE) is Answer.ALLOWED


def test_ai_txt_without_a_slash_is_a_doubt() -> None:
    """As in robots.txt."""
    ai_txt = Response("https://example.org/ai.txt", body=b"User-Agent: *\nDisallow: novel\n")
    verdict = verdict_of(
        Target(URL), Site("https://example.org", ai_txt=ai_txt), Response(URL, headers=Headers([ALLOWS]))
    )
    assert verdict.answer(Use.GENERATIVE) is Answer.UNKNOWN


def test_what_is_served_as_a_pdf_and_is_none_is_a_doubt() -> None:
    """Its address need not end in .pdf."""
    verdict = served(("Content-Type", "application/pdf"), body=b"neither this nor that")
    assert verdict.answer(Use.GENERATIVE) is Answer.UNKNOWN


@pytest.mark.parametrize("values", [1_001, 3], ids=["many", "few"])
def test_no_value_of_a_property_is_cut_off(values: int) -> None:
    """A list of many equal values, then one that reserves."""
    items = "<rdf:li>DMI-ALLOWED</rdf:li>" * values + "<rdf:li>DMI-PROHIBITED</rdf:li>"
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"><plus:DataMining><rdf:Bag>'
        f"{items}</rdf:Bag></plus:DataMining></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    target = Target()
    verdict = judge(target, [read_file(packet.encode(), "picture.xmp", target, Place("picture.xmp"))])
    assert verdict.answer(Use.TDM) is not Answer.ALLOWED


def test_many_different_lines_are_bounded() -> None:
    """Lines that cover a path alike and differ: some are read, and that others are not is a doubt."""
    robots = b"User-agent: *\n" + b"".join(b"Content-Usage: / train-ai=y;a=%d\n" % n for n in range(1_000))
    verdict = served(robots=robots)
    assert verdict.answer(Use.GENERATIVE) is Answer.UNKNOWN
    assert len(verdict.uses[Use.GENERATIVE].conflicting) <= 101


def test_a_page_of_many_comments_is_looked_at_in_linear_time() -> None:
    """An expression that tries every way to divide them would not come back."""
    assert not looks_like_page(b"<!---->" * 500)
    assert looks_like_page(b"<!-- one --> \n<!-- two --><html>")
    assert looks_like_page("\n <!doctype html>".encode("utf-16-be"))
