"""What RSL terms say of one target, use by use.

Sections are those of RSL-SPEC-1.0, from notes (see `vocabulary`). Within one <content>:

1. What a license prohibits is reserved, whatever else permits it (3.1.1, 3.6). Where the permission is the narrower
   word (`permits ai-input` beside `prohibits all`), "narrow over broad" and "prohibition over permission" stand
   against each other; doubt is settled conservatively (3.1.1), and a remark tells it.
2. What a license permits is allowed, or conditional where the license asks for something. Of several licenses the one
   with the narrowest token decides (3.1.1), of equals the stricter.
3. What no license permits, where some license has a list of permitted usages, is reserved: the list is exhaustive
   (3.5).
4. Else nothing is said, and the use stays unknown; but where the license asks for something, every use is
   conditional: a license that names no usage restricts none (3.5), so what it asks for holds for all.

A license asks for something when it has a payment that is not plainly free, lists of users or countries, a duty to
report (3.12), or when its <content> has a `server` (a token is needed even if it is free, 3.3) or is encrypted.
`attribution` and `contribution` cost something, if no money: conditional. A payment without a type, and a free one that
refers to a framework (<standard>), bring terms that are not read here: conditional.

Ours, because the notes leave it open: that the narrowest token decides between licenses, that a license without usages
binds but does not grant, what a payment without a type means, and that a list of usages reserves mining, which has no
token of its own but `all`.

Of several <content> that match, the one with the longest match that speaks of a use decides (3.1.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from countermark.reservations.rsl.conditions import conditions_of
from countermark.reservations.rsl.document import BrokenRslError, Element, parse
from countermark.reservations.rsl.scope import NO_MATCH, is_pattern, specificity
from countermark.reservations.rsl.validate import check, is_doubtful
from countermark.reservations.rsl.values import is_extension, tokens_of
from countermark.reservations.rsl.vocabulary import (
    BREADTH,
    OLD_REVISION,
    PERMITTED,
    PROHIBITED,
    PROTOCOL,
    REVISION,
)
from countermark.reservations.statement import Gathering, Place, Reading
from countermark.reservations.use import USES, Answer, Use, strictness

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from countermark.reservations.nonconformance import NonConformance
    from countermark.reservations.target import Target

UNSPOKEN: Final = -1
"""Rank of a condition that a license sets without naming a usage: it counts beside whatever stands."""
OVERRULED: Final = 0
SITE: Final = 1
PAGE: Final = 2
MAX_TOLD: Final = 50
"""Faults of one document that a reader tells; the validator tells all."""

_OLD: Final = frozenset({"rsl.comma-list", "rsl.old-payment"})


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer, and the element that gives it."""

    answer: Answer
    element: Element
    content: Element
    terms: str = ""


def read_terms(
    data: bytes, target: Target, place: Place, technique: str = "terms", *, rank: int = SITE
) -> Reading:
    """What an RSL document says of a target; `rank` is SITE or PAGE, by how the document was found.

    A document that cannot be read says nothing, with a doubt; of one that does not conform, what it prohibits counts
    and what it permits is in doubt.
    """
    gathering = Gathering(PROTOCOL, place, REVISION)
    document = _read(data)
    if isinstance(document, BrokenRslError):
        gathering.remark(document.code, document.line, doubt=True, **document.facts)
    elif not document.contents:
        for fault in document.faults[:1]:
            gathering.remark(fault.code.partition(".")[2], fault.line, doubt=True, **dict(fault.facts))
    else:
        tell(document.faults, gathering)
        gather(document.contents, data, target, gathering, technique, rank)
    return gathering.reading()


@dataclass(frozen=True, slots=True)
class _Document:
    """A parsed document; nothing in it may be changed."""

    contents: Sequence[Element]
    faults: Sequence[NonConformance]


@lru_cache(maxsize=8)
def _read(data: bytes) -> _Document | BrokenRslError:
    """Parse once what is asked about for every page of a site."""
    try:
        root = parse(data)
    except BrokenRslError as broken:
        return broken.with_traceback(None)
    contents = root.all("content") if root.is_rsl and root.name == "rsl" else []
    return _Document(contents, check(root))


def gather(
    contents: Sequence[Element], data: bytes, target: Target, gathering: Gathering, technique: str, rank: int
) -> None:
    """Gather what some <content> elements say of the target."""
    _foreign(contents, gathering)
    matching: dict[int, list[Element]] = {}
    for content in contents:
        url = content.attributes.get("url")
        length = specificity(url, target) if url is not None and is_pattern(url.strip()) else NO_MATCH
        if length != NO_MATCH:
            matching.setdefault(length, []).append(content)
    if not matching:
        gathering.remark("elsewhere", contents[0].line, url=contents[0].attributes.get("url", ""))
        return
    groups = [
        [_content(content, target) for content in matching[length]] for length in sorted(matching)[::-1]
    ]
    for use in USES:
        for said, its_rank in _decide(use, groups, rank, everywhere=not target.url):
            raw = data[said.element.start : said.element.end]
            gathering.say(
                technique,
                (use,),
                said.answer,
                raw,
                line=said.element.line,
                scope=said.content.attributes.get("url", ""),
                terms=said.terms,
                rank=its_rank,
            )


