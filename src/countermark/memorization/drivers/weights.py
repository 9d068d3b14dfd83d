"""A folder of weights, looked over before anything is loaded: complete, safetensors only, no code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

_PICKLES: Final = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")
_LONGEST_HEADER: Final = 100_000_000  # bytes; what the format itself allows
_LONGEST_JSON: Final = 200_000_000  # bytes; a tokenizer of 250,000 words has some 20 MB
_MOST: Final = {
    **dict.fromkeys(("num_hidden_layers", "n_layer", "n_layers", "num_layers"), 1000),
    **dict.fromkeys(("vocab_size", "hidden_size", "n_embd", "intermediate_size", "num_experts"), 10_000_000),
    **dict.fromkeys(("num_local_experts", "n_routed_experts"), 100_000),
}
"""More than any model has: the library builds what the config says before it looks at the weights."""


@dataclass(frozen=True)
class Weights:
    """The files of one model: `files` are all that decide its answers, `config` is its config.json."""

    folder: Path
    tokenizer: Path
    files: tuple[Path, ...]
    config: dict[str, Any]


def look_over(folder: Path) -> Weights:
    """The model in `folder`. Raises ModelError, with the file by name, where it is not whole or needs code."""
    config = _json_object(folder / "config.json", "config.json of transformers")
    _check_config(folder / "config.json", config)
    if (folder / "adapter_config.json").exists():
        raise ModelError(
            f"{folder}: an adapter (adapter_config.json); merge it into its model and give that folder"
        )
    shards = _shards(folder)
    for shard in shards:
        _check_safetensors(shard)
    tokenizer = folder / "tokenizer.json"
    if not tokenizer.is_file():
        raise ModelError(
            f"{folder}: no tokenizer.json; accepted is the fast tokenizer (save_pretrained of transformers writes it)"
        )
    beside = [folder / name for name in ("config.json", "generation_config.json", "tokenizer_config.json")]
    files = (*shards, tokenizer, *(path for path in beside if path.is_file()))
    return Weights(folder, tokenizer, files, config)


def _check_config(path: Path, config: dict[str, Any]) -> None:
    """Raise ModelError for a config that names other weights than those digested, or asks for any amount of memory."""
    for part in (config, *(value for value in config.values() if isinstance(value, dict))):
        if "transformers_weights" in part:
            raise ModelError(
                f"{path}: transformers_weights names weights of its own; accepted is model.safetensors, which the "
                "digest of the model covers"
            )
        for name, most in _MOST.items():
            if isinstance(part.get(name), int | float) and part[name] > most:
                raise ModelError(f"{path}: {name} is {part[name]}; accepted: up to {most:,}")


def _shards(folder: Path) -> list[Path]:
    index = folder / "model.safetensors.index.json"
    whole = folder / "model.safetensors"
    if whole.is_file():
        return [whole]
    if index.is_file():
        return [*_named_shards(index), index]
    pickles = sorted(path.name for pattern in _PICKLES for path in folder.glob(pattern))
    if pickles:
        raise ModelError(
            f"{folder}: {pickles[0]} is a pickle, which can run code when it is read; accepted is model.safetensors"
        )
    raise ModelError(f"{folder}: no weights; accepted is model.safetensors (or its shards with their index)")


def _named_shards(index: Path) -> list[Path]:
    places = _json_object(index, "index of shards").get("weight_map")
    if not isinstance(places, dict) or not places:
        raise ModelError(f"{index}: no weight_map")
    names = sorted({str(name) for name in places.values()})
    for name in names:
        if "/" in name or "\\" in name or not name.endswith(".safetensors"):
            raise ModelError(f"{index}: {name!r} is not the name of a safetensors file of this folder")
        if not (index.parent / name).is_file():
            raise ModelError(f"{index.parent}: {name} is missing; the index names {len(names)} files")
    return [index.parent / name for name in names]


def _check_safetensors(path: Path) -> None:
    """The header says how long the file must be: a download that was cut is told before minutes of loading."""
    if path.suffix != ".safetensors":
        return
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= min(_LONGEST_HEADER, size - 8):
                raise ModelError(f"{path}: not a safetensors file, or cut short ({size} bytes)")
            header = json.loads(file.read(length))
        tensors = [value for name, value in header.items() if name != "__metadata__"]
        needed = 8 + length + max(int(tensor["data_offsets"][1]) for tensor in tensors)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise ModelError(f"{path}: the header of this safetensors file cannot be read") from error
    if size != needed:
        raise ModelError(f"{path}: {size} bytes, its header says {needed}: cut short or damaged")


def _json_object(path: Path, what: str) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LONGEST_JSON:
            raise ModelError(f"{path}: too large for a {what}")
        value = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ModelError(f"{path.parent}: no {path.name}; a folder of weights has a {what}") from error
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ModelError(f"{path}: not a {what}")
    return value
