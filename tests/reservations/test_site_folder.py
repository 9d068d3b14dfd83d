"""A folder as the site that it is published as."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from countermark.errors import InputError
from countermark.reservations.folder import NO_ORIGIN, SiteFolder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def public(tmp_path: Path) -> Path:
    root = tmp_path / "public"
    (root / ".well-known").mkdir(parents=True)
    (root / "essays").mkdir()
    (root / "robots.txt").write_text("User-agent: *\nAllow: /\n")
    (root / ".well-known" / "tdmrep.json").write_text("[]")
    (root / "_headers").write_text(
        "/*\n  tdm-reservation: 1\n# no rule\n/essays/*.html\n  Content-Usage: train-ai=n\n"
    )
    (root / "index.html").write_text("<title>Front</title>")
    (root / "essays" / "été.html").write_text("<title>Summer</title>")
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("secret")
    return root


def test_known_places_and_pages(public: Path) -> None:
    folder = SiteFolder(public, "https://example.org/")
    site = folder.site()
    assert site.robots is not None
    assert site.robots.url == "https://example.org/robots.txt"
    assert site.tdmrep is not None
    assert site.tdmrep.body == b"[]"
    assert site.ai_txt is None
    assert list(folder.pages()) == ["essays/été.html", "index.html"]
    assert folder.address("index.html") == "https://example.org/"
    assert folder.address("essays/été.html") == "https://example.org/essays/%C3%A9t%C3%A9.html"


def test_header_fields_of_a_static_host(public: Path) -> None:
    folder = SiteFolder(public)
    assert folder.origin == NO_ORIGIN
    essay, front = folder.response("essays/été.html"), folder.response("index.html")
    assert essay.headers.first("Content-Usage") == "train-ai=n"
    assert essay.headers.first("TDM-Reservation") == "1"
    assert front.headers.all("content-usage") == []
    assert front.media_type == "text/html"


def test_a_link_that_leads_out_is_not_followed(public: Path, tmp_path: Path) -> None:
    (tmp_path / "private.html").write_text("private")
    (public / "out.html").symlink_to(tmp_path / "private.html")
    assert "out.html" not in SiteFolder(public).names


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no folder"):
        SiteFolder(tmp_path / "absent")
