"""Our block in a robots.txt: what stays, what is repeated, what it never does."""

from __future__ import annotations

import pytest
from gpyrobotstxt.robots_cc import RobotsMatcher

from countermark.errors import InputError
from countermark.reservations.policy import Choice, Policy, Rule
from countermark.reservations.use import USES, Answer
from countermark.reservations.writing.everything import write_all
from countermark.reservations.writing.robots_txt import write_robots
from reservations.random_policies import AGENTS, SITE

RESERVED = dict.fromkeys(USES, Answer.RESERVED)
SILENT = dict.fromkeys(USES, Answer.UNKNOWN)
THERE = (
    b"# caf\xe9\r\nUser-agent: *\r\nDisallow: /private/\r\nAllow: /private/open/\r\n\r\n"
    b"User-agent: SeekerBot\r\nDisallow: /seek/"
)


def may_fetch(data: bytes, agent: str, path: str) -> bool:
    """What Google's parser makes of it."""
    allowed: bool = RobotsMatcher().allowed_by_robots(data, [agent], SITE + path)
    return allowed


def test_what_the_site_says_stays_and_our_block_is_found_again() -> None:
    """Byte by byte, in the file's own line ends; a second run and another policy replace the block."""
    policy = Policy(SITE, (Rule("/", RESERVED),), agents=AGENTS)
    once = write_robots(policy, THERE, ["Content-Usage: train-ai=n"]).data
    assert once.startswith(THERE + b"\r\n\r\n# countermark reserve: begin\r\n")
    assert b"\n" not in once.replace(b"\r\n", b"")
    assert write_robots(policy, once, ["Content-Usage: train-ai=n"]).data == once
    nothing = Policy(SITE, (Rule("/", SILENT),))
    assert write_robots(nothing, once).data == THERE + b"\r\n"


def test_an_agent_keeps_the_lines_of_everybody() -> None:
    """Its own group replaces that of `*`; the Disallow of `*` is repeated, an Allow that would let it in is not."""
    rules = (Rule("/", SILENT), Rule("/private/open/novels/", RESERVED))
    policy = Policy(SITE, rules, agents=AGENTS)
    data = write_robots(policy, THERE).data
    assert not may_fetch(data, "NovelBot", "/private/x")
    assert may_fetch(data, "NovelBot", "/private/open/x")
    assert not may_fetch(data, "NovelBot", "/private/open/novels/x")
    assert may_fetch(data, "NovelBot", "/x")
    assert may_fetch(data, "Stranger", "/private/open/novels/x")


def test_an_allow_of_ours_never_outweighs_a_disallow_of_the_site() -> None:
    """Where it would, the agent stays shut out, and that is told."""
    policy = Policy(
        SITE, (Rule("/", RESERVED), Rule("/private/", SILENT), Rule("/press/", SILENT)), agents=AGENTS
    )
    written = write_robots(policy, THERE)
    assert not may_fetch(written.data, "NovelBot", "/private/x")
    assert may_fetch(written.data, "NovelBot", "/press/x")
    told = {(one.path, one.agent) for one in written.lost}
    assert ("/private/", "NovelBot") in told
    assert ("/press/", "NovelBot") not in told


def test_a_list_of_agents_left_open_does_not_take_ours_in() -> None:
    """The last agent of the site's file is not refused with ours."""
    policy = Policy(SITE, (Rule("/", SILENT),), choices=(Choice("token", "CCBot", True),))
    data = write_robots(policy, b"User-agent: OpenBot\n", ["Content-Usage: train-ai=n"]).data
    assert may_fetch(data, "OpenBot", "/x")
    assert not may_fetch(data, "CCBot", "/x")


def test_agents_with_groups_of_their_own_get_the_lines_of_extensions() -> None:
    """An extension's line in the group of `*` would not reach them."""
    policy = Policy(SITE, (Rule("/", RESERVED),), refuse_reserved=False)
    text = write_all(policy, {"robots.txt": THERE}).files["robots.txt"].decode("latin-1")
    assert "User-agent: *\r\nUser-agent: SeekerBot\r\nAllow: /robots.txt\r\nContent-Usage: train-ai=n" in text
    assert "License: https://press.example.org/rsl.xml\r\n" in text


@pytest.mark.parametrize(
    "data",
    [b"# countermark reserve: begin\n", b"x\n# countermark reserve: end\n",
     b"# countermark reserve: end\n# countermark reserve: begin\n"],
)  # fmt: skip
def test_a_block_that_is_not_whole_is_refused(data: bytes) -> None:
    """Somebody edited it: nothing is guessed."""
    policy = Policy(SITE, (Rule("/", SILENT),))
    with pytest.raises(InputError, match=r"robots\.txt, line \d: a block"):
        write_robots(policy, data)


def test_a_file_that_readers_would_cut_is_refused() -> None:
    """Readers need not read beyond 500 KiB, and our block stands at the end."""
    policy = Policy(SITE, (Rule("/", RESERVED),), agents=AGENTS)
    with pytest.raises(InputError, match="need not read beyond"):
        write_robots(policy, b"# x\n" * 130_000)
