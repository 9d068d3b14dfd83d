"""What `countermark link` says of a listing of pictures: works, sites, hosts, stored hashes, and what that is worth."""

from __future__ import annotations

from typing import Any

from countermark.cli.progress import counted

SHOWN = 10


def picture_statement(summary: dict[str, Any]) -> list[str]:
    """What it means, in few lines; what it does not show stands beside it."""
    pictures, name = summary["pictures"], summary["corpus"]["name"]
    if not summary["searched"]["rows"]:
        return ["No row was read, so nothing was searched. This says nothing about the works."]
    said = [*_works(summary, name), *_sites(pictures, name)]
    if pictures["stored_hashes"]:
        held = ", ".join(
            f"{counted(rows, 'row')} with {kind}" for kind, rows in pictures["stored_hashes"].items()
        )
        said.append(f"Stored hashes compared: {held}.")
    if summary["hosts"]:
        hosts = list(summary["hosts"].items())
        shown = ", ".join(f"{host} {rows:,}" for host, rows in hosts[:SHOWN])
        rest = f", and {counted(len(hosts) - SHOWN, 'more host')}" if len(hosts) > SHOWN else ""
        said.append(f"Rows by host: {shown}{rest}.")
    controls = summary["controls"]
    if controls["works"]:
        said.append(
            f"False alarms: {controls['false_alarms']:,} of {counted(controls['works'], 'control')}, which cannot be "
            f"listed (at most {100 * controls['upper']:.2g} % with {100 * controls['confidence']:.0f} % confidence)."
        )
    for caveat in pictures["caveats"]:
        sources = f" ({', '.join(caveat['sources'])})" if caveat["sources"] else ""
        said.append(caveat["en"] + sources)
    return said


def _works(summary: dict[str, Any], name: str) -> list[str]:
    works, status = summary["works"]["total"], summary["works"]["by_status"]
    if not works:
        return []
    total = counted(works, "work")
    if not status["identifier"] and not status["name"]:
        return [f"None of {total} was found in {name}. This says nothing about copies at other addresses."]
    verb = "is" if status["identifier"] == 1 else "are"
    said = f"{status['identifier']:,} of {total} {verb} listed in {name}, found by address or digest"
    if status["name"]:
        said += f"; {status['name']:,} only by a perceptual hash, which is no proof"
    methods = ", ".join(
        f"{method} {rows:,}" for method, rows in summary["pictures"]["by_method"].items() if method != "host"
    )
    return [f"{said}.", f"Findings by what agreed: {methods}."]


def _sites(pictures: dict[str, Any], name: str) -> list[str]:
    said = []
    for site in pictures["sites"]:
        verb = "points" if site["rows"] == 1 else "point"
        more = ""
        if site["rows"] > site["listed"]:
            more = f" ({site['listed']:,} of them are findings of their own; links.parquet has them)"
        said.append(f"{counted(site['rows'], 'row')} of {name} {verb} to {site['site']}{more}.")
    return said
