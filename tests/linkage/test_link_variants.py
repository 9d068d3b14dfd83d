"""Each way in which a name varies is found, and what only looks like the work is not."""

from __future__ import annotations

import pytest

from countermark.works.entry import CatalogWork, Contributor, WorkMedium
from linkage.linked import book, links, recording

FOUND = {
    "capitals": ("QUIET RIVERS", "CLARA LINDQVIST"),
    "accents": ("Quiet Rívers", "Clára Lindqvist"),
    "feat. in brackets": ("Quiet Rivers (feat. Tomas Berg)", "Clara Lindqvist"),
    "feat. without brackets": ("Quiet Rivers ft. Tomas Berg", "Clara Lindqvist"),
    "avec": ("Quiet Rivers (avec Tomas Berg)", "Clara Lindqvist"),
    "feat. in the name": ("Quiet Rivers", "Clara Lindqvist feat. Tomas Berg"),
    "remastered": ("Quiet Rivers - Remastered 2011", "Clara Lindqvist"),
    "remastered in brackets": ("Quiet Rivers [2011 Remaster]", "Clara Lindqvist"),
    "year": ("Quiet Rivers (1998)", "Clara Lindqvist"),
    "subtitle": ("Quiet Rivers: Songs of the North", "Clara Lindqvist"),
    "article": ("The Quiet Rivers", "Clara Lindqvist"),
    "slip in the title": ("Queit Rivers", "Clara Lindqvist"),
    "slip in the name": ("Quiet Rivers", "Clara Lindqivst"),
    "initials": ("Quiet Rivers", "C. Lindqvist"),
    "inverted": ("Quiet Rivers", "Lindqvist, Clara"),
    "inverted initials": ("Quiet Rivers", "Lindqvist, C."),
    "another beside": ("Quiet Rivers", "Tomas Berg; Clara Lindqvist"),
    "and": ("Quiet Rivers", "Tomas Berg & Clara Lindqvist"),
    "joined words": ("Quietrivers", "Clara Lindqvist"),
    "pen name": ("Quiet Rivers", "Nordlys"),
}
NOT_FOUND = {
    "other artist": ("Quiet Rivers", "Maren Solberg"),
    "same family": ("Quiet Rivers", "Anton Lindqvist"),
    "other initial": ("Quiet Rivers", "B. Lindqvist"),
    "one word more": ("Quiet Rivers Burning", "Clara Lindqvist"),
    "one word other": ("Quiet Mountains", "Clara Lindqvist"),
    "live": ("Quiet Rivers - Live", "Clara Lindqvist"),
    "live in brackets": ("Quiet Rivers (Live in Oslo)", "Clara Lindqvist"),
    "karaoke": ("Quiet Rivers (Karaoke Version)", "Sing Along Band"),
    "volume": ("Quiet Rivers Vol. 2", "Clara Lindqvist"),
    "nobody": ("Quiet Rivers", ""),
    "no title": ("", "Clara Lindqvist"),
}


@pytest.mark.parametrize("variant", FOUND)
def test_a_variant_is_found(variant: str) -> None:
    """The row names the recording."""
    works = [recording("r1", "Quiet Rivers", "Clara Lindqvist", known_as="Nordlys")]
    assert [(row, work) for row, work, _ in links(works, FOUND[variant])] == [(0, "r1")]


@pytest.mark.parametrize("variant", NOT_FOUND)
def test_what_looks_like_it_is_not_found(variant: str) -> None:
    """The row names another recording."""
    works = [recording("r1", "Quiet Rivers", "Clara Lindqvist", known_as="Nordlys")]
    assert links(works, NOT_FOUND[variant]) == []


@pytest.mark.parametrize(
    ("title", "name"),
    [("Les Brumes & le Port", "Les Brumes et le port"), ("Foxes and Hares", "Foxes & Hares")],
)
def test_joining_words_make_no_difference(title: str, name: str) -> None:
    """`&`, `and`, `et` are one."""
    assert links([recording("r1", title, "Maren Solberg")], (name, "Maren Solberg"))


@pytest.mark.parametrize("name", ["Chaykovin", "Tschaikowin", "Čajkovin", "Чайковин"])
def test_romanisations_of_one_name_meet(name: str) -> None:
    """However a Russian name is written, its consonants stay."""
    works = [recording("r1", "Winter Without Snow", "Pavel Tchaikovin")]
    found = links(works, ("Winter Without Snow", f"Pavel {name}"), ("Winter Without Snow", f"Павел {name}"))
    assert [row for row, _, _ in found] == [0, 1]


def test_a_title_in_another_script_meets_its_romanisation() -> None:
    """Лебединое перо is Lebedinoe pero, and Lebedinoye pero."""
    works = [recording("r1", "Lebedinoye pero", "Oksana Vetrova")]
    assert links(works, ("Лебединое перо", "Оксана Ветрова"))


