"""Feed, embeds, and the small files that machines ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from defusedxml.ElementTree import fromstring
from django.utils import timezone

from countermark.web.organisations.models import Organisation
from countermark.web.public.figures import count
from countermark.web.registry.models import Run
from countermark.web.roll.models import Entry, Head

if TYPE_CHECKING:
    from django.test import Client

ATOM = "{http://www.w3.org/2005/Atom}"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_feed_is_atom_and_has_all_four_kinds(visitor: Client, language: str) -> None:
    """Well-formed, with ids that differ and stay, times, and words; control characters are gone."""
    now = timezone.now()
    Entry.objects.bulk_create(
        Entry(number=n, position=n, committed=n, kind="person", display=1) for n in range(1, 101)
    )
    count()
    Head.objects.create(size=100, root=bytes(32), at=now, document="{}", published=True)
    Run.objects.create(digest="3" * 64, data_set="Set\x0b<b>", summary={}, imported_at=now, published_at=now)
    Organisation.objects.create(
        uid=bytes(16), slug="union", name="A & B\x08", kind="union", domain="example.org", country="FR",
        representative="A", role="B", email="a@example.org", state="verified", language="fr", text_version=1,
        created_at=now, verified_at=now,
    )  # fmt: skip
    response = visitor.get(f"/{language}/feed.atom")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    assert b"A &amp;amp; B" in response.content  # a summary is HTML, in XML
    tree = fromstring(response.content)
    entries = tree.findall(f"{ATOM}entry")
    identities = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(entries) == 4
    assert len(set(identities)) == 4
    for entry in (tree, *entries):
        for name in ("id", "title", "updated"):
            assert entry.findtext(f"{ATOM}{name}")
    again = fromstring(visitor.get(f"/{language}/feed.atom").content)
    assert [entry.findtext(f"{ATOM}id") for entry in again.findall(f"{ATOM}entry")] == identities


def test_a_feed_without_news_stands(visitor: Client) -> None:
    """It is well-formed and empty; other languages have none."""
    assert fromstring(visitor.get("/fr/feed.atom").content).findall(f"{ATOM}entry") == []
    assert visitor.get("/de/feed.atom").status_code == 404


@pytest.mark.parametrize("query", ["", "?lang=fr", "?lang=en&theme=dark", '?lang="><x&theme=<script>'])
def test_the_picture_says_its_number(visitor: Client, query: str) -> None:
    """Well-formed SVG with a title for screen readers, of our own colours whatever is asked, without script."""
    response = visitor.get(f"/embed/counter.svg{query}")
    assert response.headers["Content-Type"].startswith("image/svg+xml")
    tree = fromstring(response.content)
    assert (tree.tag, tree.get("role")) == (f"{SVG}svg", "img")
    assert "0" in (tree.findtext(f"{SVG}title") or "")
    assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= {
        "svg",
        "title",
        "rect",
        "ellipse",
        "text",
    }
    assert not [name for element in tree.iter() for name in element.attrib if name == "style"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_only_the_small_page_may_be_framed(visitor: Client, language: str) -> None:
    """Any site may show it, its link opens apart; every other page refuses to be framed."""
    response = visitor.get(f"/embed/{language}/", HTTP_ACCEPT_LANGUAGE="de")
    assert "X-Frame-Options" not in response.headers
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Language"] == language
    body = response.content.decode()
    assert f'<html lang="{language}">' in body
    assert 'target="_blank" rel="noopener"' in body
    assert "<script" not in body
    for page in (f"/{language}/", f"/{language}/roll/", "/en/embed/"):
        other = visitor.get(page)
        assert other.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
    assert visitor.get("/embed/de/").status_code == 404


@pytest.mark.parametrize(
    ("path", "kind", "word"),
    [
        ("/robots.txt", "text/plain", "Disallow: /fr/roll/"),
        ("/sitemap.xml", "application/xml", "hreflang="),
        ("/.well-known/security.txt", "text/plain", "Contact: mailto:"),
        ("/manifest.webmanifest", "application/manifest+json", "Countermark"),
        ("/en/share/code.svg", "image/svg+xml", "<path"),
    ],
)
def test_small_files_are_there(visitor: Client, path: str, kind: str, word: str) -> None:
    """Each with its type and what it is for."""
    response = visitor.get(path)
    assert response.headers["Content-Type"].startswith(kind)
    assert word in response.content.decode()


def test_the_sitemap_lists_pages_that_are_there(visitor: Client) -> None:
    """Every address of it answers 200."""
    tree = fromstring(visitor.get("/sitemap.xml").content)
    addresses = [element.text or "" for element in tree.iter() if element.tag.endswith("}loc")]
    assert len(addresses) == 26
    for address in addresses:
        assert visitor.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
