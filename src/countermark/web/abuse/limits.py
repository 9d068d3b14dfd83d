"""Rate limits: how often one key may do one thing in a window of time.

Windows are fixed and begin at multiples of their length in epoch seconds, so that a clock that steps back counts on
in the window it had, and one that steps forward begins a new one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection

from countermark.web.abuse.memory import Remembered
from countermark.web.abuse.models import RateCount, RateRule

if TYPE_CHECKING:
    from django.db.models import QuerySet

BATCH: Final = 2000  # rows deleted in one statement


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `limit` in `seconds`."""

    limit: int
    seconds: int
    enabled: bool = True


# A network is a /24 or /48: an office, a school, or a part of a mobile operator with thousands of people behind it
DEFAULTS: Final[dict[str, Rule]] = {
    "sign_burst": Rule(60, 60),  # signatures from one network
    "sign_sustained": Rule(600, 3600),
    "email_daily": Rule(5, 86_400),  # confirmation mails to one address
    "resend": Rule(3, 3600),  # to one address
    "search": Rule(60, 60),  # searches of the roll from one network
    "upload": Rule(60, 3600),  # works or deposits of one member
    "organisation": Rule(10, 3600),  # organisations from one network
    "member_link": Rule(5, 3600),  # mails with a link to one address
    "api": Rule(240, 60),  # requests to the API from one network
    "challenge": Rule(600, 60),  # signatures on the whole site, from which on a proof of work is asked
    "alarm_domain": Rule(100, 3600),  # signatures from one mail domain
    "alarm_network": Rule(60, 3600),
    "alarm_name": Rule(8, 3600),  # signatures in one name
}


def _read_rules() -> dict[str, Rule]:
    found = {
        row.name: Rule(row.limit, max(1, row.seconds), row.enabled)
        for row in RateRule.objects.all().iterator()
    }
    missing = [name for name in DEFAULTS if name not in found]
    if missing:
        write_defaults(missing)
    return DEFAULTS | found


def write_defaults(names: list[str] | None = None) -> None:
    """Write the rules that are not in the database yet, so that they can be edited; existing ones stay."""
    RateRule.objects.bulk_create(
        (
            RateRule(name=name, limit=rule.limit, seconds=rule.seconds)
            for name, rule in DEFAULTS.items()
            if names is None or name in names
        ),
        ignore_conflicts=True,
    )


rules: Final = Remembered(_read_rules)  # {name: Rule}, from memory


def window_of(rule: Rule, now: float) -> int:
    """The epoch second at which the rule's present window began."""
    return int(now // rule.seconds) * rule.seconds


def allowed(*checks: tuple[str, bytes]) -> str | None:
    """Count each (rule, key) once, in one statement; the name of the first rule that is exceeded, or None.

    Counted in the caller's transaction: what is rolled back was not counted. A rule that is turned off is not counted.
    Raises KeyError for a rule that does not exist.
    """
    known, now = rules(), time.time()
    # one order for all, so that two transactions never wait for each other; and no row twice in one statement
    rows = sorted({(name, key, window_of(known[name], now)) for name, key in checks if known[name].enabled})
    if not rows:
        return None
    counts = _count_up(rows)
    for name, key in checks:
        if counts.get((name, key), 0) > known[name].limit:
            return name
    return None


def upsert(rows: int) -> str:
    """The statement that counts so many rows of (rule, key, window) up and returns (rule, key, count)."""
    values = ", ".join(["(%s, %s, %s, 1)"] * rows)
    return (
        f'INSERT INTO abuse_ratecount (rule, "key", "window", "count") VALUES {values} '  # noqa: S608 only marks
        'ON CONFLICT (rule, "key", "window") DO UPDATE SET "count" = abuse_ratecount."count" + 1 '
        'RETURNING rule, "key", "count"'
    )


def _count_up(rows: list[tuple[str, bytes, int]]) -> dict[tuple[str, bytes], int]:
    with connection.cursor() as cursor:
        cursor.execute(upsert(len(rows)), [value for row in rows for value in row])
        return {(rule, bytes(key)): count for rule, key, count in cursor.fetchall()}


def busiest(name: str) -> int:
    """How often all keys together met a rule in its present window or the one before, whichever is more."""
    rule, now = rules()[name], time.time()
    window = window_of(rule, now)
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT SUM("count") FROM abuse_ratecount WHERE rule = %s AND "window" IN (%s, %s) GROUP BY "window"',
            [name, window, window - rule.seconds],
        )
        return max((int(total) for (total,) in cursor.fetchall()), default=0)


def forget_old() -> int:
    """Delete counts of windows that are over, or that lie in a future that a wrong clock wrote; return how many.

    Deletes in small batches, so that signing never waits long; call it outside transactions.
    """
    now = time.time()
    gone = _delete(RateCount.objects.exclude(rule__in=rules()))
    for name, rule in rules().items():
        counts = RateCount.objects.filter(rule=name)
        kept = rule.seconds if rule.seconds <= 3600 else 0  # `busiest` looks at one window more
        gone += _delete(counts.filter(window__lt=window_of(rule, now) - kept))
        gone += _delete(counts.filter(window__gt=int(now) + 2 * rule.seconds))
    return gone


def _delete(counts: QuerySet[RateCount]) -> int:
    gone = 0
    while batch := RateCount.objects.filter(pk__in=counts.values("pk")[:BATCH]).delete()[0]:
        gone += batch
    return gone
