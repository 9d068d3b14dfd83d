"""Weights on this machine, through transformers: a folder of safetensors, or one GGUF file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.errors import ModelError
from countermark.memorization.drivers.conversion import converted
from countermark.memorization.drivers.cutting import Cutter
from countermark.memorization.drivers.digests import digest_file, digest_files
from countermark.memorization.drivers.driver import Completion, ModelIdentity, Scored
from countermark.memorization.drivers.network import Network
from countermark.memorization.drivers.weights import look_over
from countermark.memorization.drivers.writing import write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from countermark.memorization.drivers.cutting import Row
    from countermark.memorization.drivers.driver import Decoding, Query, Token
    from countermark.memorization.drivers.network import Weighed
    from countermark.memorization.drivers.weights import Weights

DRIVER: Final = "transformers"
_BATCH: Final = 2048  # tokens, with padding, of one forward pass


class LocalModel:
    """A Scorer and a Generator. Float32, no padding that the model can see, the same answer to the same call.

    A row's last digits may differ (about 1e-5) with the rows weighed beside it, as the order of sums does.
    """

    hosted = False

    def __init__(
        self, weights: Weights, identity: ModelIdentity, context: int | None, device: str = "cpu"
    ) -> None:
        self._identity = identity
        self._network = Network(weights, device)
        self._cutter = Cutter(weights.tokenizer, _start(weights), _context(self._network.context, context))
        self._ends = _ends(self._network.model)

    @property
    def identity(self) -> ModelIdentity:
        """Name of the folder or file, and the digest of its files."""
        return self._identity

    def tokens(self, text: str) -> list[Token]:
        """How the model cuts a text."""
        return self._cutter.tokens(text)

    def logprobs(self, queries: Sequence[Query]) -> list[Scored]:
        """The log-probabilities of each continuation, in order. An empty continuation has no tokens."""
        rows = [self._cutter.row(query) for query in queries]
        found: list[Scored | None] = [None] * len(rows)
        for batch in batches(rows):
            weighed = self._network.weigh([rows[n].ids for n in batch], [rows[n].first for n in batch])
            for n, one in zip(batch, weighed, strict=True):
                found[n] = _scored(rows[n], one)
        return [one if one is not None else Scored((), (), (), best=()) for one in found]

    def complete(self, prompts: Sequence[str], decoding: Decoding) -> list[list[Completion]]:
        """The prompt is continued as it stands: no chat template, no penalties of the model's own settings."""
        return [self._completed(prompt, decoding) for prompt in prompts]

    def _completed(self, prompt: str, decoding: Decoding) -> list[Completion]:
        ids = self._cutter.prompt(prompt, decoding.tokens)
        found = []
        for one in write(self._network, ids, decoding, self._ends, prompt):
            text, places = self._cutter.written(ids, one.ids)
            found.append(Completion(text, one.why, places, tuple(one.logprobs)))
        return found


def open_local(
    path: Path,
    *,
    context: int | None = None,
    cache: Path | None = None,
    told: Callable[[str], None] | None = None,
    device: str = "cpu",
) -> LocalModel:
    """The model of a folder or a GGUF file. Raises ModelError.

    A GGUF file is converted once; `cache` and `told` are as for `conversion.converted`. Its digest is of the GGUF file.
    """
    if path.is_dir():
        weights = look_over(path)
        digest = digest_files(weights.files)
    elif path.suffix.lower() == ".gguf":
        weights = look_over(converted(path, cache, told))
        digest = "sha256:" + digest_file(path)
    else:
        raise ModelError(
            f"{path}: not a model; accepted are a folder of safetensors weights and a .gguf file"
        )
    return LocalModel(weights, ModelIdentity(path.resolve().name, digest, DRIVER), context, device)


def batches(rows: Sequence[Row]) -> list[list[int]]:
    """The numbers of the rows that are not empty, longest together, so that little is padded."""
    order = sorted((n for n, row in enumerate(rows) if row.ids), key=lambda n: (-len(rows[n].ids), n))
    found: list[list[int]] = []
    for n in order:
        if found and (len(found[-1]) + 1) * len(rows[found[-1][0]].ids) <= _BATCH:
            found[-1].append(n)
        else:
            found.append([n])
    return found


def _scored(row: Row, one: Weighed) -> Scored:
    return Scored(row.tokens, tuple(one.logprobs), tuple(one.top), row.left_out, tuple(one.best))


def _context(own: int | None, asked: int | None) -> int | None:
    if asked is not None and asked < 2:
        raise ModelError(f"a context of {asked} tokens is too small; at least 2")
    if own is not None and asked is not None and asked > own:
        raise ModelError(f"a context of {asked} tokens was asked for; this model has {own}")
    return asked if asked is not None else own


def _start(weights: Weights) -> int | None:
    """The id that stands for the beginning of a text, from config.json."""
    given = weights.config.get("bos_token_id")
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _ends(model: Any) -> frozenset[int]:
    """The ids after which the model has ended."""
    found: set[int] = set()
    for config in (model.generation_config, model.config):
        given = getattr(config, "eos_token_id", None)
        found.update(given if isinstance(given, list) else [] if given is None else [given])
    return frozenset(found)
