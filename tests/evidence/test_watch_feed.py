"""The feed of a watch: Atom as RFC 4287 wants it, stable, growing, and safe whatever titles hold."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from countermark.errors import RunError
from countermark.evidence.watch import feed as feeds
from countermark.evidence.watch.changes import compare
from countermark.evidence.watch.feed import ATOM, Entry, Feed, feed_of, read_feed
from evidence.watched_runs import two_runs

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.evidence.watch.changes import Comparison

NEWS = 8
"""Works with news in the two runs: all that changed but the one that only moved."""


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Both runs, compared."""
    return compare(*two_runs(tmp_path_factory.mktemp("watch")))


def require_atom(data: bytes) -> Element:
    """What RFC 4287 asks of a feed document, element by element; return its root."""
    root: Element = fromstring(data, forbid_dtd=True)
    assert root.tag == f"{{{ATOM}}}feed"
    _require(root, {"id": 1, "title": 1, "updated": 1})
    entries = root.findall(f"{{{ATOM}}}entry")
    assert len(root.findall(f"{{{ATOM}}}author")) == 1  # else each entry must have one
    assert len({entry.findtext(f"{{{ATOM}}}id") for entry in entries}) == len(entries)
    for entry in entries:
        _require(entry, {"id": 1, "title": 1, "updated": 1, "content": 1})
        assert {child.tag.removeprefix(f"{{{ATOM}}}") for child in entry} <= {
            "id", "title", "updated", "content", "category",
        }  # fmt: skip
    return root


def _require(element: Element, counts: dict[str, int]) -> None:
    for name, count in counts.items():
        found = element.findall(f"{{{ATOM}}}{name}")
        assert len(found) == count, name
        assert found[0].text, name
    moment = str(element.findtext(f"{{{ATOM}}}updated"))
    assert datetime.fromisoformat(moment).tzinfo is not None
    assert re.fullmatch(
        r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(element.findtext(f"{{{ATOM}}}id"))
    )


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_it_is_atom(compared: Comparison, lang: str) -> None:
    """One entry for each work with news, dated as asked, in the language."""
    root = require_atom(feed_of(compared, lang, date(2024, 6, 1), None))
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    entries = root.findall(f"{{{ATOM}}}entry")
    assert len(entries) == NEWS
    assert {entry.findtext(f"{{{ATOM}}}updated") for entry in entries} == {"2024-06-01T00:00:00Z"}
    first = str(entries[0].findtext(f"{{{ATOM}}}title"))
    assert first.endswith(": Newly found" if lang == "en" else "\u00a0: Nouvellement trouvée")


def test_hostile_titles_and_addresses_are_text(compared: Comparison) -> None:
    """No markup, no control characters, nothing that reorders a line."""
    data = feed_of(compared, "en", date(2024, 6, 1), None)
    assert b"<script" not in data
    assert b"<img" not in data
    assert "\u202e".encode() not in data
    root = require_atom(data)
    titles = [str(entry.findtext(f"{{{ATOM}}}title")) for entry in root.findall(f"{{{ATOM}}}entry")]
    assert any("<script>alert(1)</script>" in title for title in titles)


def test_not_looked_at_is_not_told_as_gone(compared: Comparison) -> None:
    """The entry says what no longer found means."""
    root = require_atom(feed_of(compared, "en", date(2024, 6, 1), None))
    by_title = {
        str(entry.findtext(f"{{{ATOM}}}title")): str(entry.findtext(f"{{{ATOM}}}content"))
        for entry in root.findall(f"{{{ATOM}}}entry")
    }
    hidden = next(text for title, text in by_title.items() if "Closed Drawer" in title)
    assert "could not be read this time" in hidden
    assert "not found in what was searched of this version" in hidden


def test_ids_are_of_the_digests(compared: Comparison) -> None:
    """The same in two writings; another in another language, so that no reader takes one for the other."""
    english = feed_of(compared, "en", date(2024, 6, 1), None)
    assert english == feed_of(compared, "en", date(2024, 6, 1), None)
    ids = [
        {str(e.findtext(f"{{{ATOM}}}id")) for e in fromstring(data).iter(f"{{{ATOM}}}entry")}
        for data in (english, feed_of(compared, "fr", date(2024, 6, 1), None))
    ]
    assert ids[0].isdisjoint(ids[1])


def test_it_grows(compared: Comparison, tmp_path: Path) -> None:
    """Earlier entries stay as they are, below the new ones; the feed keeps its id."""
    earlier = Feed("urn:uuid:00000000-0000-5000-8000-000000000000", (
        Entry("urn:uuid:00000000-0000-5000-8000-000000000001", "2024-05-01T00:00:00Z", "Old & <b>", "a\nb", "changed"),
    ))  # fmt: skip
    data = feed_of(compared, "en", date(2024, 6, 1), earlier)
    root = require_atom(data)
    assert root.findtext(f"{{{ATOM}}}id") == earlier.id
    assert len(root.findall(f"{{{ATOM}}}entry")) == NEWS + 1
    (tmp_path / "feed.xml").write_bytes(data)
    read = read_feed(tmp_path / "feed.xml")
    assert read is not None
    assert read.entries[-1] == earlier.entries[0]
    assert feed_of(compared, "en", date(2024, 6, 1), read) == data


def test_it_is_bounded(compared: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest entries go first."""
    monkeypatch.setattr(feeds, "ENTRIES", 3)
    root = require_atom(feed_of(compared, "en", date(2024, 6, 1), None))
    titles = [str(entry.findtext(f"{{{ATOM}}}title")) for entry in root.findall(f"{{{ATOM}}}entry")]
    assert len(titles) == 3
    assert titles[0] == f"And {NEWS - 2} more works have changed"  # nothing is left out in silence


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<feed/>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><feed xmlns='http://www.w3.org/2005/Atom'><id>&b;</id></feed>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><id>x</id><entry><title>no id</title></entry></feed>",
        b"\xff\xfe",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><id>javascript:alert(1)</id></feed>",
        (
            b"<feed xmlns='http://www.w3.org/2005/Atom'><id>urn:uuid:00000000-0000-5000-8000-000000000000</id>"
            b"<entry><id>urn:uuid:00000000-0000-5000-8000-000000000001</id><updated>soon</updated></entry></feed>"
        ),
    ],
)
def test_a_file_that_is_no_feed_is_refused(tmp_path: Path, data: bytes) -> None:
    """Nothing is expanded or guessed; the message says what to do."""
    (tmp_path / "feed.xml").write_bytes(data)
    with pytest.raises(RunError, match="a new feed begins"):
        read_feed(tmp_path / "feed.xml")


def test_a_feed_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not read whole."""
    monkeypatch.setattr(feeds, "_BYTES", 10)
    (tmp_path / "feed.xml").write_bytes(b"<feed>" + b" " * 20)
    with pytest.raises(RunError, match="larger than any feed"):
        read_feed(tmp_path / "feed.xml")
    assert read_feed(tmp_path / "none.xml") is None
