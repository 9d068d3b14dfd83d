"""How many signatures a second the site takes, and what one costs: the confirmed path, in an open loop.

One signature is a POST of the form (303), then, as soon as its token is known and one second later at the earliest, a
POST of the confirmation (303). The token is made here from the pending signature's uid, which a thread of this process
reads from the database: that is what the mail carries. `countermark serve` runs as it always does, with one server
process and the worker, which enters signatures on the roll and sends the mails into memory; it is kept to core 0, and
this process to core 1. Latencies count from the instant at which a request was due (Poisson arrivals).

CPU is that of all processes of the site, and of PostgreSQL's (not of the backend that serves this process), from /proc.
After each step the worker is waited for; at the end every acknowledged signature is looked up: in the database, once,
and with a number on the roll that leaves no gap.

    python benchmarks/bench_signing.py                                             SQLite
    python scripts/with_postgres.py -- python benchmarks/bench_signing.py          PostgreSQL
    python benchmarks/bench_signing.py --profile                                   no load: where the time goes

writes results/signing.json, which keeps one part for each database. About three minutes each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from load.arrivals import arrivals
from load.forms import Signatories
from load.inprocess import Application, profile, statements
from load.openloop import run
from load.site import Parts, database_name, prepare, serve
from results import ROOT, save

if TYPE_CHECKING:
    from load.connection import Connection
    from load.openloop import Outcome
    from load.site import Place

RATES = (100, 150, 200, 250, 300, 400)
LATER_S = 1.0
DRAIN_S = 20.0
FOLDER = ROOT / "work" / "signing-site"
PACKAGES = ("django", "granian", "psycopg")


class Tokens(threading.Thread):
    """Reads new pending signatures from the database; `paths` is {mail address: where to confirm}."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.paths: dict[str, str] = {}
        self._last = 0
        self._stop_now = threading.Event()

    def run(self) -> None:
        """Look five times a second until `stop`."""
        from django.db import connection  # noqa: PLC0415  after the environment

        while not self._stop_now.wait(0.2):
            self.look()
        connection.close()

    def look(self) -> None:
        """Take what is new."""
        from countermark.web.config.tokens import make_token  # noqa: PLC0415
        from countermark.web.signing.models import PendingSignature  # noqa: PLC0415

        # rows that commit out of order are seen the next time: look back a little
        rows = PendingSignature.objects.filter(id__gt=self._last - 200).values_list("id", "email", "uid")
        for number, email, uid in rows:
            self._last = max(self._last, number)
            if email not in self.paths:
                self.paths[email] = f"/en/confirm/{make_token('confirm', bytes(uid))}/"

    def stop(self) -> None:
        """End the thread."""
        self._stop_now.set()
        self.join()


class Signing:
    """Load on a running site, with what was acknowledged so far."""

    def __init__(self, place: Place, signatories: Signatories, tokens: Tokens, parts: Parts) -> None:
        self.place, self.people, self.tokens, self.parts = place, signatories, tokens, parts
        self.sent = 0
        self.worker = True
        self.acknowledged: set[str] = set()
        self.target: Any = None

    def load(self, rate: float, seconds: float) -> Outcome:
        """`rate` signatures a second for `seconds`, each confirmed LATER_S after it was sent."""
        first = self.sent
        instants = arrivals(rate, seconds, seed=first + 1)
        self.sent += len(instants)
        plan = [(instant, "sign", first + number) for number, instant in enumerate(instants)]
        plan += [(instant + LATER_S, "confirm", number) for instant, _, number in plan]
        plan.sort()

        async def work(index: int, connection: Connection) -> str:
            _, kind, number = plan[index]
            done = await (self._sign if kind == "sign" else self._confirm)(number, connection)
            return f"{kind} {done}"

        return asyncio.run(run(self.target, [instant for instant, _, _ in plan], work))

    async def _sign(self, number: int, connection: Connection) -> str:
        headers, body = self.people.headers(number), self.people.form(number)
        return str((await connection.request("POST", "/en/sign/", headers, body)).status)

    async def _confirm(self, number: int, connection: Connection) -> str:
        email = self.people.email(number)
        path = self.tokens.paths.get(email)
        if path is None:
            return "without token"
        answer = await connection.request("POST", path, self.people.headers(number))
        if answer.status == 303:
            self.acknowledged.add(email)
        return str(answer.status)

    def drain(self) -> float:
        """Wait until the worker has entered everybody, DRAIN_S at most; the seconds that it took."""
        from countermark.web.signing.models import Signature  # noqa: PLC0415

        begin = time.monotonic()
        while self.worker and time.monotonic() - begin < DRAIN_S:
            if not Signature.objects.filter(roll_number=None, state="confirmed").exists():
                break
            time.sleep(0.1)
        return time.monotonic() - begin


