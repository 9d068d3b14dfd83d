"""Invalidations mean exactly what their preview showed, reach the roll, and can be undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import InputError
from countermark.web.accounts.models import Logged
from countermark.web.moderation import invalidations, reviews
from countermark.web.moderation.criteria import matching
from countermark.web.moderation.models import Invalidated, Invalidation
from countermark.web.roll.models import Change
from countermark.web.signing.models import Signature, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.web.accounts.models import Organiser

    Make = Callable[..., Signature]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _states() -> dict[str, int]:
    found = {state.value: Signature.objects.filter(state=state).count() for state in State}
    return {state: number for state, number in found.items() if number}


def _changes() -> list[tuple[str, int, str]]:
    return list(Change.objects.order_by("pk").values_list("kind", "number", "reason"))


def test_preview_then_done_then_undone(signature: Make, moderator: Organiser) -> None:
    """Exact counts at every step, one change of the roll for each number, and everything back as it was."""
    meant = [signature(email=f"x{n}@spam.example", roll_number=n + 1) for n in range(3)]
    meant.append(signature(email="late@spam.example"))
    held = signature(email="held@spam.example", state=State.HELD, held_because="list")
    for _ in range(2):
        signature()
    act = invalidations.prepare(moderator, {"domain": "spam.example"}, "automated")
    assert act.counts == {"matched": 5}
    found = invalidations.preview(act)
    assert (found.count, found.on_roll, len(found.sample)) == (5, 3, 5)
    assert sum(number for _day, number in found.days) == 5
    assert _states() == {"confirmed": 6, "held": 1}

    done = invalidations.carry_out(act.pk, moderator)
    assert done.counts == {"matched": 5, "invalidated": 5, "on_roll": 3}
    assert _states() == {"confirmed": 2, "invalidated": 5}
    assert _changes() == [("invalidation", n, "automated") for n in (1, 2, 3)]

    undone = invalidations.undo(act.pk, moderator)
    assert undone.counts["reinstated"] == 5
    assert _states() == {"confirmed": 6, "held": 1}
    assert _changes()[3:] == [("reinstatement", n, "automated") for n in (1, 2, 3)]
    assert Signature.objects.get(pk=held.pk).state == State.HELD
    assert {row.pk for row in meant} <= set(
        Signature.objects.filter(state=State.CONFIRMED).values_list("pk", flat=True)
    )
    actions = list(Logged.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["invalidation prepared", "invalidation done", "invalidation undone"]


def test_what_is_confirmed_after_the_preview_is_not_touched(signature: Make, moderator: Organiser) -> None:
    """Only what was there when the moderator looked."""
    signature(email="a@spam.example")
    act = invalidations.prepare(moderator, {"domain": "spam.example"}, "automated")
    later = signature(email="b@spam.example")
    assert invalidations.carry_out(act.pk, moderator).counts["invalidated"] == 1
    assert Signature.objects.get(pk=later.pk).state == State.CONFIRMED


def test_an_act_prepared_on_an_empty_table_means_nothing_later(signature: Make, moderator: Organiser) -> None:
    """No signature, then some: the act still means none."""
    act = invalidations.prepare(moderator, {"country": "FR"}, "other")
    signature()
    assert invalidations.carry_out(act.pk, moderator).counts["invalidated"] == 0
    assert _states() == {"confirmed": 1}


def test_undo_after_some_have_withdrawn(signature: Make, moderator: Organiser) -> None:
    """Who withdrew meanwhile stays withdrawn; the others come back; the counts tell both."""
    rows = [signature(email=f"x{n}@spam.example", roll_number=n + 1) for n in range(3)]
    act = invalidations.prepare(moderator, {"domain": "spam.example"}, "automated")
    invalidations.carry_out(act.pk, moderator)
    rows[1].delete()
    undone = invalidations.undo(act.pk, moderator)
    assert (undone.counts["invalidated"], undone.counts["reinstated"]) == (3, 2)
    assert [number for kind, number, _ in _changes() if kind == "reinstatement"] == [1, 3]
    assert not Invalidated.objects.exists()


def test_nothing_is_done_or_undone_twice(signature: Make, moderator: Organiser) -> None:
    """A second click says so and changes nothing; after an undo the same signatures can be invalidated anew."""
    signature(email="a@spam.example", roll_number=1)
    act = invalidations.prepare(moderator, {"domain": "spam.example"}, "automated")
    with pytest.raises(InputError, match="nothing to undo"):
        invalidations.undo(act.pk, moderator)
    invalidations.carry_out(act.pk, moderator)
    with pytest.raises(InputError, match="already"):
        invalidations.carry_out(act.pk, moderator)
    invalidations.undo(act.pk, moderator)
    with pytest.raises(InputError, match="nothing to undo"):
        invalidations.undo(act.pk, moderator)
    assert len(_changes()) == 2
    again = invalidations.prepare(moderator, {"domain": "spam.example"}, "duplicate")
    assert invalidations.carry_out(again.pk, moderator).counts["invalidated"] == 1


def test_an_undo_leaves_what_another_act_invalidated(signature: Make, moderator: Organiser) -> None:
    """Two acts do not share signatures, and neither undoes the other's."""
    signature(email="a@spam.example", country="FR")
    signature(email="b@spam.example", country="BE")
    first = invalidations.prepare(moderator, {"country": "BE"}, "other")
    invalidations.carry_out(first.pk, moderator)
    second = invalidations.prepare(moderator, {"domain": "spam.example"}, "automated")
    assert invalidations.carry_out(second.pk, moderator).counts["invalidated"] == 1
    assert invalidations.undo(second.pk, moderator).counts["reinstated"] == 1
    assert _states() == {"confirmed": 1, "invalidated": 1}


