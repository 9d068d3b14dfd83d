"""What a node must be before it scans; who does not fit is named."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from countermark.corpus.base import Shard
from countermark.errors import InputError, OutputError, RunError
from countermark.scan.runners.ray_check import Premises, check_premises, shared_token
from countermark.scan.runners.ray_cluster import Head, joined
from countermark.storage.store import LocalStore


def shard(path: Path) -> Shard:
    return Shard(path.name, str(path), "plain", 1)


def test_a_node_that_fits_leaves_nothing_behind(tmp_path: Path) -> None:
    """Corpus seen, run folder shared and writable: nothing is said, and nothing stays."""
    corpus, run = tmp_path / "a.txt", tmp_path / "run"
    corpus.write_text("a")
    run.mkdir()
    with shared_token(str(run)) as token:
        check_premises(Premises(str(run), (shard(corpus),), token), "n2 (10.0.0.2)")
    assert not list(run.iterdir())


def test_another_version_is_named(tmp_path: Path) -> None:
    """Findings of two versions are not to be mixed."""
    with pytest.raises(RunError, match=r"node n2: it has Countermark .*, the scan was begun with 9\.9"):
        check_premises(Premises(str(tmp_path), (), "", engine="9.9"), "n2")


def test_a_corpus_out_of_sight_is_named(tmp_path: Path) -> None:
    """The first and the last shard must be where the driver saw them."""
    with pytest.raises(RunError, match=r"node n2: .*a\.txt is not there .* same path on all nodes"):
        check_premises(Premises(str(tmp_path), (shard(tmp_path / "a.txt"),), ""), "n2")


def test_a_run_folder_that_is_not_shared_is_named(tmp_path: Path) -> None:
    """A folder of the same name on the node's own disk is not the run folder."""
    with pytest.raises(RunError, match=r"node n2: .* is not the run folder that the scan was begun with"):
        check_premises(Premises(str(tmp_path), (), "0123"), "n2")


def test_a_run_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share that is mounted read-only would cost a shard its attempts."""

    def refuse(path: Path, _data: bytes) -> None:
        raise OutputError(f"{path}: cannot be written: Read-only file system")

    with shared_token(str(tmp_path)) as token:
        monkeypatch.setattr("countermark.scan.runners.ray_check.write_bytes", refuse)
        with pytest.raises(OutputError, match=r"node n2: .*Read-only"):
            check_premises(Premises(str(tmp_path), (), token), "n2")


def test_marks_of_dead_drivers_go(tmp_path: Path) -> None:
    """Those that were killed long ago leave nothing behind; another part's driver may be alive."""
    old, young = tmp_path / ".ray-old", tmp_path / ".ray-young"
    for mark in (old, young):
        mark.touch()
    os.utime(old, (1, 1))
    with shared_token(str(tmp_path)):
        assert (old.exists(), young.exists()) == (False, True)


def test_a_head_that_is_gone_is_told_in_time() -> None:
    """Ray would end the driver after a minute, without a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        patient, hasty = Head(address, 60.0), Head(address, -1.0)
        assert patient.answers()
    assert not patient.answers()
    with pytest.raises(RunError, match=rf"the head of the Ray cluster at {address} has been gone"):
        hasty.answers()


def test_urls_need_no_token() -> None:
    """What is at a URL is the same for all."""
    with shared_token("s3://bucket/run") as token:
        assert token == ""


def test_a_url_that_the_node_sees_otherwise_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node with another endpoint, or other credentials, would write where nobody looks."""
    monkeypatch.setattr("countermark.storage.store.store_of", lambda _: LocalStore(tmp_path))
    (tmp_path / "a.txt").write_text("a")
    premises = Premises("s3://bucket/run", (shard(tmp_path / "a.txt"),), "")
    with pytest.raises(RunError, match=r"node n2: s3://bucket/run/run\.json is not there"):
        check_premises(premises, "n2")
    (tmp_path / "run.json").touch()
    check_premises(premises, "n2")


def test_addresses_of_rays_client_are_refused() -> None:
    """Through it the driver would be outside the cluster."""
    pytest.importorskip("ray", reason="needs the extra ray")
    with pytest.raises(InputError, match="give HOST:PORT or auto"), joined("ray://head:10001", 1):
        pass
