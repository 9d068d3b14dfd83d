"""The sentences of the page of studies, its figures, and its pictures as points."""

from __future__ import annotations

import math
import re
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.evidence.models import charts, heat
from countermark.evidence.models.ask_members import COUNTS
from countermark.evidence.models.figures import chance, figure, ordinal, tries
from countermark.evidence.models.gate_view import void_lines
from countermark.evidence.models.languages import LANGUAGES
from countermark.memorization.asking import deciding as asked
from countermark.memorization.asking import exact_judging as of_exact
from countermark.memorization.asking import sentences as of_questions
from countermark.memorization.extraction import deciding as extracted
from countermark.memorization.traps.forms.forms import NAMES

EN, FR = LANGUAGES["en"], LANGUAGES["fr"]


def fields(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name}


def test_both_have_the_same_sentences_and_facts() -> None:
    assert set(EN.messages) == set(FR.messages)
    assert len(EN.messages) > 300
    different = {key for key in EN.messages if fields(EN.messages[key]) != fields(FR.messages[key])}
    assert different == set()


@pytest.mark.parametrize("key", sorted(FR.messages))
def test_french_typography(key: str) -> None:
    message = FR.messages[key]
    assert not re.search(r" [;:!?»%]|« ", message)
    assert not re.search(r"[^\W\d][;!?]|[a-zéèà]:(?!//)|«[^\u00a0]", message)
    assert "'" not in message
    assert '"' not in message
    assert not re.search(r"\boeuvre", message)


def test_each_value_has_its_words() -> None:
    needed = [f"form.{name}" for name in NAMES] + [f"ask.count.{name}" for name in COUNTS[1:]]
    needed += [
        f"decision.{name}"
        for name in (extracted.NOTHING, extracted.REPRODUCED, extracted.BEYOND, extracted.UNASKED)
    ]
    needed += [
        f"ask.decision.{name}"
        for name in (asked.UNASKED, asked.NOTHING, asked.RECITED, asked.BEYOND, asked.BOTH)
    ]
    needed += [f"extract.not_shown.{n}" for n in range(1, len(extracted.NOT_SHOWN) + 1)]
    needed += [f"ask.not_shown.{n}" for n in range(1, len(asked.NOT_SHOWN) + 1)]
    assert set(needed) <= set(EN.messages)


def test_the_sentences_are_those_that_the_studies_state() -> None:
    """What a page says of null and assumption is, in English, what the result says."""
    assert EN.say("extract.null") == extracted.NULL
    assert EN.say("extract.assumption") == extracted.ASSUMPTION
    assert EN.say("ask.null") == asked.NULL
    assert EN.say("ask.assumption") == asked.ASSUMPTION


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_and_command_say_the_same_of_a_claim(lang: str) -> None:
    """A channel has several copies: a claim shows that one of them was given, and not which."""
    page, command = LANGUAGES[lang], of_questions.LANGUAGES[lang]
    assert page.say("ask.shown", who="X") == command.say("shown", claim="X")
    assert page.say("ask.exact.null").endswith("it." if lang == "en" else "figurait.")
    assert of_exact.NULL[2:].split(": no published")[0] in EN.say("ask.exact.null")


def test_a_mean_of_e_values_is_not_to_be_stopped_at() -> None:
    said = EN.say("e.lead", bound=60, claims=3, alpha=0.05)
    assert "as often as one likes" not in said
    assert "may look at the product after each test" in said
    assert "may not stop at a mean" in said


def test_figures() -> None:
    assert [figure(value, EN) for value in (0.0025, 1.0, 1e-5, 5e-6, 1541.2, -0.0861, None)] == [
        "0.0025", "1", "10⁻⁵", "5\u00a0×\u00a010⁻⁶", "1,541", "−0.0861", "–",
    ]  # fmt: skip
    assert figure(0.5, FR) == "0,5"
    assert [ordinal(n, EN) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112, 1002)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th", "1,002nd",
    ]  # fmt: skip
    assert (ordinal(1, FR), ordinal(2, FR)) == ("1er", "2e")
    assert [tries(value, EN) for value in (1.23, 999_999.5, 1e12, None)] == [
        "2", "1,000,000", "10¹²", "more than 10¹⁸",
    ]  # fmt: skip
    assert [chance(value, EN) for value in (0.0, math.log10(0.25), -40.0, -12.3, None)] == [
        "1", "0.25", "1.00\u00a0×\u00a010⁻⁴⁰", "5.01\u00a0×\u00a010⁻¹³", "0",
    ]  # fmt: skip


