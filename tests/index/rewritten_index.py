"""Indices changed as somebody would who knows how their identity is made."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from countermark.index.manifest import identity_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np


def edited(index: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest as somebody would who knows how its identity is made."""
    path = index / "manifest.json"
    content = json.loads(path.read_bytes())
    change(content)
    marks = {"format": content.pop("format")}
    content["identity"] = identity_of(content)
    path.write_text(json.dumps(content | marks))


def described_anew(index: Path, path: Path) -> None:
    """Let the manifest say what the file now is."""
    facts = {"size": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    edited(index, lambda content: content["files"].update({path.name: facts}))


def rewritten(index: Path, name: str, array: np.ndarray[Any, Any]) -> None:
    """Write an array in the place of another, and let the manifest say so."""
    path = index / f"{name}.array"
    array.tofile(path)
    shaped = {"dtype": array.dtype.str, "shape": list(array.shape)}
    edited(index, lambda content: content["facts"]["arrays"].update({name: shaped}))
    described_anew(index, path)
