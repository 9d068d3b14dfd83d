"""The archive of robots.txt captures: the latest not after the day, redirects, ages, and what cannot be known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from captures.planted import record
from countermark.captures.robots_archive import RobotsArchive, SiteAt
from countermark.captures.robots_building import make_archive
from countermark.errors import InputError

Make = Callable[..., RobotsArchive]
SITE = "https://a.example.org"


def served(body: str, status: str = "200 OK", more: str = "") -> bytes:
    """An answer to a request for a file."""
    return f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\n{more}\r\n{body}".encode()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Make an archive of captures given as (address, date, answer)."""
    opened = []

    def made(*captures: tuple[str, str, bytes], name: str = "r") -> RobotsArchive:
        data = b"".join(record(*capture, number) for number, capture in enumerate(captures))
        (tmp_path / f"{name}.warc.gz").write_bytes(data)
        make_archive([tmp_path / f"{name}.warc.gz"], tmp_path / f"{name}.sqlite")
        opened.append(RobotsArchive(tmp_path / f"{name}.sqlite"))
        return opened[-1]

    yield made
    for archive in opened:
        archive.close()


def told(found: SiteAt) -> list[str]:
    """The codes of the remarks, without their protocol."""
    return [remark.code.partition(".")[2] for remark in found.remarks]


def body(found: SiteAt) -> bytes:
    """The robots.txt of the day."""
    assert found.site is not None
    assert found.site.robots is not None
    return found.site.robots.body


def test_the_latest_capture_not_after_the_day_counts(make: Make) -> None:
    """Of three, the one in between; what is captured later is never used."""
    archive = make(
        (f"{SITE}/robots.txt", "2024-05-20T00:00:00Z", served("third")),
        (f"{SITE}/robots.txt", "2024-05-01T00:00:00Z", served("first")),
        (f"{SITE}/robots.txt", "2024-05-17T12:00:00Z", served("second")),
    )
    found = archive.lookup(SITE, "2024-05-18T10:00:00Z")
    assert body(found) == b"second"
    assert told(found) == []
    assert body(archive.lookup(SITE, "2024-05-17T12:00:00Z")) == b"second"
    assert body(archive.lookup(SITE, "2024-05-17T11:59:59Z")) == b"first"
    aged = archive.lookup(SITE, "2024-05-19T12:00:00Z")
    assert told(aged) == ["robots-age"]
    assert ("days", "2") in aged.remarks[0].facts
    assert told(archive.lookup(SITE, "2024-04-30T00:00:00Z")) == ["robots-later"]
    assert told(archive.lookup("https://b.example.org", "2024-05-18T10:00:00Z")) == ["robots-missing"]


def test_an_old_capture_no_longer_counts(make: Make) -> None:
    """Thirty days by default, to the second."""
    archive = make((f"{SITE}/robots.txt", "2024-05-01T00:00:00Z", served("x")))
    assert body(archive.lookup(SITE, "2024-05-31T00:00:00Z")) == b"x"
    late = archive.lookup(SITE, "2024-05-31T00:00:01Z")
    assert (late.site, told(late)) == (None, ["robots-old"])
    assert late.remarks[0].doubt
    assert body(archive.lookup(SITE, "2024-05-31T00:00:01Z", 31)) == b"x"


def test_redirects_are_followed_within_the_archive(make: Make) -> None:
    """To another host too, five times at most; where the end was not captured, nothing is known."""
    day = "2024-05-18T00:00:00Z"
    archive = make(
        ("http://a.example.org/robots.txt", day, served("", "301 Moved", f"Location: {SITE}/robots.txt\r\n")),
        (f"{SITE}/robots.txt", day, served("end")),
        (
            "http://b.example.org/robots.txt",
            day,
            served("", "302", "Location: //c.example.org/robots.txt\r\n"),
        ),
        ("http://d.example.org/robots.txt", day, served("", "307 Loop", "Location: /robots.txt\r\n")),
    )
    assert body(archive.lookup("http://a.example.org", day)) == b"end"
    assert told(archive.lookup("http://b.example.org", day)) == ["robots-redirected"]
    assert told(archive.lookup("http://d.example.org", day)) == ["robots-redirected"]


