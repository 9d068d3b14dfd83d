"""Which model this is: SHA-256 over the files that decide what it answers."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from countermark.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_PIECE: Final = 1 << 22


def digest_file(path: Path) -> str:
    """SHA-256 of the bytes of one file, in hexadecimal. Raises ModelError where it cannot be read."""
    whole = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                whole.update(piece)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    return whole.hexdigest()


def digest_files(files: Iterable[Path]) -> str:
    """`sha256:…` over the name and the SHA-256 of each file, sorted by name; folders do not count.

    Anybody can recompute it: the SHA-256 of the JSON of [[name, hexadecimal digest], …] without spaces, in UTF-8.
    """
    listed = sorted([path.name, digest_file(path)] for path in files)
    canonical = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
