"""What a parsed robots.txt answers beyond the rule: lines of extensions, statements, doubts, hazards, bounds."""

from __future__ import annotations

import pytest

from countermark.reservations.robots import (
    MAX_LINES,
    MAX_SIZE,
    Robots,
    hazards,
    match_length,
    parse_robots,
    read_robots,
)
from countermark.reservations.robots.remembered import Remembered
from countermark.reservations.statement import MAX_ALIKE, Gathering, Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import USES, Answer
from countermark.reservations.words import room_languages, sentence

PLACE = Place("https://example.org/robots.txt", "2026-11-01")


def read(text: str, agent: str = "NovelBot", path: str = "/novel") -> Reading:
    """What a file says of a path."""
    return read_robots(parse_robots(text.encode()), Target(f"https://example.org{path}", agent), PLACE)


def codes(reading: Reading) -> list[tuple[str, int, bool]]:
    """The remarks, short; all of them have their sentences."""
    for remark in reading.remarks:
        assert sentence(remark)
        assert sentence(remark, "fr")
    return [(remark.code.partition(".")[2], remark.line, remark.doubt) for remark in reading.remarks]


def test_a_disallow_reserves_all_uses() -> None:
    """With the scope, the line and the bytes as they stood."""
    reading = read("User-agent: *\nDisallow: /\n\nUser-Agent: NovelBot\n  Disallow: /nov*  # ours\n")
    assert [statement.use for statement in reading.statements] == list(USES)
    first = reading.statements[0]
    assert (first.answer, first.scope, first.line, first.revision) == (
        Answer.RESERVED,
        "novelbot /nov*",
        5,
        "RFC 9309",
    )
    assert first.raw == b"  Disallow: /nov*  # ours"
    assert (first.technique, first.place) == ("robots", PLACE)
    assert reading.remarks == ()


@pytest.mark.parametrize("text", ["", "User-agent: *\nAllow: /\n", "User-agent: Other\nDisallow: /\n"])
def test_an_allow_says_nothing(text: str) -> None:
    """Neither does silence, nor what is said to others."""
    assert not read(text)


def test_the_file_itself_may_always_be_fetched() -> None:
    """RFC 9309, section 2.2.2."""
    assert not read("User-agent: *\nDisallow: /\n", path="/robots.txt")


def test_an_agent_that_no_rule_names() -> None:
    """The agent `*` of a target is answered by the group of `*`."""
    text = "User-agent: NovelBot\nDisallow: /\n"
    assert not read(text, agent="*")
    assert read(text + "User-agent: *\nDisallow: /\n", agent="*").statements


def test_percent_encoding_that_the_rfc_undoes_and_the_reference_does_not() -> None:
    """Both readings are told; the one that refuses stands."""
    reading = read("User-agent: *\nDisallow: /%6Eovel\n")
    assert codes(reading) == [("encoding-differs", 2, False)]
    assert [(s.answer, s.line) for s in reading.statements[:1]] == [(Answer.RESERVED, 2)]
    reading = read("User-agent: *\nDisallow: /\nAllow: /%6Eovel\n")
    assert codes(reading) == [("encoding-differs", 3, False)]
    assert reading.statements[0].answer is Answer.RESERVED


@pytest.mark.parametrize(
    ("pattern", "path"),
    [("/f-%24", "/f-$"), ("/a-%2A.html", "/a-*.html"), ("/a$b%24$", "/a$b$"), ("/p-%2a", "/p-%2A")],
)
def test_encoded_asterisk_and_dollar_are_the_characters(pattern: str, path: str) -> None:
    """RFC 9309, section 2.2.3."""
    assert read(f"User-agent: *\nDisallow: {pattern}\n", path=path).statements
    assert not read(f"User-agent: *\nDisallow: {pattern}\n", path="/other").statements


def test_paths_that_were_not_encoded() -> None:
    """An address with other letters is encoded before it is compared (RFC 9309, section 2.2.2)."""
    assert read("User-agent: *\nDisallow: /%C5%93uvre\n", path="/œuvre").statements
    assert read("User-agent: *\nDisallow: /%c5%93uvre\n", path="/%c5%93uvre").statements


def test_paths_that_begin_with_two_slashes() -> None:
    """They are paths, not hosts."""
    text = "User-agent: *\nAllow: /$\nDisallow: /\n"
    assert read(text, path="//private/x").statements
    assert not parse_robots(text.encode()).allows("A", "//private/x")


