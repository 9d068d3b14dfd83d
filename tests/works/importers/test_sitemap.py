"""Sitemaps: pages, news, pictures, and the children that are only named."""

from __future__ import annotations

from countermark.works.importers.sitemap import IMPORTER
from works.importers.catalog_files import held, imported

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://courrier.example/crue</loc><lastmod>2024-01-01</lastmod><news:news><news:publication>
<news:name>Le Courrier du Val</news:name><news:language>fr</news:language></news:publication>
<news:publication_date>2020-03-03T23:30:00-05:00</news:publication_date><news:title>La crue</news:title></news:news>
<image:image><image:loc>https://courrier.example/pont.jpg</image:loc><image:title>Le pont</image:title>
<image:license>https://creativecommons.org/licenses/by-sa/4.0/</image:license></image:image></url>
<url><loc>https://courrier.example/a-propos</loc><lastmod>2019-01-01</lastmod></url>
<url><loc>ftp://courrier.example/x</loc></url>
</urlset>"""


def test_news_pages_and_pictures() -> None:
    """An article by its news, a page by its address, a picture of its own; a change is no publication."""
    entries, refusals = imported(IMPORTER, held("sitemap.xml", NEWS))
    article, picture, page = entries
    assert (article.title, article.medium, article.published) == ("La crue", "article", "2020-03-03")
    assert (article.editions[0].publisher, article.editions[0].language) == ("Le Courrier du Val", "fr")
    assert (picture.title, picture.medium, picture.licence) == ("Le pont", "image", "CC-BY-SA-4.0")
    assert (page.title, page.published) == ("https://courrier.example/a-propos", "")
    assert (page.medium, page.editions[0].form) == ("text", "page")
    assert [r.reason for r in refusals] == ["identifier", "no-title"]
    assert "sitemap.xml, line 10, record 3, loc: 'ftp://courrier.example/x'" in refusals[0].detail


def test_children_of_an_index_are_told_and_not_fetched() -> None:
    """One refusal for each."""
    index = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>" + "".join(
        f"<sitemap><loc>https://c.example/{n}.xml.gz</loc></sitemap>" for n in range(3)
    )
    entries, refusals = imported(IMPORTER, held("sitemap.xml", index + "</sitemapindex>"))
    assert entries == []
    assert [r.reason for r in refusals] == ["not-fetched"] * 3
    assert "https://c.example/0.xml.gz" in refusals[0].detail


def test_a_cut_sitemap_gives_what_is_whole() -> None:
    """And says where it ends."""
    entries, refusals = imported(IMPORTER, held("sitemap.xml", NEWS[: NEWS.index("a-propos")]))
    assert [entry.title for entry in entries] == ["La crue", "Le pont"]
    assert refusals[-1].reason == "truncated"


def test_what_is_no_sitemap_is_not_recognised() -> None:
    """Other XML."""
    assert not IMPORTER.recognises(held("sitemap.xml", "<rss/>"))
