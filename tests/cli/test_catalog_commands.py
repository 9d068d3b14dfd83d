"""`countermark catalog`: import, validate, show, export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner, Result

from countermark.cli.lazy import Entry, LazyGroup

if TYPE_CHECKING:
    from pathlib import Path

BOOK = '{"@type": "Book", "name": "%s", "author": "%s", "isbn": "%s", "datePublished": "%s"}'
ISBN = "9782070360024"


@click.group(cls=LazyGroup, entries={"catalog": Entry("countermark.cli.catalog:command", "")})
def main() -> None: ...


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["catalog", *map(str, words)])


def books(path: Path, *told: tuple[str, str, str, str]) -> Path:
    graph = ",\n".join(BOOK % one for one in told)
    path.write_text(f'{{"@context": "https://schema.org", "@graph": [\n{graph}\n]}}', "utf-8")
    return path


@pytest.fixture
def made(tmp_path: Path) -> Path:
    first = books(
        tmp_path / "a.jsonld", ("The Salt Garden", "Ana Brume", ISBN, "1998"), ("Thunder", "Odo Kern", "", "")
    )
    other = books(
        tmp_path / "b.jsonld", ("Salt Garden", "Ana Brume", ISBN, "2001-05-06"), ("Bad", "X", "123", "")
    )
    out = tmp_path / "ours.catalog"
    result = run("import", first, other, "--out", out, "--refusals", tmp_path / "not-used.csv")
    assert result.exit_code == 0, result.output
    assert "3 works from 4 records, 1 of them joined to another" in result.output
    assert f"Next: countermark catalog validate {out}" in result.output
    return out


def test_import_says_what_was_not_used(made: Path) -> None:
    refusals = (made.parent / "not-used.csv").read_text("utf-8")
    assert "b.jsonld, line 3" in refusals
    assert refusals.startswith("file,line,reason,detail")


def test_marc_is_read_as_what_the_user_says(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(
        '<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a2200000 a 4500</leader>'
        '<datafield tag="200" ind1="1" ind2=" "><subfield code="a">Le sel</subfield></datafield>'
        '<datafield tag="245" ind1="1" ind2="0"><subfield code="a">The salt</subfield></datafield>'
        "</record></collection>"
    )
    for form, title in (("unimarc", "Le sel"), ("marc21", "The salt")):
        out = tmp_path / f"{form}.catalog"
        assert run("import", path, "--marc", form, "--out", out).exit_code == 0
        assert title in run("show", out, title).output
    assert run("import", path, "--marc", "danmarc", "--out", tmp_path / "c.catalog").exit_code == 2


def test_import_again_is_the_same(made: Path, tmp_path: Path) -> None:
    before = made.read_bytes()
    result = run("import", made, "--out", tmp_path / "b.catalog", "--json")
    assert json.loads(result.stdout)["works"] == 3
    assert made.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    path = books(tmp_path / "a.jsonld", ("Salt", "Ana Brume", ISBN, "1998"))
    result = run("import", path, "--dry-run")
    assert result.exit_code == 0
    assert "Would be written: 1 work from 1 record." in result.output
    assert [one.name for one in tmp_path.iterdir()] == ["a.jsonld"]


def test_pairs_join(tmp_path: Path) -> None:
    path = books(tmp_path / "a.jsonld", ("Salt", "A", ISBN, ""), ("Sel", "B", "9780306406157", ""))
    pairs = tmp_path / "same.csv"
    pairs.write_text("# translations\nISBN 978-2-07-036002-4; 0306406152\n", "utf-8")
    out = tmp_path / "a.catalog"
    assert "1 work from 2 records" in run("import", path, "--same", pairs, "--out", out).output
    pairs.write_text("ISBN 9782070360025,x\n", "utf-8")
    result = run("import", path, "--same", pairs, "--out", out, "--force")
    assert (result.exit_code, "same.csv, line 1" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.xml"], "does not exist"),
        (["junk.bin"], "no importer knows this file; accepted are"),
        (["a.jsonld", "--format", "cheese"], "'cheese' is no format"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "junk.bin").write_bytes(b"\0\x01\x02" * 50)
    books(tmp_path / "a.jsonld", ("Salt", "A", ISBN, ""))
    result = run("import", tmp_path / words[0], *words[1:], "--out", tmp_path / "x.catalog")
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "x.catalog").exists()


def test_validate_ends_with_one_where_sources_contradict(made: Path) -> None:
    result = run("validate", made)
    assert result.exit_code == 1
    assert "edition, published" in result.output
    assert "no owner of rights is named" in result.output
    facts = json.loads(run("validate", made, "--json").stdout)
    assert facts["conflicts"]["edition, published"] == 1
    assert facts["gaps"]["identifier"] == 2


def test_show_counts_a_work_and_a_list(made: Path) -> None:
    assert "works in conflict" in run("show", made).output
    told = run("show", made, "ISBN 978-2-07-036002-4").output
    assert "The Salt Garden" in told
    assert "b.jsonld, line 2" in told
    assert "joined by" in told
    assert json.loads(run("show", made, "thunder", "--json").stdout)["title"] == "Thunder"
    result = run("show", made, "nobody")
    assert (result.exit_code, "is in no work of" in result.output) == (2, True)


def test_show_says_how_to_join_what_may_be_one_work(tmp_path: Path) -> None:
    path = books(
        tmp_path / "a.jsonld",
        ("Salt", "Ana Brume", ISBN, ""),
        ("Salt", "Ana Brume", "9780306406157", ""),
    )
    out = tmp_path / "a.catalog"
    assert "2 works from 2 records" in run("import", path, "--out", out).output
    told = run("show", out, ISBN).output
    assert "perhaps also" in told
    pair = f"isbn:{ISBN}, isbn:9780306406157"
    assert f"`{pair}`" in told
    assert "--same FILE" in told
    (tmp_path / "same.csv").write_text(pair + "\n", "utf-8")
    again = run("import", path, "--same", tmp_path / "same.csv", "--out", out, "--force")
    assert "1 work from 2 records, 1 of them joined to another; replaced (2 works before)" in again.output
    assert "perhaps also" not in run("show", out, ISBN).output


def test_a_work_without_a_number_cannot_be_named_in_a_list_of_pairs(tmp_path: Path) -> None:
    path = books(tmp_path / "a.jsonld", ("Salt", "Ana Brume", "", ""), ("Salt", "Ana Brume", ISBN, ""))
    out = tmp_path / "a.catalog"
    run("import", path, "--out", out)
    assert "give both an identifier or a work_id" in run("show", out, ISBN).output


def test_an_identifier_in_dispute_is_told_in_one_breath(tmp_path: Path) -> None:
    path = books(tmp_path / "a.jsonld", ("Salt", "Ana Brume", ISBN, ""), ("Thunder", "Odo Kern", ISBN, ""))
    out = tmp_path / "a.catalog"
    run("import", path, "--out", out)
    told = run("show", out, "salt").output
    assert f"identifier isbn:{ISBN}: kept apart: its records" in told
    assert "kept kept" not in told


@pytest.mark.parametrize("form", ["csv", "jsonld", "works-csv"])
def test_export_says_how_to_go_on(made: Path, form: str) -> None:
    result = run("export", made, "--format", form)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1].startswith("Next: countermark ")


def test_a_foreign_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.catalog").write_bytes(b"hello")
    for name in ("show", "validate", "export"):
        result = run(name, tmp_path / "a.catalog")
        assert (result.exit_code, "is no catalog" in result.output) == (2, True)


def test_mapping_shows_and_saves(tmp_path: Path) -> None:
    table = tmp_path / "songs.csv"
    table.write_text("Titre;Compositeur;ISWC\nLa mer;Ana Brume;T-034.524.680-1\n", "utf-8")
    result = run("mapping", table)
    assert result.exit_code == 0, result.output
    assert "Compositeur" in result.output
    assert (tmp_path / "songs.csv.mapping.toml").exists()
    again = run(
        "import", table, "--mapping", tmp_path / "songs.csv.mapping.toml", "--out", tmp_path / "s.catalog"
    )
    assert "1 work from 1 record" in again.output
    assert "joined" not in again.output


@pytest.mark.parametrize("name", ["import", "validate", "show", "export", "mapping"])
def test_help_has_examples(name: str) -> None:
    assert "Examples:" in run(name, "--help").output
