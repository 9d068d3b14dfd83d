"""The first half of building an index of pictures: each work is decoded once, and its parts are kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from countermark.errors import PictureError
from countermark.fingerprint.image.embedding import LONGEST
from countermark.fingerprint.image.extract import extract_work
from countermark.fingerprint.image.pdq import parts
from countermark.images.decode import encode_jpeg, read_colour, read_frames
from countermark.index.image import layout
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from countermark.fingerprint.image.embedding import EmbeddingModel
    from countermark.fingerprint.image.features import Features
    from countermark.images.frame import Frame
    from countermark.works.work import WorkFile


PLAIN = "has too little texture for features: it can be found as a whole, and not in crops or collages"
EMPTY = "has no texture at all, nothing that could be told from other pictures: it will not be found"


class Entry(NamedTuple):
    """One hash uint64[4] of a part of an asset, its `box` in the unit square: left, top, right, bottom."""

    asset: int
    box: npt.NDArray[np.float64]
    code: npt.NDArray[np.uint64]


class Collection:
    """The works of an index to be: frames' features, hashes, views and prints, and what is known of each."""

    def __init__(
        self,
        folder: Path,
        *,
        prints: bool,
        model: EmbeddingModel | None,
        refuse: Callable[[Refusal], None],
    ) -> None:
        self.rows: list[dict[str, Any]] = []
        self.features: list[Features] = []
        self.entries: list[Entry] = []
        self.view_ends, self.print_ends = [0], [0]
        self.vectors: list[npt.NDArray[np.float16]] = []
        self._prints, self._model = prints, model
        self.refused: list[Refusal] = []
        self._told = refuse
        self._views_file = (folder / layout.VIEWS).open("wb")
        self._prints_file = (folder / layout.PRINTS).open("wb")
        self._numbers: dict[str, int] = {}

    @property
    def works(self) -> int:
        """The number of works so far."""
        return len(self._numbers)

    def add(self, file: WorkFile) -> Frame | None:
        """Append one work's picture and return its frame; None, and a refusal, where it cannot be decoded."""
        asset = file.asset
        try:
            pictured = read_frames(asset.data, asset.path, most=1)
            frame = pictured.frames[0]
            view = encode_jpeg(
                read_colour(asset.data, asset.path, longest=layout.VIEW_LONGEST), layout.VIEW_QUALITY
            )
            page = self._page(asset.data, asset.path)
            vector = self._vector(asset.data, asset.path)
        except PictureError as error:
            self._refuse(
                Refusal(asset.path, -1, error.reason, f"{asset.path}: {_without(asset.path, error)}")
            )
            return None
        if pictured.count > 1:
            self._remark(asset.path, f"holds {pictured.count:,} pictures; the first stands for the work")
        if pictured.damaged:
            self._remark(asset.path, "only a part could be decoded; that part stands for the work")
        self._keep(view, page)
        if vector is not None:
            self.vectors.append(vector.astype(np.float16))
        self.features.append(extract_work(frame.grey))
        hashed = self._hash(frame)
        if not len(self.features[-1]):
            self._remark(asset.path, PLAIN if hashed else EMPTY)
        self.rows.append(self._row(file, frame) | {"print_digest": _digest(page)})
        return frame

    def _refuse(self, refusal: Refusal) -> None:
        self.refused.append(refusal)
        self._told(refusal)

    def _remark(self, path: str, said: str) -> None:
        """A remark on a work that is indexed all the same."""
        self._refuse(Refusal(path, -1, "warning", f"{path}: {said}"))

    def _page(self, data: bytes, name: str) -> bytes:
        """The work for print."""
        if not self._prints:
            return b""
        return encode_jpeg(read_colour(data, name, longest=layout.PRINT_LONGEST), layout.PRINT_QUALITY)

    def _vector(self, data: bytes, name: str) -> npt.NDArray[np.float32] | None:
        """What the user's model makes of the work."""
        if self._model is None:
            return None
        return self._model.vector(read_colour(data, name, longest=LONGEST))

    def _keep(self, view: bytes, page: bytes) -> None:
        self.view_ends.append(self.view_ends[-1] + self._views_file.write(view))
        self.print_ends.append(self.print_ends[-1] + self._prints_file.write(page))

    def _hash(self, frame: Frame) -> bool:
        """Hash the parts of the work; whether there was one to hash."""
        found = [Entry(len(self.rows), part.unit, part.states[0]) for part in parts(frame.grey, of_work=True)]
        self.entries += found
        return bool(found)

    def _row(self, file: WorkFile, frame: Frame) -> dict[str, Any]:
        work, asset = file.work, file.asset
        return {
            "work_id": work.work_id,
            "work_title": work.title,
            "work_author": work.author,
            "work_published": work.published.isoformat() if work.published else None,
            "work_licence": work.licence,
            "asset_path": asset.path,
            "asset_digest": asset.digest,
            "code_points": 0,
            "letters": 0,
            "work_number": self._numbers.setdefault(work.work_id, len(self._numbers)),
            "width": frame.width,
            "height": frame.height,
        }

    def close(self) -> None:
        """Close the files."""
        self._views_file.close()
        self._prints_file.close()


def _without(path: str, error: PictureError) -> str:
    """The message without the name, which stands before it already."""
    return str(error).removeprefix(path).lstrip(" :")


def _digest(page: bytes) -> str | None:
    """By which a print is known again where it is copied to; None where there is none."""
    return hashlib.sha256(page).hexdigest() if page else None
