"""Which shared libraries a kit's binaries need, down to the C library and its loader, as `ldd` finds them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError
from countermark.kit import layout

if TYPE_CHECKING:
    from collections.abc import Iterable

_RESOLVED: Final = re.compile(r"\s*(\S+) => (/.+) \(0x[0-9a-f]+\)")
_LOADER: Final = re.compile(rf"\s*(/\S*/{re.escape(layout.LOADER)}) \(0x[0-9a-f]+\)")
_OPENED_BY_NAME: Final = ("libgcc_s.so.1",)
"""Libraries that the C library opens by name when a thread ends; no binary says so."""

_AT_ONCE: Final = 64
_SECONDS: Final = 120


def is_elf(data: bytes) -> bool:
    """Whether these are the bytes of a binary or shared library for Linux."""
    return data[:4] == b"\x7fELF"


def needed_by(binaries: Iterable[Path], copied: Iterable[Path]) -> dict[str, Path]:
    """Name → file of each library that `binaries` load and that does not lie in one of the `copied` folders.

    Raises InputError where there is no `ldd`, or no loader of the GNU C library for x86-64.
    """
    inside = [folder.resolve() for folder in copied]
    found: dict[str, Path] = {}
    files = sorted(str(path) for path in binaries)
    for at in range(0, len(files), _AT_ONCE):
        for line in _ldd(files[at : at + _AT_ONCE]).splitlines():
            loader, resolved = _LOADER.fullmatch(line), _RESOLVED.fullmatch(line)
            if loader is not None:
                found.setdefault(layout.LOADER, Path(loader[1]))
            elif resolved is not None:
                path = Path(resolved[2])
                if not any(path.resolve().is_relative_to(folder) for folder in inside):
                    found.setdefault(resolved[1].rpartition("/")[2], path)
    if layout.LOADER not in found:
        raise InputError(
            "this Python does not run on the GNU C library for x86-64: build the kit on such a machine (Debian, "
            "Fedora, Ubuntu, …)"
        )
    for name in _OPENED_BY_NAME:
        beside = found["libc.so.6"].with_name(name) if "libc.so.6" in found else Path(name)
        if name not in found and beside.is_file():
            found[name] = beside
    return dict(sorted(found.items()))


def _ldd(files: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603  the arguments are files of this installation
            ["ldd", *files],  # noqa: S607
            capture_output=True, check=False, timeout=_SECONDS, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError(f"`ldd` cannot be run, which finds the libraries of a kit: {error}") from None
    return done.stdout.decode(errors="replace")
