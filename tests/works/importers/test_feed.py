"""RSS and Atom: what an item says, what the channel says for it, and what is refused."""

from __future__ import annotations

import tracemalloc
from typing import Self

import pytest

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.importers.base import CatalogFile
from countermark.works.importers.feed import IMPORTER
from works.importers.catalog_files import held, imported

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule">
<channel><title>Le Courrier du Val</title><link>https://courrier.example/</link><language>fr</language>
<image><title>Logo</title><link>https://logo.example/</link></image>
<copyright>© 2020 Le Courrier du Val. Tous droits réservés.</copyright>
<item><title>La crue &amp; le pont</title><link>https://courrier.example/crue?utm_source=rss</link>
<guid isPermaLink="false">cv-4711</guid><dc:creator>Jeanne Aubry</dc:creator>
<pubDate>Tue, 03 Mar 2020 23:30:00 -0500</pubDate>
<media:content url="https://courrier.example/p.jpg"><media:title>Une photo</media:title></media:content></item>
<item><title><![CDATA[Un <b>second</b> titre]]></title><guid>https://courrier.example/second</guid>
<author>redac@courrier.example (Paul Noir)</author><pubDate>Tue, 45 Mar 2020</pubDate>
<creativeCommons:license>http://creativecommons.org/licenses/by-nc/4.0/</creativeCommons:license></item>
<item><description>Sans titre, mais avec un &lt;i&gt;texte&lt;/i&gt;.</description><link>https://courrier.example/3</link></item>
<item><description></description></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title type="html">Low &amp;amp; Water</title>
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/><author><name>Mara Quill</name></author>
<entry><title>Tides</title><id>tag:low.example,2021:1</id><link href="https://low.example/tides"/>
<link rel="canonical" href="https://low.example/essays/tides"/><link rel="enclosure" href="https://low.example/a.mp3"/>
<published>2021-05-01T00:30:00+02:00</published><updated>2023-01-01T00:00:00Z</updated></entry>
<entry xml:lang="cy"><title>Llanw</title><id>urn:x:2</id><author><name>Gwen Ives</name></author>
<link href="https://low.example/llanw"/><updated>2022-01-02</updated></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://old.example/"><title>Old News</title>
<link>https://old.example/</link><dc:rights>Copyright 2004 Old News Ltd</dc:rights></channel>
<item rdf:about="https://old.example/1"><title>One</title><link>https://old.example/1</link>
<dc:date>2004-02-29T12:00:00Z</dc:date><dc:creator>Quill, Mara</dc:creator></item></rdf:RDF>"""


def test_rss_items_with_what_the_channel_says() -> None:
    """Address without tracking, date in its own zone, owner of the channel's notice, title without markup."""
    entries, refusals = imported(IMPORTER, held("f.xml", RSS))
    first, second, third = entries
    assert (first.title, first.medium, first.published) == ("La crue & le pont", "article", "2020-03-03")
    edition = first.editions[0]
    assert [str(i) for i in edition.identifiers] == ["url:https://courrier.example/crue"]
    assert (edition.form, edition.publisher, edition.language) == ("article", "Le Courrier du Val", "fr")
    assert first.contributors[0].name == "Jeanne Aubry"
    assert (first.issuer, first.own_key) == ("https://courrier.example/", "cv-4711")
    assert (first.rights[0].party, first.rights[0].basis) == ("Le Courrier du Val", "feed-rights")
    assert "Tous droits réservés" in first.rights[0].note
    assert (second.title, second.licence, second.published) == ("Un second titre", "CC-BY-NC-4.0", "")
    assert second.contributors[0].name == "Paul Noir"
    assert str(second.editions[0].identifiers[0]) == "url:https://courrier.example/second"
    assert third.title == "Sans titre, mais avec un texte."
    assert [(r.reason, r.row) for r in refusals] == [("date", 11), ("no-title", 15)]
    assert "f.xml, line 11, record 2, pubDate: 'Tue, 45 Mar 2020'" in refusals[0].detail


def test_atom_with_its_canonical_link_first() -> None:
    """The link relations count; the feed's author and licence hold where the entry is silent."""
    entries, refusals = imported(IMPORTER, held("f.atom", ATOM))
    tides, llanw = entries
    assert refusals == []
    assert [i.value for i in tides.editions[0].identifiers] == [
        "https://low.example/essays/tides",
        "https://low.example/tides",
    ]
    assert (tides.published, tides.licence, tides.contributors[0].name) == (
        "2021-05-01",
        "CC-BY-4.0",
        "Mara Quill",
    )
    assert (llanw.editions[0].language, llanw.published) == ("cy", "")
    assert llanw.contributors[0].name == "Gwen Ives"
    assert tides.editions[0].publisher == "Low & Water"


def test_rss_of_the_rdf_kind() -> None:
    """RSS 1.0: items beside the channel, names and dates of Dublin Core."""
    entry = imported(IMPORTER, held("f.rdf", RDF))[0][0]
    assert (entry.title, entry.published, entry.contributors[0].name) == ("One", "2004-02-29", "Mara Quill")
    assert entry.rights[0].party == "Old News Ltd"


def test_a_notice_that_names_nobody_is_told_once() -> None:
    """It is no owner."""
    feed = RSS.replace("© 2020 Le Courrier du Val. Tous droits réservés.", "Voir nos conditions.")
    entries, refusals = imported(IMPORTER, held("f.xml", feed))
    assert entries[0].rights == ()
    assert [r.reason for r in refusals].count("warning") == 1


def test_a_cut_feed_gives_what_is_whole() -> None:
    """And says where it ends."""
    entries, refusals = imported(IMPORTER, held("f.xml", RSS[: RSS.index("<author>")]))
    assert [entry.title for entry in entries] == ["La crue & le pont"]
    assert refusals[-1].reason == "truncated"


def test_entity_bombs_are_refused() -> None:
    """Whole: nothing of the file is trusted."""
    bomb = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>'  # noqa: E501
    with pytest.raises(CatalogError, match="DOCTYPE"):
        list(IMPORTER.entries(held("f.xml", bomb)))


def test_latin_one_is_read_as_declared() -> None:
    """A declared encoding holds."""
    feed = RSS.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("latin-1")
    assert imported(IMPORTER, held("f.xml", feed))[0][0].rights[0].party == "Le Courrier du Val"


def test_what_is_no_feed_is_not_recognised() -> None:
    """WordPress exports, sitemaps, pages, text."""
    wxr = '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel/></rss>'
    for other in (wxr, "<urlset/>", "<html><rss></html>", "rss", "", "<feed/>"):
        assert not IMPORTER.recognises(held("f.xml", other))


class _Endless:
    """A feed of many items that is never whole in memory."""

    def __init__(self, count: int) -> None:
        self._pieces = self._made(count)
        self._rest = b""

    @staticmethod
    def _made(count: int):  # type: ignore[no-untyped-def]
        yield b"<rss version='2.0'><channel><title>T</title>"
        for number in range(count):
            yield b"<item><title>Item %d</title><link>https://n.example/%d</link></item>\n" % (number, number)
        yield b"</channel></rss>"

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        got, self._rest = self._rest[:size], self._rest[size:]
        return got

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.mark.slow
def test_many_items_take_bounded_memory() -> None:
    """What was given out is forgotten."""
    file = CatalogFile("f.xml", "", b"<rss>", lambda: _Endless(20_000))  # type: ignore[arg-type,return-value]
    tracemalloc.start()
    count = sum(not isinstance(item, Refusal) for item in IMPORTER.entries(file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 16 << 20
