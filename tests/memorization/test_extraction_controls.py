"""Works against controls: who may be one, what p comes out, and what it does not."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from countermark.errors import InputError
from countermark.media import Asset, Medium
from countermark.memorization.extraction.controls import gather, lengths, require_apart, smallest_p
from countermark.memorization.extraction.deciding import Standing, bounds, decide
from countermark.memorization.extraction.sentences import LANGUAGES, lines_of_result
from countermark.memorization.extraction.windows import Window
from countermark.works.work import Work, WorkFile


def file(name: str, text: str, published: date | None = None) -> WorkFile:
    asset = Asset(name, f"{name}.txt", Medium.TEXT, name, text)
    return WorkFile(Work(name, name.title(), published=published), asset)


def test_ties_count_against_a_work_and_the_largest_p_z_breaks_them() -> None:
    """Nine controls without coverage, one like the work."""
    controls = [*[Standing(0.0, -20.0 - n) for n in range(9)], Standing(0.5, -1.0)]
    decisions = decide([Standing(0.5, -1.0), Standing(0.0, -19.0)], controls, alpha=0.5, void=False)
    assert decisions[0] == (2 / 11, 2 * (2 / 11), "reproduced-beyond-controls")
    assert decisions[1].conformal_p == 2 / 11
    assert decisions[1].decision == "no-hit"  # a small p without a hit decides nothing


def test_a_void_comparison_has_no_p_and_keeps_its_facts() -> None:
    works = [Standing(0.5, -1.0), None, Standing(0.0, -9.0)]
    controls = [Standing(0.0, -20.0)] * 99
    assert decide(works, controls, alpha=0.05, void=True) == [
        (None, None, "reproduced"),
        (None, None, "not-asked"),
        (None, None, "no-hit"),
    ]
    assert decide(works, [], alpha=0.05, void=False)[0] == (None, None, "reproduced")
    told = decide(works, controls, alpha=0.05, void=False)
    assert told[0][:2] == pytest.approx((0.01, 0.03))
    assert told[0].decision == "reproduced-beyond-controls"
    assert told[1] == (None, None, "not-asked")


def test_exchangeable_works_pass_no_more_often_than_the_level() -> None:
    """Draws of one population: at most 5 % reach 0.05, within four standard errors."""
    draw = random.Random(5)
    population = [Standing(max(0.0, draw.gauss(0, 1)), draw.gauss(-9, 2)) for _ in range(20 * 2000)]
    hits = 0
    for start in range(0, len(population), 20):
        work, *controls = population[start : start + 20]
        hits += (decide([work], controls, alpha=0.05, void=False)[0].conformal_p or 1) <= 0.05
    assert abs(hits - 100) < 4 * 10


def test_controls_are_later_than_the_model_each_once_and_no_works() -> None:
    day = date(2024, 6, 1)
    given = [
        file("old", "a", day),
        file("new", "b", date(2024, 6, 2)),
        file("undated", "c"),
        file("twin", "b"),
    ]
    controls = gather(given, "control", after=day)
    assert list(controls.works) == ["new", "undated"]
    assert [(one["where"], one["reason"]) for one in controls.left_out] == [
        ("old.txt", "published-before-model"),
        ("twin.txt", "duplicate"),
    ]
    with pytest.raises(InputError, match="none of the 1 was published after 2024-06-01"):
        gather(given[:1], "control", after=day)
    with pytest.raises(InputError, match=r"new\.txt: a control with the same text as the work mine\.txt"):
        require_apart(gather([file("mine", "b")], "work"), controls)
    assert controls.joined() == ["b", "c"]
    assert lengths(["a", "bbb", "cc"]) == {"least": 1, "median": 2, "most": 3}


def test_how_small_a_p_can_be() -> None:
    assert smallest_p(99, 3) == (0.01, 0.03)
    assert smallest_p(1, 9) == (0.5, 1.0)


def test_bounds_count_works_and_windows_that_do_not_overlap() -> None:
    """Without a hit in n the upper limit is 1 - 0.05^(1/n): for 19 works, 14.6 %."""
    windows = [Window(0, 50, 100), Window(25, 75, 125), Window(50, 100, 150)]
    told = bounds([(windows, [False] * 3)] * 19)
    assert told["works"] == {"hits": 0, "of": 19, "upper": round(1 - 0.05 ** (1 / 19), 9)}
    assert (told["windows_apart"]["hits"], told["windows_apart"]["of"]) == (0, 38)
    hit = bounds([(windows, [False, True, False]), ([], [])])
    assert (hit["works"]["hits"], hit["works"]["of"], hit["windows_apart"]["hits"]) == (1, 1, 0)


def test_why_there_is_no_p_is_told_as_it_is() -> None:
    """A comparison that the blind gate passed is not called void because all controls were quotations."""
    work = {
        "role": "work", "title": "Mine", "decision": "reproduced", "hits": 1, "expected_tries": 2.0, "coverage": 0.5,
        "windows": {"counted": 2}, "conformal_p": None, "holm_p": None,
    }  # fmt: skip
    result: dict[str, Any] = {
        "works": [work],
        "comparison": "checked",
        "gate": {"auc": 0.5},
        "false_positives": {"works": {"hits": 0, "of": 0, "upper": 1.0}},
        "counts": {"asked": 2, "quoted": 0, "generic": 0},
    }
    told = "\n".join(lines_of_result(result, "x", LANGUAGES["en"]))
    assert "No p: there is no control work" in told
    assert "void" not in told
    told = "\n".join(lines_of_result(result | {"comparison": "void"}, "x", LANGUAGES["fr"]))
    assert "la comparaison est nulle" in told
