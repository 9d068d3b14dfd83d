"""img2dataset: `is_disallowed(headers, user_agent_token, directives)`, its check before an image is kept.

The directives are `noai` and `noimageai`; its default also has `noindex` and `noimageindex`, which are not about AI.
The agent is given as `user_agent_token`.
"""

from __future__ import annotations

from http.client import HTTPMessage
from importlib.metadata import version
from typing import Any

from answering import coarse, serve
from img2dataset.downloader import is_disallowed


def noai(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    headers = HTTPMessage()
    for line in given["lines"]:
        headers["X-Robots-Tag"] = line
    found = is_disallowed(headers, given["agent"], ["noai", "noimageai"])
    said = "".join(f"h['X-Robots-Tag'] = {line!r}; " for line in given["lines"])
    call = f"h = HTTPMessage(); {said}is_disallowed(h, {given['agent']!r}, ['noai', 'noimageai'])"
    return coarse("text", not found), call


serve(version("img2dataset"), {"noai-header": noai})
