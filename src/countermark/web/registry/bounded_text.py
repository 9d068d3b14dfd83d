"""Reads one uploaded text in a process of its own, with little memory and time; run by `readers.read_upload`.

`python -m countermark.web.registry.bounded_text FILE NAME` prints one JSON object: what was read, or why not.
Django is not loaded here, and neither the database nor the site's keys are opened.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

from countermark.errors import DocumentError

MEMORY: Final = 1 << 30
CPU_SECONDS: Final = 20


def bound(memory: int, seconds: int, written: int) -> None:
    """Take away from this process all memory, time and disk beyond the bounds; nothing can give them back."""
    for kind, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def answer(facts: dict[str, Any]) -> None:
    """Hand the result to the site."""
    sys.stdout.write(json.dumps(facts))


def _read(path: Path, name: str) -> dict[str, Any]:
    from countermark.documents import extract, read_bytes  # noqa: PLC0415 - only once the bounds are set

    try:
        document = extract(read_bytes(path), name=name)
    except DocumentError as error:
        return {"reason": error.reason}
    except MemoryError:
        return {"reason": "bomb"}
    except RecursionError:
        return {"reason": "damaged"}
    return {
        "format": _suffix(document.format),
        "title": document.title[:300],
        "author": document.author[:200],
        "characters": len(document.text),
        "doubtful": bool(document.warnings),
    }


def _suffix(kind: str) -> str:
    return {"text": "txt", "markdown": "md"}.get(kind, kind)


if __name__ == "__main__":
    bound(MEMORY, CPU_SECONDS, 0)
    answer(_read(Path(sys.argv[1]), sys.argv[2]))
