"""Keeping what a site serves: all of it or nothing, in a WARC file that others read too."""

from __future__ import annotations

import fcntl
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from captures.loopback import answer, served
from countermark.atomic import write_bytes
from countermark.captures.history import capture as module
from countermark.captures.history.capture import Captured, capture
from countermark.captures.history.chain import FIRST, read_chain
from countermark.captures.history.seen import seen_in
from countermark.captures.history.visit import MAX_POINTED, visit
from countermark.captures.served import Fetching
from countermark.errors import InputError, OutputError, RunError
from countermark.reservations.use import Answer, Use

if TYPE_CHECKING:
    from pathlib import Path

    from captures.loopback import Answering

WRITE = "countermark.captures.history.keeping.write_bytes"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
ROBOTS = b"User-agent: CCBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
TDMREP = json.dumps(
    [{"location": "/*", "tdm-reservation": 1, "tdm-policy": "/policy.json"}], separators=(",", ":")
).encode()
PAGE = b'<!doctype html><html><head><meta name="robots" content="noai"><title>Essay</title></head></html>'
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
)


def site() -> dict[str, Answering]:
    """A small site: two statements, a policy, two pages."""
    return {
        "/robots.txt": answer(ROBOTS),
        "/.well-known/tdmrep.json": answer(TDMREP, media_type="application/json"),
        "/policy.json": answer(b"{}", media_type="application/json"),
        "/": answer(PAGE, media_type="text/html"),
        "/essay.html": CHUNKED % (len(PAGE), PAGE),
    }


def how(days: int = 0, **more: Any) -> Fetching:
    """Ask on the n-th day after the first."""
    return Fetching(allow_loopback=True, timeout=5, clock=lambda: NOON + timedelta(days=days), **more)


def kept(folder: Path, paths: dict[str, Answering], days: int = 0, *pages: str) -> tuple[Captured, str]:
    """Capture a site; what was kept, and its origin."""
    with served(paths) as server:
        return capture(folder, [server.origin + "/"], pages, how(days)), server.origin


def test_everything_is_asked_and_kept(tmp_path: Path) -> None:
    """The known places, the page, the page more, and the policy that a statement points at."""
    done, origin = kept(tmp_path / "history", site(), 0, "/essay.html")
    asked = [one["asked"].removeprefix(origin) for one in done.entry.facts["responses"]]
    assert asked == ["/robots.txt", "/.well-known/tdmrep.json", "/ai.txt", "/", "/essay.html", "/policy.json"]
    assert [one["status"] for one in done.entry.facts["responses"]] == [200, 200, 404, 200, 200, 200]
    assert done.entry.file == "000001-20260102T120000Z.warc.gz"
    assert done.entry.facts["previous"] == FIRST
    assert done.entry.facts["pages"] == [f"{origin}/", f"{origin}/essay.html"]
    assert not done.unchanged


def test_warcio_reads_it_with_its_digests(tmp_path: Path) -> None:
    """Another reader finds the same records, and its own check of the digests passes."""
    done, origin = kept(tmp_path / "history", site())
    kinds: list[str] = []
    with (tmp_path / "history" / done.entry.file).open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            kinds.append(record.rec_type)
            body = record.content_stream().read()
            if (
                record.rec_type == "response"
                and record.rec_headers["WARC-Target-URI"] == f"{origin}/robots.txt"
            ):
                assert body == ROBOTS
                assert record.rec_headers["WARC-IP-Address"] == "127.0.0.1"
                assert record.digest_checker.passed
    assert kinds == ["warcinfo", *["response", "request", "metadata"] * 5]


def test_the_same_bytes_from_the_same_exchanges(tmp_path: Path) -> None:
    """Two captures of the same answers at the same second are the same file."""
    with served(site()) as server:
        one = capture(tmp_path / "one", [server.origin], how=how())
        two = capture(tmp_path / "two", [server.origin], how=how())
    assert one.entry.data == two.entry.data
    assert (tmp_path / "one" / one.entry.file).read_bytes() == (
        tmp_path / "two" / two.entry.file
    ).read_bytes()


