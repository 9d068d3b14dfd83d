"""fast-robotstxt, bindings to Google's parser with additions: `is_allowed` and then `content_signal`.

`content_signal` has True, False or None for each signal, so absence can be told; `allows_ai_train`, `allows_ai_input`
and `allows_search` are not asked: they answer True where nothing is said, which their documentation states.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from answering import fetch, serve
from robotstxt import RobotsMatcher

NAMES = {"search": "search", "ai-input": "ai_input", "ai-train": "ai_train"}
WORDS = {None: "unset", True: "yes", False: "no"}


def robots(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    arguments = given["robots_txt"], given["agent"], given["url"]
    call = f"RobotsMatcher().is_allowed({', '.join(map(repr, arguments))})"
    return fetch(RobotsMatcher().is_allowed(*arguments)), call


def signals(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    matcher = RobotsMatcher()
    arguments = given["robots_txt"], given["agent"], given["url"]
    matcher.is_allowed(*arguments)
    found = matcher.content_signal or {}
    call = f"m.is_allowed({', '.join(map(repr, arguments))}); m.content_signal"
    return {name: WORDS[found.get(key)] for name, key in NAMES.items()}, call


SILENT = ("User-agent: *\nAllow: /\n", "NovelBot", "https://example.org/")
matcher = RobotsMatcher()
matcher.is_allowed(*SILENT)
serve(
    version("fast-robotstxt"),
    {"robots": robots, "content-signal": signals},
    {f"m.is_allowed({', '.join(map(repr, SILENT))}); m.allows_ai_train": matcher.allows_ai_train},
)
