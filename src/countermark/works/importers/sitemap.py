"""Sitemaps (sitemaps.org 0.9) with Google's extensions for news and pictures. Nothing is fetched; children are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.media import Refusal
from countermark.works.entry import Source, WorkMedium
from countermark.works.importers.base import refused
from countermark.works.importers.stories import Stories, Story
from countermark.works.importers.xml_root import line_of, root_of
from countermark.works.importers.xml_stream import child_text, local, plain_text, records, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from countermark.works.entry import Entry
    from countermark.works.importers.base import CatalogFile

_MAX_IMAGES: Final = 1000  # of one page, as the extension allows


class SitemapImporter:
    """Sitemaps and indexes of sitemaps."""

    format = "sitemap"

    def recognises(self, file: CatalogFile) -> bool:
        """By the root element."""
        return root_of(file.head).name in {"urlset", "sitemapindex"}

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """A page, or an article of news, for each `<url>`, and a picture for each that a page names as its own."""
        stories = Stories()
        number = 0
        for element in records(file, {"url", "sitemap"}):
            if isinstance(element, Refusal):
                yield element
                continue
            number += 1
            source = Source(file.name, line_of(element), str(number))
            if local(element) == "sitemap":
                told = f"names {child_text(element, 'loc')[:300]!r}, which is not fetched; give that file too"
                yield refused(source, "loc", "not-fetched", told)
                continue
            yield from stories.entry(_page(element, source))
            for picture in _pictures(element, source):
                yield from stories.entry(picture)


def _page(element: _Element, source: Source) -> Story:
    """`lastmod` is a date of change, and says only that the page was there by then: it is not taken."""
    story = Story(source, form="page", medium=WorkMedium.TEXT)
    for child in element:
        if local(child) == "loc":
            story.addresses.append(("loc", text_of(child)))
        elif local(child) == "news":
            _news(story, child)
    return story


def _news(story: Story, element: _Element) -> None:
    """What the extension for news says: https://www.google.com/schemas/sitemap-news/0.9/."""
    story.form, story.medium = "article", WorkMedium.ARTICLE
    for child in element:
        name = local(child)
        if name == "title":
            story.title = plain_text(child)
        elif name == "publication_date":
            story.dates.append(("news:publication_date", text_of(child)))
        elif name == "publication":
            story.publisher = child_text(child, "name")
            story.language = child_text(child, "language")


def _pictures(element: _Element, source: Source) -> Iterator[Story]:
    images = (child for child in element if local(child) == "image")
    for number, child in enumerate(images, 1):
        if number > _MAX_IMAGES:
            return
        story = Story(
            source._replace(record=f"{source.record}.{number}"), form="image", medium=WorkMedium.IMAGE
        )
        story.addresses.append(("image:loc", child_text(child, "loc")))
        story.title = child_text(child, "title")
        story.fallback_title = child_text(child, "caption")
        if licence := child_text(child, "license"):
            story.licences.append(licence)
        yield story


IMPORTER = SitemapImporter()
