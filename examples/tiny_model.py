"""Train a tiny language model on text files, on one core, in minutes: something to try traps and extraction on.

The model is a causal transformer of three layers with a tokenizer made from the same texts, both from nothing. It is
saved as safetensors with a tokenizer.json: a folder that `countermark trap` and `countermark extract` open as --model.
It writes no sense; what it learnt by heart can be measured all the same. Needs the extra `models` (torch,
transformers, tokenizers). The same files and seed give the same weights on the same machine, unless --minutes ends it.

    python examples/tiny_model.py books/ -o models/tiny
    python examples/tiny_model.py books/ --repeat traps/copies/web 32 --seed 7 -o models/planted

Texts are UTF-8 files (.txt, .md) or folders of such. --repeat gives the files of a folder several times in each pass,
spread over it: so often is the model exposed to them.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ENDINGS = {".txt", ".md"}
PIECE = 4000  # characters; longer files are cut between paragraphs, so that repeated ones can stand between
BLOCK = 256  # tokens that the model sees at once
BATCH = 4  # blocks to a step
START = "<s>"  # stands before each piece
LEARNING_RATE = 2e-3
WARM_UP = 0.05  # share of the steps
LARGEST = 1 << 30  # bytes of text; far more than a core can learn from in a day


@dataclass(frozen=True)
class Shape:
    """What is built: layers, width, and the size of the vocabulary."""

    layers: int = 3
    width: int = 192
    vocabulary: int = 4096


@dataclass(frozen=True)
class Bounds:
    """How long it learns: so many passes over all texts, ended early after so many minutes (None: never)."""

    passes: int = 1
    minutes: float | None = None


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The text files of files and folders, in the order of their names. Stops with a message where there are none."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            sys.exit(f"{path}: does not exist; give text files (.txt, .md) or folders of them")
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        texts = [file for file in inside if file.is_file() and file.suffix.lower() in ENDINGS]
        if not texts:
            sys.exit(f"{path}: holds no text; accepted are files that end in .txt or .md")
        passed_over = sum(file.is_file() for file in inside) - len(texts)
        if passed_over:
            print(
                f"{path}: {passed_over:,} files that are neither .txt nor .md are not read", file=sys.stderr
            )
        found += texts
    return found


def read(path: Path) -> str:
    """The text of a file. Stops with a message where it is no UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        sys.exit(f"{path}: is no UTF-8 (byte {error.start:,}); save it as UTF-8 first")
    except OSError as error:
        sys.exit(f"{path}: cannot be read: {error.strerror}")


def pieces_of(text: str) -> list[str]:
    """A text in pieces of about equal length, each of whole paragraphs and hardly longer than PIECE."""
    wanted = len(text) / max(1, math.ceil(len(text) / PIECE))
    pieces = [""]
    for paragraph in text.split("\n\n"):
        if pieces[-1] and len(pieces[-1]) + len(paragraph) / 2 > wanted:
            pieces.append("")
        pieces[-1] += ("\n\n" if pieces[-1] else "") + paragraph
    return [piece for piece in pieces if piece.strip()]


def gathered(once: Sequence[Path], repeated: Sequence[tuple[Path, int]]) -> list[tuple[str, int]]:
    """Each piece, and how often a pass gives it."""
    lists = [(files_of(once), 1), *((files_of([path]), times) for path, times in repeated)]
    files = [(file, times) for named, times in lists for file in named]
    size = sum(file.stat().st_size for file, _ in files)
    if size > LARGEST:
        sys.exit(f"{size:,} bytes of text; up to {LARGEST:,} are accepted")
    pieces = [(piece, times) for file, times in files for piece in pieces_of(read(file))]
    if not pieces:
        sys.exit("the texts are empty")
    return pieces


