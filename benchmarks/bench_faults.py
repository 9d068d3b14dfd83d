"""What is lost when parts of a site are killed, its disk is full or its mail server fails: acknowledged, lost, twice.

Signatories sign and confirm over HTTP at a fixed pace, with links read from mails that a mail server of this program
receives, while a fault is made. Afterwards the site is left in peace until nothing waits. Then, with the database and
the mails in hand: every form that was answered with “sent” is in the database (pending, or a signature); every
confirmation that was answered is a signature; no address has two signatures; numbers are contiguous; no mail came
twice; and the roll verifies with `countermark site check --roll`.

`python benchmarks/bench_faults.py` writes results/faults.json; with `scripts/with_postgres.py --` in front,
results/faults-postgres.json. One scenario: `--only worker`. All is on loopback and bounded to about two minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from breakable import Mails, Site
from load.forms import Signatories
from load.processes import family
from results import save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACE_S = 0.04
PEACE_S = 40.0
ROOM = "24m"


class Crowd:
    """Signs and confirms until told to stop; remembers what was acknowledged."""

    def __init__(self, site: Site, first: int) -> None:
        self.site, self.number = site, first
        self.people = Signatories(site.get("/en/sign/")[1].decode())
        self.signed: set[str] = set()
        self.confirmed: set[str] = set()
        self.answers: Counter[str] = Counter()
        self._seen = len(site.mails.links)  # those before are not of this crowd
        self._again: list[tuple[str, str]] = []

    def run(self, seconds: float) -> None:
        """Go on for so long, at the pace of this module."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            begun = time.monotonic()
            self.sign()
            self.confirm()
            time.sleep(max(0.0, PACE_S - (time.monotonic() - begun)))

    def sign(self) -> None:
        """The next one sends the form."""
        self.number += 1
        status, _ = self.site.get(
            "/en/sign/", self.people.form(self.number), self.people.headers(self.number)
        )
        self.answers[f"sign {status}"] += 1
        if status == 303:
            self.signed.add(self.people.email(self.number))

    def confirm(self) -> bool:
        """Follow the oldest link that was not followed; one that got no answer is followed again, as people do."""
        links = self.site.mails.links
        if self._seen < len(links):
            email, token = links[self._seen]
            self._seen += 1
        elif self._again:
            email, token = self._again.pop(0)
        else:
            return False
        status, _ = self.site.get(f"/en/confirm/{token}/", b"", self.people.headers(0))
        self.answers[f"confirm {status}"] += 1
        if status == 303:
            self.confirmed.add(email)
        else:
            self._again.append((email, token))
        return True


def rest(site: Site, crowd: Crowd) -> bool:
    """Follow all links, and wait until nothing waits any more; False where that took too long."""
    until = time.monotonic() + PEACE_S
    while time.monotonic() < until:
        busy = crowd.confirm()
        if busy:
            continue
        time.sleep(0.3)
        waiting = site.rows(
            "SELECT (SELECT count(*) FROM signing_signature WHERE state = 'confirmed' AND roll_number IS NULL)"
            " + (SELECT count(*) FROM mail_message WHERE state IN ('queued', 'sending') AND attempts = 0)"
        )
        if waiting[0][0] == 0 and not crowd._again and crowd._seen == len(site.mails.links):
            return True
    return False


def judge(site: Site, crowd: Crowd) -> dict[str, Any]:
    """Count what was lost or is there twice."""
    pending = {row[0] for row in site.rows("SELECT email FROM signing_pendingsignature")}
    rows = site.rows("SELECT email, roll_number FROM signing_signature")
    signatures = Counter(row[0] for row in rows)
    numbers = sorted(row[1] for row in rows if row[1] is not None)
    states = dict(site.rows("SELECT state, count(*) FROM mail_message GROUP BY state"))
    checked = site.call("check", "--roll", "--json")
    roll = [line for line in json.loads(checked.stdout or "[]") if line["name"] == "roll"]
    return {
        "acknowledged_forms": len(crowd.signed),
        "acknowledged_confirmations": len(crowd.confirmed),
        "lost_forms": len(crowd.signed - pending - set(signatures)),
        "lost_confirmations": len(crowd.confirmed - set(signatures)),
        "signed_twice": sum(count - 1 for count in signatures.values()),
        "numbers_missing_or_twice": len(set(range(1, len(numbers) + 1)) ^ set(numbers))
        + len(numbers)
        - len(set(numbers)),
        "mails_accepted": site.mails.accepted.total(),
        "mails_twice": sum(count - 1 for count in site.mails.accepted.values()),
        "mails_uncertain": states.get("uncertain", 0),
        "mails_failed": states.get("failed", 0),
        "roll_verifies": bool(roll) and roll[0]["state"] == "sound",
        "answers": dict(sorted(crowd.answers.items())),
    }


@contextmanager
def during(crowd: Crowd, seconds: float) -> Iterator[None]:
    """The crowd goes on in a thread while the block runs."""
    thread = threading.Thread(target=crowd.run, args=(seconds,))
    thread.start()
    try:
        yield
    finally:
        thread.join()


def kill_web(site: Site, crowd: Crowd) -> None:
    """The server is killed twice in mid-load."""
    with during(crowd, 6):
        for _ in range(2):
            time.sleep(1.5)
            site.kill(b"granian")


def kill_worker(site: Site, crowd: Crowd) -> None:
    """The worker is killed three times in mid-load, while it sends mails and appends to the roll."""
    with during(crowd, 6):
        for _ in range(3):
            time.sleep(1.3)
            site.kill(b"worker")


