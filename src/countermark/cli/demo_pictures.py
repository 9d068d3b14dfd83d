"""The pictures of the demonstration: fetched with pip, checked against a pinned digest, read as data.

The wheel of scikit-image 0.26 holds well-known photographs that are free to use; the demonstration treats ten of them
as works. A wheel is only unpacked, and none of its code is run.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from countermark.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

NAME, VERSION = "scikit-image", "0.26.0"
WHEEL = "scikit_image-0.26.0-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl"
SHA256 = "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af"
FOLDER = "skimage/data/"
LARGEST = 4 << 20  # bytes of one picture
PATIENCE = 300  # seconds


class Photograph(NamedTuple):
    """A work of the demonstration; `licence` is told for some, to show how works free to copy are reported."""

    file: str
    title: str
    author: str = ""
    licence: str = ""


WORKS = (
    Photograph("astronaut.png", "Portrait of an astronaut", "NASA", "Public domain"),
    Photograph("camera.png", "Cameraman", "Lav Varshney"),
    Photograph("chelsea.png", "Chelsea the cat", "Stéfan van der Walt", "CC0-1.0"),
    Photograph("coffee.png", "Espresso", "Rachel Michetti"),
    Photograph("coins.png", "Greek coins from Pompeii", "Brooklyn Museum"),
    Photograph("hubble_deep_field.jpg", "Hubble deep field", "NASA"),
    Photograph("ihc.png", "Colonic glands", "The Human Protein Atlas"),
    Photograph("motorcycle_left.png", "Motorcycle", "Daniel Scharstein"),
    Photograph("retina.jpg", "Retina", "Mikael Häggström"),
    Photograph("rocket.jpg", "A rocket before its launch", "SpaceX"),
)
OTHERS = (
    "brick.png",
    "cell.png",
    "clock_motion.png",
    "grass.png",
    "gravel.png",
    "horse.png",
    "moon.png",
    "page.png",
)


def download(folder: Path) -> Path:
    """Fetch the wheel with pip into `folder`, unless it is there; return its path. Raises InputError when it cannot."""
    wheel = folder / WHEEL
    if wheel.is_file() and hashlib.sha256(wheel.read_bytes()).hexdigest() == SHA256:
        return wheel
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{NAME}=={VERSION} --hash=sha256:{SHA256}\n", encoding="utf-8")
    # the same file on every machine: it is data here
    platform = ("--platform", "manylinux_2_28_x86_64", "--platform", "manylinux_2_24_x86_64")
    python = ("--python-version", "3.11", "--implementation", "cp", "--abi", "cp311")
    command = (sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check",
               "--no-deps", "--only-binary", ":all:", *platform, *python, "--require-hashes",
               "--requirement", str(wanted), "--dest", str(folder))  # fmt: skip
    try:
        subprocess.run(  # noqa: S603  the command is ours, the requirement is pinned by its digest
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(f"pip took over {PATIENCE} s to fetch {NAME} {VERSION}; try again") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise InputError(f"pip could not fetch {NAME} {VERSION}: {said}; check its settings") from error
    finally:
        wanted.unlink(missing_ok=True)
    return wheel


def picture(wheel: Path, name: str) -> bytes:
    """The bytes of one picture in the wheel. Raises InputError where it is not what it should be."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(FOLDER + name) as file:
            data = file.read(LARGEST + 1)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise InputError(f"{wheel}: {name} cannot be read: {error}") from error
    if len(data) > LARGEST:
        raise InputError(f"{wheel}: {name} is larger than {LARGEST} bytes")
    return data
