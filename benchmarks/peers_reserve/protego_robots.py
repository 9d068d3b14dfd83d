"""Protego, the parser of Scrapy: `Protego.parse(...).can_fetch(url, agent)`. Reads robots.txt alone."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from answering import fetch, serve
from protego import Protego


def robots(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    allowed = Protego.parse(given["robots_txt"]).can_fetch(given["url"], given["agent"])
    call = f"Protego.parse({given['robots_txt']!r}).can_fetch({given['url']!r}, {given['agent']!r})"
    return fetch(allowed), call


serve(version("protego"), {"robots": robots})
