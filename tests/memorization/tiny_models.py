"""Small random transformers with a tokenizer of their own, made on the spot."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    "The baker counts the loaves before the shop opens, and the river is grey under the bridge. "
    "L’été dernier, le musée a rouvert ses portes à Évreux ; personne n’était là. "
    "Nineteen letters were kept in a tin box, and nobody had read them since the winter of the flood. "
) * 3


def tokenizer(*, llama: bool, words: int = 400) -> Any:
    """A byte-level BPE tokenizer; as of GPT-2 (places trimmed of spaces) or with a beginning of text as of Llama."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=words,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator([TEXT], trainer)
    if llama:
        made.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])
    else:
        made.post_processor = processors.ByteLevel(trim_offsets=True)
    return made


def make(folder: Path, *, llama: bool = True, context: int = 128, **more: Any) -> Path:
    """Save a random model of two layers with its tokenizer in `folder`."""
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the library says of itself while it is loaded
        from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM
    torch.manual_seed(7)
    cut = tokenizer(llama=llama)
    shared = {"vocab_size": 400, "bos_token_id": 0, "eos_token_id": 1, "initializer_range": 0.4, **more}
    if llama:
        model = LlamaForCausalLM(
            LlamaConfig(
                hidden_size=32,
                intermediate_size=64,
                num_hidden_layers=2,
                num_attention_heads=2,
                max_position_embeddings=context,
                **shared,
            )
        )
    else:
        model = GPT2LMHeadModel(GPT2Config(n_embd=32, n_layer=2, n_head=2, n_positions=context, **shared))
    model.save_pretrained(str(folder))
    cut.save(str(folder / "tokenizer.json"))
    return folder
