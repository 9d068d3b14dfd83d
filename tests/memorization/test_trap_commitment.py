"""The commitment: what it fixes, what it tells, and what does not fit it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from countermark.errors import PlanError
from countermark.memorization.traps.commitment import NAME, check, commit
from countermark.memorization.traps.key import TrapKey
from countermark.memorization.traps.planting.applying import write_copies
from countermark.memorization.traps.planting.proposing import Wish
from memorization.planted_works import KEY, approve, copies, proposed, written

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    proposed(written(tmp_path / "works", "mill.txt", "moulin.md"), out, Wish(channels=("web", "licensee")))
    approve(out)
    write_copies(out, lambda: iter(copies(out)), KEY)
    return out


def test_a_commitment_fixes_key_generator_traps_and_works(folder: Path) -> None:
    """And tells nothing of the key; the same again is the same bytes."""
    made = commit(folder, KEY)
    said = json.loads((folder / NAME).read_bytes())
    assert said["key"] == KEY.digest
    assert said["generator"] == "traps-v1"
    assert said["channels"] == ["licensee", "web"]
    assert len(said["works"]) == 2
    assert set(said) == {"format", "generator", "key", "traps", "works", "channels"}
    assert KEY.secret.hex() not in (folder / NAME).read_text()
    assert commit(folder, KEY) == made == check(folder, KEY)


def test_another_key_is_refused_and_told(folder: Path) -> None:
    """When it is made, and when it is checked; digests are shown, and no key."""
    other = TrapKey(bytes(32))
    with pytest.raises(PlanError, match="another than that of the traps"):
        commit(folder, other)
    commit(folder, KEY)
    with pytest.raises(PlanError, match="commits to another key") as caught:
        check(folder, other)
    assert KEY.digest in str(caught.value)
    assert other.digest in str(caught.value)
    assert other.secret.hex() not in str(caught.value)


def test_changed_traps_are_refused(folder: Path) -> None:
    """One space is enough."""
    commit(folder, KEY)
    path = folder / "traps.json"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(PlanError, match="changed after the commitment"):
        check(folder, KEY)
    with pytest.raises(PlanError, match="never replaced"):
        commit(folder, KEY)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("works", ["other"], "works or channels"),
        ("generator", "traps-v0", "another generator"),
        ("format", "x", "no commitment"),
        ("traps", None, "changed after"),
    ],
)
def test_a_commitment_that_was_changed_is_refused(
    folder: Path, name: str, value: object, message: str
) -> None:
    """Whatever was put into it."""
    commit(folder, KEY)
    said = json.loads((folder / NAME).read_bytes())
    said[name] = value
    (folder / NAME).write_text(json.dumps(said))
    with pytest.raises(PlanError, match=message):
        check(folder, KEY)


def test_what_is_not_there_is_named(tmp_path: Path, folder: Path) -> None:
    """With the command that would make it."""
    with pytest.raises(PlanError, match="`countermark trap apply` writes it"):
        commit(tmp_path, KEY)
    with pytest.raises(PlanError, match="`countermark trap commit` writes it"):
        check(folder, KEY)
