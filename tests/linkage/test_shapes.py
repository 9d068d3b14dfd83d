"""What the columns of a listing are taken for, by their names."""

from __future__ import annotations

from countermark.linkage.shapes import propose


def test_columns_are_known_in_other_languages() -> None:
    """As catalogues head them: the mapping that a French spreadsheet needs none of."""
    shape = propose(["ident", "nom_piste", "interprete", "code_isrc", "isbn13", "isbn_count"])
    assert set(shape.mapping) == {
        ("title", "nom_piste"),
        ("name", "interprete"),
        ("isrc", "code_isrc"),
        ("isbn", "isbn13"),
    }
