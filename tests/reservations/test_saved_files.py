"""Files as browsers and wget save them: read by their content, and what is no kind of ours leaves a doubt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from countermark.cli.reserve_check import command
from countermark.reservations.sources import known_place, read_file
from countermark.reservations.statement import Place
from countermark.reservations.target import Target, path_of

PAGE = b'<!doctype html><html><head><meta name="tdm-reservation" content="1"></head><body>x</body></html>'
ROBOTS = b"User-agent: *\nDisallow: /\n"
TDMREP = b'[{"location": "/*", "tdm-reservation": 1}]'


def codes(data: bytes, name: str) -> list[tuple[str, bool]]:
    """The remarks on a file."""
    return [(one.code, one.doubt) for one in read_file(data, name, Target(), Place(name)).remarks]


@pytest.mark.parametrize("name", ["a", "a.php", "a.aspx", "index.html?x=1", "a.html"])
def test_a_page_is_one_whatever_it_is_called(name: str) -> None:
    assert {str(said.answer) for said in read_file(PAGE, name, Target(), Place(name)).statements} == {
        "reserved"
    }


@pytest.mark.parametrize(
    ("data", "name"), [(b"some words", "notes.txt"), (b"PK\x03\x04 and more", "a.docx"), (b"\0\1", "b")]
)
def test_a_file_of_no_known_kind_leaves_a_doubt(data: bytes, name: str) -> None:
    assert ("source.not-recognised", True) in codes(data, name)


@pytest.mark.parametrize(("data", "name"), [(b"", "empty"), (PAGE, "x"), (b"\xff\xd8\xff\xd9", "a.jpg")])
def test_others_do_not(data: bytes, name: str) -> None:
    assert ("source.not-recognised", True) not in codes(data, name)


@pytest.mark.parametrize(
    ("data", "name", "place"),
    [
        (ROBOTS, "robots (1).txt", "robots"),
        (b"\xef\xbb\xbf" + ROBOTS.replace(b"\n", b"\r"), "example.org-robots.txt", "robots"),
        (b"# ours\r\n" + ROBOTS.replace(b"\n", b"\r\n"), "example.org-robots.txt", "robots"),
        (b"User-Agent: *\nDisallow: *.jpg\n", "ai (1).txt", "ai_txt"),
        (b"User-Agent: *\nDisallow: *.jpg\n", "example.org-ai.txt", "ai_txt"),
        (TDMREP, "tdmrep (1).json", "tdmrep"),
        (PAGE, "robots.html", ""),
        (b"What User-agent: means", "essay.txt", ""),
        (b"[" * 9999, "deep.json", ""),
    ],
)
def test_copies_of_files_at_known_places(data: bytes, name: str, place: str) -> None:
    assert known_place(data, name) == place


@pytest.mark.parametrize(("name", "data"), [("robots (1).txt", ROBOTS), ("tdmrep (1).json", TDMREP)])
def test_check_reads_a_copy_as_the_file(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    said = json.loads(CliRunner().invoke(command, [str(tmp_path / name), "--json"]).output)
    assert '"reserved"' in json.dumps(said)


def test_an_empty_query_is_one() -> None:
    """RFC 3986, section 3.4; rules such as `/*?` match it."""
    assert path_of("https://h/x?") == "/x?"
    assert path_of("https://h/x?#f") == "/x?"
    assert path_of("https://h/x#f?") == "/x"
    assert path_of("https://h?") == "/?"
    assert path_of("https://h/x?a=1") == "/x?a=1"
