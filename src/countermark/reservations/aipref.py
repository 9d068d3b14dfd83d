"""AIPREF: usage preferences of the IETF, in the Content-Usage header field and in robots.txt.

Vocabulary: draft-ietf-aipref-vocab-08 (2026-09-14); attachment: draft-ietf-aipref-attach-05 (2026-08-19). Working group
drafts, which have changed their labels six times; every statement carries the revision by which it was read.

    train-ai   changing the parameters of a model that generates content       → generative
    ai-use     input to such a model, not given by its user                     → input
    search     an application that leads to where things are                    → search

A statement is a dictionary of RFC 9651. Only the tokens `y` and `n` mean anything; unknown labels and parameters are
passed over; of a label given twice the last stands; a value that cannot be parsed states nothing at all (vocabulary,
"Processing Algorithm"). The lines of a header are one dictionary, so there the last line stands and not the strictest.
Statements made in different places combine to the strictest ("Combining Preferences"). Not covered, and never inferred:
mining as such, and training of models that generate nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import http_sf

from countermark.reservations.robots import encoded, match_length
from countermark.reservations.statement import Gathering, Reading
from countermark.reservations.use import Answer, Use, strictest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from countermark.reservations.page import Page
    from countermark.reservations.response import Headers
    from countermark.reservations.robots import Line, Robots
    from countermark.reservations.statement import Place
    from countermark.reservations.target import Target

FIELD: Final = "content-usage"
NEARLY: Final = frozenset(
    {"content-use", "contentusage", "content_usage", "content-usages", "x-content-usage"}
)
"""Names of header fields and metas that may have been meant as this one."""
REVISION: Final = "vocab-08"
LABELS: Final = {"train-ai": Use.GENERATIVE, "ai-use": Use.INPUT, "search": Use.SEARCH}
RETIRED: Final = {
    "tdm": ("vocab-00, -01", (Use.TDM,)),
    "ai": ("vocab-00, -01", (Use.TRAIN,)),
    "genai": ("vocab-00, -01", (Use.GENERATIVE,)),
    "inference": ("vocab-00, -01", (Use.INPUT,)),
    "all": ("vocab-02", (Use.TDM, Use.TRAIN, Use.GENERATIVE, Use.INPUT, Use.SEARCH)),
    "train-genai": ("vocab-02, -03", (Use.GENERATIVE,)),
    "bots": ("vocab-03, -04", (Use.TDM, Use.TRAIN, Use.GENERATIVE, Use.INPUT, Use.SEARCH)),
    "ai-output": ("vocab-04", (Use.INPUT,)),
}
"""Labels that a reader of vocab-08 passes over: the revisions that had them, and the uses that they spoke of there."""
FOREIGN: Final = frozenset({"ai-train", "ai-input", "noai", "tdm-reservation"})
"""Words of other protocols that are sent in this field by mistake."""
MAX_VALUE: Final = 64 << 10
"""Octets of a value that are parsed."""

MAX_STATED: Final = 100
"""Lines of equal length that cover a path and say different things; no more of them are taken."""

_TOKENS: Final = {"y": Answer.ALLOWED, "n": Answer.RESERVED}
_CACHED: Final = 1024


@dataclass(frozen=True, slots=True)
class Preference:
    """One statement of preference. `others` are labels without a usable token: label, and the value as text."""

    answers: Mapping[str, Answer]
    others: tuple[tuple[str, str], ...] = ()
    twice: tuple[str, ...] = ()
    failure: str = ""

    def answer(self, label: str) -> Answer:
        """The answer to a label; unknown where nothing is stated."""
        return self.answers.get(label, Answer.UNKNOWN)


def read_preference(value: bytes) -> Preference:
    """One statement of preference. Never raises: what cannot be parsed is a preference with a `failure`."""
    if len(value) > MAX_VALUE:
        return Preference({}, failure=f"{len(value)} octets")
    return _remembered(value) if len(value) <= _CACHED else _parsed(value)


def combined(preferences: Iterable[Mapping[str, Answer]]) -> dict[str, Answer]:
    """Separate statements as one: for each label the strictest answer (vocabulary, "Combining Preferences")."""
    kept = list(preferences)
    return {label: strictest(said.get(label, Answer.UNKNOWN) for said in kept) for label in LABELS}


def read_headers(headers: Headers, target: Target, place: Place) -> Reading:  # noqa: ARG001  all readers are called alike
    """What the Content-Usage header field of a response says of what it carries."""
    values = headers.all(FIELD)
    gathering = Gathering("aipref", place, REVISION)
    if values:
        raw = ", ".join(values).encode("latin-1", "replace")
        _say(gathering, "header", raw, read_preference(raw))
    for name, value in headers:
        if name in NEARLY:
            _tell_near(gathering, name, value)
    return gathering.reading()


def read_page(page: Page, target: Target, place: Place) -> Reading:  # noqa: ARG001  all readers are called alike
    """Metas named after the field: the attachment knows none, but they may have been meant as reservations."""
    gathering = Gathering("aipref", place, REVISION)
    for meta in page.metas:
        if meta.name == FIELD or meta.name in NEARLY:
            _tell_near(gathering, f"<meta {meta.attribute}={meta.name}>", meta.content)
    return gathering.reading()


def read_robots(robots: Robots, target: Target, place: Place) -> Reading:
    """What the Content-Usage lines for an agent say of a path that it may fetch.

    Of the lines that cover the path the longest pattern stands; lines of the same length combine to the strictest. A
    path that may not be fetched carries no preference: no statement is made of it. (Attachment, "Content-Usage Rule
    Semantics".)
    """
    gathering = Gathering("aipref", place, REVISION)
    path = encoded(target.path)
    for line in robots.outside(FIELD)[:1]:
        gathering.remark("outside-group", line.number, doubt=True)
    for line in robots.misspelt(target.agent, FIELD)[:1]:
        _tell_near(gathering, line.name, line.value, line.number, _divided(line.octets)[1])
    lines = _different(_longest(robots.lines(FIELD, target.agent, closes=True), path))
    if len(lines) > MAX_STATED:
        gathering.remark("too-many", lines[MAX_STATED][0].number, doubt=True, limit=MAX_STATED)
        del lines[MAX_STATED:]
    if not lines:
        return gathering.reading()
    allowed = robots.allows(target.agent, path, closed_by=FIELD)
    if allowed != robots.allows(target.agent, path):
        gathering.remark("agents-divided", lines[0][0].number, agent=target.agent)
    if allowed:
        for line, pattern, value in lines:
            _say(
                gathering,
                "robots",
                line.raw,
                read_preference(value),
                line=line.number,
                scope=pattern,
                value=value,
            )
    return gathering.reading()


def _longest(lines: Iterable[Line], path: str) -> list[tuple[Line, str, bytes]]:
    best = -1
    found: list[tuple[Line, str, bytes]] = []
    for line in lines:
        pattern, value = _divided(line.octets)
        length = match_length(pattern, path)
        if length > best:
            best, found = length, []
        if length == best >= 0:
            found.append((line, pattern, value))
    return found


def _different(lines: Iterable[tuple[Line, str, bytes]]) -> list[tuple[Line, str, bytes]]:
    """The first line of each pattern and value: what is said again says no more."""
    first: dict[tuple[str, bytes], tuple[Line, str, bytes]] = {}
    for line, pattern, value in lines:
        first.setdefault((pattern, value), (line, pattern, value))
    return list(first.values())


def _divided(octets: bytes) -> tuple[str, bytes]:
    """Path pattern and preference: a value that begins with a slash has a path ("Processing Content-Usage Rules")."""
    if not octets.startswith(b"/"):
        return "", octets
    pattern, *rest = octets.replace(b"\t", b" ").split(b" ", 1)
    return encoded(pattern), (rest[0].strip() if rest else b"")


def _say(
    gathering: Gathering,
    technique: str,
    raw: bytes,
    preference: Preference,
    *,
    line: int = 0,
    scope: str = "",
    value: bytes | None = None,
) -> None:
    for label, use in LABELS.items():
        if (answer := preference.answer(label)) is not Answer.UNKNOWN:
            gathering.say(technique, (use,), answer, raw, line=line, scope=scope)
    if preference.failure:
        said = (raw if value is None else value).decode("utf-8", "replace")
        gathering.remark("cannot-be-parsed", line, doubt=True, value=said, why=preference.failure)
    for label, text in preference.others:
        _tell_other(gathering, line, label, text)
    for label in preference.twice:
        gathering.remark("label-twice", line, label=label)
    _tell_search(gathering, line, preference)


def _tell_near(gathering: Gathering, name: str, value: str, line: int = 0, said: bytes | None = None) -> None:
    """A name that is nearly the field's; a doubt unless all that it says is `y`."""
    preference = read_preference(value.encode("utf-8", "replace") if said is None else said)
    denied = Answer.RESERVED in preference.answers.values()
    doubt = denied or bool(preference.failure or preference.others)
    gathering.remark("near-name", line, doubt=doubt, name=name, value=value)


def _tell_other(gathering: Gathering, line: int, label: str, text: str) -> None:
    said = f"{label}={text}"
    if label in LABELS:
        gathering.remark("not-y-or-n", line, doubt=True, said=said)
    elif label in RETIRED:
        revisions, uses = RETIRED[label]
        gathering.remark(
            "retired-label", line, doubt=text == "n", said=said, revisions=revisions, uses=", ".join(uses)
        )
    elif label in FOREIGN:
        gathering.remark("foreign-label", line, doubt=True, said=said)


def _tell_search(gathering: Gathering, line: int, preference: Preference) -> None:
    """`search=y` stands over the others inside a search application: three answers by purpose ("Search")."""
    denied = [f"{label}=n" for label in ("train-ai", "ai-use") if preference.answer(label) is Answer.RESERVED]
    if denied and preference.answer("search") is Answer.ALLOWED:
        gathering.remark("search-overrides", line, denied=", ".join(denied))


@lru_cache(maxsize=4096)
def _remembered(value: bytes) -> Preference:
    return _parsed(value)


def _parsed(value: bytes) -> Preference:
    twice: list[str] = []

    def note(key: str, kind: str) -> None:
        if kind == "dictionary" and key not in twice and key in LABELS:
            twice.append(key)

    try:
        members = http_sf.parse(value, tltype="dictionary", on_duplicate_key=note)
    except (ValueError, OverflowError, ArithmeticError) as error:
        return Preference({}, failure=str(error))
    answers: dict[str, Answer] = {}
    others: list[tuple[str, str]] = []
    for label, member in members.items():  # type: ignore[union-attr]  # a dictionary was asked for
        bare = member[0] if isinstance(member, tuple) else member
        token = str(bare) if isinstance(bare, http_sf.Token) else ""
        if label in LABELS and token in _TOKENS:
            answers[label] = _TOKENS[token]
        elif label in LABELS or label in RETIRED or label in FOREIGN:
            others.append((label, token or repr(bare)))
    return Preference(answers, tuple(others), tuple(twice))
