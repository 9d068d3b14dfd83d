"""Bags, stamps and authorities made by strangers who mean harm: everything ends, in bounded memory, with a reason."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import DossierError, InputError
from countermark.evidence.dossier import bag_tags, timestamp
from countermark.evidence.dossier.bag import finish_bag, finish_tags
from countermark.evidence.dossier.bag_paths import LONGEST, escape_reason
from countermark.evidence.dossier.bag_tags import MOST_REMARKS, lines_of, read_info, read_manifest
from countermark.evidence.dossier.commitments import COMMITMENTS, merkle_root
from countermark.evidence.dossier.der import LONGEST_OID, OID, Value, oid, read_token
from countermark.evidence.dossier.envelope import STATEMENT, signed_files
from countermark.evidence.dossier.redact import Withhold, redact
from countermark.evidence.dossier.verify import verify_dossier
from countermark.scan.receipt import json_bytes
from evidence.dossier.authority import Authority
from evidence.dossier.dossier_samples import made_key, sealed

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a dossier `bag` and its key."""
    folder = tmp_path_factory.mktemp("hostile")
    sealed(folder)
    return folder


@pytest.fixture
def bag(made: Path, tmp_path: Path) -> Path:
    """A copy of the dossier, to be spoilt."""
    return Path(shutil.copytree(made / "bag", tmp_path / "bag"))


@pytest.mark.parametrize(
    "path",
    ["data/attempts.jsonl", "data/runs/run/runlog.jsonl", "data/runs/run/run.json", "seal/timestamps/a.pem"],
)
def test_a_pipe_where_a_file_belongs_is_never_opened(bag: Path, path: str) -> None:
    """Its reader would wait for ever."""
    (bag / "seal/timestamps").mkdir()
    (bag / "seal/timestamps/a.tsr").write_bytes(b"0")
    (bag / path).unlink(missing_ok=True)
    os.mkfifo(bag / path)
    assert (path, "not-a-file") in {problem[:2] for problem in verify_dossier(bag).problems}


def test_a_manifest_of_nothing_but_faults_is_given_up() -> None:
    """A remark for each of 100 million lines would fill the memory."""
    read = read_manifest("manifest-md5.txt", "x\n" * 5_000, "md5", (1, 0), payload=True)
    assert len(read.problems) == MOST_REMARKS + 1
    assert f"line {MOST_REMARKS + 1}: is not read from here on" in read.problems[-1].message
    assert len(bag_tags.read_fetch("x\n" * 5_000, (1, 0)).problems) == MOST_REMARKS + 1


def test_lines_end_as_they_always_did() -> None:
    """LF, CR and both; nothing after the last end is no line."""
    assert list(lines_of("a\nb\r\nc\rd")) == ["a", "b", "c", "d"]
    assert list(lines_of("\n\r\n\r")) == ["", "", ""]
    assert list(lines_of("")) == []


def test_tag_files_are_read_in_linear_time() -> None:
    """Spaces before a colon that never comes, and a value that goes on for 300,000 lines."""
    assert read_info("a" + " " * 500_000) == "line 1 is not 'Label: value'"
    assert read_info(" a: b") == "line 1 is not 'Label: value'"
    assert read_info(": b") == "line 1 is not 'Label: value'"
    assert read_info("A \t: b: c \n d\n\t e\n") == [("A", "b: c d e")]
    found = read_info("a: b\n" + " c\n" * 300_000)
    assert isinstance(found, list)
    assert len(found[0][1]) == 600_001


def test_a_path_longer_than_any_system_takes_is_refused() -> None:
    """Normalising a million combining signs takes the square of their number."""
    assert escape_reason("data/" + "a" * LONGEST) == "is no file name"
    assert escape_reason("data/" + "a" * 200) is None


def test_lists_and_json_that_would_burst_are_not_read(bag: Path) -> None:
    """Lines without names, and JSON that is twenty times as large in memory."""
    (bag / COMMITMENTS).write_bytes(b"\n" * 1_000_000)
    (bag / "redaction.json").write_bytes(b'{"withheld": {}, "a": [' + b"[]," * 200_000 + b"1]}")
    problems = verify_dossier(bag).problems
    said = {problem.path: problem.message for problem in problems if problem.code in ("line", "redaction")}
    assert said[COMMITMENTS] == "is no list of files with their SHA-256"
    assert said["redaction.json"] == "does not say which files are withheld"


@pytest.mark.parametrize("path", ["data/attempts.jsonl", "data/runs/run/runlog.jsonl"])
@pytest.mark.parametrize(
    "line", [b'{"line":0,\r"previous":"%s","event":"x"}\n' % (b"0" * 64), b"[" * 100_000 + b"\n"]
)
def test_logs_that_are_read_in_two_ways_are_a_problem(bag: Path, path: str, line: bytes) -> None:
    """A carriage return is white space to JSON and the end of a line to others."""
    (bag / path).write_bytes(line)
    assert path in {problem.path for problem in verify_dossier(bag).problems}


