"""Which files are taken for token ids, and which are read with another."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from corpus.tokens.token_samples import documents, joined, write_megatron, write_pbin, write_stream
from countermark.corpus.tokens import detection
from countermark.corpus.tokens.detection import belongs_to, companions, looks_like_ids, token_format


def told(path: Path, among: tuple[str, ...] = ()) -> str | None:
    """What a file is taken for."""
    data = path.read_bytes()
    return token_format(str(path), path.name, len(data), data[: 1 << 16], among)


def saved(path: Path, content: bytes | np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Path:
    """Write a file, or an array as NumPy does."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        np.save(path, content)
    return path


def test_megatron_is_told_by_the_index_beside_it(tmp_path: Path) -> None:
    """On the disk where one file is listed, by the listing where a folder is."""
    path = write_megatron(tmp_path / "a.bin", [[text] for text in documents()])
    assert told(path) == "megatron"
    assert told(path, ("a.bin", "a.idx")) == "megatron"
    assert told(path, ("a.bin", "b.idx")) == "token-stream"
    assert told(path, ("a.bin", "x/a.idx")) == "token-stream"
    assert told(path.rename(tmp_path / "A.BIN"), ("A.BIN", "A.IDX")) == "megatron"
    assert belongs_to("A.IDX", ("A.BIN", "A.IDX")) == "A.BIN"


def test_nothing_is_looked_for_beside_a_signed_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """It opens one file; its signature belongs to no other."""
    asked = Mock(return_value=False)
    monkeypatch.setattr(detection, "is_file", asked)
    head = np.arange(1, 5000, dtype="<u2").tobytes()
    for url in ("https://example.org/a.bin?sig=x", "https://example.org/a.bin"):
        assert token_format(url, "a.bin", len(head), head) == "token-stream"
    asked.assert_called_once_with("https://example.org/a.idx")


@pytest.mark.parametrize("dtype", ["<u2", "<u4", ">u2", ">u4"])
@pytest.mark.parametrize("magic", [0, 20240520, 20250211])
def test_rows_of_ids_are_told_by_header_or_by_being_nothing_else(
    tmp_path: Path, dtype: str, magic: int
) -> None:
    """What is no text and nothing known may be ids; the trial of tokenisers decides."""
    path = write_stream(tmp_path / "train.bin", joined(documents(largest=50_000)), dtype, magic)
    assert told(path) == "token-stream"
    assert told(path.rename(tmp_path / "part-0.npy")) == (
        "token-stream" if not magic else told(path.with_name("part-0.npy"))
    )
    assert told(saved(tmp_path / "TRAIN.BIN", (tmp_path / "part-0.npy").read_bytes())) == "token-stream"
    assert told(saved(tmp_path / "train.dat", (tmp_path / "part-0.npy").read_bytes())) is None


def test_what_llm_c_has_for_other_ends_is_told_apart(tmp_path: Path) -> None:
    """Questions are refused in words by the reader; models and tokenisers are no ids."""
    ids = joined(documents())
    assert told(write_stream(tmp_path / "hellaswag_val.bin", ids, magic=20240522)) == "token-stream"
    assert told(write_stream(tmp_path / "gpt2_124M.bin", ids, magic=20240326, version=3)) is None
    assert told(write_stream(tmp_path / "gpt2_tokenizer.bin", ids, magic=20240328, version=2)) is None


