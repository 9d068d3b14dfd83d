"""What the interface answers: each shape with an example, from which its description is made."""

# ruff: noqa: TC003 - pydantic reads the annotations

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema

from countermark.web.fields.countries import COUNTRIES
from countermark.web.organisations.models import Kind
from countermark.web.signing.trades import TRADES

LANGUAGE = Literal["fr", "en"]


def _one_of(codes: list[str], what: str) -> type[str]:
    """Text that is one of `codes`, and described so."""

    def check(text: str) -> str:
        if text not in codes:
            raise ValueError(f"{what} is not known: {text[:40]!r}")
        return text

    return Annotated[str, AfterValidator(check), WithJsonSchema({"type": "string", "enum": codes})]  # type: ignore[return-value]


TRADE: Final = _one_of(list(TRADES), "the trade")
COUNTRY: Final = _one_of(list(COUNTRIES), "the country")
KIND: Final = _one_of(list(Kind.values), "the kind of organisation")


class Problem(Schema):
    """What was wrong with a request, in English."""

    detail: str = Field(examples=["There is no page 9; the last one is 3."])


class TextShape(Schema):
    """One version of the statement in one language; `sha256` is that of the text at `download`."""

    model_config = ConfigDict(title="Text")
    version: int = Field(examples=[1])
    language: LANGUAGE = Field(examples=["en"])
    title: str = Field(examples=["No training without a licence"])
    sha256: str = Field(pattern="^[0-9a-f]{64}$", examples=["0" * 64])
    published_at: datetime
    in_force: bool = Field(description="Whether this is the newest version.")
    download: str = Field(examples=["https://statement.example.org/en/statement/1.txt"])


class TextWithBody(TextShape):
    """A version with its text in Markdown."""

    model_config = ConfigDict(title="TextWithBody")
    body: str


class StatementShape(Schema):
    """Who asks for signatures, and every published text."""

    model_config = ConfigDict(title="Statement")
    organiser: str = Field(examples=["Union of Authors"])
    demonstration: bool = Field(description="True where nothing that is signed is handed to anyone.")
    opened_at: datetime | None
    closes_at: datetime | None
    texts: list[TextShape]


class CountShape(Schema):
    """How many are on the roll: `total` is `persons` and `organisations`; `unnamed` persons show no name."""

    model_config = ConfigDict(title="Count")
    total: int = Field(ge=0, examples=[13500])
    persons: int = Field(ge=0, examples=[13450])
    organisations: int = Field(ge=0, examples=[50])
    unnamed: int = Field(ge=0, examples=[812])
    counted_at: datetime | None = Field(description="Null before the first count.")


class Cell(Schema):
    """How many of one group."""

    code: str = Field(examples=["composer"])
    count: int = Field(ge=0, examples=[412])


class OrganisationCell(Schema):
    """How many of one verified organisation signed as its members."""

    slug: str = Field(examples=["union-of-authors"])
    name: str = Field(examples=["Union of Authors"])
    count: int = Field(ge=0, examples=[120])


class Groups(Schema):
    """Counts by group. Groups below the smallest count are `merged`, with others so that none can be worked out.

    `stated` persons are in some group; those with several trades are counted in each.
    """

    shown: list[Cell]
    merged: int = Field(ge=0, examples=[23])
    merged_groups: int = Field(ge=0, examples=[9])
    stated: int = Field(ge=0, examples=[12011])


class OrganisationGroups(Schema):
    """The same by verified organisation."""

    shown: list[OrganisationCell]
    merged: int = Field(ge=0)
    merged_groups: int = Field(ge=0)
    stated: int = Field(ge=0)


class Reason(Schema):
    """How many entries were invalidated for one reason."""

    reason: str = Field(examples=["duplicate"])
    count: int = Field(ge=0, examples=[4])


class KindShape(Schema):
    """Verified organisations of one kind; members as `stating` of them state it."""

    model_config = ConfigDict(title="KindOfOrganisation")
    kind: str = Field(examples=["union"])
    count: int = Field(ge=0, examples=[12])
    members_stated: int = Field(ge=0, examples=[41000])
    stating: int = Field(ge=0, examples=[10])


class Milestone(Schema):
    """A number that was reached."""

    number: int = Field(examples=[1000])
    reached_at: datetime


class FiguresShape(Schema):
    """Everything that is counted."""

    model_config = ConfigDict(title="Figures")
    count: CountShape
    withdrawn: int = Field(ge=0, examples=[31])
    invalidated: list[Reason]
    smallest_cell: int = Field(ge=0, examples=[5])
    trades: Groups
    countries: Groups
    member_of: OrganisationGroups
    organisation_kinds: list[KindShape]
    milestones: list[Milestone]


class EntryShape(Schema):
    """One number of the roll. Someone who shows no name, or has withdrawn, is a number and a standing."""

    model_config = ConfigDict(title="Entry")
    number: int = Field(ge=1, examples=[417])
    kind: str = Field(examples=["person"])
    standing: Literal["listed", "withdrawn", "invalidated"]
    name: str = Field(examples=["Zoé Ferrand"])
    trades: list[str] = Field(examples=[["composer", "musician"]])
    country: str = Field(examples=["FR"])
    organisation: str = Field(examples=["Union of Authors"])
    entered_on: date | None
    proof: str = Field(description="Address of the public proof that this number is in the log.")


class RollPage(Schema):
    """Fifty entries in the order of their numbers; `next` is the address of the following page."""

    page: int = Field(ge=1)
    pages: int = Field(ge=1)
    total: int = Field(ge=0)
    next: str | None
    entries: list[EntryShape]


class HeadShape(Schema):
    """A published head of the log: its size and root. The signed document is among those at /roll/heads.json."""

    model_config = ConfigDict(title="Head")
    size: int = Field(ge=0, examples=[13812])
    root: str = Field(pattern="^[0-9a-f]{64}$", examples=["0" * 64])
    at: datetime


class OrganisationShape(Schema):
    """An organisation that signed; `members_stated` is what it says of itself."""

    model_config = ConfigDict(title="Organisation")
    slug: str = Field(examples=["union-of-authors"])
    name: str = Field(examples=["Union of Authors"])
    kind: str = Field(examples=["union"])
    country: str = Field(examples=["FR"])
    members_stated: int | None = Field(examples=[4100])
    verified_by: str = Field(examples=["dns"])
    number: int | None = Field(description="Its number on the roll, once entered.")


class RunShape(Schema):
    """A data set that was searched for members' works. Being listed is not proof that a model was trained on a work.

    A small count of works listed is not told: `works_listed` is then null and `fewer_than` the smallest that would be.
    """

    model_config = ConfigDict(title="Run")
    digest: str
    data_set: str
    snapshot: str
    published_at: datetime
    complete: bool
    works_searched: int | None
    works_listed: int | None
    fewer_than: int | None
    records_searched: int | None
    findings: list[Cell]
