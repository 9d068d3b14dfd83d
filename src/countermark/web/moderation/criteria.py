"""Which signatures a moderator means: criteria that all must hold, as JSON values and as a query."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from countermark.web.moderation.names import pattern_of
from countermark.web.signing.models import Signature, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

STANDING: Final = (State.CONFIRMED, State.HELD)  # what can be invalidated
UP_TO: Final = "up_to"  # the newest signature that the preview knew; not a criterion by itself


def _domain(value: str) -> Q:
    if value.startswith("*."):
        return Q(email__iendswith=value[1:])
    return Q(email__iendswith=f"@{value}")


_QUERIES: Final[dict[str, Callable[[Any], Q]]] = {
    "domain": _domain,
    "network": lambda value: Q(address_key=bytes.fromhex(value)),
    "name": lambda value: Q(name__iregex=pattern_of(value)),
    "since": lambda value: Q(confirmed_at__gte=_moment(value)),
    "until": lambda value: Q(confirmed_at__lt=_moment(value)),
    "trade": lambda value: Q(trades__contains=f",{value},"),
    "country": lambda value: Q(country=value),
    "comment": lambda value: Q(comment__icontains=value),
    "numbers": lambda value: Q(pk__in=value),
    UP_TO: lambda value: Q(pk__lte=value),
}
NAMES: Final = tuple(name for name in _QUERIES if name != UP_TO)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def matching(criteria: Mapping[str, Any]) -> QuerySet[Signature]:
    """The standing signatures that meet all criteria, oldest first; none where there is no criterion.

    Keys are those of `NAMES`; raises KeyError for any other, so that a criterion is never left out silently.
    """
    if not any(criteria.get(name) for name in NAMES):
        return Signature.objects.none()
    together = Q(state__in=STANDING)
    for name, value in criteria.items():
        if value:
            together &= _QUERIES[name](value)
    return Signature.objects.filter(together).order_by("pk")