@pytest.mark.parametrize("criteria", [{}, {"domain": ""}, {"numbers": []}])
def test_no_criterion_means_nobody(signature: Make, moderator: Organiser, criteria: dict[str, Any]) -> None:
    """An empty form never means everybody, and an unknown criterion is a fault."""
    signature()
    assert matching(criteria).count() == 0
    with pytest.raises(InputError, match="criterion"):
        invalidations.prepare(moderator, criteria, "other")
    assert not Invalidation.objects.exists()
    with pytest.raises(KeyError):
        matching({"country": "FR", "contry": "BE"})


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"domain": "spam.example"}, "ab"),
        ({"domain": "*.spam.example"}, "c"),
        ({"network": "ab" * 16}, "a"),
        ({"name": "elodie duval"}, "a"),
        ({"name": "ÉLODIE*"}, "ad"),
        ({"name": "*coeur*"}, "b"),
        ({"name": "*%*"}, ""),
        ({"name": "a.b"}, ""),
        ({"since": "2026-11-20T12:00:00+00:00"}, "bcd"),
        ({"until": "2026-11-20T12:00:00+00:00"}, "a"),
        ({"since": "2026-11-20T13:00:00+00:00", "until": "2026-11-20T15:00:00+00:00"}, "b"),
        ({"trade": "poet"}, "bd"),
        ({"trade": "poe"}, ""),
        ({"country": "BE"}, "c"),
        ({"comment": "WATCHES"}, "d"),
        ({"trade": "poet", "comment": "watches", "domain": "spam.example"}, ""),
        ({"trade": "poet", "domain": "spam.example"}, "b"),
    ],
)
def test_each_criterion_and_all_of_them_together(
    signature: Make, criteria: dict[str, Any], expected: str
) -> None:
    """Domain, network, name with stars, times, trade, country, words: all that are given must hold."""
    rows = {
        "a": signature(
            name="Élodie Duval",
            email="a@spam.example",
            address_key=b"\xab" * 16,
            confirmed_at=NOON - timedelta(hours=1),
        ),
        "b": signature(
            name="Jean Cœur",
            email="b@SPAM.example",
            trades=",musician,poet,",
            confirmed_at=NOON + timedelta(hours=2),
        ),
        "c": signature(
            name="Zoé", email="c@x.spam.example", country="BE", confirmed_at=NOON + timedelta(hours=4)
        ),
        "d": signature(
            name="elodie-anne",
            trades=",poet,",
            comment="Cheap watches",
            confirmed_at=NOON + timedelta(hours=5),
        ),
    }
    signature(name="gone", state=State.INVALIDATED, country="BE", confirmed_at=NOON, email="e@spam.example")
    names = {row.pk: letter for letter, row in rows.items()}
    assert "".join(sorted(names[pk] for pk in matching(criteria).values_list("pk", flat=True))) == expected


def test_release_refuse_and_its_undo(signature: Make, moderator: Organiser) -> None:
    """A held signature counts when released; a refusal is an invalidation of one and puts it back to held."""
    good = signature(state=State.HELD, held_because="notable-name")
    bad = signature(state=State.HELD, held_because="link-in-name")
    reviews.release(good.pk, moderator)
    good.refresh_from_db()
    assert (good.state, good.held_because) == (State.CONFIRMED, "")
    with pytest.raises(InputError):
        reviews.release(good.pk, moderator)
    act = reviews.refuse(bad.pk, "no_name", moderator)
    assert _states() == {"confirmed": 1, "invalidated": 1}
    invalidations.undo(act.pk, moderator)
    bad.refresh_from_db()
    assert (bad.state, bad.held_because) == (State.HELD, "link-in-name")
    assert Logged.objects.filter(action="signature released", subject=f"signature {good.pk}").count() == 1


def test_release_of_all_that_are_held_for_one_reason(signature: Make, moderator: Organiser) -> None:
    """Those of the reason, up to the number that was looked at, and no others."""
    rows = [signature(state=State.HELD, held_because="no-proof-of-work") for _ in range(3)]
    signature(state=State.HELD, held_because="list")
    assert reviews.release_all("no-proof-of-work", rows[1].pk, moderator) == 2
    assert _states() == {"confirmed": 2, "held": 2}
