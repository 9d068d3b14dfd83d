"""gpyrobotstxt, a translation of Google's parser: `one_agent_allowed_by_robots`. Reads robots.txt alone."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from answering import fetch, serve
from gpyrobotstxt.robots_cc import RobotsMatcher


def robots(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    text = given["robots_txt"].encode()
    allowed = RobotsMatcher().one_agent_allowed_by_robots(text, given["agent"], given["url"])
    call = f"RobotsMatcher().one_agent_allowed_by_robots({text!r}, {given['agent']!r}, {given['url']!r})"
    return fetch(allowed), call


serve(version("gpyrobotstxt"), {"robots": robots})
