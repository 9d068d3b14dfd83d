"""Identifiers that works already carry: random strings that nobody planted, and that serve as traps all the same.

What was drawn uniformly when a work was published (the UUID of an asset, a digest in an address, a short link) is
exchangeable with fresh draws of its format for a model that has not been given it. That is an assumption on how it was
made, which the format vouches for; identifiers that count, or hold a time, do not meet it and are refused, with the
reason. A digest of something public can be known from elsewhere: a rejection says that the model was given this string,
here or wherever else it stands.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.errors import PlanError
from countermark.memorization.traps.candidates import Passage, SiteText
from countermark.memorization.traps.formats import (
    BY_HAND,
    hex_format,
    is_video,
    made_by_hand,
    token_format,
    token_kind,
    uuid_format,
    video_format,
    why_no_digest,
)
from countermark.memorization.traps.key import Draw
from countermark.memorization.traps.ranking import Contest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from countermark.memorization.traps.formats import Format

BEFORE: Final = 400
"""At most so many characters stand before an identifier when it is scored."""
CHANNEL: Final = "identifiers"
_SEED: Final = b"countermark-identifiers-1\0"
FEWEST_BITS: Final = 24
"""Fewer bits give too few candidates, and a word too easily passes for them."""

_EDGE: Final = r"(?<![0-9A-Za-z_-])"
_END: Final = r"(?![0-9A-Za-z_-])"
_UUIDS: Final = re.compile(
    _EDGE + r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}" + _END
)
_HEX: Final = re.compile(_EDGE + r"(?:[0-9a-f]{7,64}|[0-9A-F]{7,64})" + _END)
_SHORT: Final = re.compile(
    r"\b(bit\.ly|t\.co|youtu\.be|amzn\.to|nyti\.ms|flic\.kr/p|is\.gd|ow\.ly|tinyurl\.com|goo\.gl|reut\.rs|wapo\.st)/"
    r"([0-9A-Za-z_-]{6,16})" + _END
)
_WATCH: Final = re.compile(r"youtube\.com/(?:watch\?v=|embed/|shorts/)([0-9A-Za-z_-]{11})" + _END)
_NAMED: Final = re.compile(
    r"(?:https?://\S{1,200}[/=]|(?i:\b(?:asset|id|ref|reference|image|photo|document|dossier)[ :#=nN°]{1,4}))"
    r"([0-9A-Za-z]{8,64})" + _END
)
_COUNTING: Final = {
    "flic.kr/p": "the number of the photograph, in base 58: it counts up",
    "tinyurl.com": "counts up, or is chosen by hand",
    "ow.ly": "counts up",
    "is.gd": "may be chosen by hand or pronounceable",
}
_NUMBERS: Final = re.compile(r"(?i)\b(?:asset|id|ref|reference|photo|image)[ :#=nN°]{1,4}(\d{6,20})" + _END)


@dataclass(frozen=True)
class Found:
    """An identifier in a text: where its first character stands, and its format."""

    work: str
    title: str
    text: str
    before: str
    format: Format

    @property
    def bits(self) -> float:
        """The bits of it that were drawn."""
        return self.format.bits


class Refused(NamedTuple):
    """What looks like an identifier and cannot serve, and why."""

    work: str
    text: str
    why: str


class Identifiers(NamedTuple):
    """What was found in the texts of works."""

    found: list[Found]
    refused: list[Refused]


class _Seen(NamedTuple):
    start: int
    text: str
    format: Format | None
    why: str = ""


def identifiers_in(works: Iterable[tuple[str, str, str]]) -> Identifiers:
    """The identifiers in works, each given by its id, its title and its text; one that stands twice counts once."""
    found: dict[str, Found] = {}
    refused: dict[tuple[str, str], Refused] = {}
    for work, title, text in works:
        for seen in _seen(text):
            if seen.format is None or seen.format.bits < FEWEST_BITS:
                why = seen.why or f"fewer than {FEWEST_BITS} bits of it are drawn"
                refused.setdefault((work, seen.text), Refused(work, seen.text, why))
            elif seen.text not in found:
                before = _neutral(text[max(0, seen.start - BEFORE) : seen.start], seen.text)
                found[seen.text] = Found(work, title, seen.text, before, seen.format)
    all_found = list(found.values())
    for one, why in [*_beginnings(all_found), *_counting(all_found)]:
        refused[one.work, one.text] = Refused(one.work, one.text, why)
        found.pop(one.text, None)
    return Identifiers(list(found.values()), list(refused.values()))


def contest_of(found: Found, candidates: int) -> Contest:
    """The identifier among fresh ones of its format, at a place that is drawn too: models answer in an order.

    All is drawn from a seed that is the digest of the identifier itself. So there is no seed to choose, every test of
    it has the same candidates, and for a model that knows nothing of it they are as good as any.
    """
    fresh: dict[str, None] = {}
    tries, seed = 0, hashlib.sha256(_SEED + found.text.encode()).digest()
    draw = Draw(seed)
    while len(fresh) < candidates - 1:
        text = found.format.draw(draw)
        if text != found.text:
            fresh[text] = None
        tries += 1
        if tries > 64 * candidates:
            raise PlanError(
                f"work {found.work}: the format {found.format.name} gives no {candidates:,} identifiers"
            )
    texts, place = list(fresh), Draw(hashlib.sha256(seed).digest()).below(candidates)
    texts.insert(place, found.text)
    passages = tuple(Passage((SiteText(found.before, text, ""),)) for text in texts)
    form = f"identifier {found.format.name}"
    return Contest(found.work, found.title, CHANNEL, form, tuple(range(candidates)), passages, place)


def facts_of(found: Found) -> dict[str, str]:
    """What a plan says of an identifier."""
    return {
        "work": found.work,
        "title": found.title,
        "text": found.text,
        "before": found.before,
        "format": found.format.name,
    }


def found_of(facts: dict[str, str]) -> Found:
    """What `facts_of` wrote down. Raises PlanError where it is no identifier that is uniform."""
    try:
        work, title, text, before = (str(facts[name]) for name in ("work", "title", "text", "before"))
    except (KeyError, TypeError) as error:
        raise PlanError(f"the plan holds an identifier that cannot be read ({error!r})") from error
    for lead in (before, f"id: {before}", "id: "):
        for seen in _seen(lead + text):
            if seen.text == text and seen.format is not None and seen.format.name == facts.get("format"):
                return Found(work, title, text, before, seen.format)
    raise PlanError(f"the plan holds {text!r}, which is no identifier of the format {facts.get('format')!r}")


def _seen(text: str) -> Iterator[_Seen]:
    """What looks like an identifier, in the order of kinds; a place is looked at once."""
    taken: list[tuple[int, int]] = []
    for pattern, judged in _KINDS:
        for match in pattern.finditer(text):
            group = match.lastindex or 0
            start, end = match.span(group)
            if any(start < other and one < end for one, other in taken):
                continue
            judgement = judged(match)
            if judgement is None:
                continue
            taken.append((start, end))
            shape, why = judgement
            yield _Seen(start, match[group], shape, why)


def _judged_uuid(match: re.Match[str]) -> tuple[Format | None, str] | None:
    text = match[0]
    if text != text.lower() and text != text.upper():
        return None, "small and capital letters mixed"
    version, variant = text[14], text[19].lower()
    if variant not in "89ab" or version not in "12345678":
        return None, "not a UUID of RFC 9562 (nil, or another variant)"
    if version in "47":
        return (None, BY_HAND) if made_by_hand(text) else (uuid_format(text), "")
    reasons = {"1": "a time and a machine", "2": "a time and a machine", "6": "a time and a machine"}
    reasons |= {
        "3": "the digest of a name",
        "5": "the digest of a name",
        "8": "made in a way that is not told",
    }
    return None, f"a UUID of version {version}: {reasons[version]}, not drawn"


def _judged_hex(match: re.Match[str]) -> tuple[Format | None, str] | None:
    why = why_no_digest(match[0])
    if why == "word":
        return None
    return (None, why) if why else (hex_format(match[0]), "")


def _judged_short(match: re.Match[str]) -> tuple[Format | None, str] | None:
    host, text = match[1], match[2]
    if host in _COUNTING:
        return None, f"{host}: {_COUNTING[host]}"
    if host == "youtu.be":
        return (video_format(), "") if is_video(text) else None
    if token_kind(text) in {"base62", "base64url"}:
        return (None, BY_HAND) if made_by_hand(text) else (token_format(host, text), "")
    return None, "may be chosen by hand"


def _judged_watch(match: re.Match[str]) -> tuple[Format | None, str] | None:
    return (video_format(), "") if is_video(match[1]) else None


_NOT_USED: Final = {
    "capitals": "capitals and digits, or small letters and digits, of a format that is not known",
    "checked": "base 58 of this length ends in check characters as a rule",
}


def _judged_named(match: re.Match[str]) -> tuple[Format | None, str] | None:
    kind = token_kind(match[1])
    if kind in {"word", "hex"}:
        return None
    why = _NOT_USED.get(kind) or (BY_HAND if made_by_hand(match[1]) else "")
    return (None, why) if why else (token_format("", match[1]), "")


def _judged_number(_: re.Match[str]) -> tuple[Format | None, str] | None:
    return None, "a number: it counts up, or holds a date"


_KINDS: Final[
    tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[Format | None, str] | None]], ...]
] = (
    (_UUIDS, _judged_uuid),
    (_SHORT, _judged_short),
    (_WATCH, _judged_watch),
    (_HEX, _judged_hex),
    (_NUMBERS, _judged_number),
    (_NAMED, _judged_named),
)


def _neutral(before: str, text: str) -> str:
    """The context of an identifier, begun after the last place where five characters of it stand already."""
    folded, plain = before.casefold(), text.casefold()
    ends = [0]
    for start in range(len(plain) - 4):
        at = folded.rfind(plain[start : start + 5])
        if at >= 0:
            ends.append(at + 5)
    return before[max(ends) :] if len(folded) == len(before) else ""


def _beginnings(found: Sequence[Found]) -> list[tuple[Found, str]]:
    """Those that are the beginning of another, written in another way or cut short: one draw counts once."""
    plain = sorted((one.text.replace("-", "").casefold(), one.text, one) for one in found)
    return [
        (one, "the beginning of another that is tested, or the same written otherwise")
        for (text, _, one), (following, _, _) in pairwise(plain)
        if following.startswith(text)
    ]


def _counting(found: Sequence[Found]) -> list[tuple[Found, str]]:
    """Those that begin like another of their format, for longer than chance would have it once in a million scans."""
    alike: dict[str, Found] = {}
    groups: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        groups[one.format.name].append(one)
    for group in groups.values():
        for one, other in pairwise(sorted(group, key=lambda one: one.text)):
            if _shared_bits(one, other) > 20 + 2 * len(group).bit_length():
                alike |= {one.text: one, other.text: other}
    why = "begins like another of its format: it counts up, or holds a fixed part"
    return [(one, why) for one in alike.values()]


def _shared_bits(one: Found, other: Found) -> float:
    """How many drawn bits two identifiers share from the beginning."""
    shared = 0.0
    for mine, its, alphabet in zip(one.text, other.text, one.format.alphabets, strict=True):
        if mine != its:
            break
        shared += (len(alphabet) - 1).bit_length()
    return shared
