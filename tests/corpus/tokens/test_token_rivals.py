"""What is said of the tables that were not named: which came nearest, and what their words come to."""

from __future__ import annotations

from dataclasses import replace

from countermark.corpus.tokens import trial as tried_by
from countermark.corpus.tokens.trial import CLEAR, TOO_FEW, Evidence, Trial, nearest, rivals, says

FEW = Evidence("few", "f", "<u2", 500, 0, 0, words=90, telling=12, agree=12, recombined=40, by_chance=33)
REFUTED = replace(FEW, name="refuted", table="r", telling=60, agree=20)
BEYOND = replace(FEW, name="beyond", table="b", out_of_range=40, kinds_beyond=30, agree=12)
SILENT = Evidence("silent", "s", "<u2", 500, 0, 0)


def test_a_few_words_that_fit_are_too_few() -> None:
    """Nothing speaks against one table; that another one is refuted by its words does not change what is said."""
    assert 0 < FEW.weight < CLEAR
    assert tried_by._why_none((FEW, REFUTED)) == TOO_FEW
    assert tried_by._why_none((REFUTED,)) == "no table cuts the words as they were found cut"
    assert tried_by._why_none((BEYOND, REFUTED)) == "no table cuts the words as they were found cut"


def test_what_words_say() -> None:
    """For a table, against it, or nothing: silence is not agreement."""
    sure = replace(FEW, telling=500, agree=500, recombined=500, by_chance=400)
    assert [says(one) for one in (sure, FEW, SILENT, REFUTED)] == ["for", "nothing", "nothing", "against"]


def test_the_nearest_come_first() -> None:
    """Tables that have the ids and whose words were looked at, by weight; then words alone; then what was not tried."""
    best = replace(FEW, name="best", table="x")
    other_type = replace(FEW, name="best", table="x", dtype=">u2", agree=11)
    same = replace(FEW, name="same", table="y")
    trial = Trial(
        best, (SILENT, BEYOND, REFUTED, same, FEW, other_type), clear=True, reason="", same=("same",)
    )
    assert nearest(trial) == [same, FEW, other_type, REFUTED, BEYOND, SILENT]
    assert rivals(trial) == [FEW, REFUTED, BEYOND, SILENT]
