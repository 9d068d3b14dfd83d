"""The part of docs/reference/benchmarks.md on reservations: tools side by side, and what reading a crawl costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countermark.reservations.protocols import PROTOCOLS
from report_site import NOT_YET, measured, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from report_site import Read

FEATURES = Path(__file__).parent / "peers_reserve/features.json"
ROBOTS = "robots.txt"
FIELDS = "RFC 9651"
OWN = "Countermark"
MOST = 8
NAMES = ("countermark", "datadiligence")
LONGEST = 150
LABELS = {"noai, noimageai": "noai", "CAWG training and data mining": "CAWG",
          "IPTC/PLUS Data Mining": "IPTC/PLUS", "ONIX usage constraints": "ONIX"}  # fmt: skip


def words_table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A Markdown table of words."""
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def scores(found: dict[str, Any]) -> str:
    """Right and asked, by tool and protocol."""
    protocols = list(found["vectors"])
    short = {"TDMRep, header and meta": "TDMRep ²", "noai, more headers": "noai ²", "C2PA pictures": "C2PA"}
    rows = [
        [
            _named(name, tool),
            *("/".join(map(str, tool["right_of_asked"].get(protocol, "–"))) for protocol in protocols),
        ]
        for name, tool in found["tools"].items()
    ]
    return table(["", *(short.get(protocol, protocol) for protocol in protocols)], rows)


def _named(name: str, tool: dict[str, Any]) -> str:
    version = tool["version"]
    return name if name == OWN else f"{name} {f'({version})' if ' ' in version else version}"


def wrong(found: dict[str, Any]) -> str:
    """What each tool gets wrong, alike answers together, each with a call that gives one again."""
    return "\n\n".join(
        _wrong(name, tool) for name, tool in found["tools"].items() if tool["wrong"] or tool["shown"]
    )


def _wrong(name: str, tool: dict[str, Any]) -> str:
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for one in tool["wrong"]:
        protocol = one["case"].rpartition("/")[0]
        kind = (one["note"], "") if protocol == ROBOTS else (_said(one["right"]), _said(one["got"]))
        groups.setdefault((protocol, *kind), []).append(one)
    ordered = sorted(groups.items(), key=lambda group: (group[0][0] == ROBOTS and -len(group[1]), group[0]))
    lines = [_line(*group) for group in ordered[:MOST]]
    if ordered[MOST:]:
        lines.append(f"- and {sum(len(alike) for _, alike in ordered[MOST:])} more.")
    lines += [
        f"- Shown beside the vectors: {_code(call)} gives {_code(got)}."
        for call, got in tool["shown"].items()
    ]
    own = sum(one["note"].startswith("GoogleOnly") for one in tool["wrong"] if "note" in one)
    title = f"**{_named(name, tool)}**: {len(tool['wrong'])} wrong"
    return (
        f"{title}{f', {own} of them in tests that Google marks as its own' if own else ''}\n\n"
        + "\n".join(lines)
    )


def _line(kind: tuple[str, str, str], alike: list[dict[str, Any]]) -> str:
    shown = min(alike, key=lambda one: len(one["call"]) > LONGEST)  # the first that is shown whole
    times = f" ({len(alike)})" if len(alike) > 1 else ""
    what = f"{kind[0]}, {kind[1]}" if kind[0] == ROBOTS else kind[0]
    return f"- {what}{times}: {_code(shown['call'])} – {_said(shown['got'])}; right: {_said(shown['right'])}"


def _said(parts: dict[str, str]) -> str:
    return ", ".join(f"{part} {value}" for part, value in parts.items())


def _code(text: str) -> str:
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return f"`{cut.replace('|', '¦').replace('`', '´')}`"


def features(found: dict[str, Any]) -> str:
    """Protocol × tool: read, written, checked, as of a capture."""
    listed = json.loads(FEATURES.read_text(encoding="utf-8"))
    tools = [name for name in found["tools"] if name != OWN]
    rows = []
    for facts in PROTOCOLS.values():
        label = LABELS.get(facts.label, facts.label)
        ours = zip("rwvc", (facts.reads, facts.writes, facts.validator, facts.at_capture), strict=True)
        own = " ".join(letter for letter, there in ours if there)
        rows.append([label, own, *(listed["tools"][name].get(label, "–") for name in tools)])
    legend = "; ".join(f"`{letter}` {meaning}" for letter, meaning in listed["letters"].items())
    parts = "\n".join(f"- {name}: {text}" for name, text in listed["parts"].items())
    told = f"{legend}; in parentheses: a part of it; `*` read in its code, not run.\n\n{parts}\n\n{listed['not_run']}"
    return f"{words_table(['', OWN, *tools], rows)}\n\n{told}"


