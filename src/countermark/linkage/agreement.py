"""Whether a row of a listing names a work: what its title and its names say together.

One loose thing is forgiven, two are not: a title with a slip of the hand needs the name letter by letter. A title of
one word, or of stop words only, says so little that the name must agree firmly. What comes out is a lead, never proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from countermark.linkage.names import Name, compare_names
from countermark.linkage.titles import Agreement, Title, compare_titles

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

_EXACT, _INITIALS, _ROMANISED = Agreement.EXACT, Agreement.INITIALS, Agreement.ROMANISED
_SUBTITLE, _SLIP, _FAMILY = Agreement.SUBTITLE, Agreement.SLIP, Agreement.FAMILY

SCORES = {
    (_EXACT, _EXACT): 1.0,
    (_EXACT, _INITIALS): 0.95,
    (_EXACT, _ROMANISED): 0.95,
    (_ROMANISED, _EXACT): 0.95,
    (_ROMANISED, _ROMANISED): 0.9,
    (_SUBTITLE, _EXACT): 0.9,
    (_SUBTITLE, _INITIALS): 0.85,
    (_SUBTITLE, _ROMANISED): 0.85,
    (_SLIP, _EXACT): 0.85,
    (_EXACT, _SLIP): 0.85,
    (_SLIP, _INITIALS): 0.8,
    (_SLIP, _ROMANISED): 0.8,
    (_EXACT, _FAMILY): 0.7,
}
"""(title, name) → score. What is not here is no link. The order is what counts: it ranks, it is no probability."""
_FIRM = {_EXACT, _INITIALS, _ROMANISED}


class Verdict(NamedTuple):
    """How title and name of a row agree with those of a work."""

    score: float
    title: Agreement
    name: Agreement

    def __str__(self) -> str:
        """`title+name`, with what was forgiven."""
        loose = [
            f"{what} {kind}" for what, kind in zip(("title", "name"), self[1:], strict=True) if kind != _EXACT
        ]
        return "title+name" + (f" ({', '.join(loose)})" if loose else "")


def judge(
    row: Title,
    names: Sequence[Name],
    work: Title,
    work_names: Sequence[Name],
    *,
    versions_count: bool,
    vocabulary: Container[str],
    rare: Container[str],
) -> Verdict | None:
    """Whether a row names a work; None where it does not.

    `versions_count` says that a live version is another thing (a recording), not the same (a composition).
    """
    if versions_count and row.versions != work.versions:
        return None
    title = compare_titles(row, work, vocabulary)
    if title is None:
        return None
    name = compare_names(names, work_names, rare)
    if name is None or (title, name) not in SCORES:
        return None
    if len(row.core) < 2 and not _enough_for_one_word(title, name, row):
        return None
    return Verdict(SCORES[title, name], title, name)


def _enough_for_one_word(title: Agreement, name: Agreement, row: Title) -> bool:
    if title is _EXACT:
        return name in _FIRM or (name is _SLIP and len(row.joined) >= 5)
    return name in _FIRM and len(row.joined) >= 5
