"""Backup and restore, with backups that were damaged, cut short or forged."""

from __future__ import annotations

import fcntl
import gzip
import io
import json
import sqlite3
import stat
import tarfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import zstandard
from django.db import connection

from countermark.errors import CountermarkError, InputError, OutputError
from countermark.web.config.environment import Environment, read_environment
from countermark.web.upkeep import backup, postgres
from countermark.web.upkeep.backup import back_up
from countermark.web.upkeep.only import OnlyWorker
from countermark.web.upkeep.restore import restore
from countermark.web.upkeep.served import served


def folder(path: Path, rows: int = 3) -> Environment:
    """A site's folder with a small database, keys and an upload."""
    path.mkdir()
    with closing(sqlite3.connect(path / "site.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE signature (name TEXT)")
        database.executemany("INSERT INTO signature VALUES (?)", [(f"n{i}",) for i in range(rows)])
        database.commit()
    (path / "site.key").write_text("ab" * 32)
    (path / "roll-key.pem").write_text("a key")
    (path / "works" / "m1").mkdir(parents=True)
    (path / "works" / "m1" / "œuvre.txt").write_text("Il était une fois")
    (path / "static").mkdir()
    (path / "static" / "site.css").write_text("made anew")
    (path / "worker.lock").touch()
    return read_environment({"COUNTERMARK_DATA": str(path)})


def empty(path: Path) -> Environment:
    """The environment of a site that does not exist yet."""
    return read_environment({"COUNTERMARK_DATA": str(path)})


def names(site: Environment) -> list[str]:
    """The rows of the small database."""
    with closing(sqlite3.connect(site.database["NAME"])) as database:
        return [row[0] for row in database.execute("SELECT name FROM signature ORDER BY rowid")]


def forged(path: Path, members: list[tarfile.TarInfo | tuple[str, bytes]]) -> Path:
    """A backup file with members of our choosing."""
    with gzip.open(path, "wb") as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
        for member in members:
            if isinstance(member, tuple):
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                tar.addfile(info, io.BytesIO(member[1]))
            else:
                tar.addfile(member)
    return path


@pytest.mark.parametrize("name", ["b.tar.zst", "b.tar.gz"])
def test_there_and_back(tmp_path: Path, name: str) -> None:
    """What a backup holds comes back, private; locks and what is made anew stay out."""
    site = folder(tmp_path / "one")
    done = back_up(site, tmp_path / name)
    assert done.files == 4
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    new = empty(tmp_path / "two")
    manifest = restore(new, tmp_path / name)
    assert manifest.keys
    assert names(new) == ["n0", "n1", "n2"]
    assert (new.data / "works" / "m1" / "œuvre.txt").read_text() == "Il était une fois"
    assert (new.data / "site.key").read_text() == "ab" * 32
    assert not (new.data / "static").exists()
    private = [path for path in new.data.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_those_who_write_meanwhile_are_not_in_the_way(tmp_path: Path) -> None:
    """A backup while a transaction is open holds what was committed, and does not wait."""
    site = folder(tmp_path / "one")
    with closing(sqlite3.connect(site.database["NAME"], isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO signature VALUES ('not yet')")
        back_up(site, tmp_path / "b.tar.zst")
        writer.execute("COMMIT")
    new = empty(tmp_path / "two")
    restore(new, tmp_path / "b.tar.zst")
    assert names(new) == ["n0", "n1", "n2"]


def test_without_keys_they_must_be_there(tmp_path: Path) -> None:
    """A backup without keys says so, and is restored only where the keys are; those stay as they are."""
    back_up(folder(tmp_path / "one"), tmp_path / "b.tar.zst", keys=False)
    with pytest.raises(InputError, match="holds no keys"):
        restore(empty(tmp_path / "two"), tmp_path / "b.tar.zst")
    (tmp_path / "two" / "site.key").write_text("other")
    restore(empty(tmp_path / "two"), tmp_path / "b.tar.zst")
    assert (tmp_path / "two" / "site.key").read_text() == "other"


def test_a_site_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    """Without --replace it is refused; with it, what was there is kept beside."""
    back_up(folder(tmp_path / "one"), tmp_path / "b.tar.zst")
    other = folder(tmp_path / "two", rows=1)
    with pytest.raises(InputError, match="a site here already"):
        restore(other, tmp_path / "b.tar.zst")
    assert names(other) == ["n0"]
    restore(other, tmp_path / "b.tar.zst", replace=True)
    assert names(other) == ["n0", "n1", "n2"]
    kept = next(other.data.glob("before-restore-*"))
    assert names(replace(other, database=other.database | {"NAME": str(kept / "site.sqlite3")})) == ["n0"]


def test_dry_run_changes_nothing(tmp_path: Path) -> None:
    """It reads all of the backup and leaves no site."""
    back_up(folder(tmp_path / "one"), tmp_path / "b.tar.zst")
    restore(empty(tmp_path / "two"), tmp_path / "b.tar.zst", dry_run=True)
    assert list((tmp_path / "two").iterdir()) == []


def test_every_damage_is_found_and_changes_nothing(tmp_path: Path) -> None:
    """Cut at any place or with a byte turned, a backup is refused in one line; the folder stays empty."""
    back_up(folder(tmp_path / "one"), tmp_path / "b.tar.gz")
    whole = (tmp_path / "b.tar.gz").read_bytes()
    damaged = [whole[:cut] for cut in range(0, len(whole), len(whole) // 25)]
    damaged += [
        whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        for at in range(12, len(whole) - 8, len(whole) // 25)
    ]
    for number, content in enumerate(damaged):
        (tmp_path / "bad.tar.gz").write_bytes(content)
        with pytest.raises(CountermarkError):
            restore(empty(tmp_path / f"new{number}"), tmp_path / "bad.tar.gz")
        assert list((tmp_path / f"new{number}").iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/x", "data/../../x", "data/./x", "x", "data", "data//x", "data\\x", "./data/x", "database"],
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    """No member leaves the folder."""
    path = forged(tmp_path / "b.tar.gz", [(name, b"x")])
    with pytest.raises(InputError, match="has no place in a backup"):
        restore(empty(tmp_path / "two"), path)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_only_plain_files_are_extracted(tmp_path: Path, kind: bytes) -> None:
    """Links, devices and folders are refused."""
    member = tarfile.TarInfo("data/x")
    member.type, member.linkname = kind, "/etc/passwd"
    with pytest.raises(InputError, match="not a plain file"):
        restore(empty(tmp_path / "two"), forged(tmp_path / "b.tar.gz", [member]))


def test_what_the_manifest_does_not_know_is_refused(tmp_path: Path) -> None:
    """A file too many, a foreign manifest, a missing database: each is said."""
    manifest = {
        "format": "countermark-backup-1",
        "made_at": "x",
        "version": "1",
        "database": "sqlite",
        "keys": True,
    }
    cases = [
        (
            [("data/x", b"x"), ("manifest.json", json.dumps(manifest | {"files": {}}).encode())],
            "not what the manifest",
        ),
        ([("manifest.json", json.dumps(manifest | {"files": {}}).encode())], "no database"),
        (
            [
                (
                    "manifest.json",
                    json.dumps(manifest | {"files": {"data/x": {"bytes": 1, "sha256": ""}}}).encode(),
                )
            ],
            "miss",
        ),
        ([("manifest.json", b"{}")], "cannot be read"),
        ([("manifest.json", b"[" * 100_000)], "cannot be read"),
        (
            [("manifest.json", json.dumps(manifest | {"format": "2", "files": {}}).encode())],
            "of this version",
        ),
        ([("data/x", b"x")], r"no manifest\.json"),
    ]
    for number, (members, said) in enumerate(cases):
        path = forged(tmp_path / "b.tar.gz", [*members])
        with pytest.raises(InputError, match=said):
            restore(empty(tmp_path / f"new{number}"), path)


def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member larger than the room that is left is not extracted."""
    path = tmp_path / "b.tar.zst"
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        info = tarfile.TarInfo("data/zeros")
        info.size = 50_000_000
        tar.addfile(info, io.BytesIO(bytes(info.size)))
    path.write_bytes(zstandard.compress(content.getvalue()))
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(OutputError, match="not enough room"):
        restore(empty(tmp_path / "two"), path)


def test_what_is_no_backup_is_one_line(tmp_path: Path) -> None:
    """Another file, a missing one, a wrong name."""
    (tmp_path / "b.tar.zst").write_text("hello")
    with pytest.raises(InputError, match="not a backup"):
        restore(empty(tmp_path / "two"), tmp_path / "b.tar.zst")
    with pytest.raises(InputError, match="no such file"):
        restore(empty(tmp_path / "four"), tmp_path / "none.tar.zst")
    assert not (tmp_path / "four").exists()
    with pytest.raises(InputError, match="ends with"):
        back_up(folder(tmp_path / "one"), tmp_path / "b.zip")
    with pytest.raises(InputError, match="no site in this folder"):
        back_up(empty(tmp_path / "three"), tmp_path / "c.tar.zst")
    assert not (tmp_path / "c.tar.zst").exists()


def test_a_running_worker_is_not_pulled_away(tmp_path: Path) -> None:
    """While the worker's lock is held, nothing is replaced."""
    site = folder(tmp_path / "one")
    back_up(site, tmp_path / "b.tar.zst")
    with (site.data / "worker.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="the site runs"):
            restore(site, tmp_path / "b.tar.zst", replace=True)
    assert names(site) == ["n0", "n1", "n2"]


def test_a_running_server_is_not_pulled_away(tmp_path: Path) -> None:
    """`countermark serve --no-worker` writes into the database too; two may serve one folder."""
    site = folder(tmp_path / "one")
    back_up(site, tmp_path / "b.tar.zst")
    with served(site.data), served(site.data), pytest.raises(InputError, match="the site runs"):
        restore(site, tmp_path / "b.tar.zst", replace=True)
    assert names(site) == ["n0", "n1", "n2"]
    restore(site, tmp_path / "b.tar.zst", replace=True)


def test_a_restore_that_stops_half_way_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It never says that nothing was changed, and tells where the site before is."""
    site = folder(tmp_path / "one")
    back_up(site, tmp_path / "b.tar.zst")

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr("shutil.move", full)
    with pytest.raises(OutputError, match=r"only in part, and what was there is in .*before-restore-"):
        restore(site, tmp_path / "b.tar.zst", replace=True)


def test_what_members_remove_meanwhile_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is listed and gone is left out, and so is what is being uploaded."""
    site = folder(tmp_path / "one")
    part = site.data / "works" / "m1" / ".part-x"
    part.mkdir()
    (part / "upload").write_text("half of it")
    add = backup._add

    def late(tar: tarfile.TarFile, name: str, path: Path) -> tuple[int, str]:
        if path.suffix == ".txt":
            path.unlink()
        return add(tar, name, path)

    monkeypatch.setattr(backup, "_add", late)
    back_up(site, tmp_path / "b.tar.zst")
    kept = restore(empty(tmp_path / "two"), tmp_path / "b.tar.zst").files
    assert sorted(kept) == ["data/roll-key.pem", "data/site.key", "database.sqlite3"]


def test_a_database_of_another_name_is_in_it_once(tmp_path: Path) -> None:
    """The live file is never copied as it lies there: only SQLite's own snapshot is."""
    site = folder(tmp_path / "one")
    (site.data / "site.sqlite3").rename(site.data / "other.db")
    url = {"DATABASE_URL": f"sqlite:///{site.data / 'other.db'}"}
    site = read_environment({"COUNTERMARK_DATA": str(site.data), **url})
    back_up(site, tmp_path / "b.tar.zst")
    assert not [name for name in restore(site, tmp_path / "b.tar.zst", dry_run=True).files if "other" in name]
    restore(site, tmp_path / "b.tar.zst", replace=True)
    assert names(site) == ["n0", "n1", "n2"]


def test_a_worker_on_another_machine_is_seen(db: None) -> None:
    """On PostgreSQL the worker's lock is in the database: whoever restores takes its place, or is told."""
    database = connection.settings_dict
    if connection.vendor != "postgresql":
        assert database["ENGINE"].endswith("sqlite3")  # there the lock is a file; see the tests above
        return
    with OnlyWorker() as worker:
        worker.wait(lambda _: True)
        with postgres.no_worker(database) as alone:
            assert not alone
    with postgres.no_worker(database) as alone, OnlyWorker() as worker:
        assert alone
        assert not worker._taken()


def test_other_databases_are_told_apart(tmp_path: Path) -> None:
    """A backup of SQLite is not for PostgreSQL."""
    back_up(folder(tmp_path / "one"), tmp_path / "b.tar.zst")
    other = read_environment({"COUNTERMARK_DATA": str(tmp_path / "two"), "DATABASE_URL": "postgres://h/db"})
    with pytest.raises(InputError, match="on sqlite, this one is on postgresql"):
        restore(other, tmp_path / "b.tar.zst", dry_run=True)
