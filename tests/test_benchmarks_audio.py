"""How the benchmark of recordings judges: thresholds, what counts as false, and peers that need no program."""

from __future__ import annotations

import importlib
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def scoring(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    return importlib.import_module("audio_scoring")


def asked(scoring: Any, positives: int, distractors: int) -> list[Any]:
    """Queries p0, p1 … of the works 0, 1 …, and d0, d1 … of none."""
    return [scoring.Query(f"p{at}", "clean_10", at) for at in range(positives)] + [
        scoring.Query(f"d{at}", "clean_10", -1) for at in range(distractors)
    ]


def test_a_distractor_lowers_precision_below_its_score(scoring: Any) -> None:
    """150 right answers from 100 down: one false at 90 leaves all, a second at 95.05 leaves those above the first."""
    queries = asked(scoring, 200, 80)
    answers = {f"p{at}": scoring.Answer(at, 100 - at / 10) for at in range(150)}
    answers["d1"] = scoring.Answer(2, 90.0)
    lowest = scoring.threshold(queries, answers)
    found = scoring.at(queries, answers, lowest)
    assert (found["right"], found["distractors_accepted"]) == (150, 1)
    answers["d2"] = scoring.Answer(2, 95.05)
    found = scoring.table(queries, answers)
    assert found["at_99_precision"]["right"] == 100
    assert found["no_distractor"]["right"] == 50


def test_a_positive_that_is_given_another_work_is_false(scoring: Any) -> None:
    """It counts against precision, and not as recall."""
    queries = asked(scoring, 2, 1)
    found = scoring.at(queries, {"p0": scoring.Answer(1, 5.0), "p1": scoring.Answer(1, 4.0)}, 0.0)
    assert (found["recall"], found["precision"], found["wrong_work"]) == (0.5, 0.5, 1)


def test_equal_scores_stand_or_fall_together(scoring: Any) -> None:
    """A threshold cannot separate a right answer from a false one of the same score."""
    queries = asked(scoring, 1, 1)
    answers = {"p0": scoring.Answer(0, 7.0), "d0": scoring.Answer(0, 7.0)}
    assert scoring.threshold(queries, answers) == float("inf")
    assert scoring.above_distractors(queries, answers) == float("inf")


def test_no_answer_is_neither_right_nor_wrong(scoring: Any) -> None:
    """Nothing said: no recall, no false alarm, and the bound on the rate of false alarms that so many queries give."""
    found = scoring.table(asked(scoring, 5, 720), {})
    assert found["at_99_precision"]["recall"] == 0
    assert found["at_99_precision"]["upper_95_of_distractor_rate"] == pytest.approx(0.0051, abs=1e-4)


def test_the_baseline_in_numpy_finds_an_excerpt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of two works of drawn tones an excerpt of the second is found in it."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    peer = importlib.import_module("audio_peers").DejavuLike()
    sounds = [tones(seed) for seed in (1, 2)]
    for at, sound in enumerate(sounds):
        write(tmp_path / f"w{at}.wav", sound)
        peer.add(tmp_path / f"w{at}.wav")
    peer.ready()
    write(tmp_path / "q.wav", sounds[1][5 * 16_000 : 9 * 16_000])
    work, votes = peer.look_up(peer.print_of(tmp_path / "q.wav"))
    assert work == 1
    assert votes > 10


def tones(seed: int) -> Any:
    """Twenty seconds of drawn tones of an eighth of a second."""
    rng = np.random.default_rng(seed)
    at = np.arange(2000) / 16_000
    return np.concatenate([0.3 * np.sin(2 * np.pi * rng.uniform(200, 4000) * at) for _ in range(160)])


def write(path: Path, samples: Any) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes((samples * 32767).astype("<i2").tobytes())
