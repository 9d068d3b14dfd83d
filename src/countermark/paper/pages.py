"""Pages to read in a browser: one template environment for all, escaped throughout, and the colours of the house."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

TOKENS: Final = Path(__file__).with_name("tokens.css")
"""Colours and type of every page, light, dark and printed."""


def environment(package: str) -> Environment:
    """The templates of a package, in its folder `templates`."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def style(templates: Environment, name: str) -> Markup:
    """The style of a page: the tokens, then the template package's own file `name`."""
    return Markup(TOKENS.read_text(encoding="utf-8") + source(templates, name))  # noqa: S704  our own files


def source(templates: Environment, name: str) -> str:
    """A file of the templates as it stands."""
    if templates.loader is None:
        raise LookupError(name)
    return templates.loader.get_source(templates, name)[0]
