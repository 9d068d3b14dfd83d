"""Whether a site serves the same to everybody."""

from __future__ import annotations

import pytest

from captures.loopback import answer, by_agent, served
from countermark.captures.audit import audit
from countermark.captures.served import Fetching
from countermark.errors import InputError

HOW = Fetching(allow_loopback=True, timeout=5)
OPEN = answer(b"User-agent: *\nAllow: /\n")
PAGE = answer(b"<title>Essay</title>", media_type="text/html")


def test_the_same_to_everybody() -> None:
    """Nothing differs; the names were sent, the browser's first."""
    with served({"/robots.txt": OPEN, "/": PAGE}) as server:
        found = audit(server.origin, ["GPTBot", "CCBot"], HOW)
        assert found.differences == ()
        assert [one.agent for one in found.served] == ["browser", "*", "GPTBot", "CCBot"]
        assert b"Firefox/" in server.requests[0]
        assert b"compatible; GPTBot/1.0" in server.requests[4]


def test_what_differs_is_named() -> None:
    """Another robots.txt, another status and another reservation for some, each told with both sides."""
    paths = {
        "/robots.txt": by_agent(OPEN, GPTBot=answer(b"User-agent: GPTBot\nDisallow: /\n")),
        "/": by_agent(
            PAGE,
            GPTBot=answer(b"", status="403 Forbidden"),
            CCBot=answer(b"<title>Essay</title>", "X-Robots-Tag: noai", media_type="text/html"),
        ),
    }
    with served(paths) as server:
        found = audit(server.origin, ["GPTBot", "CCBot"], HOW)
    told = {(one.agent, one.what): (one.usual, one.served) for one in found.differences}
    assert told["GPTBot", "page-status"] == ("200", "403")
    assert ("GPTBot", "robots-body") in told
    assert told["GPTBot", "statements"][0] == "none"
    assert "robots train=reserved" in told["GPTBot", "statements"][1]
    assert told["CCBot", "statements"] == ("none", "noai generative=reserved; noai train=reserved")
    assert {agent for agent, _ in told} == {"GPTBot", "CCBot"}


def test_no_answer_is_a_difference_too() -> None:
    """A server that hangs up on one agent: told, with why."""
    with served({"/robots.txt": OPEN, "/": by_agent(PAGE, GPTBot=b"")}) as server:
        found = audit(server.origin, ["GPTBot"], HOW)
    assert ("GPTBot", "page-status", "200", "no answer") in [
        (one.agent, one.what, one.usual, one.served) for one in found.differences
    ]
    assert "ended without an answer" in next(iter(found.served[2].failures.values()))


@pytest.mark.parametrize("token", ["", "GPT\r\nBot", "Bot;q", "œ"])
def test_names_that_are_none(token: str) -> None:
    """A token brings no header line of its own."""
    with pytest.raises(InputError, match="token"):
        audit("http://127.0.0.1:9/", [token], HOW)