def test_doubts() -> None:
    """What may have been meant to forbid."""
    assert codes(read("User-agent: *\nDsallow: /\n")) == [("misspelt", 2, True)]
    assert codes(read("User-agent: Other\nDsallow: /\n")) == []
    assert codes(read("User-agent: *\nDisallow: novel\n")) == [("path-without-slash", 2, True)]
    assert codes(read("User-agent: *\nDisallow: poems\n")) == []
    assert codes(read("Disallow: /\n")) == [("before-any-group", 1, True)]
    assert codes(read("User-agent: Story Bot\nDisallow: /\n", agent="Story Bot")) == [
        ("agent-with-space", 1, True)
    ]
    assert codes(read("<!DOCTYPE html><title>Not here</title>")) == [("markup", 0, False)]


def test_names_that_begin_like_allow_and_disallow() -> None:
    """RFC 9309 knows the names only, the reference parser all that begin so: the refusal stands."""
    assert codes(read("User-agent: *\nDisallow: /\nAllowed: /\n")) == [("name-differs", 2, False)]
    assert read("User-agent: *\nDisallow: /\nAllowed: /\n").statements
    assert codes(read("User-agent: *\nDisallowed: /\n")) == [("name-differs", 2, False)]
    assert read("User-agent: *\nDisallowed: /\n").statements
    assert codes(read("User-agent: *\nDissallow: /\nDisallowed: /poem\n")) == []
    both = read("User-agent: *\nDisallow: /%6Eovel\nAllowed: /novel\n")
    assert both.statements
    assert codes(both) == [("name-differs", 2, False)]


def test_refusals_of_another_protocol() -> None:
    """draft-canel-robots-ai-control: neither a rule for the search index, nor silence."""
    reading = read("User-agent: *\nAllow: /\nDisallowAITraining: /\n")
    assert (reading.statements, codes(reading)) == ((), [("other-protocol", 3, True)])
    assert codes(read("User-agent: *\nDisallowAITraining: /poems\n")) == []
    assert codes(read("User-agent: Other\nDisallowAITraining: /\n")) == []
    reading = read("User-agent: *\nDisallow: /\nAllowAITraining: /\n")
    assert len(reading.statements) == len(USES)
    assert codes(reading) == [("name-differs", 3, False)]
    assert codes(read("User-agent: *\nDisallow: /novel\nAllowAITraining: /\n")) == []


def test_several_agents_in_one_line() -> None:
    """Parsers know the first; what was meant for the others leaves a doubt."""
    text = "User-agent: Other, NovelBot\nDisallow: /novel\n"
    assert codes(read(text)) == [("agents-in-one-line", 2, True)]
    assert codes(read(text, agent="NovelBot/2.0")) == [("agents-in-one-line", 2, True)]
    assert codes(read(text, agent="Third")) == []
    assert codes(read(text, path="/poem")) == []
    assert codes(read(text, agent="Other")) == []
    told = codes(read("User-agent: Other NovelBot\nContent-Signal: ai-train=no\n", path="/robots.txt"))
    assert told == [("agents-in-one-line", 0, True)]


@pytest.mark.parametrize("line", ["Content-Signal: ai-train=no", "License: https://example.org/l.xml"])
def test_a_line_that_looks_as_if_it_ended_a_group(line: str) -> None:
    """RFC 9309 joins the agents before and after it: the verdict does, and it is told."""
    text = f"User-agent: *\n{line}\n\nUser-agent: Other\nDisallow: /\n"
    reading = read(text)
    assert len(reading.statements) == len(USES)
    assert codes(reading) == [("agents-divided", 5, False)]
    assert codes(read(text, agent="Other")) == []
    assert codes(Reading((), hazards(parse_robots(text.encode())))) == [("line-between-agents", 2, False)]
    assert codes(read(f"User-agent: *\nAllow: /\n{line}\nUser-agent: Other\nDisallow: /\n")) == []


def test_remarks_without_end_are_counted() -> None:
    """Fifty of one kind are told, the others in one, with their doubt."""
    told = Gathering("robots", PLACE)
    for number in range(MAX_ALIKE + 7):
        told.remark("misspelt", number, doubt=number > MAX_ALIKE, written="a", meant="b")
    told.remark("markup")
    remarks = told.reading().remarks
    assert len(remarks) == MAX_ALIKE + 2
    assert (remarks[-1].code, remarks[-1].facts, remarks[-1].doubt) == (
        "source.more",
        (("number", "7"),),
        True,
    )
    assert codes(told.reading())


def test_lines_of_extensions() -> None:
    """Those of the agent's own groups, else of `*`; their line numbers and bytes are kept."""
    robots = parse_robots(
        b"License: https://example.org/all.xml\r\nUser-agent: *\r\nX-Term: all\r\nDisallow:\r\n"
        b"User-agent: A\r\nx-term : \xe9 # c\r\nUser-agent: B\r\nDisallow: /\r\n"
    )
    assert [line.value for line in robots.lines("x-term", "C")] == ["all"]
    (line,) = robots.lines("x-term", "B")
    assert (line.number, line.raw, line.octets) == (6, b"x-term : \xe9 # c", b"\xe9")
    assert robots.lines("x-term", "A") == (line,)
    assert robots.lines("x-term", "A", closes=True) == (line,)
    assert robots.lines("x-term", "B", closes=True) == ()
    assert [line.number for line in robots.outside("license")] == [1]
    assert not robots.allows("A", "/")
    assert robots.allows("A", "/", closed_by="x-term")


