"""The roll in the database: the log's leaves and inner nodes, its signed heads, and what each number stands for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Leaf(models.Model):
    """One line of the log. `position` counts from 0; `content` are the bytes that are hashed, public, as they stand."""

    position = models.PositiveBigIntegerField(primary_key=True)
    content = models.BinaryField()


class Node(models.Model):
    """The hash of a complete subtree: `level` 0 is a leaf, `offset` counts the subtrees of that level from the left."""

    level = models.PositiveSmallIntegerField()
    offset = models.PositiveBigIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["level", "offset"], name="one_node"),)


class Head(models.Model):
    """A signed tree head. `published` ones stay for ever, at fixed intervals; the others serve the newest proofs.

    `document` is the signed JSON as it was published; its time never goes back, whatever the clock does.
    """

    size = models.PositiveBigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    document = models.TextField()
    published = models.BooleanField(default=False, db_index=True)
    published_at = models.DateTimeField(null=True, blank=True)


class Standing(models.TextChoices):
    """What a number on the roll stands for now."""

    LISTED = "listed", _("on the roll")
    WITHDRAWN = "withdrawn", _("withdrawn")
    INVALIDATED = "invalidated", _("invalidated")


class Entry(models.Model):
    """One number of the roll, with its opening (`salt`, `record`) and what the public pages search.

    Numbers are contiguous from 1. `position` is the leaf that entered it, `committed` that of its newest commitment.
    A withdrawal empties everything but number, position, kind and standing.
    `record` is the canonical JSON that the commitment was made of; `folded` is the name for searching; `trades` as in
    `signing.Signed`. `kind` is "person" or "organisation".
    """

    number = models.PositiveIntegerField(primary_key=True)
    position = models.PositiveBigIntegerField(unique=True)
    committed = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=12)
    standing = models.CharField(max_length=12, choices=Standing.choices, default=Standing.LISTED)
    signature_id = models.BigIntegerField(null=True, blank=True, unique=True)
    organisation_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    salt = models.BinaryField(max_length=16, null=True, blank=True)
    record = models.TextField(blank=True)
    display = models.SmallIntegerField(null=True, blank=True)
    name = models.CharField(max_length=160, blank=True)
    folded = models.CharField(max_length=200, blank=True)
    trades = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    organisation_name = models.CharField(max_length=160, blank=True)
    entered_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["folded"], name="entry_folded"),
            models.Index(fields=["country", "number"], name="entry_country"),
        )

    def __str__(self) -> str:
        return str(self.number)


class Change(models.Model):
    """Something to append to the log, written in the same transaction as what it tells of.

    `kind` is "withdrawal", "amendment", "invalidation" or "reinstatement", of the entry `number`; `leaf` is its
    position in the log, once appended; appended ones are kept, as proofs need them. An amendment is sequenced from the
    signature as it then stands.
    """

    kind = models.CharField(max_length=16)
    number = models.PositiveIntegerField(db_index=True)
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    leaf = models.PositiveBigIntegerField(null=True, blank=True, unique=True)

    class Meta:
        indexes = (models.Index(fields=["id"], name="to_append", condition=models.Q(leaf=None)),)