def test_other_files_at_known_places_are_kept(make: Make) -> None:
    """tdmrep.json and ai.txt; pages are not, and bodies of refusals are not."""
    day = "2024-05-18T00:00:00Z"
    archive = make(
        (f"{SITE}/.well-known/tdmrep.json", day, served("[]")),
        (f"{SITE}/ai.txt", day, served("User-Agent: *")),
        (f"{SITE}/robots.txt?x=1", day, served("not it")),
        (f"{SITE}/robots.txt", day, served("gone", "404 Not Found")),
        (f"{SITE}/page", day, served("a page")),
    )
    found = archive.lookup(SITE, day)
    assert found.site is not None
    assert found.site.robots is not None
    assert (found.site.robots.status, found.site.robots.body) == (404, b"")
    assert found.site.tdmrep is not None
    assert found.site.ai_txt is not None
    assert archive.facts["captures"] == "3"


def test_identity_depends_on_the_captures_alone(make: Make, tmp_path: Path) -> None:
    """Not on their order, nor on how often one is given; a copy is the same archive."""
    one = (f"{SITE}/robots.txt", "2024-05-18T00:00:00Z", served("x"))
    two = ("https://b.example.org/robots.txt", "2024-05-18T00:00:00Z", served("y"))
    first, second = make(one, two, name="a"), make(two, one, one, name="b")
    assert first.identity == second.identity != make(one, name="c").identity
    make_archive([tmp_path / "a.sqlite"], tmp_path / "copy.sqlite")
    copy = RobotsArchive(tmp_path / "copy.sqlite")
    assert copy.identity == first.identity
    copy.close()


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    """A text file, a WARC without captures of robots.txt, another SQLite file."""
    (tmp_path / "a.txt").write_text("User-agent: *")
    with pytest.raises(InputError, match="not a WARC file"):
        make_archive([tmp_path / "a.txt"], tmp_path / "r.sqlite")
    (tmp_path / "a.warc.gz").write_bytes(record(f"{SITE}/page", "2024-05-18T00:00:00Z", served("x"), 1))
    with pytest.raises(InputError, match=r"no capture of robots\.txt"):
        make_archive([tmp_path / "a.warc.gz"], tmp_path / "r.sqlite")
    (tmp_path / "x.sqlite").write_bytes(b"SQLite format 3\0" + b"junk" * 40)
    with pytest.raises(InputError, match="not an archive"):
        make_archive([tmp_path / "x.sqlite"], tmp_path / "r.sqlite")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "a.warc.gz", "x.sqlite"]


DISALLOW, OPEN = "User-agent: *\nDisallow: /\n", "User-agent: *\nDisallow:\n"
DAY = "2024-05-18"


@pytest.mark.parametrize("letters", ["", "#1\n", "#2\n", "#3\n"])
def test_captures_of_one_second_are_all_read(make: Make, letters: str) -> None:
    """No digest decides between them; whether they differ in content or in status."""
    at = f"{DAY}T09:00:00Z"
    both = make(
        (f"{SITE}/robots.txt", at, served(OPEN + letters)),
        (f"{SITE}/robots.txt", at, served(DISALLOW)),
        name="two",
    ).lookup(SITE, f"{DAY}T10:00:00Z")
    assert both.site is not None
    assert {site.robots.body for site in (both.site, *both.also) if site.robots} == {
        (OPEN + letters).encode(), DISALLOW.encode(),
    }  # fmt: skip
    assert told(both) == ["robots-two"]
    assert both.remarks[0].doubt
    again = make(
        (f"{SITE}/robots.txt", at, served(OPEN)), (f"{SITE}/robots.txt", at, served(OPEN)), name="same"
    ).lookup(SITE, f"{DAY}T10:00:00Z")
    assert (again.also, again.remarks) == ((), ())


