"""An estimate of a corpus on object storage: that of the same corpus on a disk, shard by shard."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from countermark.scan import ScanSettings
from countermark.scan.estimate import estimate_scan
from scan.needle_search import InlineRunner
from scan.two_versions import first_version, works_index
from storage.writable_bucket import writable_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.scan.estimate import Estimate


@pytest.mark.slow
def test_a_bucket_is_estimated_as_a_folder_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is sampled here, so that what was found and read are the same; only the seconds may differ."""
    works_index(tmp_path)

    def estimated(corpus: Path | str) -> Estimate:
        settings = ScanSettings(
            tmp_path / "works.index",
            (corpus,),
            tmp_path / "out",
            date(2024, 1, 1),
            controls=tmp_path / "controls",
        )
        return estimate_scan(settings, runner=InlineRunner())

    with writable_bucket(tmp_path, monkeypatch) as bucket:
        first_version(bucket.folder / "one")
        there, here = estimated(f"{bucket.url}/one"), estimated(bucket.folder / "one")
    assert not (tmp_path / "out").exists()
    for name in ("shards", "bytes", "strata", "sampled_shards", "sampled_bytes", "findings", "units"):
        assert getattr(there, name) == getattr(here, name), name
    assert there.findings.value > 0
