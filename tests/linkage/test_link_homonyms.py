"""What is easily taken for a work and is another: covers, groups named after a person, placeholders, plurals."""

from __future__ import annotations

import pytest

from linkage.linked import book, links, recording


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Estran (Karaoke Version)", "Anna Berg"),
        ("Estran (Piano Version)", "Anna Berg"),
        ("Estran (In the Style of Anna Berg)", "Anna Berg"),
        ("Estran (Originally Performed by Anna Berg)", "Anna Berg Karaoke"),
        ("Estran (Sped Up)", "Anna Berg"),
        ("Estran", "Anna Berg Orchestra"),
        ("Estran", "Anna Berg Tribute Band"),
        ("Estran", "Anno Berg"),
        ("Estran", "Berg"),
        ("Estran live", "Anna Berg"),
        ("Estran 2", "Anna Berg"),
        ("Estrans", "Anna Berg"),
    ],
)
def test_another_recording_is_no_link(title: str, name: str) -> None:
    """Title or name say that somebody else made it, or that it is another version."""
    works = [recording("w", "Estran", "Anna Berg"), recording("x", "Quai", "Olga Berg")]
    assert links(works, (title, name)) == []
    assert links(works, ("Estran (feat. Zoé)", "Berg, Anna")) != []


@pytest.mark.parametrize(
    "name",
    ["Various Artists", "V.A.", "Unknown Artist", "Anonymous", "nan", "Verschiedene Interpreten", "N/A"],
)
def test_what_stands_in_place_of_a_name_agrees_with_nobody(name: str) -> None:
    """Not even with itself; beside a real name it does no harm."""
    assert links([recording("w", "Bonjour la digue", name)], ("Bonjour la digue", name)) == []
    both = f"{name}; Anna Berg"
    assert links([recording("w", "Bonjour la digue", "Anna Berg")], ("Bonjour la digue", both)) != []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("Love Song", "Anna Berg"), ("Love Songs", "Anna Berg")),
        (("My Right", "Anna Berg"), ("My Night", "Anna Berg")),
        (("Night Fire", "Maria Costa"), ("Night Fire", "Mario Costa")),
        (("Night Fire", "Daniel Roy"), ("Night Fire", "Danielle Roy")),
        (("Night Fire", "Louis Renard"), ("Night Fire", "Louise Renard")),
        (("Night Fire", "John Roe Jr."), ("Night Fire", "John Roe Sr.")),
    ],
)
def test_one_letter_that_means_another(ours: tuple[str, str], theirs: tuple[str, str]) -> None:
    """A plural, another word, the other sex, another generation; each finds itself."""
    works = [book("w", *ours)]
    assert links(works, theirs) == []
    assert [evidence for _, _, evidence in links(works, ours)] == ["title+name"]


@pytest.mark.parametrize(
    "name", ["Alexander Pouchkine", "Aleksandr Pushkin", "Lew Tolstoi; Alexander Puschkin"]
)
def test_endings_of_romanisations_are_no_sexes(name: str) -> None:
    """-in and -ine, -oy and -oi are two ways to write one name."""
    assert links([book("w", "Boris Godunov", "Alexander Pushkin")], ("Boris Godunov", name)) != []


@pytest.mark.parametrize("title", ["", "?", "…", "+"])
def test_a_title_of_signs_only_agrees_with_none(title: str) -> None:
    """There is nothing to compare."""
    assert links([recording("w", title, "Anna Berg")], (title, "Anna Berg")) == []
