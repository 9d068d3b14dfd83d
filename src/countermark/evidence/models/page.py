"""The page of a study of a model: one HTML file, no network, no script, escaped throughout; or lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jinja2 import ChoiceLoader, PackageLoader
from markupsafe import Markup

from countermark import __version__
from countermark.evidence.models.ask_view import ask_context
from countermark.evidence.models.extract_view import extract_context, other_rule
from countermark.evidence.models.facts_view import facts_context
from countermark.evidence.models.languages import LANGUAGES
from countermark.evidence.models.study import read_study
from countermark.evidence.models.trap_view import trap_context
from countermark.evidence.report.legible import one_line
from countermark.memorization.asking import sentences as of_questions
from countermark.memorization.extraction import sentences as of_extraction
from countermark.memorization.study.outcome import RESULT
from countermark.memorization.traps import sentences as of_traps
from countermark.paper.pages import environment, source, style

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jinja2 import Environment

    from countermark.evidence.models.study import Shown
    from countermark.language import Language

SECTIONS: Final = {
    "trap": (
        "claims",
        "e",
        "works",
        "table.works",
        "null",
        "could",
        "asked",
        "model",
        "digests",
        "check",
        "rest",
    ),
    "extract": ("works", "controls", "null", "asked", "model", "digests", "check", "rest"),
    "ask": ("exact", "works", "controls", "null", "asked", "model", "digests", "check", "rest"),
}
"""The anchors of each page, in order; each is also the key of its heading."""


CONTEXTS: Final[Mapping[str, Callable[[Shown, Language], dict[str, Any]]]] = {
    "trap": trap_context,
    "extract": extract_context,
    "ask": ask_context,
}


def render_study(
    folder: Path, lang: str, form: str = "html", *, works: Path | None = None, texts: bool = True
) -> str:
    """The report of a study. `form` is html or text; `works` a folder with the works' files, to show their words.

    Raises RunError, PlanError where the folder is no study, was changed, or says what no study writes.
    """
    shown = read_study(folder, works, texts=texts and form == "html")
    return render_html(shown, lang) if form == "html" else render_text(shown, folder, lang)


def render_html(shown: Shown, lang: str) -> str:
    """The report in one language, a whole HTML document."""
    templates, say = _templates(), LANGUAGES[lang]
    year = shown.ended[:4]
    mark = templates.get_template("mark.svg").render(year=year if year.isdigit() else "")
    own = CONTEXTS[shown.kind](shown, say)
    return templates.get_template(f"{shown.kind}.html.j2").render(
        lang=lang,
        t=say.say,
        css=style(templates, "report.css") + Markup(source(templates, "models.css")),  # noqa: S704  our own file
        mark=Markup(mark),  # noqa: S704  our own file, and four digits
        contents=[name for name in SECTIONS[shown.kind] if own.get(name, True)],
        other=other_rule(shown.result, say) if shown.kind == "extract" else "",
        has_reference=bool(shown.result.get("reference")),
        made=say.say("made", version=__version__),
        **{"void": []} | own,
        **facts_context(shown, say),
    )


def _templates() -> Environment:
    """The templates of this page over those of the report on texts, whose style and mark it shares."""
    templates = environment("countermark.evidence.models")
    rooms = ("countermark.evidence.models", "countermark.evidence.report")
    templates.loader = ChoiceLoader([PackageLoader(room) for room in rooms])
    return templates


def render_text(shown: Shown, folder: Path, lang: str) -> str:
    """The grade, and what the command that ran the study said at its end, which of traps is the grade first of all."""
    path, result = str(folder / RESULT), _on_one_line(shown.result)
    if shown.kind == "trap":
        lines = of_traps.lines_of(result, path, of_traps.LANGUAGES[lang])
    elif shown.kind == "extract":
        lines = _grades(shown, lang)
        lines += of_extraction.lines_of_result(result, path, of_extraction.LANGUAGES[lang])
    else:
        lines = _grades(shown, lang)
        lines += of_questions.lines_of_result(result, path, of_questions.LANGUAGES[lang])
    return "\n".join(lines) + "\n"


def _grades(shown: Shown, lang: str) -> list[str]:
    """The head of the page as lines: whether the comparison is void, and each grade with what it says."""
    say = LANGUAGES[lang]
    own = CONTEXTS[shown.kind](shown, say)
    void = [" ".join((f"{say.say('grade.void')}.", *own["void"]))] if own["void"] else []
    told = [f"{say.say('grade.' + one['grade'])}. {one['headline']} {one['second']}" for one in own["blocks"]]
    return void + told


def _on_one_line(value: Any) -> Any:
    """A JSON value whose texts cannot begin a line of their own, or reorder one."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, dict):
        return {name: _on_one_line(item) for name, item in value.items()}
    return [_on_one_line(item) for item in value] if isinstance(value, list) else value
