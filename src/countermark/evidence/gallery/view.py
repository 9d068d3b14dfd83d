"""What the template needs of one found picture and one work: cut to size, safe to show, said in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.evidence.gallery.said import (
    grade_said,
    in_words,
    measured,
    place_facts,
    place_said,
    shape_of,
    work_facts,
)
from countermark.evidence.gallery.unseen import is_sketch, is_unseen
from countermark.evidence.report.legible import one_line

if TYPE_CHECKING:
    from countermark.evidence.exhibits.places import Facts
    from countermark.evidence.gallery.selection import Gallery, PictureFound, WorkFound
    from countermark.evidence.gallery.thumbs import Thumb, ThumbMaker, Thumbs
    from countermark.language import Language

_UNCLAIMED = frozenset({"control", "name", "identifier", "shared", "public-domain", "licensed"})


def picture_view(found: PictureFound, maker: ThumbMaker, say: Language, anchor: str) -> dict[str, Any]:
    """One found picture: facts as sentences, both sides with what agrees outlined, and where each stands."""
    finding, judged = found.finding, found.judged
    thumbs = maker.of(finding)
    size = maker.gallery.sizes.get(finding["asset_digest"])
    words = in_words(finding, thumbs.where, say)
    copies = judged["copies"]
    figures = [*measured(finding, say), *([say.say("picture.copies", n=copies)] if copies > 1 else [])]
    return {
        "anchor": anchor,
        "number": found.number,
        "shape": shape_of(finding["grade"]),
        "grade": grade_said(finding, say),
        "tag": _tag(finding, judged, say),
        "words": [words[0][:1].upper() + words[0][1:], *words[1:]],
        "measured": figures,
        "sides": _sides(finding, thumbs, ", ".join(words), say),
        "parts": _parts(thumbs, say),
        "facts": {
            "work": work_facts(finding, size, say, proved=thumbs.proved),
            "record": _place(finding, say),
        },
        "work_title": one_line(finding["work_title"]) or one_line(finding["work_id"]),
    }


def _tag(finding: dict[str, Any], judged: dict[str, Any], say: Language) -> str:
    """Why a finding is not claimed; "" where it is."""
    kind = "sketch" if judged["kind"] == "identifier" and is_sketch(finding) else judged["kind"]
    return say.say(f"kind.{kind}") if judged["kind"] in _UNCLAIMED else ""


def _place(finding: dict[str, Any], say: Language) -> Facts:
    """The data set's side, and what the finding is called."""
    return [
        *place_facts(finding, say),
        (say.say("passage.finding"), one_line(finding["finding_id"], 64), "digest"),
    ]


def work_view(shown: WorkFound, maker: ThumbMaker, say: Language) -> dict[str, Any]:
    """One work: its head and its found pictures."""
    row, number = shown.row, shown.number
    rest = row["findings"] - len(shown.pictures)
    hosts = " " + say.say("work.hosts", n=row["hosts"]) if row["hosts"] else ""
    facts = [say.say("work.findings", n=row["findings"])]
    if row["records"]:
        facts[0] += " " + say.say("work.records", n=row["records"]) + hosts
    if row["assets"] > 1:
        facts.append(say.say("work.assets", found=row["assets_found"], n=row["assets"]))
    return {
        "anchor": f"w{number}",
        "title": one_line(row["work_title"]) or one_line(row["work_id"]),
        "author": one_line(row["work_author"]),
        "status": say.say(f"status.{row['status']}"),
        "best": say.say("work.best", share=say.share(row["share"], 0)) if row["records"] else "",
        "facts": facts,
        "licence": say.say("work.licence", licence=one_line(row["work_licence"]))
        if row["work_licence"]
        else "",
        "good": say.say("work.good") if row["status"] == "free-licence" else "",
        "quiet": say.say("work.shared") if row["status"] == "shared-only" else "",
        "pictures": [
            picture_view(picture, maker, say, f"w{number}p{picture.number}") for picture in shown.pictures
        ],
        "rest": say.say("work.rest", n=rest, work=one_line(row["work_id"])) if rest > 0 else "",
        "rest_anchor": f"w{number}rest",
    }


def listed_view(gallery: Gallery, say: Language) -> list[dict[str, str]]:
    """The lines of the table of further findings."""
    lines = []
    for row in gallery.listed:
        shard, within = place_said(row["shard"], row["row"], row["record_id"], say)
        line = {
            "title": one_line(gallery.titles.get(row["work_id"]), 100) or one_line(row["work_id"], 100),
            "shape": shape_of(row["grade"]),
            "grade": say.say(f"grade.{row['grade']}"),
            "share": "–" if is_unseen(row) else say.share(row["share_of_work"], 0),
            "shard": one_line(shard, 160),
            "row": within,
            "finding_id": one_line(row["finding_id"], 64),
        }
        lines.append(line)
    return lines


def _sides(finding: dict[str, Any], thumbs: Thumbs, words: str, say: Language) -> list[dict[str, Any]]:
    """Both sides: a small picture with its alternative text, or why there is none."""
    title = one_line(finding["work_title"]) or one_line(finding["work_id"])
    outlined = say.say("picture.outlined")
    place = place_said(finding["shard"], finding["row"], finding["record_id"], say)
    alts = {
        "work": say.say("picture.alt.work", title=title, where=outlined if thumbs.where.box else "").strip(),
        "record": say.say(
            "picture.alt.record",
            grade=say.say(f"grade.{finding['grade']}"),
            place=", ".join(part for part in place if part),
            words=f"{words[:1].upper()}{words[1:]}.",
        ),
    }
    pictures = {"work": thumbs.work, "record": thumbs.record}
    return [
        {"side": name, "label": say.say(f"picture.{name}"), "absent": "", "figure": figure(thumb, alts[name])}
        if (thumb := pictures[name])
        else {
            "side": name,
            "label": say.say(f"picture.{name}"),
            "absent": _absent(name, thumbs, say),
            "figure": None,
        }
        for name in ("work", "record")
    ]


def _parts(thumbs: Thumbs, say: Language) -> list[dict[str, Any]]:
    if thumbs.parts is None:
        return []
    return [
        {"label": say.say(f"picture.back.{side}"), "figure": figure(thumb, say.say(f"picture.alt.{alt}"))}
        for side, alt, thumb in zip(("work", "record"), ("part", "back"), thumbs.parts, strict=True)
    ]


def figure(thumb: Thumb, alt: str) -> dict[str, Any]:
    """A small picture for the template; `ratio` keeps its proportions, `most` keeps it from being blown up."""
    return {
        "src": thumb.src,
        "alt": alt,
        "width": thumb.width,
        "height": thumb.height,
        "ratio": f"{thumb.width / thumb.height:.4f}",
        "most": 3 * thumb.width,
        "outline": thumb.outline,
        "disc": thumb.disc,
        "radius": round(max(thumb.width, thumb.height) / 80, 1),
    }


def _absent(side: str, thumbs: Thumbs, say: Language) -> str:
    why = thumbs.absent[side]
    return say.say("picture.full") if why == "full" else say.say(f"picture.{why}.{side}")
