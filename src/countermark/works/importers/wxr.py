"""WordPress eXtended RSS (WXR 1.0 to 1.2): what is published of posts, pages and attachments.

Drafts, private and scheduled posts and those behind a password were not open to a crawler, and are refused one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.media import Refusal
from countermark.works.entry import Contributor, Source, WorkMedium
from countermark.works.importers.base import refused
from countermark.works.importers.names import given_first, one_line
from countermark.works.importers.stories import Stories, Story
from countermark.works.importers.xml_root import line_of, root_of
from countermark.works.importers.xml_stream import (
    child_text,
    local,
    plain_text,
    records,
    text_of,
    without_markup,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from countermark.works.entry import Entry
    from countermark.works.importers.base import CatalogFile

_CHANNEL: Final = frozenset({"title", "link", "language", "base_site_url", "base_blog_url"})
_APART: Final = frozenset({"image", "category", "tag", "term"})
_MAX_AUTHORS: Final = 100_000
_NO_DATE: Final = "0000-00-00"
_MEDIA: Final = {
    "image": (WorkMedium.IMAGE, "image"),
    "audio": (WorkMedium.RECORDING, "recording"),
    "video": (WorkMedium.AUDIOVISUAL, "film"),
}
_SUFFIXES: Final = {
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp", "avif", "heic", "tif", "tiff"), "image"),
    **dict.fromkeys(("mp3", "ogg", "flac", "wav", "m4a", "opus"), "audio"),
    **dict.fromkeys(("mp4", "m4v", "mov", "webm", "ogv", "avi"), "video"),
}


class WordPressImporter:
    """Exports of WordPress."""

    format = "wxr"

    def recognises(self, file: CatalogFile) -> bool:
        """RSS in whose head the namespace of the export stands."""
        return root_of(file.head).name == "rss" and b"wordpress.org/export" in file.head

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """The items of the export; menus, revisions and their like are refused together, at the end."""
        blog, stories = _Blog(), Stories()
        passed: dict[str, int] = {}
        for element in records(file, {"item", "author", *_CHANNEL, *_APART}):
            if isinstance(element, Refusal):
                yield element
            elif local(element) == "author":
                blog.author(element)
            elif local(element) in _CHANNEL:
                blog.said.setdefault(local(element), text_of(element))
            elif local(element) == "item":
                kind = child_text(element, "post_type") or "post"
                if kind in {"post", "page", "attachment"}:
                    yield from _item(file, element, kind, blog, stories)
                else:
                    passed[kind] = passed.get(kind, 0) + 1
        for kind, count in sorted(passed.items()):
            said = f"{count:,} items of the type {kind[:60]!r} are not taken; accepted are post, page and attachment"
            yield refused(Source(file.name), "wp:post_type", "not-a-work", said)


class _Blog:
    """What the export says once: the site, and the names of its authors by login."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self.names: dict[str, str] = {}

    def author(self, element: _Element) -> None:
        """`wp:author`: the display name, else given and family name, else the login."""
        login = child_text(element, "author_login")
        given, family = child_text(element, "author_first_name"), child_text(element, "author_last_name")
        name = child_text(element, "author_display_name") or f"{given} {family}".strip() or login
        if login and len(self.names) < _MAX_AUTHORS:
            self.names.setdefault(login, without_markup(name))

    @property
    def site(self) -> str:
        """The address that post ids are unique within."""
        return self.said.get("base_blog_url") or self.said.get("base_site_url") or self.said.get("link", "")


def _item(
    file: CatalogFile, element: _Element, kind: str, blog: _Blog, stories: Stories
) -> Iterator[Entry | Refusal]:
    number = child_text(element, "post_id")
    source = Source(file.name, line_of(element), number)
    status = child_text(element, "status") or "publish"
    title = child_text(element, "title")
    # An attachment inherits the status of its post; it lies open at its own address.
    if status != "publish" and not (kind == "attachment" and status == "inherit"):
        said = f"{status[:40]!r}: {without_markup(title)[:100]!r} is not published; accepted is publish"
        yield refused(source, "wp:status", "not-published", said)
        return
    if child_text(element, "post_password"):
        yield refused(
            source, "wp:post_password", "not-published", "is set: the post is not open to readers without it"
        )
        return
    yield from stories.entry(_story(element, source, kind, blog))


def _story(element: _Element, source: Source, kind: str, blog: _Blog) -> Story:
    story = Story(
        source, publisher=without_markup(blog.said.get("title", "")), language=blog.said.get("language", "")
    )
    story.own_key, story.issuer = source.record, blog.site
    story.form = "article" if kind == "post" else "page"
    said: dict[str, str] = {}
    for child in element:
        name = local(child)
        if name == "title":
            story.title = plain_text(child)
        elif name in {"link", "creator", "pubDate", "post_date", "attachment_url"}:
            said.setdefault(name, text_of(child))
    if kind == "attachment":
        story.medium, story.form = _medium(said.get("attachment_url", ""))
        story.addresses.append(("wp:attachment_url", said.get("attachment_url", "")))
    story.addresses.append(("link", said.get("link", "")))
    # The date of the site's own clock is the day that its readers saw; pubDate is the same moment in UTC.
    dates = (("wp:post_date", said.get("post_date", "")), ("pubDate", said.get("pubDate", "")))
    story.dates = [(label, value) for label, value in dates if value and not value.startswith(_NO_DATE)]
    login = said.get("creator", "")
    if name := one_line(blog.names.get(login, login), 500):
        role = "photographer" if story.medium is WorkMedium.IMAGE else "author"
        story.contributors.append(Contributor(given_first(name), role))
    return story


def _medium(address: str) -> tuple[WorkMedium, str]:
    suffix = address.partition("?")[0].rpartition(".")[2].lower()
    return _MEDIA.get(_SUFFIXES.get(suffix, ""), (WorkMedium.OTHER, ""))


IMPORTER = WordPressImporter()
