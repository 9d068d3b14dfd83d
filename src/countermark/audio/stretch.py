"""Pitch and tempo undone, for listening: nothing is decided by what this makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import av
import av.error
import numpy as np
from av.filter import Graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

_LEAST, _MOST = 0.25, 4.0
_CHUNK: Final = 1 << 15


def stretched(samples: npt.NDArray[np.int16], rate: int, tempo: float, shift: float) -> npt.NDArray[np.int16]:
    """Mono int16[n] that plays `tempo` times as fast and `shift` semitones above an original: as that would sound.

    Read at another rate, which undoes the pitch, then brought to its length by FFmpeg's `atempo` (waveform-similarity
    overlap-add: W. Verhelst and M. Roelands, 1993). The result has round(n * tempo) samples. Raises ValueError for a
    tempo, or a pitch, beyond a factor of 4.
    """
    pitch = 2.0 ** (shift / 12)
    if not (_LEAST <= tempo <= _MOST and _LEAST <= pitch <= _MOST):
        raise ValueError(f"tempo is {tempo} and shift {shift}; a factor of 4 either way is accepted")
    read_at = round(rate / pitch)
    factor = rate / read_at / tempo  # exact for the rate that is really read at
    filters = [("asetrate", str(read_at)), ("aresample", str(rate))] if read_at != rate else []
    filters += _tempo_filters(factor)
    found = np.concatenate([np.empty(0, np.int16), *_through(filters, samples, rate)]) if filters else samples
    out = np.zeros(round(samples.size * tempo), np.int16)
    count = min(out.size, found.size)
    out[:count] = found[:count]
    return out


def _tempo_filters(factor: float) -> list[tuple[str, str]]:
    """One `atempo` goes down to a half."""
    filters: list[tuple[str, str]] = []
    while factor < 0.5:
        filters.append(("atempo", "0.5"))
        factor *= 2
    if abs(factor - 1) > 1e-5:
        filters.append(("atempo", f"{factor:.9f}"))
    return filters


def _through(
    filters: list[tuple[str, str]], samples: npt.NDArray[np.int16], rate: int
) -> Iterator[npt.NDArray[np.int16]]:
    graph = Graph()
    chain = [graph.add_abuffer(sample_rate=rate, format="s16", layout="mono")]
    chain += [graph.add(name, argument) for name, argument in filters]
    chain += [graph.add("aformat", "sample_fmts=s16:channel_layouts=mono"), graph.add("abuffersink")]
    graph.link_nodes(*chain).configure()
    for begin in range(0, samples.size, _CHUNK):
        part = np.ascontiguousarray(samples[begin : begin + _CHUNK]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
        frame.sample_rate, frame.pts = rate, begin
        graph.push(frame)
        yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def _pulled(graph: Graph) -> Iterator[npt.NDArray[np.int16]]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        yield frame.to_ndarray().reshape(-1).astype(np.int16)
