"""Plans: the same bytes each time, and no byte changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from countermark.errors import PlanError
from countermark.memorization.drivers.driver import ModelIdentity
from countermark.memorization.study.plan import Plan, plan_bytes, read_plan, require_model, write_plan

if TYPE_CHECKING:
    from pathlib import Path

MEMBERS = {"alpha": 0.01, "works": ["été", "b"], "model": {"name": "m", "digest": "", "address": ""}}


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The digest of the file is the plan's, whatever the order of its members."""
    path = tmp_path / "new" / "plan.json"
    digest = write_plan(path, Plan("trap", MEMBERS))
    read = read_plan(path, "trap")
    assert read == Plan("trap", MEMBERS)
    assert digest == read.digest == Plan("trap", dict(reversed(MEMBERS.items()))).digest
    assert plan_bytes(read) == path.read_bytes()
    assert read.seed("a") != read.seed("b") < 2**256


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"alpha": 0.01', '"alpha": 0.05', "digest expected sha256:"),
        ('"alpha": 0.01', '"alpha": 0.05, "alpha": 0.01', "another layout"),
        (" \n", "\n", None),
        ("\n}", "\n}\n", "another layout"),
        ('"kind": "trap"', '"kind": "guess"', "known kind"),
        ('"countermark_plan": 1', '"countermark_plan": 2', "version 1"),
        ('"members"', '"member"', "not a plan"),
        ("{", "[" * 100_000, "not a plan"),
        ("0.01", "NaN", "cannot be written as JSON"),
    ],
)
def test_a_changed_plan_is_refused(tmp_path: Path, old: str, new: str, said: str | None) -> None:
    """Each change is found, also one that means the same."""
    path = tmp_path / "plan.json"
    write_plan(path, Plan("trap", MEMBERS))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    if said is None:
        assert old not in text
        return
    with pytest.raises(PlanError, match=said):
        read_plan(path)


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    """A missing file, another kind, a value that JSON has no word for."""
    with pytest.raises(PlanError, match="cannot be read"):
        read_plan(tmp_path / "none.json")
    path = tmp_path / "plan.json"
    write_plan(path, Plan("ask", {}))
    with pytest.raises(PlanError, match="of kind ask; accepted here: trap"):
        read_plan(path, "trap")
    with pytest.raises(PlanError, match="accepted: trap, extract, ask"):
        plan_bytes(Plan("guess", {}))
    with pytest.raises(PlanError, match="JSON"):
        plan_bytes(Plan("ask", {"alpha": float("nan")}))


def test_the_layout_holds_every_member(tmp_path: Path) -> None:
    """The file is JSON that people can read: one member a line."""
    path = tmp_path / "plan.json"
    write_plan(path, Plan("trap", MEMBERS))
    assert json.loads(path.read_bytes())["members"] == MEMBERS
    assert "été" in path.read_text(encoding="utf-8")


def test_the_model_must_be_the_plan_s() -> None:
    """By the digest of the weights where both know it, else by name and address."""
    weights = {"name": "a", "digest": "sha256:1", "driver": "local", "address": ""}
    plan = Plan("trap", {"model": weights, "reference": {"name": "old", "digest": "", "address": "http://x"}})
    require_model(plan, ModelIdentity("another name", "sha256:1", "local"))
    require_model(plan, ModelIdentity("old", "", "served", "http://x"), "reference")
    with pytest.raises(PlanError, match="digest is sha256:2"):
        require_model(plan, ModelIdentity("a", "sha256:2", "local"))
    with pytest.raises(PlanError, match="name is new"):
        require_model(plan, ModelIdentity("new", "", "served", "http://x"), "reference")
    with pytest.raises(PlanError, match="names no 'judge'"):
        require_model(plan, ModelIdentity("a", "", ""), "judge")
