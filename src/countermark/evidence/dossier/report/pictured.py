"""The found pictures as a chapter: which are shown on the plates, what is seen in each, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.dossier.report.sections import graded
from countermark.paper.blocks import heading, paragraph, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.evidence.gallery.selection import Gallery, PictureFound
    from countermark.language import Language
    from countermark.paper.blocks import Block

PLATES: Final = 12
"""Pictures that are shown on plates, in all runs of a dossier together."""
LETTERS: Final = 120
Chosen = tuple["Gallery", "PictureFound"]


def chosen(galleries: Sequence[Gallery]) -> list[Chosen]:
    """The findings that are shown, in the order of the plates: the best of each work, then the second ones."""
    pairs = [
        (picture.number, at, work.number, gallery, picture)
        for at, gallery in enumerate(galleries)
        for work in gallery.works
        for picture in work.pictures
    ]
    pairs.sort(key=lambda pair: pair[:3])
    return [(gallery, picture) for *_, gallery, picture in pairs[:PLATES]]


def pictured(galleries: Sequence[Gallery], say: Language) -> list[Block]:
    """The chapter; nothing where no picture was found."""
    shown = chosen(galleries)
    if not shown:
        return []
    columns = [
        (say.say("pictures.plate"), "right", "auto"),
        (say.say("grade"), "left", "1.3"),
        (say.say("pictures.work"), "left", "1.6"),
        (say.say("pictures.seen"), "left", "2"),
        (say.say("pictures.place"), "left", "3.8"),
    ]
    rows = [_row(number, *pair, say) for number, pair in enumerate(shown, 1)]
    blocks = [
        heading(say.say("pictures")),
        paragraph(say.say("pictures.lead", n=PLATES), "faded"),
        table(columns, rows),
    ]
    total = sum(gallery.summary["findings"]["total"] for gallery in galleries)
    if total > len(shown):
        blocks.append(paragraph(say.say("pictures.rest", n=total - len(shown)), "faded"))
    return blocks


def _row(number: int, gallery: Gallery, picture: PictureFound, say: Language) -> tuple[str, ...]:
    from countermark.evidence.gallery.languages import LANGUAGES  # noqa: PLC0415
    from countermark.evidence.gallery.placement import placed  # noqa: PLC0415
    from countermark.evidence.gallery.said import in_words  # noqa: PLC0415
    from countermark.evidence.gallery.unseen import is_unseen  # noqa: PLC0415
    from countermark.evidence.report.legible import one_line  # noqa: PLC0415
    from countermark.evidence.report.view import row_said  # noqa: PLC0415

    finding, words = picture.finding, LANGUAGES[say.code]
    width, height = finding.get("record_width"), finding.get("record_height")
    where = placed(
        finding,
        gallery.sizes.get(finding["asset_digest"]),
        (width, height) if width and height else None,
    )
    told = in_words(finding, where, words)
    # In a paper for a court nobody's picture is “yours”; of one that lies as in the work nothing is said.
    seen = ", ".join(
        told if is_unseen(finding) else [_share(finding, say), *told[2 if where.upright else 1 :]]
    )
    address = one_line(finding["record_url"] or finding["record_id"], LETTERS)
    shard, row = one_line(finding["shard"], LETTERS), row_said(finding["shard"], finding["row"], words)
    place = (f"{shard}, {row}", address)
    placed_at = [part for part in place if part] + [say.say("pictures.finding", id=finding["finding_id"])]
    return (
        str(number),
        graded(finding["grade"], say),
        one_line(finding["work_title"], LETTERS) or one_line(finding["work_id"], LETTERS),
        seen,
        "\n".join(placed_at),
    )


def _share(finding: dict[str, Any], say: Language) -> str:
    return say.say("pictures.share", share=say.share(finding["share_of_work"], 0))
