"""Whether a history is as it was written, by Countermark and by sha256sum and openssl alone."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captures.loopback import answer, served
from countermark.captures.history.capture import capture
from countermark.captures.history.chain import FIRST, read_chain
from countermark.captures.history.recipe import RECIPE
from countermark.captures.history.stamps import Stamp, add_stamp, to_be_stamped
from countermark.captures.history.timeline import timelines
from countermark.captures.history.verify import Judged, verify
from countermark.captures.served import Fetching
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

BEGIN = datetime(2026, 1, 2, 12, tzinfo=UTC)
SHELL = [name for name in ("sh", "sed", "sha256sum", "cut") if shutil.which(name) is None]


def standing(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Three captures of a site, one with a failure whose message tries to look like a line of the chain."""
    folder = tmp_path / "history"
    odd = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: "event":"stamp","of":1,"attime":2,\r\n\r\n'
    with served({"/robots.txt": answer(b"User-agent: *\nDisallow: /\n"), "/": odd}) as server:
        for day in range(3):
            moment = BEGIN + timedelta(days=day)
            how = Fetching(allow_loopback=True, timeout=5, clock=standing(moment))
            capture(folder, [server.origin], how=how)
    return folder


def by_hand(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the recipe in the folder."""
    if SHELL:
        pytest.skip(f"{', '.join(SHELL)}: not on this machine")
    return subprocess.run(["sh", "-c", RECIPE], cwd=folder, capture_output=True, text=True, check=False)


def rechained(folder: Path, change: Callable[[int, dict[str, Any]], None]) -> None:
    """Write the chain anew after a change, so that its digests fit: what a careful forger does."""
    lines, previous = [], FIRST
    for number, line in enumerate((folder / "chain.jsonl").read_bytes().splitlines(), 1):
        facts = json.loads(line)
        change(number, facts)
        facts["previous"] = previous
        lines.append(json.dumps(facts, separators=(",", ":")).encode() + b"\n")
        previous = hashlib.sha256(lines[-1]).hexdigest()
    (folder / "chain.jsonl").write_bytes(b"".join(lines))


def test_a_whole_history(history: Path) -> None:
    """Both say so, and give the same digest of the last line."""
    done = verify(history)
    assert (done.holds, done.captures, done.problems, done.notes) == (True, 3, [], [])
    assert done.head == read_chain(history)[-1].head
    said = by_hand(history)
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout == f"Whole: 3 lines. SHA-256 of the last line: {done.head}\n"


def drop_line(folder: Path) -> None:
    """Take the second line out of the chain."""
    lines = (folder / "chain.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "chain.jsonl").write_bytes(lines[0] + lines[2])


def swap_lines(folder: Path) -> None:
    """Change the order of two lines."""
    lines = (folder / "chain.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "chain.jsonl").write_bytes(lines[0] + lines[2] + lines[1])


def change_line(folder: Path) -> None:
    """Give the first capture another date."""
    path = folder / "chain.jsonl"
    path.write_bytes(path.read_bytes().replace(b"2026-01-02T12", b"2025-01-02T12", 1))


def cut_line(folder: Path) -> None:
    """Cut the last line short."""
    path = folder / "chain.jsonl"
    path.write_bytes(path.read_bytes()[:-20])


def change_capture(folder: Path) -> None:
    """Rewrite a captured robots.txt."""
    path = folder / "000002-20260103T120000Z.warc.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"Disallow", b"Alllllow")))


def remove_capture(folder: Path) -> None:
    """Take a capture away."""
    (folder / "000003-20260104T120000Z.warc.gz").unlink()


@pytest.mark.parametrize(
    ("harm", "where"),
    [
        (drop_line, "chain.jsonl, line 2"),
        (swap_lines, "chain.jsonl, line 2"),
        (change_line, "chain.jsonl, line 2"),
        (cut_line, "chain.jsonl, line 3"),
        (change_capture, "000002-20260103T120000Z.warc.gz"),
        (remove_capture, "000003-20260104T120000Z.warc.gz"),
    ],
)
def test_harm_is_found_by_both(history: Path, harm: Callable[[Path], None], where: str) -> None:
    """Countermark names the first broken place; the recipe stops there."""
    harm(history)
    done = verify(history)
    assert not done.holds
    assert where in done.problems[0]
    said = by_hand(history)
    assert said.returncode == 1
    assert "BROKEN: " in said.stdout


def test_a_chain_that_tells_of_other_answers(history: Path) -> None:
    """Digests of files fit, but a line says another payload, status, address or record than its capture holds."""
    original = (history / "chain.jsonl").read_bytes()
    for name, value in (
        ("payload", "sha256:" + "0" * 64),
        ("status", 404),
        ("url", "https://x.example/"),
        ("record", "x"),
    ):

        def change(number: int, facts: dict[str, Any], name: str = name, value: object = value) -> None:
            if number == 2:
                facts["responses"][0][name] = value

        rechained(history, change)
        assert not verify(history).holds, name
        (history / "chain.jsonl").write_bytes(original)
    rechained(history, lambda _, facts: facts.update(responses=facts["responses"][1:]))
    assert "which the chain does not name" in verify(history).problems[0]


@pytest.mark.parametrize(
    ("said", "notes"),
    [
        ("Fri, 02 Jan 2026 12:00:01 GMT", 0),
        ("Mon, 23 Nov 2026 12:00:00 GMT", 1),
        ("Mon, 23 Nov 2026 12:00:00 -0000", 0),
        ("yesterday", 0),
        ("Mon, 23 Nov 99999 12:00:00 GMT", 0),
    ],
)
def test_a_server_that_dates_its_answers_otherwise(tmp_path: Path, said: str, notes: int) -> None:
    """Told as a note: one of the two clocks is wrong, or the capture was dated by hand."""
    told = answer(b"words", f"Date: {said}")
    with served({"/robots.txt": told, "/": told}) as server:
        capture(
            tmp_path, [server.origin], how=Fetching(allow_loopback=True, timeout=5, clock=standing(BEGIN))
        )
    done = verify(tmp_path)
    assert done.holds
    assert len(done.notes) == notes


def test_names_that_lead_out_of_the_folder(history: Path) -> None:
    """A line names a capture of its own folder and nothing else."""
    rechained(history, lambda _, facts: facts.update(file="../../etc/passwd"))
    assert "no line of a history" in verify(history).problems[0]


def test_files_that_nobody_named(history: Path) -> None:
    """They prove nothing, and are told as a note."""
    (history / "000009-20260109T120000Z.warc.gz").write_bytes(b"")
    done = verify(history)
    assert done.holds
    assert done.notes == ["000009-20260109T120000Z.warc.gz: is not named by the chain, and proves nothing"]


def test_stamps_are_kept_and_judged(history: Path) -> None:
    """A stamp is over the last capture's line; a second one for the same line is refused."""
    of = to_be_stamped(history)
    assert of.line == 3
    add_stamp(
        history, of, Stamp(b"token", b"certificates", 1_767_268_800, b"request"), "2026-01-05T00:00:00Z"
    )
    assert {path.name for path in (history / "stamps").iterdir()} == {
        "000003.tsr",
        "000003.tsq",
        "000003.pem",
    }
    asked: list[tuple[str, bytes]] = []

    def judge(response: Path, data: bytes, certificates: Path) -> Judged:
        asked.append((response.name, data))
        return Judged(certificates.read_bytes() == b"certificates", "on some day")

    assert verify(history, judge).holds
    assert asked == [("000003.tsr", of.data)]
    assert (
        "rests on the clock"
        in verify(history, lambda *_: Judged(True, "late", "2026-02-01T00:00:00Z")).notes[0]
    )
    assert "was ahead" in verify(history, lambda *_: Judged(True, "early", "2026-01-01T00:00:00Z")).notes[0]
    assert "needs the extra claims" in verify(history).notes[0]
    assert not verify(history, lambda *_: Judged(holds=False, told="no")).holds
    with pytest.raises(InputError, match="already"):
        to_be_stamped(history)
    (history / "stamps" / "000003.tsr").write_bytes(b"another")
    assert "does not have the SHA-256" in verify(history, judge).problems[0]
    (history / "stamps" / "000003.tsr").unlink()
    assert "cannot be read" in verify(history, judge).problems[0]


def renew(number: int, facts: dict[str, Any], digest: str) -> None:
    """Let the first line fit a capture that was changed."""
    if number == 1:
        facts["sha256"] = digest


@settings(max_examples=50)
@given(st.binary(max_size=300), st.integers(0, 10_000), st.integers(0, 40))
def test_no_bytes_break_the_verifier(whole: dict[str, bytes], noise: bytes, where: int, gone: int) -> None:
    """A chain or a capture of anything gives problems, never a traceback; also where the digests were made to fit."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, kept in whole.items():
            (folder / name).write_bytes(kept)
        chain = folder / "chain.jsonl"
        data = chain.read_bytes()
        at = where % len(data)
        chain.write_bytes(data[:at] + noise + data[at + gone :])
        verify(folder)
        chain.write_bytes(data)
        file = next(folder.glob("000001-*"))
        unpacked = gzip.decompress(file.read_bytes())
        at = where % len(unpacked)
        harmed = unpacked[:at] + noise + unpacked[at + gone :]
        for forged in (
            gzip.compress(harmed),
            file.read_bytes()[:at] + noise + file.read_bytes()[at + gone :],
        ):
            file.write_bytes(forged)
            digest = hashlib.sha256(forged).hexdigest()
            rechained(folder, partial(renew, digest=digest))
            verify(folder)
            with suppress(InputError):
                timelines(folder)
            chain.write_bytes(data)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a history of two captures."""
    folder = tmp_path_factory.mktemp("whole")
    with served({"/robots.txt": answer(b"User-agent: *\nDisallow: /\n"), "/": answer(b"words")}) as server:
        for _ in range(2):
            capture(
                folder, [server.origin], how=Fetching(allow_loopback=True, timeout=5, clock=lambda: BEGIN)
            )
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@given(st.integers(0, 2), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_one_changed_byte_never_verifies(
    whole: dict[str, bytes], which: int, where: float, change: int
) -> None:
    """Wherever a byte of a capture or of the chain is changed, and whatever to.

    But for the last line of the chain: it stands under no digest but the one that is printed, to be noted elsewhere.
    """
    name = sorted(name for name in whole if not name.startswith("."))[which]
    data = whole[name]
    end = data.index(b"\n") + 1 if name == "chain.jsonl" else len(data)
    place = int(where * end)
    changed = data[:place] + bytes([data[place] ^ change]) + data[place + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        for other, kept in whole.items():
            (Path(folder) / other).write_bytes(changed if other == name else kept)
        assert not verify(Path(folder)).holds
