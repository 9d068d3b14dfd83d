"""How an adapter answers: one case a line comes in as JSON, one answer a line goes out.

Runs in the peer's own environment, so only the standard library. An answer has parts (`{"train-ai": "disallow"}`); a
part that the peer has no way to say is left out, and `NotAskedError` leaves out the case. `call` is the line that gives
the answer again. What the peer prints goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = tuple[dict[str, str], str]
    Reader = Callable[[dict[str, Any]], Answer]

_OUT = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


class NotAskedError(Exception):
    """The peer has no entry point that this case could be put to."""


def serve(version: str, readers: dict[str, Reader], shown: dict[str, object] | None = None) -> None:
    """Answer every case of a kind that there is a reader for; an exception of the peer is its answer.

    `shown` are other calls with what they gave just now, which the page tells beside the vectors.
    """
    _say({"version": version, "shown": {call: str(value) for call, value in (shown or {}).items()}})
    for line in sys.stdin:
        case = json.loads(line)
        reader = readers.get(case["kind"])
        if reader is None:
            continue
        try:
            answer, call = reader(case["given"])
        except NotAskedError:
            continue
        except Exception as error:  # noqa: BLE001 - whatever the peer raises
            answer, call = {"error": f"{type(error).__name__}: {error}"[:200]}, ""
        _say({"key": case["key"], "answer": answer, "call": call})
    _OUT.close()


def _say(told: dict[str, Any]) -> None:
    _OUT.write(json.dumps(told) + "\n")


def fetch(allowed: object) -> dict[str, str]:
    """The answer of a robots.txt parser."""
    return {"fetch": "allowed" if allowed else "not allowed"}


def coarse(part: str, allowed: object) -> dict[str, str]:
    """The answer of a tool that only says whether something is allowed: silence and permission are one to it."""
    return {part: "not reserved" if allowed else "reserved"}
