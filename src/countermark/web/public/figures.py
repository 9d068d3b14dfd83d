"""What the site counts: by the worker, never in a request; pages read the newest count from memory.

Everything is counted from the roll, which anyone can export: the figures can be recomputed from outside. Somebody who
shows no name shows no trade and no country either, and is only in the total.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Sum
from django.utils import timezone

from countermark.web.organisations.models import Organisation, State
from countermark.web.public.cells import shown_cells
from countermark.web.public.models import Figures
from countermark.web.roll.models import Change, Entry, Standing
from countermark.web.signing.models import Display
from countermark.web.statement.models import Statement

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

MILESTONES: Final = (
    100,
    500,
    1_000,
    2_500,
    5_000,
    *(n * 10**power for power in (4, 5, 6) for n in (1, 2, 5)),
)
MEMORY_SECONDS: Final = 2.0
SMALLEST_CELL: Final = 5  # where the statement does not say
EMPTY: Final[dict[str, Any]] = {
    "total": 0,
    "persons": 0,
    "organisations": 0,
    "unnamed": 0,
    "withdrawn": 0,
    "invalidated": [],
    "smallest_cell": SMALLEST_CELL,
    "trades": {"shown": [], "merged": 0, "merged_groups": 0, "stated": 0},
    "countries": {"shown": [], "merged": 0, "merged_groups": 0, "stated": 0},
    "member_of": {"shown": [], "merged": 0, "merged_groups": 0, "stated": 0},
    "organisation_kinds": [],
    "milestones": [],
    "counted_at": None,
}


def count() -> dict[str, Any]:
    """Count anew, write it down in `models.Figures`, and return it; called by the worker."""
    now = timezone.now()
    former = Figures.objects.filter(pk=1).first()
    content = {**EMPTY, **_totals(), **_groups(), "counted_at": now.isoformat()}
    content["milestones"] = _milestones(content["total"], former.content if former else {}, now)
    Figures.objects.update_or_create(pk=1, defaults={"content": content, "counted_at": now})
    memory.forget()
    return content


def _listed() -> QuerySet[Entry]:
    return Entry.objects.filter(standing=Standing.LISTED)


def _totals() -> dict[str, Any]:
    kinds = dict(_listed().values_list("kind").annotate(n=Count("pk")))
    return {
        "total": sum(kinds.values()),
        "persons": kinds.get("person", 0),
        "organisations": kinds.get("organisation", 0),
        "unnamed": _listed().filter(kind="person", display=Display.UNNAMED).count(),
        "withdrawn": Entry.objects.filter(standing=Standing.WITHDRAWN).count(),
        "invalidated": _invalidated(),
        "organisation_kinds": _organisation_kinds(),
    }


def _invalidated() -> list[list[object]]:
    """[reason, count], most frequent first: the reason of the last invalidation of each number that is invalid now."""
    invalid = Entry.objects.filter(standing=Standing.INVALIDATED).values("number")
    reasons = dict(
        Change.objects.filter(kind="invalidation", number__in=invalid)
        .order_by("id")
        .values_list("number", "reason")
    )
    counts = Counter(reasons.values())
    return [[reason, n] for reason, n in sorted(counts.items(), key=lambda cell: (-cell[1], cell[0]))]


def _organisation_kinds() -> list[dict[str, object]]:
    kinds = (
        Organisation.objects.filter(state=State.VERIFIED)
        .values_list("kind")
        .annotate(n=Count("pk"), members=Sum("members_stated"), saying=Count("members_stated"))
        .order_by("-n", "kind")
    )
    return [
        {"kind": kind, "count": n, "members_stated": members or 0, "stating": saying}
        for kind, n, members, saying in kinds
    ]


def _groups() -> dict[str, Any]:
    stated = Statement.objects.filter(pk=1).values_list("smallest_cell", flat=True).first()
    smallest = SMALLEST_CELL if stated is None else stated
    persons = _listed().filter(kind="person")
    trades: Counter[str] = Counter()
    with_trade = 0
    for codes, n in persons.exclude(trades="").values_list("trades").annotate(n=Count("pk")):
        with_trade += n
        trades.update({code: n for code in codes.strip(",").split(",") if code})
    countries = Counter(dict(persons.exclude(country="").values_list("country").annotate(n=Count("pk"))))
    members = Counter(
        {
            str(number): n
            for number, n in persons.filter(organisation_id__isnull=False)
            .values_list("organisation_id")
            .annotate(n=Count("pk"))
        }
    )
    return {
        "smallest_cell": smallest,
        "trades": {**shown_cells(trades, smallest).as_json(), "stated": with_trade},
        "countries": {**shown_cells(countries, smallest).as_json(), "stated": countries.total()},
        "member_of": _named({**shown_cells(members, smallest).as_json(), "stated": members.total()}),
    }


def _named(cells: dict[str, Any]) -> dict[str, Any]:
    """Cells by organisation, with [slug, name] in the place of the key."""
    names = {
        str(pk): (slug, name)
        for pk, slug, name in Organisation.objects.filter(
            pk__in=[int(key) for key, _ in cells["shown"]]
        ).values_list("pk", "slug", "name")
    }
    cells["shown"] = [[*names.get(key, ("", "")), n] for key, n in cells["shown"]]
    return cells


def _milestones(total: int, former: dict[str, Any], now: datetime) -> list[list[object]]:
    """[number, when it was first reached]; one that was reached stays, whoever withdraws later."""
    reached = {int(number): at for number, at in former.get("milestones", [])}
    for number in MILESTONES:
        if total >= number:
            reached.setdefault(number, now.isoformat())
    return [[number, reached[number]] for number in sorted(reached)]


class Memory:
    """The newest figures in this process, for `MEMORY_SECONDS`."""

    def __init__(self) -> None:
        self._content: dict[str, Any] = EMPTY
        self._until = 0.0
        self._lock = threading.Lock()

    def read(self) -> dict[str, Any]:
        """The newest count; zeros before the first one."""
        if time.monotonic() >= self._until:
            with self._lock:
                if time.monotonic() >= self._until:
                    row = Figures.objects.filter(pk=1).values_list("content", flat=True).first()
                    self._content = {**EMPTY, **row} if row else EMPTY
                    self._until = time.monotonic() + MEMORY_SECONDS
        return self._content

    def forget(self) -> None:
        """Read the database at the next call."""
        self._until = 0.0


memory: Final = Memory()


def figures() -> dict[str, Any]:
    """The newest figures, as `count` made them; not to be changed."""
    return memory.read()
