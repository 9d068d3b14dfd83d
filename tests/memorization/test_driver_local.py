"""The transformers driver on small random models made here: numbers, places, limits, chance."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("torch", reason="needs the extra [models]")
pytest.importorskip("transformers", reason="needs the extra [models]")

from countermark.errors import ModelError
from countermark.memorization.drivers import network as networks
from countermark.memorization.drivers.cutting import Row
from countermark.memorization.drivers.driver import Decoding, Query
from countermark.memorization.drivers.local import LocalModel, batches, open_local
from countermark.memorization.drivers.opening import open_generator, open_scorer
from countermark.memorization.drivers.self_test import EXACT, self_test
from memorization import tiny_models

if TYPE_CHECKING:
    from pathlib import Path

QUERIES = [
    Query("The baker counts the loaves", " before the shop opens, and the river is grey"),
    Query("L’été dernier, le mus", "ée a rouvert ses portes à Évreux ; 🎉 !"),
    Query("", "Nineteen letters"),
    Query("Nineteen letters\n\n", "\n  were kept <s> in a tin box "),
    Query("a", ""),
]


@pytest.fixture(scope="module", params=["llama", "gpt2"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random model of each of the two architectures."""
    return tiny_models.make(tmp_path_factory.mktemp(request.param), llama=request.param == "llama")


def plainly(model: LocalModel, query: Query) -> tuple[list[float], list[float], list[bool]]:
    """The same numbers by the model's own forward pass, one query at a time, with a full sort."""
    import torch

    row = model._cutter.row(query)
    with torch.inference_mode():
        logits = model._network.model(input_ids=torch.tensor([row.ids])).logits[0].double()
    logprobs, top, best = [], [], []
    for place in range(row.first, len(row.ids)):
        found = logits[place - 1].log_softmax(0)
        kept = found.sort(descending=True).values[:40]
        own = float(found[row.ids[place]])
        logprobs.append(own)
        top.append(own - float(kept.logsumexp(0)) if own >= float(kept[-1]) else -math.inf)
        best.append(own == float(kept[0]))
    return logprobs, top, best


def test_the_numbers_are_those_of_the_model(folder: Path) -> None:
    """Batched, padded and projected in pieces, against one plain forward pass for each."""
    model = open_local(folder)
    queries = [*QUERIES[:-1], Query("The", tiny_models.TEXT[3:270])]
    inside = 0
    for query, scored in zip(queries, model.logprobs(queries), strict=True):
        logprobs, top, best = plainly(model, query)
        assert scored.logprobs == pytest.approx(logprobs, abs=1e-4)
        assert scored.top == pytest.approx(top, abs=1e-4)
        assert scored.best == tuple(best)
        inside += sum(map(math.isfinite, top))
    assert inside > 2


def test_the_same_call_gives_the_same_bytes(folder: Path) -> None:
    """Twice, and after another opening."""
    first = open_local(folder).logprobs(QUERIES)
    assert open_local(folder).logprobs(QUERIES) == first