def test_fractions_of_a_second_put_captures_in_order(make: Make) -> None:
    """Where both sides have them; a robots.txt from after the record is never used."""
    archive = make(
        (f"{SITE}/robots.txt", f"{DAY}T09:00:00.500Z", served("second")),
        (f"{SITE}/robots.txt", f"{DAY}T09:00:00.25Z", served("first")),
        (f"{SITE}/robots.txt", f"{DAY}T10:00:00.900Z", served("third")),
    )
    assert body(archive.lookup(SITE, f"{DAY}T09:00:00.3Z")) == b"first"
    found = archive.lookup(SITE, f"{DAY}T10:00:00.1Z")
    assert (body(found), found.also, told(found)) == (b"second", (), [])
    assert body(archive.lookup(SITE, f"{DAY}T10:00:00.91Z")) == b"third"
    assert (
        body(archive.lookup(SITE, f"{DAY}T10:00:00Z")) == b"third"
    )  # of the record the second alone is known


def test_of_a_day_alone_all_captures_of_that_day_count(make: Make) -> None:
    """And the last before it: any of them may have stood there. One of that day alone leaves a doubt."""
    alone = make((f"{SITE}/robots.txt", f"{DAY}T09:00:00Z", served("x")), name="a").lookup(SITE, DAY)
    assert (body(alone), told(alone)) == (b"x", ["robots-same-day"])
    same = make(
        (f"{SITE}/robots.txt", f"{DAY}T09:00:00Z", served("x")),
        (f"{SITE}/robots.txt", "2024-05-16T09:00:00Z", served("x")),
        name="b",
    ).lookup(SITE, DAY)
    assert (body(same), told(same)) == (b"x", [])
    other = make(
        (f"{SITE}/robots.txt", f"{DAY}T09:00:00Z", served("x")),
        (f"{SITE}/robots.txt", "2024-05-16T09:00:00Z", served("y")),
        (f"{SITE}/robots.txt", "2024-05-15T09:00:00Z", served("z")),
        name="c",
    ).lookup(SITE, DAY)
    assert body(other) == b"x"
    assert [site.robots.body for site in other.also if site.robots] == [b"y"]
    assert told(other) == ["robots-two", "robots-age"]
    later = make((f"{SITE}/robots.txt", "2024-05-19T00:00:00Z", served("x")), name="d").lookup(SITE, DAY)
    assert told(later) == ["robots-later"]


@pytest.mark.parametrize("status", [503, 429])
def test_before_a_failure_the_last_readable_capture_stands(make: Make, status: int) -> None:
    """Within the age; where there is none, what the site said is not known."""
    failure = (f"{SITE}/robots.txt", f"{DAY}T09:00:00Z", served("", f"{status} Sorry"))
    earlier = (f"{SITE}/robots.txt", "2024-05-16T09:00:00Z", served(DISALLOW))
    found = make(earlier, failure, name="a").lookup(SITE, f"{DAY}T10:00:00Z")
    assert body(found) == DISALLOW.encode()
    assert told(found) == ["robots-before-error", "robots-age"]
    assert found.remarks[0].doubt
    assert ("status", str(status)) in found.remarks[0].facts
    none = make(failure, name="b").lookup(SITE, f"{DAY}T10:00:00Z")
    assert none.site is not None
    assert none.site.robots is not None
    assert none.site.robots.status == status
    assert told(none) == (["robots-refused"] if status == 429 else [])
    old = make(("https://a.example.org/robots.txt", "2024-01-01T00:00:00Z", served("x")), failure, name="c")
    assert told(old.lookup(SITE, f"{DAY}T10:00:00Z")) == (["robots-refused"] if status == 429 else [])