@dataclass(frozen=True, slots=True)
class _Content:
    """What one <content> says: `spoken` by naming usages, `asked` (a condition on every use) without."""

    spoken: Mapping[Use, _Said]
    asked: _Said | None


def _decide(
    use: Use, groups: Sequence[Sequence[_Content]], rank: int, *, everywhere: bool
) -> list[tuple[_Said, int]]:
    """The statements about a use: the one that stands, those that it overrules, and a bare condition.

    The longest match comes first in `groups`; a condition counts that is of no shorter match than what stands.
    `everywhere`: the target has no address, any <content> may be meant; allowed is then what all of them allow.
    """
    spoken = [_strictest(c.spoken[use] for c in group if use in c.spoken) for group in groups]
    said = [one for one in spoken if one is not None]
    if (
        everywhere
        and said
        and said[0].answer is Answer.ALLOWED
        and any(use not in c.spoken for c in groups[0])
    ):
        said = []
    found = [(one, OVERRULED if place else rank) for place, one in enumerate(said)]
    deciding = spoken.index(said[0]) + 1 if said else len(groups)
    asked = _strictest(c.asked for group in groups[:deciding] for c in group if c.asked is not None)
    if asked is not None and not (said and strictness(said[0].answer) >= strictness(asked.answer)):
        found.append((asked, UNSPOKEN))
    return found


def _strictest(said: Iterable[_Said]) -> _Said | None:
    """The strictest, of equals the first."""
    return max(said, key=lambda one: strictness(one.answer), default=None)


def _content(content: Element, target: Target) -> _Content:
    licenses = [(license_, conditions_of(license_, content, target)) for license_ in content.all("license")]
    spoken = {}
    for use in USES:
        said = _prohibited(use, content) or _permitted(use, content, licenses) or _left_out(content)
        if said is not None:
            spoken[use] = said
    silent = ((license_, terms) for license_, terms in licenses if terms and not _usages(license_))
    asked = next((_Said(Answer.CONDITIONAL, license_, content, terms) for license_, terms in silent), None)
    return _Content(spoken, asked)


def _prohibited(use: Use, content: Element) -> _Said | None:
    """A list without a type is taken for one of usages: the doubt goes to the side of the reservation."""
    for license_ in content.all("license"):
        for element in license_.all("prohibits"):
            if element.attributes.get("type", "usage") == "usage" and any(
                use in PROHIBITED.get(token, ()) for token in tokens_of(element)
            ):
                return _Said(Answer.RESERVED, element, content)
    return None


def _usages(license_: Element) -> list[Element]:
    return [e for e in license_.all("permits") if e.attributes.get("type") == "usage"]


def _permitted(use: Use, content: Element, licenses: Sequence[tuple[Element, str]]) -> _Said | None:
    granted = [
        (BREADTH[token], _Said(Answer.CONDITIONAL if terms else Answer.ALLOWED, element, content, terms))
        for license_, terms in licenses
        for element in _usages(license_)
        for token in tokens_of(element)
        if use in PERMITTED.get(token, ())
    ]
    narrowest = min((breadth for breadth, _ in granted), default=0)
    return _strictest(said for breadth, said in granted if breadth == narrowest)


def _left_out(content: Element) -> _Said | None:
    """Reserved by a list that does not name the use; only by one that is well-formed and understood as a whole."""
    for license_ in content.all("license"):
        for element in _usages(license_):
            tokens = tokens_of(element)
            if tokens and "," not in element.text and all(t in BREADTH or is_extension(t) for t in tokens):
                return _Said(Answer.RESERVED, element, content)
    return None


def tell(faults: Sequence[NonConformance], gathering: Gathering) -> None:
    """Remarks on what does not conform, as far as it bears on the answers."""
    old = [fault for fault in faults if fault.code in _OLD and "/legal[" not in fault.where]
    if old:
        gathering.revision = OLD_REVISION
        gathering.remark("old-version", old[0].line, doubt=True)
    bearing = [fault for fault in faults if is_doubtful(fault) or fault.code == "rsl.contradiction"]
    bearing.sort(key=lambda fault: not is_doubtful(fault))
    for fault in bearing[:MAX_TOLD]:
        facts = dict(fault.facts)
        gathering.remark(fault.code.partition(".")[2], fault.line, doubt=is_doubtful(fault), **facts)
    if len(bearing) > MAX_TOLD:
        gathering.remark("more-faults", bearing[MAX_TOLD].line, doubt=True, count=len(bearing) - MAX_TOLD)


def _foreign(contents: Sequence[Element], gathering: Gathering) -> None:
    """Tokens of other vocabularies must not be interpreted (3.4.1); a prohibited one may reserve a use of ours."""
    lists = (
        e for content in contents for license_ in content.all("license") for e in license_.all("prohibits")
    )
    for element in lists:
        for token in tokens_of(element):
            if element.attributes.get("type", "usage") == "usage" and is_extension(token):
                gathering.remark("extension", element.line, doubt=True, value=token)
