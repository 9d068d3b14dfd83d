"""Who claims, and against whom: facts of the case that neither catalog nor run holds, from small TOML files."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from countermark.claims.rule_steps import NEEDS
from countermark.claims.toml_table import parse_toml, read_bytes
from countermark.errors import InputError
from countermark.works.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from countermark.claims.toml_table import Table

_BREAKS: Final = re.compile(r"[\W_]+")


@lru_cache(maxsize=1 << 16)
def same_name(name: str) -> str:
    """A name for comparing: without case, accents and punctuation. Equal or not, never nearly."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return _BREAKS.sub(" ", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip()


@dataclass(frozen=True, slots=True)
class Mandate:
    """`grantor` lets the claimant act for it, in `territory`, from `begins` to `ends`."""

    grantor: str
    territory: str = ""
    begins: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who claims. `identifiers` read `isni:0000…`; `mandates` let it act for others."""

    names: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    mandates: tuple[Mandate, ...] = ()

    def is_named(self, name: str, identifiers: Iterable[str] = ()) -> bool:
        """Whether a party of the catalog is the claimant."""
        return bool(set(identifiers) & set(self.identifiers)) or _among(name, self.names)

    def mandate_of(self, grantor: str) -> Mandate | None:
        """The mandate that a party gave, if it gave one."""
        return next((given for given in self.mandates if _among(grantor, [given.grantor])), None)


@dataclass(frozen=True, slots=True)
class Respondent:
    """Whom the claim is against, and what is known of the act. A company is named only with the source sentence.

    `licensees` are other names under which it may hold a licence. `facts` are those that rules may need
    (`rule_steps.NEEDS`).
    """

    name: str
    product: str = ""
    licensees: tuple[str, ...] = ()
    sentence: str = ""
    document: str = ""
    date: str = ""
    url: str = ""
    began: str = ""
    place: str = ""
    facts: tuple[str, ...] = ()

    def is_named(self, name: str) -> bool:
        """Whether a party of the catalog is the respondent."""
        return _among(name, [self.name, self.product, *self.licensees])

    def as_json(self) -> dict[str, Any]:
        """The facts for claim.json, empty ones left out."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
            if value
        }


def _among(name: str, names: Iterable[str]) -> bool:
    mine = same_name(name)
    return bool(mine) and any(mine == same_name(other) for other in names)


def read_claimant(said: Iterable[str]) -> Claimant | None:
    """Who claims: each is a name, or the path of a TOML file. None where nothing is said. Raises InputError."""
    names: list[str] = []
    identifiers: list[str] = []
    mandates: list[Mandate] = []
    for one in said:
        if not one.casefold().endswith(".toml"):
            names.append(one)
            continue
        table = parse_toml(read_bytes(Path(one)), one)
        table.only(("names", "identifiers", "mandate"), ("names",))
        names += table.words("names")
        identifiers += table.words("identifiers")
        mandates += [_mandate(entry) for entry in table.tables("mandate")]
    if not names:
        return None
    if blank := [name for name in names if not same_name(name)]:
        raise InputError(f"claimant {blank[0]!r}: is no name")
    return Claimant(tuple(names), tuple(identifiers), tuple(mandates))


def _mandate(table: Table) -> Mandate:
    table.only(("grantor", "territory", "begins", "ends"), ("grantor",))
    return Mandate(
        table.text("grantor"),
        table.text("territory", may_lack=True).upper(),
        partial_day(table, "begins"),
        partial_day(table, "ends"),
    )


def read_respondent(path: Path) -> Respondent:
    """The respondent's file. Raises InputError, also where a name stands without its source."""
    table = parse_toml(read_bytes(path), str(path))
    table.only(("name", "product", "licensees", "source", "act"), ("name", "source"))
    source, act = table.table("source"), table.table("act")
    source.only(("sentence", "document", "date", "url"), ("sentence", "document", "date"))
    act.only(("began", "place", "facts"))
    facts = act.words("facts")
    if unknown := sorted(set(facts) - set(NEEDS)):
        raise act.wrong("facts", f"{unknown[0]!r}; accepted are {', '.join(NEEDS)}")
    return Respondent(
        name=table.text("name"),
        product=table.text("product", may_lack=True),
        licensees=tuple(table.words("licensees")),
        sentence=source.text("sentence"),
        document=source.text("document"),
        date=source.day("date"),
        url=source.text("url", may_lack=True),
        began=partial_day(act, "began"),
        place=act.text("place", may_lack=True).upper(),
        facts=tuple(sorted(facts)),
    )


def partial_day(table: Table, key: str) -> str:
    """A date that may be a year or a month only."""
    try:
        return parse_date(str(table.values.get(key, "")))
    except ValueError as error:
        raise table.wrong(key, str(error)) from None
