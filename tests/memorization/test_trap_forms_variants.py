"""The rules that find editorial variants: what they find in English and French, and what they leave alone."""

from __future__ import annotations

import itertools
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.errors import InputError
from countermark.memorization.traps.forms.finding import (
    SPELLINGS,
    context_after,
    context_before,
    find_variants,
    language_of,
)
from countermark.memorization.traps.forms.numbers import spelled
from countermark.memorization.traps.forms.pairs import Headline, Pair, read_headlines, read_pairs
from countermark.memorization.traps.forms.protected import protected_ranges

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.traps.forms.variants import Variant


def found(
    text: str, language: str = "en", pairs: tuple[Pair, ...] = (), *, markdown: bool = False
) -> list[Variant]:
    return find_variants(text, language, pairs, (), protected_ranges(text, markdown=markdown))


def ways(text: str, language: str = "en", pairs: tuple[Pair, ...] = ()) -> list[tuple[str, ...]]:
    return [one.renderings for one in found(text, language, pairs)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was cold, dark, and windy.", [("dark, and", "dark and")]),
        ("They sold bread, cheese, wine and olives.", [("wine, and", "wine and")]),
        ("A basket of bread, cheese and wine.", [("cheese, and", "cheese and")]),
        ("The cat, the dog, or the horse left.", [("the dog, or", "the dog or")]),
        ("She saw twelve boats.", [("twelve", "12")]),
        ("She saw 45 boats.", [("forty-five", "45")]),
        ("There were 100 boats.", [("a hundred", "100")]),
        ("He did not go.", [("did not", "didn't")]),
        ("He didn’t go.", [("did not", "didn’t")]),
        ("It’s late; he did not go.", [("did not", "didn’t")]),
        ("She cannot stay and won't.", [("cannot", "can't"), ("will not", "won't")]),
    ],
)
def test_what_is_found_in_english(text: str, expected: list[tuple[str, ...]]) -> None:
    """Both renderings, the same side first wherever it stands."""
    assert ways(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "When it rains, cats and dogs hide.",
        "However, bread and butter, first and last, were there.",
        "“It was cold, dark, and windy, with twelve boats; he did not go.”",
        '"It was cold, dark, and windy, with twelve boats."',
        "‘He did not go with twelve boats,’ she said.",
        "An “unclosed quotation with twelve boats and so on",
        "See https://example.org/did-not/12 for it.",
        "Write to twelve@example.org about it.",
        "Twelve boats came.",
        "At 12 km from twelve degrees of 30 kg and 45 minutes",
        "In chapter 12 verses end, on page 45 of it, and Ocean’s Twelve plays.",
        "It cost $12 million, or £45 each; 12,500 people; 3.12 points; 12–15 boats; 12:45 trains; no. 12 sits.",
        "May 12 came; 12 May came; by 12 noon; 12 of 45 boats.",
        "Why didn't she go? Don't you? Isn't it? Weren't they?",
        "He is not only tall.",
        "It was Bread, Cheese, and Wine.",
    ],
)
def test_what_is_left_alone_in_english(text: str) -> None:
    """Quotations, names, addresses, units, dates, questions, and commas that part clauses."""
    assert ways(text, pairs=SPELLINGS["en"]) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il avait douze poules.", [("douze", "12")]),
        ("Il y a 71 bateaux dans le port.", [("soixante et onze", "71")]),
        ("Il sait si l’on part demain.", [("l’on", "on")]),
        ("Il sait où on part demain.", [("l'on", "on")]),
        ("La clé du coffre.", [("clé", "clef")]),
        ("L’évènement du week-end.", [("événement", "évènement"), ("week-end", "weekend")]),
        (
            "Vingt et un ans, et vingt et un bateaux.",
            [("Vingt et un", "Vingt-et-un"), ("vingt et un", "vingt-et-un")],
        ),
    ],
)
def test_what_is_found_in_french(text: str, expected: list[tuple[str, ...]]) -> None:
    """Numbers, « l’on », and spellings that were both right in 1990."""
    assert ways(text, "fr", SPELLINGS["fr"]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "« Il avait douze clés », dit-il.",
        "— Il avait douze clés et un week-end.",
        "Il sait si on lit demain, et si on lui parle.",
        "À 12 km, 45 minutes, 30 % et 12 euros.",
        "Le 12 mai, à la page 45 du tome 12 ; Louis XIV ; 12 h 45.",
        "Un livre neuf bleu.",
        "Madame Clé vit à Île-Rousse.",
        "Douze poules.",
    ],
)
def test_what_is_left_alone_in_french(text: str) -> None:
    """Quotations, speech after a dash, euphony, units, dates, names."""
    assert ways(text, "fr", SPELLINGS["fr"]) == []


def test_that_and_which_are_touched_only_where_the_editor_lists_them() -> None:
    """No rule of ours knows which of the two is meant."""
    text = "The house that stood there, which was old."
    assert ways(text, pairs=SPELLINGS["en"]) == []
    assert ways(text, pairs=(("that", "which"),)) == [("that", "which"), ("that", "which")]


def test_code_and_addresses_of_markdown_are_kept() -> None:
    """Fences, code in a line, quotations, links, front matter, tables."""
    text = (
        "---\ntitle: twelve boats\n---\n# He did not go\n```\nhe did not go\n```\n    he did not go\n"
        "> twelve boats did not\n"
        "| twelve boats | x |\n`did not` [x](did not) she did not go.\n"
    )
    (one,) = found(text, markdown=True)
    assert text[one.start :] == "did not go.\n"


