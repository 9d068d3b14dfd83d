"""The table of domains as JSON, as CSV and as a page to print, the latter two in English and French."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from countermark import __version__
from countermark.atomic import make_folder, write_bytes
from countermark.compliance.summary_words import HEADINGS, summary_languages
from countermark.reservations.target import ANY_AGENT

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.compliance.summary import Summary
    from countermark.compliance.tally import DomainCount
    from countermark.language import Language


def write_summary(summary: Summary, folder: Path) -> tuple[Path, ...]:
    """Write `summary.json`, `domains.LANGUAGE.csv` and `domains.LANGUAGE.md`. Raises OutputError."""
    make_folder(folder)
    files = {"summary.json": json.dumps(summary_facts(summary), ensure_ascii=False, indent=2) + "\n"}
    for code, language in summary_languages().items():
        files[f"domains.{code}.csv"] = _csv(summary, language)
        files[f"domains.{code}.md"] = _page(summary, language)
    for name, text in files.items():
        write_bytes(folder / name, text.encode("utf-8"))
    return tuple(folder / name for name in files)


def summary_facts(summary: Summary) -> dict[str, Any]:
    """Everything that was counted, for a machine."""
    asking = summary.settings.asking
    return {
        "format": "countermark.domains/1",
        "version": __version__,
        "uses": [str(use) for use in asking.uses],
        "agent": asking.agent,
        "domain_is": "registrable domain" if summary.registrable else "host without www.",
        "listed": len(summary.domains),
        "all_domains": summary.all_domains,
        "top": summary.settings.top,
        "top_percent": None if summary.settings.top is not None else summary.settings.top_percent,
        "totals": summary.totals,
        "unreadable_files": [{"file": name, "detail": detail} for name, detail in summary.failed],
        "left_out": [refusal._asdict() for refusal in summary.listing.left_out],
        "domains": [_facts(one, rank, summary) for rank, one in enumerate(summary.domains, 1)],
    }


def _facts(one: DomainCount, rank: int, summary: Summary) -> dict[str, Any]:
    whole = summary.totals["bytes"]
    return {
        "rank": rank,
        "domain": one.domain,
        "records": one.records,
        "bytes": one.bytes,
        "share": round(one.bytes / whole, 9) if whole else 0.0,
        "first": one.first,
        "last": one.last,
        **{str(answer): count for answer, count in one.answers.items()},
        "protocols": list(one.protocols),
    }


def _csv(summary: Summary, language: Language) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow([language.say(name) for name in HEADINGS])
    for rank, one in enumerate(summary.domains, 1):
        facts = _facts(one, rank, summary)
        table.writerow([*(facts[name] for name in HEADINGS[:-1]), " ".join(one.protocols)])
    return out.getvalue()


def _page(summary: Summary, language: Language) -> str:
    asking = summary.settings.asking
    who = "any-agent" if asking.agent == ANY_AGENT else "agent"
    shown = {
        "shown": len(summary.domains),
        "all": summary.all_domains,
        "use": ", ".join(language.say(f"use.{use}") for use in asking.uses),
        "agent": language.say(who, agent=asking.agent),
    }
    lines = [
        f"# {language.say('title')}",
        "",
        language.say("shown", **shown),
        language.say("registrable" if summary.registrable else "host"),
        language.say("counted", **summary.totals),
        "",
        "| " + " | ".join(language.say(name) for name in HEADINGS) + " |",
        "|" + "|".join("---" if name in {"domain", "protocols"} else "---:" for name in HEADINGS) + "|",
    ]
    for rank, one in enumerate(summary.domains, 1):
        facts = _facts(one, rank, summary)
        cells = [_cell(name, facts[name], language) for name in HEADINGS]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", language.say("limits"), ""])


def _cell(name: str, value: Any, language: Language) -> str:
    if name == "share":
        return language.share(value, 2)
    if isinstance(value, int):
        return language.number(value)
    return ", ".join(value) if isinstance(value, list) else str(value)
