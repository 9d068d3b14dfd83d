"""What every page of the site knows, as `site` in its template; from memory when warm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import translation

from countermark.web.abuse.switches import banner
from countermark.web.config.languages import SUPPORTED
from countermark.web.public.figures import figures
from countermark.web.statement.clock import statement
from countermark.web.statement.models import Statement

if TYPE_CHECKING:
    from django.http import HttpRequest

NAMES: Final = dict(settings.LANGUAGES)
SHOWN: Final = frozenset(
    (
        *("organiser", "organiser_address", "contact_email", "demonstration"),
        *("opened_at", "closes_at", "retention_months", "smallest_cell"),
    )
)
NOBODY: Final = Statement()  # before the site has a statement


def facts() -> Statement:
    """The statement's own row, a few seconds old at most; an empty one before the site has a statement."""
    return statement() or NOBODY


def site(request: HttpRequest) -> dict[str, Any]:
    """The context processor: `site.origin`, `site.organiser`, `site.demonstration`, `site.alternates` and more.

    `alternates` are (code, name, path, whether it is this page) of a page that begins with its language.
    """
    return {"site": _Site(request)}


class _Site:
    """Looked up when a template asks, so that a page pays for what it shows."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path_info
        self.origin = settings.SITE_ORIGIN

    def __getattr__(self, name: str) -> object:
        if name.startswith("_") or name not in SHOWN:
            raise AttributeError(name)
        return getattr(facts(), name)

    @property
    def alternates(self) -> list[tuple[str, str, str, bool]]:
        """This page in each language."""
        first, _, rest = self._path.lstrip("/").partition("/")
        if first not in SUPPORTED:
            return []
        return [(code, NAMES[code], f"/{code}/{rest}", code == first) for code in SUPPORTED]

    @property
    def address(self) -> str:
        """The absolute address of this page, without its query."""
        return f"{self.origin}{self._path}"

    @property
    def banner(self) -> str:
        """What the organiser says on every page, if anything."""
        return banner(translation.get_language() or "en")

    @property
    def count(self) -> int:
        """How many are on the roll."""
        total: int = figures()["total"]
        return total
