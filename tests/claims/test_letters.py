"""Letters: filled from facts only, both languages with the same facts, no company named without its source."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from countermark.claims.letters.compose import NEEDS_FINDINGS, Kind, as_page, compose
from countermark.claims.letters.facts import read_facts
from countermark.cli.letter import KINDS, command
from countermark.errors import InputError

RESPONDENT = {
    "name": "Exemple Modèles SA",
    "product": "Exemple-7",
    "sentence": "Exemple-7 was built from, among others, crawl-2024.",
    "document": "Model card of Exemple-7",
    "date": "2026-02-01",
}


def work(number: int, grade: str, **facts: Any) -> dict[str, Any]:
    """A line of works.jsonl."""
    said = {
        "contributors": [{"name": "Ines Marchal", "role": "author"}, {"name": "Quai", "role": "publisher"}],
        "editions": [{"identifiers": [["isbn", f"978000000000{number}"], ["own:Quai", "Q-1"]]}],
    }
    found = [
        {
            "run": "run",
            "corpus": "crawl-2024",
            "snapshot": "2024-10-01",
            "status": "found",
            "grades": {grade: 2},
        }
    ]
    return {
        "work_id": f"w{number}",
        "title": f"La Jetée {number}",
        "facts": said | facts,
        "found": found,
        "rules": {},
    }


def claim(folder: Path, works: list[dict[str, Any]], respondent: dict[str, Any] | None = None) -> Path:
    """A claim folder with what letters read."""
    named = RESPONDENT if respondent is None else respondent
    said: dict[str, Any] = {"format": "countermark.claim/1", "rules": [], "respondent": named}
    folder.mkdir(exist_ok=True)
    (folder / "claim.json").write_text(json.dumps(said), encoding="utf-8")
    (folder / "works.jsonl").write_text("".join(json.dumps(one) + "\n" for one in works), encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_letter_is_whole(tmp_path: Path, kind: Kind, language: str) -> None:
    """It says that it is a draft, holds no hole of the template's, and only facts that were given."""
    facts = read_facts(claim(tmp_path, [work(1, "copy"), work(2, "identical")]), date="2026-11-23")
    text = compose(kind, facts, language).text
    assert text.startswith(("DRAFT.", "BROUILLON."))
    assert "{" not in text
    assert "None" not in text
    assert not re.search(r"\n\n\n\n", text)
    assert "Exemple Modèles SA" in text
    page = as_page(compose(kind, facts, language), language)
    assert page.startswith("<!doctype html>")
    assert "Exemple Modèles SA" in page


@pytest.mark.parametrize(
    "kind", [Kind.REMOVAL_REQUEST, Kind.LICENCE_OFFER, Kind.ARTICLE_53, Kind.ACCESS_REQUEST]
)
def test_both_languages_carry_the_same_facts(tmp_path: Path, kind: Kind) -> None:
    """Works, identifiers, data sets and the quoted sentence stand in both."""
    facts = read_facts(claim(tmp_path, [work(1, "copy"), work(2, "identifier")]), date="2026-11-23")
    for language in ("en", "fr"):
        text = compose(kind, facts, language).text
        said = (
            "La Jetée 1",
            "La Jetée 2",
            "ISBN 9780000000001",
            "crawl-2024",
            "Exemple-7 was built from",
            "Model card",
        )
        assert [fact for fact in said if fact not in text] == []
        assert "Q-1" not in text


@pytest.mark.parametrize(
    ("works", "respondent"),
    [
        ([work(1, "name")], None),
        ([work(1, "copy")], {"name": "Exemple Modèles SA"}),
        ([], None),
    ],
    ids=["a name only", "no source sentence", "nothing found"],
)
def test_no_company_is_named_without_firm_facts(
    tmp_path: Path, works: list[dict[str, Any]], respondent: dict[str, Any] | None
) -> None:
    """The place for the name stays open, and the user is told why."""
    facts = read_facts(claim(tmp_path, works, respondent), date="2026-11-23")
    for kind in Kind:
        if kind in NEEDS_FINDINGS and not facts.works:
            with pytest.raises(InputError, match="a name alone is never the ground of a letter"):
                compose(kind, facts, "en")
        else:
            letter = compose(kind, facts, "fr")
            assert "Exemple Modèles" not in letter.text
            assert letter.remark.startswith("l’entreprise n’est pas nommée")


