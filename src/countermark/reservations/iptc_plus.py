"""PLUS Data Mining (`plus:DataMining`), which IPTC Photo Metadata 2023.1 and Video Metadata Hub 1.5 took over: XMP.

Nine values, told apart in the PLUS vocabulary (http://ns.useplus.org/ldf/vocab/). "Prohibited" without more leaves no
use of data mining open, so input to a model is reserved with it; the others reserve what they name. Only the one that
excepts search engines says anything of search. `Unspecified` says nothing, and "absence is not permission".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.reservations.statement import Gathering
from countermark.reservations.use import Answer, Use

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.documents.xmp import Values
    from countermark.reservations.statement import Place, Reading
    from countermark.reservations.target import Target

PROTOCOL: Final = "iptc-plus"
REVISION: Final = "2023.1"
PROPERTY: Final = "plus:DataMining"
VOCABULARY: Final = "http://ns.useplus.org/ldf/vocab/"

_MINING: Final = (Use.TDM, Use.TRAIN, Use.GENERATIVE)
_ALL: Final = (*_MINING, Use.INPUT)
_CODE: Final = re.compile(r"(?:https?://ns\.useplus\.org/ldf/vocab/)?(DMI-[A-Z-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DataMining:
    """One value: its label, what it answers for which uses, and the properties that hold its terms."""

    code: str
    label: str
    answers: Mapping[Use, Answer]
    terms: tuple[str, ...] = ()

    @property
    def reserves(self) -> bool:
        """Whether it prohibits anything."""
        return any(answer is not Answer.ALLOWED for answer in self.answers.values())


def _reserved(*uses: Use) -> dict[Use, Answer]:
    return dict.fromkeys(uses, Answer.RESERVED)


_SEE: Final = dict.fromkeys(_MINING, Answer.CONDITIONAL)
VALUES: Final = {
    value.code: value
    for value in (
        DataMining("DMI-UNSPECIFIED", "Unspecified", {}),
        DataMining("DMI-ALLOWED", "Allowed", dict.fromkeys(_MINING, Answer.ALLOWED)),
        DataMining("DMI-PROHIBITED", "Prohibited", _reserved(*_ALL)),
        DataMining(
            "DMI-PROHIBITED-AIMLTRAINING",
            "Prohibited for AI/ML training",
            _reserved(Use.TRAIN, Use.GENERATIVE),
        ),
        DataMining(
            "DMI-PROHIBITED-GENAIMLTRAINING",
            "Prohibited for Generative AI/ML training",
            _reserved(Use.GENERATIVE),
        ),
        DataMining(
            "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
            "Prohibited except for search engine indexing",
            {**_reserved(*_ALL), Use.SEARCH: Answer.ALLOWED},
        ),
        DataMining(
            "DMI-PROHIBITED-SEECONSTRAINT",
            "Prohibited, see Other Constraints property",
            _SEE,
            ("plus:OtherConstraints",),
        ),
        DataMining(
            "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR",
            "Prohibited, see Embedded Encoded Rights Expression property",
            _SEE,
            ("Iptc4xmpExt:EncRightsExpr", "Iptc4xmpExt:EmbdEncRightsExpr"),
        ),
        DataMining(
            "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR",
            "Prohibited, see Linked Encoded Rights Expression property",
            _SEE,
            ("Iptc4xmpExt:LinkedRightsExpr", "Iptc4xmpExt:LinkedEncRightsExpr"),
        ),
    )
}
"""The values by code (`DMI-…`)."""
_BY_LABEL: Final = {value.label.casefold(): value for value in VALUES.values()}


def data_mining(value: str) -> DataMining | None:
    """The value that is written as URI (http or https), as code, or as older writers' label; None if it is none."""
    said = value.strip()
    if found := _CODE.fullmatch(said):
        return VALUES.get(found.group(1).upper())
    return _BY_LABEL.get(" ".join(said.split()).casefold())


def read_xmp(values: Values, target: Target, place: Place) -> Reading:  # noqa: ARG001 - readers are called alike
    """What `plus:DataMining` in XMP says (`documents.xmp`). A value that is none of the nine may be a reservation.

    A value that sends the reader to terms which are not there reserves: there is nothing to fulfil.
    """
    gathered = Gathering(PROTOCOL, place, REVISION)
    written = values.get(PROPERTY, [])
    if len(written) > 1:
        gathered.remark("repeated", values=", ".join(written))
    for text in written:
        value = data_mining(text)
        if value is None:
            gathered.remark("unknown-value", value=text, doubt=True)
            continue
        terms = "; ".join(said for name in value.terms for said in values.get(name, ()))
        missing = bool(value.terms) and not terms
        if missing:
            gathered.remark("terms-missing", value=value.code, property=value.terms[-1])
        for use, answer in value.answers.items():
            said = Answer.RESERVED if missing else answer
            gathered.say("xmp", (use,), said, f"{PROPERTY} {text}".encode(), scope=value.code, terms=terms)
    return gathered.reading()
