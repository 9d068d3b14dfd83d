"""Where compiled kernels are kept: one folder for each state of their source.

Numba decides by the file of a kernel whether its compiled form still holds, but a kernel is compiled together with
those that it calls in other files. So the folder is named by a digest of all kernels, and a new version never runs old
code. This file loads no Numba: a process that only asks is not to wait for it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def kernels_digest() -> str:
    """Return a digest of the source of all kernels and the version of their compiler."""
    digest = hashlib.sha256(version("numba").encode())
    for path in sorted([*_PACKAGE.glob("**/_*_kernel.py"), _PACKAGE / "kernels/machine.py"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path:
    """Return the folder for compiled kernels: below NUMBA_CACHE_DIR, the user's cache, or else a temporary one."""
    given = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    with suppress(OSError, RuntimeError):  # a user without a home is a RuntimeError
        folder = Path(given or Path.home() / ".cache") / "countermark" / f"kernels-{kernels_digest()}"
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="countermark-kernels-"))  # this process only, but it works


def is_compiled(name: str) -> bool:
    """Whether a kernel of that name, or file and name as `_chain_kernel.chain`, was compiled on this machine before."""
    return any(cache_folder().glob(f"**/{name}-*.nbi" if "." in name else f"**/*.{name}-*.nbi"))
