r"""CPU that Pytition spends on a signature, measured as bench_signing.py does for Countermark.

Pytition (BSD-3) is not in this repository. Get release 2.9 (commit 07cdf93) of github.com/pytition/Pytition into a
folder, and its dependencies into a virtual environment of its own:

    pip install "Django~=5.2.0" django-colorfield==0.10.1 django-tinymce==3.6.1 django-mailer==2.3 \
      django-maintenance-mode "django-phonenumber-field[phonenumbers]==6.3.0" requests django-widget-tweaks==1.4.3 \
      beautifulsoup4 django-formtools==2.2 bcrypt lxml lxml_html_clean granian "psycopg[binary]"

    python benchmarks/peers_web/pytition.py --pytition FOLDER --python VENV/bin/python

The settings are its own, with SQLite (or the empty PostgreSQL database at DATABASE_URL) and a mail back-end that drops
mails, so that no mail server's time is counted. One action is what a signatory does: POST the form, then GET the link
of the mail. Each signature comes from another address (its limit is five a day). Twenty signatures are enough: they
cost a quarter of a second each.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from load.arrivals import arrivals
from load.openloop import Outcome, run
from load.processes import pin
from load.server import Server, free_port
from results import ROOT, save

SETTINGS = """
from pytition.settings.base import *
from pathlib import Path
SECRET_KEY = "only for the benchmark"
STATIC_ROOT = {folder!r} + "/static"
MEDIA_ROOT = {folder!r} + "/media"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
MAINTENANCE_MODE_STATE_FILE_PATH = {folder!r} + "/maintenance"
DATABASES = {{"default": {database!r}}}
"""
MOST = 60


def database(folder: Path) -> dict[str, Any]:
    """Django's setting: SQLite in the folder, or what DATABASE_URL says."""
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    if not url.scheme.startswith("postgres"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "pytition.sqlite3")}
    query = dict(part.split("=", 1) for part in url.query.split("&") if part)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/"),
        "USER": url.username or "",
        "PASSWORD": url.password or "",
        "HOST": query.get("host", url.hostname or ""),
        "PORT": str(url.port or ""),
    }


def rows(setting: dict[str, Any], query: str) -> list[tuple[Any, ...]]:
    """What the database answers."""
    if setting["ENGINE"].endswith("sqlite3"):
        with sqlite3.connect(setting["NAME"], timeout=20) as connection:
            return connection.execute(query).fetchall()
    import psycopg  # noqa: PLC0415  only where PostgreSQL is measured

    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    given = {ours: setting[theirs] for theirs, ours in names.items() if setting[theirs]}
    with psycopg.connect(**given) as connection:
        return connection.execute(query).fetchall()