def test_read_back_as_it_was_seen(tmp_path: Path) -> None:
    """A capture comes to the same verdict as the visit, for every agent, chunked pages included."""
    done, origin = kept(tmp_path / "history", site(), 0, "/essay.html")
    again = seen_in(tmp_path / "history", done.entry)
    fresh = done.visit.seen()
    for url in (f"{origin}/", f"{origin}/essay.html", f"{origin}/other.html"):
        for agent in ("*", "CCBot"):
            assert again.judge(url, agent) == fresh.judge(url, agent)
    assert again.judge(f"{origin}/essay.html").answer(Use.TRAIN) is Answer.RESERVED
    assert again.judge(f"{origin}/", "CCBot").answer(Use.SEARCH) is Answer.RESERVED
    assert again.judge(f"{origin}/").answer(Use.TDM) is Answer.CONDITIONAL


def test_a_second_capture_follows_the_first(tmp_path: Path) -> None:
    """It is kept although nothing changed, and says so; a change is seen."""
    folder, paths = tmp_path / "history", site()
    with served(paths) as server:
        first = capture(folder, [server.origin], how=how(0))
        second = capture(folder, [server.origin], how=how(1))
        paths["/robots.txt"] = answer(b"")
        third = capture(folder, [server.origin], how=how(2))
    assert (first.unchanged, second.unchanged, third.unchanged) == (False, True, False)
    assert [entry.head for entry in read_chain(folder)] == [one.entry.head for one in (first, second, third)]
    assert second.entry.facts["previous"] == first.entry.head


def test_a_clock_that_went_backwards(tmp_path: Path) -> None:
    """Nothing is written with a date before that of the last line."""
    folder = tmp_path / "history"
    kept(folder, site(), 3)
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(InputError, match="set the clock right"):
        kept(folder, site(), 2)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_nothing_answered_and_nothing_is_left(tmp_path: Path) -> None:
    """A site that is down is no capture, and makes no folder."""
    with served({}) as server:
        origin = server.origin
    with pytest.raises(InputError, match="nothing was kept"):
        capture(tmp_path / "history", [origin], how=how())
    assert not (tmp_path / "history").exists()


def test_what_did_not_answer_is_noted_and_leaves_a_doubt(tmp_path: Path) -> None:
    """A robots.txt that is cut short: in the chain, and nothing is called allowed."""
    paths = site() | {
        "/robots.txt": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser",
        "/.well-known/tdmrep.json": answer(b'[{"location": "/", "tdm-reservation": 0}]'),
        "/": answer(b"", "TDM-Reservation: 0"),
    }
    done, origin = kept(tmp_path / "history", paths)
    assert done.entry.facts["failed"][0]["reason"] == "cut-short"
    verdict = seen_in(tmp_path / "history", done.entry).judge(f"{origin}/")
    assert verdict.answer(Use.TDM) is Answer.UNKNOWN
    assert "history.unanswered" in {remark.code for remark in verdict.remarks}


def test_a_coding_that_is_not_known_leaves_a_doubt(tmp_path: Path) -> None:
    """The bytes are kept; what they say stays unknown."""
    paths = site() | {
        "/robots.txt": answer(b"\x0b\x02", "Content-Encoding: br"),
        "/.well-known/tdmrep.json": answer(b'[{"location": "/", "tdm-reservation": 0}]'),
        "/": answer(b""),
    }
    done, origin = kept(tmp_path / "history", paths)
    verdict = seen_in(tmp_path / "history", done.entry).judge(f"{origin}/")
    assert verdict.answer(Use.TDM) is Answer.UNKNOWN
    assert "history.unreadable" in {remark.code for remark in verdict.remarks}


def test_a_robots_file_behind_a_redirect(tmp_path: Path) -> None:
    """It speaks for the site that was asked (RFC 9309, section 2.3.1.2); both hops are kept."""
    paths = site() | {
        "/robots.txt": answer(b"", "Location: /moved.txt", status="301 Moved"),
        "/moved.txt": answer(ROBOTS),
    }
    done, origin = kept(tmp_path / "history", paths)
    assert [one["status"] for one in done.entry.facts["responses"]][:2] == [301, 200]
    seen = seen_in(tmp_path / "history", done.entry)
    assert seen.judge(f"{origin}/", "CCBot").answer(Use.TRAIN) is Answer.RESERVED


