"""Real pictures for the benchmark of images: from Debian packages, flattened, bounded, without near duplicates.

Each picture of at least 256 pixels on both sides is taken (of the sequences of visp-images-data, three of each folder),
its transparency laid on white, scaled down to 1,600 pixels, and kept as a JPEG of quality 95. A picture goes where an
earlier one is nearly the same: 256 signs of its 32 × 32 DCT, at most 24 of them different.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections import defaultdict
from pathlib import Path  # noqa: TC003
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
import simplejpeg
from PIL import Image

if TYPE_CHECKING:
    import numpy.typing as npt

    Picture = npt.NDArray[np.uint8]

PACKAGES = (
    "stellarium-data", "wesnoth-1.16-data", "freecol", "freeorion-data", "plasma-workspace-wallpapers",
    "tuxpaint-stamps-default", "mate-backgrounds", "gnome-backgrounds", "lomiri-wallpapers", "ukui-wallpapers",
    "sway-backgrounds", "visp-images-data", "palapeli-data",
)  # fmt: skip
ENDINGS = {".png", ".jpg", ".jpeg", ".webp", ".pgm", ".ppm", ".gif"}
SEQUENCES = "visp-images-data"
OF_EACH_SEQUENCE = 3
SMALLEST, LARGEST = 256, 1600
NEAR = 24
DETAIL = 0.02  # share of pixels on an edge below which a picture may stand in the corpus but not be a work
THUMBNAIL = 640


class Source(NamedTuple):
    """One picture: where it stands in its package, and its flattened copy."""

    name: str
    file: Path
    width: int
    height: int
    detail: float
    hash: str

    def read(self) -> Picture:
        """uint8[h, w, 3], RGB."""
        return simplejpeg.decode_jpeg(self.file.read_bytes())

    def thumbnail(self) -> Picture:
        """As `read`, with the longer side at most 640."""
        return simplejpeg.decode_jpeg((self.file.parent / "small" / self.file.name).read_bytes())


def gather(debs: Path, kept: Path) -> list[Source]:
    """The pictures of all packages, in a fixed order; flattened copies and a list of them are kept in `kept`."""
    listing = kept / "sources.json"
    if not listing.exists():
        (kept / "small").mkdir(parents=True, exist_ok=True)
        found = [source for package in PACKAGES for source in _package(package, debs, kept)]
        rows = [[*source[:1], source.file.name, *source[2:]] for source in _distinct(found)]
        listing.write_text(json.dumps(rows))
    return [Source(name, kept / file, *rest) for name, file, *rest in json.loads(listing.read_text())]


def _package(package: str, debs: Path, kept: Path) -> list[Source]:
    folder = kept.parent / "sources" / package
    if not folder.exists():
        if not (deb := next(debs.glob(f"{package}_*.deb"), None)):
            subprocess.run(["apt-get", "download", package], cwd=debs, check=True)
            deb = next(debs.glob(f"{package}_*.deb"))
        subprocess.run(["dpkg-deb", "-x", deb, folder], check=True)
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
    large = [path for path in paths if not path.is_symlink() and _is_large(path)]
    if package == SEQUENCES:
        large = _few_of_each(large)
    return [_flatten(path, f"{package}/{path.relative_to(folder).as_posix()}", kept) for path in large]


def _is_large(path: Path) -> bool:
    try:
        with Image.open(path) as picture:
            return min(picture.size) >= SMALLEST and max(picture.size) < 20_000
    except (OSError, ValueError):
        return False


def _few_of_each(paths: list[Path]) -> list[Path]:
    folders = defaultdict(list)
    for path in paths:
        folders[path.parent].append(path)
    return [
        paths[at * (len(paths) - 1) // OF_EACH_SEQUENCE]
        for paths in folders.values()
        for at in range(min(OF_EACH_SEQUENCE, len(paths)))
    ]


def _flatten(path: Path, name: str, kept: Path) -> Source:
    with Image.open(path) as opened:
        opened.draft("RGB", (LARGEST, LARGEST))
        rgba = opened.convert("RGBA") if opened.mode in ("P", "PA", "LA", "RGBA") else opened.convert("RGB")
    if rgba.mode == "RGBA":
        rgba = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    picture = scaled(np.asarray(rgba), LARGEST)
    file = kept / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.jpg"
    encoded = simplejpeg.encode_jpeg(np.ascontiguousarray(picture), 95, colorsubsampling="444")
    file.write_bytes(encoded)
    small = np.ascontiguousarray(scaled(picture, THUMBNAIL))
    (kept / "small" / file.name).write_bytes(simplejpeg.encode_jpeg(small, 95, colorsubsampling="444"))
    grey = cv2.cvtColor(cv2.resize(picture, (256, 256), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    edges = float(np.mean(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 24))
    height, width = picture.shape[:2]
    return Source(name, file, width, height, round(edges, 4), dct_signs(grey).tobytes().hex())


def scaled(picture: Picture, longest: int) -> Picture:
    """The picture with its longer side at most `longest`."""
    height, width = picture.shape[:2]
    if max(height, width) <= longest:
        return picture
    by = longest / max(height, width)
    size = (max(1, round(width * by)), max(1, round(height * by)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def dct_signs(grey: Picture) -> Picture:
    """The signs of 16 × 16 low frequencies against their median, uint8[32]."""
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:16, :16]
    return np.packbits(low > np.median(low))


def _distinct(sources: list[Source]) -> list[Source]:
    """The sources without those that are near an earlier one; the largest of a set of sizes comes first."""
    order = sorted(sources, key=lambda source: (-source.width * source.height, source.name))
    hashes = np.array([np.frombuffer(bytes.fromhex(source.hash), np.uint8) for source in order])
    kept: list[int] = []
    for at in range(len(order)):
        apart = np.bitwise_count(hashes[kept] ^ hashes[at]).sum(axis=1, dtype=np.int64)
        if not (apart <= NEAR).any():
            kept.append(at)
    return sorted((order[at] for at in kept), key=lambda source: source.name)
