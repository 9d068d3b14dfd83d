"""Plain text of any size: pieces with one coordinate system."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import countermark.corpus.detection as detection_module
import countermark.corpus.plaintext as plaintext_module
from corpus.corpus_samples import REAL, listed, read_path, reasons
from countermark.corpus.listing import reader_for

SHAKESPEARE = REAL / "tinyshakespeare/input.txt"


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every text a long one."""
    monkeypatch.setattr(detection_module, "LONG_TEXT", 0)
    monkeypatch.setattr(detection_module, "_HEAD", 1)
    monkeypatch.setattr(plaintext_module, "PIECE", 50)
    monkeypatch.setattr(plaintext_module, "LEAD_OUT", 20)


def put_together(path: Path, part_bytes: int) -> str:
    """Return the text that the pieces of a file make, each checked against the coordinates that it claims."""
    shards, refused = listed(path, part_bytes=part_bytes)
    assert refused == []
    whole = ""
    pieces = [batch for shard in shards for batch in reader_for(shard.format).batches(shard)]
    for piece in pieces:
        assert piece.own_end is not None
        assert piece.refused == ()
        text, own = piece.text[0].as_py(), int(piece.own_end[0])
        assert piece.char_start.tolist() == [len(whole)]
        assert piece.row.tolist() == [0]
        assert piece.record_id.to_pylist() == ["a.txt"]
        whole += text[:own]
    for piece in pieces:
        text, start = piece.text[0].as_py(), int(piece.char_start[0])
        assert whole[start : start + len(text)] == text
    return whole


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.sampled_from("abc \n\r\u00e9\u0416\u65e5\U0001f600"), min_size=2, max_size=400),
    part_bytes=st.integers(1, 150),
)
def test_the_pieces_make_the_text(tmp_path: Path, text: str, part_bytes: int) -> None:
    """Own parts follow each other without gap or overlap; lead-outs repeat what follows; CRLF is one LF."""
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    assert put_together(path, part_bytes) == text.replace("\r\n", "\n")


def test_a_byte_order_mark_is_not_counted(tmp_path: Path) -> None:
    """As in any other document."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbf" + b"line of text\n" * 40)
    assert put_together(path, 100) == "line of text\n" * 40


def test_text_in_another_encoding_is_decoded_whole(tmp_path: Path) -> None:
    """It cannot be cut, but it is read."""
    text = "Les œuvres d’un été à la française, déjà très légères. " * 20
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode("cp1252"))
    shards, _ = listed(path, part_bytes=100)
    assert len(shards) == 1
    assert put_together(path, 100) == text


def test_text_in_another_encoding_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above it, one refusal says what to do."""
    monkeypatch.setattr(plaintext_module, "MAX_DECODED", 100)
    path = tmp_path / "a.txt"
    path.write_bytes("é".encode("cp1252") * 101)
    rows, refused = read_path(path)
    assert rows == []
    assert reasons(refused) == ["too-large"]


def test_compressed_text_is_read_and_a_cut_is_told(tmp_path: Path) -> None:
    """What stands before the cut is there."""
    text = "".join(f"line {i * i} of the text\n" for i in range(500))
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(text.encode())[:-9])
    rows, refused = read_path(path)
    assert text.startswith(rows[0].text)
    assert reasons(refused) == ["truncated"]


def test_a_line_without_end_is_cut_between_code_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line of two gigabytes would be read the same way."""
    monkeypatch.setattr(plaintext_module, "PIECE", 1000)
    path = tmp_path / "a.txt"
    path.write_bytes("日本".encode() * 50_000)
    shards, _ = listed(path, part_bytes=70_000)
    assert len(shards) > 2
    sizes = [len(batch.text[0].as_py()) for shard in shards for batch in reader_for("text").batches(shard)]
    assert max(sizes) < 100_000
    assert put_together(path, 70_000) == "日本" * 50_000


@pytest.mark.skipif(not SHAKESPEARE.is_file(), reason="the real text is not on this machine")
def test_a_real_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pieces make the file."""
    monkeypatch.setattr(plaintext_module, "PIECE", 100_000)
    text = SHAKESPEARE.read_text(encoding="utf-8")
    shards, _ = listed(SHAKESPEARE, part_bytes=300_000)
    batches = [batch for shard in shards for batch in reader_for("text").batches(shard)]
    owned = []
    for batch in batches:
        assert batch.own_end is not None
        owned.append(batch.text[0].as_py()[: int(batch.own_end[0])])
    assert "".join(owned) == text
    assert len(shards) == 4
