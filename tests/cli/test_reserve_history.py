"""`countermark reserve history`, as a user runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from captures.loopback import answer, served
from countermark.cli import main
from evidence.dossier.authority import Authority

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from captures.loopback import Loopback

TSA = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not on this machine")


def run(*arguments: object, exit_code: int = 0) -> Result:
    """Run the command; its outcome."""
    done = CliRunner().invoke(main, ["reserve", "history", *map(str, arguments)], env={"LC_ALL": "C.UTF-8"})
    assert done.exit_code == exit_code, done.output
    return done


@pytest.fixture
def site() -> Iterator[Loopback]:
    """A site with one reservation."""
    paths = {
        "/robots.txt": answer(b"User-agent: CCBot\nDisallow: /\n"),
        "/.well-known/tdmrep.json": answer(b'[{"location": "/*", "tdm-reservation": 1}]'),
        "/": answer(b"<title>Essay</title>", media_type="text/html"),
    }
    with served(paths) as server:  # type: ignore[arg-type]
        yield server


@pytest.fixture
def history(tmp_path: Path, site: Loopback) -> Path:
    """Reserved on two days, silent on a third."""
    folder = tmp_path / "history"
    run("capture", site.origin, "--into", folder, "--now", "2026-01-02T10:00:00Z")
    run("capture", site.origin, "--into", folder, "--now", "2026-03-02T10:00:00Z")
    del site.paths["/.well-known/tdmrep.json"]
    run("capture", site.origin, "--into", folder, "--now", "2026-03-05T10:00:00Z")
    return folder


def test_capture_tells_what_it_did(tmp_path: Path, site: Loopback) -> None:
    """Each address with its status, the file, the digest to note, and the next step."""
    folder = tmp_path / "history"
    said = run("capture", site.origin, "--into", folder, "--page", "/gone.html").output
    assert f"  200  {site.origin}/robots.txt\n" in said
    assert f"  404  {site.origin}/gone.html\n" in said
    assert "SHA-256 of the chain's last line: " in said
    assert said.endswith(f"Next: countermark reserve history show {folder}\n")
    again = json.loads(run("capture", site.origin, "--into", folder, "--page", "/gone.html", "--json").output)
    assert (again["unchanged"], again["line"]) == (True, 2)


def test_capture_verify_and_export_in_french(tmp_path: Path, site: Loopback) -> None:
    """Every sentence that is not an error."""
    folder = tmp_path / "history"
    said = run("capture", site.origin, "--into", folder, "--lang", "fr").output
    assert f"Ensuite\u00a0: countermark reserve history show {folder}\n" in said
    again = run("capture", site.origin, "--into", folder, "--lang", "fr").output
    assert "\u202f; rien ne diffère de la capture précédente" in again
    assert "est intact\u00a0: 2 captures avec " in run("verify", folder, "--lang", "fr").output
    out = tmp_path / "intervals.json"
    assert run("export", folder, "--out", out, "--lang", "fr").output == f"Écrit\u00a0: {out}\n"
    (folder / next(path.name for path in folder.glob("*.warc.gz"))).write_bytes(b"")
    assert "n’est PAS intact" in run("verify", folder, "--lang", "fr", exit_code=1).output


def test_show_from_when_to_when(history: Path, site: Loopback) -> None:
    """Intervals per use, with the gap named; what is not known is said."""
    said = run("show", history, "--use", "tdm", "--lang", "en").output
    assert (
        f"{site.origin}/, asked by an agent that no rule names: 3 captures, "
        "2026-01-02T10:00:00Z to 2026-03-05T10:00:00Z" in said
    )
    assert (
        "● reserved at each of 2 captures from 2026-01-02T10:00:00Z to 2026-03-02T10:00:00Z; by TDMRep"
        in said
    )
    assert "first seen otherwise on 2026-03-05T10:00:00Z" in said
    assert "no capture for 59 days" in said
    assert said.rstrip().endswith("What was served between two captures is not known.")
    assert "for 59 days" not in run("show", history, "--use", "tdm", "--gap", "90", "--lang", "en").output


def test_a_page_that_was_never_captured_is_told_at_the_head(history: Path, site: Loopback) -> None:
    """What the site says of it is no capture of the page."""
    never = "This page is in none of these captures"
    said = run("show", history, "--url", f"{site.origin}/works/Été 1", "--lang", "en").output
    assert f"{site.origin}/works/%C3%89t%C3%A9%201" in said.splitlines()[0]
    assert never in said.splitlines()[1]
    assert never not in run("show", history, "--lang", "en").output


def test_captures_of_one_day_that_differ_are_named(tmp_path: Path, site: Loopback) -> None:
    """Only those with another answer, and only where a whole day was asked for."""
    folder = tmp_path / "history"
    run("capture", site.origin, "--into", folder, "--now", "2026-01-02T09:00:00Z")
    run("capture", site.origin, "--into", folder, "--now", "2026-01-02T10:00:00Z")
    del site.paths["/.well-known/tdmrep.json"]
    run("capture", site.origin, "--into", folder, "--now", "2026-01-02T11:00:00Z")
    site.paths["/x"] = site.paths["/"]
    run("capture", site.origin, "--into", folder, "--now", "2026-01-02T12:00:00Z")
    said = run("show", folder, "--on", "2026-01-02", "--lang", "en").output
    other = "Another capture of the same day, 2026-01-02T{}:00:00Z, answers otherwise: text and data mining ● reserved"
    assert [other.format(hour) in said for hour in ("09", "10", "11")] == [True, True, False]
    assert "Another capture" not in run("show", folder, "--on", "2026-01-02T12:00:00Z", "--lang", "en").output
    facts = json.loads(run("show", folder, "--on", "2026-01-02", "--json").output)[0]
    assert facts["others_of_the_day"] == [f"2026-01-02T{hour}:00:00Z" for hour in ("09", "10", "11")]


def test_a_history_within_a_published_site_is_warned_of(tmp_path: Path, site: Loopback) -> None:
    """It is kept all the same."""
    (tmp_path / "index.html").write_text("")
    said = run("capture", site.origin, "--into", tmp_path, "--lang", "fr").output
    assert "ressemble à un site publié" in said


def test_show_in_french_and_for_an_agent(history: Path) -> None:
    """The same facts in French."""
    said = run("show", history, "--use", "search", "--agent", "CCBot", "--lang", "fr").output
    assert "demandé par CCBot\u00a0: 3 captures, du 2026-01-02T10:00:00Z au 2026-03-05T10:00:00Z" in said
    assert "● réservé à chacune des 3 captures" in said


def test_show_on_a_date(history: Path) -> None:
    """The verdict of the last capture before it, its age, its file and the next capture."""
    said = run("show", history, "--on", "2026-03-04", "--use", "tdm", "--lang", "en").output
    assert "Last capture not after 2026-03-04: 2026-03-02T10:00:00Z, 2 whole days before." in said
    assert "Kept in 000002-20260302T100000Z.warc.gz, SHA-256 " in said
    assert "Next capture: 2026-03-05T10:00:00Z" in said
    assert "● text and data mining: reserved" in said
    facts = json.loads(run("show", history, "--on", "2026-03-05", "--json").output)
    assert facts[0]["verdicts"][0]["uses"]["tdm"]["answer"] == "unknown"
    assert facts[0]["next_capture"] is None
    before = run("show", history, "--on", "2025-12-31", "--lang", "en").output
    assert "No capture was made on 2025-12-31 or before" in before
    assert "The first capture is of 2026-01-02T10:00:00Z." in before


@pytest.mark.parametrize("date", ["yesterday", "2026-13-01", "2026-1-1T", "02/01/2026"])
def test_dates_that_are_none(history: Path, date: str) -> None:
    """One line that says which are accepted."""
    assert "YYYY-MM-DD" in run("show", history, "--on", date, exit_code=2).output


def test_verify_and_its_exit_code(history: Path) -> None:
    """0 and the digest where it is whole; 1 and the first broken place where not."""
    assert "verifies: 3 captures" in run("verify", history).output
    (history / "000002-20260302T100000Z.warc.gz").write_bytes(b"")
    said = run("verify", history, exit_code=1).output
    assert said.startswith(f"  {history}/000002-20260302T100000Z.warc.gz: does not have the SHA-256")
    assert json.loads(run("verify", history, "--json", exit_code=1).output)["holds"] is False
    assert "no history" in run("verify", history / "nowhere", exit_code=1).output


def test_export(history: Path, tmp_path: Path) -> None:
    """By the name's end; other names and other uses in a CSV are refused."""
    run("export", history, "--out", tmp_path / "intervals.json")
    assert len(json.loads((tmp_path / "intervals.json").read_bytes())["captures"]) == 3
    run("export", history, "--out", tmp_path / "reserved.csv")
    assert (tmp_path / "reserved.csv").read_text().startswith("url,reserved_from,reservation_protocol,note\n")
    assert ".json or .csv" in run("export", history, "--out", tmp_path / "x.xlsx", exit_code=2).output
    assert "tdm" in run("export", history, "--out", tmp_path / "x.csv", "--use", "train", exit_code=2).output


