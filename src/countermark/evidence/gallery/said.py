"""What was seen in one finding and where it stands, in words; the same for pages and evidence pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.evidence.exhibits.places import WIDE, is_of_folder, place_said, shard_facts
from countermark.evidence.gallery.parts import part_of
from countermark.evidence.gallery.unseen import is_sketch, is_unseen, unseen_measured, unseen_words
from countermark.evidence.report.legible import one_line
from countermark.evidence.report.view import reserved
from countermark.evidence.shapes import SHAPE_OF

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.evidence.exhibits.places import Facts
    from countermark.evidence.gallery.placement import Placed, Size
    from countermark.language import Language

SHAPES = {name: SHAPE_OF[name] for name in ("identical", "copy", "shared")}
"""The grades of pictures and their shapes, from strongest to weakest."""

__all__ = ["is_of_folder", "place_said"]


def shape_of(grade: str) -> str:
    """The shape of a grade; those of listings are among the texts'."""
    return SHAPE_OF.get(grade, "")


def grade_said(finding: Mapping[str, Any], say: Language) -> str:
    """The grade, and of a sketch that it is one."""
    return say.say("grade.sketch" if is_sketch(finding) else f"grade.{finding['grade']}")


def in_words(finding: Mapping[str, Any], placed: Placed, say: Language) -> list[str]:
    """How the work is seen: which part, how it lies, how much of the found picture it fills.

    Where no picture was looked at: what was compared, and that nothing is confirmed.
    """
    if is_unseen(finding):
        return unseen_words(finding, say)
    part = part_of(placed.box, finding["share_of_work"])
    shares = {"share": say.share(finding["share_of_work"], 0), "extent": say.share(part.extent, 0)}
    told = [say.say(f"seen.part.{part.name}", **shares)]
    told += _lie(placed, say)
    if finding.get("share_of_record") is not None:
        told.append(say.say("seen.fills", share=say.share(finding["share_of_record"], 0)))
    return told


def _lie(placed: Placed, say: Language) -> list[str]:
    if not placed.told:
        return []
    if placed.upright:
        return [say.say("seen.upright")]
    told = [say.say("seen.mirrored")] if placed.mirrored else []
    turn = placed.turn
    if abs(turn) == 180:
        told.append(say.say("seen.turned.half"))
    elif turn:
        way = say.say("seen.clockwise" if turn > 0 else "seen.anticlockwise")
        told.append(say.say("seen.turned", degrees=str(abs(turn)), way=way))
    return told


def measured(finding: Mapping[str, Any], say: Language) -> list[str]:
    """The figures of the match."""
    if is_unseen(finding):
        return unseen_measured(finding, say)
    told = []
    if finding.get("inliers"):
        told.append(say.say("seen.inliers", n=finding["inliers"]))
    if finding.get("agreement") is not None:
        value = f"{finding['agreement']:.2f}".replace(".", say.decimal)
        told.append(say.say("seen.agreement", value=value))
    if finding.get("hash_distance") is not None:
        told.append(say.say("seen.distance", n=finding["hash_distance"]))
    return told


def work_facts(finding: Mapping[str, Any], size: Size | None, say: Language, *, proved: bool = True) -> Facts:
    """The work's side: file, size, the part, digest; and where it is not `proved`, that the print's is not known."""
    facts: Facts = [(say.say("passage.file"), one_line(finding["asset_path"], WIDE), "name")]
    if size:
        facts.append((say.say("picture.measures"), _size(size, say), "text"))
    if finding.get("asset_box"):
        start, end = box_said(finding["asset_box"])
        facts.append((say.say("picture.box"), say.say("picture.box.said", start=start, end=end), "text"))
    facts.append((say.say("passage.digest"), finding["asset_digest"], "digest"))
    if not proved:
        facts.append((say.say("picture.print"), say.say("picture.print.unproved"), "text"))
    return facts


def place_facts(finding: Mapping[str, Any], say: Language) -> Facts:
    """The data set's side: shard, row, record, address, date, caption, size, corners, reservation, digest."""
    facts: Facts = [
        *shard_facts(finding, say),
        (say.say("passage.url"), one_line(finding["record_url"], WIDE), "name"),
        (say.say("passage.date"), one_line(finding["record_date"], 40), "name"),
        (say.say("picture.caption"), one_line(finding["record_excerpt"], WIDE), "name"),
    ]
    width, height = finding.get("record_width"), finding.get("record_height")
    if width and height:
        facts.append((say.say("picture.measures"), _size((width, height), say), "text"))
    if finding.get("record_frame"):
        facts.append((say.say("picture.frame"), str(finding["record_frame"]), "text"))
    if finding.get("record_outline"):
        corners = say.say("picture.outline.said", corners=corners_said(finding["record_outline"]))
        facts.append((say.say("picture.outline"), corners, "text"))
    digest = "picture.digest.sketch" if is_sketch(finding) else "passage.digest"
    facts += [
        (say.say("passage.reserved"), reserved(finding, say), "text"),
        (say.say(digest), finding["record_digest"], "digest"),
    ]
    return [fact for fact in facts if fact[1]]


def box_said(box: list[int]) -> tuple[str, str]:
    """The two corners of a box."""
    return f"({box[0]}, {box[1]})", f"({box[2]}, {box[3]})"


def corners_said(outline: list[int]) -> str:
    """The corners of an outline, in the order of the work's."""
    return " ".join(f"({outline[at]}, {outline[at + 1]})" for at in range(0, len(outline) - 1, 2))


def _size(size: Size, say: Language) -> str:
    return say.say("picture.size", width=size[0], height=size[1])
