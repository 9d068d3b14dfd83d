"""The verifier: what is whole verifies; whatever is changed, left out, put in or rewritten does not."""

from __future__ import annotations

import copy
import hashlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.cli.roll import command
from countermark.roll import lines
from countermark.roll.hashing import (
    HEAD_PREFIX,
    FailedCheckError,
    UnusableFileError,
    canonical,
    commitment,
)
from countermark.roll.joined import verifier_source
from countermark.roll.tree import Tree
from countermark.roll.verify import CONSISTENCY, EXPORT, PROOF, examine, main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
LOG = hashlib.sha256(PUBLIC).hexdigest()


def salt_of(seed: int) -> bytes:
    """A salt that tests can repeat."""
    return hashlib.sha256(b"%d" % seed).digest()[:16]


def record_of(number: int) -> dict[str, object]:
    """What a signatory shows."""
    return {"name": f"Zoé {number}", "trades": ["composer", "poet"], "country": "FR"}


def committed(number: int, seed: int | None = None) -> str:
    """The commitment to a record."""
    return commitment(salt_of(number if seed is None else seed), canonical(record_of(number)))


def opening(number: int, seed: int | None = None) -> dict[str, object]:
    """Salt and record of a number."""
    return {
        "number": number,
        "salt": salt_of(number if seed is None else seed).hex(),
        "record": record_of(number),
    }


def signed_head(tree: Tree, size: int, time: str, key: Ed25519PrivateKey = KEY) -> dict[str, object]:
    """The head of the first `size` leaves."""
    log = hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()
    head = lines.unsigned_head(log, size, tree.root(size), time)
    return {**head, "signature": key.sign(HEAD_PREFIX + canonical(head)).hex()}


LEAVES = [
    *(lines.entry(number, "person", committed(number)) for number in range(1, 6)),
    lines.withdrawal(2),
    lines.entry(6, "organisation", committed(6)),
    lines.amendment(3, committed(3, 103)),
    lines.invalidation(4, "trending-domain"),
    lines.invalidation(5, "fraud"),
    lines.reinstatement(5, committed(5, 105)),
]


def export_of(leaves: list[dict[str, object]], openings: list[dict[str, object]]) -> dict[str, Any]:
    """An export that is signed as a site would sign it."""
    tree = Tree()
    tree.extend(map(canonical, leaves))
    heads = [signed_head(tree, size, f"2026-11-22T10:{size:02}:00Z") for size in (1, 5) if size < len(leaves)]
    head = signed_head(tree, len(leaves), "2026-11-22T11:00:00Z")
    return {
        "format": EXPORT,
        "key": PUBLIC.hex(),
        "head": head,
        "heads": heads,
        "leaves": leaves,
        "openings": openings,
    }


def export() -> dict[str, Any]:
    """A roll in which everything happened once."""
    return copy.deepcopy(export_of(LEAVES, [opening(1), opening(3, 103), opening(5, 105), opening(6)]))


def proof() -> dict[str, Any]:
    """The proof of number 3, which was amended."""
    tree = Tree()
    tree.extend(map(canonical, LEAVES))
    found = [
        {"position": position, "leaf": LEAVES[position], "path": [d.hex() for d in tree.inclusion(position)]}
        for position in (2, 7)
    ]
    head = signed_head(tree, len(LEAVES), "2026-11-22T11:00:00Z")
    whole = {"format": PROOF, "key": PUBLIC.hex(), "head": head, "number": 3, "leaves": found}
    return copy.deepcopy({**whole, "opening": {"salt": salt_of(103).hex(), "record": record_of(3)}})


def test_a_whole_roll_verifies() -> None:
    """The count follows from the lines."""
    found = examine(export(), LOG)
    assert found["pinned"]
    counted = {name: found[name] for name in ("numbers", "listed", "persons", "organisations", "withdrawn")}
    assert counted == {"numbers": 6, "listed": 4, "persons": 3, "organisations": 1, "withdrawn": 1}
    assert (found["invalidated"], found["openings"], found["earlier_heads"]) == (1, 4, 2)
    assert examine(export(), PUBLIC.hex().upper())["pinned"]
    assert not examine(export())["pinned"]


def test_an_empty_roll_verifies() -> None:
    """The head of no lines is SHA-256 of nothing."""
    assert examine(export_of([], []))["numbers"] == 0