def make_tokenizer(texts: Sequence[str], vocabulary: int) -> Any:
    """A byte-level BPE tokenizer: any text can be spelled with it, and comes back as it was."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers  # noqa: PLC0415

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    made.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=vocabulary, special_tokens=[START], initial_alphabet=alphabet, show_progress=False
        ),
    )
    made.post_processor = processors.TemplateProcessing(single=f"{START} $A", special_tokens=[(START, 0)])
    return made


def make_model(shape: Shape, vocabulary: int, seed: int) -> Any:
    """A Llama of that shape with drawn weights."""
    import torch  # noqa: PLC0415
    from transformers import LlamaConfig, LlamaForCausalLM  # noqa: PLC0415

    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=shape.width,
        intermediate_size=8 * shape.width // 3,
        num_hidden_layers=shape.layers,
        num_attention_heads=max(1, shape.width // 64),
        max_position_embeddings=BLOCK,
        tie_word_embeddings=True,
        bos_token_id=0,
        eos_token_id=0,
    )
    return LlamaForCausalLM(config)


def blocks_of(ids: Sequence[tuple[list[int], int]], passes: int, seed: int) -> Iterator[list[int]]:
    """What is learnt from, block by block: in each pass every piece as often as wished, in drawn order."""
    order = random.Random(seed)  # noqa: S311  an order, no secret
    places = [place for place, (_, times) in enumerate(ids) for _ in range(times)]
    waiting: list[int] = []
    whole = False
    for _ in range(passes):
        order.shuffle(places)
        for place in places:
            waiting += ids[place][0]
            while len(waiting) >= BLOCK:
                yield waiting[:BLOCK]
                waiting, whole = waiting[BLOCK:], True
    if not whole:
        yield waiting  # texts of less than one block


def rate_at(step: int, steps: int) -> float:
    """The learning rate: up in a line, then down along half a cosine to a tenth."""
    warm = max(1, round(WARM_UP * steps))
    if step < warm:
        return LEARNING_RATE * (step + 1) / warm
    left = 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))
    return LEARNING_RATE * (0.1 + 0.9 * left)


def learn(
    model: Any, blocks: Iterator[list[int]], steps: int, minutes: float | None, tell: Callable[..., None]
) -> int:
    """One step for each BATCH of blocks; returns the steps that were done."""
    import torch  # noqa: PLC0415

    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.95), weight_decay=0.01)
    begin = time.monotonic()
    model.train()
    for step in range(steps):
        if minutes is not None and time.monotonic() - begin > 60 * minutes:
            return step
        rows = torch.tensor(list(itertools.islice(blocks, BATCH)))
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, steps)
        loss = model(input_ids=rows, labels=rows, use_cache=False).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        tell(step + 1, steps, float(loss.detach()), time.monotonic() - begin)
    return steps


def teller(stream: Any = sys.stderr) -> Callable[[int, int, float, float], None]:
    """Says how far it is: on a terminal always on the same line, else twenty times in all."""
    smooth: list[float] = []

    def tell(step: int, steps: int, loss: float, seconds: float) -> None:
        smooth.append(loss)
        terminal = stream.isatty()
        if not terminal and step % max(1, steps // 20) and step != steps:
            return
        recent = sum(smooth[-20:]) / len(smooth[-20:])
        left = int(seconds / step * (steps - step))
        speed = step * BATCH * BLOCK / max(seconds, 1e-9)
        said = f"step {step:,} of {steps:,}, loss {recent:.2f}, {speed:,.0f} tokens/s"
        ends = "\r" if terminal and step != steps else "\n"
        print(f"{said}, {left // 60}:{left % 60:02} left   ", end=ends, file=stream, flush=True)

    return tell


def train(
    pieces: Sequence[tuple[str, int]],
    out: Path,
    seed: int = 0,
    shape: Shape = Shape(),
    bounds: Bounds = Bounds(),
    tell: Callable[..., None] = lambda *_: None,
) -> dict[str, Any]:
    """Train a model on pieces of text with how often each is given, and save it; returns what was done."""
    try:
        import torch  # noqa: PLC0415
        from transformers.utils import logging  # noqa: PLC0415
    except ImportError as error:
        sys.exit(f"{error}; install the extra: pip install 'countermark[models]'")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        sys.exit(f"{out}: stands there already; a model is not written over, give another -o")
    torch.set_num_threads(1)  # sums are then always taken in the same order
    logging.disable_progress_bar()
    tokenizer = make_tokenizer([piece for piece, _ in pieces], shape.vocabulary)
    ids = [(tokenizer.encode(piece).ids, times) for piece, times in pieces]
    tokens = bounds.passes * sum(len(piece) * times for piece, times in ids)
    steps = max(1, math.ceil(tokens // BLOCK / BATCH))
    model = make_model(shape, tokenizer.get_vocab_size(), seed)
    done = learn(model, blocks_of(ids, bounds.passes, seed), steps, bounds.minutes, tell)
    model.save_pretrained(str(out))
    tokenizer.save(str(out / "tokenizer.json"))
    parameters = sum(weights.numel() for weights in model.parameters())
    learnt = min(tokens, done * BATCH * BLOCK)
    return {"parameters": parameters, "tokens": learnt, "steps": done, "whole": done == steps}


def bounded(low: float, high: float, kind: Callable[[str], float] = int) -> Callable[[str], Any]:
    """A number from low to high, for argparse."""

    def number(text: str) -> float:
        value = kind(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text} is not between {low:g} and {high:g}")
        return value

    return number


def asked() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", nargs="+", type=Path, help="text files or folders, given once in each pass")
    parser.add_argument(
        "--repeat",
        nargs=2,
        action="append",
        default=[],
        metavar=("TEXTS", "N"),
        help="given N times in each pass",
    )
    parser.add_argument("--passes", type=bounded(1, 10_000), default=1, help="over all texts (1)")
    parser.add_argument(
        "--minutes", type=bounded(0.01, 10_000, float), help="end after so many, wherever it is"
    )
    parser.add_argument("--seed", type=bounded(0, 2**32 - 1), default=0)
    parser.add_argument("--layers", type=bounded(1, 48), default=Shape.layers)
    parser.add_argument(
        "--width", type=bounded(16, 4096), default=Shape.width, help="a multiple of 64, or less (192)"
    )
    parser.add_argument(
        "--vocabulary", type=bounded(300, 100_000), default=Shape.vocabulary, help="tokens (4096)"
    )
    parser.add_argument("-o", "--out", type=Path, required=True, help="a folder that does not exist yet")
    given = parser.parse_args()
    if (given.width % 64 and given.width > 64) or given.width % 2:
        parser.error(f"--width {given.width}: accepted are multiples of 64, and even numbers below")
    given.repeat = list(_repeated(parser, given.repeat))
    return given


def _repeated(parser: argparse.ArgumentParser, pairs: Sequence[Sequence[str]]) -> Iterator[tuple[Path, int]]:
    for path, times in pairs:
        if not times.isascii() or not times.isdigit() or not 1 <= int(times) <= 100_000:
            parser.error(f"--repeat {path} {times}: how often must be a number from 1 to 100,000")
        yield Path(path), int(times)


def main() -> None:
    """Read, train, save."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    given = asked()
    pieces = gathered(given.texts, given.repeat)
    shape = Shape(given.layers, given.width, given.vocabulary)
    bounds = Bounds(given.passes, given.minutes)
    done = train(pieces, given.out, given.seed, shape, bounds, teller())
    early = "" if done["whole"] else "; --minutes ended it before its texts were through"
    print(f"{given.out}: {done['parameters']:,} parameters, {done['tokens']:,} tokens learnt from{early}")


if __name__ == "__main__":
    main()
