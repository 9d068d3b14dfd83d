"""How kernels are compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba

from countermark.kernels.cache import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable

numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]  # set by name, not declared


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function to machine code at its first use; it runs without the interpreter's lock."""
    return numba.njit(cache=True, nogil=True)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a small function into each kernel that calls it."""
    return numba.njit(cache=True, nogil=True, inline="always")(function)
