"""The pictures of the demonstration: fetched with pip, checked against a pinned digest, read as data.

The wheel of scikit-image 0.26 holds well-known photographs that are free to use; the demonstration treats ten of them
as works. A wheel is only unpacked, and none of its code is run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.cli.demo_wheel import Wheel, download, member

if TYPE_CHECKING:
    from pathlib import Path

SCIKIT_IMAGE: Final = Wheel(
    "scikit-image",
    "0.26.0",
    "scikit_image-0.26.0-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl",
    "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af",
    # the same file on every machine: it is data here
    ("--platform", "manylinux_2_28_x86_64", "--platform", "manylinux_2_24_x86_64", "--python-version", "3.11",
     "--implementation", "cp", "--abi", "cp311"),
)  # fmt: skip
_FOLDER: Final = "skimage/data/"
_LARGEST: Final = 4 << 20
"""Bytes of one picture."""


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


def fetch(folder: Path) -> Path:
    """Fetch the photographs into `folder`, unless they are there. Raises InputError when they cannot be had."""
    return download(SCIKIT_IMAGE, folder)


def picture(wheel: Path, name: str) -> bytes:
    """The bytes of one picture in the wheel. Raises InputError where it is not what it should be."""
    return member(wheel, _FOLDER + name, _LARGEST)
