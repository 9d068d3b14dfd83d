"""Where compiled kernels are kept: one folder for each state of their source, and each place where it lies.

Numba decides by the file of a kernel whether its compiled form still holds, but a kernel is compiled together with
those that it calls in other files. So the folder is named by a digest of all kernels, and a new version never runs old
code. Numba also keeps apart what lies at different paths or was compiled for different versions of Python: two
installations cannot use each other's, so each has its folder, and one is not told that it has compiled what the other
has. This file loads no Numba: a process that only asks is not to wait for it.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from countermark.errors import OutputError

_PACKAGE = Path(__file__).parents[1]


def kernels_digest() -> str:
    """Return a digest of the source of all kernels, where it lies, and the versions of compiler and Python."""
    here = os.path.abspath(_PACKAGE)  # noqa: PTH100  as Numba does, without following links
    told = (version("numba"), sys.implementation.cache_tag or "", here)
    digest = hashlib.sha256("\0".join(told).encode("utf-8", "surrogateescape"))
    for path in sorted([*_PACKAGE.glob("**/_*_kernel.py"), _PACKAGE / "kernels/machine.py"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path:
    """Return the folder for compiled kernels: below NUMBA_CACHE_DIR, the user's cache, or else a temporary one.

    Raises OutputError where none of these can be written.
    """
    given = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    with suppress(OSError, RuntimeError):  # a user without a home is a RuntimeError
        folder = Path(given or Path.home() / ".cache") / "countermark" / f"kernels-{kernels_digest()}"
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    try:
        return Path(tempfile.mkdtemp(prefix="countermark-kernels-"))  # this process only, but it works
    except OSError as error:
        raise OutputError(
            "there is no folder for compiled kernels: neither the user's cache nor a temporary folder can be written; "
            f"name one as NUMBA_CACHE_DIR ({error.strerror or error})"
        ) from error


def is_compiled(name: str) -> bool:
    """Whether this installation has compiled a kernel of that name, or file and name as `_chain_kernel.chain`."""
    return any(cache_folder().glob(f"**/{name}-*.nbi" if "." in name else f"**/*.{name}-*.nbi"))
