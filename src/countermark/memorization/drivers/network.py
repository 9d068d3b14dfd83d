"""A causal transformer on this machine: rows of ids in, logits of the wanted places out, in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.errors import ModelError
from countermark.memorization.drivers.driver import TOP_K

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.drivers.weights import Weights

_PLACES: Final = 1 << 22  # logits (float32) of one piece of the vocabulary projection: 16 MiB
_WHOLE: Final = 1 << 26  # logits of one forward pass where they cannot be cut into pieces: 256 MiB
_ALIKE: Final = 1e-4  # how far the two ways to the same logits may differ


class Weighed(NamedTuple):
    """For each wanted token: its log-probability, that under top-k (-inf outside), and whether it was most probable."""

    logprobs: list[float]
    top: list[float]
    best: list[bool]


class Network:
    """The weights, in float32, for inference only. `context` is None where the architecture knows no limit."""

    def __init__(self, weights: Weights, device: str = "cpu") -> None:
        import torch  # noqa: PLC0415 (an extra)

        self._torch = torch
        self._device = device
        self.model = load(weights, device)
        config = self.model.config.get_text_config()
        self.context: int | None = getattr(config, "max_position_embeddings", None)
        self.vocabulary = int(self.model.get_input_embeddings().weight.shape[0])
        self._head = self._separate_head()

    def weigh(self, rows: Sequence[Sequence[int]], firsts: Sequence[int]) -> list[Weighed]:
        """The tokens `row[first:]` of each row, each given all before it. `first` is at least 1."""
        self._check(rows)
        wanted = sum(len(row) - first for row, first in zip(rows, firsts, strict=True))
        if self._head is None and len(rows) > 1 and wanted * self.vocabulary > _WHOLE:
            half = len(rows) // 2
            return self.weigh(rows[:half], firsts[:half]) + self.weigh(rows[half:], firsts[half:])
        with self._torch.inference_mode():
            return self._measured(rows, firsts)

    def following(self, ids: Any, memory: Any) -> tuple[Any, Any]:
        """Logits (rows, vocabulary) after the last of `ids` (rows, tokens), and what to hand in for the next ones."""
        with self._torch.inference_mode():
            said = self.model(input_ids=ids, past_key_values=memory, use_cache=True, logits_to_keep=1)
        return said.logits[:, -1, :].float(), said.past_key_values

    def tensor(self, rows: Sequence[Sequence[int]]) -> Any:
        """Rows of one length, as the model takes them."""
        self._check(rows)
        return self._torch.tensor([list(row) for row in rows], dtype=self._torch.long, device=self._device)

    def _measured(self, rows: Sequence[Sequence[int]], firsts: Sequence[int]) -> list[Weighed]:
        """One forward pass, and the projection of the wanted places only, piece by piece."""
        torch = self._torch
        longest = max(len(row) for row in rows) - 1  # nothing is asked after the last token
        ids = self.tensor([[*row[:-1], *[0] * (longest - len(row) + 1)] for row in rows])
        lowest = min(firsts) - 1
        states, project = self._states(ids, lowest)
        lines = [n for n, row in enumerate(rows) for _ in range(firsts[n], len(row))]
        places = [at - 1 - lowest for n, row in enumerate(rows) for at in range(firsts[n], len(row))]
        targets = torch.tensor([token for n, row in enumerate(rows) for token in row[firsts[n] :]])
        chosen = states[torch.tensor(lines), torch.tensor(places)]
        size = max(1, _PLACES // self.vocabulary)
        pieces = [
            measure(torch, project(chosen[at : at + size]), targets[at : at + size].to(self._device))
            for at in range(0, len(targets), size)
        ]
        return _split(pieces, [len(row) - first for row, first in zip(rows, firsts, strict=True)])

    def _states(self, ids: Any, lowest: int) -> tuple[Any, Any]:
        """What stands at the places from `lowest` on, and what makes logits of it.

        Padding stands right of all that is asked for, where a causal model cannot see it: no mask is needed.
        """
        if self._head is not None:
            hidden = self.model.base_model(input_ids=ids, use_cache=False).last_hidden_state
            return hidden[:, lowest:], self._head
        keep = self._torch.arange(lowest, ids.shape[1], device=self._device)
        return self.model(
            input_ids=ids, use_cache=False, logits_to_keep=keep
        ).logits, lambda logits: logits.float()

    def _separate_head(self) -> Any:
        """The vocabulary projection, where it alone leads from the hidden states to the logits: tried, not assumed.

        Some architectures scale or cap logits after it; those go through the model's own forward pass.
        """
        torch, head = self._torch, self.model.get_output_embeddings()
        if head is None:
            return None
        ids = torch.arange(1, 1 + min(8, self.vocabulary - 1), device=self._device)[None]
        with torch.inference_mode():
            own = self.model(input_ids=ids, use_cache=False).logits.float()
            hidden = self.model.base_model(input_ids=ids, use_cache=False).last_hidden_state
            same = hidden.shape[-1] == head.weight.shape[-1] and torch.allclose(
                head(hidden).float(), own, rtol=_ALIKE, atol=_ALIKE
            )
        return head if same else None

    def _check(self, rows: Sequence[Sequence[int]]) -> None:
        highest = max(max(row, default=0) for row in rows)
        if highest >= self.vocabulary:
            raise ModelError(
                f"the tokenizer gives the token {highest}, the weights know {self.vocabulary}: they do not belong"
                " together"
            )


def load(weights: Weights, device: str) -> Any:
    """The model of a folder: safetensors, nothing from the network, no code of its own. Raises ModelError."""
    import torch  # noqa: PLC0415 (extras)
    from transformers import AutoModelForCausalLM  # noqa: PLC0415

    quiet()
    try:
        model, told = AutoModelForCausalLM.from_pretrained(
            str(weights.folder),
            dtype=torch.float32,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
    except Exception as error:  # whatever the library raises for an unknown or damaged model
        raise ModelError(
            f"{weights.folder}: transformers cannot load this model: {_one_line(error)}"
        ) from error
    lost = sorted(told["missing_keys"]) + sorted(str(key) for key in told["mismatched_keys"])
    if lost:
        raise ModelError(
            f"{weights.folder}: {len(lost)} tensors are missing or of another shape ({lost[0]}): not whole"
        )
    return model.to(device).eval()


def quiet() -> None:
    """Keep the library's progress bars and notes out of the answers of a command."""
    from transformers.utils import logging  # noqa: PLC0415 (an extra)

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def measure(torch: Any, logits: Any, targets: Any) -> Weighed:
    """`logits` (places, vocabulary) are used up. Raises ModelError where they are no numbers."""
    highest = largest(torch, logits, TOP_K)
    at = logits.gather(1, targets[:, None])[:, 0]
    most = highest.amax(1, keepdim=True)
    inside = at >= highest.amin(1)
    under_k = torch.where(inside, at - highest.logsumexp(1), -torch.inf)
    whole = logits.sub_(most).exp_().sum(1).log_().add_(most[:, 0])
    if not bool(torch.isfinite(whole).all()):
        raise ModelError("the weights give logits that are not finite: damaged, or not made for float32")
    logprobs = (at - whole).clamp_(max=0.0)
    return Weighed(logprobs.tolist(), under_k.clamp(max=0.0).tolist(), (at >= most[:, 0]).tolist())


