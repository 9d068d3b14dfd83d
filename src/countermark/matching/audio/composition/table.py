"""The harmonies of a catalogue as flat arrays, for an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.errors import InputError
from countermark.fingerprint.audio.harmony import Harmony
from countermark.index.audio.harmony import ARRAYS
from countermark.matching.audio.composition.composition import norms_of
from countermark.matching.audio.composition.views import stretches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Arrays = dict[str, npt.NDArray[np.generic]]

_ROWS: Final = ("chroma", "note_chroma", "starts", "lengths", "pitches", "voices")


def pack(harmonies: Sequence[Harmony]) -> Arrays:
    """The arrays of a table, little-endian. Raises InputError where notes were found by different models."""
    by = sorted({harmony.notes_by for harmony in harmonies})
    if len(by) > 1:
        raise InputError(f"the notes of the works were found by different models: {', '.join(by)}")
    columns: dict[str, list[npt.NDArray[np.generic]]] = {}
    columns["chroma"] = [np.zeros((0, 12)), *(harmony.chroma for harmony in harmonies)]
    columns["note_chroma"] = [np.zeros((0, 12)), *(harmony.note_chroma for harmony in harmonies)]
    for number, name in enumerate(("starts", "lengths", "pitches", "voices")):
        columns[name] = [np.zeros(0), *(harmony.notes[:, number] for harmony in harmonies)]
    arrays: Arrays = {name: np.concatenate(columns[name]).astype("<" + ARRAYS[name][0]) for name in _ROWS}
    sizes = [(len(h.chroma), len(h.note_chroma), len(h.notes)) for h in harmonies]
    arrays["ends"] = np.cumsum(np.array(sizes, dtype="<i8").reshape(-1, 3), axis=0).astype("<i8")
    arrays["seconds"] = np.array([harmony.seconds for harmony in harmonies], dtype="<f8")
    arrays["notes_by"] = np.frombuffer((by[0] if by else "").encode(), dtype="u1")
    arrays["norms"] = norms_of([s for harmony in harmonies for s in stretches(harmony)]).astype("<f8")
    return arrays


class HarmonyTable:
    """The harmonies of a catalogue, by the number of the asset, over the arrays that `pack` made."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
        self._arrays = arrays
        self._ends = np.asarray(arrays["ends"], dtype=np.int64)
        self.norms = np.asarray(arrays["norms"], dtype=np.float64)
        self.notes_by = bytes(np.asarray(arrays["notes_by"], dtype=np.uint8)).decode()

    def __len__(self) -> int:
        """How many works."""
        return len(self._ends)

    def harmony(self, asset: int) -> Harmony:
        """The harmony of one work."""
        begins = self._ends[asset - 1] if asset else np.zeros(3, dtype=np.int64)
        chroma, note_chroma, notes = (slice(a, b) for a, b in zip(begins, self._ends[asset], strict=True))
        columns = [
            self._arrays[name][notes].astype(np.int32) for name in ("starts", "lengths", "pitches", "voices")
        ]
        return Harmony(
            np.asarray(self._arrays["chroma"][chroma], dtype=np.uint8),
            np.asarray(self._arrays["note_chroma"][note_chroma], dtype=np.uint8),
            np.ascontiguousarray(np.stack(columns, axis=1)),
            float(self._arrays["seconds"][asset]),
            self.notes_by,
        )
