"""The site's part of docs/reference/benchmarks.md: signing, pages, faults, the roll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Read = Callable[[str], dict[str, Any]]

NOT_YET = "Not measured yet."
DATABASES = ("SQLite", "PostgreSQL")
PEER = {"SQLite": "sqlite3", "PostgreSQL": "postgresql"}


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A Markdown table; the first column is words, the others numbers."""
    lines = [f"| {' | '.join(head)} |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def measured(read: Read, name: str) -> dict[str, Any]:
    """A file of results, or nothing where it was not made yet."""
    try:
        return read(name)
    except FileNotFoundError:
        return {}


def by_database(results: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What was measured on each database."""
    return [(name, results["databases"][name]) for name in DATABASES if name in results.get("databases", {})]


def _signing_row(name: str, step: dict[str, Any]) -> list[str]:
    cpu = step["cpu_ms"]
    return [
        name,
        f"{step['rate_per_s']:g} for {step['seconds']:g} s",
        f"{step['confirmed_per_s']:.0f}",
        f"{step['p50_ms']:.0f}",
        f"{step['p99_ms']:.0f}",
        f"{cpu['web']:.2f}",
        f"{cpu['database']:.2f}" if name.startswith("Postgre") else "–",
        f"{cpu['worker']:.2f}",
        f"{cpu['all']:.2f}",
        " – ".join(f"{loop:.0f}" for loop in step.get("fixed_loop_ms", [])) or "–",
    ]


def signing(read: Read) -> str:
    """Rate, latency and CPU of the confirmed path at each rate."""
    parts = by_database(measured(read, "signing"))
    rows = [_signing_row(name, step) for name, part in parts for step in (*part["steps"], part["sustained"])]
    head = ["database", "asked a second", "confirmed a second", "p50 ms", "p99 ms", "CPU ms: server", "database",
            "worker", "all", "fixed loop ms"]  # fmt: skip
    return table(head, rows) if rows else NOT_YET


def kept(read: Read) -> str:
    """What became of the acknowledged signatures of those runs, and the statements of one."""
    rows = [
        [
            part["database"],
            f"{part['verdict']['acknowledged']:,}",
            *(str(part["verdict"][key]) for key in ("lost", "duplicates", "numbers_missing")),
            str(part["statements"]["sign"]),
            str(part["statements"]["confirm"]),
        ]
        for _, part in by_database(measured(read, "signing"))
    ]
    head = ["database", "acknowledged", "lost", "twice", "gaps in the numbers", "statements of a form",
            "of a confirmation"]  # fmt: skip
    return table(head, rows) if rows else NOT_YET


def answering(part: dict[str, Any]) -> float:
    """CPU ms that the answers of one signature cost, in server and database, in the long run."""
    cpu = part["sustained"]["cpu_ms"]
    return float(cpu["web"] + cpu["database"])


def beside_pytition(read: Read) -> str:
    """CPU of a confirmed signature, beside Pytition."""
    rows = []
    for name, part in by_database(measured(read, "signing")):
        rows.append(["Countermark", name, f"{answering(part):.2f}"])
        peer = measured(read, f"peer-pytition-{PEER[name]}")
        if peer:
            rows.append([peer["tool"], name, f"{peer['cpu_ms_per_signature']:.0f}"])
    return table(["site", "database", "CPU ms"], rows) if rows else NOT_YET


def pages(read: Read) -> str:
    """Requests a second of the public pages."""
    rows = [
        [
            page["page"],
            name,
            f"{page['bytes']:,}",
            f"{page['requests_per_s']:,}",
            f"{page['p99_ms']:.1f}",
            f"{page['cpu_us']}",
            f"{page['requests_per_core_s']:,}",
            str(page["sql_to_make"]),
            str(page["sql_of_100_warm"]),
        ]
        for name, part in by_database(measured(read, "pages"))
        for page in part["pages"]
    ]
    head = ["page", "database", "bytes", "requests a second", "p99 ms", "CPU µs", "a core answers", "SQL to make it",
            "SQL of 100 warm"]  # fmt: skip
    return table(head, rows) if rows else NOT_YET


def faults(read: Read) -> str:
    """What each fault did to what was acknowledged, on each database; a line for each scenario."""
    found = {
        name: own(measured(read, file))
        for name, file in zip(DATABASES, ("faults", "faults-postgres"), strict=True)
    }
    return lines_of({f"{fault}, {name}": row for name, rows in found.items() for fault, row in rows.items()})


def roll(read: Read) -> str:
    """What was measured of the tree and of the site's roll."""
    return "\n\n".join(plain(part) for part in own(measured(read, "roll")).values()) or NOT_YET


def lines_of(rows: dict[str, Any]) -> str:
    """A table with a line for each of several results that have the same keys."""
    if not rows:
        return NOT_YET
    keys = list(dict.fromkeys(key for row in rows.values() for key in row))
    head = ["", *(key.replace("_", " ") for key in keys)]
    return table(head, ([name, *(_cell(row.get(key)) for key in keys)] for name, row in rows.items()))


def plain(figures: dict[str, Any]) -> str:
    """A table with a line for each figure."""
    return table(["", "measured"], ([key.replace("_", " "), _cell(value)] for key, value in figures.items()))


def own(results: dict[str, Any]) -> dict[str, Any]:
    """The parts of a file of results that are tables of their own, without what `results.save` adds."""
    return {
        key: value
        for key, value in results.items()
        if isinstance(value, dict) and key not in {"machine", "versions"}
    }


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {count:,}" for name, count in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"
    return "–" if value is None else str(value)


def _met(met: bool, figure: str) -> str:
    return f"{'met' if met else 'missed'} ({figure})"


def verdicts(read: Read) -> dict[str, str]:
    """Whether the site's targets were met in these runs."""
    found = dict.fromkeys(("site_rate", "site_cpu", "site_pages", "site_kept"), NOT_YET)
    parts = dict(by_database(measured(read, "signing")))
    if "SQLite" in parts:
        run = parts["SQLite"]["sustained"]
        met = run["confirmed_per_s"] >= 0.97 * run["rate_per_s"] >= 0.97 * 250 and run["p99_ms"] <= 250
        found["site_rate"] = _met(met, f"{run['confirmed_per_s']:.0f} a second, p99 {run['p99_ms']:.0f} ms")
    limits = {"SQLite": 2.5, "PostgreSQL": 4.0}
    if parts:
        found["site_cpu"] = ", ".join(
            f"{name} {_met(answering(part) <= limits[name], f'{answering(part):.2f}')}"
            for name, part in parts.items()
        )
        lost = sum(part["verdict"][key] for part in parts.values() for key in ("lost", "duplicates"))
        found["site_kept"] = _met(lost == 0, str(lost))
    rows = [page for _, part in by_database(measured(read, "pages")) for page in part["pages"]]
    if rows:
        slowest = min(rows, key=lambda page: int(page["requests_per_core_s"]))
        met = slowest["requests_per_core_s"] >= 1500 and not any(page["sql_of_100_warm"] for page in rows)
        found["site_pages"] = _met(met, f"at least {slowest['requests_per_core_s']:,}: {slowest['page']}")
    return found


def parts(read: Read) -> dict[str, str]:
    """What the page's template names."""
    where = measured(read, "signing")
    return {
        "signing": signing(read),
        "kept": kept(read),
        "beside_pytition": beside_pytition(read),
        "pages": pages(read),
        "faults": faults(read),
        "roll": roll(read),
        "site_date": where.get("date", "–"),
        "site_load": str(where.get("machine", {}).get("load_at_end", "–")),
        **verdicts(read),
    }
