"""The French catalogue: complete, compiled from the sources, and in French typography."""

from __future__ import annotations

import gettext
import importlib
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
TITLE = _("The roll")
def told(n):
    return ngettext("%(n)s name", "%(n)s names", n) % {"n": n}
MAY = pgettext("month", "May")
"""
PAGE = """{% load i18n %}
  <h1>{% translate "Sign" %}</h1>
    {% if x %}"unbalanced (
  {% blocktranslate trimmed with link=url %}
    Read the
      <a href="{{ link }}">statement</a>: 100 % ours
  {% endblocktranslate %}{% endif %}
"""
FRENCH = {
    "The roll": "Le registre",
    "%(n)s name|%(n)s names": ["%(n)s nom", "%(n)s noms"],
    "month\x04May": "mai",
    "Sign": "Signer",
    'Read the <a href="%(link)s">statement</a>: 100 %% ours': 'Lire l\'<a href="%(link)s">appel</a> : à 100 %%',
}


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script scripts/messages.py as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module("messages")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A room with one Python file and one template."""
    (tmp_path / "room/templates/room").mkdir(parents=True)
    (tmp_path / "room/told.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "room/templates/room/page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "room/migrations").mkdir()
    (tmp_path / "room/migrations/0001_initial.py").write_text('_("left out")\n', encoding="utf-8")
    return tmp_path


def fragment(folder: Path, content: dict[str, Any]) -> Path:
    """A file of translations."""
    path = folder / "fragment.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_messages_of_python_and_of_templates_are_found(script: Any, sources: Path) -> None:
    """Plurals, contexts, aliases and blocks; odd indentation and brackets of a page do no harm."""
    assert {message.key for message in script.gather(sources)} == set(FRENCH)


def test_a_merged_catalogue_is_complete_and_works(script: Any, sources: Path) -> None:
    """The compiled file serves every form, with no-break spaces before marks, and the check is content."""
    assert script.write(sources, [fragment(sources, FRENCH)]) == []
    assert script.check(sources) == []
    with (sources / "locale/fr/LC_MESSAGES/django.mo").open("rb") as stream:
        found = gettext.GNUTranslations(stream)
    assert found.gettext("The roll") == "Le registre"
    assert [found.ngettext("%(n)s name", "%(n)s names", n) for n in (0, 1, 2)] == ["%(n)s nom"] * 2 + [
        "%(n)s noms"
    ]
    assert found.pgettext("month", "May") == "mai"
    assert found.gettext(list(FRENCH)[-1]) == 'Lire l’<a href="%(link)s">appel</a>\u00a0: à 100 %%'


def test_the_same_sources_give_the_same_bytes(script: Any, sources: Path) -> None:
    """No dates: writing twice changes nothing; a message that left the sources leaves the catalogue."""
    script.write(sources, [fragment(sources, FRENCH)])
    folder = sources / "locale/fr/LC_MESSAGES"
    first = [(folder / name).read_bytes() for name in ("django.po", "django.mo")]
    script.write(sources)
    assert [(folder / name).read_bytes() for name in ("django.po", "django.mo")] == first
    (sources / "room/told.py").write_text("", encoding="utf-8")
    assert len(script.check(sources)) == 2  # both files are stale
    script.write(sources)
    assert "registre" not in (folder / "django.po").read_text(encoding="utf-8")
    assert script.check(sources) == []


def test_a_translation_without_its_message_is_named(script: Any, sources: Path) -> None:
    """A key that no message has, or not in so many forms, is told; white space in keys need not agree."""
    unknown = script.write(
        sources, [fragment(sources, {"Gone": "Parti", "Sign": ["a", "b"], " The  roll": "Le"})]
    )
    assert unknown == ["fragment.json: Gone", "fragment.json: Sign"]
    assert not [line for line in script.check(sources) if "The roll" in line]


def test_what_is_not_translated_is_found(script: Any, sources: Path) -> None:
    """Each message without a translation is named with its file; an empty translation is none."""
    script.write(sources, [fragment(sources, {**FRENCH, "Sign": ""})])
    assert script.check(sources) == ["no translation: 'Sign' (room/templates/room/page.html)"]


@pytest.mark.parametrize(
    ("key", "wrong", "told"),
    [
        ("%(n)s name|%(n)s names", ["un nom", "%(n)s noms"], "placeholders"),
        ("%(n)s name|%(n)s names", ["%(m)s nom", "%(n)s noms"], "placeholders"),
        ("%(n)s name|%(n)s names", "%(n)s noms", "no translation"),
        (list(FRENCH)[-1], '<a href="%(link)s">appel</a> à 100 %', "placeholders"),
        (list(FRENCH)[-1], "appel %(link)s à 100 %%", "tags"),
        ("The roll", "Le registre: ici", "typography"),
        ("The roll", "Où est le registre?", "typography"),
        ("The roll", "Le registre à 100 %", "a lone % sign"),
    ],
)
def test_what_is_wrong_in_a_translation_is_found(
    script: Any, sources: Path, key: str, wrong: Any, told: str
) -> None:
    """Placeholders, forms, tags, percent signs and French typography are checked."""
    script.write(sources, [fragment(sources, {**FRENCH, key: wrong})])
    found = script.check(sources)
    assert found
    assert any(told in line for line in found)


@pytest.mark.parametrize("text", ["ici ;", "ici :", "« ici »", "l'œuvre", "ici !"])
def test_typography_by_hand_is_checked_too(script: Any, text: str) -> None:
    """What somebody wrote into the .po file with normal spaces is found."""
    assert list(script.faults(script.Message("here"), [text]))
    assert not list(script.faults(script.Message("here"), [script.french(text)]))


@pytest.mark.parametrize(
    "text", ["https://exemple.fr/?q=1", "a\u202f; b\u00a0: c", "à 10:30", "aujourd’hui", "5'"]
)
def test_correct_typography_passes(script: Any, text: str) -> None:
    """Addresses, times and no-break spaces are no faults."""
    assert not list(script.faults(script.Message("here"), [text]))


def test_the_french_catalogue_is_complete(script: Any) -> None:
    """The site's own catalogue is what the sources say, every message translated, nothing wrong in it."""
    assert script.check(script.SOURCES) == []
