"""Which records become one work, what is shown instead, and how works are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.works.catalog import Catalog, write_catalog
from countermark.works.entry import AssetFile, Contributor, Edition, Relation, Source, WorkMedium
from countermark.works.identifiers import Identifier
from countermark.works.identity import listed_work_id
from works.catalog.written_catalogs import entry, owner, works_of

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO, THREE = "9782070360024", "9780306406157", "9783161484100"
SONG = Identifier("iswc", "T0345246801")


def test_same_isbn_and_a_shared_word_is_one_work(tmp_path: Path) -> None:
    works = works_of(
        tmp_path, [entry("The Salt Garden", ONE), entry("Salt garden, a novel", ONE, TWO, line=2)]
    )
    assert len(works) == 1
    assert works[0].title == "The Salt Garden"
    assert works[0].other_titles == ("Salt garden, a novel",)
    assert works[0].merged_by == (f"isbn:{ONE}",)
    assert [len(works[0].editions), len(works[0].sources)] == [2, 2]


def test_same_isbn_nothing_in_common_is_a_conflict_not_a_merge(tmp_path: Path) -> None:
    works = works_of(tmp_path, [entry("Salt", ONE), entry("Thunder", ONE, author="Odo Kern", line=7)])
    assert len(works) == 2
    for work in works:
        assert work.conflicts[0].field == f"identifier isbn:{ONE}"
        assert {value for value, _ in work.conflicts[0].said} == {"Salt", "Thunder"}
        assert work.conflicts[0].kept.startswith("apart: ")


def test_titles_in_two_languages_are_one_work_by_iswc(tmp_path: Path) -> None:
    records = [
        entry("La mer", identifiers=(SONG,), medium=WorkMedium.MUSIC),
        entry("Das Meer", author="X. Brume", identifiers=(SONG,), medium=WorkMedium.MUSIC, line=2),
    ]
    works = works_of(tmp_path, records)
    assert len(works) == 1
    assert works[0].other_titles == ("Das Meer",)


def test_a_recording_and_its_composition_stay_two_works(tmp_path: Path) -> None:
    isrc = (Edition((Identifier("isrc", "FRZ039800212"),)),)
    records = [
        entry("La mer", medium=WorkMedium.MUSIC, editions=isrc),
        entry("La mer", medium=WorkMedium.RECORDING, editions=isrc, line=2),
    ]
    works = works_of(tmp_path, records)
    assert len(works) == 2
    assert "two works" in works[0].conflicts[0].kept


def test_a_row_an_audio_file_and_a_composition_are_two_works(tmp_path: Path) -> None:
    isrc = Identifier("isrc", "FRZ039800212")
    row = Edition((isrc,), form="recording", relations=(Relation("recording-of", SONG),))
    records = [
        entry("La mer", medium=WorkMedium.RECORDING, editions=(row,)),
        entry("La mer (audio)", medium=WorkMedium.RECORDING, editions=(Edition((isrc,)),), line=2),
        entry("La mer", identifiers=(SONG,), medium=WorkMedium.MUSIC, line=3),
    ]
    song, recording = sorted(works_of(tmp_path, records), key=lambda work: work.medium)
    assert (song.medium, song.conflicts) == (WorkMedium.MUSIC, ())
    assert (recording.medium, recording.conflicts) == (WorkMedium.RECORDING, ())
    assert recording.merged_by == (f"isrc:{isrc.value}",)
    assert [one.relations for one in recording.editions] == [(Relation("recording-of", SONG),)]


def test_an_album_number_does_not_join_its_tracks(tmp_path: Path) -> None:
    album = (Edition((Identifier("gtin", "3700000000011"),)),)
    assert len(works_of(tmp_path, [entry(f"Track {n}", editions=album, line=n) for n in range(1, 4)])) == 3


def test_an_identifier_of_too_many_titles_ties_nothing(tmp_path: Path) -> None:
    records = [entry(f"Volume {word}", ONE, line=n) for n, word in enumerate("abcdefgh", 1)]
    works = works_of(tmp_path, records)
    assert len(works) == 8
    assert "8 different titles; 6 are the most" in works[0].conflicts[0].kept


@pytest.mark.parametrize("scheme", ["issn", "isni", "iscc", "publisher"])
def test_series_and_people_are_no_evidence(tmp_path: Path, scheme: str) -> None:
    known = (Identifier(scheme, "0317-8471"),)
    assert (
        len(works_of(tmp_path, [entry("A", identifiers=known), entry("B", identifiers=known, line=2)])) == 2
    )


def test_a_name_is_suggested_never_merged(tmp_path: Path) -> None:
    path = tmp_path / "a.catalog"
    summary = write_catalog(path, [entry("Salt", ONE), entry("SALT!", TWO, line=2)])
    assert (summary.works, summary.suggestions) == (2, 1)
    with Catalog.open(path) as catalog:
        (suggestion,) = catalog.suggestions()
    assert suggestion.reason == "same title and author"


def test_relations_bytes_keys_and_pairs_join(tmp_path: Path) -> None:
    asset = AssetFile("a.txt", "ab" * 32)
    records = [
        entry("Salt", ONE, own_key="7", issuer="House"),
        entry("Sel", TWO, relations=(Relation("same-work", Identifier("isbn", ONE)),), author="", line=2),
        entry("Garden", own_key="7", issuer="House", editions=(Edition(assets=(asset,)),), line=3),
        entry("garden.txt", author="", editions=(Edition(assets=(asset,)),), line=4),
        entry("Sal", THREE, author="A. B.", line=5),
        entry("Other", own_key="7", issuer="Elsewhere", line=6),
    ]
    same = [(Identifier("isbn", ONE), Identifier("isbn", THREE))]
    works = works_of(tmp_path, records, same=same)
    assert sorted(len(work.sources) for work in works) == [1, 5]


def test_different_chosen_ids_are_never_joined(tmp_path: Path) -> None:
    works = works_of(tmp_path, [entry("Salt", ONE, work_id="one"), entry("Salt", ONE, work_id="two", line=2)])
    assert [work.work_id for work in works] == ["one", "two"]
    assert "which you chose" in works[0].conflicts[0].kept


def test_work_id_is_that_of_a_works_list_where_it_is_unique(tmp_path: Path) -> None:
    (work,) = works_of(tmp_path, [entry("Salt", ONE)])
    assert work.work_id == listed_work_id("Salt", "Ana Brume", "any.txt")
    works = works_of(tmp_path, [entry("Salt", ONE), entry("Salt", TWO, line=2)])
    assert listed_work_id("Salt", "Ana Brume", "") not in {one.work_id for one in works}


def test_conflicts_name_value_file_and_line(tmp_path: Path) -> None:
    first = Edition((Identifier("isbn", ONE),), published="1998-03")
    other = Edition((Identifier("isbn", ONE),), published="2001")
    more = Edition((Identifier("isbn", ONE),), published="1998-03-09")
    died = (Contributor("Ana Brume", died=1950),), (Contributor("Ana Brume", died=1951),)
    records = [
        entry("Salt", editions=(first,), contributors=died[0]),
        entry("Salt", editions=(more,), file="b.csv", line=4),
        entry("Salt", editions=(other,), contributors=died[1], file="c.csv", line=9),
    ]
    (work,) = works_of(tmp_path, records)
    assert work.editions[0].published == "1998-03-09"
    said = {conflict.field: conflict.said for conflict in work.conflicts}
    assert (("2001", Source("c.csv", 9, "r9"))) in said[f"edition isbn:{ONE}, published"]
    assert "Ana Brume, year of death" in said
    assert work.contributors[0].died == 1950


def test_shares_and_exclusive_owners(tmp_path: Path) -> None:
    over = entry("Salt", rights=(owner("A", "60", territory="WORLD"), owner("B", "50", territory="FR")))
    chain = entry("Pepper", rights=(owner("A", "100"), owner("B", "100", grantor="A")), line=2)
    later = entry(
        "Mint", rights=(owner("A", "100", ends="1999-12-31"), owner("B", "100", begins="2000")), line=3
    )
    two = entry(
        "Oil",
        rights=(owner("A", exclusive=True, territory="FR BE"), owner("B", exclusive=True, territory="BE")),
    )
    apart = entry(
        "Thyme",
        rights=(owner("A", exclusive=True, territory="FR"), owner("B", exclusive=True, territory="US")),
    )
    works = {work.title: work.conflicts for work in works_of(tmp_path, [over, chain, later, two, apart])}
    assert [one.field for one in works["Salt"]] == ["shares, 110 % in FR"]
    assert [one.field for one in works["Oil"]] == ["exclusive owners"]
    assert not works["Pepper"] + works["Mint"] + works["Thyme"]


TITLES = st.sampled_from(["The Salt Garden", "Salt", "Thunder", "Le jardin", ""])
ISBNS = st.lists(st.sampled_from([ONE, TWO, THREE]), max_size=2, unique=True)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(TITLES, ISBNS, st.sampled_from(["Ana Brume", "Odo Kern", ""])), max_size=6),
    st.randoms(),
)
def test_works_and_their_ids_do_not_depend_on_the_order(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, list[str], str]], random: object
) -> None:
    folder = tmp_path_factory.mktemp("order")
    records = [
        entry(title, *isbns, author=author, line=n) for n, (title, isbns, author) in enumerate(told, 1)
    ]
    shuffled = sorted(records, key=lambda _: random.random())  # type: ignore[attr-defined]
    groups = [
        {frozenset(source.line for source in work.sources): work.work_id for work in works_of(folder, given)}
        for given in (records, shuffled)
    ]
    assert groups[0].keys() == groups[1].keys()
    assert sorted(groups[0].values()) == sorted(groups[1].values())
