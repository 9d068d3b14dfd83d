"""Checkpoints are read without being run; whatever is no table of tensors is refused."""

from __future__ import annotations

import os
import pickle
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.errors import InputError
from countermark.voices.checkpoint import read_tensors
from voices.voice_weights import checkpoint, small_weights, tensor

WHOLE = checkpoint(small_weights())


def read(tmp_path: Path, data: bytes) -> dict[str, np.ndarray]:
    """Read the bytes as a checkpoint."""
    (tmp_path / "w.pt").write_bytes(data)
    return read_tensors(tmp_path / "w.pt")


def test_tensors_come_back_as_they_were(tmp_path: Path) -> None:
    """Names, shapes and every number."""
    weights = small_weights()
    found = read(tmp_path, checkpoint(weights))
    assert found.keys() == weights.keys()
    assert all(np.array_equal(found[name], weights[name]) for name in weights)


class Harmful:
    """What an attacker would pickle."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch /tmp/countermark-was-here",)


def test_a_program_is_not_run(tmp_path: Path) -> None:
    """A pickle that calls something is refused by name, and nothing is called."""
    with pytest.raises(InputError, match=r"it asks for .*system"):
        read(tmp_path, checkpoint(small_weights(), pickle.dumps({"model_state": Harmful()}, 2)))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04" + bytes(50), "a zip"),
        (b"", "no weights"),
        (pickle.dumps(7, 2) * 5, "magic number"),
        (WHOLE[:-1], "cut short"),
        (WHOLE[:200], "no weights"),
    ],
)
def test_other_files_are_refused_in_one_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    """A zip, nothing, another pickle, a file that is cut: the message says what is accepted."""
    with pytest.raises(InputError, match=said) as refused:
        read(tmp_path, data)
    assert "Resemblyzer 0.1.4" in str(refused.value)


@pytest.mark.parametrize("shape", [(10_000,), (3, 1 << 30), (1 << 31 - 1,)])
def test_a_tensor_stays_inside_its_storage(tmp_path: Path, shape: tuple[int, ...]) -> None:
    """A shape that reaches over the end is refused before anything is allocated."""
    state = b"\x80\x02}X\x0b\x00\x00\x00model_state}X\x01\x00\x00\x00a" + tensor("s", 4, 0, (4,)) + b"ss."
    four = {"a": np.arange(4, dtype=np.float32)}
    assert read(tmp_path, checkpoint(four, state))["a"].tolist() == [0, 1, 2, 3]
    with pytest.raises(InputError):
        read(tmp_path, checkpoint(four, state.replace(tensor("s", 4, 0, (4,)), tensor("s", 4, 0, shape))))


@settings(max_examples=150)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=6))
def test_damage_ends_in_an_input_error(tmp_path_factory: pytest.TempPathFactory, at: int, put: bytes) -> None:
    """Bytes changed anywhere are read as other numbers or refused; nothing else is raised."""
    path = tmp_path_factory.getbasetemp() / "damaged.pt"
    path.write_bytes(WHOLE[:at] + put + WHOLE[at + len(put) :])
    with suppress(InputError):
        read_tensors(path)