def test_a_proof_verifies_for_the_newest_commitment_only() -> None:
    """The opening of an amended number is that of the amendment."""
    assert examine(proof())["standing"] == "listed"
    old = {**proof(), "opening": opening(3)}
    with pytest.raises(FailedCheckError, match="does not match its commitment"):
        examine(old)
    without = {name: value for name, value in proof().items() if name != "opening"}
    assert examine(without)["opened"] is False


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document that holds a text or a number."""
    if isinstance(value, dict):
        return [place for key, inner in value.items() for place in places(inner, (*path, key))]
    if isinstance(value, list):
        return [place for i, inner in enumerate(value) for place in places(inner, (*path, i))]
    return [path]


def changed(value: Any) -> Any:
    """Another value of the same type."""
    if isinstance(value, int):
        return value + 1
    return ("1" if value[:1] != "1" else "2") + value[1:]


@pytest.mark.parametrize("make", [export, proof])
def test_any_single_change_is_found(make: Callable[[], dict[str, Any]]) -> None:
    """One digit of any field of any part, and it does not verify."""
    for place in places(make()):
        document = make()
        holder = document
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = changed(holder[place[-1]])
        with pytest.raises((FailedCheckError, UnusableFileError)):
            examine(document, LOG)


@settings(max_examples=60)
@given(st.data())
def test_leaving_out_repeating_and_reordering_are_found(data: st.DataObject) -> None:
    """No line can be dropped, doubled or moved under a head that was signed."""
    document = export()
    leaves = document["leaves"]
    one = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.integers(0, len(leaves) - 1).filter(lambda n: n != one))
    match data.draw(st.sampled_from(["drop", "double", "swap"])):
        case "drop":
            del leaves[one]
        case "double":
            leaves.insert(one, leaves[one])
        case _:
            leaves[one], leaves[other] = leaves[other], leaves[one]
    with pytest.raises(FailedCheckError):
        examine(document)


ILLEGAL = {
    "a gap in the numbers": [lines.entry(1, "person", committed(1)), lines.entry(3, "person", committed(3))],
    "a number twice": [lines.entry(1, "person", committed(1)), lines.entry(1, "person", committed(9))],
    "a beginning at zero": [lines.entry(0, "person", committed(1))],
    "a withdrawal of nobody": [lines.withdrawal(1)],
    "a second withdrawal": [
        lines.entry(1, "person", committed(1)),
        lines.withdrawal(1),
        lines.withdrawal(1),
    ],
    "an amendment after a withdrawal": [
        lines.entry(1, "person", committed(1)),
        lines.withdrawal(1),
        lines.amendment(1, committed(9)),
    ],
    "a reinstatement of a listed one": [
        lines.entry(1, "person", committed(1)),
        lines.reinstatement(1, committed(9)),
    ],
    "a reinstatement of a withdrawn one": [
        lines.entry(1, "person", committed(1)),
        lines.withdrawal(1),
        lines.reinstatement(1, committed(9)),
    ],
    "one commitment counted twice": [
        lines.entry(1, "person", committed(1)),
        lines.entry(2, "person", committed(1)),
    ],
}


@pytest.mark.parametrize("name", ILLEGAL)
def test_a_keeper_who_signs_nonsense_is_found(name: str) -> None:
    """Hashes and signatures fit, and the lines contradict one another."""
    with pytest.raises(FailedCheckError, match="leaves"):
        examine(export_of(ILLEGAL[name], []))


@pytest.mark.parametrize("gone", [2, 4])
def test_what_is_off_the_roll_has_no_opening(gone: int) -> None:
    """An opening of a withdrawn or an invalidated number fails, although it matches."""
    with pytest.raises(FailedCheckError, match="not on the roll"):
        examine(export_of(LEAVES, [opening(gone)]))


def test_an_opening_twice_fails() -> None:
    """Each number is opened once."""
    with pytest.raises(FailedCheckError, match="opened twice"):
        examine(export_of(LEAVES, [opening(1), opening(1)]))


def test_rewriting_is_found_with_an_earlier_file() -> None:
    """A roll that was signed anew over other lines verifies alone, and not against what was kept before."""
    other = copy.deepcopy(LEAVES)
    other[1] = lines.entry(2, "person", committed(77))
    rewritten = export_of(other, [])
    assert examine(rewritten)["numbers"] == 6
    kept = export_of(LEAVES[:5], [])
    for older in (kept, kept["head"]):
        assert examine(export(), None, older)["since"] == 5
        with pytest.raises(FailedCheckError, match="are not the first 5"):
            examine(rewritten, None, older)
    with pytest.raises(FailedCheckError, match="it was cut"):
        examine(export_of(LEAVES[:4], []), None, kept)


def test_another_log_is_found() -> None:
    """Another key: by --key, by the earlier file, and by the head's own words."""
    with pytest.raises(FailedCheckError, match="not of the one given"):
        examine(export(), "00" * 32)
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    document = export()
    document["key"] = stranger.public_key().public_bytes_raw().hex()
    with pytest.raises(FailedCheckError, match="another log"):
        examine(document)
    tree = Tree()
    older = signed_head(tree, 0, "2026-11-22T09:00:00Z", stranger)
    with pytest.raises(FailedCheckError, match="another log"):
        examine(export(), None, older)


def test_a_head_that_goes_back_in_time_is_found() -> None:
    """Published heads are in order of size and time."""
    document = export()
    document["heads"].reverse()
    with pytest.raises(FailedCheckError, match="go backwards"):
        examine(document)


