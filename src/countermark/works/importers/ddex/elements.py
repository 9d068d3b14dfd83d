"""What all parts of an ERN message share: finding elements, parties, territories, identifiers, dates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.works.dates import parse_date
from countermark.works.entry import Source
from countermark.works.identifiers import Identifier, IdentifierError, parse_identifier
from countermark.works.importers.base import refused
from countermark.works.importers.names import one_line
from countermark.works.importers.xml_stream import line_of, local, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from countermark.media import Refusal

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARTY_SCHEMES: Final = {"ISNI": "isni", "IPN": "own:IPN", "IpiNameNumber": "ipi"}


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of these local names, in their order."""
    for child in element:
        if isinstance(child.tag, str) and local(child) in names:
            yield child


def first(element: etree._Element, *path: str) -> etree._Element | None:
    """The first element down a path of local names."""
    for name in path:
        found = next(children(element, name), None)
        if found is None:
            return None
        element = found
    return element


def said(element: etree._Element, *path: str) -> str:
    """The text of the first element down a path; empty where there is none."""
    found = first(element, *path)
    return "" if found is None else one_line(text_of(found))


class Party(NamedTuple):
    """Someone of the PartyList (4.x), or named in place (3.x)."""

    name: str
    identifiers: tuple[Identifier, ...] = ()


class Message:
    """What holds for the whole message, and what was refused since it was last asked."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.sender = ""
        self.recipient = ""
        self.parties: dict[str, Party] = {}
        self._refusals: list[Refusal] = []
        self._left_out: dict[str, tuple[int, int]] = {}  # what → how many, and the line of the first

    def leave_out(self, element: etree._Element, what: str, count: int = 1) -> None:
        """Count what there is no room for; `left_out` tells it."""
        known, line = self._left_out.get(what, (0, line_of(element)))
        if count:
            self._left_out[what] = known + count, line

    def left_out(self) -> Iterator[Refusal]:
        """One refusal for each kind of thing that there was no room for, with their number."""
        for what, (count, line) in self._left_out.items():
            detail = f"{count:,} {what}; they are left out, from this line on"
            yield refused(Source(self.file, line), "", "too-large", detail)

    def refusals(self) -> list[Refusal]:
        """What was refused since the last call."""
        found, self._refusals = self._refusals, []
        return found

    def refuse(self, element: etree._Element, record: str, reason: str, detail: str) -> None:
        """Note something that is left out."""
        source = Source(self.file, line_of(element), record)
        self._refusals.append(refused(source, local(element), reason, detail))

    def identifiers(
        self, element: etree._Element, record: str, schemes: dict[str, str]
    ) -> tuple[Identifier, ...]:
        """The identifiers that children named in `schemes` write."""
        found: dict[Identifier, None] = {}
        for child in children(element, *schemes):
            if not (text := text_of(child)):
                continue
            try:
                found[parse_identifier(schemes[local(child)], text)] = None
            except IdentifierError as error:
                self.refuse(child, record, "identifier", str(error))
        return tuple(found)

    def date(self, element: etree._Element, record: str, *path: str) -> str:
        """The date down a path; a wrong one is refused."""
        found = first(element, *path)
        if found is None or not (text := text_of(found)):
            return ""
        try:
            return parse_date(text)
        except ValueError as error:
            self.refuse(found, record, "date", str(error))
            return ""

    def party(self, element: etree._Element, record: str) -> Party:
        """The party that an element names in place, or by a reference into the PartyList."""
        for child in element:
            if isinstance(child.tag, str) and local(child).endswith("PartyReference"):
                return self.parties.get(text_of(child), Party(""))
        return self.named(element, record)

    def named(self, element: etree._Element, record: str) -> Party:
        """The party that an element names in place."""
        names = [said(name, "FullName") or said(name, "KeyName") for name in children(element, "PartyName")]
        numbers: list[Identifier] = []
        for written in children(element, "PartyId"):
            numbers += self.identifiers(written, record, _PARTY_SCHEMES)
            if written.get("IsISNI") == "true":
                numbers += self._isni(written, record)
        return Party(next((name for name in names if name), ""), tuple(dict.fromkeys(numbers)))

    def _isni(self, written: etree._Element, record: str) -> tuple[Identifier, ...]:
        try:
            return (parse_identifier("isni", text_of(written)),)
        except IdentifierError as error:
            self.refuse(written, record, "identifier", str(error))
            return ()


def territory(element: etree._Element, *names: str) -> tuple[str, str]:
    """The territory of an element as alpha-2 codes or `WORLD`, and a note on what they do not say.

    `names` are those of the children that include; excluded ones are found by their `Excluded…` name.
    """
    codes: dict[str, None] = {}
    others: dict[str, None] = {}
    for child in children(element, *names):
        code = text_of(child)
        if code == "Worldwide":
            codes["WORLD"] = None
        elif _COUNTRY.fullmatch(code):
            codes[code] = None
        elif code:
            others[one_line(code, 20)] = None
    excluded = [
        one_line(text_of(child), 20) for child in children(element, *(f"Excluded{name}" for name in names))
    ]
    notes = [f"{'also ' if codes else ''}in {', '.join(others)}"] if others else []
    notes += [f"except {', '.join(excluded)}"] if excluded else []
    return "WORLD" if "WORLD" in codes else " ".join(codes), "; ".join(notes)


def words(name: str) -> str:
    """`OnDemandStream` as `on-demand-stream`."""
    return _CAMEL.sub("-", one_line(name, 60)).lower().replace(" ", "-")