def fixed_loop_ms() -> float:
    """CPU of a loop that is always the same: how fast the machine, which others share, is just now."""
    begin, total = time.process_time(), 0
    for number in range(3_000_000):
        total += number
    return round((time.process_time() - begin) * 1000, 1)


def step(signing: Signing, rate: float, seconds: float) -> dict[str, Any]:
    """One rate: what was asked, what came of it, and what it cost."""
    before = len(signing.acknowledged)
    speed = fixed_loop_ms()
    signing.parts.spent()
    outcome = signing.load(rate, seconds)
    drained = signing.drain()
    spent = signing.parts.spent()
    confirmed = len(signing.acknowledged) - before
    each = {name: round(value / max(1, confirmed) * 1000, 2) for name, value in spent.items()}
    found = {
        "rate_per_s": rate,
        "seconds": seconds,
        "confirmed": confirmed,
        "confirmed_per_s": round(confirmed / (outcome.seconds - LATER_S), 1),
        "p50_ms": round(outcome.percentile(0.5), 1),
        "p99_ms": round(outcome.percentile(0.99), 1),
        "sign_p99_ms": round(outcome.percentile(0.99, "sign 303"), 1),
        "confirm_p99_ms": round(outcome.percentile(0.99, "confirm 303"), 1),
        "answers": dict(outcome.answers),
        "generator_late_ms": round(outcome.late_s * 1000, 1),
        "entered_after_s": round(drained, 1),
        "fixed_loop_ms": [speed, fixed_loop_ms()],
        "cpu_ms": {**each, "all": round(sum(spent.values()) / max(1, confirmed) * 1000, 2)},
    }
    print(json.dumps(found))
    return found


def fell_behind(found: dict[str, Any]) -> bool:
    """Whether a rate was too much: somebody waited two seconds, or got another answer."""
    return found["p99_ms"] > 2000 or set(found["answers"]) != {"sign 303", "confirm 303"}


def verdict(acknowledged: set[str]) -> dict[str, int]:
    """What the database says of what was acknowledged."""
    from countermark.web.mail.models import Message  # noqa: PLC0415
    from countermark.web.signing.models import Signature  # noqa: PLC0415

    rows = list(Signature.objects.values_list("email", "roll_number"))
    counts = Counter(email for email, _ in rows)
    numbers = sorted(number for _, number in rows if number is not None)
    return {
        "acknowledged": len(acknowledged),
        "lost": len(acknowledged - counts.keys()),
        "duplicates": sum(count - 1 for count in counts.values()),
        "numbers_missing": len(set(range(1, len(numbers) + 1)) ^ set(numbers)),
        "without_number": sum(number is None for _, number in rows),
        "mails": Message.objects.filter(kind="confirm").count(),
    }


