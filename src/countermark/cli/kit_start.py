"""What the kit's launcher runs: the command line, with worker processes started through the kit's loader as well."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Run the command line from within a kit."""
    from countermark.cli import main as command_line
    from countermark.corpus.tokens.folder import VARIABLE
    from countermark.kit import layout
    from countermark.kit.start import spawn_through_loader

    kit = Path(sys.prefix).parent
    spawn_through_loader(kit)
    for name in [name for name in os.environ if name.startswith(("PYTHON", "LD_", "NUMBA_"))]:
        del os.environ[name]
    os.environ[VARIABLE] = str(kit / layout.TOKENIZERS)  # a kit goes by its own tables, not by the machine's
    # the user database may be asked through the machine's libraries, which do not go with the kit's C library
    os.environ.setdefault("HOME", "/nonexistent")
    os.umask(os.umask(0o077) & 0o077)  # whatever the mask was, who writes can read
    command_line(prog_name="countermark")


if __name__ == "__main__":
    main()