def test_weights_and_other_binaries_are_not_ids(tmp_path: Path) -> None:
    """`pytorch_model.bin` is a ZIP, or a pickle."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("archive/data.pkl", bytes(range(256)))
    noise = np.random.default_rng(0).bytes(5000)
    header = b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    for number, content in enumerate(
        [
            packed.getvalue(),
            b"\x80\x02\x8a\nl\xfcF\x9cF\xf9 j\xa8P\x19.\x80\x02M" + noise,
            pickle.dumps({"a": noise}, 4), pickle.dumps({"a": noise}, 2), pickle.dumps({"a": noise}, 3),
            len(header).to_bytes(8, "little") + header + noise,
            b"GGUF" + noise, b"\x7fELF" + noise, b"\x1f\x8b\x08" + noise, b"\x28\xb5\x2f\xfd" + noise, b"ggjt" + noise,
            b"MMIDIDX\0\0" + noise, b"%PDF-1.7\n" + noise,
            b"", b"\1", "Un texte, tout à fait lisible.\n".encode() * 50, b"plain",
        ]
    ):  # fmt: skip
        assert told(saved(tmp_path / f"{number}.bin", content)) is None, content[:20]
    assert told(saved(tmp_path / "noise.bin", noise)) == "token-stream"
    cut = ("é" * 40_000).encode()[: 1 << 16]
    assert told(saved(tmp_path / "cut.bin", b"a" + cut + b"\xc3")) is None


def test_arrays_are_told_by_their_header(tmp_path: Path) -> None:
    """One dimension of integers or two, or no header at all and OLMo's name."""
    ids = np.array(joined(documents()))
    assert told(saved(tmp_path / "a.npy", ids.astype("<u2"))) == "token-stream"
    assert told(saved(tmp_path / "a.npy", ids)) == "token-stream"
    assert told(saved(tmp_path / "a.npy", ids.astype(float))) is None
    assert told(saved(tmp_path / "a.npy", ids[:60].reshape(6, 10))) == "token-stream"
    assert told(saved(tmp_path / "a.npy", np.asfortranarray(ids[:60].reshape(6, 10)))) is None
    assert told(saved(tmp_path / "a.npy", ids[:60].reshape(6, 5, 2))) is None
    assert told(saved(tmp_path / "a.npy", ids.astype("<u2").tobytes())) == "token-stream"
    assert told(saved(tmp_path / "a.npy", b"text")) is None


def test_pbin_and_mds_are_told_by_their_names(tmp_path: Path) -> None:
    """What is wrong with one is then said by its reader."""
    assert told(write_pbin(tmp_path / "a.pbin", documents())) == "pbin"
    assert told(saved(tmp_path / "b.pbin", b"x")) == "pbin"
    for name in ("shard.00000.mds", "shard.00000.mds.zstd", "shard.00000.mds.gz", "SHARD.MDS"):
        assert told(saved(tmp_path / name, b"x")) == "mds"
    assert told(saved(tmp_path / "mds", b"x")) is None
    assert told(saved(tmp_path / "c.mds", b"")) is None


def test_every_format_has_a_name_worth_looking_into() -> None:
    """And no other file is opened for it."""
    names = ["a.bin", "x/A.BIN", "a.npy", "a.pbin", "a.mds", "shard.1.mds.zstd"]
    assert all(looks_like_ids(name) for name in names)
    assert not any(looks_like_ids(name) for name in ("a.txt", "bin", "a.parquet", "x.mds/a.txt"))


def test_side_files_are_named_with_what_they_belong_to() -> None:
    """An index alone, or a table that only has the name, is a file of its own."""
    among = (
        "a.bin", "a.idx", "a.meta.parquet", "b.idx", "b.meta.parquet", "c.bin", "c.meta.parquet", "index.json",
        "m/index.json", "m/shard.00000.mds.zstd", "n/a.bin", "n/a.idx", "n/index.json",
    )  # fmt: skip
    found = {name: belongs_to(name, among) for name in among}
    assert {name: data for name, data in found.items() if data} == {
        "a.idx": "a.bin",
        "a.meta.parquet": "a.bin",
        "m/index.json": "m/shard.00000.mds.zstd",
        "n/a.idx": "n/a.bin",
    }
    assert belongs_to("a.idx", ()) is None
    assert belongs_to("index.json", ("index.json", "s.mds")) == "s.mds"


def test_companions_are_the_files_without_which_a_shard_is_not_the_same(tmp_path: Path) -> None:
    """Those that are there."""
    path = write_megatron(tmp_path / "a.bin", [[[1]]])
    assert companions("megatron", str(path)) == (str(tmp_path / "a.idx"),)
    saved(tmp_path / "a.meta.parquet", b"x")
    assert companions("megatron", str(path)) == (str(tmp_path / "a.idx"), str(tmp_path / "a.meta.parquet"))
    assert companions("token-stream", str(path)) == ()
