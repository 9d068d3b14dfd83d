"""`countermark reserve validate`: what is told, in both languages, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countermark.cli.reserve_validate import command, kind_of
from countermark.errors import InputError

NS = "https://rslstandard.org/rsl"
GOOD = f"""<?xml version="1.0" encoding="UTF-8"?>
<rsl xmlns="{NS}">
  <content url="/"><license><prohibits type="usage">ai-all</prohibits></license></content>
</rsl>
"""
ROBOTS = "User-agent: Quillbot\nDisallow: /\n"


def run(folder: Path, *arguments: str, **files: str | bytes) -> Result:
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    paths = [str(folder / name.replace("_", ".")) for name in files]
    return CliRunner().invoke(command, [*paths, *arguments], env={"LC_ALL": "C.UTF-8"})


def test_nothing_to_object_to(tmp_path: Path) -> None:
    result = run(tmp_path, licence_xml=GOOD, robots_txt=ROBOTS)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [
        f"{tmp_path}/licence.xml  RSL 1.0  nothing to object to",
        f"{tmp_path}/robots.txt  robots.txt  nothing to object to",
    ]


def test_each_objection_has_its_line(tmp_path: Path) -> None:
    result = run(tmp_path, licence_xml=GOOD.replace("ai-all", "ai-all, x"))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{tmp_path}/licence.xml  RSL 1.0  2 objections",
        "  line 3  /rsl/content[1]/license[1]/prohibits[1]",
        "    the words of <prohibits usage> are parted by commas, as in RSL 0.9; 1.0 accepts spaces only: “ai-all, x”",
        "  line 3  /rsl/content[1]/license[1]/prohibits[1]",
        "    “x” means nothing in <prohibits usage>; accepted are: all, ai-all, ai-train, ai-input, ai-index, search",
    ]


def test_french(tmp_path: Path) -> None:
    result = run(tmp_path, "--lang", "fr", licence_xml=GOOD.replace("ai-all", ""), robots_txt=ROBOTS)
    assert result.exit_code == 1
    assert "1 objection\n  ligne 3  /rsl" in result.output
    assert "n’énumère rien\u202f; sont acceptés\u00a0: all" in result.output
    assert "rien à redire" in result.output


def test_the_locale_chooses_the_language(tmp_path: Path) -> None:
    path = tmp_path / "licence.xml"
    path.write_text(GOOD)
    result = CliRunner().invoke(command, [str(path)], env={"LC_ALL": "fr_FR.UTF-8"})
    assert "rien à redire" in result.output


def test_json(tmp_path: Path) -> None:
    result = run(tmp_path, "--json", "--media-type", "application/xml", licence_xml=GOOD)
    assert result.exit_code == 1
    (told,) = json.loads(result.output)
    assert told["kind"] == "rsl"
    assert told["conforms"] is False
    assert told["objections"] == [
        {
            "code": "rsl.media-type",
            "note": False,
            "line": 0,
            "where": "",
            "facts": {"given": "application/xml", "accepted": "application/rsl+xml"},
            "sentence": "served as application/xml; accepted is application/rsl+xml",
        }
    ]


def test_tdmrep_and_its_policies(tmp_path: Path) -> None:
    good = run(tmp_path, tdmrep_json='[{"location": "/", "tdm-reservation": 1}]')
    assert good.exit_code == 0, good.output
    bad = run(tmp_path, tdmrep_json='{"location": "/", "tdm-reservation": 1}')
    assert bad.exit_code == 1
    assert "TDMRep (tdmrep.json)  1 objection" in bad.output
    policy = run(tmp_path, policy_json="{}")
    assert policy.exit_code == 1
    assert "TDMRep policy (ODRL)" in policy.output


def test_robots(tmp_path: Path) -> None:
    result = run(tmp_path, robots_txt="User-agent: *\nDisallow: /\nLicense: /rel.xml\n")
    assert result.exit_code == 1
    assert "line 3" in result.output
    assert "/rel.xml" in result.output


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("robots.txt", b"", "robots"),
        ("TDMREP.JSON", b"{", "tdmrep"),
        ("x.json", b' \xef\xbb\xbf[{"location"', "tdmrep"),
        ("x.json", b"{", "policy"),
        ("terms", b"<rsl:rsl", "rsl"),
        ("x.xml", b"<licence/>", "rsl"),
        ("x", "<rsl/>".encode("utf-16"), "rsl"),
        ("x.txt", b"# hello\nUser-Agent : *\n", "robots"),
        ("x.html", b"<!DOCTYPE html><html>rsl", ""),
        ("x.svg", b"<svg/>", ""),
        ("x.bin", b"\0\x01", ""),
        ("x.txt", b"", ""),
    ],
)
def test_what_a_file_is(name: str, data: bytes, kind: str) -> None:
    assert kind_of(name, data) == kind


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    unknown = run(tmp_path, notes_txt="hello")
    assert isinstance(unknown.exception, InputError)
    assert "--as says which one it is" in str(unknown.exception)
    both = run(tmp_path, notes_txt="hello", licence_xml=GOOD)
    assert isinstance(both.exception, InputError)
    assert "licence.xml  RSL 1.0  nothing to object to" in both.output
    absent = CliRunner().invoke(command, [str(tmp_path / "absent.xml")])
    assert isinstance(absent.exception, InputError)
    assert "absent.xml: cannot be read (No such file or directory)" in str(absent.exception)
    forced = run(tmp_path, "--as", "rsl", notes_txt="hello")
    assert forced.exit_code == 1
    assert "not well-formed XML" in forced.output


def test_a_file_does_not_write_to_the_terminal(tmp_path: Path) -> None:
    result = run(tmp_path, robots_txt=b"User-agent: *\nLicense: \x1b[2J\xe2\x80\xaex\n")
    assert result.exit_code == 1
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output


def test_help_names_the_exit_codes() -> None:
    text = CliRunner().invoke(command, ["--help"]).output
    assert "something does not conform" in text


def test_notes_alone_are_no_objection(tmp_path: Path) -> None:
    """Names of real crawlers that are no product tokens are told, and a build does not fail for them."""
    file = tmp_path / "robots.txt"
    file.write_text("User-agent: AI2Bot\nDisallow: /\n")
    result = CliRunner().invoke(command, [str(file), "--lang", "en"])
    assert result.exit_code == 0
    assert "1 note" in result.output
    assert "AI2Bot" in result.output