def test_bad_input_is_one_line(tmp_path: Path, site: Loopback) -> None:
    """Nobody there, no address, a header of one's own, a clock behind, half a time stamp."""
    folder = tmp_path / "history"
    for url in ("ftp://example.org/", "example.org", "http://user:secret@127.0.0.1/"):
        said = run("capture", url, "--into", folder, exit_code=2).output
        assert said.count("\n") == 1
        assert "secret" not in said
    run("capture", site.origin, "--into", folder, "--agent", "a\r\nb: c", exit_code=2)
    assert not folder.exists()
    run("capture", site.origin, "--into", folder, "--now", "2026-01-02T10:00:00Z")
    late = run("capture", site.origin, "--into", folder, "--now", "2026-01-01T10:00:00Z", exit_code=2)
    assert "set the clock right" in late.output
    run("capture", site.origin, "--into", folder, "--authority", "http://127.0.0.1:9/", exit_code=2)


@TSA
def test_a_stamp_at_the_capture_and_one_fetched_elsewhere(tmp_path: Path, site: Loopback) -> None:
    """Both verify, here and by the printed recipe with openssl; over the network and without."""
    authority = Authority(tmp_path / "authority")
    folder = tmp_path / "history"
    with authority.served() as address:
        said = run(
            "capture", site.origin, "--into", folder, "--authority", address, "--ca", authority.chain
        ).output
    assert "Time stamp over the capture of " in said
    run("capture", site.origin, "--into", folder)
    query, response = tmp_path / "capture.tsq", tmp_path / "capture.tsr"
    run("stamp", folder, "--query", query)
    response.write_bytes(authority.answer(query.read_bytes()))
    run("stamp", folder, "--response", response, "--request", query, "--ca", authority.chain)
    done = run("verify", folder, "--ca", authority.chain).output
    assert "Time stamp over line 1: " in done
    assert "Time stamp over line 3: " in done
    recipe = tmp_path / "verify-history.sh"
    recipe.write_text(run("verify", "--recipe").output)
    for more in ([], [str(authority.chain)]):
        by_hand = subprocess.run(
            ["sh", str(recipe), *more], cwd=folder, capture_output=True, text=True, check=False
        )
        assert by_hand.returncode == 0, by_hand.stdout + by_hand.stderr
        assert by_hand.stdout.count("Verification: OK") + by_hand.stderr.count("Verification: OK") == 2
    assert "has a time stamp already" in run("stamp", folder, "--query", query, exit_code=2).output


