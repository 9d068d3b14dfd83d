"""ONIX for Books: usage constraints of text and data mining (code lists 145 and 146, issue 73 of April 2026).

Type 11 is text and data mining, read with training as Article 4 of Directive (EU) 2019/790 is (see `tdmrep`); 13 and 14
are mining for AI, of a private purchase and for the reading experience, and no more is read into them than training.
Status 01 permits, 02 permits within limits, 03 prohibits "to the full extent allowed by law". ONIX cannot carry the
address of a policy.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from countermark.reservations.statement import Gathering
from countermark.reservations.use import Answer, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.reservations.statement import Place, Reading
    from countermark.reservations.target import Target

PROTOCOL: Final = "onix"
REVISION: Final = "issue 73"
MAX_SIZE: Final = 64 << 20
MAX_USAGES: Final = 10_000
_MAX_DEPTH: Final = 100
_MAX_PARTS: Final = 1_000  # of one constraint

PERMITTED: Final = "01"  # list 146, usage status
LIMITED: Final = "02"
PROHIBITED: Final = "03"

_TRAINING: Final = (Use.TRAIN, Use.GENERATIVE)
MINING: Final = {  # list 145, usage type: what it is, and the uses that it covers
    "11": ("text and data mining", (Use.TDM, *_TRAINING)),
    "13": ("text and data mining for AI, private purchase", _TRAINING),
    "14": ("text and data mining for AI, reading experience", _TRAINING),
}
_ANSWERS: Final = {
    PERMITTED: Answer.ALLOWED,
    LIMITED: Answer.CONDITIONAL,
    PROHIBITED: Answer.RESERVED,
}
_SHORT: Final = {  # the elements that are read, by their short tags
    "product": "Product",
    "epubusageconstraint": "EpubUsageConstraint",
    "epubusagelimit": "EpubUsageLimit",
    "a001": "RecordReference",
    "x318": "EpubUsageType",
    "x319": "EpubUsageStatus",
    "x320": "Quantity",
    "x321": "EpubUsageUnit",
}
_AROUND: Final = frozenset({"EpubUsageConstraint", "EpubUsageLimit"})
_WITHIN: Final = frozenset(
    {"EpubUsageType", "EpubUsageStatus", "EpubUsageLimit", "Quantity", "EpubUsageUnit"}
)


@dataclass(frozen=True, slots=True)
class Usage:
    """One usage constraint of mining; `answer` is `unknown` for a status that list 146 does not have."""

    code: str
    status: str
    label: str
    uses: tuple[Use, ...]
    answer: Answer


def usage(code: str, status: str) -> Usage | None:
    """What a usage type and status come to; None for a type that is not about mining."""
    if code not in MINING:
        return None
    label, uses = MINING[code]
    return Usage(code, status, label, uses, _ANSWERS.get(status, Answer.UNKNOWN))


def read_onix(data: bytes, target: Target, place: Place) -> Reading:  # noqa: ARG001 - readers are called alike
    """The usage constraints of a record or a message, with reference names or short tags, with a namespace or without.

    Of several products all are read, `scope` has the record's reference: a message does not say which of them stands at
    an address. What was read before a damage is kept. The bytes of a statement are the element written anew.
    """
    gathered = Gathering(PROTOCOL, place, REVISION)
    if len(data) > MAX_SIZE:
        gathered.remark("too-large", size=len(data), limit=MAX_SIZE, doubt=True)
        return gathered.reading()
    records = set()
    try:
        for count, (record, constraint) in enumerate(_constraints(data)):
            if count >= MAX_USAGES:
                gathered.remark("too-many", limit=MAX_USAGES, doubt=True)
                break
            if _tell(gathered, record, constraint):
                records.add(record)
    except DefusedXmlException:
        gathered.remark("entities", doubt=True)
    except (ParseError, ValueError, LookupError) as error:
        gathered.remark("not-xml", message=error, doubt=True)
    if len(records) > 1:
        gathered.remark("several-records", count=len(records))
    return gathered.reading()


def _tell(gathered: Gathering, record: str, constraint: Element) -> bool:
    """State what one constraint says; whether it is about mining."""
    said = {_name(child): (child.text or "").strip() for child in constraint}
    if repeated := _repeated(constraint):
        gathered.remark("repeated", name=repeated, doubt=True)
        return False
    found = usage(said.get("EpubUsageType", ""), said.get("EpubUsageStatus", ""))
    if found is None:
        return False
    if found.answer is Answer.UNKNOWN:
        gathered.remark("unknown-status", kind=found.code, status=found.status, doubt=True)
        return True
    terms = _limits(constraint) if found.answer is Answer.CONDITIONAL else ""
    raw = tostring(constraint, encoding="utf-8")
    gathered.say("record", found.uses, found.answer, raw, scope=record, terms=terms)
    return True


def _repeated(constraint: Element) -> str:
    """The name of what may stand once in a constraint and stands more than once; "" where nothing does."""
    names = [_name(child) for child in constraint]
    return next((name for name in ("EpubUsageType", "EpubUsageStatus") if names.count(name) > 1), "")


def _limits(constraint: Element) -> str:
    """The limits as quantity and unit (a code of list 147)."""
    limits = [child for child in constraint if _name(child) == "EpubUsageLimit"]
    said = [{_name(part): (part.text or "").strip() for part in limit} for limit in limits]
    return "; ".join(f"{s.get('Quantity', '')} (list 147: {s.get('EpubUsageUnit', '')})" for s in said)[:1000]


def _constraints(data: bytes) -> Iterator[tuple[str, Element]]:
    """Each usage constraint with the reference of its record; what was read is let go record by record."""
    record, path = "", list[Element]()
    for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=False):
        if event == "start":
            path.append(element)
            if len(path) > _MAX_DEPTH:
                raise ValueError(f"more than {_MAX_DEPTH} elements within one another")
            record = "" if _name(element) == "Product" else record
            continue
        path.pop()
        name = _name(element)
        if name == "RecordReference":
            record = (element.text or "").strip()[:200]
        elif name == "EpubUsageConstraint":
            yield record, element
        if path and not (name in _WITHIN and _name(path[-1]) in _AROUND and len(path[-1]) <= _MAX_PARTS):
            del path[-1][-1]


def _name(element: Element) -> str:
    """The reference name of an element that is read; its own local name else."""
    tag = element.tag if isinstance(element.tag, str) else ""
    local = tag[tag.rfind("}") + 1 :]
    return _SHORT.get(local, local)