def test_a_file_that_is_read_whole_has_a_limit(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sparse files of terabytes weigh nothing on the way."""
    monkeypatch.setattr("countermark.evidence.dossier.verify.LARGEST_LOG", 100)
    assert any(problem.code == "too-large" for problem in verify_dossier(bag).problems)


def _tlv(tag: int, content: bytes) -> bytes:
    length = len(content)
    return bytes([tag]) + (bytes([length]) if length < 128 else b"\x84" + length.to_bytes(4, "big")) + content


def _response(serial: bytes = b"\1", more: bytes = b"", policy: bytes = b"\x2a\x03") -> bytes:
    """A response over 32 zeros, signed by nobody."""
    algorithm = _tlv(0x30, _tlv(6, bytes.fromhex("608648016503040201")))
    imprint = _tlv(0x30, algorithm + _tlv(4, bytes(32)))
    token = (
        _tlv(2, b"\1") + _tlv(6, policy) + imprint + _tlv(2, serial) + _tlv(0x18, b"20260101000000Z") + more
    )
    content = _tlv(0x30, _tlv(6, b"\x2a\x03") + _tlv(0xA0, _tlv(4, _tlv(0x30, token))))
    signer = _tlv(0x30, _tlv(2, b"\1") + _tlv(0x30, _tlv(0x30, b"") + _tlv(2, b"\1")))
    signed = _tlv(0x30, _tlv(2, b"\3") + _tlv(0x31, b"") + content + _tlv(0x31, signer))
    return _tlv(0x30, _tlv(0x30, _tlv(2, b"\0")) + _tlv(0x30, _tlv(6, b"\x2a\x03") + _tlv(0xA0, signed)))


HOSTILE = {
    "policy": _response(policy=b"\xff" * 900_000 + b"\1"),
    "serial": _response(serial=b"\x7f" * 900_000),
    "accuracy": _response(more=_tlv(0x30, _tlv(2, b"\x7f" * 900_000))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_numbers_without_end_in_a_stamp_are_refused(bag: Path, tmp_path: Path, name: str) -> None:
    """They took minutes, or were too large for a division, before anything was verified."""
    read_token(_response())
    (bag / "seal/timestamps").mkdir()
    (bag / "seal/timestamps/a.tsr").write_bytes(HOSTILE[name])
    shutil.copyfile(Authority(tmp_path / "authority").chain, bag / "seal/timestamps/a.pem")
    finish_tags(bag)
    done = verify_dossier(bag)
    assert [problem.code for problem in done.problems] == ["time-stamp"]
    assert done.stamps[0].reason.startswith("is no time stamp that can be used: with")


def test_object_identifiers_have_a_length() -> None:
    """Each byte more makes all later ones slower."""
    assert oid(Value(OID, b"\x2a\x03", b"")) == "1.2.3"
    with pytest.raises(ValueError, match="object identifier"):
        oid(Value(OID, b"\xff" * LONGEST_OID + b"\1", b""))


@pytest.mark.parametrize(
    "work", [{}, {"work_id": [1]}, {"work_id": "a", "title": {}}, {"work_id": None, "title": 5}]
)
def test_items_of_a_stranger_are_not_redacted(
    made: Path, bag: Path, tmp_path: Path, work: dict[str, Any]
) -> None:
    """They are sealed with his key, and verify."""
    item = next(path for path in bag.glob("data/items/*/work.json") if b"ferry-1998" in path.read_bytes())
    item.write_text(json.dumps(work))
    _seal_again(made, bag)
    assert verify_dossier(bag).holds
    with pytest.raises(DossierError):
        redact(bag, tmp_path / "out", Withhold(works=frozenset({"ferry-1998"})), "private", "2026-11-20")
    assert not (tmp_path / "out").exists()


def test_no_name_of_a_stranger_steers_the_terminal(bag: Path, tmp_path: Path) -> None:
    """It came out in the message of what refuses the bag."""
    (bag / "data/\x1b]0;x\x07").write_bytes(b"")
    with pytest.raises(DossierError, match="not redacted: data/") as redacted:
        redact(bag, tmp_path / "out", Withhold(works=frozenset({"ferry-1998"})), "private", "2026-11-20")
    with pytest.raises(DossierError, match="not stamped: data/") as stamped:
        timestamp.add_stamp(bag, tmp_path / "a.tsr", tmp_path / "a.pem")
    assert str(redacted.value).isprintable()
    assert str(stamped.value).isprintable()


def _seal_again(made: Path, bag: Path) -> None:
    paths = [line.split("  ")[1] for line in (bag / COMMITMENTS).read_text().splitlines()]
    lines = [f"{hashlib.sha256((bag / path).read_bytes()).hexdigest()}  {path}\n" for path in paths]
    data = "".join(lines).encode()
    (bag / COMMITMENTS).write_bytes(data)
    statement = json.loads((bag / STATEMENT).read_text())
    statement["subject"][0]["digest"]["sha256"] = hashlib.sha256(data).hexdigest()
    statement["predicate"]["merkle_root"] = merkle_root(data.splitlines())
    for path, content in signed_files(json_bytes(statement), made_key(made)).items():
        (bag / path).write_bytes(content)
    finish_bag(bag, "2026-11-20")


@contextmanager
def _authority(answer: bytes) -> Iterator[str]:
    """The address of a server that says `answer`, byte for byte, to one question."""
    with create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"\x1b[31mno HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n",
        b"HTTP/1.1 307 Temporary\r\nLocation: file:///etc/passwd\r\n\r\n",
        b"x" * 70_000 + b"\r\n",
        b"",
    ],
)
def test_an_authority_that_does_not_speak_http_is_an_input_error(answer: bytes) -> None:
    """Nothing is followed, and what it says cannot steer a terminal."""
    with _authority(answer) as url, pytest.raises(InputError, match="no time stamp") as raised:
        timestamp.ask(url, b"question")
    assert str(raised.value).isprintable()


def test_an_answer_that_comes_drop_by_drop_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each drop comes in time, and all of them never."""
    monkeypatch.setattr(timestamp, "SECONDS", 0)

    class Drops:
        def read1(self, _: int) -> bytes:
            return b"x"

    with pytest.raises(TimeoutError, match="takes longer"):
        timestamp._answer(Drops())


@pytest.mark.parametrize("url", ["http://[", "http://a b/", "http://", "ftp://x/", "file:///etc/passwd"])
def test_addresses_that_are_none(url: str) -> None:
    """One sentence for each."""
    with pytest.raises(InputError):
        timestamp.ask(url, b"question")
