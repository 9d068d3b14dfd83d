"""`countermark reserve check`: files, folders, addresses, crawl archives."""

from __future__ import annotations

import json
import socket
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from countermark.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROBOTS = """User-agent: GPTBot
Disallow: /

User-agent: *
Allow: /
Content-Usage: train-ai=n
Content-Signal: search=yes, ai-train=no
"""
POLICY = "https://example.org/policy.json"


@pytest.fixture
def public(tmp_path: Path) -> Path:
    root = tmp_path / "public"
    (root / ".well-known").mkdir(parents=True)
    (root / "robots.txt").write_text(ROBOTS)
    rule = {"location": "/", "tdm-reservation": 1, "tdm-policy": POLICY}
    (root / ".well-known" / "tdmrep.json").write_text(json.dumps([rule]))
    (root / "index.html").write_text(
        '<html><head><meta name="robots" content="noai"><title>Front</title></head>'
    )
    (root / "open.html").write_text("<title>Open</title>")
    return root


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["reserve", "check", *map(str, arguments)], env={"LC_ALL": "C.UTF-8"})


def answers(verdict: dict[str, Any]) -> dict[str, str]:
    return {use: said["answer"] for use, said in verdict["uses"].items()}


def test_a_folder_as_it_is_published(public: Path) -> None:
    result = run(public, "--url", "https://example.org", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)[0]
    assert answers(found["verdict"]) == {
        "tdm": "conditional",
        "train": "reserved",
        "generative": "reserved",
        "input": "unknown",
        "search": "allowed",
    }
    assert found["verdict"]["uses"]["tdm"]["terms"] == [POLICY]
    assert {(s["protocol"], s["line"]) for s in found["verdict"]["uses"]["generative"]["deciding"]} == {
        ("aipref", 6),
        ("content-signals", 7),
        ("noai", None),
    }
    assert [(group["names"], group["answers"]["search"]) for group in found["agents"]] == [
        (["GPTBot"], "reserved")
    ]
    assert [group["names"] for group in found["files"]] == [["index.html", "open.html"]]


def test_the_table_names_who_says_so_and_who_said_otherwise(public: Path) -> None:
    text = run(public, "--lang", "en").output
    assert "● reserved" in text
    assert "AIPREF in /robots.txt, line 6" in text
    assert "training: conditional by TDMRep in /.well-known/tdmrep.json" in text
    assert "which is our rule" in text
    french = run(public, "--lang", "fr").output
    assert "entraînement de modèles génératifs" in french
    assert "sous conditions" in french


def test_an_agent_that_is_asked_for(public: Path) -> None:
    found = json.loads(run(public, "--agent", "GPTBot", "--agent", "CCBot", "--json").stdout)
    assert [item["verdict"]["agent"] for item in found] == ["GPTBot", "CCBot"]
    assert [answers(item["verdict"])["search"] for item in found] == ["reserved", "allowed"]


def test_one_robots_file(public: Path) -> None:
    found = json.loads(
        run(public / "robots.txt", "--url", "https://example.org/essay.html", "--json").stdout
    )[0]
    assert answers(found["verdict"])["generative"] == "reserved"
    assert answers(found["verdict"])["tdm"] == "unknown"