def test_consistency_without_the_lines() -> None:
    """An earlier head and a proof show that the log only grew."""
    tree = Tree()
    tree.extend(map(canonical, LEAVES))
    head = signed_head(tree, len(LEAVES), "2026-11-22T11:00:00Z")
    path = [digest.hex() for digest in tree.consistency(5)]
    document = {"format": CONSISTENCY, "key": PUBLIC.hex(), "head": head, "first": 5, "path": path}
    kept = export_of(LEAVES[:5], [])["head"]
    assert examine(document, LOG, kept)["since"] == 5
    other = export_of([*LEAVES[:4], lines.entry(5, "person", committed(88))], [])["head"]
    with pytest.raises(FailedCheckError, match="are not the first 5"):
        examine(document, LOG, other)
    with pytest.raises(UnusableFileError, match="--since"):
        examine(document)
    with pytest.raises(UnusableFileError, match="begins at 5"):
        examine(document, None, export_of(LEAVES[:4], [])["head"])


HOSTILE = {
    "empty": b"",
    "not JSON": b"<html>",
    "not UTF-8": b'{"format": "\xff"}',
    "a list": b"[]",
    "deep": b'{"format":' * 100_000,
    "deep lists": b"[" * 1_000_000,
    "a key twice": b'{"format": 1, "format": 2}',
    "a float": b'{"format": 1.5}',
    "not a number": b'{"format": NaN}',
    "a long number": b'{"format": ' + b"9" * 10_000 + b"}",
    "another format": b'{"format": "x\\u001b[31m"}',
    "no key": json.dumps({"format": EXPORT}).encode(),
    "a short key": json.dumps({"format": EXPORT, "key": "00"}).encode(),
    "a null head": json.dumps({"format": EXPORT, "key": "00" * 32, "head": None}).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_one_line_and_exit_2(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback, nothing of the file's control characters."""
    path = tmp_path / "file.json"
    path.write_bytes(HOSTILE[name])
    assert main([str(path)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "cannot be used" in said
    assert "\x1b" not in said


@pytest.mark.parametrize("wrong", [None, True, -1, 1.5, [[]], {"a": {}}])
def test_a_field_of_another_type_is_no_traceback(wrong: object) -> None:
    """Whatever stands at whatever place, the verifier says so in its own words."""
    for make in (export, proof):
        for place in [*places(make()), *((name,) for name in make())]:
            document = make()
            holder = document
            for step in place[:-1]:
                holder = holder[step]
            holder[place[-1]] = wrong
            with pytest.raises((FailedCheckError, UnusableFileError)):
                examine(document, None, document if make is export else None)


def test_records_in_any_json_are_hashed_alike() -> None:
    """Keys are sorted; spaces do not count; a lone surrogate, a float, a deep nest are refused."""
    assert canonical({"b": "é\u2028\x7f\n", "a": [1, True]}) == '{"a":[1,true],"b":"é\u2028\x7f\\n"}'.encode()
    for wrong in ({"a": "\ud800"}, {"é": 1}, {"a": 1.0}, {"a": None}, {1: 2}, 2**53):
        with pytest.raises(UnusableFileError):
            canonical(wrong)
    nest: list[object] = []
    for _ in range(2_000):
        nest = [nest]
    with pytest.raises(UnusableFileError):
        canonical(nest)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """An export, a proof, an earlier head, and an export that was tampered with."""
    tampered = export()
    tampered["openings"][0]["record"]["name"] = "Somebody else"
    kept = export_of(LEAVES[:5], [])["head"]
    written = {"export": export(), "proof": proof(), "kept": kept, "tampered": tampered}
    for name, document in written.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(document, indent=2), encoding="utf-8")
    (tmp_path / "verify_roll.py").write_text(verifier_source(), encoding="utf-8")
    return tmp_path


def test_the_one_file_runs_alone(files: Path) -> None:
    """verify_roll.py in an empty interpreter: exit codes 0, 1 and 2, and the same words."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        whole = [sys.executable, "-I", "-S", "verify_roll.py", *arguments]
        return subprocess.run(whole, cwd=files, capture_output=True, text=True, check=False)

    whole = run("export.json", "--key", LOG, "--since", "kept.json")
    assert whole.returncode == 0, whole.stderr
    assert "1 to 6, without a gap: on the roll 4 (" in whole.stdout
    assert "--since (5) stand unchanged" in whole.stdout
    failed = run("tampered.json", "--json")
    assert failed.returncode == 1
    assert json.loads(failed.stdout)["failed"] is True
    assert "does not match its commitment" in failed.stderr
    assert run("nothing.json").returncode == 2
    assert "countermark" not in verifier_source().partition('"""\n\nfrom')[2].replace("countermark-roll", "")


def test_the_command_is_the_same(files: Path) -> None:
    """`countermark roll verify` has the options and exit codes of the one file."""
    runner = CliRunner()
    done = runner.invoke(command, ["verify", str(files / "export.json"), "--json", "--key", LOG])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["listed"] == 4
    assert runner.invoke(command, ["verify", str(files / "proof.json")]).exit_code == 0
    assert runner.invoke(command, ["verify", str(files / "tampered.json")]).exit_code == 1
    assert runner.invoke(command, ["verify", str(files / "export.json"), "--key", "ab"]).exit_code == 2
    told = runner.invoke(command, ["verify", "--help"]).stdout
    assert "Examples:" in told
    assert "--since" in told