@given(st.floats(-400, 0))
def test_a_probability_that_is_told_is_the_one_that_was_found(log10_p: float) -> None:
    """To three digits, also where it is smaller than a number of the machine."""
    digits, _, power = chance(log10_p, EN).replace("\u00a0", "").partition("×10")
    plain = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or "0"
    if digits.startswith("10⁻"):
        digits, plain = "1", digits[2:].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    assert math.isclose(math.log10(float(digits)) + int(plain), log10_p, abs_tol=0.003)


def test_the_filled_part_of_a_rank_is_p() -> None:
    assert charts.rank_bar(100, 400) == {"lit": 60.0, "at": 59.7, "percent": 25}
    assert charts.rank_bar(400, 400)["lit"] == charts.WIDE
    assert charts.rank_bar(1, 100_000)["lit"] == 0.6  # always to be seen


def test_a_curve_goes_through_its_counts() -> None:
    assert charts.curve([[0, 5, 10]], [1, 10, 100], 10) == ["M0.0,60L120.0,30L240.0,0"]
    assert charts.curve([[0, 5, 10]], [1, 10, 100], 0) == charts.curve([[1]], [1], 1) == []


def test_dots_at_one_place_are_piled_and_counted() -> None:
    first, second = charts.piles([0.0] * 39 + [1.0])
    assert (first.x, first.number, len(first.heights)) == (4, 39, 5)
    assert (second.x, second.number, second.heights) == (236, 1, [4.4])


LEVELS = heat.levels_of(-3.0)
RUNS: list[list[Any]] = [[100, 200, -0.1], [200, 300, -5.0], [300, 400, None]]


def test_levels_part_at_the_threshold() -> None:
    """Covered is what reaches it, and nothing else; the higher the more probable."""
    assert [level.least for level in LEVELS] == [math.log10(0.5), -1.0, -3.0, -6.0, -12.0, None]
    assert [level.covered for level in LEVELS] == [True, True, True, False, False, False]
    assert [level.height for level in LEVELS] == sorted((level.height for level in LEVELS), reverse=True)
    assert [heat.level_of(value, LEVELS) for value in (0.0, -1.0, -3.0, -3.01, -99.0, None)] == [
        0,
        1,
        2,
        3,
        5,
        5,
    ]


def test_a_strip_shows_each_place_and_its_level() -> None:
    bars = heat.strip(RUNS, 480, LEVELS)
    assert [(bar["x"], bar["end"], bar["level"], bar["covered"]) for bar in bars] == [
        (50, 100, 0, True), (100, 150, 3, False), (150, 200, 5, False),
    ]  # fmt: skip
    tiny = heat.strip([[10**6 - 1, 10**6, -0.1]], 10**6, LEVELS)
    assert [(bar["x"], bar["end"]) for bar in tiny] == [(239, 240)]


def test_no_character_of_a_shown_text_is_lost() -> None:
    text = "".join(chr(97 + n % 26) for n in range(480))
    (piece,) = heat.spans(text, {"heat": RUNS, "hits": []}, LEVELS)
    assert "".join(span.text for span in piece) == text
    assert [(len(span.text), span.level) for span in piece] == [
        (100, -1),
        (100, 0),
        (100, 3),
        (100, 5),
        (80, -1),
    ]


def test_a_long_text_is_shown_around_its_hits() -> None:
    text = "x" * 50_000
    hits = [{"start": 1000, "end": 1500}, {"start": 1600, "end": 1700}, {"start": 40_000, "end": 40_100}]
    pieces = heat.spans(text, {"heat": [[1200, 1500, -1.0]], "hits": hits}, LEVELS)
    assert [sum(len(span.text) for span in piece) for piece in pieces] == [1180, 580]
    assert heat.spans(text, {"heat": [], "hits": []}, LEVELS) == []
    many = [{"start": n, "end": n + 900} for n in range(0, 49_000, 1500)]
    shown = heat.spans(text, {"heat": [], "hits": many}, LEVELS)
    assert sum(len(span.text) for piece in shown for span in piece) <= heat.MOST_SHOWN


def test_a_comparison_that_lengths_void_is_told_so() -> None:
    gate = {"auc": 0.93, "limit": 0.55}
    result = {"comparison": "void", "gate": gate}
    assert "counts words" in void_lines(result, EN)[0]
    told = void_lines({"comparison": "void", "gate": gate | {"by_length": True}}, EN)
    assert "differ in length (AUC 0.93)" in told[0]
    assert "as long as" in told[1]
    assert void_lines(result | {"comparison": "checked"}, FR) == []
