"""Decoding of pictures for matching, against the libraries alone, by format and size: CPU milliseconds a picture.

What matching is handed is a frame in grey whose longer side is 768 pixels at most. The libraries are asked for the same
with the least that they can do: simplejpeg at a fraction of the size in grey, OpenCV in grey (at a half, quarter or
eighth where that leaves enough) and scaled, Pillow in draft mode and scaled. They are run in turns, each turn ten times
the same picture, in one thread; the figures are medians, and `times_the_library` is the median of the ratios within a
turn.

`python benchmarks/bench_image_decode.py` writes results/image_decode.json.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from typing import TYPE_CHECKING, Any

from results import one_thread, save

one_thread()

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import simplejpeg  # noqa: E402
from PIL import Image  # noqa: E402

from countermark.images.decode import read_frames  # noqa: E402
from countermark.images.frame import LONGEST  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

cv2.setNumThreads(1)
PACKAGES = ("numpy", "opencv-python-headless", "pillow", "simplejpeg")
SIDES = (384, 512, 768, 1024, 2048, 4096)
_TURN = 10


def drawn(side: int, seed: int = 1) -> npt.NDArray[np.uint8]:
    """A picture with as much at every scale as a photograph has: noise of which the amplitude falls with frequency."""
    random = np.random.default_rng(seed)
    picture = np.zeros((side, side * 3 // 4, 3), np.float32)
    cells = 4
    while cells <= side:
        noise = random.standard_normal((cells, cells * 3 // 4, 3)).astype(np.float32)
        picture += cv2.resize(noise, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC) * (64 / cells**0.5)
        cells *= 2
    return np.clip(picture + 128, 0, 255).astype(np.uint8)


def written(pixels: npt.NDArray[np.uint8], kind: str) -> bytes:
    """The picture as a file, as its format is mostly written."""
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": 85},
        "WEBP": {"quality": 80},
        "AVIF": {"quality": 65},
        "progressive JPEG": {"quality": 85, "progressive": True},
    }
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind.rpartition(" ")[2], **options.get(kind, {}))
    return stream.getvalue()


def by_simplejpeg(data: bytes) -> object:
    height, width = simplejpeg.decode_jpeg_header(data)[:2]
    side = "min_height" if height >= width else "min_width"
    wanted = min(LONGEST, max(height, width))
    return simplejpeg.decode_jpeg(data, "GRAY", **{side: wanted})


def by_opencv(data: bytes) -> object:
    stored = np.frombuffer(data, np.uint8)
    flag = cv2.IMREAD_GRAYSCALE
    if data.startswith(b"\xff\xd8"):
        longer = max(simplejpeg.decode_jpeg_header(data)[:2])
        for parts, reduced in ((8, 64), (4, 32), (2, 16)):
            if longer // parts >= LONGEST:
                flag = reduced
                break
    pixels = cv2.imdecode(stored, flag)
    return cv2.resize(pixels, _fitting(pixels.shape[1::-1]), interpolation=cv2.INTER_AREA)


def by_pillow(data: bytes) -> object:
    with Image.open(io.BytesIO(data)) as image:
        image.draft("L", _fitting(image.size))
        grey = image.convert("L")
        return np.asarray(grey.resize(_fitting(image.size), Image.Resampling.BOX, reducing_gap=2.0))


def _fitting(size: tuple[int, ...]) -> tuple[int, int]:
    width, height = size
    scale = min(1.0, LONGEST / max(width, height))
    return round(width * scale), round(height * scale)


def measured(data: bytes, turns: int) -> dict[str, Any]:
    """Medians of CPU milliseconds of each way to decode, and how many times the quickest library ours takes."""
    ways: dict[str, Callable[[bytes], object]] = {"countermark": read_frames}
    if data.startswith(b"\xff\xd8"):
        ways["simplejpeg"] = by_simplejpeg
    ways |= {"opencv": by_opencv, "pillow": by_pillow}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(turns + 1):
        names = list(ways)
        for name in names[turn % len(names) :] + names[: turn % len(names)]:  # each is first in its turn
            way = ways[name]
            begin = time.process_time()
            for _ in range(_TURN):
                way(data)
            if turn:  # the first warms the caches
                taken[name].append((time.process_time() - begin) / _TURN * 1000)
    row: dict[str, Any] = {f"{name}_ms": round(statistics.median(times), 3) for name, times in taken.items()}
    row["bytes"] = len(data)
    row["pictures_per_s"] = round(1000 / statistics.median(taken["countermark"]))
    row["times_the_library"] = {
        name: round(statistics.median(a / b for a, b in zip(taken["countermark"], times, strict=True)), 2)
        for name, times in taken.items()
        if name != "countermark"
    }
    return row


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=21)
    options = parser.parse_args()
    table: dict[str, Any] = {}
    for side in SIDES:
        pixels = drawn(side)
        kinds = ("JPEG", "progressive JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP")
        for kind in kinds if side in {512, 1024} else kinds[:1]:
            name = f"{kind}, {side} px"
            table[name] = measured(written(pixels, kind), options.turns if kind == "JPEG" else 5)
            print(f"{name:26s}", table[name])
    save("image_decode", {"longest": LONGEST, "pictures": table}, PACKAGES)


if __name__ == "__main__":
    main()
