"""Our own bags: the same bytes twice, and each way of breaking or booby-trapping one is named with its file."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import bagit
import pytest

from countermark.errors import DossierError
from countermark.evidence.dossier.bag import finish_bag, write_files
from countermark.evidence.dossier.bag_files import DEEPEST
from countermark.evidence.dossier.bag_paths import escape_reason
from countermark.evidence.dossier.bag_read import check_bag
from evidence.dossier.dossier_samples import files_in


def made_bag(folder: Path) -> Path:
    """Write a bag of three files, with two algorithms."""
    files = {"data/a.txt": b"one", "data/deep/b.txt": b"two", "data/empty": b"", "seal/note.txt": b"x"}
    write_files(folder, files)
    finish_bag(folder, "2026-11-20", [("External-Identifier", "abc")], ("sha256", "sha512"))
    return folder


def test_a_bag_is_the_same_twice_and_others_accept_it(tmp_path: Path) -> None:
    """The bytes depend on nothing but what was given; bagit accepts them too."""
    one, two = made_bag(tmp_path / "one"), made_bag(tmp_path / "two")
    assert files_in(one) == files_in(two)
    check = check_bag(one)
    assert (check.problems, check.warnings) == ([], [])
    assert dict(check.info)["Payload-Oxum"] == "6.3"
    assert bagit.Bag(str(one)).validate()


def test_every_changed_byte_is_found_in_its_file(tmp_path: Path) -> None:
    """One byte of any file is changed: our check names a file, and bagit refuses the bag as well."""
    bag = made_bag(tmp_path / "bag")
    for path, data in files_in(bag).items():
        (bag / path).write_bytes((data or b"?")[:-1] + b"~")
        assert not check_bag(bag).valid, path
        (bag / path).write_bytes(data)
    assert check_bag(bag).valid


def test_files_added_and_removed_are_named(tmp_path: Path) -> None:
    """A file that nobody listed, and one that is gone."""
    bag = made_bag(tmp_path / "bag")
    (bag / "data/a.txt").unlink()
    (bag / "data/new.txt").write_bytes(b"three")
    said = {(problem.path, problem.code) for problem in check_bag(bag).problems}
    assert {("data/a.txt", "missing"), ("data/new.txt", "unlisted"), ("bag-info.txt", "oxum")} >= said
    assert ("data/a.txt", "missing") in said


def test_links_pipes_and_bottomless_folders_are_refused(tmp_path: Path) -> None:
    """Nothing is followed, nothing is waited for."""
    bag = made_bag(tmp_path / "bag")
    (bag / "data/link").symlink_to("/etc/hostname")
    (bag / "data/up").symlink_to(tmp_path)
    os.mkfifo(bag / "data/pipe")
    deep = bag / "data" / "/".join(["d"] * (DEEPEST + 2))
    deep.mkdir(parents=True)
    said = {problem.path: problem.message for problem in check_bag(bag).problems}
    assert "symbolic link" in said["data/link"]
    assert "symbolic link" in said["data/up"]
    assert "no plain file" in said["data/pipe"]
    assert any("deeper" in message for message in said.values())
    with pytest.raises(DossierError, match=r"symbolic link|no plain file|deeper"):
        finish_bag(bag, "2026-11-20")


def test_a_manifest_that_is_a_link_is_not_read(tmp_path: Path) -> None:
    """Not even to compare it."""
    bag = made_bag(tmp_path / "bag")
    (bag / "manifest-sha256.txt").unlink()
    (bag / "manifest-sha256.txt").symlink_to(tmp_path / "elsewhere")
    assert ("manifest-sha256.txt", "not-a-file") in {one[:2] for one in check_bag(bag).problems}


def test_percent_encoded_names_are_read(tmp_path: Path) -> None:
    """CR, LF and % in names are encoded in manifests of version 1.0 (RFC 8493, section 2.1.3)."""
    bag = tmp_path / "bag"
    (bag / "data").mkdir(parents=True)
    (bag / "data/100%\nsure").write_bytes(b"yes")
    digest = hashlib.sha256(b"yes").hexdigest()
    (bag / "manifest-sha256.txt").write_text(f"{digest}  data/100%25%0Asure\n")
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    assert check_bag(bag).valid


@pytest.mark.parametrize(
    ("declaration", "word"),
    [
        ("BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n", "unknown"),
        ("BagIt-Version: 1.0\nTag-File-Character-Encoding: rot13\n", "encoding"),
        ("BagIt-Version: 1.0\n", "two lines"),
        ("\ufeffBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "byte order mark"),
    ],
)
def test_declarations_are_read_strictly(tmp_path: Path, declaration: str, word: str) -> None:
    """What bagit.txt says decides how all else is read."""
    bag = made_bag(tmp_path / "bag")
    (bag / "bagit.txt").write_text(declaration, encoding="utf-8")
    assert word in check_bag(bag).problems[0].message


def test_a_bag_that_waits_for_files_is_not_complete(tmp_path: Path) -> None:
    """Nothing is fetched; what is absent is named as to be fetched."""
    bag = made_bag(tmp_path / "bag")
    (bag / "data/a.txt").unlink()
    (bag / "fetch.txt").write_text("http://127.0.0.1:1/a.txt 3 data/a.txt\n")
    assert ("data/a.txt", "not-fetched") in {one[:2] for one in check_bag(bag).problems}


@pytest.mark.parametrize(
    "path",
    ["../x", "data/../../x", "/x", "~/x", "~root/x", "C:\\x", "c:x", "\\\\host\\x", "//host/x", "%Temp%\\x",
     "$HOME/x", "data//x", "data/./x", "", "data/x/", "..\\x", "data\\..\\..\\x"],
)  # fmt: skip
def test_paths_that_may_escape_are_refused(path: str) -> None:
    """On every system, whatever it would do there."""
    assert escape_reason(path) is not None


@pytest.mark.parametrize("name", ["data/é.txt", "data/a b", "data/.hidden", "../x", "data/a\n", "data/*"])
def test_only_plain_names_are_written(tmp_path: Path, name: str) -> None:
    """So that sha256sum needs no escapes and every system reads the name alike."""
    with pytest.raises(DossierError, match="named with letters"):
        write_files(tmp_path, {name: b""})


def test_no_folder_is_no_bag(tmp_path: Path) -> None:
    """Neither is an empty one."""
    assert check_bag(tmp_path / "absent").problems[0].code == "no-bag"
    assert check_bag(tmp_path).problems[0].path == "bagit.txt"