def test_volumes_are_told_apart_however_they_are_written() -> None:
    """Volume II is volume 2 and not volume 3."""
    works = [recording("r1", "Northern Tales, Vol. 2", "Maren Solberg")]
    rows = [
        (f"Northern Tales ({volume})", "Maren Solberg")
        for volume in ("Volume II", "Vol. two", "Vol. 3", "Vol. III")
    ]
    assert [row for row, _, _ in links(works, *rows)] == [0, 1]


def test_one_word_needs_a_firm_name() -> None:
    """`Hello` by a family name alone, or with a slip in both, says nothing."""
    works = [recording("r1", "Hello", "Clara Lindqvist")]
    rows = [("Hello", "Clara Lindqvist"), ("Hello", "Lindqvist"), ("Helo", "Clara Lindqivst")]
    assert [row for row, _, _ in links(works, *rows)] == [0]


def test_initials_of_books() -> None:
    """J. K., JK, Joanne K. and inverted."""
    works = [book("b1", "The Lantern Keepers", "Joanne Kathleen Rowan")]
    names = [
        "J. K. Rowan",
        "J.K. Rowan",
        "JK Rowan",
        "Rowan, J. K.",
        "Joanne Rowan",
        "J. Rowan",
        "K. Rowan",
        "P. Rowan",
    ]
    found = links(works, *[("Lantern Keepers", name) for name in names])
    assert [row for row, _, _ in found] == [0, 1, 2, 3, 4, 5]


def test_a_summary_is_another_book() -> None:
    """Study guides are not the book."""
    works = [book("b1", "The Lantern Keepers", "Joanne Rowan")]
    assert not links(works, ("The Lantern Keepers: Summary and Analysis", "Joanne Rowan"))


def test_a_text_listed_before_it_was_published_is_another() -> None:
    """The year is a veto."""
    works = [book("b1", "The Lantern Keepers", "Joanne Rowan", published="1998-03")]
    rows = [("The Lantern Keepers", "Joanne Rowan", "1975"), ("The Lantern Keepers", "Joanne Rowan", "2004")]
    assert [row for row, _, _ in links(works, *rows, roles=("title", "name", "year"))] == [1]


def test_another_subtitle_is_another_book() -> None:
    """Two volumes of a series share the core."""
    works = [book("b1", "Ash and Ember", "Joanne Rowan", subtitle="The Long Night")]
    rows = [
        ("Ash and Ember: The First Dawn", "Joanne Rowan"),
        ("Ash and Ember: The Long Night", "Joanne Rowan"),
    ]
    assert [row for row, _, _ in links([works[0]], *rows)] == [1]


def test_a_composition_goes_by_its_performers_and_any_version() -> None:
    """A live version of a composition is the composition."""
    work = CatalogWork(
        "m1",
        "Quiet Rivers",
        medium=WorkMedium.MUSIC,
        contributors=(Contributor("Clara Lindqvist", "performer"),),
    )
    assert links([work], ("Quiet Rivers (Live)", "Clara Lindqvist"))
    assert not links([work], ("Quiet Rivers", "Maren Solberg"))


def test_a_cover_does_not_go_by_the_composer() -> None:
    """Where performers are known, others who wrote it are not asked for."""
    work = CatalogWork(
        "r1", "Quiet Rivers", medium=WorkMedium.RECORDING,
        contributors=(Contributor("Clara Lindqvist", "performer"), Contributor("Maren Solberg", "composer")),
    )  # fmt: skip
    assert not links([work], ("Quiet Rivers", "Maren Solberg"))


def test_homonyms_all_get_the_row() -> None:
    """Two works that fit equally well: never silently one of them."""
    works = [
        recording("r1", "Quiet Rivers", "Clara Lindqvist"),
        recording("r2", "Quiet Rivers", "Carl Lindqvist"),
    ]
    assert [work for _, work, _ in links(works, ("Quiet Rivers", "C. Lindqvist"))] == ["r1", "r2"]
    assert [work for _, work, _ in links(works, ("Quiet Rivers", "Carl Lindqvist"))] == ["r2"]


def test_hostile_texts_do_no_harm() -> None:
    """Very long, empty, broken and strange texts are read, and link nothing."""
    works = [recording("r1", "Quiet Rivers", "Clara Lindqvist")]
    strange = [
        "x" * 100_000,
        "((((",
        "|" * 5000,
        "\u0000\u202e",
        "💥" * 900,
        "a " * 3000,
        ")",
        "&,;",
        "\U000e0001",
        "㍿" * 700,
    ]
    rows = [(one, other) for one in strange for other in strange]
    assert links(works, *rows) == []


def test_a_work_without_title_or_names_is_no_trouble() -> None:
    """Nothing is linked with what says nothing."""
    works = [
        CatalogWork("a", ""),
        book("b", "", "Joanne Rowan"),
        book("c", "!!!", "Joanne Rowan"),
        CatalogWork("d", "Hello"),
    ]
    assert links(works, ("", ""), ("!!!", "Joanne Rowan"), ("Hello", "")) == []
