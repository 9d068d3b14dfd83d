"""What an organisation sees: its members' signatures that they share with it, and counts of their works, no title.

A signature is shared while its consent "share" stands, it names the organisation, and it is confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, OuterRef

from countermark.web.fields.countries import country_name
from countermark.web.registry.models import Result, Run
from countermark.web.registry.results import NEVER_FOUND
from countermark.web.registry.suppression import suppressed
from countermark.web.signing.models import Consent, Purpose, Signature, State
from countermark.web.signing.trades import OTHER, trade_name, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from countermark.web.organisations.models import Organisation
    from countermark.web.registry.suppression import Shown

FEWEST_MEMBERS: Final = 5
"""Members whose works were searched, from which on counts of works are shown at all."""
CELLS: Final = ("identical", "copy", "identifier", "name", "not-found")
FIELDS: Final = ("name", "trades", "country", "date")


def _consented(purpose: str) -> Exists:
    return Exists(Consent.objects.filter(signature=OuterRef("pk"), purpose=purpose, withdrawn_at=None))


def shared_signatures(organisation: Organisation) -> QuerySet[Signature]:
    """The signatures that are shared with an organisation, the newest first."""
    return Signature.objects.filter(
        _consented(Purpose.SHARE), organisation=organisation, state=State.CONFIRMED
    ).order_by("-confirmed_at", "-pk")


def signature_rows(organisation: Organisation, language: str) -> Iterator[dict[str, str]]:
    """What the organisation may read of each: what the consent to share names, so never the mail address."""
    for signature in shared_signatures(organisation).iterator(chunk_size=500):
        yield row_of(signature, language)


def row_of(signature: Signature, language: str) -> dict[str, str]:
    """One signature with the fields of `FIELDS`."""
    trades = [
        signature.other_trade if code == OTHER and signature.other_trade else trade_name(code, language)
        for code in unpacked(signature.trades)
    ]
    return {
        "name": signature.name,
        "trades": ", ".join(trades),
        "country": country_name(signature.country, language),
        "date": signature.confirmed_at.date().isoformat(),
    }


@dataclass(frozen=True, slots=True)
class DataSetCounts:
    """The works of an organisation's members in one data set; `shown` is None where too few members are counted."""

    data_set: str
    snapshot: str
    shown: Shown | None


def counts_of(organisation: Organisation, smallest: int) -> list[DataSetCounts]:
    """Counts of works by what was found of them, for each data set that was searched."""
    mine = Result.objects.filter(work__member__signature__in=shared_signatures(organisation).values("pk"))
    names = Run.objects.filter(results__in=mine).values_list("data_set", "snapshot").distinct()
    return [
        _counts(mine.filter(run__data_set=data_set, run__snapshot=snapshot), data_set, snapshot, smallest)
        for data_set, snapshot in sorted(set(names))
    ]


def _counts(results: QuerySet[Result], data_set: str, snapshot: str, smallest: int) -> DataSetCounts:
    """Each work counts once, with the newest run of the data set."""
    members: set[int] = set()
    newest: dict[int, str] = {}
    rows: Any = results.order_by("run__imported_at", "run_id").values_list(
        "work_id", "work__member_id", "status", "grade"
    )
    for work, member, status, grade in rows:
        members.add(member)
        newest[work] = cell_of(status, grade)
    if len(members) < max(FEWEST_MEMBERS, smallest):
        return DataSetCounts(data_set, snapshot, None)
    cells = {cell: sum(one == cell for one in newest.values()) for cell in CELLS}
    return DataSetCounts(data_set, snapshot, suppressed(cells, smallest))


def cell_of(status: str, grade: str) -> str:
    """In which cell a work counts. What many works share, sketches and false alarms count as not found."""
    if status in NEVER_FOUND or status in ("common-only", "false-alarm") or grade not in CELLS:
        return "not-found"
    return grade
