"""Signed manifests: written with test certificates, read back, tampered with, kept as ingredients."""

from __future__ import annotations

import io
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

c2pa = pytest.importorskip("c2pa")
image_module = pytest.importorskip("PIL.Image")

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519  # noqa: E402

from countermark.errors import DocumentError, InputError  # noqa: E402
from countermark.reservations.containers.manifest import manifest_store, offline_context  # noqa: E402
from countermark.reservations.embedded import read_embedded  # noqa: E402
from countermark.reservations.statement import Place, Reading  # noqa: E402
from countermark.reservations.target import Target  # noqa: E402
from countermark.reservations.use import USES, Answer, Use  # noqa: E402
from countermark.reservations.verdict import judge  # noqa: E402
from countermark.reservations.writing.embed import Embedded, Embedding, Signing, embed  # noqa: E402
from countermark.reservations.writing.sign import _credentials  # noqa: E402
from reservations import embedded_files as files  # noqa: E402
from reservations.embedded_certificates import write_signer  # noqa: E402

NO_TRAINING = Embedding({Use.TRAIN: Answer.RESERVED, Use.SEARCH: Answer.ALLOWED})


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Signing:
    return Signing(*write_signer(tmp_path_factory.mktemp("signer")))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def _picture(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    image_module.new("RGB", (16, 12), (90, 60, 30)).save(out, kind)
    return out.getvalue()


def _sign(
    folder: Path,
    data: bytes,
    signing: Signing | None,
    embedding: Embedding = NO_TRAINING,
    name: str = "a.jpg",
) -> tuple[Embedded, bytes]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    told = embed(folder / name, folder / "out" / name, embedding, signing)
    return told, (folder / "out" / name).read_bytes()


def _read(data: bytes, name: str = "a.jpg") -> Reading:
    return read_embedded(data, name, Target(), Place(name))


def _said(reading: Reading) -> dict[str, str]:
    return {str(s.use): str(s.answer) for s in reading.statements if s.protocol == "cawg"}


def _codes(reading: Reading) -> set[str]:
    return {remark.code for remark in reading.remarks if remark.protocol == "cawg"}


KEYS: dict[str, Any] = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
}


@pytest.mark.parametrize("name", KEYS)
def test_the_algorithm_is_that_of_the_key(tmp_path: Path, name: str) -> None:
    made = Signing(*write_signer(tmp_path / "signer", KEYS[name]()), title="Elm at Dusk")
    told, copy = _sign(tmp_path, _picture(), made)
    reading = _read(copy)
    assert _said(reading) == {"train": "reserved"}
    assert _codes(reading) == {"cawg.untrusted"}
    assert [(i.protocol, i.use) for i in told.inexpressible if i.protocol == "cawg"] == [("cawg", Use.SEARCH)]
    assert b"Elm at Dusk" in copy


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.tif", "a.gif"])
def test_other_pictures_are_signed(tmp_path: Path, signing: Signing, name: str) -> None:
    kind = {"tif": "TIFF"}.get(name[2:], name[2:].upper())
    _, copy = _sign(tmp_path, _picture(kind), signing, name=name)
    assert _said(_read(copy, name)) == {"train": "reserved"}


def test_nothing_wanted_is_no_assertion(tmp_path: Path, signing: Signing) -> None:
    _, copy = _sign(tmp_path, _picture(), signing, Embedding({}))
    assert not _read(copy).statements


def test_a_pdf_holds_both(tmp_path: Path, signing: Signing) -> None:
    told, copy = _sign(tmp_path, files.pdf(), signing, name="a.pdf")
    assert told.protocols == ("tdmrep", "cawg")
    assert {s.protocol for s in _read(copy, "a.pdf").statements} == {"tdmrep", "cawg"}


def test_a_signed_pdf_is_not_signed_over(tmp_path: Path, signing: Signing) -> None:
    data = files.pdf().replace(b"/MediaBox", b"/X << /ByteRange [0 1 2 3] >> /MediaBox")
    told, copy = _sign(tmp_path, data, signing, name="a.pdf")
    assert copy == data
    assert {(i.use, i.reason) for i in told.inexpressible if i.protocol == "cawg"} == {
        (Use.TRAIN, "protected"),
        (Use.SEARCH, "protected"),
    }


def test_a_changed_picture_reserves_and_does_not_allow(tmp_path: Path, signing: Signing) -> None:
    answers = {Use.TRAIN: Answer.RESERVED, Use.INPUT: Answer.ALLOWED}
    _, copy = _sign(tmp_path, _picture(), signing, Embedding(answers))
    assert _said(_read(copy)) == {"train": "reserved", "input": "allowed"}
    broken = copy[:-8] + bytes([copy[-8] ^ 1]) + copy[-7:]
    reading = _read(broken)
    assert _said(reading) == {"train": "reserved", "input": "unknown"}
    assert _codes(reading) == {"cawg.invalid", "cawg.not-believed"}


