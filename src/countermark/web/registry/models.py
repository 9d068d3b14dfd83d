"""Works that members bring, the data sets that were searched for them, and what was found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from countermark.web.signing.models import Signature


class Member(models.Model):
    """A signatory who opened a member space: the link between a signature and works, with a consent of its own.

    `wording` is the version of the consent's wording, `consent_language` the language it was read in. `link_uid` is
    what the newest link by mail holds; it opens the space once, until `link_until`.
    """

    signature = models.OneToOneField(Signature, on_delete=models.CASCADE, related_name="member")
    uid = models.BinaryField(max_length=16, unique=True)
    wording = models.PositiveSmallIntegerField()
    consent_language = models.CharField(max_length=8)
    opened_at = models.DateTimeField()
    link_uid = models.BinaryField(max_length=16, null=True, blank=True, unique=True)
    link_until = models.DateTimeField(null=True, blank=True)
    wants_letters = models.BooleanField(default=False)


class Deposit(models.Model):
    """A sealed index that a member built on their own machine: fingerprints, no text.

    `identity` is the index's own digest; `path` is relative to the data folder; `salt` lies beside it as a file.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="deposits")
    uid = models.CharField(max_length=32, unique=True)
    identity = models.CharField(max_length=64)
    scheme = models.CharField(max_length=40)
    works_count = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    deposited_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["member", "identity"], name="one_deposit_of_an_index"),
        )


class Work(models.Model):
    """A work of a member. `uid` is its work_id in exported catalogues and in findings.

    Uploaded works have a file; deposited ones belong to a deposit and have only fingerprints.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="works")
    uid = models.CharField(max_length=64, unique=True)
    deposit = models.ForeignKey(
        Deposit, null=True, blank=True, on_delete=models.CASCADE, related_name="works"
    )
    title = models.CharField(_("title"), max_length=300)
    author = models.CharField(_("author"), max_length=200, blank=True)
    published = models.CharField(_("published"), max_length=10, blank=True)
    identifier = models.CharField(_("identifier (ISBN, DOI, address)"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    format = models.CharField(max_length=10, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_bytes = models.PositiveBigIntegerField(default=0)
    characters = models.PositiveBigIntegerField(default=0)
    registered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("work")
        constraints = (
            models.UniqueConstraint(
                fields=["member", "file_sha256"],
                name="one_work_of_a_file",
                condition=~models.Q(file_sha256=""),
            ),
        )

    def __str__(self) -> str:
        return self.title


class Run(models.Model):
    """A scan of one data set, imported from its run folder. `summary` is what its summary.json says in the aggregate.

    `index_identity` names the index that was searched for: that of the uploaded works, or a deposit's.
    """

    digest = models.CharField(max_length=64, unique=True)
    index_identity = models.CharField(max_length=64, blank=True)
    data_set = models.CharField(_("data set"), max_length=200)
    snapshot = models.CharField(_("snapshot"), max_length=40, blank=True)
    summary = models.JSONField()
    imported_at = models.DateTimeField()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name = _("run")

    def __str__(self) -> str:
        return self.data_set


class Result(models.Model):
    """What a run found of one work: a grade and a share, or that it was searched and not found.

    `passages` holds at most ten of the longest, as JSON: lengths, offsets, shard, record.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="results")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="results")
    status = models.CharField(max_length=24)
    grade = models.CharField(max_length=12, blank=True)
    share = models.FloatField(default=0.0)
    passages_count = models.PositiveIntegerField(default=0)
    longest = models.PositiveIntegerField(default=0)
    passages = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "work"], name="one_result_per_run_and_work"),)
