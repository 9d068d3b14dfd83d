"""Redaction: what is withheld stands nowhere, what remains verifies against the first signature."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import bagit
import pytest

from countermark.errors import DossierError
from countermark.evidence.dossier.bag import finish_bag
from countermark.evidence.dossier.redact import Withhold, redact
from countermark.evidence.dossier.verify import verify_dossier
from countermark.evidence.dossier.verify_text import commands_in
from evidence.dossier.dossier_samples import FERRY, LAMP, SECRETS, files_in, sealed, shell

DAY = "2026-11-21"


def item_of(bag: Path, work: str) -> str:
    """The item of a work."""
    found = [
        path
        for path in bag.glob("data/items/*/work.json")
        if json.loads(path.read_bytes())["work_id"] == work
    ]
    return found[0].parent.name


def forms_of(text: str) -> list[bytes]:
    """A text as files may hold it: UTF-8, JSON escapes, UTF-16."""
    return [text.encode(), json.dumps(text).encode()[1:-1], text.encode("utf-16-le"), text.upper().encode()]


def layers_of(data: bytes) -> list[bytes]:
    """The bytes of a file, and of what is packed in it."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return [data]
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return [data, *(packed.read(name) for name in packed.namelist())]


def assert_nowhere(bag: Path, secrets: tuple[str, ...]) -> None:
    """No secret stands in any file, in any form, or in a file's name."""
    for path, data in files_in(bag).items():
        for secret in secrets:
            assert secret not in path
            for layer in layers_of(data):
                assert not any(form in layer for form in forms_of(secret)), (path, secret)


def test_a_withheld_work_stands_nowhere_and_the_rest_verifies(tmp_path: Path) -> None:
    """By us, by bagit, and by the commands that the dossier prints."""
    done = sealed(tmp_path)
    copy = tmp_path / "copy"
    made = redact(done.path, copy, Withhold(works=frozenset({"ferry-1998"})), "unpublished", DAY)
    assert_nowhere(copy, (*SECRETS, "Eloi Sauzet"))
    verified = verify_dossier(copy, done.facts["key_fingerprint"])
    assert verified.problems == []
    assert bagit.Bag(str(copy)).validate()
    for command in commands_in((copy / "data/VERIFY.txt").read_text(encoding="utf-8")):
        assert shell(command, copy).returncode == 0, command
    said = json.loads((copy / "redaction.json").read_bytes())
    assert (said["redactions"][0]["files"], said["redactions"][0]["reason"]) == (made.files, "unpublished")
    assert LAMP.encode() in b"".join(files_in(copy).values())
    assert files_in(copy)["seal/dossier.dsse.json"] == files_in(done.path)["seal/dossier.dsse.json"]


def test_digests_of_what_is_withheld_cannot_be_guessed(tmp_path: Path) -> None:
    """Each withheld file of a work held a salt of 256 bits; of files on the whole set no digest is left at all."""
    done = sealed(tmp_path)
    copy = tmp_path / "copy"
    redact(done.path, copy, Withhold(works=frozenset({"ferry-1998"})), "unpublished", DAY)
    before, after = files_in(done.path), files_in(copy)
    everything = b"".join(after.values())
    withheld = json.loads(after["redaction.json"])["withheld"]
    for path in set(before) - set(after):
        if not path.startswith("data/"):
            continue
        if path in withheld:
            assert b"salt" in before[path] or path == "data/whole-set.sha256", path
        else:
            line = next(
                line for line in before["data/whole-set.sha256"].splitlines() if line.endswith(path.encode())
            )
            assert line[:64] not in everything, path
    salts = [
        json.loads(data)["salt"]
        for path, data in before.items()
        if path in withheld and path.endswith(".json")
    ]
    assert len(set(salts)) == len(salts)
    assert not any(salt.encode() in everything for salt in salts)
    assert before["data/whole-set.salt"].strip() not in everything


