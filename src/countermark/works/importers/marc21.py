"""One MARC 21 record as an Entry.

Source: Library of Congress, "MARC 21 Format for Bibliographic Data". Taken are 001 and 003 (the number and who gave
it), 008 (date and language), 020, 022, 024 (identifiers), 100, 110, 700, 710 (people), 240, 245, 246 (titles),
260 and 264 (publisher and date), and 773 (what an article stands in).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    "c": (WorkMedium.MUSIC, "score"),
    "d": (WorkMedium.MUSIC, "score"),
    "i": (WorkMedium.RECORDING, "audiobook"),
    "j": (WorkMedium.RECORDING, "recording"),
    "g": (WorkMedium.AUDIOVISUAL, "film"),
    "k": (WorkMedium.IMAGE, "image"),
    "a": (WorkMedium.TEXT, ""),
    "t": (WorkMedium.TEXT, ""),
}
"""Leader position 06 → medium, and the form of the edition where it is one of ours."""

_NUMBERS: Final = {"0": "isrc", "1": "upc", "2": "ismn", "3": "ean"}
_SOURCES: Final = {
    "doi": "doi",
    "iswc": "iswc",
    "isan": "isan",
    "eidr": "eidr",
    "gtin-14": "gtin",
    "uri": "url",
}
_ROLES: Final = {
    "arr": "arranger", "aut": "author", "cmp": "composer", "ctb": "contributor", "drt": "director", "edt": "editor",
    "ill": "illustrator", "lbt": "lyricist", "lyr": "lyricist", "nrt": "narrator", "pbl": "publisher",
    "pht": "photographer", "prf": "performer", "sng": "performer", "trl": "translator",
}  # fmt: skip
_TERMS: Final = {role: role for role in _ROLES.values()}


class Marc21Reading(Reading):
    """One record being read."""

    def items(self) -> Iterator[Entry | Refusal]:
        """The Entry, after what had to be left out of it."""
        titles = self.record.tagged("245")
        title = _trimmed(" ".join(titles[0].all("anp"))) if titles else ""
        if not title:
            self.refuse("245", "missing", "no title")
            yield from self.refusals
            return
        entry = self._entry(title, _trimmed(" ".join(titles[0].all("b"))))
        yield from self.refusals
        yield entry

    def _entry(self, title: str, subtitle: str) -> Entry:
        record = self.record
        medium, form = _KINDS.get(record.leader[6:7], (WorkMedium.OTHER, ""))
        if medium is WorkMedium.TEXT and record.leader[7:8] in {"a", "b"}:
            medium, form = WorkMedium.ARTICLE, "article"
        others = [_trimmed(" ".join(field.all("abnp"))) for field in record.tagged("240", "246")]
        return Entry(
            source=self.source,
            title=title,
            subtitle=subtitle,
            other_titles=tuple(dict.fromkeys(other for other in others if other and other != title)),
            medium=medium,
            contributors=tuple(self._people()),
            part_of=next(
                (_trimmed(text) for field in record.tagged("773") if (text := field.first("t"))), ""
            ),
            editions=(self._edition(form),),
            issuer=record.control("003").strip(),
            own_key=record.control("001").strip(),
        )

    def _edition(self, form: str) -> Edition:
        published = self.record.tagged("264", "260")
        stated = [text for field in published for text in field.all("c")]
        coded = self.record.control("008").ljust(40)
        years = YEAR.findall(coded[7:11]) or YEAR.findall(" ".join(stated))
        return Edition(
            identifiers=tuple(dict.fromkeys(self._identifiers())),
            form=form,
            publisher=next((_trimmed(text) for field in published for text in field.all("b")), ""),
            published=years[0] if years else "",
            language=LANGUAGES.get(coded[35:38], ""),
            source=self.source,
        )

    def _identifiers(self) -> Iterator[Identifier]:
        for field in self.record.tagged("020", "022", "024"):
            if field.tag == "024":
                kind = field.indicators[:1]
                scheme = _SOURCES.get(field.first("2").lower(), "") if kind == "7" else _NUMBERS.get(kind, "")
            else:
                scheme = "isbn" if field.tag == "020" else "issn"
            for text in field.all("a") if scheme else ():
                yield from self.identifier(f"{field.tag} $a", scheme, text)

    def _people(self) -> Iterator[Contributor]:
        for field in self.record.tagged("100", "110", "700", "710"):
            if field.all("t") or not field.first("a"):  # with a title, a field names another work
                continue
            name = _trimmed(field.first("a"))
            numbers = [
                one
                for code in "01"
                for text in field.all(code)
                for one in self.party_number(field, code, text)
            ]
            yield Contributor(
                name=given_first(name) if field.tag.endswith("00") else name,
                role=_role(field),
                identifiers=tuple(dict.fromkeys(numbers)),
                died=died_in(field.first("d")),
            )


def _role(field: Field) -> str:
    """By code, by term, or by the field: the main entry is the author, others contribute."""
    for code in field.all("4"):
        if role := _ROLES.get(code.rsplit("/", 1)[-1].lower()):
            return role
    for term in field.all("e"):
        if role := _TERMS.get(term.strip(" .,;").lower()):
            return role
    return "author" if field.tag.startswith("1") else "contributor"


def _trimmed(text: str) -> str:
    """Without the punctuation of ISBD at its end: `Rivers :` is `Rivers`. The stop of an initial stays."""
    text = text.strip().rstrip("/:;=, ")
    last = text.rpartition(" ")[2]
    return text[:-1] if last.endswith(".") and len(last) > 4 and "." not in last[:-1] else text