def largest(torch: Any, logits: Any, count: int) -> Any:
    """The `count` largest of each row, in any order: exactly those of a full sort, from far fewer comparisons.

    Columns are dealt into groups; a value among the largest lies in a group whose maximum is among the largest maxima,
    so only that many groups are looked through.
    """
    rows, width = logits.shape
    size = max(1, int((width / count) ** 0.5))
    groups = width // size
    if size == 1 or groups <= count:
        return logits.topk(min(count, width), dim=1, sorted=False).values
    even = logits[:, : size * groups].view(rows, size, groups)
    chosen = even.amax(1).topk(count, dim=1, sorted=False).indices
    likely = even.gather(2, chosen[:, None, :].expand(rows, size, count)).flatten(1)
    rest = logits[:, size * groups :]
    if rest.shape[1]:
        likely = torch.cat((likely, rest), 1)
    return likely.topk(count, dim=1, sorted=False).values


def _split(pieces: list[Weighed], lengths: list[int]) -> list[Weighed]:
    """The measures of all rows one after another, by row."""
    logprobs = [value for piece in pieces for value in piece.logprobs]
    top = [value for piece in pieces for value in piece.top]
    best = [value for piece in pieces for value in piece.best]
    found, at = [], 0
    for length in lengths:
        part = slice(at, at + length)
        found.append(Weighed(logprobs[part], top[part], best[part]))
        at += length
    return found


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
