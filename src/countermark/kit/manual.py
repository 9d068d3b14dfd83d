"""The manual of a kit: two pages, for print and for a terminal, in English and French, with the same facts."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from markupsafe import Markup

from countermark.fingerprint.scheme import TextScheme
from countermark.language import typeset
from countermark.paper.pages import environment, source, style

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH: Final = 84
_KINDS: Final = {"# ": "h", "1. ": "step", "- ": "item", "    ": "code"}
_LABELS: Final = ("salt.apart", "salt.inside", "tables", "figure")
_NAMED: Final = 4


class Block(NamedTuple):
    """A part of the manual: `kind` is h (heading), p (paragraph), step, item, or code."""

    kind: str
    text: str


def blocks_of(facts: dict[str, Any], lang: str) -> list[Block]:
    """The manual of a kit with these facts."""
    labels, blocks = _read(lang)
    index = facts["index"]
    values = {
        "works": _number(index["works"], lang),
        "version": facts["countermark"],
        "identity": f"{index['identity'][:16]}…",
        "salt": labels[f"salt.{facts['salt']}"],
        "letters": _number(index["guarantee_letters"], lang),
        "full": _number(TextScheme.parse(index["scheme"]).guarantee(sealed=False), lang),
        "tables": _tables(labels["tables"], [str(one["name"]) for one in facts.get("tokenizers", ())]),
        "option": "" if facts["salt"] == "inside" else " --salt-file kit.salt",
    }
    return [Block(kind, text.format(**values)) for kind, text in blocks]


def _tables(label: str, names: list[str]) -> str:
    """A sentence on the tokenisers whose ids the kit reads; nothing where there are none."""
    shown = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    return f" {label.format(names=shown)}" if names else ""


def _read(lang: str) -> tuple[dict[str, str], list[Block]]:
    """The labels and the blocks of `templates/manual.<lang>.md`, in the language's typography; commands as typed."""
    head, *paragraphs = source(environment("countermark.kit"), f"manual.{lang}.md").strip("\n").split("\n\n")
    labels = dict(line.split(": ", 1) for line in _spaced(head, lang).splitlines())
    return {name: labels[name] for name in _LABELS}, [_block(paragraph, lang) for paragraph in paragraphs]


def _block(paragraph: str, lang: str) -> Block:
    for lead, kind in _KINDS.items():
        if paragraph.startswith(lead):
            text = " ".join(line.strip() for line in paragraph.removeprefix(lead).splitlines())
            return Block(kind, text if kind == "code" else _spaced(text, lang))
    return Block("p", _spaced(" ".join(paragraph.splitlines()), lang))


def _spaced(text: str, lang: str) -> str:
    return typeset(text) if lang == "fr" else text


def manual_page(facts: dict[str, Any], lang: str) -> str:
    """The manual as one HTML file without network or script, which prints on two A4 pages."""
    templates = environment("countermark.kit")
    labels = _read(lang)[0]["figure"].split(" | ")
    figure = templates.get_template("steps.svg").render(labels=labels)
    title, *blocks, foot = blocks_of(facts, lang)
    return templates.get_template("manual.html.j2").render(
        lang=lang,
        css=style(templates, "manual.css"),
        title=title.text,
        blocks=blocks,
        figure=Markup(figure),  # noqa: S704  our own drawing and our own words
        foot=foot.text,
        mark=Markup(source(templates, "mark.svg")),  # noqa: S704  our own file
    )


def manual_text(facts: dict[str, Any], lang: str) -> str:
    """The manual for a terminal."""
    return "\n".join(_lines(blocks_of(facts, lang))) + "\n"


def _lines(blocks: list[Block]) -> Iterator[str]:
    step = 0
    for kind, text in blocks:
        if kind == "h":
            yield from ("", text, "=" * len(text))
        elif kind == "code":
            yield from (f"        {line}" for line in text.splitlines())
        else:
            step += kind == "step"
            lead = {"step": f"{step}. ", "item": "- "}.get(kind, "")
            yield ""
            yield textwrap.fill(text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead))


def _number(value: int, lang: str) -> str:
    return f"{value:,}".replace(",", "\u202f") if lang == "fr" else f"{value:,}"
