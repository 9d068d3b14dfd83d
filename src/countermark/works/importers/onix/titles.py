"""Titles: of the product, of its collection, and in other forms (lists 15 and 149)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from countermark.works.importers.onix.fields import Fields
    from countermark.works.importers.onix.record import Record

_DISTINCTIVE = ("01", "00", "")
_PRODUCT_LEVELS = ("01", "04", "")  # the product, and an item of its contents


class Titles(NamedTuple):
    """The title of the product, its subtitle, and what else it is called."""

    title: str = ""
    subtitle: str = ""
    others: tuple[str, ...] = ()


def titles_of(fields: Fields, record: Record) -> Titles:
    """The titles of a product: `fields` are those of DescriptiveDetail, or in ONIX 2.1 of Product."""
    title, subtitle, others = "", "", []
    for element in fields.get("TitleDetail") or fields.get("Title") or ():
        detail = record.fields(element)
        main, below = _title(detail, record)
        if not title and detail.get("TitleType", "") in _DISTINCTIVE:
            title, subtitle = main, below
        else:
            others.append(f"{main}: {below}" if main and below else main)
    if not title and "DistinctiveTitle" in fields:  # ONIX 2.1, without composites
        title, subtitle = fields.get("DistinctiveTitle", ""), fields.get("Subtitle", "")
    if not title:
        title = next(filter(None, others), "") or _of_collection(fields, record)
    return Titles(title, subtitle, tuple(dict.fromkeys(name for name in others if name and name != title)))


def _title(detail: Fields, record: Record) -> tuple[str, str]:
    """Title and subtitle of one TitleDetail, or of a Title of ONIX 2.1, which has no elements."""
    elements = detail.get("TitleElement")
    if not elements:
        return _name(detail), detail.get("Subtitle", "")
    title, subtitle, above = "", "", []
    for element in elements:
        fields = record.fields(element)
        name = _name(fields)
        if fields.get("TitleElementLevel", "") in _PRODUCT_LEVELS:
            title, subtitle = title or name, subtitle or fields.get("Subtitle", "")
            part = fields.get("PartNumber", "")
            if part and not name:  # `Collected Letters, 3`: the part has no name but its number
                above.append(part)
        else:
            above += [said for said in (name, fields.get("PartNumber", "")) if said]
    return title or detail.get("TitleStatement", "") or ", ".join(above), subtitle


def _name(fields: Fields) -> str:
    """The title of one element: its text, or prefix and rest."""
    rest: str = fields.get("TitleWithoutPrefix", "")
    if not rest:
        return str(fields.get("TitleText", ""))
    prefix: str = fields.get("TitlePrefix", "")
    return prefix + rest if not prefix or prefix[-1] in "'’" else f"{prefix} {rest}"


def _of_collection(fields: Fields, record: Record) -> str:
    """The title of the collection, where the product has none at all."""
    for element in fields.get("Collection", ()):
        for detail in record.fields(element).get("TitleDetail", ()):
            if title := _title(record.fields(detail), record)[0]:
                return title
    return ""
