"""robots.txt against anything: arbitrary bytes, mutated files, and the answers of a second parser."""

from __future__ import annotations

from gpyrobotstxt.robots_cc import RobotsMatcher
from hypothesis import example, given, settings
from hypothesis import strategies as st

from countermark.reservations import ai_txt, aipref, content_signals
from countermark.reservations.robots import MAX_LINE, hazards, match_length, parse_robots, read_robots
from countermark.reservations.statement import Place
from countermark.reservations.target import Target
from countermark.reservations.use import Answer
from countermark.reservations.words import sentence

PLACE = Place("robots.txt")
GOOD = (
    b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /p/\r\nAllow: /p/*.html$\r\nContent-Usage: /p/ train-ai=n, search=y\n"
    b"Content-Signal: ai-train=no\nUser-agent: A\rUser-agent: B/1.0\nDisallow: /%c5%93\xff\nSitemap: https://e/s\n"
    b"User-agent: C, D (E/2)\nAllowed: /q\nDisallow: /q\nDisallowAITraining: /\nContent-Signals: ai-train=no\n"
    b"License: https://e/l\nUser-agent: A\nContent-Use: ai-use=n\n"
)

AGENTS = st.sampled_from(["A", "b", "NovelBot", "novel-bot", "Novel_Bot", "CC", "CCBot"])
# What both parsers take alike. Not among it, and why: tokens with other characters (ours are also found by their whole
# text), line ends and white space that Python strips and RFC 9309 does not know, one word alone (the peer fails on it),
# "diaslow" (the peer reads it as Disallow, the reference parser does not), octets beyond ASCII (the peer decodes them
# first, and so escapes U+FFFD instead of the octet that stood there).
PIECES = st.sampled_from(
    ["/", "a", "b", "*", "$", "/a", "*b", "%2f", "%2F", "index.html", ".htm", "?", "=", "&", "//"]
)
PATTERNS = st.lists(PIECES, max_size=6).map("".join)
PATHS = st.lists(PIECES.filter(lambda piece: "$" not in piece), max_size=8).map(
    lambda pieces: "/" + "".join(pieces)
)
SPACE = st.sampled_from(["", " ", "  ", "\t"])
LINES = st.one_of(
    st.tuples(
        st.sampled_from(["User-agent", "user-agent", "USERAGENT"]),
        st.one_of(AGENTS, st.just("*"), st.just("* x")),
    ),
    st.tuples(st.sampled_from(["Disallow", "disallow", "Dissallow", "Allow", "allow"]), PATTERNS),
    st.tuples(st.sampled_from(["Sitemap", "Crawl-delay", "Content-Usage", "X"]), PATTERNS),
)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A robots.txt of a few groups, with its white space, comments and line ends."""
    text = ""
    for name, value in draw(st.lists(LINES, max_size=14)):
        text += f"{draw(SPACE)}{name}{draw(SPACE)}:{draw(SPACE)}{value}{draw(SPACE)}"
        text += draw(st.sampled_from(["\n", "\r\n", "\r", " # note\n", "\n\n", "\n# note: x\n"]))
    return text


@settings(max_examples=400, deadline=None)
@given(files(), AGENTS, PATHS)
@example("User-agent: A\nDisallow: /a*b$\nAllow: /a*/index.html\n", "A", "/ab")
def test_a_second_parser_agrees(text: str, agent: str, path: str) -> None:
    """gpyrobotstxt, a translation of the reference parser, gives the same answer."""
    url = f"https://example.org{path}"
    peer = RobotsMatcher().one_agent_allowed_by_robots(text, agent, url)
    assert parse_robots(text.encode()).allows(agent, url) is peer


@settings(max_examples=300, deadline=None)
@given(PATTERNS, PATHS)
def test_patterns_match_as_the_definition_says(pattern: str, path: str) -> None:
    """Against the plain recursive definition."""
    covered = _covers(pattern.replace("%2f", "%2F"), path)
    assert match_length(pattern, path) == (len(pattern) if covered else -1)


def _covers(pattern: str, path: str) -> bool:
    if not pattern:
        return True
    if pattern == "$":
        return not path
    if pattern[0] == "*":
        return any(_covers(pattern[1:], path[start:]) for start in range(len(path) + 1))
    return bool(path) and path[0] == pattern[0] and _covers(pattern[1:], path[1:])


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.text(max_size=12), st.text(max_size=40))
def test_any_bytes_can_be_read(data: bytes, agent: str, path: str) -> None:
    """No reader of the file fails; every remark has its sentence."""
    _read_all(data, agent, path)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(["A", "b", "*", "B/1.0"]), st.sampled_from(["/p/x.html", "/p/", "/%C5%93"]))
def test_a_mutated_file_can_be_read(data: st.DataObject, agent: str, path: str) -> None:
    """Octets changed, cut out and put in."""
    octets = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(octets)))
        octets[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=6))
    _read_all(bytes(octets), agent, path)


def _read_all(data: bytes, agent: str, path: str) -> None:
    robots = parse_robots(data)
    assert robots.read == len(data)
    target = Target(f"https://example.org/{path.lstrip('/')}", agent)
    readings = [reader(robots, target, PLACE) for reader in (read_robots, aipref.read_robots)]
    readings += [content_signals.read_robots(robots, target, PLACE), ai_txt.read_ai_txt(data, target, PLACE)]
    for reading in readings:
        for remark in reading.remarks:
            assert sentence(remark)
    for remark in hazards(robots):
        assert sentence(remark, "fr")
    assert all(statement.answer is Answer.RESERVED for statement in readings[0].statements)
    for line in robots.all_lines:
        assert line.raw in data
        assert len(line.raw) <= MAX_LINE


def test_hostile_patterns_are_answered() -> None:
    """Asterisks by the thousand, in one pattern and in many; the answers are right (and come in linear time)."""
    path = "/" + "a" * 4000
    robots = parse_robots(
        b"User-agent: *\nDisallow: /" + b"a*" * 8000 + b"b\nAllow: /" + b"*a" * 2000 + b"$\n"
    )
    assert robots.rule("A", path) is not None
    assert robots.allows("A", path)
    assert parse_robots(b"User-agent: *\n" + b"Disallow: /*a*a*a*a*a*a*b\n" * 20_000).allows("A", path)
    crowd = b"".join(b"User-agent: A%d\n" % number for number in range(50_000))
    assert not parse_robots(crowd.replace(b"0", b"o") + b"Disallow: /\n" * 50_000).allows("Ao", "/")
