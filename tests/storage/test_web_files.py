"""Files on the web, over TLS and without, and objects on Google Cloud Storage."""

from __future__ import annotations

import datetime
import ipaddress
import os
import random
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple

import pytest

from corpus.corpus_samples import read, write_all_formats
from countermark.corpus.base import Shard
from countermark.corpus.listing import list_shards
from countermark.errors import CorpusError
from countermark.scan.source import digest_source
from countermark.storage.connection import PATIENCE, forget_connections
from countermark.storage.reading import forget_all, is_folder, open_binary, state_of
from fake_google_storage import google_storage
from served_objects import proxy, rclone, serving
from storage.test_corpus_by_url import furnish, listed, shards_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from served_objects import Faults

DATA = random.Random(5).randbytes(3 << 20)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Connections of this test only, which are given up after two seconds."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(PATIENCE, "2")
    forget_connections()
    forget_all()
    yield
    forget_connections()
    forget_all()


class Web(NamedTuple):
    """A folder that is served, its address, and what the proxy before it does."""

    folder: Path
    url: str
    faults: Faults


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """A web server that serves parts."""
    if rclone() is None:
        pytest.skip("rclone is not installed: there is no web server to test against")
    folder = tmp_path / "web"
    folder.mkdir()
    options = ("--dir-cache-time", "0s")
    with serving("http", folder, *options) as port, proxy(port) as (through, faults):
        yield Web(folder, f"http://127.0.0.1:{through}", faults)


def test_files_on_the_web_are_read_as_on_disk(web: Web) -> None:
    """Every format, whole and in parts."""
    for name, path in write_all_formats(web.folder).items():
        if path.is_dir():
            continue
        for part_bytes in (64 << 20, 700):
            url = f"{web.url}/{name}"
            assert listed(url, part_bytes) == listed(path, part_bytes)
            here, there = shards_at(path, part_bytes), shards_at(url, part_bytes)
            assert list(map(digest_source, there)) == list(map(digest_source, here))
            assert read(there) == read(here)


def test_folders_on_the_web_are_no_folders(web: Web) -> None:
    """They cannot be listed: what is below cannot be known."""
    (web.folder / "a").mkdir()
    (web.folder / "a" / "b.txt").write_text("b")
    assert not is_folder(f"{web.url}/a")
    with pytest.raises(CorpusError, match=r"/none: there is no such object"):
        listed(f"{web.url}/none")


def test_a_file_that_is_replaced_is_noticed_by_its_time(web: Web) -> None:
    """This server knows no ETag: the time of change tells, and the length."""
    (web.folder / "a.bin").write_bytes(DATA)
    os.utime(web.folder / "a.bin", (1_000_000_000, 1_000_000_000))
    with open_binary(f"{web.url}/a.bin", buffering=0) as file:
        assert file.read(10) == DATA[:10]
        (web.folder / "a.bin").write_bytes(DATA[::-1])
        file.seek(2 << 20)
        with pytest.raises(CorpusError, match="changed since it was listed"):
            file.read(10)


def test_an_empty_file_and_one_of_a_block(web: Web) -> None:
    """The ends of ranges are where they should be."""
    for size in (0, 1, (64 << 10) - 1, 64 << 10, (64 << 10) + 1):
        (web.folder / f"{size}.bin").write_bytes(DATA[:size])
        with open_binary(f"{web.url}/{size}.bin") as file:
            assert file.read() == DATA[:size]


def test_a_signed_address_is_not_shown(web: Web) -> None:
    """What stands behind the question mark is a credential."""
    (web.folder / "a.txt").write_bytes(DATA)
    url = f"{web.url}/a.txt?X-Amz-Signature=secret"
    (shard,) = [one for one in list_shards([url]) if isinstance(one, Shard)]
    assert shard.name == "a.txt"
    web.faults.refuse = -1
    forget_all()
    with pytest.raises(CorpusError, match=r"/a.txt: the server answers 503") as caught:
        open_binary(url)
    assert "secret" not in str(caught.value)


def test_a_server_without_ranges_is_told(tmp_path: Path) -> None:
    """Python's own server sends whole files only: small ones are read, large ones are not."""
    (tmp_path / "small.txt").write_text("small")
    (tmp_path / "large.jsonl").write_bytes(b'{"text": "a"}\n' * 100_000)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        (rows, refused) = read(shards_at(f"{url}/small.txt"))
        assert [row.text for row in rows] == ["small"]
        assert not refused
        with pytest.raises(CorpusError, match=r"large.jsonl: this server sends whole files only"):
            shards_at(f"{url}/large.jsonl")
    finally:
        server.shutdown()
        server.server_close()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A key and a certificate of 127.0.0.1 that signs itself."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    return folder / "cert.pem", folder / "key.pem"


def test_https_with_a_certificate_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read where the certificate is trusted, and refused in words where it is not."""
    if rclone() is None:
        pytest.skip("rclone is not installed: there is no web server to test against")
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "a.bin").write_bytes(DATA)
    cert, key = certificate(tmp_path)
    with serving("http", folder, "--cert", str(cert), "--key", str(key)) as port:
        url = f"https://127.0.0.1:{port}/a.bin"
        with pytest.raises(CorpusError, match="the server's certificate is not trusted"):
            open_binary(url)
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        forget_connections()
        with open_binary(url) as file:
            assert file.read() == DATA


def test_google_storage_is_read_as_a_folder_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a stand-in for the JSON API: listing by pages, ranges, generations."""
    pytest.importorskip("gcsfs")
    folder = tmp_path / "google" / "corpus"
    folder.mkdir(parents=True)
    furnish(folder)
    with google_storage(folder.parent) as port:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{port}")
        assert listed("gs://corpus") == listed(folder)
        assert read(shards_at("gs://corpus")) == read(shards_at(folder))
        with pytest.raises(CorpusError, match=r"gs://corpus/none: there is no such object"):
            listed("gs://corpus/none")
        (folder / "a.bin").write_bytes(DATA)
        with open_binary("gs://corpus/a.bin", buffering=0) as file:
            assert state_of("gs://corpus/a.bin")[0] == len(DATA)
            assert file.read(10) == DATA[:10]
            (folder / "a.bin").write_bytes(DATA[::-1])
            file.seek(2 << 20)
            with pytest.raises(CorpusError, match="changed since it was listed"):
                file.read(10)
