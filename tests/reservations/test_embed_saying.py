"""Which value of PLUS and of TDMRep a file is given."""

from __future__ import annotations

import pytest

from countermark.reservations import iptc_plus
from countermark.reservations.statement import Place
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use
from countermark.reservations.writing.embed_saying import WRITTEN, Embedding, plus_value, tdm_value

MINING = (Use.TDM, Use.TRAIN, Use.GENERATIVE)
TERMS = "https://example.org/licence"
POLICY = "https://example.org/policy.json"
RESERVED, CONDITIONAL, ALLOWED = Answer.RESERVED, Answer.CONDITIONAL, Answer.ALLOWED


@pytest.mark.parametrize(
    ("answers", "terms", "value"),
    [
        ({}, "", ""),
        ({Use.SEARCH: RESERVED}, "", ""),
        ({Use.GENERATIVE: RESERVED}, "", "DMI-PROHIBITED-GENAIMLTRAINING"),
        ({Use.TRAIN: RESERVED, Use.GENERATIVE: RESERVED}, "", "DMI-PROHIBITED-AIMLTRAINING"),
        ({Use.TRAIN: ALLOWED, Use.GENERATIVE: RESERVED}, "", "DMI-PROHIBITED-GENAIMLTRAINING"),
        (dict.fromkeys((*MINING, Use.INPUT), RESERVED), "", "DMI-PROHIBITED"),
        (
            {**dict.fromkeys((*MINING, Use.INPUT), RESERVED), Use.SEARCH: ALLOWED},
            "",
            "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
        ),
        (dict.fromkeys(MINING, CONDITIONAL), TERMS, "DMI-PROHIBITED-SEECONSTRAINT"),
        (dict.fromkeys(MINING, CONDITIONAL), "", "DMI-PROHIBITED"),
        (dict.fromkeys(MINING, ALLOWED), "", "DMI-ALLOWED"),
        ({Use.TDM: ALLOWED}, "", ""),
    ],
)
def test_the_value_that_says_most_and_permits_nothing_more(
    answers: dict[Use, Answer], terms: str, value: str
) -> None:
    assert plus_value(Embedding(answers, terms))[0] == value


@pytest.mark.parametrize("value", WRITTEN)
def test_a_value_is_read_as_it_is_meant_when_it_is_written(value: str) -> None:
    values = {"plus:DataMining": [iptc_plus.VOCABULARY + value], "plus:OtherConstraints": ["ask"]}
    reading = iptc_plus.read_xmp(values, Target(), Place("a.jpg"))
    assert {s.use: s.answer for s in reading.statements} == iptc_plus.VALUES[value].answers


@pytest.mark.parametrize(
    ("answers", "policy", "value"),
    [
        (dict.fromkeys(MINING, ALLOWED), "", ("0", "")),
        ({Use.TDM: ALLOWED}, "", ("", "")),
        ({Use.TDM: ALLOWED, Use.TRAIN: RESERVED}, "", ("1", "")),
        (dict.fromkeys(MINING, CONDITIONAL), POLICY, ("1", POLICY)),
        (dict.fromkeys(MINING, CONDITIONAL), "not an address", ("1", "")),
        ({Use.TDM: RESERVED, Use.TRAIN: CONDITIONAL}, POLICY, ("1", "")),
    ],
)
def test_the_value_of_tdmrep(answers: dict[Use, Answer], policy: str, value: tuple[str, str]) -> None:
    assert tdm_value(Embedding(answers, tdm_policy=policy))[:2] == value
