"""The running Python, as it goes into a kit: its binary, its library, and what tells of where it was built."""

from __future__ import annotations

import re
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VERSION: Final = f"python{sys.version_info.major}.{sys.version_info.minor}"

_FOLDERS_LEFT_OUT: Final = frozenset(
    {
        "__pycache__", "config", "dist-packages", "distutils", "ensurepip", "idlelib", "idle_test", "lib2to3",
        "site-packages", "test", "tests", "tkinter", "turtledemo",
    }
)  # fmt: skip
_FILES_LEFT_OUT: Final = re.compile(
    r"(_tkinter|_test\w*|_ctypes_test|xxlimited\w*|_xx\w*)\..*\.so|EXTERNALLY-MANAGED"
)
_CUSTOMIZE: Final = """\
# The packages of the kit, wherever this build of Python would look for them.
import sys
from os.path import dirname, join

sys.path = [path for path in sys.path if path.startswith(sys.prefix)]
if join(dirname(__file__), "site-packages") not in sys.path:
    sys.path.append(join(dirname(__file__), "site-packages"))
"""


def binary() -> Path:
    """The interpreter's binary, behind all links and virtual environments. Raises InputError."""
    found = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    if not found.is_file():
        raise InputError(f"{found}: the running Python cannot be found, so it cannot go into a kit")
    return found


def library_files() -> Iterator[tuple[str, Path]]:
    """Where each file of the standard library goes below `lib/pythonX.Y`, and where it is; tests stay behind."""
    roots = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
    for root in sorted(roots):
        yield from _below(root, root)
    dynload = Path(sysconfig.get_config_var("DESTSHARED") or "")
    if dynload.is_dir() and not any(dynload.resolve().is_relative_to(root) for root in roots):
        yield from ((f"lib-dynload/{file.name}", file) for file in dynload.iterdir() if file.is_file())


def _below(root: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            if entry.name not in _FOLDERS_LEFT_OUT and not entry.name.startswith("config-"):
                yield from _below(root, entry)
        elif entry.suffix not in {".pyc", ".a"} and not _FILES_LEFT_OUT.fullmatch(entry.name):
            yield entry.relative_to(root).as_posix(), entry


def customize() -> bytes:
    """`sitecustomize.py`: nothing but the kit's own folders is searched for modules."""
    return _CUSTOMIZE.encode()


def private_paths() -> list[bytes]:
    """Folders of the building machine that its Python has written into its files, longest first."""
    variables = (
        "prefix",
        "exec_prefix",
        "installed_base",
        "abs_srcdir",
        "abs_builddir",
        "srcdir",
        "projectbase",
    )
    said: Iterable[str] = [str(sysconfig.get_config_var(name) or "") for name in variables]
    known = {*said, sys.prefix, sys.base_prefix, str(Path(__file__).parents[3])}
    known |= {str(Path(path).resolve()) for path in known if path.startswith("/")}
    return sorted((path.encode() for path in known if _is_private(path)), key=lambda path: (-len(path), path))


def _is_private(path: str) -> bool:
    """Whether a folder may name a machine or a person; what is common, or too short to be safely replaced, may not."""
    return (
        path.startswith("/") and path.strip("/").count("/") > 0 and not path.startswith(("/usr/l", "/usr/s"))
    )


def neutral(data: bytes, private: Iterable[bytes]) -> bytes:
    """The same bytes with every private folder replaced by one of the same length, so that binaries stay sound.

    The last name of a folder stays: a linker lets one text serve as the end of another, so that in a Python that is
    installed as `…/3.11.7` these may be the very letters of its version.
    """
    for path in private:
        if path in data:
            above, _, last = path.rpartition(b"/")
            data = data.replace(path, b"/kit".ljust(len(above), b"-")[: len(above)] + b"/" + last)
    return data
