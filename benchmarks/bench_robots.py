"""robots.txt: parsing once and asking often, against parsers that are installed beside Countermark.

Generated files of three shapes: `usual` (a few groups and rules), `agents` (every token of the agent list in one group)
and `large` (10,000 rules, one in ten with an asterisk). For each: CPU seconds to parse it and to answer one question,
over the same 1,000 paths, and how often the answers differ from those of gpyrobotstxt. The standard library's parser
is there for its speed; its answers are not those of RFC 9309.

    python benchmarks/bench_robots.py          writes results/robots.json
"""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.robotparser import RobotFileParser

from countermark.reservations.agents import load_agents
from countermark.reservations.robots import MAX_SIZE, parse_robots
from results import cpu_seconds, save

if TYPE_CHECKING:
    from collections.abc import Callable

AGENT = "GPTBot"
WORDS = (
    "archive",
    "author",
    "book",
    "cart",
    "essay",
    "feed",
    "film",
    "image",
    "letter",
    "poem",
    "search",
    "user",
)


def files(draw: random.Random) -> dict[str, bytes]:
    """The generated files, by shape."""
    usual = "User-agent: *\n" + "".join(f"Disallow: /{word}/\n" for word in WORDS)
    usual += (
        f"Allow: /book/open/\n\nUser-agent: CCBot\nUser-agent: {AGENT}\nDisallow: /book/\nDisallow: /*.pdf$\n"
    )
    agents = (
        "".join(f"User-agent: {agent.token}\n" for agent in load_agents("2026-08-22")) + "Disallow: /book/\n"
    )
    rules = "".join(
        f"Disallow: {path(draw)}{'*.html' if number % 10 == 0 else ''}\n" for number in range(10_000)
    )
    return {
        "usual": usual.encode(),
        "agents": agents.encode(),
        "large": f"User-agent: *\n{rules}".encode(),
    }


def path(draw: random.Random) -> str:
    """A path of two to four words and a number."""
    return "/" + "/".join(draw.choices(WORDS, k=draw.randint(1, 3))) + f"/{draw.randint(1, 5000)}"


def ours(data: bytes) -> Callable[[str], bool]:
    """Countermark, without what it remembers of files."""
    from countermark.reservations.robots import file  # noqa: PLC0415

    robots = file._parsed(data)
    return lambda url: robots.allows(AGENT, url)


def gpyrobotstxt(data: bytes) -> Callable[[str], bool]:
    """The translation of the reference parser, which parses at every question."""
    from gpyrobotstxt.robots_cc import RobotsMatcher  # noqa: PLC0415

    return lambda url: bool(RobotsMatcher().one_agent_allowed_by_robots(data, AGENT, url))


def standard_library(data: bytes) -> Callable[[str], bool]:
    """`urllib.robotparser`."""
    parser = RobotFileParser()
    parser.parse(data.decode().splitlines())
    return lambda url: parser.can_fetch(AGENT, url)


PARSERS = {"countermark": ours, "gpyrobotstxt": gpyrobotstxt, "urllib.robotparser": standard_library}


def measured(data: bytes, urls: list[str]) -> dict[str, Any]:
    """Milliseconds to parse, microseconds a question, and answers that differ from the reference's."""
    found: dict[str, Any] = {"bytes": len(data)}
    asked = (
        urls if len(data) < 50_000 else urls[:20]
    )  # gpyrobotstxt takes a second for each of the large file
    reference = list(map(PARSERS["gpyrobotstxt"](data), asked))
    for name, parser in PARSERS.items():
        parsing, ask = cpu_seconds(partial(parser, data), repeats=5)
        ask(urls[0])
        some = asked if name == "gpyrobotstxt" else urls
        asking, answers = cpu_seconds(partial(_answers, ask, some), repeats=3)
        found[name] = {
            "parse_ms": None if name == "gpyrobotstxt" else round(parsing * 1000, 3),
            "question_us": round(asking / len(some) * 1e6, 2),
            "asked": len(some),
            "differ": sum(a != b for a, b in zip(answers, reference, strict=False)),
            "compared": len(reference),
        }
    return found


def _answers(ask: Callable[[str], bool], urls: list[str]) -> list[bool]:
    return [ask(url) for url in urls]


def hostile() -> dict[str, float]:
    """CPU seconds for 100 MB of what costs most: to parse, and to answer the first question."""
    shapes = {"asterisks": b"Disallow: /*a*b*c*d*e\n", "short lines": b"a:b\n", "agents": b"User-agent: x\n"}
    found = {}
    for name, line in shapes.items():
        data = b"User-agent: *\n" + line * (100_000_000 // len(line))
        parsing, robots = cpu_seconds(partial(parse_robots, data))
        asking, _ = cpu_seconds(partial(robots.allows, AGENT, "/" + "a" * 2000))
        found[name] = round(parsing + asking, 3)
    return found


def main() -> None:
    """Measure all shapes, print and save."""
    draw = random.Random(9309)
    shapes = files(draw)
    urls = [f"https://example.org{path(draw)}.html" for _ in range(1000)]
    numbers: dict[str, Any] = {name: measured(data, urls) for name, data in shapes.items()}
    numbers["hostile_100mb_seconds"] = hostile()
    numbers["read_at_most_bytes"] = MAX_SIZE
    save("robots", numbers, ("gpyrobotstxt",))
    for shape, found in numbers.items():
        print(shape, found)


if __name__ == "__main__":
    main()
