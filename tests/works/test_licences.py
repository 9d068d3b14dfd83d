"""Licences as catalogues write them."""

from __future__ import annotations

import pytest

from countermark.works.licences import licence_status


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("", "unknown"),
        ("   ", "unknown"),
        ("CC0-1.0", "public-domain"),
        ("Public Domain", "public-domain"),
        ("Domaine public", "public-domain"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "public-domain"),
        ("No known copyright restrictions", "public-domain"),
        ("CC BY 4.0", "free"),
        ("cc-by-nc-nd-4.0", "free"),
        ("CC_BY_SA", "free"),
        ("https://creativecommons.org/licenses/by/4.0/", "free"),
        ("Creative Commons Attribution - Pas d'Utilisation Commerciale", "free"),
        ("MIT", "free"),
        ("MIT License", "free"),
        ("Apache-2.0", "free"),
        ("BSD-3-Clause", "free"),
        ("GPL-3.0-or-later", "free"),
        ("Licence Art Libre", "free"),
        ("All rights reserved", "other"),
        ("Tous droits réservés", "other"),
        ("permission of the MIT Press", "other"),
        ("not in the public domain", "other"),
        ("Public domain in the USA, not in France", "other"),
        ("Licence SNE", "other"),
    ],
)
def test_status(written: str, status: str) -> None:
    """Free licences and the public domain are recognised; a denial or another sentence is not taken for one."""
    assert licence_status(written) == status
