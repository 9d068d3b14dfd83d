"""The names of what lies in a kit, and on the medium that a kit writes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.scan.plan import Part

KIT: Final = "kit.json"
SUMS: Final = "SHA256SUMS"
LAUNCHER: Final = "countermark"
INDEX: Final = "works.index"
SALT: Final = "salt.bin"
TOKENIZERS: Final = "tokenizers"
"""The tables by which corpora of token ids are read, where the kit was built with some."""
SYSTEM: Final = "system"
LIBRARIES: Final = f"{SYSTEM}/lib"
LOADER: Final = "ld-linux-x86-64.so.2"
MANUALS: Final = ("manual.{lang}.html", "manual.{lang}.txt")

RUN: Final = "run"
SEAL: Final = "seal.json"
WORKING: Final = ".work"
"""On the medium, what the programme needs while it runs (compiled kernels, temporary files); closing removes it."""


def kit_log(medium: Path, part: Part) -> Path:
    """The kit's own chained log on the medium: one, or one a part."""
    name = "kit.jsonl" if part.of == 1 else f"kit-{part.number}-of-{part.of}.jsonl"
    return medium / name


def kit_logs(medium: Path) -> list[Path]:
    """All of the kit's own logs on the medium."""
    return sorted(medium.glob("kit*.jsonl"))
