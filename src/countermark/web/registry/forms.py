"""The forms of the member space."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from countermark.web.registry.identifiers import IdentifierError, canonical_identifier
from countermark.web.registry.plain import plain_line
from countermark.web.registry.texts import Facts
from countermark.works.published import parse_published

_IDENTIFIER_SENTENCES = {
    "isbn": _(
        "This ISBN is not right: its check digit does not fit. Compare it with the book, digit by digit."
    ),
    "doi": _("This DOI is not right: a DOI looks like 10.1000/182."),
    "address": _("This address is not right: an address begins with https:// and names a site."),
    "unknown": _("This is neither an ISBN, nor a DOI, nor an address that begins with https://."),
}


class OpenForm(forms.Form):
    """The consent to link one's signature with one's works; never ticked beforehand."""

    consent = forms.BooleanField(
        label=_(
            "I agree that the organiser links my signature with the works that I register, to look for them in data "
            "sets and to tell me what is found."
        ),
        error_messages={"required": _("Without this consent no member space can be opened.")},
    )


class PlainCharField(forms.CharField):
    """One line of plain text: no control characters, nothing that turns the direction of writing."""

    def to_python(self, value: object) -> str:
        """The text as it is stored."""
        return plain_line(super().to_python(value) or "")


class WorkForm(forms.Form):
    """One text and what is said of it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "TXT, Markdown, HTML, EPUB, PDF, DOCX or ODT, 25 MB at most. Only you can download it again."
        ),
        max_length=255,
    )
    title = PlainCharField(
        label=_("Title"),
        max_length=300,
        required=False,
        help_text=_("If you leave it empty, it is taken from the file."),
    )
    author = PlainCharField(label=_("Author"), max_length=200, required=False)
    published = forms.CharField(
        label=_("Published"),
        max_length=10,
        required=False,
        help_text=_("YYYY, YYYY-MM or YYYY-MM-DD. A work that is younger than a data set cannot be in it."),
    )
    identifier = PlainCharField(
        label=_("ISBN, DOI or address"),
        max_length=200,
        required=False,
        help_text=_("For instance 978-2-07-036002-4."),
    )
    licence = PlainCharField(
        label=_("Licence"),
        max_length=100,
        required=False,
        help_text=_("Only if others may copy the work freely, for instance CC BY 4.0."),
    )

    def clean_published(self) -> str:
        """The date as typed, if it is one."""
        text: str = self.cleaned_data["published"].strip()
        if text:
            try:
                parse_published(text)
            except ValueError:
                raise forms.ValidationError(
                    _("This is no date. Accepted are YYYY, YYYY-MM, YYYY-MM-DD and DD/MM/YYYY.")
                ) from None
        return text

    def clean_identifier(self) -> str:
        """The identifier in its canonical form."""
        text: str = self.cleaned_data["identifier"]
        try:
            return canonical_identifier(text) if text else ""
        except IdentifierError as error:
            raise forms.ValidationError(_IDENTIFIER_SENTENCES[error.reason]) from None

    def facts(self) -> Facts:
        """What the member said, once the form is valid."""
        return Facts(**{name: self.cleaned_data[name] for name in Facts._fields})


class DepositForm(forms.Form):
    """A packed index and its salt."""

    archive = forms.FileField(
        label=_("The folder of the index, packed"),
        help_text=_("ZIP, TAR or TAR.GZ, 64 MB at most."),
        max_length=255,
    )
    salt = forms.FileField(
        label=_("The salt"), help_text=_("The file salt.bin that you made with the index."), max_length=255
    )


class LettersForm(forms.Form):
    """Whether a member wants letters prepared later."""

    wants_letters = forms.BooleanField(
        label=_("Prepare letters about my works for me, later"), required=False
    )
