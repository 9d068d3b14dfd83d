"""`countermark serve`: the whole site with one command."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from countermark.errors import InputError

if TYPE_CHECKING:
    from countermark.web.upkeep.founding import Founded
    from countermark.web.upkeep.supervision import Part

APPLICATION = "countermark.web.wsgi:application"
FREE_PORTS = 20


@click.command("serve")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The site's folder: database, keys, uploads. By default COUNTERMARK_DATA, or ./countermark-site.",
)
@click.option(
    "--listen",
    default="127.0.0.1:8000",
    show_default=True,
    metavar="HOST:PORT",
    help="Where to listen; an IPv6 address stands in brackets, as [::1]:8000.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that answer."
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Requests that each works on at a time.",
)
@click.option(
    "--no-worker", is_flag=True, help="Answer only; `countermark worker` then runs on its own, once."
)
def command(data: Path | None, listen: str, workers: int, threads: int, no_worker: bool) -> None:
    """Serve the site: the statement, signing, the roll, the works of members.

    It needs no configuration: the first call makes a folder with database and keys and a demonstration statement.
    Mails are printed here until EMAIL_URL names a mail server. The worker, which enters signatures on the roll and
    sends mails, runs beside the server and is started again if it dies. Ctrl-C stops everything.

    \b
    Examples:
      countermark serve
      countermark serve --data /srv/statement --listen 127.0.0.1:8100 --workers 2
      COUNTERMARK_ORIGIN=https://statement.example.org COUNTERMARK_PROXIES=1 countermark serve

    \b
    Exit codes:
      0    stopped with Ctrl-C or SIGTERM
      2    a setting, the folder or the database cannot be used, or the port is taken
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    host, port = _address(listen)
    _free(host, port)
    os.environ.setdefault("COUNTERMARK_ORIGIN", _origin(host, port))
    from countermark.web.config.start import start

    start(data, make=True)
    from countermark.web.upkeep.founding import found
    from countermark.web.upkeep.served import served
    from countermark.web.upkeep.supervision import Supervisor

    founded = found()
    parts = _parts(host, port, workers, threads, with_worker=not no_worker)
    supervisor = Supervisor(parts, lambda line: click.echo(line, err=True))
    with served(founded.data):
        supervisor.run(lambda: _answers(host, port), lambda: _tell(founded, no_worker=no_worker))
    click.echo("Stopped.", err=True)


def _address(listen: str) -> tuple[str, int]:
    host, colon, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise InputError(f"--listen {listen}: accepted is HOST:PORT, as 127.0.0.1:8000 or [::1]:8000")
    return host, int(port)


def _free(host: str, port: int) -> None:
    """Raise InputError where the port is taken, with one that is free."""
    reason = _taken(host, port)
    if reason is None:
        return
    other = next(
        (one for one in range(port + 1, min(port + FREE_PORTS, 65536)) if not _taken(host, one)), None
    )
    advice = f"; {_bracketed(host)}:{other} is free: --listen {_bracketed(host)}:{other}" if other else ""
    raise InputError(f"--listen {_bracketed(host)}:{port}: cannot listen there: {reason}{advice}")


def _taken(host: str, port: int) -> str | None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _origin(host: str, port: int) -> str:
    """The address that links carry when COUNTERMARK_ORIGIN says nothing: that of this machine itself."""
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host).is_unspecified:
            host = "::1" if ":" in host else "127.0.0.1"
    return f"http://{_bracketed(host)}:{port}"


def _answers(host: str, port: int) -> bool:
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host).is_unspecified:
            host = "::1" if ":" in host else "127.0.0.1"
    try:
        socket.create_connection((host, port), timeout=0.2).close()
    except OSError:
        return False
    return True


def _parts(host: str, port: int, workers: int, threads: int, *, with_worker: bool) -> list[Part]:
    from countermark.web.config.turns import VARIABLE, WAITING
    from countermark.web.upkeep.supervision import Part

    environment = os.environ | {"PYTHONUNBUFFERED": "1", VARIABLE: str(threads)}
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": str(port),
        "--workers": str(workers),
        "--blocking-threads": str(threads + WAITING),
        "--workers-kill-timeout": "5",
        "--log-level": "error",
    }
    web = [sys.executable, "-m", "granian", *(word for pair in options.items() for word in pair)]
    parts = [Part("The server", [*web, "--respawn-failed-workers", APPLICATION], environment)]
    if with_worker:
        worker = [sys.executable, "-m", "countermark", "worker", "--quiet"]
        parts.append(Part("The worker", worker, environment))
    return parts


def _tell(founded: Founded, *, no_worker: bool) -> None:
    from django.conf import settings

    lines = [f"The site     {settings.SITE_ORIGIN}/", f"Its data     {founded.data}"]
    if founded.database == "postgresql":
        lines.append("Database     PostgreSQL (DATABASE_URL)")
    if settings.MAIL_TRANSPORT["kind"] == "console":
        lines.append("Mails        printed here, by the worker; EMAIL_URL names a mail server")
    if no_worker:
        lines.append("Worker       not started: signatures wait until `countermark worker` runs")
    if founded.demonstration:
        lines.append("Statement    a demonstration; your own: countermark site publish-text --help")
    if not founded.organisers:
        folder = "" if founded.data == Path("countermark-site").absolute() else f" --data {founded.data}"
        lines.append(
            f"Organiser    none yet: countermark site{folder} create-organiser YOU@EXAMPLE.ORG --superuser"
        )
    click.echo("\n".join([*lines, "Ctrl-C stops it."]), err=True)
