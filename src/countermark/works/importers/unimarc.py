"""One UNIMARC record as an Entry.

Source: IFLA, "UNIMARC Manual: Bibliographic Format", 3rd edition, and its updates (field 214). Taken are

    001, 801 $b      the number, and the agency that gave it       200 $a $d $e $h $i   titles
    010 011 013 016  ISBN, ISSN, ISMN, ISRC                        454 500 510 512 517  original and other titles
    017 073          other identifiers, EAN                        700 to 722           people, $4 roles, $f, $o
    003 033 035      the record's ARK, numbers of other systems    461 463              what it is a part of
    100 $a           date of publication, character set            210 214              publisher and date
    101 102          language, country of publication

The date is that of the edition; one that 100 gives as uncertain, or as that of a reproduction, is told as such. Series
(410) are not taken: a series is no collective work, and its books are not one work in a claim. Nor are 300 (notes) and
6XX (subjects, 686). In 214, only the statement of publication counts (second indicator 0 or blank); a copyright date
(4) is not one. Names that stand only in 200 $f are taken where they are one plain name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.works.dates import parse_date
from countermark.works.entry import Contributor, Edition, Entry, WorkMedium
from countermark.works.importers.marc_reading import YEAR, Reading, died_in
from countermark.works.importers.names import given_first
from countermark.works.importers.onix.codes import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.identifiers import Identifier
    from countermark.works.importers.marc_records import Field

_KINDS: Final = {
    "a": (WorkMedium.TEXT, ""),
    "b": (WorkMedium.TEXT, ""),
    "c": (WorkMedium.MUSIC, "score"),
    "d": (WorkMedium.MUSIC, "score"),
    "g": (WorkMedium.AUDIOVISUAL, "film"),
    "i": (WorkMedium.RECORDING, "audiobook"),
    "j": (WorkMedium.RECORDING, "recording"),
    "k": (WorkMedium.IMAGE, "image"),
}
"""Leader position 06 → medium, and the form of the edition where it is one of ours."""

_SCHEMES: Final = {"010": "isbn", "011": "issn", "013": "ismn", "016": "isrc", "073": "ean"}
_OTHERS: Final = {"doi": "doi", "isan": "isan", "iswc": "iswc", "eidr": "eidr"}  # 017 $2
_ROLES: Final = {  # appendix C of the manual
    **dict.fromkeys(("070", "090", "305", "690"), "author"),
    "030": "arranger",
    "230": "composer",
    **dict.fromkeys(("480", "520"), "lyricist"),
    "730": "translator",
    "440": "illustrator",
    "600": "photographer",
    **dict.fromkeys(("220", "340"), "editor"),
    **dict.fromkeys(("005", "250", "545", "590", "721", "755"), "performer"),
    "550": "narrator",
    "300": "director",
    "650": "publisher",
}
"""Relator codes; all others are contributions without a word of their own here."""
_RESPONSIBLE: Final = ("700", "701", "710", "711", "720", "721")
_SECONDARY: Final = ("702", "712", "722")
_ARK: Final = re.compile(r"ark:/\d{5,9}/\S{1,80}")
_ELSEWHERE: Final = re.compile(r"\(([^()]{1,40})\)\s*(\S.{0,100})")
_PLAIN_NAME: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][^\s,;\[\]()\d]*(?: [^\s,;\[\]()\d]+){1,4}")
_DETAILED, _UNCERTAIN, _REPRODUCED, _UNKNOWN = "j", "f", "e", "u"


class UnimarcReading(Reading):
    """One record being read."""

    def items(self) -> Iterator[Entry | Refusal]:
        """The Entry, after what had to be left out of it."""
        proper = next((field for field in self.record.tagged("200") if field.first("a")), None)
        if proper is None:
            self.refuse("200 $a", "missing", "no title")
            yield from self.refusals
            return
        entry = self._entry(proper)
        yield from self.refusals
        yield entry

    def _entry(self, proper: Field) -> Entry:
        record = self.record
        medium, form = _KINDS.get(record.leader[6:7], (WorkMedium.OTHER, ""))
        if record.leader[6:7] == "l" and record.tagged("105"):  # coded data of a textual monograph
            medium, form = WorkMedium.TEXT, "ebook"
        if medium is WorkMedium.TEXT and record.leader[7:8] == "a":
            medium, form = WorkMedium.ARTICLE, "article"
        title = ". ".join([proper.first("a"), *proper.all("hi")])
        return Entry(
            source=self.source,
            title=title,
            subtitle=" : ".join(proper.all("e")),
            other_titles=tuple(other for other in self._other_titles(proper) if other != title),
            medium=medium,
            contributors=tuple(self._people(proper)),
            part_of=next((name for field in record.tagged("463", "461") if (name := _linked(field))), ""),
            editions=(self._edition(form),),
            issuer=self._issuer(),
            own_key=record.control("001").strip(),
        )

    def _other_titles(self, proper: Field) -> dict[str, None]:
        """Titles of other works in the same volume, parallel, cover, variant and uniform titles, and the original's."""
        others = [*proper.all("a")[1:], *proper.all("cd")]
        variants = self.record.tagged("500", "510", "512", "517")
        others += [". ".join([*field.all("a")[:1], *field.all("hi")]) for field in variants]
        others += [_linked(field) for field in self.record.tagged("454")]
        return dict.fromkeys(other for other in others if other)

    def _issuer(self) -> str:
        """The agency that issued the record (801, second indicator 3), or else any that is named."""
        fields = sorted(self.record.tagged("801"), key=lambda field: field.indicators[1:2] != "3")
        return next((name for field in fields if (name := field.first("b"))), "")

    def _edition(self, form: str) -> Edition:
        imprints = [
            field for field in self.record.tagged("214") if field.indicators[1:2] in {"0", " ", "#", ""}
        ]
        imprints += self.record.tagged("210")
        country = next((code for field in self.record.tagged("102") for code in field.all("a")), "").upper()
        spoken = next((code for field in self.record.tagged("101") for code in field.all("a")), "")
        return Edition(
            identifiers=tuple(dict.fromkeys(self._identifiers())),
            form=form,
            publisher=next((text for field in imprints for text in field.all("c")), ""),
            published=self._published([text for field in imprints for text in field.all("d")]),
            country=country if re.fullmatch(r"[A-Z]{2}", country) and country != "XX" else "",
            language=LANGUAGES.get(spoken.lower(), ""),
            source=self.source,
        )

    def _published(self, stated: list[str]) -> str:
        """By the coded dates of 100 $a, or else the first year of the imprint."""
        coded = next((text for field in self.record.tagged("100") for text in field.all("a")), "").ljust(36)
        kind, first, second = coded[8], coded[9:13], coded[13:17]
        if kind == _UNCERTAIN and first != second:
            self.refuse(
                "100 $a", "date", f"the year is uncertain, between {first!r} and {second!r}; none is taken"
            )
            return ""
        if kind == _REPRODUCED and second.strip():
            self.refuse(
                "100 $a", "date", f"this is a reproduction of {first}; what it reproduces is of {second!r}"
            )
        if kind == _DETAILED and first.isdigit() and second.isdigit():
            try:
                return parse_date(first + second)
            except ValueError as error:
                self.refuse("100 $a", "date", str(error))
        years = [] if kind == _UNKNOWN else YEAR.findall(first)
        years = years or YEAR.findall(" ".join(stated))
        return years[0] if years else ""

    def _identifiers(self) -> Iterator[Identifier]:
        for field in self.record.tagged(*_SCHEMES, "017"):
            scheme = _SCHEMES.get(field.tag) or _OTHERS.get(field.first("2").lower(), "")
            for text in field.all("a") if scheme else ():
                yield from self.identifier(f"{field.tag} $a", scheme, text)
        permanent = [text for field in self.record.tagged("033") for text in field.all("a")]
        for text in (self.record.control("003"), *permanent):
            if found := _ARK.search(text):
                yield from self.identifier("033 $a", "own:ark", found[0])
        for field in self.record.tagged("035"):
            for text in field.all("a"):
                if found := _ELSEWHERE.fullmatch(text):
                    yield from self.identifier("035 $a", f"own:{found[1].strip()}", found[2])

    def _people(self, proper: Field) -> Iterator[Contributor]:
        fields = [field for field in self.record.tagged(*_RESPONSIBLE, *_SECONDARY) if field.first("a")]
        for field in fields:
            numbers = [
                one for code in "o3" for text in field.all(code) for one in self._number(field, code, text)
            ]
            for role in _roles(field):
                yield Contributor(
                    name=_name(field),
                    role=role,
                    identifiers=tuple(dict.fromkeys(numbers)),
                    died=died_in(field.first("f")) if field.tag[1] == "0" else None,
                )
        if not fields and (said := proper.first("f")):
            if _PLAIN_NAME.fullmatch(said):
                yield Contributor(said)
            else:
                detail = (
                    f"{said[:200]!r} names people in a sentence, which is not taken apart; no 7XX names them"
                )
                self.refuse("200 $f", "people", detail)

    def _number(self, field: Field, code: str, text: str) -> Iterator[Identifier]:
        """$o is a standard number, an ISNI where it does not say; $3 is a number of the library, or says that it is."""
        return self.party_number(field, code, text, unlabelled="isni" if code == "o" else "")


def _roles(field: Field) -> tuple[str, ...]:
    """Every role that $4 gives, or by the field: primary and alternative responsibility are authors."""
    codes = field.all("4")
    if not codes:
        return ("author" if field.tag in _RESPONSIBLE else "contributor",)
    return tuple(dict.fromkeys(_ROLES.get(code.strip(), "contributor") for code in codes))


def _name(field: Field) -> str:
    """Given name first for people ($a family, $b given); bodies as their parts stand."""
    if field.tag[1] == "1":
        return ". ".join([field.first("a"), *field.all("b")])
    family = field.first("a") if field.first("b") else given_first(field.first("a"))
    return " ".join(part for part in (field.first("b"), family, field.first("d")) if part).strip(" ,")


def _linked(field: Field) -> str:
    """The title of a 4XX field: $t, or $a after an embedded field 200 ($1 200…)."""
    if title := field.first("t"):
        return title
    is_title = False
    for code, text in field.subfields:
        if code == "1":
            is_title = text.startswith("200")
        elif code == "a" and is_title:
            return text
    return ""