def test_a_manifest_that_stands_there_is_kept_as_an_ingredient(tmp_path: Path, signing: Signing) -> None:
    _, first = _sign(tmp_path / "1", _picture(), signing, Embedding({Use.TRAIN: Answer.RESERVED}))
    _, second = _sign(tmp_path / "2", first, signing, Embedding({Use.INPUT: Answer.RESERVED}))
    reading = _read(second)
    assert _said(reading) == {"input": "reserved"}
    assert _codes(reading) == {"cawg.untrusted", "cawg.ingredient"}


def test_without_a_key_a_signed_picture_gets_a_sidecar(tmp_path: Path, signing: Signing) -> None:
    _, first = _sign(tmp_path / "1", _picture(), signing)
    told, second = _sign(tmp_path / "2", first, None)
    assert second == first
    assert told.why_sidecar == "signed"


class _Counting(BaseHTTPRequestHandler):
    hits: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_manifest_elsewhere_is_not_fetched_by_the_library_either(tmp_path: Path, signing: Signing) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Counting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        _, chain, key = _credentials(signing)
        builder = c2pa.Builder({"title": "a", "assertions": []}, context=offline_context())
        builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
        builder.set_no_embed()
        builder.set_remote_url(f"http://127.0.0.1:{server.server_port}/a.c2pa")
        out = io.BytesIO()
        signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo("es256", chain, key, None))
        builder.sign(signer, "image/jpeg", io.BytesIO(_picture()), out)
        assert _codes(_read(out.getvalue())) == {"cawg.elsewhere"}
        with pytest.raises(DocumentError):
            manifest_store(out.getvalue(), "jpeg")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert _Counting.hits == []


def test_bad_credentials_are_told_by_file(tmp_path: Path, signing: Signing) -> None:
    other = Signing(*write_signer(tmp_path / "other"))
    locked = Signing(*write_signer(tmp_path / "locked", password=b"secret"))
    for bad, message in (
        (Signing(signing.chain, other.key), "is not the key"),
        (locked, "has a password"),
        (Signing(signing.key, signing.key), "no certificate chain"),
        (Signing(signing.chain, signing.chain), "no private key"),
        (Signing(tmp_path / "none.pem", signing.key), "not read"),
    ):
        with pytest.raises(InputError, match=message):
            _sign(tmp_path, _picture(), bad)


def test_a_key_that_signs_nothing_is_refused(tmp_path: Path) -> None:
    from countermark.reservations.writing.sign import _algorithm

    with pytest.raises(InputError, match="does not sign manifests"):
        _algorithm(x25519.X25519PrivateKey.generate(), tmp_path)


def test_a_file_that_cannot_be_signed_is_told(tmp_path: Path, signing: Signing) -> None:
    told, copy = _sign(tmp_path, b"plain", signing, name="a.txt")
    assert copy == b"plain"
    assert told.why_sidecar == "format"
    assert told.remarks == ("unsigned",)
    assert {i.use for i in told.inexpressible if i.protocol == "cawg" and i.reason == "unsignable"} == {
        Use.TRAIN,
        Use.SEARCH,
    }


EMBEDDINGS = st.builds(
    Embedding,
    st.dictionaries(st.sampled_from(USES), st.sampled_from(list(Answer))),
    st.sampled_from(["", "https://example.org/licence", "Ask « Ada »"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EMBEDDINGS)
def test_what_is_wanted_is_signed_or_told(tmp_path: Path, signing: Signing, embedding: Embedding) -> None:
    told, copy = _sign(tmp_path, _picture("PNG"), signing, embedding, name="a.png")
    verdict = judge(Target(), [_read(copy, "a.png")])
    excused, wanted = {i.use for i in told.inexpressible}, embedding.wanted()
    for use in USES:
        assert verdict.answer(use) is wanted[use] or use in excused
        assert verdict.answer(use) is not Answer.ALLOWED or wanted[use] is Answer.ALLOWED
    assert "stands-already" not in {i.reason for i in told.inexpressible}


CUTS = st.lists(st.tuples(st.integers(0, 1 << 14), st.binary(min_size=1, max_size=8)), min_size=1, max_size=3)
SIGNED: list[bytes] = []


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CUTS)
def test_a_mutated_manifest_never_crashes_and_never_allows(
    tmp_path: Path, signing: Signing, cuts: list[tuple[int, bytes]]
) -> None:
    if not SIGNED:
        SIGNED.append(_sign(tmp_path, _picture(), signing, Embedding({Use.TRAIN: Answer.RESERVED}))[1])
    data = bytearray(SIGNED[0])
    for at, text in cuts:
        data[at % len(data) : at % len(data) + len(text)] = text
    verdict = judge(Target(), [_read(bytes(data))])
    assert Answer.ALLOWED not in {verdict.answer(use) for use in USES}


def test_the_skeletons_of_the_other_tests_carry_no_manifest() -> None:
    assert _codes(_read(files.jpeg())) == set()
