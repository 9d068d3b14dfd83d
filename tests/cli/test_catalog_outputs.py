"""What the catalog commands never write over."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner, Result

from countermark.cli import catalog_import
from countermark.cli.lazy import Entry, LazyGroup
from countermark.cli.progress import ProgressDisplay

if TYPE_CHECKING:
    from pathlib import Path

SONGS = "Titre;Compositeur;ISWC\nLa mer;Ana Brume;T-034.524.680-1\n;;T-1\n"


@click.group(cls=LazyGroup, entries={"catalog": Entry("countermark.cli.catalog:command", "")})
def main() -> None: ...


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["catalog", *map(str, words)])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "songs.csv"
    path.write_text(SONGS, "utf-8")
    (tmp_path / "budget.xlsx").write_bytes(b"figures")
    (tmp_path / "link.csv").symlink_to(path)
    return path


def refused(folder: Path, *words: object, said: str) -> None:
    """The command ends with 5 and one line, and every file is as it was."""
    before = contents(folder)
    result = run(*words)
    assert (result.exit_code, len(result.output.splitlines())) == (5, 1), result.output
    assert said in result.output
    assert contents(folder) == before


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_import_writes_over_nothing_but_a_catalog(table: Path, force: list[str]) -> None:
    folder = table.parent
    out = folder / "a.catalog"
    for name, said in (
        ("songs.csv", "is read by this command"),
        ("link.csv", "is read by this command"),
        ("budget.xlsx", "is no catalog"),
    ):
        refused(folder, "import", table, "--out", folder / name, *force, said=said)
    for other in ("same", "mapping"):
        given = folder / f"{other}.txt"
        given.write_text("a,b\n", "utf-8")
        words = ("import", table, f"--{other}", given, "--out", out, "--refusals", given, *force)
        refused(folder, *words, said="is read by this command")
    refused(folder, "import", table, "--out", out, "--refusals", out, *force, said="are the same file")
    refused(folder, "import", table, "--out", out, "--refusals", table, *force, said="is read by this")


def test_a_catalog_is_replaced_where_the_user_says_so(table: Path) -> None:
    folder = table.parent
    out = folder / "a.catalog"
    assert "; replaced (" not in run("import", table, "--out", out).output
    refused(folder, "import", table, "--out", out, said="is a catalog of 1 work")
    assert "; replaced (1 work before)." in run("import", out, table, "--out", out, "--force").output
    told = json.loads(run("import", table, "--out", out, "--force", "--json").stdout)
    assert told["replaced"] == "replaced (1 work before)"
    out.write_bytes(out.read_bytes()[:5000])
    assert (
        "replaced (an unknown number of works before)" in run("import", table, "--out", out, "--force").output
    )


def test_refusals_are_not_written_over_a_file(table: Path) -> None:
    folder = table.parent
    out, notes = folder / "a.catalog", folder / "notes.csv"
    notes.write_text("mine", "utf-8")
    refused(folder, "import", table, "--out", out, "--refusals", notes, said="notes.csv: exists already")
    refused(folder, "import", table, "--dry-run", "--refusals", notes, said="notes.csv: exists already")
    assert run("import", table, "--out", out, "--refusals", notes, "--force").exit_code == 0
    assert notes.read_text("utf-8").startswith("file,line")


def test_a_file_in_a_folder_that_is_read_is_an_input(tmp_path: Path) -> None:
    works = tmp_path / "works"
    works.mkdir()
    (works / "a.txt").write_text("Salt and thunder.", "utf-8")
    words = ("import", works, "--dry-run", "--refusals", works / "a.txt", "--force")
    assert "is read by this command" in run(*words).output
    assert (works / "a.txt").read_text("utf-8") == "Salt and thunder."
    # A new file may stand there, and a catalog of ours may be replaced.
    for force in ([], ["--force"]):
        assert run("import", works, "--out", works / "a.catalog", *force).exit_code == 0


@pytest.mark.parametrize("form", ["csv", "jsonld", "works-csv"])
def test_export_leaves_what_exists(table: Path, form: str) -> None:
    folder = table.parent
    out = folder / "a.catalog"
    run("import", table, "--out", out)
    refused(folder, "export", out, "--format", form, "--out", folder / "budget.xlsx", said="exists already")
    refused(folder, "export", out, "--format", form, "--out", out, "--force", said="is read by this command")
    assert run("export", out, "--format", form, "--out", folder / "budget.xlsx", "--force").exit_code == 0


def test_export_leaves_the_rights_beside_it(table: Path) -> None:
    folder = table.parent
    out = folder / "a.catalog"
    run("import", table, "--out", out)
    (folder / "a.rights.csv").write_text("mine", "utf-8")
    refused(folder, "export", out, said="a.rights.csv: exists already")


def test_a_corrected_mapping_is_kept(table: Path) -> None:
    folder = table.parent
    assert run("mapping", table).exit_code == 0
    refused(folder, "mapping", table, said="songs.csv.mapping.toml: exists already")
    refused(folder, "mapping", table, "--out", table, "--force", said="is read by this command")
    assert run("mapping", table, "--force").exit_code == 0


def test_progress_counts_the_bytes_of_all_inputs(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    works = table.parent / "works"
    works.mkdir()
    (works / "a.txt").write_text("Salt and thunder. " * 20, "utf-8")
    size = len(SONGS) + 360
    assert catalog_import.stored_size((table, works)) == size
    (works / "b.csv.gz").write_bytes(gzip.compress(b"x"))
    assert catalog_import.stored_size((table, works)) is None
    (works / "b.csv.gz").unlink()
    shown: list[tuple[int, int, str]] = []
    quiet: list[bool] = []

    class Display(ProgressDisplay):
        def show(self, done: int, total: int, *, fresh: int, note: str) -> None:
            shown.append((done, total, note))
            quiet.append(self.quiet)

    monkeypatch.setattr(catalog_import, "ProgressDisplay", Display)
    monkeypatch.setattr(catalog_import, "EVERY", 1)
    for words in ([], ["--json"]):
        assert run("import", table, works, "--dry-run", *words).exit_code == 0
    assert {total for _, total, _ in shown} == {size}
    assert shown[0][0] <= len(SONGS)  # a table is looked at before it is read: its bytes count once
    assert shown[-1] == (size, size, "joining 2 records")
    assert (quiet[0], quiet[-1]) == (False, True)