@pytest.mark.parametrize(
    "facts", [{"licence": "CC BY 4.0"}, {"rights": [{"kind": "licence", "party": "Exemple Modèles SA"}]}]
)
def test_licensed_works_are_no_ground_for_a_letter(tmp_path: Path, facts: dict[str, Any]) -> None:
    """Only the other work is listed."""
    read = read_facts(claim(tmp_path, [work(1, "copy"), work(2, "copy", **facts)]), date="2026-11-23")
    assert [one.title for one in read.works] == ["La Jetée 1"]
    assert read.works_in_catalog == 2


def test_controls_are_no_ground_either(tmp_path: Path) -> None:
    """What cannot be in the data set is a false alarm, whatever its grade."""
    alarm = work(1, "copy")
    alarm["found"][0]["status"] = "false-alarm"
    assert read_facts(claim(tmp_path, [alarm]), date="2026-11-23").works == ()


def test_hostile_titles_stay_text(tmp_path: Path) -> None:
    """Neither the template engine nor the page runs what a catalogue says."""
    hostile = work(1, "copy") | {"title": "{{ 7 * 7 }}<script>alert(1)</script>"}
    facts = read_facts(claim(tmp_path, [hostile]), date="2026-11-23")
    letter = compose(Kind.REMOVAL_REQUEST, facts, "en")
    assert "{{ 7 * 7 }}<script>" in letter.text
    assert "<script>" not in as_page(letter, "en")


def test_the_command_lists_every_kind() -> None:
    """The names on the command line are those of the templates."""
    assert set(KINDS) == {str(kind) for kind in Kind}


def test_command_writes_a_draft(tmp_path: Path) -> None:
    """With the sender's own facts filled in."""
    sender = tmp_path / "me.toml"
    sender.write_text('name = "Ines Marchal"\nplace = "Nantes"\n', encoding="utf-8")
    folder = claim(tmp_path / "claim", [work(1, "copy")])
    out = tmp_path / "letter.txt"
    options = ["--kind", "removal-request", "--lang", "fr", "--date", "2026-11-23", "--sender", str(sender)]
    result = CliRunner().invoke(command, [str(folder), *options, "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "Nantes, le 23\u00a0novembre\u00a02026" in out.read_text(encoding="utf-8")
    assert "send it yourself" in result.output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('nme = "x"\n', "key nme: not known; accepted are name"),
        ("name = \n", "not TOML"),
        (b"\xff\xfe", "not TOML"),
    ],
)
def test_bad_sender_files_are_told(tmp_path: Path, content: str | bytes, message: str) -> None:
    """File and key are named."""
    sender = tmp_path / "me.toml"
    sender.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=message):
        read_facts(claim(tmp_path / "claim", []), date="2026-11-23", sender=sender)


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"format": "other"}', b"[" * 100_000])
def test_damaged_claims_are_told(tmp_path: Path, broken: bytes) -> None:
    """No traceback reaches a user."""
    folder = claim(tmp_path / "claim", [])
    (folder / "claim.json").write_bytes(broken)
    with pytest.raises(InputError, match="claim"):
        read_facts(folder, date="2026-11-23")


def test_nobody_writes_for_works_of_others(tmp_path: Path) -> None:
    """A work that the claim shows as another's under every rule is in no annex."""
    theirs = work(1, "copy")
    steps = [
        {"step": "found", "passed": True},
        {"step": "yours", "passed": False, "reason": "owned-by-other"},
    ]
    theirs["rules"] = {"us-504": {"steps": steps, "claimable": False}}
    facts = read_facts(claim(tmp_path, [theirs, work(2, "copy")]), date="2026-11-23")
    text = compose(Kind.REMOVAL_REQUEST, facts, "en").text
    assert "La Jetée 2" in text
    assert "La Jetée 1" not in text
