"""Make a picture for the example, in a folder of originals: python examples/reserve/make_media.py originals/."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

SIDE = 64


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG file."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def lighthouse() -> bytes:
    """A beam of light over the sea, as a PNG of 64 by 64 grey pixels."""
    rows = b"".join(
        b"\0" + bytes(min(255, 255 * (x > y) // (1 + abs(x - SIDE + y) // 6) + 40) for x in range(SIDE))
        for y in range(SIDE)
    )
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def main() -> None:
    """Write the picture."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "originals")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lighthouse.png").write_bytes(lighthouse())
    print(folder / "lighthouse.png")


if __name__ == "__main__":
    main()