def test_pieces_and_whole_logits_agree(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An architecture whose logits are not a bare projection goes another way to the same numbers, in small passes."""
    usual = open_local(folder).logprobs(QUERIES)
    monkeypatch.setattr(networks, "_PLACES", 2000)  # five places a piece
    pieces = open_local(folder).logprobs(QUERIES)
    monkeypatch.setattr(networks.Network, "_separate_head", lambda _: None)
    monkeypatch.setattr(networks, "_WHOLE", 20_000)
    whole = open_local(folder).logprobs(QUERIES)
    for one, other, third in zip(usual, pieces, whole, strict=True):
        assert one.logprobs == pytest.approx(other.logprobs, abs=1e-4)
        assert one.logprobs == pytest.approx(third.logprobs, abs=1e-4)


def test_places_cover_the_text(folder: Path) -> None:
    """Spaces belong to tokens, also for tokenizers that trim them; special names in a text are text."""
    model = open_local(folder)
    text = "The baker\n\n counts, été 🎉 <s> "
    tokens = model.tokens(text)
    covered = {at for start, end in tokens for at in range(start, end)}
    assert covered == set(range(len(text)))
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    scored = model.logprobs([Query("The ", text[4:])])[0]
    assert scored.tokens[0].start == 0
    assert scored.tokens[-1].end == len(text) - 4
    assert model.tokens("") == []


def test_a_token_across_the_border_is_weighed(folder: Path) -> None:
    """From the continuation's first character; its parts in the prefix are counted too."""
    model = open_local(folder)
    whole = next(token for token in model.tokens("The baker counts") if token.start == 3)
    scored = model.logprobs([Query("The bak", "er counts")])[0]
    assert scored.tokens[0] == (0, whole.end - 7)


def test_a_prefix_too_long_is_cut_from_the_left(folder: Path) -> None:
    """And counted; the numbers are those of what is left."""
    model = open_local(folder, context=24)
    prefix, continuation = tiny_models.TEXT[:300], " before the shop"
    scored = model.logprobs([Query(prefix, continuation)])[0]
    assert scored.left_out > 0
    row = model._cutter.row(Query(prefix, continuation))
    assert len(row.ids) == 24
    assert scored.logprobs == pytest.approx(plainly(model, Query(prefix, continuation))[0], abs=1e-4)


def test_limits_are_told(folder: Path) -> None:
    """A continuation or a prompt that does not fit, and a context that the model does not have."""
    model = open_local(folder, context=12)
    with pytest.raises(ModelError, match="longer than the context of 12 tokens"):
        model.logprobs([Query("The", tiny_models.TEXT[:200])])
    with pytest.raises(ModelError, match="more than the context of 12"):
        model.complete(["The baker"], Decoding(12))
    with pytest.raises(ModelError, match="this model has 128"):
        open_local(folder, context=4096)
    with pytest.raises(ModelError, match="too small"):
        open_local(folder, context=1)


def test_chance_is_repeatable(folder: Path) -> None:
    """A sample depends on seed, number and prompt alone."""
    model = open_local(folder)
    decoding = Decoding(8, temperature=1.0, top_k=40, samples=3, seed=11)
    first, second = model.complete(["The baker", "Nineteen"], decoding)
    assert model.complete(["Nineteen"], decoding) == [second]
    assert len({one.text for one in first}) > 1
    assert model.complete(["The baker"], Decoding(8, temperature=1.0, seed=12, samples=1))[0][0] != first[0]
    assert all(len(one.tokens) == len(one.logprobs) for one in first)
    assert all(number <= 0 for one in first for number in one.logprobs)


def test_top_k_of_one_is_greedy(folder: Path) -> None:
    """The rule of decoding is kept exactly."""
    model = open_local(folder)
    greedy = model.complete(["The baker"], Decoding(8, samples=2))[0]
    assert greedy[0] == greedy[1]
    assert model.complete(["The baker"], Decoding(8, temperature=1.0, top_k=1, seed=3))[0][0] == greedy[0]


def test_the_tokens_that_end_a_text(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops there, and the end is not of the text."""
    model = open_local(folder)
    whole = model.complete(["The baker"], Decoding(4))[0][0]
    row = model._cutter.prompt("The baker", 4)
    first = int(model._network.following(model._network.tensor([row]), None)[0].argmax())
    monkeypatch.setattr(model, "_ends", frozenset([first]))
    ended = model.complete(["The baker"], Decoding(4))[0][0]
    assert whole.why == "length"
    assert (ended.text, ended.why, ended.tokens) == ("", "stop", ())


def test_weights_that_know_fewer_tokens(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tokenizer of another model is told, not an index error."""
    model = open_local(folder)
    monkeypatch.setattr(model._network, "vocabulary", 100)
    with pytest.raises(ModelError, match="do not belong together"):
        model.logprobs(QUERIES)


@pytest.mark.slow
def test_a_model_that_learnt_passes_the_self_test(tmp_path: Path) -> None:
    """On a text that it was given often, in memory, so that what it writes is cut alike when it is read back."""
    import torch
    from transformers import LlamaForCausalLM

    folder = tiny_models.make(tmp_path, initializer_range=0.02)
    cut = tiny_models.tokenizer(llama=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LlamaForCausalLM.from_pretrained(str(folder), dtype=torch.float32)
    ids = torch.tensor([cut.encode(tiny_models.TEXT).ids[:120]])
    steps = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(60):
        model(input_ids=ids, labels=ids).loss.backward()
        steps.step()
        steps.zero_grad()
    model.save_pretrained(str(folder))
    scorer, generator = open_scorer(str(folder)), open_generator(str(folder))
    result = self_test(scorer, generator)
    assert result.tolerance == EXACT
    assert result.noise is not None
    assert result.noise < EXACT
    assert result.untested == ()
    assert {"echo equals generation", "greedy", "shuffled"} <= {check.name for check in result.checks}


def test_the_largest_without_a_full_sort() -> None:
    """The same values as a sort gives, for any width."""
    import torch

    for width in (30, 40, 41, 160, 399, 400, 1999, 8000):
        logits = torch.randn(7, width, generator=torch.Generator().manual_seed(width))
        found = networks.largest(torch, logits, 40).sort(1, descending=True).values
        assert torch.equal(found, logits.sort(1, descending=True).values[:, :40])


def test_batches_are_bounded_and_whole() -> None:
    """Every row that is not empty once, longest first."""
    rows = [Row(tuple(range(length)), 1, (), 0) for length in (5, 0, 900, 30, 900, 900, 2)]
    found = batches(rows)
    assert [n for batch in found for n in batch] == [2, 4, 5, 3, 0, 6]
    assert found[0] == [2, 4]


def test_damaged_numbers_are_told(tmp_path: Path) -> None:
    """Weights with NaN give no log-probabilities."""
    from safetensors.torch import load_file, save_file

    folder = tiny_models.make(tmp_path)
    weights: dict[str, Any] = load_file(str(folder / "model.safetensors"))
    weights["model.norm.weight"][:] = math.nan
    save_file(weights, str(folder / "model.safetensors"), metadata={"format": "pt"})
    with pytest.raises(ModelError, match="not finite"):
        open_local(folder).logprobs(QUERIES)
