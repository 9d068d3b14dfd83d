"""Exports of WordPress: posts, pages, attachments, and why others are refused."""

from __future__ import annotations

from countermark.works.importers.wxr import IMPORTER
from works.importers.catalog_files import held, imported

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Carnets de quai</title>
<link>https://quai.example</link><language>fr-FR</language><wp:base_blog_url>https://quai.example</wp:base_blog_url>
<wp:author><wp:author_id>2</wp:author_id><wp:author_login><![CDATA[jaubry]]></wp:author_login>
<wp:author_display_name><![CDATA[Jeanne Aubry]]></wp:author_display_name></wp:author>
<wp:category><wp:term_id>1</wp:term_id><wp:cat_name>Divers</wp:cat_name></wp:category>"""


def item(number: int, title: str, kind: str = "post", status: str = "publish", more: str = "") -> str:
    return f"""<item><title>{title}</title><link>https://quai.example/{number}/</link><dc:creator>jaubry</dc:creator>
<pubDate>Wed, 04 Mar 2020 04:30:00 +0000</pubDate><content:encoded><![CDATA[<p>Texte</p>]]></content:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>2020-03-03 23:30:00</wp:post_date><wp:status>{status}</wp:status>
<wp:post_type>{kind}</wp:post_type>{more}</item>"""


def export(*items: str) -> str:
    return HEAD + "".join(items) + "</channel></rss>"


def test_posts_pages_and_attachments() -> None:
    """Author by display name, date by the site's clock, the number within the site."""
    photo = "<wp:attachment_url>https://quai.example/up/pont.JPG</wp:attachment_url>"
    data = export(
        item(7, "La crue"), item(8, "À propos", "page"), item(9, "Le pont", "attachment", "inherit", photo)
    )
    entries, refusals = imported(IMPORTER, held("w.xml", data))
    post, page, picture = entries
    assert refusals == []
    assert (post.title, post.medium, post.published) == ("La crue", "article", "2020-03-03")
    assert (post.own_key, post.issuer, post.contributors[0].name) == (
        "7",
        "https://quai.example",
        "Jeanne Aubry",
    )
    assert str(post.editions[0].identifiers[0]) == "url:https://quai.example/7/"
    assert (post.editions[0].publisher, post.editions[0].language) == ("Carnets de quai", "fr-FR")
    assert page.editions[0].form == "page"
    assert (picture.medium, picture.contributors[0].role) == ("image", "photographer")
    assert [i.value for i in picture.editions[0].identifiers] == [
        "https://quai.example/up/pont.JPG",
        "https://quai.example/9/",
    ]


def test_what_was_not_open_to_readers_is_refused() -> None:
    """Drafts, private posts, passwords: each with its number; menus and revisions together."""
    locked = "<wp:post_password>s</wp:post_password>"
    data = export(
        item(1, "A", status="draft"),
        item(2, "B", status="private"),
        item(3, "C", more=locked),
        item(4, "m", "nav_menu_item"),
        item(5, "m", "nav_menu_item"),
    )
    entries, refusals = imported(IMPORTER, held("w.xml", data))
    assert entries == []
    assert [r.reason for r in refusals] == ["not-published"] * 3 + ["not-a-work"]
    assert "record 1, wp:status: 'draft'" in refusals[0].detail
    assert "2 items of the type 'nav_menu_item'" in refusals[3].detail


def test_a_cut_export_gives_what_is_whole() -> None:
    """And says where it ends."""
    entries, refusals = imported(IMPORTER, held("w.xml", export(item(1, "A"), item(2, "B"))[:-200]))
    assert [entry.title for entry in entries] == ["A"]
    assert refusals[-1].reason in {"truncated", "malformed"}


def test_a_plain_feed_is_not_recognised() -> None:
    """It has an importer of its own."""
    assert not IMPORTER.recognises(held("w.xml", "<rss version='2.0'><channel/></rss>"))
