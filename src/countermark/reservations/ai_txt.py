"""ai.txt: Spawning's file of 2023-05-30, which says by file type what may be used for training.

The grammar is that of robots.txt: User-Agent, Disallow, Allow; of the patterns that cover a path the longest stands,
of equally long ones Allow. `*.jpg` names a file type: it covers paths that end so, without regard to case. (Compared as
robots.txt compares, `*.c` would cover every page whose address has `.c` in it, and Spawning's generator writes `*.c`.)
The generator has also written `User-agent: */` where it meant everybody; it is read so.

Disallow → train, generative reserved; Allow → both allowed, since the file speaks of nothing but training. Other files
are called ai.txt too (several proposals with fields like `Training: deny`): they are named in a remark, and not read.
Sources: https://spawning.ai/ai-txt; the generator of Spawning's WordPress plugin (Spawning-Inc/spawning-wp-plugin).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.reservations.robots import encoded, match_length, parse_robots
from countermark.reservations.statement import Gathering, Reading
from countermark.reservations.use import Answer, Use

if TYPE_CHECKING:
    from countermark.reservations.robots import Line, Robots
    from countermark.reservations.statement import Place
    from countermark.reservations.target import Target

REVISION: Final = "2023-05-30"
_USES: Final = (Use.TRAIN, Use.GENERATIVE)
_ANSWERS: Final = {"disallow": Answer.RESERVED, "allow": Answer.ALLOWED}
_EVERYBODY: Final = re.compile(rb"(?im)^([ \t]*user-agent[ \t]*:[ \t]*\*)/(?=[ \t\r]*$)")
_FILE_TYPE: Final = re.compile(r"\*(\.[A-Za-z0-9]+)\$?")


def read_ai_txt(data: bytes, target: Target, place: Place) -> Reading:
    """What a site's ai.txt says of a target's path, to its agent."""
    gathering = Gathering("ai-txt", place, REVISION)
    robots = parse_ai_txt(data)
    if robots.markup:
        gathering.remark("markup")
        return gathering.reading()
    if robots.wide:
        gathering.remark("not-plain-text", doubt=True)
    if robots.read < robots.size or robots.cut_lines:
        gathering.remark("too-long", doubt=True, size=robots.size, read=robots.read)
    line = _deciding(robots, target)
    if line:
        scope = f"{robots.group(target.agent)} {line.value}"
        answer = _ANSWERS[line.name]
        gathering.say("well-known", _USES, answer, line.raw, line=line.number, scope=scope)
    _tell_doubts(robots, target, gathering)
    return gathering.reading()


def parse_ai_txt(data: bytes) -> Robots:
    """The groups and lines of an ai.txt."""
    return parse_robots(_EVERYBODY.sub(rb"\1 ", data))


def _deciding(robots: Robots, target: Target) -> Line | None:
    path = encoded(target.path)
    ranked = (
        (_length(line.value, path), line.name == "allow", -line.number, line)
        for name in _ANSWERS
        for line in robots.lines(name, target.agent)
    )
    best = max((rank for rank in ranked if rank[0] > 0), key=lambda rank: rank[:3], default=None)
    return best[3] if best else None


def _length(pattern: str, path: str) -> int:
    file_type = _FILE_TYPE.fullmatch(pattern)
    if file_type is None:
        return match_length(pattern, path)
    ends_so = path.partition("?")[0].lower().endswith(file_type[1].lower())
    return len(pattern) if ends_so else -1


def _tell_doubts(robots: Robots, target: Target, gathering: Gathering) -> None:
    known = {"user-agent", "allow", "disallow", "sitemap"}
    for line in (*robots.misspelt(target.agent), *robots.other_refusals(target.agent))[:1]:
        gathering.remark("misspelt", line.number, doubt=True, written=line.name)
    path = encoded(target.path)
    for line in robots.lines("disallow", target.agent):
        if line.number in robots.slashless and _length(f"/{line.value}", path) > 0:
            gathering.remark("path-without-slash", line.number, doubt=True, value=line.value)
            break
    for line in robots.outside("disallow")[:1]:
        gathering.remark("before-any-group", line.number, doubt=True)
    if robots.all_lines and not any(line.name in known for line in robots.all_lines):
        gathering.remark(
            "another-format", robots.all_lines[0].number, doubt=True, name=robots.all_lines[0].name
        )
