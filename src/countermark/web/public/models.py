"""The figures that the public pages show, counted by the worker and never in a request."""

from __future__ import annotations

from django.db import models


class Figures(models.Model):
    """The newest count, in the row with the key 1; `content` is what `public.figures` makes."""

    content = models.JSONField()
    counted_at = models.DateTimeField()
