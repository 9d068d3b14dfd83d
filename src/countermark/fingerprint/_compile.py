"""How kernels are compiled, and where their compiled form is kept: one folder for each state of their source.

Numba decides by the file of a kernel whether its compiled form still holds, but a kernel is compiled together with
those that it calls in other files. So the folder is named by a digest of all kernels, and a new version never runs old
code.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

_PACKAGE = Path(__file__).parents[1]


def kernels_digest() -> str:
    """Return a digest of the source of all kernels and the version of their compiler."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted([*_PACKAGE.glob("*/_*_kernel.py"), _PACKAGE / "fingerprint/_machine.py"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Return the folder for compiled kernels: below NUMBA_CACHE_DIR, the user's cache, or else a temporary one."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    roots = [Path(given)] if given else [Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")]
    for root in roots:
        folder = root / "countermark" / f"kernels-{kernels_digest()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="countermark-kernels-"))  # this process only, but it works


numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]  # set by name, not declared


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function to machine code at its first use; it runs without the interpreter's lock."""
    return numba.njit(cache=True, nogil=True)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a small function into each kernel that calls it."""
    return numba.njit(cache=True, nogil=True, inline="always")(function)
