"""ai-crawler-robots: `is_allowed(text, agent, path)`, which takes a path; the address is cut to path and query."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import ai_crawler_robots
from answering import fetch, serve


def robots(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    parts = urlsplit(given["url"])
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    arguments = given["robots_txt"], given["agent"], path
    call = f"is_allowed({', '.join(map(repr, arguments))})['allowed']"
    return fetch(ai_crawler_robots.is_allowed(*arguments)["allowed"]), call


USAGE = "User-agent: *\nAllow: /\nContent-Usage: train-ai=n\n"
TOLD = [finding["message"] for finding in ai_crawler_robots.lint(USAGE)["findings"] if finding["line"] == 3]
serve(version("ai-crawler-robots"), {"robots": robots}, {f"lint({USAGE!r})": "; ".join(TOLD)})
