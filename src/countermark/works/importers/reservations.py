"""Reservations of rights that stand within a file: TDMRep (W3C Community Group) and the PLUS Data Mining property.

Only what is said counts: absence is neither a permission nor a reservation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.works.entry import RightsFact, RightsKind

if TYPE_CHECKING:
    from countermark.works.entry import Source

_PLUS: Final = "http://ns.useplus.org/ldf/vocab/"
_USES: Final = {
    "DMI-PROHIBITED": ("tdm", "Prohibited"),
    "DMI-PROHIBITED-AIMLTRAINING": ("training", "Prohibited for AI/ML training"),
    "DMI-PROHIBITED-GENAIMLTRAINING": ("generative-training", "Prohibited for Generative AI/ML training"),
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING": ("tdm", "Prohibited except for search engine indexing"),
    "DMI-PROHIBITED-SEECONSTRAINT": ("tdm", "Prohibited, see Other Constraints property"),
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": (
        "tdm",
        "Prohibited, see Embedded Encoded Rights Expression property",
    ),
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR": (
        "tdm",
        "Prohibited, see Linked Encoded Rights Expression property",
    ),
}
_OPEN: Final = {"DMI-ALLOWED": "Allowed", "DMI-UNSPECIFIED": "Unspecified"}
_BY_LABEL: Final = {
    label.casefold(): code for code, label in [*((c, said[1]) for c, said in _USES.items()), *_OPEN.items()]
}


def data_mining_code(value: str) -> str:
    """The code (`DMI-…`) of a plus:DataMining value, written as URI, code or older writers' label; or ""."""
    code = value.strip().removeprefix(_PLUS).removeprefix(_PLUS.replace("http:", "https:")).upper()
    if code in _USES or code in _OPEN:
        return code
    return _BY_LABEL.get(value.strip().casefold(), "")


def plus_reservation(code: str, party: str, where: str, note: str, source: Source) -> RightsFact | None:
    """What a plus:DataMining code (IPTC Photo Metadata 2023.1) says: a reservation, a licence to anyone, or nothing."""
    if code in _USES:
        uses, label = _USES[code]
        said = f"plus:DataMining {code}: {label}" + (f"; {note}" if note else "")
        return RightsFact(
            RightsKind.RESERVATION,
            party,
            basis="iptc-plus",
            uses=uses,
            number=where,
            note=said,
            source=source,
        )
    if code == "DMI-ALLOWED":
        return RightsFact(
            RightsKind.LICENCE, "anyone", grantor=party, basis="iptc-plus", uses="tdm", number=where,
            note=f"plus:DataMining {code}: Allowed", source=source,
        )  # fmt: skip
    return None


def tdmrep_reservation(value: str, policy: str, party: str, where: str, source: Source) -> RightsFact | None:
    """What `tdm:reservation` says: 1 is a reservation; 0 and, by the specification, anything else is none."""
    if value.strip() != "1":
        return None
    note = f"tdm:policy {policy.strip()}" if policy.strip() else ""
    return RightsFact(
        RightsKind.RESERVATION, party, basis="tdmrep", uses="tdm", number=where, note=note, source=source
    )


def tdmrep_remark(value: str) -> str:
    """What is worth telling of a `tdm:reservation` that is not 1, or nothing."""
    said = value.strip()
    if said == "0":
        return "tdm:reservation is 0: text and data mining is not reserved in this file"
    return (
        f"tdm:reservation is {said[:40]!r}; 1 and 0 are accepted, so it counts as not said"
        if said not in {"", "1"}
        else ""
    )