def test_ctrl_c_leaves_the_history_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it asks, and between the capture's file and the chain."""
    folder = tmp_path / "history"
    kept(folder, site())
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def stop(path: Path, data: bytes) -> None:
        if path.name == "chain.jsonl":
            raise KeyboardInterrupt
        write_bytes(path, data)

    monkeypatch.setattr(WRITE, stop)
    with pytest.raises(KeyboardInterrupt):
        kept(folder, site(), 1)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "visit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        kept(folder, site(), 1)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_ctrl_c_after_the_line_was_written_keeps_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chain never names a file that was taken away again."""
    folder = tmp_path / "history"

    def stop(path: Path, data: bytes) -> None:
        write_bytes(path, data)
        if path.name == "chain.jsonl":
            raise KeyboardInterrupt

    monkeypatch.setattr(WRITE, stop)
    with pytest.raises(KeyboardInterrupt):
        kept(folder, site())
    assert (folder / read_chain(folder)[0].file).is_file()


def test_a_full_disk_leaves_the_history_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error while writing is told, and no half capture stays."""
    folder = tmp_path / "history"
    kept(folder, site())
    before = sorted(path.name for path in folder.iterdir())

    def full(path: Path, _: bytes) -> None:
        raise OutputError(f"{path}: cannot be written: no room left")

    monkeypatch.setattr(WRITE, full)
    with pytest.raises(OutputError):
        kept(folder, site(), 1)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_two_captures_at_once(tmp_path: Path) -> None:
    """The second is refused, with a message."""
    folder = tmp_path / "history"
    kept(folder, site())
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(RunError, match="another capture"):
            kept(folder, site(), 1)


def test_documents_are_bounded_and_never_local_unless_own(tmp_path: Path) -> None:
    """Policies on another port of this machine are not asked; too many are left out and told."""
    with served({"/policy.json": answer(b"secret")}) as other:
        rules = [
            {"location": f"/{n:02}", "tdm-reservation": 1, "tdm-policy": f"/p{n}.json"}
            for n in range(MAX_POINTED + 5)
        ]
        foreign = {"location": "/", "tdm-reservation": 1, "tdm-policy": f"{other.origin}/policy.json"}
        paths = site() | {"/.well-known/tdmrep.json": answer(json.dumps([foreign]).encode())}
        done, _ = kept(tmp_path / "history", paths)
        assert [one["reason"] for one in done.entry.facts["failed"]] == ["refused-address"]
        assert not other.requests
    paths["/.well-known/tdmrep.json"] = answer(json.dumps(rules).encode())
    with served(paths) as server:
        pages = [f"/{n:02}" for n in range(MAX_POINTED + 5)]
        seen = visit([server.origin], pages, how())
    assert len(seen.left_out) == 5


def test_licences_are_found_in_whatever_spelling(tmp_path: Path) -> None:
    """RSL terms that robots.txt names are fetched once, kept, and read at every judging."""
    terms = (
        b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
        b'<prohibits type="usage">ai-train</prohibits></license></content></rsl>'
    )
    paths: dict[str, Answering] = {
        "/license.xml": answer(terms, media_type="application/rsl+xml"),
        "/": answer(b"words"),
    }
    with served(paths) as server:
        spelled = server.origin.replace("http://", "HTTP://")
        paths["/robots.txt"] = answer(f"License: {spelled}/license.xml#all\n".encode())
        done = capture(tmp_path / "history", [server.origin], how=how())
        assert sum(b"GET /license.xml " in request for request in server.requests) == 1
        verdict = seen_in(tmp_path / "history", done.entry).judge(server.origin)
    assert verdict.answer(Use.TRAIN) is Answer.RESERVED


def test_pages_elsewhere_are_refused(tmp_path: Path) -> None:
    """A page belongs to one of the sites that were named."""
    with served(site()) as server, pytest.raises(InputError, match="--page"):
        capture(tmp_path / "history", [server.origin], ["https://elsewhere.example/"], how())
