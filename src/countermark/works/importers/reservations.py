"""Reservations of rights that stand within a file: TDMRep (W3C Community Group) and the PLUS Data Mining property.

Only what is said counts: absence is neither a permission nor a reservation. What the values mean is said in
`reservations`; here it becomes facts of the catalogue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.reservations.iptc_plus import VALUES, data_mining
from countermark.reservations.tdmrep import read_value
from countermark.reservations.use import Use
from countermark.works.entry import RightsFact, RightsKind

if TYPE_CHECKING:
    from countermark.works.entry import Source

_WORDS: Final = ((Use.TDM, "tdm"), (Use.TRAIN, "training"), (Use.GENERATIVE, "generative-training"))
"""The widest use that a value reserves, in the catalogue's words."""


def data_mining_code(value: str) -> str:
    """The code (`DMI-…`) of a plus:DataMining value, written as URI, code or older writers' label; or ""."""
    found = data_mining(value)
    return found.code if found else ""


def plus_reservation(code: str, party: str, where: str, note: str, source: Source) -> RightsFact | None:
    """What a plus:DataMining code (IPTC Photo Metadata 2023.1) says: a reservation, a licence to anyone, or nothing."""
    value = VALUES.get(code)
    if value is not None and value.reserves:
        uses = next(word for use, word in _WORDS if use in value.answers)
        said = f"plus:DataMining {code}: {value.label}" + (f"; {note}" if note else "")
        return RightsFact(
            RightsKind.RESERVATION,
            party,
            basis="iptc-plus",
            uses=uses,
            number=where,
            note=said,
            source=source,
        )
    if value is not None and value.answers:
        return RightsFact(
            RightsKind.LICENCE, "anyone", grantor=party, basis="iptc-plus", uses="tdm", number=where,
            note=f"plus:DataMining {code}: Allowed", source=source,
        )  # fmt: skip
    return None


def tdmrep_reservation(value: str, policy: str, party: str, where: str, source: Source) -> RightsFact | None:
    """What `tdm:reservation` says: 1 is a reservation; 0 and, by the specification, anything else is none."""
    if read_value(value) != 1:
        return None
    note = f"tdm:policy {policy.strip()}" if policy.strip() else ""
    return RightsFact(
        RightsKind.RESERVATION, party, basis="tdmrep", uses="tdm", number=where, note=note, source=source
    )


def tdmrep_remark(value: str) -> str:
    """What is worth telling of a `tdm:reservation` that is not 1, or nothing."""
    said = value.strip()
    if read_value(said) == 0:
        return "tdm:reservation is 0: text and data mining is not reserved in this file"
    if said and read_value(said) is None:
        return f"tdm:reservation is {said[:40]!r}; 1 and 0 are accepted, so it counts as not said"
    return ""
