"""Public pages when they are warm: requests a second on one core, CPU of a request, and SQL.

A site with a few hundred signatures on its roll is served by `countermark serve` on core 0; wrk (Debian's package) asks
for one page at a time over eight connections from core 1, and without wrk a loop of ours, which is slower than the
server: then only the CPU says something. `requests_per_core_s` is requests by CPU seconds of the server process and of
PostgreSQL: what a core that does nothing else answers. Pages are made anew every few seconds; that is in the figures.
SQL is counted in process: for a page that is not in memory, and for a hundred requests once it is.

    python benchmarks/bench_pages.py                                             SQLite
    python scripts/with_postgres.py -- python benchmarks/bench_pages.py          PostgreSQL

writes results/pages.json. Less than two minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

from bench_signing import Tokens
from load.connection import Connection
from load.forms import Signatories
from load.inprocess import Application, statements
from load.site import FIRST, Parts, database_name, prepare, serve
from results import ROOT, save

if TYPE_CHECKING:
    from load.server import Server
    from load.site import Place

CONNECTIONS = 8
FOLDER = ROOT / "work" / "pages-site"
PACKAGES = ("django", "granian", "psycopg")
# what is measured, by the name of its address
PAGES = {
    "home": "home",
    "statement": "statement",
    "roll": "roll",
    "figures": "figures",
    "form to sign": "sign",
    "counter (SVG)": "embed_counter",
    "count (API)": "/api/v1/count",
}


def paths() -> dict[str, str]:
    """The address of each page in French."""
    from django.urls import reverse  # noqa: PLC0415  after the environment
    from django.utils import translation  # noqa: PLC0415

    with translation.override("fr"):
        return {title: name if name.startswith("/") else reverse(name) for title, name in PAGES.items()}


def populate(application: Application, signatures: int) -> None:
    """Signatures, sent and confirmed in process, and one round of the worker."""
    from countermark.web.upkeep.worker import Worker  # noqa: PLC0415

    people, tokens = Signatories(application("GET", "/en/sign/")[2].decode()), Tokens()
    for number in range(signatures):
        application("POST", "/en/sign/", people.headers(number), people.form(number))
    tokens.look()
    for number in range(signatures):
        status = application("POST", tokens.paths[people.email(number)], people.headers(number))[0]
        if status != 303:
            raise SystemExit(f"confirming answers {status}")
    Worker().once()


def count_statements(application: Application, path: str) -> dict[str, int]:
    """SQL statements of the first request, and of a hundred more."""
    headers = {"Accept-Language": "fr"}
    cold, _ = statements(lambda: application("GET", path, headers))
    application("GET", path, headers)
    warm, _ = statements(lambda: [application("GET", path, headers) for _ in range(100)])
    return {"sql_to_make": len(cold), "sql_of_100_warm": len(warm)}


def with_wrk(server: Server, path: str, seconds: int) -> dict[str, Any]:
    """Requests, errors and latency, by wrk."""
    url = f"{server.target.origin}{path}"
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}s",
        "--latency",
        "-H",
        "Accept-Language: fr",
        url,
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    found = re.search(r"(\d+) requests in ([\d.]+)s", said)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if not found or not slow:
        raise SystemExit(f"wrk said what was not expected:\n{said}")
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}[slow.group(2)]
    return {
        "requests": int(found.group(1)),
        "requests_per_s": round(int(found.group(1)) / float(found.group(2))),
        "p99_ms": round(float(slow.group(1)) * scale, 2),
        "errors": int(errors.group(1)) if errors else 0,
    }


def with_a_loop(server: Server, path: str, seconds: int) -> dict[str, Any]:
    """The same by a loop of ours."""
    taken: list[float] = []
    errors = 0

    async def ask(until: float) -> None:
        nonlocal errors
        connection = Connection(server.target)
        while time.perf_counter() < until:
            begin = time.perf_counter()
            answer = await connection.request("GET", path, {"Accept-Language": "fr"})
            taken.append(time.perf_counter() - begin)
            errors += answer.status >= 400
        connection.close()

    async def ask_all() -> None:
        until = time.perf_counter() + seconds
        await asyncio.gather(*(ask(until) for _ in range(CONNECTIONS)))

    asyncio.run(ask_all())
    taken.sort()
    return {
        "requests": len(taken),
        "requests_per_s": round(len(taken) / seconds),
        "p99_ms": round(taken[int(len(taken) * 0.99)] * 1000, 2),
        "errors": errors,
    }


def measure(place: Place, seconds: int, signatures: int) -> list[dict[str, Any]]:
    """Every page."""
    application = Application("127.0.0.1", place.port)
    populate(application, signatures)
    found = []
    ask = with_wrk if shutil.which("wrk") else with_a_loop
    with serve(place, cores=FIRST) as server:
        for title, path in paths().items():
            counted = count_statements(application, path)
            body = len(application("GET", path, {"Accept-Language": "fr"})[2])
            parts = Parts(server)
            ask(server, path, 1)
            parts.spent()
            asked = ask(server, path, seconds)
            spent = parts.spent()
            cpu = spent["web"] + spent["database"]
            row = {"page": title, "path": path, "bytes": body, **asked, **counted}
            row["cpu_us"] = round(cpu / asked["requests"] * 1e6)
            row["requests_per_core_s"] = round(asked["requests"] / cpu)
            found.append(row)
            print(json.dumps(row, ensure_ascii=False))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=5, help="for each page")
    parser.add_argument("--signatures", type=int, default=500)
    parser.add_argument("--no-save", action="store_true")
    options = parser.parse_args()
    place = prepare(FOLDER)
    rows = measure(place, min(options.seconds, 60), min(options.signatures, 20_000))
    name = database_name()
    client = "wrk" if shutil.which("wrk") else "own loop"
    if not options.no_save:
        path = ROOT / "results" / "pages.json"
        kept = json.loads(path.read_text(encoding="utf-8")).get("databases", {}) if path.exists() else {}
        part = {"database": name, "client": client, "signatures": options.signatures, "pages": rows}
        save("pages", {"databases": {**kept, name.split()[0]: part}}, PACKAGES)


if __name__ == "__main__":
    main()
