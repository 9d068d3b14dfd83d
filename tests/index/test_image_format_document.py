"""docs/index-format-pictures.md and what the engine writes are held together."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("cv2", reason="needs the extra image")

from countermark.images.decode import encode_jpeg
from countermark.index.image.build import build_image_index
from countermark.media import Asset, Medium
from countermark.works.work import Work, WorkFile

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs" / "index-format-pictures.md"
ONLY_WITH_A_MODEL = "vectors.array"


def works() -> Iterator[WorkFile]:
    """Three pictures of noise."""
    for number in range(3):
        noise = np.random.default_rng(number).integers(0, 256, (96, 128), dtype=np.uint8)
        data = encode_jpeg(np.kron(noise, np.ones((3, 3), np.uint8)), 90)
        yield WorkFile(
            Work(f"w{number}", f"Noise {number}"),
            Asset(f"w{number}", f"{number}.jpg", Medium.IMAGE, "0", data=data),
        )


def test_the_page_names_every_file_with_its_type(tmp_path: Path) -> None:
    """No file is left out, none is named that there is not, and types and dimensions are as the manifest says."""
    manifest = build_image_index(works(), tmp_path / "w.index")
    told = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"\| `([\w.]+)` \| (\w+) \| ([^|]*) \|", line):
            told[match[1]] = match[2], len([part for part in match[3].split(",") if part.strip()])
    assert set(told) - {ONLY_WITH_A_MODEL} == set(manifest.files)
    for name, described in manifest.facts["arrays"].items():
        kind, dimensions = told[f"{name}.array"]
        assert np.dtype(described["dtype"]).name == kind, name
        assert len(described["shape"]) == dimensions, name
