"""The same queries to the reference for covers: essentia's HPCP, ChromaCrossSimilarity and serra09.

    python benchmarks/bench_compositions_peer.py FOLDER

Needs essentia and numpy in the interpreter, nothing of Countermark. Settings are those of its documentation: profiles
of 12 bins, averaged to 4 a second (hop 2,048 of 16 kHz, two at once), stacks of 9, key by best rotation, threshold
0.095, gaps 0.5, asymmetric. Its score is judged as it is, and set beside those of the query against the other works.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from results import one_thread, save

one_thread()

import essentia  # noqa: E402 (after the threads)
import essentia.standard as es  # noqa: E402
import numpy as np  # noqa: E402

from composition_scoring import described, judged, queries_of, samples  # noqa: E402

RATE, FRAME, HOP, AVERAGED = 16_000, 4096, 2000, 2


class Profiles:
    """HPCP of a sound, with the algorithms made once."""

    def __init__(self) -> None:
        self._window, self._spectrum = es.Windowing(type="blackmanharris62"), es.Spectrum(size=FRAME)
        self._peaks = es.SpectralPeaks(
            magnitudeThreshold=1e-5, maxPeaks=100, minFrequency=40, maxFrequency=5000, orderBy="magnitude",
            sampleRate=RATE,
        )  # fmt: skip
        self._whiten = es.SpectralWhitening(maxFrequency=5000, sampleRate=RATE)
        self._hpcp = es.HPCP(
            size=12, minFrequency=40, maxFrequency=5000, harmonics=8, bandPreset=False, weightType="cosine",
            windowSize=1.0, sampleRate=RATE,
        )  # fmt: skip

    def __call__(self, sound: Any) -> Any:
        """float32[n, 12], four a second."""
        rows = []
        for frame in es.FrameGenerator(sound, frameSize=FRAME, hopSize=HOP):
            spectrum = self._spectrum(self._window(frame))
            hertz, magnitudes = self._peaks(spectrum)
            rows.append(self._hpcp(hertz, self._whiten(spectrum, hertz, magnitudes)))
        whole = np.array(rows[: len(rows) // AVERAGED * AVERAGED], dtype=np.float32)
        mean = whole.reshape(-1, AVERAGED, 12).mean(axis=1)
        return np.ascontiguousarray(mean / np.maximum(mean.max(axis=1, keepdims=True), 1e-9))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    essentia.log.infoActive = essentia.log.warningActive = False
    queries, profiles = queries_of(folder), Profiles()
    start = time.process_time()
    files = [*queries.works, *(line["file"] for line in queries.lines)]
    heard = {file: profiles(samples(folder / file)) for file in files}
    speed = queries.seconds / (time.process_time() - start)
    alike = es.ChromaCrossSimilarity(frameStackSize=9, binarizePercentile=0.095, oti=True)
    aligned = es.CoverSongSimilarity(
        disOnset=0.5, disExtension=0.5, alignmentType="serra09", distanceType="asymmetric"
    )
    told = np.full((len(queries.lines), len(queries.works)), -np.inf)
    start = time.process_time()
    for row, query in enumerate(queries.lines):
        for n in queries.compared(row):
            matrix = alike(heard[query["file"]], heard[queries.works[n]])
            told[row, n] = 1 / max(float(aligned(matrix)[1]), 1e-9)  # what is alike, not how far apart
    spent = time.process_time() - start
    beside = told.copy()
    for row in range(len(told)):
        rest = queries.compared(row)
        others = np.delete(told[row, rest], told[row, rest].argmax())
        beside[row, rest] = (told[row, rest] - others.mean()) / max(float(others.std()), 1e-9)
    save(
        "compositions_essentia",
        {
            "benchmark": described(queries),
            "as_it_is": judged(told, queries),
            "beside_impostors": judged(beside, queries),
            "harmony_times_real_time": round(speed),
            "ms_a_pair": round(1000 * spent / described(queries)["pairs"], 2),
        },
        ("essentia", "numpy"),
    )


if __name__ == "__main__":
    main()
