"""The page of a watch as one HTML file: no network, no script, escaped throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, PackageLoader
from markupsafe import Markup

from countermark import __version__
from countermark.evidence.watch import view
from countermark.evidence.watch.languages import LANGUAGES
from countermark.paper.pages import environment, source, style

if TYPE_CHECKING:
    from jinja2 import Environment

    from countermark.evidence.watch.changes import Comparison


def render_watch(comparison: Comparison, lang: str) -> str:
    """The page in one language, a whole HTML document. Raises RunError where a run was damaged meanwhile."""
    templates, say = _templates(), LANGUAGES[lang]
    facts = comparison.facts
    year = (facts["now"]["snapshot_date"] or "")[:4]
    mark = templates.get_template("mark.svg").render(year=year if year.isdigit() else "")
    return templates.get_template("watch.html.j2").render(
        lang=lang,
        t=say.say,
        css=style(templates, "report.css") + Markup(source(templates, "watch.css")),  # noqa: S704  our own file
        mark=Markup(mark),  # noqa: S704  our own file, and four digits
        facts=facts,
        warnings=view.warnings(facts, say),
        headline=view.headline(facts, say),
        made=say.say("made", version=__version__),
        **view.counted(facts, say),
        **_works(comparison, lang),
    )


def _works(comparison: Comparison, lang: str) -> dict[str, Any]:
    say = LANGUAGES[lang]
    shown = view.works_shown(comparison)
    rows = [row for work in shown for row in work["changes"]]
    of_now = {row["now_finding_id"]: row["now_shard"] for row in rows if row["now_finding_id"]}
    of_last = {row["last_finding_id"]: row["last_shard"] for row in rows if not row["now_finding_id"]}
    last, now = view.excerpts(comparison.last, of_last), view.excerpts(comparison.now, of_now)
    rest = len(comparison.facts["of_works"]) - len(shown)
    return {
        "works": [view.work_view(work, n, last, now, say) for n, work in enumerate(shown, 1)],
        "works_rest": say.say("works.rest", n=rest) if rest else "",
    }


def _templates() -> Environment:
    """The templates of this page over those of the report on texts, whose style and mark it shares."""
    templates = environment("countermark.evidence.watch")
    rooms = ("countermark.evidence.watch", "countermark.evidence.report")
    templates.loader = ChoiceLoader([PackageLoader(room) for room in rooms])
    return templates
