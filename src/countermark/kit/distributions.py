"""Which installed distributions Countermark's core needs, and which of their files go into a kit."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN: Final = "countermark"

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_OF_EXTRA: Final = re.compile(r"\bextra\s*==")
_LEFT_OUT: Final = (
    "*/__pycache__/*",
    "*.pyc",
    "*.pth",
    "*/tests/*",
    "*/include/*",
    "*.pxd",
    "*.pyx",
    "*.pxi",
    "*.pyi",
    "*.a",
    "*.h",
    "/pyarrow/src/*",
    "/pyarrow/*flight*",  # a network service, and the two below: a kit has no network
    "/pyarrow/*_s3*",
    "/pyarrow/libarrow_python*.so",  # links that a wheel holds as copies; the libraries ask for `….so.N`
    "/pyarrow/libarrow_python*.so.*.*.*",
    "/zstandard/_cffi*",  # the second of two backends, with debug symbols
    "*.dist-info/RECORD",  # names scripts outside, and files left out; SHA256SUMS stands for it
    "*.dist-info/direct_url.json",  # where it was installed from: a path of the building machine
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
)


def needed() -> dict[str, Distribution]:
    """Countermark and all that it needs, by normalised name, without its extras. Raises InputError.

    What only other systems or versions of Python need is left out by not being installed.
    """
    found: dict[str, Distribution] = {}
    waiting = [(OWN, True)]
    while waiting:
        name, required = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            found[key] = distribution(name)
        except PackageNotFoundError:
            if required:
                raise InputError(
                    f"the package {name} is not installed: a kit cannot be built without it"
                ) from None
            continue
        waiting += _requirements(found[key])
    return dict(sorted(found.items()))


def _requirements(of: Distribution) -> Iterator[tuple[str, bool]]:
    """The names that a distribution requires, and whether on every system."""
    for line in of.requires or []:
        requirement, _, marker = line.partition(";")
        name = _NAME.match(requirement)
        if name is not None and not _OF_EXTRA.search(marker):
            yield name[0], not marker.strip()


def files_of(name: str, of: Distribution) -> Iterator[tuple[str, Path]]:
    """Where each file of a distribution goes below site-packages, and where it is. Raises InputError."""
    if of.files is None:
        raise InputError(f"the package {name} has no list of its files (RECORD): install it with pip")
    for entry in of.files:
        target, source = entry.as_posix(), Path(str(of.locate_file(entry)))
        if not target.startswith(("..", "/")) and source.is_file() and not left_out(target):
            yield target, source
    if name == OWN:
        yield from _own_package()


def _own_package() -> Iterator[tuple[str, Path]]:
    """Countermark's own files, where it runs from: an editable install lists none of them."""
    package = Path(__file__).parents[1]
    for source in package.rglob("*"):
        target = f"{OWN}/{source.relative_to(package).as_posix()}"
        if source.is_file() and not left_out(target):
            yield target, source


def left_out(target: str) -> bool:
    """Whether a file of a distribution is of no use in a kit, or tells of the building machine."""
    return any(fnmatchcase(f"/{target}", pattern) for pattern in _LEFT_OUT)
