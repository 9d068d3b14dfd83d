"""Metas in pages, tdmrep.json, RSL, ai.txt: merged with what is there, found again, nothing else touched."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.errors import InputError
from countermark.reservations.page import read_page
from countermark.reservations.policy import Policy, Rule
from countermark.reservations.policy.model import silence
from countermark.reservations.rsl import validate
from countermark.reservations.tdmrep import validate_well_known
from countermark.reservations.use import USES, Answer, Use
from countermark.reservations.writing.everything import address_path, write_all
from countermark.reservations.writing.html_metas import BEGIN, END, metas_for, with_metas
from countermark.reservations.writing.read_back import read_back
from countermark.reservations.writing.rsl_xml import write_rsl
from reservations.random_policies import SITE, random_policy

TAGS = '<meta name="tdm-reservation" content="1" />'
LINE = f"{BEGIN}{TAGS}{END}"
RESERVED = dict.fromkeys(USES, Answer.RESERVED)

PAGES = {
    "<html><head>\n<title>x</title>\n</head></html>": "<html><head>\n<title>x</title>\n{0}\n</head></html>",
    "<html>\r\n  <head></head>": "<html>\r\n  <head>{0}</head>",
    "<head>\r\n\t<title>x</title>\r\n\t</head>\r\n": "<head>\r\n\t<title>x</title>\r\n{0}\r\n\t</head>\r\n",
    "<!-- </head> --><head><script>'</head>'</script></head>": (
        "<!-- </head> --><head><script>'</head>'</script>{0}</head>"
    ),
    '<HTML LANG=en><HEAD PROFILE="</head>"><META CHARSET=utf-8></HEAD><BODY>y': (
        '<HTML LANG=en><HEAD PROFILE="</head>"><META CHARSET=utf-8>{0}</HEAD><BODY>y'
    ),
    '<?xml version="1.0"?>\n<html xmlns="x"><head><meta charset="utf-8"/><base href="/"/></head></html>': (
        '<?xml version="1.0"?>\n<html xmlns="x"><head><meta charset="utf-8"/><base href="/"/>{0}</head></html>'
    ),
    "<title>x</title><body class='a'>y": "<title>x</title>{0}<body class='a'>y",
    "<title>x</title>\n<body>y": "<title>x</title>\n{0}\n<body>y",
    "<html><head>\n<p>x": "<html><head>\n{0}\n<p>x",
    "<!DOCTYPE html>\n<p>x": "<!DOCTYPE html>\n{0}\n<p>x",
    "<!DOCTYPE html><p>x": "<!DOCTYPE html>{0}<p>x",
    "just text": "{0}\njust text",
    "": "{0}\n",
}


@pytest.mark.parametrize(("page", "wanted"), PAGES.items())
def test_the_piece_stands_at_the_end_of_the_head(page: str, wanted: str) -> None:
    """And is taken out again; a comment, a script or an attribute that speaks of heads is none."""
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        before, after = page.encode(encoding), wanted.format(LINE).encode(encoding)
        assert with_metas(before, TAGS) == after
        assert with_metas(after, TAGS) == after
        assert with_metas(after, "") == before
        assert [meta.content for meta in read_page(after).metas if meta.name == "tdm-reservation"] == ["1"]


def test_a_line_that_an_editor_indented_is_found_again() -> None:
    """And is put where it belongs."""
    assert with_metas(f"<head>\n    {LINE} \n</head>".encode(), TAGS) == f"<head>\n{LINE}\n</head>".encode()


def test_the_encoding_stays_within_the_first_bytes() -> None:
    """The piece stands after it, however long it is."""
    page = '<html><head><meta charset="windows-1252"><title>x</title></head><body>y'
    written = with_metas(page.encode(), TAGS * 20)
    assert written is not None
    assert written.index(b"charset") < written.index(BEGIN.encode()) < written.index(b"</head>")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "windows-1252", "shift_jis", "utf-16"])
def test_the_encoding_is_kept(encoding: str) -> None:
    """Every byte of the page but the line stays."""
    text = "<html><head><title>caf\u30ab</title></head>" if encoding in {"shift_jis", "utf-16"} else (
        "<html><head><title>café</title></head>"
    )  # fmt: skip
    written = with_metas(text.encode(encoding), TAGS)
    assert written is not None
    assert written.decode(encoding) == text.replace("</head>", f"{LINE}</head>")
    assert [meta.name for meta in read_page(written).metas] == ["tdm-reservation"]


@pytest.mark.parametrize("page", ["<p>x".encode("utf-16-le"), b"\xff\xfe<\x00p\x00>"])
def test_a_page_that_cannot_be_touched_is_told(page: bytes) -> None:
    """UTF-16 without a mark, or cut in a letter."""
    assert with_metas(page, TAGS) is None
    policy = Policy(SITE, (Rule("/", RESERVED),))
    assert write_all(policy, {"a.html": page}).untouched == ("a.html",)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet="<>/!-headbodyscript'\"\n ", max_size=80).map(str.encode))
def test_any_bytes_get_the_line_or_stay(page: bytes) -> None:
    """Twice is once, and what is not ours comes back."""
    once = with_metas(page, TAGS)
    if once is not None:
        assert with_metas(once, TAGS) == once
        assert with_metas(once, "") == page
        assert once.count(BEGIN.encode()) == 1 or page.startswith((b"\xff\xfe", b"\xfe\xff"))


def test_what_is_inserted_is_escaped() -> None:
    """An address with an ampersand, and nothing beyond ASCII."""
    tags = metas_for({"tdm-policy": "https://a.example/?x=1&y=é"})
    assert tags == '<meta name="tdm-policy" content="https://a.example/?x=1&amp;y=&#233;" />'


@pytest.mark.parametrize(
    ("name", "path"), [("index.html", "/"), ("a/index.htm", "/a/"), ("a b/ü.html", "/a%20b/%C3%BC.html")]
)
def test_a_file_has_an_address(name: str, path: str) -> None:
    """An index page is its folder."""
    assert address_path(name) == path


@pytest.mark.parametrize("seed", range(60))
def test_what_is_written_conforms(seed: int) -> None:
    """No departure in tdmrep.json, its policy and the RSL terms, for any policy."""
    files = write_all(random_policy(seed), {}).files
    assert validate_well_known(files.get(".well-known/tdmrep.json", b"[]")) == []
    if "rsl.xml" in files:
        assert validate(files["rsl.xml"]) == []
    if "tdm-policy.json" in files:
        assert json.loads(files["tdm-policy.json"])["uid"] == f"{SITE}/tdm-policy.json"


def test_tdmrep_is_merged_longest_first() -> None:
    """A rule for another place stays whole; --replace drops it."""
    policy = Policy(SITE, (Rule("/", RESERVED), Rule("/blog/", dict.fromkeys(USES, Answer.ALLOWED))))
    there = b'[{"location": "/shop/*", "tdm-reservation": 0, "note": "x"}]'
    name = ".well-known/tdmrep.json"
    merged = json.loads(write_all(policy, {name: there}).files[name])
    assert merged == [
        {"location": "/shop/*", "tdm-reservation": 0, "note": "x"},
        {"location": "/blog/", "tdm-reservation": 0},
        {"location": "/", "tdm-reservation": 1},
    ]
    assert len(json.loads(write_all(policy, {name: there}, merge=False).files[name])) == 2


def test_a_rule_of_the_site_at_a_place_of_the_policy_stays() -> None:
    """Whatever it adds stays, too; where it says otherwise, nothing is written but with --replace."""
    policy, name = Policy(SITE, (Rule("/", RESERVED),)), ".well-known/tdmrep.json"
    theirs = b'[{"location":"/","tdm-reservation":1,"tdm-policy":"https://a.example/mine.json"}]'
    done = write_all(policy, {name: theirs})
    assert done.files[name] == theirs
    assert name not in done.record.digests
    assert read_back(policy, done, {name: theirs}).mismatches == ()
    for value in (b"0", b'"1"', b"true", b"null"):
        other = theirs.replace(b":1,", b":" + value + b",")
        with pytest.raises(InputError, match=r"rule for / .*--replace"):
            write_all(policy, {name: other})
        assert b"mine.json" not in write_all(policy, {name: other}, merge=False).files[name]


@pytest.mark.parametrize("value", [0, 1])
def test_a_rule_of_the_site_stays_where_the_policy_is_silent(value: int) -> None:
    """What it says counts as the site's, and is no fault of what was written."""
    policy = Policy(SITE, (Rule("/", silence() | {Use.SEARCH: Answer.ALLOWED}),))
    there = {".well-known/tdmrep.json": json.dumps([{"location": "/", "tdm-reservation": value}]).encode()}
    done = write_all(policy, there)
    assert done.files[".well-known/tdmrep.json"] == there[".well-known/tdmrep.json"]
    assert read_back(policy, done, there).mismatches == ()


@pytest.mark.parametrize("data", [b"{", b"{}", b"[1]", b'[{"location": 1}]', b"[" * 100_000, b"\xff"])
def test_a_tdmrep_file_that_cannot_be_merged_with_is_refused(data: bytes) -> None:
    """Nothing of it is lost in silence; --replace is named."""
    policy = Policy(SITE, (Rule("/", RESERVED),))
    with pytest.raises(InputError, match="--replace"):
        write_all(policy, {".well-known/tdmrep.json": data})


def test_rsl_does_not_permit_what_the_policy_reserves_with_a_licence() -> None:
    """To permit against payment is an offer, which only `conditional` makes."""
    reserved = Policy(SITE, (Rule("/", RESERVED),), licence="https://a.example/licence")
    assert b"permits" not in write_rsl(reserved)[0]
    answers = RESERVED | {Use.INPUT: Answer.CONDITIONAL}
    data = write_rsl(Policy(SITE, (Rule("/", answers),), licence="https://a.example/licence"))[0]
    assert b"ai-input" in data
    assert b"https://a.example/licence" in data