@pytest.mark.parametrize(
    ("pattern", "path", "length"),
    [
        ("", "/a", 0),
        ("/a", "/a/b", 2),
        ("/b", "/a", -1),
        ("/*.c$", "/a.c", 5),
        ("/*.c$", "/a.cc", -1),
        ("*", "/", 1),
        ("/é", "/%C3%A9", 7),
        ("/ab*b$", "/ab", -1),
        ("/a*a$", "/aa", 5),
        ("$", "/", -1),
        ("/**b", "/ab", 4),
    ],
)
def test_match_length(pattern: str, path: str, length: int) -> None:
    """Octets of the pattern, once encoded; -1 where it does not cover the path."""
    assert match_length(pattern, path) == length


def test_hazards() -> None:
    """Every hazard with its line, and a sentence in both languages."""
    text = (
        "Disallow: /early\n"
        "User-agent: A\n"
        "Content-Usage: train-ai=n\n"
        "User-agent: AI2Bot\n"
        "Dissallow: /x\n"
        "Disalloww /y\n"
        "Licence: /terms.xml\n"
        "License: /terms.xml\n"
        "Disallow: private\n"
        "Content-Signals: ai-train=no\n"
        "Crawl-delay: 3\n"
    )
    found = hazards(parse_robots(text.encode()))
    assert codes(Reading((), found)) == [
        ("before-any-group", 1, False),
        ("usage-between-agents", 3, False),
        ("agent-not-a-token", 4, False),
        ("misspelt-but-read", 5, False),
        ("no-colon", 6, False),
        ("misspelt-but-read", 6, False),
        ("misspelt", 7, False),
        ("licence-relative", 8, False),
        ("path-without-slash", 9, True),
        ("misspelt", 10, False),
    ]
    assert (
        hazards(
            parse_robots(b"User-agent: *\nDisallow: /x\nContent-Usage: train-ai=n\nSitemap: https://e/\n")
        )
        == ()
    )


def test_what_stands_beyond_the_bounds_is_told() -> None:
    """Size and number of lines are bounded; the rest may have been a reservation."""
    long = b"User-agent: *\nDisallow: /x\n#" + b"#" * (MAX_SIZE - 34) + b"\nDisallow: /y\n"
    robots = parse_robots(long)
    assert (robots.read, robots.size) == (MAX_SIZE - 5, len(long))
    reading = read_robots(robots, Target("https://example.org/y"), PLACE)
    assert (reading.statements, codes(reading)) == ((), [("too-long", 0, True)])
    many = b"a:\n" * MAX_LINES + b"User-agent: *\nDisallow: /\n"
    robots = parse_robots(many)
    assert robots.read == 3 * MAX_LINES
    assert codes(read_robots(robots, Target("https://example.org/x"), PLACE)) == [("too-long", 0, True)]


def test_hazards_without_end_are_cut_short() -> None:
    """A thousand are told, and that there are more; so are names that nobody knows."""
    found = hazards(parse_robots(b"Disallow: x\n" * 5000))
    assert 1000 <= len(found) <= 1003
    assert codes(Reading((), found[-1:])) == [("more-hazards", 501, False)]
    names = b"".join(b"dissalo%d: /\n" % number for number in range(200_000))
    assert len(parse_robots(names).near_misses) <= 500


def test_files_are_remembered_within_bounds() -> None:
    """The same bytes are parsed once; what was asked for longest ago goes first."""
    parsed: list[bytes] = []

    def parse(data: bytes) -> Robots:
        parsed.append(data)
        return Robots(())

    remembered = Remembered(parse, room=10)
    for data in (b"aaaa", b"bbbb", b"aaaa", b"cccc", b"aaaa", b"bbbb", b"d" * 11, b"d" * 11):
        remembered(data)
    assert parsed == [b"aaaa", b"bbbb", b"cccc", b"bbbb", b"d" * 11, b"d" * 11]


def test_a_line_too_long_is_read_in_part() -> None:
    """As the reference parser does."""
    reading = read(f"User-agent: *\nDisallow: /{'a' * 20_000}\n", path=f"/{'a' * 30_000}")
    assert len(reading.statements) == len(USES)
    assert codes(reading) == [("line-too-long", 2, True)]


def test_same_keys_and_facts_in_both_languages() -> None:
    """Of every sentence of these protocols."""
    english, french = room_languages()["en"], room_languages()["fr"]
    assert english.messages.keys() == french.messages.keys()