def kill_all(site: Site, crowd: Crowd) -> None:
    """Everything is killed at once, as by a power cut of the machine without its disk, and started again."""
    with during(crowd, 8):
        time.sleep(1.5)
        for pid in family(site.process.pid) if site.process else []:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if site.process:
            site.process.wait()
        site.start()


def mail_away(site: Site, crowd: Crowd) -> None:
    """The mail server is away for three seconds; forms and numbers do not wait for it."""
    with during(crowd, 6):
        time.sleep(1.5)
        site.mails.stop()
        time.sleep(3)
        site.mails.start()


def mail_slow(site: Site, crowd: Crowd) -> None:
    """The mail server takes a second for each mail; confirmed signatures get their numbers all the same."""
    crowd.run(1)
    site.mails.slow_s = 1.0
    crowd.run(4)
    time.sleep(2)
    waiting = site.rows(
        "SELECT count(*) FROM signing_signature WHERE state = 'confirmed' AND roll_number IS NULL"
    )
    crowd.answers["without a number 2 s later"] = waiting[0][0]
    site.mails.slow_s = 0.0


def disk_full(site: Site, crowd: Crowd) -> None:
    """The disk is filled to its last byte in mid-load, and cleared two seconds later."""
    ballast = site.folder / "ballast"
    with during(crowd, 6):
        time.sleep(1.5)
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        time.sleep(2)
        ballast.unlink()


def kill_database(site: Site, crowd: Crowd) -> None:  # noqa: ARG001
    """PostgreSQL is killed, all its processes, and started again."""
    folder = Path(os.environ["COUNTERMARK_POSTGRES"])
    leader = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    words = Path(f"/proc/{leader}/cmdline").read_bytes().split(b"\0")
    owner = (folder / "data").stat()
    with during(crowd, 8):
        time.sleep(1.5)
        for pid in family(leader):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(1)
        for left in (folder / "data" / "postmaster.pid", *folder.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)  # the dead one may still be in the table of processes
        with (folder / "log").open("ab") as log:
            subprocess.Popen(
                [word.decode() for word in words if word],
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=owner.st_uid if os.geteuid() == 0 else None,
                group=owner.st_gid if os.geteuid() == 0 else None,
                extra_groups=[] if os.geteuid() == 0 else None,
            )


SCENARIOS: dict[str, Callable[[Site, Crowd], None]] = {
    "disk full": disk_full,  # first: a write-ahead log that is large already has room for a while
    "web": kill_web,
    "worker": kill_worker,
    "all": kill_all,
    "mail away": mail_away,
    "mail slow": mail_slow,
    "database": kill_database,
}


def possible(name: str) -> bool:
    """Whether a scenario can be made here: a full disk needs a file system of its own, the database PostgreSQL."""
    postgres = bool(os.environ.get("COUNTERMARK_POSTGRES"))
    return {"disk full": os.geteuid() == 0 and not postgres, "database": postgres}.get(name, True)


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of 24 MB on `folder`; False where this user may not make one."""
    folder.mkdir(mode=0o700)
    words = ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=700", "countermark", str(folder)]
    made = subprocess.run(words, capture_output=True, check=False).returncode == 0
    try:
        yield made
    finally:
        if made:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


def measure(names: list[str]) -> dict[str, Any]:
    """Run scenarios, each on one site after the other; what `judge` counts, by scenario."""
    top = Path(tempfile.mkdtemp(prefix="countermark-faults-"))
    mails, found = Mails(), dict[str, Any]()
    mails.start()
    try:
        with small_disk(top / "site") as small:
            site = Site(top / "site", mails)
            site.start()
            try:
                site.call("manage", "shell", "-c", LIMITS)
                for number, name in enumerate(names):
                    if name != "disk full" or small:
                        found[name] = scenario(site, name, 10_000 * number)
            finally:
                site.stop()
        return found
    finally:
        mails.stop()
        shutil.rmtree(top, ignore_errors=True)


# limits are not the subject here: one machine signs for all
LIMITS = "from countermark.web.abuse.models import RateRule; RateRule.objects.update(enabled=False)"


def scenario(site: Site, name: str, first: int) -> dict[str, Any]:
    """One scenario: load with the fault in it, then peace, then the count."""
    crowd = Crowd(site, first)
    SCENARIOS[name](site, crowd)
    peace = rest(site, crowd)
    return judge(site, crowd) | {"at_rest": peace}


def is_sound(outcome: dict[str, Any]) -> bool:
    """Whether nothing acknowledged was lost, nothing is there twice, and the roll verifies."""
    never = ("lost_forms", "lost_confirmations", "signed_twice", "numbers_missing_or_twice", "mails_twice")
    return outcome["roll_verifies"] and outcome["at_rest"] and not any(outcome[name] for name in never)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--only", choices=SCENARIOS, action="append", help="this scenario; may be given several times"
    )
    chosen = parser.parse_args().only or [name for name in SCENARIOS if possible(name)]
    found = measure(chosen)
    for name, outcome in found.items():
        print(f"{name}: {'sound' if is_sound(outcome) else 'NOT SOUND'} {json.dumps(outcome)}")
    if chosen == [name for name in SCENARIOS if possible(name)]:
        save(
            "faults-postgres" if os.environ.get("DATABASE_URL") else "faults",
            found,
            ("django", "granian", "psycopg"),
        )
    if not all(is_sound(outcome) for outcome in found.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
