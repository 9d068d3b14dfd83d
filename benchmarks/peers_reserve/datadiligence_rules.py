"""datadiligence: `is_allowed(response=…)` over X-Robots-Tag and tdm-reservation, `C2PAMetadataRule` for files.

It answers one question, may this be used: False is `reserved`, True is `not reserved` (permission and silence are one
to it, and either is right where nothing is said). Headers come in a requests.Response, as its documentation has it:
names are then compared without regard to case, and several fields come joined. The agent is given with `user_agent`.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from answering import NotAskedError, coarse, serve  # first: the peer prints while it is imported

# isort: split
import datadiligence
import requests
from datadiligence.rules import C2PAMetadataRule


def _response(fields: list[tuple[str, str]]) -> requests.Response:
    """What requests hands over: fields of one name are one, joined by a comma."""
    response = requests.Response()
    response.status_code = 200
    for name, value in fields:
        before = response.headers.get(name)
        response.headers[name] = f"{before}, {value}" if before else value
    return response


def _said(response: requests.Response) -> str:
    lines = (f"r.headers[{name!r}] = {value!r}; " for name, value in response.headers.items())
    return f"r = requests.Response(); {''.join(lines)}"


def noai(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    response = _response([("X-Robots-Tag", line) for line in given["lines"]])
    allowed = datadiligence.is_allowed(response=response, user_agent=given["agent"])
    return coarse("text", allowed), f"{_said(response)}is_allowed(response=r, user_agent={given['agent']!r})"


def tdmrep(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    response = _response(given["fields"])
    allowed = datadiligence.is_allowed(response=response)
    return coarse("reservation", allowed), f"{_said(response)}is_allowed(response=r)"


def picture(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    if not given["path"]:
        raise NotAskedError
    path = Path(given["path"])
    allowed = C2PAMetadataRule().is_allowed(body=path.read_bytes())
    signed = f"  # signed with {given['entries']}" if given.get("entries") else ""
    call = f"C2PAMetadataRule().is_allowed(body=open({path.name!r}, 'rb').read()){signed}"
    return coarse("generative", allowed), call


PLAIN = {"TDM-Reservation": "1"}
serve(
    version("datadiligence"),
    {"noai-header": noai, "tdmrep-header": tdmrep, "picture": picture},
    {f"is_allowed(headers={PLAIN!r})": datadiligence.is_allowed(headers=PLAIN)},
)