def prepare(pytition: Path, python: Path, folder: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """An empty Pytition with one petition: the environment of its processes, and its database."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("static", "media", "settings"):
        (folder / name).mkdir(parents=True)
    setting = database(folder)
    text = SETTINGS.format(folder=str(folder), database=setting)
    (folder / "settings" / "pytition_measured.py").write_text(text, encoding="utf-8")
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "pytition_measured",
        "PYTHONPATH": f"{folder / 'settings'}:{pytition / 'pytition'}",
    }
    for words in (
        ["migrate", "--verbosity", "0"],
        ["gen_user", "organiser", "a password of no use"],
        ["gen_pet", "--user", "organiser"],
    ):
        subprocess.run([python, "manage.py", *words], cwd=pytition / "pytition", env=env, check=True)
    return env, setting


def cookie_and_token(port: int, path: str) -> tuple[str, str]:
    """The CSRF cookie and token of the petition's page, as a browser would have them."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    page = answer.read().decode()
    cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    if not token:
        raise SystemExit(f"{path} answers {answer.status} and has no form")
    return cookie, token.group(1)


class Signing:
    """Signatures of one petition, sent at fixed instants and counted."""

    def __init__(self, server: Server, setting: dict[str, Any]) -> None:
        self.server, self.setting = server, setting
        self.petition = rows(setting, "SELECT id FROM petition_petition")[0][0]
        self.cookie, self.token = cookie_and_token(server.target.port, f"/petition/{self.petition}/")

    def sign(self, first: int, instants: list[float]) -> tuple[Outcome, float]:
        """POST the form at each instant; what came of it, and the CPU seconds of the server."""
        fixed = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}

        async def work(number: int, connection: Any) -> str:
            form = {
                "csrfmiddlewaretoken": self.token,
                "first_name": "Ada",
                "last_name": f"Number {first + number}",
                "email": f"ada{first + number}@example.org",
            }
            headers = fixed | {"X-Forwarded-For": f"203.0.113.{first + number}"}
            path = f"/petition/{self.petition}/sign"
            return str((await connection.request("POST", path, headers, urlencode(form).encode())).status)

        return self._measured(instants, work)

    def confirm(self, instants: list[float]) -> tuple[Outcome, float]:
        """GET the link of each signature that is not confirmed, one at each instant."""
        found = rows(self.setting, "SELECT confirmation_hash FROM petition_signature WHERE NOT confirmed")

        async def work(number: int, connection: Any) -> str:
            path = f"/petition/{self.petition}/confirm/{found[number][0]}"
            return str((await connection.request("GET", path)).status)

        return self._measured(instants[: len(found)], work)

    def confirmed(self) -> int:
        """How many are confirmed."""
        return int(rows(self.setting, "SELECT count(*) FROM petition_signature WHERE confirmed")[0][0])

    def _measured(self, instants: list[float], work: Any) -> tuple[Outcome, float]:
        before = self.server.cpu_seconds()
        outcome = asyncio.run(run(self.server.target, instants, work))
        return outcome, self.server.cpu_seconds() - before


def measure(server: Server, setting: dict[str, Any], signatures: int, rate: float) -> dict[str, Any]:
    """Warm up with three signatures, then measure."""
    signing = Signing(server, setting)
    warm = arrivals(rate, 3 / rate, poisson=False)
    signing.sign(0, warm)
    signing.confirm(warm)
    before = signing.confirmed()
    instants = arrivals(rate, signatures / rate, poisson=False)
    signed, sign_cpu = signing.sign(len(warm), instants)
    confirmed, confirm_cpu = signing.confirm(instants)
    count = signing.confirmed() - before
    return {
        "signatures": count,
        "rate_per_s": rate,
        "answers": {"sign": dict(signed.answers), "confirm": dict(confirmed.answers)},
        "cpu_ms_per_signature": round((sign_cpu + confirm_cpu) / max(1, count) * 1000, 1),
        "cpu_ms_sign": round(sign_cpu / len(instants) * 1000, 1),
        "cpu_ms_confirm": round(confirm_cpu / len(instants) * 1000, 1),
        "p50_ms": round(signed.percentile(0.5), 1),
        "p99_ms": round(signed.percentile(0.99), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pytition", type=Path, required=True, help="the folder of its repository")
    parser.add_argument("--python", type=Path, required=True, help="the python of its virtual environment")
    parser.add_argument("--signatures", type=int, default=20, help=f"at most {MOST}")
    parser.add_argument("--rate", type=float, default=2.0, help="signatures a second")
    options = parser.parse_args()
    folder = ROOT / "work" / "pytition"
    python = options.python.absolute()
    env, setting = prepare(options.pytition.resolve(), python, folder)
    port = free_port()
    words = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "1", "--port", str(port)]
    command = [str(python), "-m", "granian", *words, "pytition.wsgi:application"]
    pin({1})
    with Server(
        command,
        port,
        env=env,
        folder=options.pytition / "pytition",
        log=folder / "server.log",
        ready="/petition/all_petitions",
    ) as server:
        found = measure(server, setting, min(options.signatures, MOST), options.rate)
    found["database"] = setting["ENGINE"].rpartition(".")[2]
    print(found)
    save(f"peer-pytition-{found['database']}", {"tool": "Pytition 2.9", **found}, ("granian",))


if __name__ == "__main__":
    main()
