"""urllib.robotparser of the standard library: `parse` and `can_fetch`. Reads robots.txt alone."""

from __future__ import annotations

import platform
from typing import Any
from urllib.robotparser import RobotFileParser

from answering import fetch, serve


def robots(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    parser = RobotFileParser()
    parser.parse(given["robots_txt"].splitlines())
    call = f"p.parse({given['robots_txt']!r}.splitlines()); p.can_fetch({given['agent']!r}, {given['url']!r})"
    return fetch(parser.can_fetch(given["agent"], given["url"])), call


serve(f"Python {platform.python_version()}", {"robots": robots})
