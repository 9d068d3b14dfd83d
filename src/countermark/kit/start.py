"""A programme that runs from a kit: which kit that is, and its worker processes, started through the kit's loader."""

from __future__ import annotations

import multiprocessing.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def kit_folder() -> Path | None:
    """The kit that this programme runs from; None where it is an ordinary installation."""
    from countermark.kit import layout  # noqa: PLC0415

    kit = Path(sys.prefix).parent
    return kit if Path(sys.prefix).name == layout.SYSTEM and (kit / layout.KIT).is_file() else None


def spawn_through_loader(kit: Path) -> None:
    """From now on start Python processes as the launcher does.

    They are given only the path of a binary, which the machine's loader would load with the machine's C library, if it
    has one. `spawnv_passfds` is the one place through which multiprocessing starts them.
    """
    from countermark.kit.launcher import through_loader  # noqa: PLC0415

    prefix = through_loader(kit)
    processes: Any = multiprocessing.util
    plain = processes.spawnv_passfds

    def started(path: bytes | str, arguments: Sequence[bytes | str], descriptors: Sequence[int]) -> Any:
        program = [os.fsdecode(path), *map(os.fsdecode, arguments[1:])]
        return plain(os.fsencode(prefix[0]), [*prefix, *program], descriptors)

    processes.spawnv_passfds = started
