"""What is counted, and that no small count can be worked out from what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from countermark.web.organisations.models import Organisation
from countermark.web.public.cells import shown_cells
from countermark.web.public.figures import EMPTY, count, figures
from countermark.web.roll.models import Change, Entry, Standing
from countermark.web.statement.models import Statement

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 40), max_size=12)


@given(COUNTS, st.integers(1, 12))
def test_no_small_count_can_be_worked_out(counts: dict[str, int], smallest: int) -> None:
    """Whoever knows the total and all that is shown cannot tell any hidden group's count."""
    cells = shown_cells(counts, smallest)
    there = {group: n for group, n in counts.items() if n}
    shown = dict(cells.shown)
    hidden = {group: n for group, n in there.items() if group not in shown}
    assert all(n >= smallest for n in shown.values())
    assert all(there[group] == n for group, n in shown.items())
    if not cells.shown and not cells.merged:
        assert sum(there.values()) < smallest
        return
    assert sum(hidden.values()) == cells.merged
    assert len(hidden) == cells.merged_groups
    assert len(hidden) != 1  # the total less what is shown would be its count
    assert cells.merged == 0 or cells.merged >= smallest


@given(COUNTS, st.integers(1, 12))
def test_as_little_as_possible_is_hidden(counts: dict[str, int], smallest: int) -> None:
    """Where no count is small all are shown; and the largest are shown first."""
    cells = shown_cells(counts, smallest)
    if all(n == 0 or n >= smallest for n in counts.values()):
        assert dict(cells.shown) == {group: n for group, n in counts.items() if n}
    assert list(cells.shown) == sorted(cells.shown, key=lambda cell: (-cell[1], cell[0]))


def test_one_small_count_takes_the_next_with_it() -> None:
    """Three composers alone could be had by subtraction: the smallest of the others goes with them."""
    cells = shown_cells({"writer": 40, "actor": 12, "composer": 3}, 5)
    assert (cells.shown, cells.merged, cells.merged_groups) == ((("writer", 40),), 15, 2)


def put(number: int, **fields: object) -> Entry:
    """An entry in its place."""
    return Entry(
        number=number, position=number, committed=number, **({"kind": "person", "display": 1} | fields)
    )


def test_everything_is_counted_from_the_roll(site: None) -> None:
    """Persons, organisations, unnamed, withdrawn, invalidated by reason; trades of several each."""
    now = timezone.now()
    union = Organisation.objects.create(
        uid=bytes(16), slug="union", name="Union", kind="union", domain="example.org", country="FR",
        representative="A", role="B", email="a@example.org", state="verified", language="fr", text_version=1,
        created_at=now, members_stated=4000,
    )  # fmt: skip
    entries = [
        put(n, trades=",composer,musician,", country="FR", organisation_id=union.pk) for n in range(1, 8)
    ]
    entries += [put(n, trades=",writer,", country="BE") for n in range(8, 14)]
    entries += [put(14, display=3), put(15, kind="organisation", name="Union")]
    entries += [put(16, standing=Standing.WITHDRAWN), put(17, standing=Standing.INVALIDATED, country="FR")]
    Entry.objects.bulk_create(entries)
    Change.objects.create(kind="invalidation", number=17, reason="first", created_at=now)
    Change.objects.create(kind="invalidation", number=17, reason="duplicate", created_at=now)
    content = count()
    assert {name: content[name] for name in ("total", "persons", "organisations", "unnamed", "withdrawn")} == {
        "total": 15, "persons": 14, "organisations": 1, "unnamed": 1, "withdrawn": 1,
    }  # fmt: skip
    assert content["invalidated"] == [["duplicate", 1]]
    assert content["trades"]["shown"] == [["composer", 7], ["musician", 7], ["writer", 6]]
    assert content["trades"]["stated"] == 13
    assert content["countries"]["shown"] == [["FR", 7], ["BE", 6]]
    assert content["member_of"]["shown"] == [["union", "Union", 7]]
    assert content["organisation_kinds"] == [
        {"kind": "union", "count": 1, "members_stated": 4000, "stating": 1}
    ]
    assert figures() == content


def test_figures_before_the_first_count_are_zero(site: None) -> None:
    """A site whose worker has not run yet has figures, all of them nothing."""
    assert figures() == EMPTY


def test_the_smallest_count_is_the_statements(site: None) -> None:
    """The organiser may ask for more than five."""
    Entry.objects.bulk_create(put(n, country="FR") for n in range(1, 8))
    assert count()["countries"]["shown"] == [["FR", 7]]
    Statement.objects.update(smallest_cell=10)
    assert count()["countries"] == {"shown": [], "merged": 0, "merged_groups": 0, "stated": 7}


def test_a_milestone_that_was_reached_stays(site: None) -> None:
    """With the time at which it was first reached, whoever withdraws later."""
    Entry.objects.bulk_create(put(n) for n in range(1, 102))
    first = count()["milestones"]
    assert [number for number, _ in first] == [100]
    Entry.objects.filter(number__lt=50).update(standing=Standing.WITHDRAWN)
    assert count()["milestones"] == first


def test_counting_asks_a_handful_of_questions(
    site: None, django_assert_max_num_queries: Callable[..., object]
) -> None:
    """The number of queries does not grow with the roll."""
    Entry.objects.bulk_create(put(n, country="FR", trades=",writer,") for n in range(1, 300))
    with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
        count()
