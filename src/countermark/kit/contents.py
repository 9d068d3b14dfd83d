"""The programme of a kit: Python, the packages, and every library down to the loader."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from countermark.kit import layout
from countermark.kit.distributions import files_of
from countermark.kit.interpreter import binary, customize, library_files
from countermark.kit.launcher import PACKAGES, PYTHON
from countermark.kit.libraries import needed_by

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.metadata import Distribution

    from countermark.kit.tree import Tree


def add_system(tree: Tree, packages: Mapping[str, Distribution]) -> list[str]:
    """Put everything in that a scan needs to run; return the names of the libraries that are not Python's own.

    Raises InputError.
    """
    tree.add(PYTHON, binary(), program=True)
    for target, source in library_files():
        tree.add(f"{PACKAGES}/{target}", source)
    tree.write(f"{PACKAGES}/sitecustomize.py", customize())
    folders = {Path(sysconfig.get_path("stdlib"))}
    for name, of in packages.items():
        folders.add(Path(str(of.locate_file(""))))
        for target, source in sorted(files_of(name, of)):
            tree.add(f"{PACKAGES}/site-packages/{target}", source)
    libraries = needed_by(tree.binaries.values(), folders)
    for name, source in libraries.items():
        tree.add(f"{layout.LIBRARIES}/{name}", source, program=name == layout.LOADER)
    return list(libraries)
