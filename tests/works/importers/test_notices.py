"""Copyright notices: the owner that they name, and open licences."""

from __future__ import annotations

import pytest

from countermark.works.importers.names import given_first, people
from countermark.works.importers.notices import open_licence, owner_in


@pytest.mark.parametrize(
    ("notice", "owner"),
    [
        ("© 2021–2023 Le Courrier du Val. Tous droits réservés.", "Le Courrier du Val"),
        ("Copyright (c) 2019, Jeanne Aubry", "Jeanne Aubry"),
        ("Le Courrier du Val © 2021", "Le Courrier du Val"),
        ("2014 ℗ Quay Records", "Quay Records"),
        ("Copyright 2020 by Anna Lind, all rights reserved", "Anna Lind"),
        ("See our terms", ""),
        ("All rights reserved", ""),
        ("© 2020", ""),
        ("", ""),
    ],
)
def test_owners(notice: str, owner: str) -> None:
    """Only the sign or the word of copyright makes one."""
    assert owner_in(notice) == owner


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("http://creativecommons.org/licenses/by-nc/4.0/", "CC-BY-NC-4.0"),
        ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("Creative Commons BY", "CC-BY"),
        ("CC0 1.0", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("© 2020 Jeanne Aubry", ""),
        ("accbyline", ""),
    ],
)
def test_licences(text: str, licence: str) -> None:
    """In the form of SPDX."""
    assert open_licence(text) == licence


def test_names() -> None:
    """A comma turns a name round, unless it begins an addition."""
    assert given_first("Aubry, Jeanne") == "Jeanne Aubry"
    assert given_first("Quay Records, Ltd.") == "Quay Records, Ltd."
    assert [person.name for person in people("Aubry, Jeanne; Noir, Paul; ", "author")] == [
        "Jeanne Aubry",
        "Paul Noir",
    ]
