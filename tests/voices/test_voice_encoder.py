"""The encoder: mel bands, the LSTM against its definition, stretches, and the measured weights."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from countermark.errors import InputError
from countermark.voices.encoder import VoiceEncoder, _layers, _through
from countermark.voices.mel import mel_filters, mel_power
from countermark.voices.stretches import stretches
from voices.voice_weights import RATE, checkpoint, small_weights, voice

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS = os.environ.get("COUNTERMARK_VOICE_WEIGHTS", "")


def test_mel_bands_are_those_of_slaney() -> None:
    """Each triangle has its peak where the scale says, and an area of one Hz."""
    filters = mel_filters(40)
    assert filters.shape == (40, 201)
    fine = filters.sum(axis=1) * 40  # bins are 40 Hz apart: about one for the wide bands
    assert np.allclose(fine[20:], 1, atol=0.02)
    assert np.argmax(filters[-1]) * 40 == pytest.approx(7440, abs=80)


def test_a_tone_lies_in_its_band() -> None:
    """A tone of 2 kHz has its power in the band around 2 kHz, and windows stand every 10 ms."""
    tone = np.sin(2 * np.pi * 2000 * np.arange(RATE) / RATE).astype(np.float32)
    power = mel_power(tone, 40)
    assert power.shape == (101, 40)
    assert mel_filters(40)[int(np.argmax(power[50]))][50] > 0


def slow_lstm(weights: dict[str, NDArray[np.float32]], frames: NDArray[np.float32]) -> NDArray[np.float64]:
    """One layer, written as the definition has it: gates in the order input, forget, cell, output."""
    hidden = cell = np.zeros(weights["lstm.weight_hh_l0"].shape[1])
    for frame in frames:
        into = weights["lstm.weight_ih_l0"] @ frame + weights["lstm.bias_ih_l0"]
        gates = into + weights["lstm.weight_hh_l0"] @ hidden + weights["lstm.bias_hh_l0"]
        i, f, g, o = np.split(gates.astype(np.float64), 4)
        cell = cell / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        hidden = np.tanh(cell) / (1 + np.exp(-o))
    return hidden


def test_the_layers_are_those_of_the_definition() -> None:
    """Batches of looks give what one look at a time gives by the textbook."""
    weights = small_weights()
    frames = np.random.default_rng(5).normal(size=(3, 20, 8)).astype(np.float32)
    last = _through(_layers(weights)[0], frames)[:, -1]
    for look in range(3):
        assert np.allclose(last[look], slow_lstm(weights, frames[look]), atol=1e-5)


@pytest.mark.parametrize("name", ["linear.bias", "lstm.weight_hh_l1", "lstm.bias_ih_l0"])
def test_weights_that_do_not_fit_are_refused(name: str) -> None:
    """Missing, of another shape, not finite: one sentence."""
    weights = small_weights()
    for wrong in (None, weights[name][:-1], np.full_like(weights[name], np.nan)):
        changed = {key: value for key, value in weights.items() if key != name}
        if wrong is not None:
            changed[name] = wrong
        with pytest.raises(InputError, match="weights: "):
            VoiceEncoder(changed)


def test_silence_has_no_stretch_and_blocks_do_not_matter() -> None:
    """Silence is left out; the same sound in other blocks gives the same points, bit for bit."""
    encoder = VoiceEncoder(small_weights())
    assert not list(stretches([np.zeros(30 * RATE, np.float32)], encoder))
    assert not list(stretches([], encoder))
    assert not list(stretches([np.full(12 * RATE, np.nan, np.float32)], encoder))
    sound = voice(180, 25)
    whole = list(stretches([sound], encoder))
    parts = list(stretches(np.array_split(sound, 13), encoder))
    assert [one.start for one in whole] == [0, 10, 20]
    assert all(np.array_equal(one.point, two.point) for one, two in zip(whole, parts, strict=True))
    assert whole[0].sounding <= 10


def test_unknown_weights_are_unknown(tmp_path: Path) -> None:
    """Only the file that was measured is known by name."""
    (tmp_path / "w.pt").write_bytes(checkpoint(small_weights()))
    encoder = VoiceEncoder.read(tmp_path / "w.pt")
    assert (encoder.known, encoder.size, len(encoder.digest)) == ("", 5, 64)


@pytest.mark.slow
@pytest.mark.skipif(
    not WEIGHTS, reason="COUNTERMARK_VOICE_WEIGHTS names no pretrained.pt of Resemblyzer 0.1.4"
)
def test_the_measured_weights_tell_two_hums_apart() -> None:
    """With the true weights a hum is closer to itself at another moment than to a higher hum."""
    encoder = VoiceEncoder.read(Path(WEIGHTS))
    assert encoder.known
    one, again, other = (encoder.point(voice(*given)) for given in ((110, 6, 1), (110, 6, 2), (420, 6, 3)))
    assert one @ again > 0.9 > one @ other
