"""The exact tests: bounds and tails by hand, questions that tell nothing, answers read strictly."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import pytest

from countermark.memorization.asking.choice import letter_of, questions_of
from countermark.memorization.asking.exact import (
    choice_needed,
    choice_p,
    choice_power,
    emission_bound,
    emissions_bound,
)
from countermark.memorization.asking.suffix import emission_of, emitted
from countermark.memorization.asking.wording import only, words_of
from countermark.memorization.traps.candidates import Trap, published_texts
from countermark.memorization.traps.forms import passphrases, slots
from countermark.memorization.traps.forms.words import words_of as list_of
from countermark.memorization.traps.key import TrapKey
from memorization.trapped import KEY, variants


def passphrase(work: str = "mill", candidates: int = 20, language: str = "en", channel: str = "web") -> Trap:
    before = f"The miller of {work} kept twelve hens by the water and sold none.\n"
    payload = {"before": before, "after": "\n", "place": "end", **passphrases.payload_of(language)}
    return Trap(work, f"Title of {work}", channel, "passphrase", language, candidates, payload)


def sentence(form: str, language: str = "fr") -> Trap:
    payload = {"before": "Le meunier avait douze poules près de l’eau.\n", "after": "\n", "place": "end"}
    return Trap("moulin", "Moulin", "web", form, language, 20, payload | slots.payload_of(form, language))


def test_the_union_bound_by_hand() -> None:
    assert emission_bound(10_000, 1, 1024**5) == pytest.approx(8.88e-12, rel=1e-3)
    assert emission_bound(5, 300, 1000) == 1.0
    assert emission_bound(0, 300, 1000) == 0.0
    with pytest.raises(ValueError, match="no test"):
        emission_bound(1, 1, 0)


def test_several_traps_by_hand() -> None:
    """Sums of products: one of two, both; never over one; none emitted says nothing."""
    assert emissions_bound([0.1, 0.2], 0) == 1.0
    assert emissions_bound([0.1, 0.2], 1) == pytest.approx(0.3)
    assert emissions_bound([0.1, 0.2], 2) == pytest.approx(0.02)
    assert emissions_bound([0.1, 0.2, 0.3], 2) == pytest.approx(0.1 * 0.2 + 0.1 * 0.3 + 0.2 * 0.3)
    assert emissions_bound([0.9, 0.9], 1) == 1.0
    assert 0 < emissions_bound([1e-13] * 40, 40) < 1e-300
    assert 0 < choice_p(2000, 2000, 4) < 1e-300
    with pytest.raises(ValueError, match="3 hits of 2"):
        emissions_bound([0.1, 0.1], 3)


@pytest.mark.parametrize(
    ("right", "n", "k", "p"),
    [
        (0, 10, 2, 1.0),
        (10, 10, 2, 1 / 1024),
        (8, 10, 2, (45 + 10 + 1) / 1024),
        (3, 3, 4, 1 / 64),
        (2, 3, 4, (3 * 3 + 1) / 64),
        (1, 3, 3, 1 - 8 / 27),
    ],
)
def test_binomial_tails_by_hand(right: int, n: int, k: int, p: float) -> None:
    assert choice_p(right, n, k) == pytest.approx(p, rel=1e-12)


def test_binomial_tails_are_those_of_sums() -> None:
    for k in (2, 3, 4):
        for right in range(1, 41):
            tail = sum(math.comb(40, j) * (k - 1) ** (40 - j) for j in range(right, 41)) / k**40
            assert choice_p(right, 40, k) == pytest.approx(tail, rel=1e-9)
    with pytest.raises(ValueError, match="41 right of 40"):
        choice_p(41, 40, 2)
    with pytest.raises(ValueError, match="2 or more"):
        choice_p(1, 1, 1)


def test_power_beforehand() -> None:
    assert choice_needed(10, 2, 0.05) == 9
    assert choice_needed(4, 2, 0.05) is None
    assert choice_power(4, 2, 0.9, 0.05) == 0.0
    assert choice_power(10, 2, 0.9, 0.05) == pytest.approx(10 * 0.9**9 * 0.1 + 0.9**10)
    assert choice_power(70, 4, 0.5, 0.001) > 0.89  # the size that the literature needs for power 0.9


@pytest.mark.parametrize("language", ["en", "fr"])
def test_words_of_the_lists_are_words_and_distinct(language: str) -> None:
    """The union bound takes one text of the space a place: no two of them are the same words."""
    found = {only(words_of(word)) for word in list_of(language)}
    assert len(found) == 1024
    assert {len(word) for word in found} == {1}


@pytest.mark.parametrize(
    "trap",
    [
        passphrase(),
        passphrase(language="fr"),
        *(sentence(form) for form in ("photo-credit", "letter-reference")),
    ],
)
def test_a_published_text_is_found_and_no_other(trap: Trap) -> None:
    text = published_texts(trap, KEY)[0]
    noisy = "Sure! " + text.upper().replace(" ", "\n ") + " and so on"
    assert emitted(trap, KEY, ["nothing", noisy], 300) == 1
    assert emitted(trap, KEY, [noisy, noisy, text[:-2]], 300) == 2
    assert emitted(trap, KEY, ["a " * 300 + text], 300) == 0  # beyond the places that the bound counts
    assert emitted(trap, KEY, ["a " * 299 + text], 300) == 1
    assert emitted(trap, TrapKey(bytes(32)), [noisy], 300) == 0


def test_traps_of_one_work_and_channel_have_other_questions() -> None:
    """Another form or payload is another draw: where one published version stood tells nothing of the next."""
    before = [f"The miller of mill kept {count} hens by the water and sold none.\n" for count in range(24)]
    one = passphrase()
    traps = [replace(one, payload={**one.payload, "before": text}) for text in before]
    (places, again) = ([questions_of(trap, KEY, 4)[0].right for trap in traps] for _ in range(2))
    assert places == again
    assert set(places) == {0, 1, 2, 3}


def test_what_is_sent_of_a_trap_holds_nothing_drawn() -> None:
    trap = passphrase()
    found = emission_of(trap, 5, 300)
    assert found is not None
    assert found.space == 1024**5
    assert found.bound == 5 * 300 / 1024**5
    drawn = set(only(words_of(published_texts(trap, KEY)[0])))
    assert not drawn & set(only(words_of(found.before)))
    assert emission_of(variants("mill"), 5, 300) is None
    short = Trap("a", "a", "web", "passphrase", "en", 20, {**trap.payload, "before": "\n"})
    assert emission_of(short, 5, 300) is None


def test_questions_of_variants_are_coins() -> None:
    """One question for each coin, both renderings, in an order that has nothing to do with which is which."""
    trap = variants("mill", sites=8)
    questions = questions_of(trap, KEY, 4)
    assert [one.number for one in questions] == list(range(8))
    texts = published_texts(trap, KEY)
    for one, text, site in zip(questions, texts, trap.payload["sites"], strict=True):
        assert len(one.versions) == 2
        assert text in one.versions[one.right]
        assert all(any(word in version for version in one.versions) for word in site["renderings"])
        assert {query.continuation for query in one.shown} == {r + site["after"] for r in site["renderings"]}
    assert questions_of(trap, KEY, 4) == questions


def test_questions_of_passphrases_have_four_versions_in_any_order() -> None:
    places: Counter[int] = Counter()
    for number in range(400):
        trap = passphrase(f"work{number}", candidates=6)
        (one,) = questions_of(trap, KEY, 4)
        assert len(set(one.versions)) == 4
        assert published_texts(trap, KEY)[0] in one.versions[one.right]
        places[one.right] += 1
    assert all(65 <= places[place] <= 135 for place in range(4))  # 100 each; four standard deviations
    assert len(questions_of(passphrase(candidates=3), KEY, 4)[0].versions) == 3


def test_a_model_without_the_key_is_right_as_often_as_chance() -> None:
    """Whatever is always answered: a place, the shortest version, the first by the alphabet."""
    questions = [one for n in range(60) for one in questions_of(variants(f"w{n}"), KEY, 2)]
    for pick in (
        lambda _: 0,
        lambda versions: min(range(2), key=lambda place: (len(versions[place]), versions[place])),
        lambda versions: versions.index(min(versions)),
    ):
        right = sum(pick(one.versions) == one.right for one in questions)
        assert choice_p(right, 480, 2) > 1e-4
        assert choice_p(480 - right, 480, 2) > 1e-4


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ("B", 1),
        (" (A)\n\nbecause", 0),
        ("C.", 2),
        ("d", None),
        ("E", None),
        ("D", 3),
        ("B) amber", None),
        ("The answer is B", None),
        ("AB", None),
        ("", None),
        ("<b>B</b>", None),
    ],
)
def test_answers_are_read_strictly(answer: str, place: int | None) -> None:
    assert letter_of(answer, 4) == place
    assert letter_of("C", 2) is None
