"""The statement: versions that never change, digests anyone can compute, and when it is open."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest


def test_the_digest_is_that_of_the_canonical_text(site: None) -> None:
    """SHA-256 of title, empty line and body, as anybody's tool computes it."""
    from countermark.web.statement.texts import canonical, in_force

    for language in ("fr", "en"):
        text = in_force(language)
        assert text is not None
        assert hashlib.sha256(canonical(text.title, text.body).encode()).hexdigest() == text.sha256


@pytest.mark.parametrize(
    ("one", "other"), [("a\r\nb", "a\nb"), ("a  \nb", "a\nb"), ("e\u0301", "é"), ("a\n\n\n", "a")]
)
def test_what_editors_do_does_not_change_the_digest(one: str, other: str) -> None:
    """Line ends, spaces at ends of lines and decomposed accents do not matter; words do."""
    from countermark.web.statement.texts import digest_of

    assert digest_of("T", one) == digest_of("T", other)
    assert digest_of("T", one) != digest_of("T", one + "x")


def test_a_new_version_is_in_force_at_once_and_the_old_stays(site: None) -> None:
    """Both are found by their numbers; a missing language is refused."""
    from countermark.errors import InputError
    from countermark.web.statement.clock import text as current
    from countermark.web.statement.texts import in_force, publish

    before = current("fr")
    assert publish({"fr": ("Titre", "Corps"), "en": ("Title", "Body")}) == 2
    after = current("fr")
    assert before is not None
    assert after is not None
    assert (before.version, after.version, after.title) == (1, 2, "Titre")
    assert in_force("fr", 1) == before
    assert in_force("fr", 7) is None
    with pytest.raises(InputError, match="en"):
        publish({"fr": ("Titre", "Corps"), "en": ("Title", " ")})


def test_markdown_gives_harmless_html() -> None:
    """Scripts, handlers and odd links do not come through."""
    from countermark.web.statement.texts import rendered

    html = rendered(
        "**x** <script>a</script> [l](javascript:a) [m](https://example.org)\n\n<img src=x onerror=a>"
    )
    assert "<strong>x</strong>" in html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="https://example.org"' in html


def test_the_statement_opens_and_closes(site: None) -> None:
    """From its opening, until just before its close; a site without a statement is closed."""
    from django.utils import timezone

    from countermark.web.statement.clock import is_open
    from countermark.web.statement.models import Statement

    now = timezone.now()
    statement = Statement.objects.get()
    statement.opened_at, statement.closes_at = now, now + timedelta(days=1)
    statement.save()
    second = timedelta(seconds=1)
    assert [is_open(now + delay) for delay in (-second, second * 0, timedelta(days=1) - second)] == [
        False,
        True,
        True,
    ]
    assert not is_open(now + timedelta(days=1))


def test_a_site_without_a_statement_is_closed(db: None) -> None:
    """Nothing can be signed, and nothing fails."""
    from django.utils import timezone

    from countermark.web.statement.clock import is_open, text
    from countermark.web.statement.recent import forget

    forget()
    assert not is_open(timezone.now())
    assert text("fr") is None
