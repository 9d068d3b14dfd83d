"""The short ways of an import give what the long ones give: joined bodies, and records whose guards are equal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.works.catalog import write
from countermark.works.catalog.alike import joined
from countermark.works.catalog.facts import as_facts, entry_body
from countermark.works.catalog.merge import merge
from countermark.works.entry import (
    AssetFile,
    Contributor,
    Edition,
    Entry,
    Relation,
    RightsFact,
    RightsKind,
    Source,
    WorkMedium,
)
from countermark.works.identifiers import Identifier
from works.catalog.written_catalogs import entry, owner, works_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FEW = st.sampled_from(["", "Ana Brume", "ana brume", "Odo Kern"])
NUMBERS = st.lists(
    st.builds(
        Identifier,
        st.sampled_from(["isbn", "url", "issn", "own:Quai"]),
        st.text("12345", min_size=1, max_size=3),
    ),
    max_size=2,
    unique=True,
).map(tuple)
SOURCES = st.none() | st.builds(Source, st.sampled_from("ab"), st.integers(1, 3), st.just("r"))
EDITIONS = st.builds(
    Edition,
    NUMBERS,
    title=st.just("Salt"),
    published=st.sampled_from(["", "1998", "1998-03"]),
    relations=st.just(()) | st.just((Relation("same-work", Identifier("isbn", "1")),)),
    assets=st.just(()) | st.just((AssetFile("a", "ab"),)),
    source=SOURCES,
)
RIGHTS = st.builds(
    RightsFact,
    st.sampled_from([RightsKind.OWNER, RightsKind.LICENCE]),
    FEW,
    exclusive=st.none() | st.booleans(),
    grantor=FEW,
    territory=st.sampled_from(["", "FR"]),
    note=st.sampled_from(["", "© 2001"]),
    source=SOURCES,
)
PEOPLE = st.lists(st.builds(Contributor, FEW, st.sampled_from(["author", "editor"]), NUMBERS), max_size=3)
SHARED: Any = st.fixed_dictionaries(
    {
        "contributors": PEOPLE.map(tuple),
        "medium": st.sampled_from(WorkMedium),
        "published": st.sampled_from(["", "1998"]),
        "identifiers": NUMBERS,
    }
)


def _both(entries: Sequence[Entry]) -> tuple[str, str]:
    """What `joined` and what `merge` make of records, as it is stored; the first is empty where it declines."""
    bodies = [orjson.loads(write.as_json(entry_body(one))) for one in entries]
    short = joined(bodies, [one.source for one in entries], ["isbn:1", "isbn:1"])
    facts = as_facts(merge(entries, "w", ["isbn:1"]))
    del facts["work_id"]
    return ("" if short is None else write.as_json(short)), write.as_json(facts)


@settings(max_examples=300, deadline=None)
@given(
    SHARED,
    st.lists(
        st.tuples(
            st.lists(EDITIONS, max_size=2).map(tuple),
            st.lists(RIGHTS, max_size=3).map(tuple),
            st.sampled_from(["", "K1"]),
            st.sampled_from(["", "", "Odo"]),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_joined_bodies_are_what_merging_gives(
    shared: dict[str, Any], told: list[tuple[tuple[Edition, ...], tuple[RightsFact, ...], str, str]]
) -> None:
    entries = [
        Entry(
            Source("a", n, "r"), "Salt", editions=e, rights=r, issuer="Q", own_key=key, part_of=part, **shared
        )
        for n, (e, r, key, part) in enumerate(told, 1)
    ]
    short, long = _both(entries)
    assert short in ("", long)


def test_two_forms_of_a_book_are_joined_as_they_are() -> None:
    """The case that it is for: without it, the test above would pass where nothing is ever joined."""
    right = owner("Quai", exclusive=True, source=Source("a.xml", 1, "r1"))
    paper = entry("Salt", "1", rights=(right,))
    ebook = entry("Salt", "2", line=2, rights=(replace(right, source=Source("a.xml", 2, "r2")),))
    short, long = _both([paper, ebook])
    assert short == long
    assert orjson.loads(short)["rights"][0]["source"]["line"] == 1


@pytest.mark.parametrize(
    "other",
    [
        entry("Salt", "1", line=2),  # the same edition again
        entry("Salt", "2", line=2, author="Odo Kern"),
        entry("Salt", "2", line=2, published="1998"),
        entry("Salt", "2", line=2, rights=(owner("Quai", "50"),)),
        entry("Salt", "2", line=2, other_titles=("Sel",)),
        entry("Salt", "2", line=2, work_id="mine"),
    ],
)
def test_what_must_be_compared_is_merged(other: Entry) -> None:
    short, _ = _both([entry("Salt", "1"), other])
    assert not short


TITLES = st.sampled_from(["The Salt Garden", "Salt", "Thunder", ""])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            TITLES,
            st.lists(st.sampled_from("123"), max_size=2, unique=True),
            st.sampled_from(["Ana Brume", "Odo Kern", ""]),
            st.sampled_from("123"),
            st.sampled_from([WorkMedium.TEXT, WorkMedium.MUSIC]),
        ),
        max_size=6,
    )
)
def test_equal_guards_group_as_reading_does(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, list[str], str, str, WorkMedium]]
) -> None:
    folder = tmp_path_factory.mktemp("guards")
    records = [
        entry(
            title,
            *isbns,
            author=author,
            line=n,
            medium=medium,
            relations=(Relation("same-work", Identifier("isbn", other)),),
            own_key=other,
            issuer="Q",
        )
        for n, (title, isbns, author, other, medium) in enumerate(told, 1)
    ]
    short = works_of(folder, records)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write, "guard_of", lambda *_: 0)
        assert works_of(folder, records) == short


def test_replaced_by_joins_nothing(tmp_path: Path) -> None:
    """A product that another one replaces may be another text."""
    other = (Relation("replaced-by", Identifier("isbn", "2")),)
    editions = (Edition((Identifier("isbn", "1"),), relations=other),)
    assert len(works_of(tmp_path, [entry("Salt", editions=editions), entry("Salt", "2", line=2)])) == 2
