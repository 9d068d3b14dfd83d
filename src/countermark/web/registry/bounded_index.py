"""Unpacks and checks one packed index in a process of its own, bounded; run by `readers.read_deposit`.

`python -m countermark.web.registry.bounded_index ARCHIVE SALT FOLDER` writes the files of the index into FOLDER and
prints one JSON object: what it holds, or why it is not taken. Django is not loaded here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from countermark.web.registry.archives import ArchiveError, unpack
from countermark.web.registry.bounded_text import answer, bound
from countermark.web.registry.caps import INDEX_BYTES

MEMORY: Final = 3 << 30
CPU_SECONDS: Final = 30


def _check(archive: Path, salt: Path, folder: Path) -> dict[str, Any]:
    try:
        size = unpack(archive, folder)
        from countermark.web.registry.index_checks import check_index  # noqa: PLC0415 - only once bounded

        return {**check_index(folder, salt.read_bytes()), "bytes": size}
    except ArchiveError as error:
        return {"reason": error.reason}
    except MemoryError:
        return {"reason": "archive-large"}


if __name__ == "__main__":
    bound(MEMORY, CPU_SECONDS, INDEX_BYTES)
    answer(_check(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])))