def test_a_word_that_hangs_on_the_next_sound_is_kept() -> None:
    """An hour is no an moment."""
    pair = (("hour", "moment"),)
    assert ways("It took an hour, but that hour passed.", pairs=pair) == [("hour", "moment")]


def test_all_places_of_a_pair_share_a_group_and_keep_capitals() -> None:
    """At the beginning of a sentence; within one, a capital is a name."""
    (one, other) = found("Grey skies. A grey day for Mr Grey.", pairs=(("grey", "gray"),))
    assert (one.renderings, other.renderings) == (("Grey", "Gray"), ("grey", "gray"))
    assert one.group == other.group == "pair:grey"


def test_headlines_stand_on_a_line_of_their_own() -> None:
    """Those of another work are not looked for here."""
    text = "# The Mill\n\nThe Mill stood.\n"
    lines = [Headline("w", "The Mill", "A Mill by the Sea")]
    (one,) = find_variants(text, "en", (), lines, protected_ranges(text, markdown=True))
    assert (one.start, one.end, one.renderings) == (2, 10, ("The Mill", "A Mill by the Sea"))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_numbers_are_spelled_each_in_its_own_way(language: str) -> None:
    """From 2 to 100."""
    words = [spelled(n, language) for n in range(2, 101)]
    assert len(set(words)) == 99
    some = {
        "en": ["twenty-one", "forty", "ninety-nine"],
        "fr": ["vingt et un", "quarante", "quatre-vingt-dix-neuf"],
    }
    assert [spelled(n, language) for n in (21, 40, 99)] == some[language]
    assert [spelled(n, "fr") for n in (17, 71, 80, 81, 91)] == [
        *("dix-sept", "soixante et onze", "quatre-vingts", "quatre-vingt-un", "quatre-vingt-onze")
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.sampled_from("abé ,.“”«»'’\n0129-—`>[](): the and 12 twelve did not key clé"), max_size=120),
    st.sampled_from(["en", "fr"]),
)
def test_any_text_gives_variants_that_fit_it(text: str, language: str) -> None:
    """In order, apart, written as one of their renderings, and nothing that normalising would change is added."""
    variants = found(text, language, SPELLINGS[language], markdown=True)
    for one, other in itertools.pairwise(variants):
        assert one.end <= other.start
    for one in variants:
        assert text[one.start : one.end] in one.renderings
        assert all(unicodedata.is_normalized("NFKC", way) for way in one.renderings)


@pytest.mark.parametrize(
    "text",
    [
        "“" * 50_000,
        "abc, " * 40_000,
        '"' * 50_000,
        "did not " * 20_000,
        "`" * 50_000,
        "a@" * 40_000,
        "(" * 50_000,
    ],
)
def test_hostile_text_takes_time_in_proportion(text: str) -> None:
    """No rule may look at the whole text again for each of its characters: this test would not end."""
    assert all(text[one.start : one.end] in one.renderings for one in found(text, markdown=True))


def test_contexts_are_short_and_begin_at_a_word() -> None:
    """At most 400 before; to the end of a word or of the paragraph after."""
    text = "word " * 200 + "HERE rest of it\n\nnext"
    before = context_before(text, 1000)
    assert len(before) <= 400
    assert before.startswith("word ")
    assert context_after(text, 1004) == " rest of it"
    assert context_before("abc", 3) == "abc"
    assert len(context_before("x" * 2000, 1000)) <= 400


def test_the_language_is_told_from_the_document_or_its_words() -> None:
    """Or from neither."""
    assert language_of("fr-CA", "the of and") == "fr"
    assert language_of("", "the house of the man was by the sea") == "en"
    assert language_of("de", "le chat est dans la maison avec le chien") == "fr"
    assert language_of("", "der Hund und die Katze") == ""


def test_a_list_of_pairs_says_which_line_is_wrong(tmp_path: Path) -> None:
    """Remarks and empty lines are passed over."""
    path = tmp_path / "pairs.txt"
    path.write_text("# mine\nthat = which\n\nbegin = start = commence\n", "utf-8")
    assert read_pairs(path) == (("that", "which"), ("begin", "start", "commence"))
    for wrong in (
        "alone",
        "same = same",
        "a = ",
        "12 = 13",
        "x = y\u200b",
        "= b",
        "that = thаt",
        "fin = ﬁn",
        "that = That",
    ):
        path.write_text(f"a = b\n{wrong}\n", "utf-8")
        with pytest.raises(InputError, match="line 2"):
            read_pairs(path)
    with pytest.raises(InputError, match="does not exist"):
        read_pairs(tmp_path / "none.txt")


def test_a_table_of_headlines_says_which_line_is_wrong(tmp_path: Path) -> None:
    """The three columns, all filled."""
    path = tmp_path / "headlines.csv"
    path.write_text("work,headline,alternative\nw1,One,Two\n", "utf-8")
    assert read_headlines(path) == (Headline("w1", "One", "Two"),)
    path.write_text("work,headline\nw1,One\n", "utf-8")
    with pytest.raises(InputError, match="columns work, headline and alternative"):
        read_headlines(path)
    path.write_text("work,headline,alternative\nw1,One,One\n", "utf-8")
    with pytest.raises(InputError, match="line 2"):
        read_headlines(path)
    for other in ("Onе", "One\u200b two", "ONE", "One\u00ad"):
        path.write_text(f"work,headline,alternative\nw1,One,{other}\n", "utf-8")
        with pytest.raises(InputError, match=r"line 2: the alternative"):
            read_headlines(path)
