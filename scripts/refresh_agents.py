"""Bring `src/countermark/reservations/agents.jsonl` up to the public list of AI user agents.

    python scripts/refresh_agents.py GIT_DIR [--dry-run]

GIT_DIR is the git directory of a clone of https://github.com/ai-robots-txt/ai.robots.txt. From the history of its main
line come the days: when a token was first listed (robots.txt until 2024-08-01, robots.json since), when it was taken
off, when it came back. Operator, purposes and function are ours and stay; a new token gets empty ones, and is printed,
so that somebody writes them. What an operator says of robots.txt is taken from the list anew. A token that was listed
and taken off on the same day was a slip and is left out. The day of the newest commit is the day of the check: the same
clone gives the same file.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src/countermark/reservations/agents.jsonl"
LIST = "https://github.com/ai-robots-txt/ai.robots.txt"
ADDRESS = re.compile(r"https?://[^\s()\[\]'\"]+[^\s()\[\]'\".,;]")
FIELDS = ("token", "operator", "purposes", "function", "respects", "since", "until", "source", "checked")


@dataclass
class History:
    """The days of one token: pairs of the day it came and the day it went, the last open while it is listed."""

    spans: list[list[str | None]] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        """First day, last day and the times between, without spans of no day."""
        spans = [span for span in self.spans if span[0] != span[1]]
        gaps = [[before[1], after[0]] for before, after in pairwise(spans)]
        gaps = [gap for gap in gaps if gap[0] != gap[1]]
        return {"since": spans[0][0], "until": spans[-1][1]} | ({"unlisted": gaps} if gaps else {})


def git(folder: Path, *arguments: str) -> str:
    """What git answers."""
    command = ["git", "--git-dir", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def states(folder: Path) -> list[tuple[str, set[str]]]:
    """Day and tokens after each commit of the main line that changed them; states that cannot be read are passed."""
    found = []
    log = git(
        folder, "log", "--first-parent", "--reverse", "--format=%H %cs", "--", "robots.json", "robots.txt"
    )
    for line in log.splitlines():
        commit, day = line.split()
        names = git(folder, "ls-tree", "--name-only", commit, "robots.json", "robots.txt").split()
        name = "robots.json" if "robots.json" in names else "robots.txt"
        tokens = tokens_of(name, git(folder, "show", f"{commit}:{name}")) if name in names else None
        if tokens:
            found.append((day, tokens))
    return found


def tokens_of(name: str, text: str) -> set[str] | None:
    """The tokens of one version of the list; None where it is broken, which it was on a few days."""
    if name == "robots.json":
        try:
            return set(json.loads(text))
        except ValueError:
            return None
    lines = (line.partition("#")[0].partition(":") for line in text.splitlines())
    return {value.strip() for key, _, value in lines if key.strip().lower() == "user-agent"} - {"*", ""}


def histories(versions: list[tuple[str, set[str]]]) -> dict[str, History]:
    """The days of each token."""
    known: dict[str, History] = {}
    before: set[str] = set()
    for day, tokens in versions:
        for token in tokens - before:
            known.setdefault(token, History()).spans.append([day, None])
        for token in before - tokens:
            known[token].spans[-1][1] = day
        before = tokens
    return {token: history for token, history in known.items() if any(a != b for a, b in history.spans)}


def respects(text: str) -> str:
    """What the list says of robots.txt, as `yes`, `no` or `unclear`."""
    said = text.lstrip("[ ").lower()
    return next((word for word in ("yes", "no") if re.match(rf"{word}\b", said)), "unclear")


def source(entry: dict[str, str]) -> str:
    """The first address that the list gives for a token, or the list's own."""
    told = " ".join(entry.get(name, "") for name in ("respect", "operator", "description"))
    found = ADDRESS.search(told)
    return found[0] if found else LIST


def refreshed(folder: Path, kept: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows: days and answers of the list, words of our own."""
    entries = json.loads(git(folder, "show", "HEAD:robots.json"))
    checked = git(folder, "log", "-1", "--format=%cs").strip()
    rows = []
    for token, history in histories(states(folder)).items():
        ours = kept.get(token, {})
        row = {name: ours.get(name, "") for name in ("operator", "function")}
        row |= {"token": token, "purposes": ours.get("purposes", []), "checked": checked}
        if token in entries:
            row |= {"respects": respects(entries[token]["respect"]), "source": source(entries[token])}
        else:
            row |= {
                name: ours.get(name, value) for name, value in (("respects", "unclear"), ("source", LIST))
            }
        days = history.row()
        rows.append(
            {name: (row | days)[name] for name in FIELDS} | {k: v for k, v in days.items() if k == "unlisted"}
        )
    return sorted(rows, key=lambda row: (row["token"].lower(), row["token"]))


def tell(before: dict[str, dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    """Print what changed, and what waits for somebody's words."""
    after = {row["token"]: row for row in rows}
    for token in sorted(after.keys() - before.keys()):
        print(f"new      {token} (listed since {after[token]['since']})")
    for token in sorted(before.keys() - after.keys()):
        print(f"gone     {token} (no longer in the list's history)")
    for token in sorted(after.keys() & before.keys()):
        for name in (*FIELDS[1:-1], "unlisted"):
            was, now = before[token].get(name), after[token].get(name)
            if was != now:
                print(f"changed  {token}: {name} was {was!r}, is {now!r}")
    waiting = [row["token"] for row in rows if not row["function"]]
    print(
        f"{len(rows)} tokens, {sum(row['until'] is None for row in rows)} of them listed on {rows[0]['checked']}"
    )
    if waiting:
        print(f"to be written by hand (operator, purposes, function): {', '.join(waiting)}")


def main() -> int:
    """Refresh the file; with --dry-run only say what would change."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="GIT_DIR")
    parser.add_argument("--dry-run", action="store_true")
    given = parser.parse_args()
    lines = TARGET.read_text(encoding="utf-8").splitlines() if TARGET.exists() else []
    before = {row["token"]: row for row in map(json.loads, lines)}
    rows = refreshed(given.folder, before)
    tell(before, rows)
    if not given.dry_run:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