@pytest.mark.parametrize(
    ("wanted", "code"), [("train=conditional", 0), ("train=reserved", 0), ("search=reserved", 1)]
)
def test_what_is_required_decides_the_exit_code(public: Path, wanted: str, code: int) -> None:
    result = run(public, "--require", wanted)
    assert result.exit_code == code
    if code:
        assert "index.html: search is allowed, required is reserved" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent.html"], "there is no such file"),
        (["absent.html", "--require", "train"], "like train=reserved, are accepted"),
        (["absent.html", "--require", "drawing=reserved"], "'drawing' is no use"),
        (["https://"], "https://"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder; a crawler called GPTBot gets another robots.txt."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def translate_path(self, path: str) -> str:
        """The file of a path."""
        if path == "/robots.txt" and "GPTBot" in self.headers.get("User-Agent", ""):
            path = "/open.html"
        return super().translate_path(path)


@pytest.fixture
def served(public: Path) -> Iterator[str]:
    # without a policy: what statements point at is fetched too, and no test leaves this machine
    (public / ".well-known" / "tdmrep.json").write_text('[{"location": "/", "tdm-reservation": 1}]')
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(public)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_address_is_fetched_with_its_sites_files(served: str) -> None:
    found = json.loads(run(served, "--json").stdout)[0]
    assert answers(found["verdict"])["tdm"] == "reserved"
    assert answers(found["verdict"])["input"] == "unknown"
    assert found["verdict"]["date"].endswith("Z")
    assert [group["names"] for group in found["agents"]] == [["GPTBot"]]


def test_what_is_served_differently_to_an_agent_is_told(served: str) -> None:
    text = run(served, "--as", "GPTBot", "--as", "CCBot").output
    assert "GPTBot: content of robots.txt" in text
    assert "CCBot: " not in text


def test_agents_that_a_large_site_tells_apart_are_named_as_not_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading much anew for each agent has an end, which is told."""
    monkeypatch.setattr("countermark.cli.reserve_check_sources._MOST_READ", 100)
    robots = tmp_path / "robots.txt"
    robots.write_text(
        "".join(f"User-agent: {name}\nDisallow: /\n\n" for name in ("GPTBot", "CCBot", "Bytespider"))
    )
    assert "Not asked for" in run(robots).output
    [found] = json.loads(run(robots, "--json").stdout)
    told = [name for group in found["agents"] for name in group["names"]]
    assert {"GPTBot", "CCBot", "Bytespider"} <= {*told, *found["agents_not_asked"]}


def test_agents_in_one_group_are_asked_for_once(tmp_path: Path) -> None:
    """However many it names, they stand together, in the order of the alphabet."""
    robots = tmp_path / "robots.txt"
    robots.write_text(
        "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\nUser-agent: Bytespider\nDisallow: /\n"
    )
    [found] = json.loads(run(robots, "--json").stdout)
    assert [group["names"] for group in found["agents"]] == [["Bytespider", "CCBot", "GPTBot"]]


def test_nothing_that_a_file_holds_steers_a_terminal(tmp_path: Path) -> None:
    """Neither in the table nor in the JSON, nor by a file's name."""
    root = tmp_path / "a\x1b[2J"
    root.mkdir()
    (root / "robots.txt").write_bytes("User-agent: *\nContent-Signal: ai-train=\x9b31m\x1b[2J\n".encode())
    (root / "b\x1b]0;title\x07.html").write_text("<p>text")
    for arguments in ((root,), (root, "--json"), (root, "--require", "train=reserved")):
        done = run(*arguments)
        assert not {sign for sign in done.output if sign != "\n" and not sign.isprintable()}


def test_an_address_that_answers_nothing_at_all() -> None:
    """It cannot be used, and the message names it once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    result = CliRunner().invoke(main, ["reserve", "check", f"http://127.0.0.1:{port}/"])
    assert result.exit_code == 2
    assert result.output.count("http://") == 1


def test_a_missing_page_is_allowed_to_no_agent(served: str) -> None:
    """The doubt that the asked agent gets holds for all others, too."""
    result = CliRunner().invoke(main, ["reserve", "check", f"{served}not here/é.html", "--json"])
    said = json.loads(result.output)[0]
    assert said["source"].endswith("not%20here/%C3%A9.html")
    groups = [said["verdict"]["uses"], *(group["answers"] for group in said["agents"])]
    assert "allowed" not in json.dumps([groups[0][use]["answer"] for use in groups[0]])
    assert all("allowed" not in group.values() for group in groups[1:])


def test_options_that_cannot_be_meant(tmp_path: Path) -> None:
    """--as is for addresses; a wrong answer is told with those that are accepted."""
    (tmp_path / "robots.txt").write_text("")
    result = CliRunner().invoke(main, ["reserve", "check", str(tmp_path), "--as", "GPTBot"])
    assert result.exit_code == 2
    assert "--as compares" in result.output
    result = CliRunner().invoke(main, ["reserve", "check", str(tmp_path), "--require", "train=maybe"])
    assert "answers are reserved, conditional, allowed, unknown" in result.output


def test_the_signs_are_explained_once_and_lines_of_one_file_stand_together(tmp_path: Path) -> None:
    """However many tables there are; French with its space before the semicolon."""
    text = "User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nContent-Signal: search=no\n"
    (tmp_path / "robots.txt").write_text(text + "Content-Signal: /a search=no\nContent-Usage: search=n\n")
    (tmp_path / "a.html").write_text("<p>The elm stood quiet.")
    result = CliRunner().invoke(main, ["reserve", "check", str(tmp_path), str(tmp_path), "--lang", "fr"])
    assert result.output.count("● réservé ◐") == 1
    assert "Content Signals dans /robots.txt, lignes 5 et 6" in " ".join(result.output.split(" "))
    assert "\u202f; " in result.output
