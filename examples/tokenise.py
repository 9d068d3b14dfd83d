"""Tokenise texts with a tokeniser's own library, and write the ids in each format that trainings read.

Uses no code of Countermark, only public libraries. TOKENISER is a file: tokenizer.json (read by `tokenizers`), a rank
file of tiktoken, the ranks that js-tiktoken carries or a tekken.json (all read by `tiktoken`), or a SentencePiece
.model (read by `sentencepiece`). TEXTS is a folder of .txt files, one document each, or a file of JSON Lines. Below
OUT, each format gets a folder of its own:

    python examples/tokenise.py tokenizer.json texts/ ids/
    python examples/tokenise.py package/dist/ranks/gpt2.cjs crawl.jsonl.zst ids/ --format megatron mds-zstd
    python examples/tokenise.py tokenizer.model texts/ ids/ --format parquet --pack 2048

Nine copies of one text count as common, and what is common tells little of a work: search one format at a time, as in
`countermark scan works.index ids/megatron --out run/`.

All ids are held in memory: 4 bytes each.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import io
import json
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Ids = npt.NDArray[np.uint32]

PLAIN_PATTERN = r" ?\p{L}+| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
"""Cuts a text into what BPE merges within, for rank files that do not say how they do: words, numbers, the rest."""
ENDS = ("<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>", "[SEP]")
MEGATRON = b"MMIDIDX\x00\x00"
MEGATRON_CODES = {"uint16": 8, "int32": 4}
LLMC = {"uint16": (20240520, 1), "uint32": (20240801, 7)}
MDS_BYTES = 1 << 26


class Tokeniser(NamedTuple):
    """What turns a text into ids; `end` is the id after a document, `size` the number of ids.

    `made` is the tokeniser as its library has it, whose numbers are `shift` below the ids.
    """

    encode: Callable[[str], list[int]]
    end: int | None
    size: int
    made: Any
    shift: int = 0


class Document(NamedTuple):
    """The ids of a document, without an end, and what it is called."""

    name: str
    ids: Ids


def library(name: str, wanted_by: Path) -> Any:
    """Import the library that a tokeniser needs, or say that it is missing."""
    try:
        return __import__(name)
    except ImportError:
        sys.exit(f"{wanted_by}: needs the library {name}: pip install {name}")


def from_json(path: Path) -> Tokeniser:
    """A tokenizer.json, by the library `tokenizers`; whatever shortens or pads a text is turned off."""
    made = library("tokenizers", path).Tokenizer.from_file(str(path))
    made.no_truncation()
    made.no_padding()
    ends = (made.token_to_id(token) for token in ENDS)
    end = next((one for one in ends if one is not None), None)
    return Tokeniser(
        lambda text: made.encode(text, add_special_tokens=False).ids, end, made.get_vocab_size(True), made
    )


def tiktoken_of(
    path: Path, pattern: str, ranks: dict[bytes, int], specials: dict[str, int], shift: int = 0
) -> Tokeniser:
    """A table of ranks, by the library `tiktoken`; `shift` is what each rank is below its id."""
    made = library("tiktoken", path).Encoding(
        path.name, pat_str=pattern, mergeable_ranks=ranks, special_tokens=specials if not shift else {}
    )
    ends = (specials[token] for token in ENDS if token in specials)
    size = max([shift + max(ranks.values()), *specials.values()]) + 1

    def encode(text: str) -> list[int]:
        ids: list[int] = made.encode_ordinary(text)
        return [number + shift for number in ids] if shift else ids

    return Tokeniser(encode, next(ends, None), size, made, shift)


def from_ranks(path: Path, pattern: str) -> Tokeniser:
    """A rank file of tiktoken: base64 and rank, line by line; its end is the first id after the ranks."""
    lines = (line.split() for line in path.read_bytes().splitlines() if line.strip())
    ranks = {base64.b64decode(token): int(rank) for token, rank in lines}
    return tiktoken_of(path, pattern, ranks, {ENDS[0]: max(ranks.values()) + 1})


def from_js(path: Path, said: dict[str, Any]) -> Tokeniser:
    """The ranks of js-tiktoken: lines of a sign, the first rank, and tokens in base64."""
    ranks: dict[bytes, int] = {}
    for line in said["bpe_ranks"].splitlines():
        _, first, *tokens = line.split()
        for rank, token in enumerate(tokens, int(first)):
            ranks[base64.b64decode(token)] = rank
    return tiktoken_of(path, said["pat_str"], ranks, said["special_tokens"])


def from_tekken(path: Path, said: dict[str, Any]) -> Tokeniser:
    """A tekken.json: its special tokens take the first ids, and of its tokens only so many are in use."""
    config = said["config"]
    shift = config["default_num_special_tokens"]
    used = said["vocab"][: config["default_vocab_size"] - shift]
    ranks = {base64.b64decode(entry["token_bytes"]): entry["rank"] for entry in used}
    return tiktoken_of(path, config["pattern"], ranks, {"</s>": 2}, shift)


def from_pieces(path: Path) -> Tokeniser:
    """A SentencePiece model."""
    made = library("sentencepiece", path).SentencePieceProcessor(model_file=str(path))
    end = made.eos_id()
    return Tokeniser(made.encode, end if end >= 0 else None, made.vocab_size(), made)


def tokeniser(path: Path, pattern: str = PLAIN_PATTERN) -> Tokeniser:
    """Whichever tokeniser a file holds. Ends the program with a message where it holds none."""
    if ".model" in path.suffixes:
        return from_pieces(path)
    if path.suffix == ".tiktoken":
        return from_ranks(path, pattern)
    text = path.read_text(encoding="utf-8")
    begin, end = text.find("{"), text.rfind("}")
    said = json.loads(text[begin : end + 1]) if 0 <= begin < end else {}
    if "bpe_ranks" in said:
        return from_js(path, said)
    if "config" in said and "vocab" in said:
        return from_tekken(path, said)
    if "model" in said:
        return from_json(path)
    sys.exit(f"{path}: neither a tokenizer.json, nor ranks of tiktoken, nor a tekken.json, nor a .model")


def texts(path: Path, column: str) -> Iterator[tuple[str, str]]:
    """Names and texts: of the .txt files of a folder, or of the lines of a JSON Lines file (also .gz, .zst)."""
    if path.is_dir():
        for file in sorted(path.rglob("*.txt")):
            with file.open(encoding="utf-8", newline="") as opened:
                yield file.relative_to(path).as_posix(), opened.read()
        return
    with path.open("rb") as raw:
        stream: Any = raw
        if path.suffix == ".gz":
            stream = gzip.GzipFile(fileobj=raw)
        elif path.suffix == ".zst":
            stream = io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(raw))
        for number, line in enumerate(stream):
            said = json.loads(line)
            yield str(said.get("id", number)), str(said[column])


def integer(size: int) -> str:
    """The type that holds ids below `size`, as most trainings choose it."""
    return "uint16" if size <= 1 << 16 else "uint32"


def stream(documents: list[Document], end: int, *, first: bool = False) -> Ids:
    """All documents in one row, each followed by the end, or with `first` preceded by it."""
    mark = np.array([end], np.uint32)
    parts = [part for one in documents for part in ((mark, one.ids) if first else (one.ids, mark))]
    return np.concatenate(parts) if parts else mark


def rows(documents: list[Document], end: int | None, pack: int) -> list[Document]:
    """The rows of a table: a document each, or with `pack` rows of so many ids, documents ended and cut at will."""
    if not pack:
        return documents
    whole = stream(documents, ended(end))
    cut = range(0, len(whole), pack)
    return [Document(f"row-{at // pack}", whole[at : at + pack]) for at in cut]


def ended(end: int | None) -> int:
    """The end of documents, which formats of one row of ids cannot do without."""
    if end is None:
        sys.exit("the tokeniser names no end of documents: give its id with --end")
    return end


def megatron(documents: list[Document], made: Tokeniser, out: Path) -> None:
    """tokens.bin and tokens.idx: the type, and the length and place of each document (Megatron-LM, NeMo)."""
    # Megatron-LM takes uint16 below 65,500 ids.
    kind = "uint16" if made.size < 65_500 else "int32"
    end = np.array([] if made.end is None else [made.end], np.uint32)
    parts = [np.concatenate([one.ids, end]).astype(kind) for one in documents]
    lengths = np.array([len(part) for part in parts], "<i4")
    places = np.zeros(len(parts), "<i8")
    places[1:] = np.cumsum(lengths[:-1], dtype=np.int64) * np.dtype(kind).itemsize
    (out / "tokens.bin").write_bytes(b"".join(part.tobytes() for part in parts))
    head = MEGATRON + np.array([1], "<u8").tobytes() + bytes([MEGATRON_CODES[kind]])
    counts = np.array([len(parts), len(parts) + 1], "<u8")
    index = np.arange(len(parts) + 1, dtype="<i8")
    arrays = (counts, lengths, places, index)
    (out / "tokens.idx").write_bytes(head + b"".join(array.tobytes() for array in arrays))


def nanogpt(documents: list[Document], made: Tokeniser, out: Path) -> None:
    """tokens.bin: ids and nothing else; neither their type nor the tokeniser is said."""
    stream(documents, ended(made.end)).astype(integer(made.size)).tofile(out / "tokens.bin")


def llmc(documents: list[Document], made: Tokeniser, out: Path) -> None:
    """tokens.bin: 256 numbers of 32 bits (magic, version, how many ids), then the ids, the end before each document."""
    kind = integer(made.size)
    whole = stream(documents, ended(made.end), first=True).astype(kind)
    head = np.zeros(256, "<i4")
    head[:3] = *LLMC[kind], len(whole)
    (out / "tokens.bin").write_bytes(head.tobytes() + whole.tobytes())


def npy(documents: list[Document], made: Tokeniser, out: Path) -> None:
    """tokens.npy: one NumPy array."""
    np.save(out / "tokens.npy", stream(documents, ended(made.end)).astype(integer(made.size)))


def mds(documents: list[Document], made: Tokeniser, out: Path, *, compressed: bool = False) -> None:
    """index.json and shards of MosaicML Streaming, version 2, with the columns `id` and `input_ids`."""
    kind = integer(made.size)
    layout = {
        "version": 2,
        "format": "mds",
        "compression": "zstd" if compressed else None,
        "hashes": [],
        "size_limit": MDS_BYTES,
        "column_names": ["id", "input_ids"],
        "column_encodings": ["str", f"ndarray:{kind}"],
        "column_sizes": [None, None],
    }
    samples = [mds_sample(one, made.end, kind) for one in documents]
    shards, begin = [], 0
    while begin < len(samples):
        end, size = begin + 1, len(samples[begin])
        while end < len(samples) and size + len(samples[end]) < MDS_BYTES:
            size += len(samples[end])
            end += 1
        shards.append(mds_shard(samples[begin:end], layout, len(shards), out))
        begin = end
    (out / "index.json").write_text(json.dumps({"version": 2, "shards": shards}, sort_keys=True))


def mds_sample(one: Document, end: int | None, kind: str) -> bytes:
    """The sizes of both columns, the name, and the ids behind their shape (no array without ids can be written)."""
    whole = one.ids.astype(kind) if len(one.ids) else np.array([end or 0], kind)
    shape_code = 0 if len(whole) < 1 << 8 else 1 if len(whole) < 1 << 16 else 2
    shape = bytes([1 << 2 | shape_code]) + len(whole).to_bytes(1 << shape_code, "little")
    name, ids = one.name.encode(), shape + whole.tobytes()
    return np.array([len(name), len(ids)], "<u4").tobytes() + name + ids


def mds_shard(samples: list[bytes], layout: dict[str, Any], number: int, out: Path) -> dict[str, Any]:
    """Write one shard: how many samples, where each begins, the layout, the samples. Returns its entry of the index."""
    said = json.dumps(layout, sort_keys=True).encode()
    places = np.zeros(len(samples) + 1, "<u4")
    np.cumsum([len(sample) for sample in samples], out=places[1:])
    places += 4 + places.nbytes + len(said)
    data = np.array([len(samples)], "<u4").tobytes() + places.tobytes() + said + b"".join(samples)
    name = f"shard.{number:05}.mds"
    entry = {**layout, "samples": len(samples), "zip_data": None}
    entry["raw_data"] = {"basename": name, "bytes": len(data), "hashes": {}}
    if layout["compression"]:
        name, data = f"{name}.zstd", zstandard.ZstdCompressor().compress(data)
        entry["zip_data"] = {"basename": name, "bytes": len(data), "hashes": {}}
    (out / name).write_bytes(data)
    return entry


def mds_zstd(documents: list[Document], made: Tokeniser, out: Path) -> None:
    """The same, each shard compressed by Zstandard."""
    mds(documents, made, out, compressed=True)


def table(documents: list[Document]) -> pa.Table:
    """The columns `id` and `input_ids` (lists of int32), as the library `datasets` has them."""
    bounds = np.zeros(len(documents) + 1, np.int32)
    np.cumsum([len(one.ids) for one in documents], out=bounds[1:])
    flat = np.concatenate([one.ids for one in documents]) if documents else np.zeros(0, np.uint32)
    lists = pa.ListArray.from_arrays(pa.array(bounds), pa.array(flat.astype(np.int32)))
    return pa.table({"id": pa.array([one.name for one in documents], pa.string()), "input_ids": lists})


def parquet(documents: list[Document], _: Tokeniser, out: Path) -> None:
    """tokens.parquet, a row a document (or a packed row)."""
    pq.write_table(table(documents), out / "tokens.parquet", compression="zstd", row_group_size=2000)


def arrow(documents: list[Document], _: Tokeniser, out: Path) -> None:
    """tokens.arrow, an Arrow stream as `datasets` keeps it."""
    whole = table(documents)
    with pa.OSFile(str(out / "tokens.arrow"), "wb") as file, pa.ipc.new_stream(file, whole.schema) as writer:
        writer.write_table(whole, max_chunksize=1000)


def pbin(documents: list[Document], made: Tokeniser, out: Path) -> None:
    """tokens.pbin of Modalities: length of the data, bytes an id, the ids, and a pickled list of where they stand."""
    size = 1 if made.size <= 1 << 8 else 2 if made.size <= 1 << 16 else 4
    end = np.array([] if made.end is None else [made.end], np.uint32)
    parts = [np.concatenate([one.ids, end]).astype(f"<u{size}").tobytes() for one in documents]
    places = np.cumsum([0, *map(len, parts)]).tolist()
    index = [(begin, len(part)) for begin, part in zip(places, parts, strict=False)]
    head = places[-1].to_bytes(8, "little") + size.to_bytes(4, "little")
    (out / "tokens.pbin").write_bytes(head + b"".join(parts) + pickle.dumps(index))


FORMATS: dict[str, Callable[[list[Document], Tokeniser, Path], None]] = {
    "megatron": megatron,
    "nanogpt": nanogpt,
    "llmc": llmc,
    "npy": npy,
    "mds": mds,
    "mds-zstd": mds_zstd,
    "parquet": parquet,
    "arrow": arrow,
    "pbin": pbin,
}
PACKED = ("mds", "mds-zstd", "parquet", "arrow")


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tokeniser", type=Path, metavar="TOKENISER")
    parser.add_argument("texts", type=Path, metavar="TEXTS")
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument(
        "--format",
        nargs="+",
        choices=FORMATS,
        default=list(FORMATS),
        help="default: all nine; search one at a time",
    )
    parser.add_argument(
        "--pack", type=int, default=0, metavar="N", help=f"rows of N ids, for {', '.join(PACKED)}"
    )
    parser.add_argument("--end", type=int, metavar="ID", help="the id that ends a document")
    parser.add_argument("--pattern", default=PLAIN_PATTERN, help="how a rank file cuts texts into words")
    parser.add_argument("--text-column", default="text", metavar="NAME", help="of JSON Lines")
    said = parser.parse_args()
    if said.pack < 0 or (said.pack and not set(said.format) <= set(PACKED)):
        parser.error(f"--pack takes a positive number, and --format only {', '.join(PACKED)}")
    for path in (said.tokeniser, said.texts):
        if not path.exists():
            parser.error(f"there is no {path}")
    return said


def main() -> None:
    """Tokenise once, and write each format."""
    said = arguments()
    made = tokeniser(said.tokeniser, said.pattern)
    if said.end is not None:
        made = made._replace(end=said.end, size=max(made.size, said.end + 1))
    pairs = texts(said.texts, said.text_column)
    documents = [Document(name, np.array(made.encode(text), np.uint32)) for name, text in pairs]
    if not documents:
        sys.exit(f"{said.texts}: no .txt file, or no line")
    for name in said.format:
        folder = said.out / name
        folder.mkdir(parents=True, exist_ok=True)
        FORMATS[name](rows(documents, made.end, said.pack), made, folder)
    ids = sum(len(one.ids) for one in documents)
    folders = [str(said.out / name) for name in said.format]
    print(f"{len(documents):,} documents, {ids:,} ids: {', '.join(folders)}")
    if len(folders) > 1:
        one = f"countermark scan works.index {folders[0]} --out run/"
        print(f"{len(folders)} copies of one text: search one at a time, {one}")


if __name__ == "__main__":
    main()
