"""A study as its page needs it: read, its digests and its numbers checked, and the texts of the works where held."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.documents import extract, read_bytes
from countermark.errors import CountermarkError, RunError
from countermark.evidence.models.ask_members import check_ask
from countermark.evidence.models.checks import RUN
from countermark.evidence.models.extract_members import check_extract
from countermark.evidence.models.trap_members import check_trap
from countermark.memorization.extraction.texts import FOLDER, digest_of
from countermark.memorization.study.folder import LOG, PLAN
from countermark.memorization.study.outcome import read_outcome
from countermark.memorization.study.plan import read_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

CHECKS: Final[Mapping[str, Callable[[dict[str, Any], Mapping[str, Any]], None]]] = {
    "trap": check_trap,
    "extract": check_extract,
    "ask": check_ask,
}
MOST_FILES: Final = 20_000
_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_LAST: Final = 65_536  # bytes of a log that its last line certainly lies in


@dataclass(frozen=True)
class Shown:
    """A study that has ended. `begun` and `ended` are ISO minutes, or empty.

    `texts` holds the texts of works by SHA-256; `words` says whether the page may show any of the works' words.
    """

    kind: str
    result: dict[str, Any]
    run: dict[str, Any]
    plan: Mapping[str, Any]
    begun: str
    ended: str
    texts: Mapping[str, str] = field(default_factory=dict)
    words: bool = False


def read_study(folder: Path, works: Path | None = None, *, texts: bool = True) -> Shown:
    """Read a study, and what its page may show of the works: from the run's folder, or from files in `works`.

    Raises RunError, PlanError where the folder is none, was changed, or says what no study writes.
    """
    result, run = read_outcome(folder)
    kind = result.get("kind")
    if kind != run.get("kind") or not isinstance(kind, str) or kind not in CHECKS:
        raise RunError(
            f"{folder}: a study of kind {str(kind)[:40]!r}; there is a page for {', '.join(CHECKS)}"
        )
    plan = read_plan(folder / PLAN, kind).members
    RUN(run, "run")
    CHECKS[kind](result, plan)
    begun, ended = _times(folder / LOG)
    held = _held(folder, works, result) if texts and kind == "extract" else {}
    words = bool(held) or (texts and kind == "ask" and any(work["best"] for work in result["works"]))
    return Shown(kind, result, run, plan, begun, ended, held, words)


def _times(log: Path) -> tuple[str, str]:
    """When the first and the last line of a log were written, by the clock of the machine that ran; else empty."""
    with log.open("rb") as file:
        first = file.readline(_LAST)
        file.seek(max(0, log.stat().st_size - _LAST))
        last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    return _time_of(first), _time_of(last)


def _time_of(line: bytes) -> str:
    try:
        found = _TIME.match(str(json.loads(line)["time"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return found[0].replace("T", " ") if found else ""


def _held(folder: Path, works: Path | None, result: dict[str, Any]) -> dict[str, str]:
    """The texts of the works (not of the controls, which are others'), by digest, each found to be the one asked."""
    wanted = {
        one["sha256"]: one["characters"]
        for work in result["works"]
        if work["role"] == "work"
        for one in work["texts"]
    }
    texts = _candidates(works) if works is not None else _kept(folder / FOLDER, wanted)
    found = {}
    for text in texts:
        digest = digest_of(text)
        if wanted.get(digest) == len(text):
            found[digest] = text
    return found


def _kept(folder: Path, wanted: Mapping[str, int]) -> Iterator[str]:
    for digest in wanted:
        path = folder / f"{digest}.txt"
        if re.fullmatch(r"[0-9a-f]{64}", digest) and path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() != digest:
                raise RunError(f"{path}: was changed; the text of the study is {digest}")
            yield data.decode("utf-8", "replace")


def _candidates(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        raise RunError(f"{folder}: no such folder; --works names the folder of the works' files")
    for number, path in enumerate(sorted(folder.rglob("*"))):
        if number >= MOST_FILES:
            raise RunError(f"{folder}: more than {MOST_FILES:,} files; give the folder of the works alone")
        if path.is_file() and not path.is_symlink():
            try:
                text = extract(read_bytes(path), name=path.name).text
            except CountermarkError:
                continue  # another file than a text; a text that is then missing is shown by its places
            yield text.encode("utf-8", "replace").decode()
