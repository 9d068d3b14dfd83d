"""A folder whose bytes do not depend on when and where it is made: fixed times, fixed permissions, no links."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.kit.interpreter import neutral
from countermark.kit.libraries import is_elf

if TYPE_CHECKING:
    from collections.abc import Sequence

TIME: Final = 315_532_800
"""1 January 1980, the first day that every file system can write down."""

_DATA, _PROGRAM = 0o644, 0o755


@dataclass(slots=True)
class Tree:
    """Files are put in; private paths of the building machine are replaced as they go in. Links are followed.

    `sources` says of each binary that went in where it was, for the search for its libraries.
    """

    root: Path
    private: Sequence[bytes]
    binaries: dict[str, Path] = field(default_factory=dict)
    _folded: dict[str, str] = field(default_factory=dict)

    def add(self, target: str, source: Path, *, program: bool = False) -> None:
        """Copy a file to `target` (relative, with `/`); the first of a name stays.

        Names that differ in case only would be one file on a medium without case: the first of them stays, too.
        """
        if self._folded.setdefault(target.lower(), target) != target or (self.root / target).exists():
            return
        data = neutral(source.read_bytes(), self.private)
        if is_elf(data):
            self.binaries[target] = source
        self.write(target, data, program=program)

    def write(self, target: str, data: bytes, *, program: bool = False) -> None:
        """Write a file."""
        path = self.root / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(_PROGRAM if program else _DATA)

    def copy_folder(self, target: str, source: Path) -> None:
        """Copy the files of a flat folder as they are, without reading them whole."""
        (self.root / target).mkdir(parents=True)
        for file in sorted(source.iterdir()):
            shutil.copyfile(file, self.root / target / file.name)
            (self.root / target / file.name).chmod(_DATA)

    def settle(self) -> None:
        """Give every file and folder the same time, and permissions that no umask decides."""
        for folder, _, names in os.walk(self.root, topdown=False):
            for name in names:
                path = Path(folder, name)
                path.chmod(_PROGRAM if path.stat().st_mode & 0o100 else _DATA)
                os.utime(path, (TIME, TIME))
            Path(folder).chmod(_PROGRAM)
            os.utime(folder, (TIME, TIME))
