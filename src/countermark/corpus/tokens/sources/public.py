"""What is known of public rank files: the tokens that are no text, which such files leave out.

The files are known by their SHA-256: those of OpenAI as the package tiktoken 0.14 states them (`openai_public.py`, with
the special tokens), Qwen's as the package dashscope 2.0.2 carries it (`qwen_tokenizer.py` has the special tokens),
Llama 3's as it is stated with its copies (`tokenizer.py` of llama-models has the special tokens). Read in
November 2026.
"""

from __future__ import annotations

from typing import Final, NamedTuple

_OPENAI_END: Final = "<|endoftext|>"


class Known(NamedTuple):
    """The name of a public tokeniser and its special tokens."""

    name: str
    specials: dict[str, int]


def _qwen() -> dict[str, int]:
    names = [_OPENAI_END, "<|im_start|>", "<|im_end|>", *(f"<|extra_{i}|>" for i in range(205))]
    return {name: 151_643 + position for position, name in enumerate(names)}


def _llama3() -> dict[str, int]:
    names = {0: "<|begin_of_text|>", 1: "<|end_of_text|>", 6: "<|start_header_id|>", 7: "<|end_header_id|>"}
    names |= {9: "<|eot_id|>"}
    return {names.get(i, f"<|special_{i}|>"): 128_000 + i for i in range(256)}


_CL100K: Final = {
    _OPENAI_END: 100_257,
    "<|fim_prefix|>": 100_258,
    "<|fim_middle|>": 100_259,
    "<|fim_suffix|>": 100_260,
    "<|endofprompt|>": 100_276,
}

_KNOWN: Final = {
    "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930": Known("gpt2", {_OPENAI_END: 50_256}),
    "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069": Known(
        "p50k_base", {_OPENAI_END: 50_256}
    ),
    "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7": Known("cl100k_base", _CL100K),
    "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d": Known(
        "o200k_base", {_OPENAI_END: 199_999, "<|endofprompt|>": 200_018}
    ),
    "82e9d31979e92ab929cd544440f129d9ecd797b69e327f80f17e1c50d5551b55": Known("llama3", _llama3()),
    "b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186": Known("qwen", _qwen()),
}


def known(sha256: str) -> Known | None:
    """What is known of a rank file, by its digest; None where it is none of the public ones."""
    return _KNOWN.get(sha256)
