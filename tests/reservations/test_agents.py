"""The list of AI user agents as data, and the script that refreshes it."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from countermark.reservations import agents as room
from countermark.reservations.agents import age_of_list, agent_named, agent_of, is_stale, load_agents
from countermark.reservations.use import Use

ROOT = Path(__file__).parents[2]
LIST = ROOT / ".." / "shared" / "conformance/ai_robots_txt/robots.json"
FILE = ROOT / "src/countermark/reservations/agents.jsonl"


def test_every_row_is_whole() -> None:
    """Known fields, days in order, tokens once, sorted."""
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    tokens = [row["token"] for row in rows]
    assert tokens == sorted(set(tokens), key=lambda token: (token.lower(), token))
    for agent in map(agent_of, rows):
        assert agent.function, agent.token
        assert agent.source.startswith(("https://", "http://"))
        days = [agent.since, *(day for times in agent.unlisted for day in times), agent.until or "9999-12-31"]
        assert days == sorted(days), agent.token
        assert date.fromisoformat(agent.since) <= date.fromisoformat(agent.checked)


@pytest.mark.skipif(not LIST.exists(), reason="the list of 2026-08-22 is not in this checkout")
def test_the_list_of_2026_08_22() -> None:
    """All 166 tokens of that day, 12 of them with a space or a slash."""
    tokens = set(json.loads(LIST.read_text(encoding="utf-8")))
    listed = load_agents("2026-08-22")
    assert {agent.token for agent in listed} == tokens
    assert len(tokens) == 166
    odd = [agent for agent in listed if " " in agent.token or "/" in agent.token]
    assert len(odd) == 12
    assert not any(agent.valid for agent in odd)


def test_the_list_on_a_day() -> None:
    """Tokens come, go and come back."""
    assert agent_named("GPTBot", "2024-03-27") is not None
    assert agent_named("GPTBot", "2024-03-26") is None
    assert agent_named("facebookexternalhit", "2024-11-18") is not None
    assert agent_named("facebookexternalhit", "2025-01-01") is None
    assert agent_named("facebookexternalhit", "2025-06-16") is not None
    assert agent_named("IbouBot") is None
    assert agent_named("IbouBot", "2026-07-30") is not None
    assert agent_named("IbouBot", "2026-07-31") is None


def test_names() -> None:
    """Exact before any case; purposes are uses."""
    exact, other = agent_named("meta-externalagent"), agent_named("Meta-ExternalAgent")
    assert exact is not None
    assert other is not None
    assert exact.token != other.token
    gpt = agent_named("gptbot")
    assert gpt is not None
    assert (gpt.token, gpt.operator, gpt.purposes) == ("GPTBot", "OpenAI", (Use.TRAIN, Use.GENERATIVE))


def test_the_list_grows_stale() -> None:
    """180 days after the newest check."""
    checked = date.fromisoformat(age_of_list())
    assert not is_stale(checked + timedelta(days=180))
    assert is_stale(checked + timedelta(days=181))


def test_a_row_of_another_shape_is_refused() -> None:
    """With what is accepted."""
    row = json.loads(FILE.read_text(encoding="utf-8").splitlines()[0])
    with pytest.raises(ValueError, match="accepted: yes, no, unclear"):
        agent_of(row | {"respects": "perhaps"})


@pytest.fixture
def script() -> ModuleType:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("refresh_agents", ROOT / "scripts/refresh_agents.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["refresh_agents"] = module
    spec.loader.exec_module(module)
    return module


def test_the_script_takes_days_from_a_history(
    tmp_path: Path, script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A history of our own: robots.txt first, a token that goes and comes back, a slip of one day, a broken file."""
    entry = {"operator": "[Us](https://example.org/us)", "respect": "Yes", "function": "", "description": ""}
    versions = [
        ("2024-01-01", "robots.txt", "User-agent: OneBot\nUser-agent: TwoBot\nDisallow: /\n"),
        ("2024-02-01", "robots.json", json.dumps({"OneBot": entry})),
        ("2024-03-01", "robots.json", "{broken"),
        ("2024-04-01", "robots.json", json.dumps({"OneBot": entry, "TwoBot": entry, "Slip": entry})),
        (
            "2024-04-01",
            "robots.json",
            json.dumps({"OneBot": entry, "TwoBot": entry | {"respect": "[No](x)"}}),
        ),
        ("2024-05-01", "robots.json", json.dumps({"TwoBot": entry})),
    ]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True, env=environment)
    for day, name, text in versions:
        (tmp_path / name).write_text(text, encoding="utf-8")
        dates = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
        who = ["-c", "user.name=Us", "-c", "user.email=us@example.org"]
        for command in (["add", "."], [*who, "commit", "-qm", day]):
            subprocess.run(["git", "-C", str(tmp_path), *command], check=True, env=environment | dates)
    target = tmp_path / "agents.jsonl"
    hand: dict[str, object] = {
        "token": "TwoBot",
        "operator": "Two & Co.",
        "purposes": ["train"],
        "function": "collects poems",
    }
    hand |= {
        "respects": "no",
        "since": "2024-01-01",
        "until": None,
        "source": "https://example.org",
        "checked": "",
    }
    target.write_text(json.dumps(hand) + "\n", encoding="utf-8")
    monkeypatch.setattr(script, "TARGET", target)
    monkeypatch.setattr(sys, "argv", ["refresh_agents.py", str(tmp_path / ".git")])
    assert script.main() == 0
    one, two = (json.loads(line) for line in target.read_text(encoding="utf-8").splitlines())
    assert (one["since"], one["until"]) == ("2024-01-01", "2024-05-01")
    assert (two["since"], two["until"], two["unlisted"]) == (
        "2024-01-01",
        None,
        [["2024-02-01", "2024-04-01"]],
    )
    assert (two["operator"], two["function"], two["respects"]) == ("Two & Co.", "collects poems", "yes")
    assert two["checked"] == "2024-05-01"
    told = capsys.readouterr().out
    assert "new      OneBot (listed since 2024-01-01)" in told
    assert "changed  TwoBot: respects was 'no', is 'yes'" in told
    assert "to be written by hand (operator, purposes, function): OneBot" in told
    assert room.load_agents()
