"""A model by what the user names: a folder, a .gguf file, or the address of a server."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.errors import MissingExtraError, ModelError
from countermark.memorization.drivers.addresses import address_of, key_of
from countermark.memorization.drivers.served import ServedScorer
from countermark.memorization.drivers.served_writing import ServedGenerator
from countermark.memorization.drivers.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.memorization.drivers.driver import Generator, Scorer
    from countermark.memorization.drivers.local import LocalModel

_NEEDED: Final = ("torch", "transformers", "tokenizers")
_FOR_GGUF: Final = ("gguf", "accelerate")


def open_scorer(
    model: str,
    *,
    name: str = "",
    api_key: str = "",
    own: bool = False,
    context: int | None = None,
    told: Callable[[str], None] | None = None,
) -> Scorer:
    """What weighs given texts. Raises ModelError, MissingExtraError.

    `model` is a folder of safetensors weights, a .gguf file, or `http(s)://host[:port]/v1`; an address that ends in
    /completions or /chat/completions settles the form. `name` is that of a model on a server. `api_key` names the
    environment variable or the file that holds the key. `own` says that a server elsewhere is the user's own: nothing
    shown to it is burnt. `context` is the most tokens of one query, where it is to be less than the model's. `told`
    is given a sentence where one has to wait.
    """
    if _is_address(model):
        return ServedScorer(_server(model, name, api_key, own=own, told=told), context)
    return open_weights(model, name=name, api_key=api_key, context=context, told=told)


def open_generator(
    model: str,
    *,
    name: str = "",
    api_key: str = "",
    own: bool = False,
    context: int | None = None,
    told: Callable[[str], None] | None = None,
) -> Generator:
    """What writes on after prompts; all as for `open_scorer`."""
    if _is_address(model):
        return ServedGenerator(_server(model, name, api_key, own=own, told=told))
    return open_weights(model, name=name, api_key=api_key, context=context, told=told)


def open_weights(
    model: str,
    *,
    name: str = "",
    api_key: str = "",
    context: int | None = None,
    told: Callable[[str], None] | None = None,
) -> LocalModel:
    """The weights in a folder or a .gguf file: one object that weighs and writes. Raises ModelError."""
    if name or api_key:
        raise ModelError(
            "the name of a model and a key belong to a server; weights are named by their path alone"
        )
    path = Path(model)
    if not path.exists():
        raise ModelError(
            f"{model}: there is no such file or folder; accepted are a folder of safetensors weights, a .gguf file,"
            " and an address that begins with http:// or https://"
        )
    needs_models(gguf=path.suffix.lower() == ".gguf")
    from countermark.memorization.drivers.local import open_local  # noqa: PLC0415 (loads NumPy; needs the extra)

    return open_local(path, context=context, told=told)


def needs_models(*, gguf: bool = False) -> None:
    """Raise MissingExtraError where the libraries of the extra `models` are not installed; for GGUF, all of them."""
    needed = (*_NEEDED, *_FOR_GGUF) if gguf else _NEEDED
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"weights on this machine need the extra models ({missing[0]} is not installed):"
            " pip install 'countermark[models]'"
        )


def _server(model: str, name: str, api_key: str, *, own: bool, told: Callable[[str], None] | None) -> Server:
    return Server(address_of(model), name=name, key=key_of(api_key), own=own, told=told)


def _is_address(model: str) -> bool:
    return model.lower().startswith(("http://", "https://"))
