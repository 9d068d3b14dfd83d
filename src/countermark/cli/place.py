"""Arguments that are a path or a URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from countermark.storage.place import Place

    _ParamType = click.ParamType[Any]
else:
    _ParamType = click.ParamType  # generic only since click 8.4


class PlaceType(_ParamType):
    """A path, or a URL of object storage; a URL stays text, since a path would lose a slash of it."""

    name = "place"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> Place:
        """Take a path or a URL. Raises InputError on a URL that nothing here can open."""
        from countermark.storage.place import place_of

        return place_of(value) if isinstance(value, str) else value


class RunPlace(PlaceType):
    """A run folder: a path, or a URL, whose mirror on this machine is brought up to date and given instead."""

    name = "run"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Place:
        """The folder on this machine. Raises RunError when there is nothing at the URL."""
        from pathlib import Path

        place = super().convert(value, param, ctx)
        if isinstance(place, Path):
            return place
        from countermark.storage.mirror import pull

        return pull(place)
