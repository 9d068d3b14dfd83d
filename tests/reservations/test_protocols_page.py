"""docs/reference/reservations.md holds the list of protocols as the code has it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from countermark.reservations.protocols import PROTOCOLS, rule_of

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "reservations.md"


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_row_of_a_protocol(name: str) -> None:
    facts = PROTOCOLS[name]
    places = [", ".join(told) or "–" for told in (facts.reads, facts.writes)]
    checked, captured = "yes" if facts.validator else "–", ", ".join(facts.at_capture) or "–"
    row = f"| {facts.label} | {facts.version} | {places[0]} | {places[1]} | {checked} | {captured} |"
    assert row in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PROTOCOLS)
def test_rules_and_validators_exist(name: str) -> None:
    assert callable(rule_of(name))
    if PROTOCOLS[name].validator:
        module, _, function = PROTOCOLS[name].validator.partition(":")
        assert callable(getattr(import_module(module), function))
