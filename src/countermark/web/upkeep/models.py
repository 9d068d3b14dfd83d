"""The worker's signs of life."""

from __future__ import annotations

from django.db import models


class Beat(models.Model):
    """When a lane of the worker last went round; a lane that stopped is seen on the health page."""

    lane = models.CharField(max_length=16, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.lane
