"""`countermark reserve agents` as one calls it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner, Result

from countermark.cli import main
from countermark.reservations import agents as room


def agents(*arguments: str) -> Result:
    """Call the command."""
    return CliRunner().invoke(main, ["reserve", "agents", *arguments])


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is not stale, whenever the tests are run."""
    monkeypatch.setattr(room, "is_stale", lambda _today: False)


def test_the_table_of_an_operator_on_a_day() -> None:
    """Aligned, with the day."""
    result = agents("--operator", "openai", "--on", "2024-05-01")
    assert result.exit_code == 0
    assert result.output == (
        "token         operator  for                robots.txt  listed since\n"
        "ChatGPT-User  OpenAI    input              yes         2024-03-27\n"
        "GPTBot        OpenAI    train, generative  yes         2024-03-27\n"
        "2 agents on 2024-05-01.\n"
    )


def test_json() -> None:
    """All fields, filtered by purpose."""
    facts = json.loads(agents("--json", "--purpose", "search").stdout)
    assert facts["checked"] == room.age_of_list()
    assert all("search" in agent["purposes"] for agent in facts["agents"])
    assert "PerplexityBot" in {agent["token"] for agent in facts["agents"]}
    assert not any(agent["valid_token"] for agent in facts["agents"] if " " in agent["token"])


def test_tokens_that_are_none_are_marked() -> None:
    """With what the mark means."""
    output = agents("--operator", "Kangaroo").output
    assert "Kangaroo Bot !" in output
    assert "! not a product token of RFC 9309" in output


def test_days_that_the_list_does_not_know() -> None:
    """Before its beginning, after its check, and no day at all."""
    assert "The list begins on 2024-03-27" in agents("--on", "2020-01-01").output
    assert "of later days it knows nothing" in agents("--on", "2199-01-01").output
    result = agents("--on", "May")
    assert result.exit_code == 2
    assert "a date is YYYY-MM-DD" in result.output


def test_a_stale_list_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    """On standard error, and the list is printed all the same."""
    monkeypatch.setattr(room, "is_stale", lambda today: isinstance(today, date))
    result = agents("--json")
    assert result.exit_code == 0
    assert "more than 180 days ago" in result.stderr
    json.loads(result.stdout)
