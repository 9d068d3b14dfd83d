"""The site stands."""

from __future__ import annotations

from countermark.web.statement.texts import in_force


def test_the_demonstration_is_published_in_both_languages(site: None) -> None:
    """French and English are in force, with digests."""
    for language in ("fr", "en"):
        text = in_force(language)
        assert text is not None
        assert len(text.sha256) == 64
