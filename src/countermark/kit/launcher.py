"""How a kit is started: through its own loader, so that neither the machine's Python nor its C library matters."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError
from countermark.kit import layout
from countermark.kit.interpreter import VERSION

if TYPE_CHECKING:
    from pathlib import Path

PYTHON: Final = f"{layout.SYSTEM}/bin/{VERSION}"
PACKAGES: Final = f"{layout.SYSTEM}/lib/{VERSION}"
_FLAGS: Final = ("-I", "-B", "-X", "utf8")
_SECONDS: Final = 1800  # compiling all kernels takes half a minute, and many times that on a busy machine

_SCRIPT: Final = """\
#!/bin/sh
# Starts Countermark with nothing but what lies in this folder: of the machine, it needs the kernel alone.
# Where there is no shell, give the last command by hand. If it says "Permission denied", copy the folder to a disk
# from which programmes may be started.
unset LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(CDPATH= cd -- "$here" && pwd -P) || exit 70
exec "$here/@LOADER@" --inhibit-cache --library-path "$here/@LIBRARIES@" "$here/@PYTHON@" @FLAGS@ \\
  -m countermark.cli.kit_start "$@"
"""


def script() -> bytes:
    """The launcher, a script for any POSIX shell."""
    named = {
        "@LOADER@": f"{layout.LIBRARIES}/{layout.LOADER}",
        "@LIBRARIES@": layout.LIBRARIES,
        "@PYTHON@": PYTHON,
        "@FLAGS@": " ".join(_FLAGS),
    }
    text = _SCRIPT
    for mark, path in named.items():
        text = text.replace(mark, path)
    return text.encode()


def command(kit: Path, *arguments: str) -> list[str]:
    """The command that the launcher gives, for a kit at an absolute place."""
    return [*through_loader(kit), str(kit / PYTHON), *_FLAGS, *arguments]


def through_loader(kit: Path) -> list[str]:
    """What stands before a binary of the kit so that it gets the kit's libraries."""
    libraries = kit / layout.LIBRARIES
    return [str(libraries / layout.LOADER), "--inhibit-cache", "--library-path", str(libraries)]


def run_inside(kit: Path, *arguments: str) -> str:
    """Run the kit's Python with nothing of this process's environment; return what it prints. Raises InputError."""
    try:
        done = subprocess.run(  # noqa: S603  the kit that was just made
            command(kit, *arguments), capture_output=True, check=False, timeout=_SECONDS, env={}, cwd="/"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError(f"the kit's own Python cannot be run: {error}") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise InputError(f"the kit's own Python does not run: {said[-1] if said else done.returncode}")
    return done.stdout.decode()
