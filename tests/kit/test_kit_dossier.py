"""From a sealed medium to a dossier: opened at home, reported, sealed, and one finding found again in its shard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from countermark.evidence.dossier.replay.replay import replay
from countermark.evidence.report.write import render
from countermark.findings.table import findings_files, read_findings
from countermark.kit import layout
from countermark.kit.opening import open_medium

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.kit.seal import Seal

pytestmark = pytest.mark.slow
pytest.importorskip("cryptography")
pytest.importorskip("typst")


def test_opened_reported_sealed_and_replayed(sealed: tuple[Path, Seal], tmp_path: Path) -> None:
    from click.testing import CliRunner

    from countermark.cli import main

    folder = sealed[0]
    opened = open_medium(folder / "medium", folder / "works.index", tmp_path / "opened", root=sealed[1].code)
    assert b"sampling step" in render(opened.run, "en", "html")
    assert "pas d’échantillonnage".encode() in render(opened.run, "fr", "html")
    key, bag = tmp_path / "key.pem", tmp_path / "dossier"
    for arguments in (
        ["dossier", "key", "new", "--out", str(key)],
        ["dossier", "seal", str(opened.run), "--key", str(key), "--out", str(bag)],
        ["dossier", "verify", str(bag)],
    ):
        done = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
    salt = (folder / "kit.salt").read_bytes()
    for path in findings_files(opened.run):
        for row in read_findings(path).select(["finding_id", "shard"]).to_pylist():
            shard = folder / "corpus" / row["shard"]
            assert replay(bag, row["finding_id"], shard).agrees
            index = folder / "kit" / layout.INDEX
            assert replay(bag, row["finding_id"], shard, index=index, salt=salt).agrees