def count_statements(place: Place, people: Signatories, first: int) -> dict[str, Any]:
    """The SQL statements of each request of one signature, in process, once the caches are warm."""
    application = Application("127.0.0.1", place.port)
    tokens = Tokens()
    found: dict[str, Any] = {}
    for number in range(first, first + 3):
        headers, body = people.headers(number), people.form(number)
        signed = statements(lambda: application("POST", "/en/sign/", headers, body))  # noqa: B023
        tokens.look()
        path = tokens.paths[people.email(number)]
        confirmed = statements(lambda: application("POST", path, headers))  # noqa: B023
        found = {"sign": len(signed[0]), "confirm": len(confirmed[0]), "boundaries": signed[1] + confirmed[1]}
        found["sql"] = [sql.split("(")[0][:60].strip() for sql in signed[0] + confirmed[0]]
    return found


def profile_in_process(place: Place, people: Signatories, signatures: int = 400) -> None:
    """Say what sign and confirm cost in process, and write where the time goes to work/profile-*.txt."""
    application, tokens = Application("127.0.0.1", place.port), Tokens()
    sent = [(people.headers(number), people.form(number)) for number in range(2 * signatures + 20)]

    def sign(numbers: range) -> None:
        for number in numbers:
            status = application("POST", "/en/sign/", *sent[number])[0]
            if status != 303:
                raise SystemExit(f"signing answers {status}")

    def confirm(numbers: range) -> None:
        for number in numbers:
            application("POST", tokens.paths[people.email(number)], sent[number][0])

    warm, timed = range(20), range(20, signatures + 20)
    profiled = range(timed.stop, timed.stop + signatures)
    for name, work in (("sign", sign), ("confirm", confirm)):
        work(warm)
        begin = time.process_time()
        work(timed)
        print(
            f"{name}: {(time.process_time() - begin) / signatures * 1000:.2f} ms of CPU, without the server"
        )
        profile(lambda: work(profiled), ROOT / "work" / f"profile-{name}.txt")  # noqa: B023
        tokens.look()


def measure(place: Place, options: argparse.Namespace) -> dict[str, Any]:
    """All steps, the long run, and the check."""
    application = Application("127.0.0.1", place.port)
    people = Signatories(application("GET", "/en/sign/")[2].decode())
    steps: list[dict[str, Any]] = []
    with serve(place, *(["--no-worker"] if options.no_worker else [])) as server:
        tokens = Tokens()
        tokens.start()
        signing = Signing(place, people, tokens, Parts(server))
        signing.target, signing.worker = server.target, not options.no_worker
        signing.load(30, 3)
        for rate in options.rates:
            steps.append(step(signing, rate, options.seconds))
            if fell_behind(steps[-1]):
                break
        sustained = step(signing, options.sustained, options.sustained_seconds)
        tokens.stop()
        found = verdict(signing.acknowledged)
    return {
        "server": "countermark serve: one server process and the worker on two cores, the load from one of them",
        "steps": steps,
        "sustained": sustained,
        "verdict": found,
        "statements": count_statements(place, people, signing.sent + 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rates", type=float, nargs="+", default=list(RATES), help="signatures a second")
    parser.add_argument("--seconds", type=float, default=10, help="of each rate")
    parser.add_argument("--sustained", type=float, default=250, help="signatures a second of the long run")
    parser.add_argument("--sustained-seconds", type=float, default=60)
    parser.add_argument(
        "--no-worker", action="store_true", help="only what answers; nothing is entered or mailed"
    )
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--no-save", action="store_true")
    options = parser.parse_args()
    place = prepare(FOLDER)
    name = database_name()
    if options.profile:
        page = Application("127.0.0.1", place.port)("GET", "/en/sign/")[2].decode()
        profile_in_process(place, Signatories(page))
        return
    found = measure(place, options)
    print(json.dumps({name: found["verdict"], "statements": found["statements"]}, indent=1))
    if not options.no_save and not options.no_worker:
        path = ROOT / "results" / "signing.json"
        kept = json.loads(path.read_text(encoding="utf-8")).get("databases", {}) if path.exists() else {}
        save("signing", {"databases": {**kept, name.split()[0]: {"database": name, **found}}}, PACKAGES)


if __name__ == "__main__":
    main()
