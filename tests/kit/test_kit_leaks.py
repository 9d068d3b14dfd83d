"""Nothing of the text of the corpus leaves unless it is allowed: a word is planted everywhere, and looked for."""

from __future__ import annotations

import gzip
import json
import zipfile
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from countermark.errors import CountermarkError
from countermark.kit import layout
from countermark.kit.closing import close_medium
from countermark.kit.room import run_in_room
from countermark.kit.verifying import verify_medium
from kit.small_kits import TEXTS, make_kit, make_room

if TYPE_CHECKING:
    from pathlib import Path

WORD = "Xylotheque"
HIDDEN_TEXT = f"{WORD} {WORD} is what nobody outside this room may read of it"
PASSAGE = next(iter(TEXTS.values()))[3000:4200]
WARC = (
    "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\nWARC-Record-ID: {id}\r\n"
    "Content-Length: {length}\r\n{more}\r\n{text}\r\n\r\n"
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("leaks")
    make_kit(folder)
    return folder


def _plant_lines(corpus: Path) -> None:
    """JSON Lines: found records whose columns are texts, broken lines, and names that are texts."""
    found = f"{HIDDEN_TEXT}\n\n{PASSAGE}\n\n{HIDDEN_TEXT}"
    plain = {"id": "1", "url": "https://example.org/1", "date": "2024-05-01", "text": found}
    lines = [
        json.dumps(plain),
        json.dumps({**plain, "id": HIDDEN_TEXT}),
        json.dumps({**plain, "id": f"{WORD}\n" * 40}),
        json.dumps({**plain, "url": f"mailto:someone@example.org?body={WORD}"}),
        json.dumps({**plain, "url": f"data:text/plain,{WORD}"}),
        json.dumps({**plain, "date": HIDDEN_TEXT}),
        json.dumps({**plain, "text": {WORD: HIDDEN_TEXT}}),
        json.dumps({**plain, "text": [HIDDEN_TEXT]}),
        f'{{"text": "{HIDDEN_TEXT}',
        f'{{"text": {WORD}}}',
        f'{{"{WORD}": "{HIDDEN_TEXT}"}}',
        f'"{HIDDEN_TEXT}"',
        HIDDEN_TEXT,
        "[" * 5000 + WORD,
        f'{{"text": "\\ud800 {WORD} \\x"}}',
    ]
    (corpus / "lines.jsonl").write_text("\n".join(lines) + "\n")
    (corpus / "keys.jsonl").write_text(json.dumps({WORD: 1, f"{WORD}.text": 2}) + "\n")
    (corpus / "array.json").write_text(json.dumps([{"text": HIDDEN_TEXT}]))
    (corpus / "one.json").write_text(json.dumps({"text": HIDDEN_TEXT}, indent=1))


def _plant_tables(corpus: Path) -> None:
    (corpus / "head.csv").write_text(f"{WORD},{WORD}2\n1,2\n")
    (corpus / "same.csv").write_text(f"{WORD},{WORD},text\n1,2,{HIDDEN_TEXT}\n")
    (corpus / "ragged.csv").write_text(f'id,text\n1,{HIDDEN_TEXT}\n2,{WORD},{WORD},{WORD}\n"{HIDDEN_TEXT}\n')
    (corpus / "quotes.tsv").write_text(f'id\ttext\n1\t"{HIDDEN_TEXT}"{WORD}"\n{WORD}\n')
    pq.write_table(pa.table({WORD: [1], f"{WORD} 2": [2.0]}), corpus / "numbers.parquet")
    pq.write_table(
        pa.table({"text": [HIDDEN_TEXT, None, HIDDEN_TEXT], WORD: ["a", "b", "c"]}), corpus / "t.parquet"
    )
    data = (corpus / "t.parquet").read_bytes()
    (corpus / "cut.parquet").write_bytes(b"PAR1" + HIDDEN_TEXT.encode() * 9 + data[-300:])
    (corpus / "damaged.parquet").write_bytes(data[:40] + WORD.encode() + data[50:])


def _plant_crawls(corpus: Path) -> None:
    text = f"{HIDDEN_TEXT}\n\n{PASSAGE}"
    good = {
        "kind": "conversion",
        "url": "https://example.org/",
        "date": "2024-05-01T00:00:00Z",
        "id": "<urn:x:1>",
    }
    good |= {"length": str(len(text)), "more": "", "text": text}
    changes: list[dict[str, str]] = [
        {},
        {"url": HIDDEN_TEXT},
        {"date": HIDDEN_TEXT},
        {"id": HIDDEN_TEXT},
        {"more": f"{WORD}: {HIDDEN_TEXT}\r\n"},
        {"kind": HIDDEN_TEXT},
        {"length": WORD},
        {"length": "999999999"},
    ]
    records = [WARC.format(**good | change).encode() for change in changes]
    (corpus / "crawl.warc.wet").write_bytes(b"".join(records))
    (corpus / "crawl.warc.wet.gz").write_bytes(b"".join(map(gzip.compress, records))[:-9] + WORD.encode())
    page = f"HTTP/1.1 200 {WORD}\r\nContent-Type: text/html; charset={WORD}\r\n{WORD}: {HIDDEN_TEXT}\r\n\r\n"
    page += f"<html><title>{WORD}</title><meta name=tdm-reservation content='{WORD}'><p>{text}</html>"
    told = {**good, "kind": "response", "text": page, "length": str(len(page))}
    more = f"Content-Type: application/http; msgtype=response; {WORD}\r\n"
    (corpus / "pages.warc").write_bytes(WARC.format(**{**told, "more": more}).encode())


def _plant_others(corpus: Path) -> None:
    (corpus / "plain.txt").write_text(f"{HIDDEN_TEXT}\n\n{PASSAGE}\n\n{HIDDEN_TEXT}")
    (corpus / "bytes.txt").write_bytes(WORD.encode() + bytes(range(128, 256)) * 40)
    (corpus / "page.html").write_text(f"<title>{WORD}</title><p>{HIDDEN_TEXT}<![CDATA[{WORD}")
    (corpus / "page.xml").write_text(f"<?xml version='1.0'?><{WORD}><{WORD}2>&{WORD};</{WORD}>")
    (corpus / "unknown.bin").write_bytes(b"\x00\x01" + WORD.encode())
    (corpus / "cut.gz").write_bytes(gzip.compress(HIDDEN_TEXT.encode() * 99)[:-20])
    (corpus / "cut.jsonl.zst").write_bytes(b"\x28\xb5\x2f\xfd" + HIDDEN_TEXT.encode())
    with zipfile.ZipFile(corpus / "texts.zip", "w") as packed:
        packed.comment = WORD.encode()
        packed.writestr("a.txt", f"{HIDDEN_TEXT} {PASSAGE}")
        packed.writestr("b.jsonl", f'{{"text": {WORD}')
    (corpus / "cut.zip").write_bytes((corpus / "texts.zip").read_bytes()[:-40])


def _hidden(medium: Path) -> list[str]:
    """The files of a medium that hold the secret, compressed columns included."""
    found = []
    for path in medium.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".parquet":
                data += json.dumps(pq.read_table(path).to_pylist()).encode()
            if WORD.lower().encode() in data.lower():
                found.append(path.relative_to(medium).as_posix())
    return found


def test_no_broken_record_is_quoted(kit: Path, tmp_path: Path) -> None:
    (corpus := tmp_path / "corpus").mkdir()
    for plant in (_plant_lines, _plant_tables, _plant_crawls, _plant_others):
        plant(corpus)
    asked = make_room(kit, corpus=(corpus,), medium=tmp_path / "medium")
    outcome = run_in_room(asked)
    assert outcome.findings >= 8
    assert outcome.refused >= 8
    assert _hidden(asked.medium) == []
    close_medium(asked.medium)
    assert _hidden(asked.medium) == []
    assert verify_medium(asked.medium).wrong == []


@pytest.mark.parametrize("name", ["keys.jsonl", "array.json", "unknown.bin"])
def test_a_run_that_fails_quotes_nothing(kit: Path, tmp_path: Path, name: str) -> None:
    (corpus := tmp_path / "corpus").mkdir()
    _plant_lines(corpus)
    _plant_others(corpus)
    asked = make_room(kit, corpus=(corpus / name,), medium=tmp_path / "medium", text_column="body")
    try:
        run_in_room(asked)
    except CountermarkError:
        assert (asked.medium / layout.kit_log(asked.medium, asked.part).name).is_file()
    assert _hidden(asked.medium) == []
