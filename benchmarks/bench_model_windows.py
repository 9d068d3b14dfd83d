"""Windows of 50 + 50 tokens weighed per second, against the bare forward pass of the same batches.

`python benchmarks/bench_model_windows.py` makes random models on the spot (Llama and GPT-2 of 3 layers and 192 columns
with 8,000 words, and a Llama of 6 layers and 384 columns with 32,000 words), cuts one text into windows, and measures
CPU seconds on one thread, in turns: the forward pass alone with the logits of the continuations (`bare`), with all
logits (`bare_all`), our driver from text to result (`driver`), and our driver from tokens on (`network`). It writes
results/model_windows.json with the medians. The rows `-fitted` are of the same model after a few steps of learning on
these windows, so that the tokens of the text stand among the likeliest; `under_top_k` is the share that does.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import cpu_seconds, one_thread, save

one_thread()

import torch  # noqa: E402
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers  # noqa: E402
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM  # noqa: E402

from countermark.memorization.drivers.driver import Query  # noqa: E402
from countermark.memorization.drivers.local import LocalModel, batches, open_local  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

torch.set_num_threads(1)
WINDOW = 50


def words(count: int) -> str:
    """A text of invented words, so that a tokenizer of any size can be made of it."""
    generator = torch.Generator().manual_seed(1)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "is")]
    drawn = torch.randint(len(syllables), (count, 3), generator=generator).tolist()
    return " ".join("".join(syllables[n] for n in word) for word in drawn)


def tokenizer(text: str, size: int) -> Tokenizer:
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=["<s>"], initial_alphabet=alphabet, show_progress=False
    )
    made.train_from_iterator([text], trainer)
    made.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])
    return made


def make(folder: Path, cut: Tokenizer, kind: str, layers: int, wide: int, size: int) -> Path:
    torch.manual_seed(3)
    shared: dict[str, Any] = {"vocab_size": size, "bos_token_id": 0, "eos_token_id": 0}
    model = (
        LlamaForCausalLM(
            LlamaConfig(
                hidden_size=wide,
                intermediate_size=4 * wide,
                num_hidden_layers=layers,
                num_attention_heads=wide // 64,
                max_position_embeddings=512,
                **shared,
            )
        )
        if kind == "llama"
        else GPT2LMHeadModel(
            GPT2Config(n_embd=wide, n_layer=layers, n_head=wide // 64, n_positions=512, **shared)
        )
    )
    model.save_pretrained(str(folder))
    cut.save(str(folder / "tokenizer.json"))
    return folder


def windows(model: LocalModel, text: str, count: int) -> list[Query]:
    """Windows of 50 + 50 tokens, 25 tokens apart."""
    tokens = model.tokens(text)
    found = []
    for at in range(0, 25 * count, 25):
        begin, border, end = tokens[at].start, tokens[at + WINDOW].start, tokens[at + 2 * WINDOW - 1].end
        found.append(Query(text[begin:border], text[border:end]))
    return found


def bare(model: LocalModel, queries: list[Query], *, whole: bool) -> Callable[[], None]:
    """The forward pass of the same batches, prepared as tensors: nothing is measured of its logits."""
    network = model._network  # the very weights that the driver runs
    rows = [model._cutter.row(query) for query in queries]
    prepared = []
    for batch in batches(rows):
        longest = max(len(rows[n].ids) for n in batch) - 1
        ids = torch.tensor([[*rows[n].ids[:-1], *[0] * (longest - len(rows[n].ids) + 1)] for n in batch])
        lowest = 0 if whole else min(rows[n].first for n in batch) - 1
        prepared.append((ids, torch.arange(lowest, ids.shape[1])))

    def run() -> None:
        with torch.inference_mode():
            for ids, keep in prepared:
                network.model(input_ids=ids, use_cache=False, logits_to_keep=keep)

    return run


def network_alone(model: LocalModel, queries: list[Query]) -> Callable[[], None]:
    rows = [model._cutter.row(query) for query in queries]

    def run() -> None:
        for batch in batches(rows):
            model._network.weigh([rows[n].ids for n in batch], [rows[n].first for n in batch])

    return run


def measured(model: LocalModel, queries: list[Query], rounds: int) -> dict[str, Any]:
    """Medians of CPU seconds, each round in turns, so that a busy machine is busy for all."""
    works: dict[str, Callable[[], Any]] = {
        "bare": bare(model, queries, whole=False),
        "bare_all": bare(model, queries, whole=True),
        "driver": lambda: model.logprobs(queries),
        "network": network_alone(model, queries),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(cpu_seconds(work)[0])
    medians = {name: statistics.median(times) for name, times in taken.items()}
    ratios = [one / other for one, other in zip(taken["driver"], taken["bare"], strict=True)]
    inside = [number > float("-inf") for one in model.logprobs(queries) for number in one.top or ()]
    return {
        **{f"{name}_cpu_s": round(seconds, 4) for name, seconds in medians.items()},
        "windows_per_cpu_s": round(len(queries) / medians["driver"], 1),
        "driver_over_bare": round(statistics.median(ratios), 3),
        "driver_over_bare_all": round(medians["driver"] / medians["bare_all"], 3),
        "under_top_k": round(sum(inside) / len(inside), 3),
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--windows", type=int, default=40)
    asked.add_argument("--rounds", type=int, default=7)
    given = asked.parse_args()
    text = words(8_000)
    found: dict[str, Any] = {}
    shapes = [("llama", 3, 192, 8_000), ("gpt2", 3, 192, 8_000), ("llama", 6, 384, 32_000)]
    for kind, layers, wide, size in shapes:
        cut = tokenizer(text, size)
        with tempfile.TemporaryDirectory() as folder:
            model = open_local(make(Path(folder), cut, kind, layers, wide, size))
        queries = windows(model, text, given.windows)
        name = f"{kind}-{layers}x{wide}-{size}"
        found[name] = measured(model, queries, given.rounds)
        if kind == "llama":
            found[f"{name}-fitted"] = measured(fitted(model, queries), queries, given.rounds)
        print(name, found[name], flush=True)
    save(
        "model_windows",
        {"windows": given.windows, "rounds": given.rounds, "threads": 1, "models": found},
        packages=("torch", "transformers", "tokenizers", "numpy"),
    )


def fitted(model: LocalModel, queries: list[Query]) -> LocalModel:
    """The same model after some steps on these very windows."""
    network = model._network
    rows = [model._cutter.row(query) for query in queries]
    steps = torch.optim.AdamW(network.model.parameters(), lr=3e-3)
    ids = torch.tensor([list(row.ids[:96]) for row in rows])
    for _ in range(12):
        for part in ids.split(32):
            network.model(input_ids=part, labels=part).loss.backward()
            steps.step()
            steps.zero_grad()
    network.model.eval()
    return model


if __name__ == "__main__":
    main()
