"""`countermark link` on listings of pictures: with a catalog or without, and what it says."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from countermark.cli.link import command
from countermark.cli.link_pictures import picture_statement
from countermark.errors import CountermarkError

pytest.importorskip("PIL")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder of one picture, and a listing of four rows in img2dataset's shape."""
    from PIL import Image

    (tmp_path / "portfolio").mkdir()
    Image.linear_gradient("L").save(tmp_path / "portfolio/fox.png")
    md5 = hashlib.md5((tmp_path / "portfolio/fox.png").read_bytes(), usedforsecurity=False).hexdigest()
    urls = ["https://example.org/fox.png", "https://img.example.org/a.png", "https://x.net/b.png", None]
    columns: dict[str, Any] = {
        "url": urls, "caption": ["a fox", "b", "c", "d"], "key": ["0", "1", "2", "3"], "status": ["success"] * 4,
        "width": [256] * 4, "md5": [md5, None, None, None],
    }  # fmt: skip
    pq.write_table(pa.table(columns), tmp_path / "part.parquet")
    return tmp_path


def run(place: Path, *words: str) -> Result:
    """Call the command on the listing, without a catalog."""
    given = ["--out", str(place / "run"), "--workers", "1", "--name", "Fetched", *words]
    return CliRunner().invoke(command, [str(place / "part.parquet"), *given])


def test_pictures_and_a_site_without_a_catalog(place: Path) -> None:
    """Rows of the site, works by digest, hosts, and the caveats with their sources."""
    result = run(place, "--pictures", str(place / "portfolio"), "--site", "example.org")
    assert result.exit_code == 0, result.output
    assert "1 of 1 work is listed in Fetched, found by address or digest." in result.output
    assert "2 rows of Fetched point to example.org" in result.output
    assert "Rows by host: example.org 1, img.example.org 1." in result.output
    assert "img2dataset/pull/258" in result.output
    assert "15 %" in result.output
    assert "no-address" in result.output
    assert "by id  work" in result.output
    assert "same title" not in result.output
    assert f"The rows that were found: {place / 'run' / 'links.parquet'}\n" in result.output
    assert result.output.endswith(f"Next: countermark claim CATALOG {place / 'run'} --out claim/\n")


def test_json_has_the_part_of_pictures(place: Path) -> None:
    """Sites, methods, stored hashes and caveats in both languages."""
    said = json.loads(run(place, "--site", "example.org", "--json").stdout)
    pictures = said["summary"]["pictures"]
    assert pictures["sites"][0]["rows"] == 2
    assert pictures["stored_hashes"] == {"md5": 1}
    assert all(caveat["en"] and caveat["fr"] for caveat in pictures["caveats"])
    assert said["summary"]["works"]["total"] == 0


def test_a_dry_run_shows_the_columns(place: Path) -> None:
    """Without a catalog, and nothing is written."""
    result = run(place, "--site", "example.org", "--dry-run")
    assert "--map url=url" in result.output
    assert "--map md5=md5" in result.output
    assert not (place / "run").exists()


def test_a_listing_alone_is_not_enough(place: Path) -> None:
    """The message names the three ways to say what is looked for."""
    result = run(place)
    assert result.exit_code == click.UsageError.exit_code
    assert "--pictures or --site" in result.output


def test_a_wrong_site_is_told(place: Path) -> None:
    """One line, no traceback."""
    result = run(place, "--site", "nowhere")
    assert isinstance(result.exception, CountermarkError)
    assert "whole host" in str(result.exception)


def test_nothing_found_says_nothing_about_the_works() -> None:
    """No result is no proof of absence, and nothing read is no result."""
    summary: dict[str, Any] = {
        "corpus": {"name": "LAION"},
        "works": {"total": 2, "by_status": {"identifier": 0, "name": 0, "not-found": 2}},
        "searched": {"rows": 5}, "hosts": {}, "controls": {"works": 0},
        "pictures": {"sites": [], "stored_hashes": {}, "by_method": {}, "caveats": []},
    }  # fmt: skip
    assert picture_statement(summary) == [
        "None of 2 works was found in LAION. This says nothing about copies at other addresses."
    ]
    assert "nothing was searched" in picture_statement(summary | {"searched": {"rows": 0}})[0]
