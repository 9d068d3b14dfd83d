"""The roll as a document to print and hand over, set by Typst, offline."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typst
from django.urls import reverse
from django.utils import timezone
from markdown_it import MarkdownIt

from countermark.errors import OutputError
from countermark.web.upkeep.handover_words import WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from countermark.web.upkeep.handover import Handover, Signatory

TEMPLATE: Final = Path(__file__).with_name("handover.typ")
MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})
KINDS: Final = {"heading_open": "heading", "list_item_open": "item", "blockquote_open": "quote"}


def pdf_of(handover: Handover) -> bytes:
    """Set the document; raises OutputError where Typst cannot."""
    with tempfile.TemporaryDirectory(prefix="countermark-handover-") as folder:
        (Path(folder) / "page.typ").write_bytes(TEMPLATE.read_bytes())
        data = Path(folder) / "data.json"
        data.touch(mode=0o600)
        data.write_text(json.dumps(document(handover), ensure_ascii=False), encoding="utf-8")
        try:
            made = typst.compile(
                str(Path(folder) / "page.typ"),
                root=folder,
                format="pdf",
                sys_inputs={"data": "data.json"},
                timestamp=int(handover.made_at.timestamp()),
            )
        except typst.TypstError as error:
            raise OutputError(f"the document cannot be set: {' '.join(str(error).split())[:300]}") from error
    return bytes(made)


def document(handover: Handover) -> dict[str, Any]:
    """What the template reads: text only, ready in its language."""
    words, language = WORDS[handover.language], handover.language
    people = list(handover.signatories())
    counts = {name: grouped(count, language) for name, count in handover.counts.items()}
    head = handover.head_document()
    return {
        "words": words
        | {"signatories": numbered(words["signatories"], handover.counts["signatories"], language)},
        "language": language,
        "title": handover.text.title,
        "blocks": blocks(handover.text.body),
        "organiser": handover.statement.organiser,
        "demonstration": handover.statement.demonstration,
        "site": handover.origin,
        "export": f"{handover.origin}{reverse('roll_export')}",
        "version": str(handover.text.version),
        "sha256": handover.text.sha256,
        "made": _date(handover.made_at.isoformat(), language),
        "year": str(timezone.localtime(handover.made_at).year),
        "counts": counts,
        "of_which": words["of_which"].format(
            **{
                part: numbered(words[part], handover.counts[part], language)
                for part in ("persons", "organisations")
            }
        ),
        "unnamed": numbered(words["unnamed"], unnamed, language)
        if (unnamed := handover.counts["unnamed"])
        else None,
        "head": None
        if head is None
        else head | {"size": grouped(head["size"], language), "time": _date(head["time"], language)},
        "organisations": [_line(one) for one in people if one.kind != "person"],
        "persons": [_line(one) for one in people if one.kind == "person"],
    }


def blocks(markdown: str) -> list[dict[str, Any]]:
    """The statement as blocks of runs: paragraphs, headings, items and quotes; links keep their words only."""
    found: list[dict[str, Any]] = []
    around: list[str] = []
    for token in MARKDOWN.parse(markdown):
        if token.type in KINDS:
            around.append(KINDS[token.type])
        elif token.type.replace("_close", "_open") in KINDS:
            around.pop()
        elif token.type == "inline":
            found.append({"kind": around[-1] if around else "paragraph", "runs": _runs(token.children or [])})
        elif token.type in ("code_block", "fence"):
            found.append({"kind": "paragraph", "runs": [{"text": token.content.rstrip(), "code": True}]})
    return found


def _runs(tokens: Sequence[Token]) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    style = {"strong": False, "em": False}
    for token in tokens:
        if token.type in ("strong_open", "em_open"):
            style[token.type.removesuffix("_open")] = True
        elif token.type in ("strong_close", "em_close"):
            style[token.type.removesuffix("_close")] = False
        elif token.type == "hardbreak":
            runs.append({"text": "\n"})
        elif token.type == "softbreak":
            runs.append({"text": " ", **style})
        elif token.content:
            runs.append({"text": token.content, **style, "code": token.type == "code_inline"})
    return runs


def _line(one: Signatory) -> dict[str, str]:
    parts = [" · ".join(one.trades), one.organisation, one.country]
    return {"number": str(one.number), "name": one.name, "details": " – ".join(filter(None, parts))}


def numbered(forms: str, count: int, language: str) -> str:
    """The form, of "one|several", that goes with a count, which stands where it says {n}; in French 0 is like 1."""
    one, several = forms.split("|")
    form = one if count == 1 or (language == "fr" and count == 0) else several
    return form.format(n=grouped(count, language))


def grouped(count: int, language: str) -> str:
    """A number with its thousands apart: by a narrow no-break space in French, by a comma in English."""
    return f"{count:,}".replace(",", "\u202f") if language == "fr" else f"{count:,}"


def _date(instant: str, language: str) -> str:
    """The day and time in UTC, written for a person."""
    moment = datetime.fromisoformat(instant).astimezone(timezone.get_default_timezone())
    shape = "%d/%m/%Y à %H:%M UTC" if language == "fr" else "%Y-%m-%d, %H:%M UTC"
    return moment.strftime(shape)