def at_capture(found: dict[str, Any]) -> str:
    """A crawl archive: plain iteration, and the ways of judging."""
    rows = [
        [way, f"{row['cpu_s']:.2f}", f"{row['records_per_cpu_s']:,}", f"{row['times_plain']:.2f}"]
        for way, row in found["ways"].items()
    ]
    said = f"{found['records']:,} records, {found['megabytes']:g} MB, `{found['command'].split(' ')[0]}`."
    text = f"{said}\n\n{table(['', 'CPU s', 'records a CPU second', 'times plain'], rows)}"
    rows = [
        [
            f"`{planted.replace(chr(13) + chr(10), '`, `')}`" if planted != "none" else "none",
            row["says"],
            *(
                ", ".join(f"{answer} {n:,}" for answer, n in row.get(name, {}).items()) or "–"
                for name in NAMES
            ),
        ]
        for planted, row in found["answers"]["header fields"].items()
    ]
    answered = table(["header field planted", "says of training", *NAMES], rows)
    sites = found["sites with Content-Signal"]
    return (
        f"{text}\n\nContent-Signal stands in the robots.txt of {sites:.0%} of the sites. The answers of pages without "
        "metas, by what was planted in the header, where no robots.txt is given (so nothing is *allowed*):"
        f"\n\n{answered}"
    )


def robots(found: dict[str, Any]) -> str:
    """robots.txt: parsing and asking."""
    rows = []
    for shape, row in found.items():
        if not isinstance(row, dict) or "bytes" not in row:
            continue
        for name, one in row.items():
            if name == "bytes":
                continue
            parse = "–" if one["parse_ms"] is None else f"{one['parse_ms']:g}"
            differ = f"{one['differ']} of {one['compared']}"
            rows.append(
                [f"{shape} ({row['bytes']:,} bytes), {name}", parse, f"{one['question_us']:g}", differ]
            )
    head = ["file, parser", "parse ms", "µs a question", "answers unlike gpyrobotstxt's"]
    seconds = found["hostile_100mb_seconds"]
    worst = f"{max(seconds.values()):g} s of CPU" if seconds else "–"
    read = "Of a robots.txt at most 8 MiB are read; that there is more is told."
    return f"{table(head, rows)}\n\n{read} The worst file of 100 MB that was tried takes {worst}."


def filtering(found: dict[str, Any]) -> str:
    """`reserve filter` on each kind of file."""
    rows = [
        [name, f"{row['per_second']:,}", f"{row['removed']:,}" if "removed" in row else "–"]
        for name, row in found.items()
        if isinstance(row, dict) and "per_second" in row
    ]
    return f"{found['records']:,} records.\n\n{table(['file', 'records a CPU second', 'removed'], rows)}"


def verdicts(protocols: dict[str, Any], capture: dict[str, Any]) -> dict[str, str]:
    """Whether the targets were met in these runs."""

    def said(met: bool, value: str) -> str:
        return f"{'met' if met else 'missed'} ({value})"

    told = {}
    if protocols:
        ours = protocols["tools"][OWN]
        right = sum(one for one, _ in ours["right_of_asked"].values())
        every = sum(protocols["vectors"].values())
        told["reserve_conformance"] = said(right == every, f"{right:,} of {every:,}")
    if capture:
        times = {way: row["times_plain"] for way, row in capture["ways"].items()}
        wanted = {"header fields and page": "at-capture", "and robots.txt": "with robots"}
        told["reserve_times"] = ", ".join(
            f"{what} {said(times[way] <= 2, f'{times[way]:.2f}')}"
            for what, way in wanted.items()
            if way in times
        )
    return told


def parts(read: Read) -> dict[str, str]:
    """What page.md asks for."""
    protocols = measured(read, "protocols")
    others = {"reserve_at_capture": ("at-capture", at_capture), "reserve_robots": ("robots", robots),
              "reserve_filter": ("filter", filtering)}  # fmt: skip
    told = {name: show(measured(read, file)) if measured(read, file) else NOT_YET
            for name, (file, show) in others.items()}  # fmt: skip
    return {
        "reserve_scores": scores(protocols) if protocols else NOT_YET,
        "reserve_wrong": wrong(protocols) if protocols else NOT_YET,
        "reserve_features": features(protocols) if protocols else NOT_YET,
        "reserve_date": protocols.get("date", "–"),
        "reserve_google": str(protocols.get("google_only", "–")),
        **told,
        **dict.fromkeys(("reserve_conformance", "reserve_times"), NOT_YET),
        **verdicts(protocols, measured(read, "at-capture")),
    }
