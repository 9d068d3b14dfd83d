"""Content Signals: `Content-Signal` lines in robots.txt, after Cloudflare's policy of 2025-09-24 (CC0).

    search     building an index and showing links and short excerpts        → search
    ai-input   giving content to a model: retrieval, grounding, answers      → input
    ai-train   training or fine-tuning models                                → train, generative

`yes` allows, `no` reserves; a signal that is absent neither grants nor restricts. A line may begin with a path. The
policy does not say which line stands where several cover a path: all are stated, and the strictest stands, with a
remark. Names and values are read without regard to case, as they are served in every case; unknown names (`use`) are
passed over. Source: https://contentsignals.org.

Servers also send `Content-Signal` as a header field of a response. The policy speaks of robots.txt only; the field is
read in the same way, of the resource that it comes with, and that is told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.reservations.robots import encoded, match_length
from countermark.reservations.statement import Gathering, Reading
from countermark.reservations.use import Answer, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.reservations.response import Headers
    from countermark.reservations.robots import Line, Robots
    from countermark.reservations.statement import Place
    from countermark.reservations.target import Target

NAME: Final = "content-signal"
REVISION: Final = "2025-09-24"
SIGNALS: Final = {
    "search": (Use.SEARCH,),
    "ai-input": (Use.INPUT,),
    "ai-train": (Use.TRAIN, Use.GENERATIVE),
}
FOREIGN: Final = frozenset({"train-ai", "ai-use", "tdm-reservation", "train-genai"})
NEARLY: Final = frozenset({"content-signals", "contentsignal", "content_signal", "x-content-signal"})
"""Names of header fields that may have been meant as this one."""
_ANSWERS: Final = {"yes": Answer.ALLOWED, "no": Answer.RESERVED}
_MAX_SIGNALS: Final = 64
_REFUSAL: Final = re.compile(
    r"(?<![a-z])(?:no|not|none|never|n|false|den(?:y|ied)|disallow(?:ed)?|forbid(?:den)?|prohibited|reserved?)(?![a-z])"
)


class Signal(NamedTuple):
    """A name and a value, both in lower case, as they were separated by `=`."""

    name: str
    value: str


def read_signals(value: str) -> tuple[str, tuple[Signal, ...]]:
    """The path pattern that a line's value begins with ("" for none), and its signals."""
    pattern = ""
    if value.startswith("/"):
        pattern, *rest = value.split(None, 1)
        value = rest[0] if rest else ""
    parts = (part.partition("=") for part in value.lower().split(",", _MAX_SIGNALS)[:_MAX_SIGNALS])
    return pattern, tuple(Signal(name.strip(), said.strip()) for name, _, said in parts if name.strip())


def read_robots(robots: Robots, target: Target, place: Place) -> Reading:
    """What the Content-Signal lines for an agent say of a path."""
    gathering = Gathering("content-signals", place, REVISION)
    path = encoded(target.path)
    lines = robots.lines(NAME, target.agent)
    for line, pattern, signals in _covering(lines, path):
        for signal in signals:
            _say(gathering, "robots", line.raw, signal, line.number, pattern)
        if line.value.count(",") >= _MAX_SIGNALS:
            gathering.remark("too-many", line.number, doubt=True, limit=_MAX_SIGNALS)
    for line in robots.outside(NAME)[:1]:
        gathering.remark("outside-group", line.number, doubt=True)
    for line in robots.misspelt(target.agent, NAME)[:1]:
        _tell_near(gathering, line.name, line.value, line.number)
    return _weighed(gathering)


def read_headers(headers: Headers, target: Target, place: Place) -> Reading:
    """What the Content-Signal fields of a response say of what it carries."""
    gathering = Gathering("content-signals", place, REVISION)
    path = encoded(target.path)
    for name, value in headers:
        if name in NEARLY:
            _tell_near(gathering, name, value)
        if name != NAME:
            continue
        pattern, signals = read_signals(value)
        raw = f"{name}: {value}".encode("latin-1", "replace")
        for signal in signals if match_length(pattern, path) >= 0 else ():
            _say(gathering, "header", raw, signal, scope=pattern)
        if value.count(",") >= _MAX_SIGNALS:
            gathering.remark("too-many", doubt=True, limit=_MAX_SIGNALS)
    if gathering.statements:
        gathering.remark("as-header")
    return _weighed(gathering)


def _weighed(gathering: Gathering) -> Reading:
    """The reading, with a remark where what it gathered disagrees."""
    answers: dict[Use, Answer] = {}
    for statement in gathering.statements:
        if answers.setdefault(statement.use, statement.answer) is not statement.answer:
            gathering.remark("lines-disagree", statement.line)
            break
    return gathering.reading()


def _covering(lines: tuple[Line, ...], path: str) -> Iterator[tuple[Line, str, tuple[Signal, ...]]]:
    for line in lines:
        pattern, signals = read_signals(line.value)
        if match_length(pattern, path) >= 0:
            yield line, pattern, signals


def _tell_near(gathering: Gathering, name: str, value: str, line: int = 0) -> None:
    gathering.remark(
        "near-name", line, doubt=_REFUSAL.search(value.lower()) is not None, name=name, value=value
    )


def _say(
    gathering: Gathering, technique: str, raw: bytes, signal: Signal, line: int = 0, scope: str = ""
) -> None:
    written = f"{signal.name}={signal.value}" if signal.value else signal.name
    if signal.name in SIGNALS:
        answer = _ANSWERS.get(signal.value)
        if answer:
            gathering.say(technique, SIGNALS[signal.name], answer, raw, line=line, scope=scope)
        else:
            gathering.remark("not-yes-or-no", line, doubt=True, said=written)
    elif signal.name in FOREIGN:
        gathering.remark("foreign-signal", line, doubt=True, said=written)
    elif _REFUSAL.search(written):
        gathering.remark("unknown-signal", line, doubt=True, said=written)
