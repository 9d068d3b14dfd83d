"""Run a command with a throw-away PostgreSQL: `python scripts/with_postgres.py -- COMMAND [WORDS…]`.

A cluster is made in a temporary folder, listens on a socket in it and on no network, is named by DATABASE_URL (and its
folder by COUNTERMARK_POSTGRES, for tests that kill it), and is stopped and removed at the end. PostgreSQL refuses to
run as root: then it runs as the user `postgres`, or `nobody`. The exit code is the command's; 77 without PostgreSQL.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

NOT_HERE = 77
DEBIAN = Path("/usr/lib/postgresql")
SETTINGS = {
    "listen_addresses": "''",
    "fsync": "on",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "log_min_messages": "fatal",
}


def main() -> int:
    """Do it."""
    words = sys.argv[1:]
    command = words[words.index("--") + 1 :] if "--" in words else []
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    programs = binaries()
    if programs is None:
        print("with_postgres: no PostgreSQL here (initdb and pg_ctl); install postgresql", file=sys.stderr)
        return NOT_HERE
    folder = Path(tempfile.mkdtemp(prefix="countermark-pg-", dir="/tmp"))
    cluster = Cluster(programs, folder)
    try:
        cluster.start()
        return run(command, folder)
    except subprocess.CalledProcessError as error:
        print(f"with_postgres: {' '.join(map(str, error.cmd))}: {error.stderr or error}", file=sys.stderr)
        return NOT_HERE
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL with all its programs."""
    found = sorted(DEBIAN.glob("*/bin/pg_ctl"), key=lambda path: path.parts[-3].zfill(4))
    if found:
        return found[-1].parent
    initdb, pg_ctl = shutil.which("initdb"), shutil.which("pg_ctl")
    return Path(pg_ctl).resolve().parent if initdb and pg_ctl else None


def run(command: list[str], folder: Path) -> int:
    """Run the command; a signal to us goes to it."""
    environment = os.environ | {
        "DATABASE_URL": f"postgres://countermark@/countermark?host={folder}",
        "COUNTERMARK_POSTGRES": str(folder),
    }
    process = subprocess.Popen(command, env=environment)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: process.send_signal(got))
    return process.wait()


class Cluster:
    """A cluster in `folder`/data, with its socket in `folder`."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.folder = folder
        self.data = folder / "data"
        self.user = unprivileged() if os.geteuid() == 0 else None
        if self.user is not None:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    def start(self) -> None:
        """Make and start it, with an empty database of the role `countermark`."""
        words = ("--username=countermark", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        self.call("initdb", f"--pgdata={self.data}", *words)
        settings = [f"{name} = {value}" for name, value in SETTINGS.items()]
        settings.append(f"unix_socket_directories = '{self.folder}'")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("\n".join(settings) + "\n")
        self.call("pg_ctl", f"--pgdata={self.data}", f"--log={self.folder / 'log'}", "--wait", "start")
        self.call("createdb", f"--host={self.folder}", "--username=countermark", "countermark")

    def stop(self) -> None:
        """Stop it, however it stands."""
        if (self.data / "postmaster.pid").exists():
            self.call("pg_ctl", f"--pgdata={self.data}", "--mode=immediate", "--wait", "stop", check=False)

    def call(self, name: str, *words: str, check: bool = True) -> None:
        """Call one of PostgreSQL's programs as the user that it runs as."""
        subprocess.run(
            [str(self.programs / name), *words],
            check=check,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if name == "pg_ctl" else subprocess.PIPE,
            text=True,
            user=None if self.user is None else self.user.pw_uid,
            group=None if self.user is None else self.user.pw_gid,
            extra_groups=None if self.user is None else [],
        )


def unprivileged() -> pwd.struct_passwd:
    """The user that PostgreSQL runs as when we are root."""
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


if __name__ == "__main__":
    sys.exit(main())
