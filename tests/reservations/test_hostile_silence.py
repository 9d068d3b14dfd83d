"""Hostile and damaged sources: nothing that may have been a reservation is lost without a word, and time stays linear.

Each source stands beside a Content-Usage header that allows, so that what is lost in silence comes out as `allowed`.
"""

from __future__ import annotations

import io
import os
import unicodedata
import zipfile
from pathlib import Path

import pytest

from countermark.errors import InputError
from countermark.reservations.containers.tiff import _Reader
from countermark.reservations.folder import SiteFolder
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
        assert not {unicodedata.category(sign) for line in verdict_lines(verdict, language) for sign in line} & {
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
