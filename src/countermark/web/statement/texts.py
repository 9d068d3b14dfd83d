"""Versions of the statement's text: their canonical form, their digest, and which one is in force."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import nh3
from django.db import transaction
from django.utils import timezone
from markdown_it import MarkdownIt

from countermark.errors import InputError
from countermark.web.statement.models import LANGUAGES, Text
from countermark.web.statement.recent import forget

if TYPE_CHECKING:
    from datetime import datetime

TAGS = {"p", "em", "strong", "a", "ul", "ol", "li", "blockquote", "br", "h2", "h3"}
MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, slots=True)
class InForce:
    """A published version in one language, ready to show: `html` is sanitised."""

    version: int
    language: str
    title: str
    body: str
    html: str
    sha256: str
    published_at: datetime


def canonical(title: str, body: str) -> str:
    """The text that is hashed: NFC, lines ended by LF without trailing spaces, title first, one empty line between."""
    lines = (
        unicodedata.normalize("NFC", f"{title}\n\n{body}")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .split("\n")
    )
    return "\n".join(line.rstrip() for line in lines).strip() + "\n"


def digest_of(title: str, body: str) -> str:
    """SHA-256 of `canonical()` in UTF-8, in hexadecimal: `sha256sum` of the downloaded text gives the same."""
    return hashlib.sha256(canonical(title, body).encode()).hexdigest()


def rendered(body: str) -> str:
    """Markdown as HTML of a few harmless tags."""
    return nh3.clean(
        MARKDOWN.render(body), tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}
    )


def publish(texts: dict[str, tuple[str, str]]) -> int:
    """Publish a new version, given as {language: (title, body)} in every language of the site; return its number.

    Raises InputError where a language is missing or empty.
    """
    missing = [name for name, _ in LANGUAGES if not all(part.strip() for part in texts.get(name, ("", "")))]
    if missing:
        raise InputError(
            f"the text is missing in {', '.join(missing)}; a version has a title and a text in each language"
        )
    now = timezone.now()
    with transaction.atomic():
        newest = Text.objects.order_by("-version").values_list("version", flat=True).first() or 0
        Text.objects.bulk_create(
            Text(
                version=newest + 1,
                language=language,
                title=title.strip(),
                body=body,
                sha256=digest_of(title.strip(), body),
                published_at=now,
            )
            for language, (title, body) in texts.items()
        )
        transaction.on_commit(forget)
    forget()
    return newest + 1


def in_force(language: str, version: int | None = None) -> InForce | None:
    """The newest published text in a language, or the given version; None where there is none."""
    published = Text.objects.filter(language=language, published_at__isnull=False).order_by("-version")
    found = (published.filter(version=version) if version else published).first()
    if found is None or found.published_at is None:
        return None
    return InForce(
        found.version,
        language,
        found.title,
        found.body,
        rendered(found.body),
        found.sha256,
        found.published_at,
    )
