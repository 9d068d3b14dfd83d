"""The software that sealed a dossier: Python, Countermark, and everything that it stands on, with versions.

Nothing of the machine is in the list: the same installation gives the same bytes on two machines. What a search ran on
stands in its run log.
"""

from __future__ import annotations

import platform
import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Final

from countermark import __version__

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def software_list() -> bytes:
    """One line for each distribution, `name==version`, in the format that `pip install -r` reads."""
    found: dict[str, Distribution] = {}
    waiting = ["countermark"]
    while waiting:
        name = _normal(waiting.pop())
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        waiting += [said[0] for line in found[name].requires or () if (said := _NAME.match(line))]
    lines = [
        "# What sealed this dossier. Packages that are not installed are not listed.",
        f"# Python {platform.python_version()} ({platform.python_implementation()})",
        f"countermark=={__version__}",
    ]
    lines += [
        f"{name}=={found[name].version}{_hash_of(found[name])}"
        for name in sorted(found)
        if name != "countermark"
    ]
    return ("\n".join(lines) + "\n").encode()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _hash_of(package: Distribution) -> str:
    """The hash of the archive that it was installed from, where the installer noted it (PEP 610)."""
    noted = package.read_text("direct_url.json") or ""
    said = re.search(r'"sha256": ?"([0-9a-f]{64})"', noted)
    return f" --hash=sha256:{said[1]}" if said else ""
