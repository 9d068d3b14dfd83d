"""Servers and folders that mean harm: drip, swell, hide other weights behind the digest, or plant them in the cache."""

from __future__ import annotations

import json
import os
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import ModelError
from countermark.memorization.drivers import conversion
from countermark.memorization.drivers.addresses import address_of
from countermark.memorization.drivers.connection import Connection, Patience
from countermark.memorization.drivers.digests import digest_file, digest_files
from countermark.memorization.drivers.driver import Query
from countermark.memorization.drivers.opening import open_generator, open_scorer
from countermark.memorization.drivers.weights import look_over
from memorization.served_models import Behaviour, serving
from memorization.test_driver_weights import folder_of, tensors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def dripping(begin: bytes, drop: bytes) -> Iterator[str]:
    """A server that never ends: it sends `drop` every twentieth of a second."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            line, _ = listening.accept()
            with line:
                line.recv(65536)
                line.sendall(begin)
                while not ended.wait(0.05):
                    line.sendall(drop)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        ended.set()
        listening.close()
        thread.join()


@pytest.mark.parametrize(
    ("begin", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
)
def test_a_server_that_drips_has_an_end(begin: bytes, drop: bytes) -> None:
    """In its headers as well as in its answer: the whole exchange has one deadline."""
    with dripping(begin, drop) as address:
        line = Connection(address_of(address), "", Patience(answer=0.4, retries=0), None)
        with pytest.raises(ModelError, match="no whole answer within"):
            line.get("/v1/models")


@pytest.mark.parametrize("name", ["x" * 100_000, "two\nlines", "\x1b[31mred", "", "key sk-secret-1 of yours"])
def test_a_name_that_is_none_goes_into_no_plan(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The only model that a server offers is taken by its name, which plans and reports print."""
    monkeypatch.setenv("TOY_KEY", "sk-secret-1")
    monkeypatch.setattr(Connection, "get", lambda *_: {"data": [{"id": name}]})
    for given in ("", "another"):
        with pytest.raises(ModelError, match="name") as caught:
            open_generator("http://127.0.0.1:9", name=given, api_key="TOY_KEY")
        assert len(str(caught.value)) < 1000
        assert str(caught.value).isprintable()
        assert "sk-secret-1" not in str(caught.value)


def test_pieces_of_any_length_are_shown_short() -> None:
    """An answer of megabytes does not become a message of megabytes."""
    swollen = {
        "tokens": ["y" * 500_000] * 6,
        "token_logprobs": [None, *[-1.0] * 5],
        "top_logprobs": None,
        "text_offset": None,
    }
    choice = {"text": "The clock on the wall has stopped.", "logprobs": swollen}
    answer = json.dumps({"choices": [choice]}).encode()
    behaviour = Behaviour()
    with serving(behaviour) as address:
        scorer = open_scorer(address, name="toy")
        scorer.tokens("The clock")
        behaviour.raw = [(200, {}, answer)]
        with pytest.raises(ModelError, match="do not spell") as caught:
            scorer.logprobs([Query("The clock", " on the wall has stopped.")])
    assert len(str(caught.value)) < 2000


@pytest.mark.parametrize(
    ("config", "what"),
    [
        ({"transformers_weights": "other.safetensors"}, "transformers_weights"),
        ({"text_config": {"transformers_weights": "x"}}, "transformers_weights"),
        ({"num_hidden_layers": 10**9}, "num_hidden_layers"),
        ({"n_layer": 10**7}, "n_layer"),
        ({"text_config": {"vocab_size": 10**12}}, "vocab_size"),
    ],
)
def test_a_config_that_leads_elsewhere_is_refused(tmp_path: Path, config: dict[str, Any], what: str) -> None:
    """To weights that the digest does not cover, or to more memory than any model needs."""
    told = json.dumps({"model_type": "llama", **config}).encode()
    with pytest.raises(ModelError, match=what):
        look_over(folder_of(tmp_path, config_DOT_json=told))


def converted_by_another(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A GGUF file, a cache, and in it other weights under the name and digest that the file will have."""
    gguf, cache = tmp_path / "model.gguf", tmp_path / "cache"
    gguf.write_bytes(b"GGUF" + bytes(64))
    digest = digest_file(gguf)
    folder = cache / f"model-{digest[:16]}"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "model.safetensors").write_bytes(tensors({"a": 1}))
    note = {"sha256": digest, "digest": digest_files([folder / "model.safetensors"])}
    (folder / "converted.json").write_text(json.dumps(note))
    return gguf, cache, folder


def test_a_cache_that_others_can_write_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else anybody on the machine could put weights of theirs behind the digest of a GGUF file."""
    gguf, cache, folder = converted_by_another(tmp_path)
    assert conversion.converted(gguf, cache) == folder  # ours, and nobody else can write there
    cache.chmod(0o777)
    with pytest.raises(ModelError, match="others can write"):
        conversion.converted(gguf, cache)
    cache.chmod(0o1777)  # as /tmp: nobody can replace what is ours there
    assert conversion.converted(gguf, cache) == folder
    folder.chmod(0o777)
    with pytest.raises(ModelError, match="others can write"):
        conversion.converted(gguf, cache)
    folder.chmod(0o700)
    folder.chmod(0o1777)
    with pytest.raises(ModelError, match="others can write"):
        conversion.converted(gguf, cache)
    folder.chmod(0o700)
    owner = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    with pytest.raises(ModelError, match="belongs to another"):
        conversion.converted(gguf, cache)