def test_a_withheld_passage_takes_those_with_the_same_text_along(tmp_path: Path) -> None:
    """The work stays, its other passages too."""
    bag = sealed(tmp_path).path
    lock = item_of(bag, "lock-2004")
    made = redact(bag, tmp_path / "copy", Withhold(passages=frozenset({(lock, 1)})), "names a child", DAY)
    assert made.works == 0
    assert_nowhere(tmp_path / "copy", (LAMP,))
    kept = files_in(tmp_path / "copy")
    assert f"data/items/{lock}/work.json" in kept
    assert f"data/items/{lock}/passage-002.json" in kept
    assert FERRY.encode() in b"".join(kept.values())


def test_keeping_one_work_and_redacting_again(tmp_path: Path) -> None:
    """A copy is redacted like a dossier; both reasons stay."""
    bag = sealed(tmp_path).path
    redact(bag, tmp_path / "one", Withhold(keep_only=frozenset({"lock-2004"})), "others", DAY)
    lock = item_of(bag, "lock-2004")
    redact(tmp_path / "one", tmp_path / "two", Withhold(passages=frozenset({(lock, 2)})), "again", DAY)
    assert verify_dossier(tmp_path / "two").holds
    said = json.loads((tmp_path / "two/redaction.json").read_bytes())
    assert [step["reason"] for step in said["redactions"]] == ["others", "again"]


def test_what_is_left_out_without_saying_so_is_found(tmp_path: Path) -> None:
    """A file that is gone, or said to be withheld under another digest, or that was never sealed."""
    bag = sealed(tmp_path).path
    redact(bag, tmp_path / "copy", Withhold(works=frozenset({"ferry-1998"})), "unpublished", DAY)
    copy = tmp_path / "copy"
    said = json.loads((copy / "redaction.json").read_bytes())
    path = next(iter(said["withheld"]))
    for withheld in (
        {key: value for key, value in said["withheld"].items() if key != path},
        said["withheld"] | {path: "0" * 64},
        said["withheld"] | {"data/never.txt": "0" * 64},
    ):
        (copy / "redaction.json").write_text(json.dumps(said | {"withheld": withheld}))
        finish_bag(copy, DAY)
        assert not verify_dossier(copy).holds


def test_what_cannot_be_redacted_is_said(tmp_path: Path) -> None:
    """An unknown work or passage, a reason that tells, a bag that does not verify, a place that is taken."""
    bag = sealed(tmp_path).path
    work = Withhold(works=frozenset({"ferry-1998"}))
    for wanted, reason, words in (
        (Withhold(works=frozenset({"nobody"})), "x", "no item for the work 'nobody'"),
        (Withhold(keep_only=frozenset({"nobody"})), "x", "no item for the work 'nobody'"),
        (Withhold(passages=frozenset({("00001", 99)})), "x", "no passage 00001/99"),
        (Withhold(), "x", "nothing is to be withheld"),
        (work, "Claire Delorme asked for it", "the reason names"),
    ):
        with pytest.raises(DossierError, match=words):
            redact(bag, tmp_path / "copy", wanted, reason, DAY)
    with pytest.raises(DossierError, match="is there already"):
        redact(bag, bag, work, "x", DAY)
    (bag / "data/software.txt").write_text("")
    with pytest.raises(DossierError, match="does not verify"):
        redact(bag, tmp_path / "copy", work, "x", DAY)
    assert not (tmp_path / "copy").exists()


def test_a_statement_that_names_the_work_cannot_be_cut(tmp_path: Path) -> None:
    """It is signed: the run folder was called like the work."""
    from evidence.dossier.dossier_samples import made_run

    run = made_run(tmp_path, "ferry-1998")
    bag = sealed(tmp_path, runs=(run,)).path
    with pytest.raises(DossierError, match="the signed statement names"):
        redact(bag, tmp_path / "copy", Withhold(works=frozenset({"ferry-1998"})), "x", DAY)