@TSA
def test_stamps_that_do_not_fit(tmp_path: Path, history: Path) -> None:
    """An answer to another request, of another authority, or none at all: refused, and nothing is kept."""
    authority, other = Authority(tmp_path / "authority"), Authority(tmp_path / "other")
    query, second = tmp_path / "one.tsq", tmp_path / "two.tsq"
    run("stamp", history, "--query", query)
    run("stamp", history, "--query", second)
    response = tmp_path / "one.tsr"
    response.write_bytes(authority.answer(query.read_bytes()))
    given = ("stamp", history, "--response", response)
    assert "nonce" in run(*given, "--request", second, "--ca", authority.chain, exit_code=2).output
    run(*given, "--request", query, "--ca", other.chain, exit_code=2)
    run(*given, exit_code=2)
    with authority.served(body=b"no", status=500) as address:
        said = run("stamp", history, "--authority", address, "--ca", authority.chain, exit_code=2).output
    assert "no time stamp" in said
    assert not (history / "stamps").exists()


@TSA
def test_an_authority_that_is_down_loses_no_capture(tmp_path: Path, site: Loopback) -> None:
    """The capture is kept and says so; the stamp can be had later."""
    authority = Authority(tmp_path / "authority")
    folder = tmp_path / "history"
    with authority.served(body=b"", status=503) as address:
        said = run(
            "capture",
            site.origin,
            "--into",
            folder,
            "--authority",
            address,
            "--ca",
            authority.chain,
            exit_code=2,
        ).output
    assert "the capture is kept, without a time stamp" in said
    assert "verifies: 1 capture " in run("verify", folder).output
