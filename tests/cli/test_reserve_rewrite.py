"""`countermark reserve write` again with another policy: nothing of the policy before stays, all of the site's does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countermark.cli.reserve import command

HEAD = '[policy]\nsite = "https://www.example.org"\nholder = "Example Press"\n'
RESERVED = "".join(f'{use} = "reserved"\n' for use in ("tdm", "train", "generative", "input", "search"))
OPENED = (
    "".join(f'{use} = "allowed"\n' for use in ("tdm", "train", "generative"))
    + 'input = "reserved"\nsearch = "reserved"\n'
)
NOVELS = '[[paths]]\nmatch = "/novels/"\nuses = { tdm = "reserved", train = "reserved", generative = "reserved" }\n'
LICENSED = HEAD + 'licence = "https://www.example.org/licence"\n'
POLICIES = {
    "everything reserved": f"{HEAD}[uses]\n{RESERVED}",
    "mining and training allowed": f"{HEAD}[uses]\n{OPENED}",
    "but not the novels": f"{HEAD}[uses]\n{OPENED}{NOVELS}",
    "the novels as all else": f"{HEAD}[uses]\n{OPENED}",
    "with a licence": f"{LICENSED}[uses]\n{RESERVED.replace('reserved', 'conditional')}",
    "without one": f"{HEAD}[uses]\n{RESERVED}",
}
SILENT = f'{HEAD}[uses]\nsearch = "reserved"\n'
THERE = {
    "index.html": '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body></body></html>\n',
    "novels/one.html": "<title>One</title>\n<p>The elm stood quiet.\n",
    "robots.txt": "User-agent: *\nDisallow: /private/\n",
    ".well-known/tdmrep.json": '[{"location": "/shop/", "tdm-reservation": 1, "note": "kept"}]',
}


def write(place: Path, policy: str, *more: str) -> Result:
    """Put the policy in its file and call the command."""
    (place / "policy.toml").write_text(policy)
    words = [str(place / "policy.toml"), "--site", str(place / "public"), "--lang", "en", *more]
    return CliRunner().invoke(command, ["write", *words])


def everything_in(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def rules(place: Path) -> list[dict[str, object]]:
    """What stands in tdmrep.json."""
    found: list[dict[str, object]] = json.loads((place / "public/.well-known/tdmrep.json").read_bytes())
    return found


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A site that says something by itself."""
    for name, text in THERE.items():
        path = tmp_path / "public" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def fresh(place: Path, folder: Path, policy: str) -> dict[str, bytes]:
    """What the policy alone makes of the site."""
    for name, text in THERE.items():
        (folder / "public" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "public" / name).write_text(text)
    assert write(folder, policy, "--apply").exit_code == 0
    return everything_in(folder / "public")


def test_a_change_of_policy_leaves_nothing_of_the_one_before(place: Path) -> None:
    """The folder is what the new policy alone would have made; a second --apply changes no file."""
    for name, policy in POLICIES.items():
        result = write(place, policy, "--apply")
        assert result.exit_code == 0, (name, result.output)
        assert "each answered as wanted" in result.output
        now = everything_in(place)
        assert {"location": "/shop/", "tdm-reservation": 1, "note": "kept"} in rules(place)
        again = write(place, policy, "--apply")
        assert "Files written: 0." in again.output, name
        assert everything_in(place) == now
        alone = fresh(place, place / "alone" / name, policy)
        public = everything_in(place / "public")
        assert {file: data for file, data in public.items() if data} == alone, name


def test_a_rule_of_ours_that_somebody_changed_stays(place: Path) -> None:
    """It is the site's own since; where it contradicts the new policy, that is told."""
    assert write(place, POLICIES["but not the novels"], "--apply").exit_code == 0
    theirs = [{**rule, "note": "mine"} if rule["location"] == "/novels/" else rule for rule in rules(place)]
    (place / "public/.well-known/tdmrep.json").write_text(json.dumps(theirs))
    assert write(place, POLICIES["without one"], "--apply").exit_code == 0
    assert {"location": "/novels/", "tdm-reservation": 1, "note": "mine"} in rules(place)
    result = write(place, f"{POLICIES['without one']}{NOVELS.replace('reserved', 'allowed')}", "--apply")
    assert result.exit_code == 2
    assert "rule for /novels/ has tdm-reservation 1, the policy wants 0" in result.output


def test_a_rule_of_the_site_is_neither_removed_nor_loosened_unasked(place: Path) -> None:
    """Where the policy is silent it stays; where it says otherwise, --replace is named, and does it."""
    theirs = '[{"location": "/", "tdm-reservation": 1}]'
    path = place / "public/.well-known/tdmrep.json"
    path.write_text(theirs)
    assert write(place, SILENT, "--apply").exit_code == 0
    assert path.read_text() == theirs
    result = write(place, POLICIES["mining and training allowed"], "--apply")
    assert result.exit_code == 2
    assert "--replace" in result.output
    assert path.read_text() == theirs
    assert write(place, POLICIES["mining and training allowed"], "--apply", "--replace").exit_code == 0
    assert rules(place) == [{"location": "/", "tdm-reservation": 0}]
    assert write(place, SILENT, "--apply").exit_code == 0
    assert not path.exists()


def test_a_policy_named_by_hand_stays(place: Path) -> None:
    """The site's own rule reserves as the policy does, and leads to a policy of its own."""
    theirs = '[{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://www.example.org/mine.json"}]'
    path = place / "public/.well-known/tdmrep.json"
    path.write_text(theirs)
    for name in ("without one", "with a licence"):
        result = write(place, POLICIES[name], "--apply")
        assert result.exit_code == 0, result.output
        assert path.read_text() == theirs


def test_a_policy_that_says_nothing_takes_all_of_ours_back(place: Path) -> None:
    """The folder is as it was before."""
    (place / "public/.well-known/tdmrep.json").unlink()
    before = everything_in(place / "public")
    assert write(place, POLICIES["with a licence"], "--apply").exit_code == 0
    assert everything_in(place / "public") != before
    result = write(place, f'{HEAD}[uses]\ntrain = "unknown"\n', "--apply")
    assert result.exit_code == 0, result.output
    assert everything_in(place / "public") == before


def test_left_out_is_taken_back(place: Path) -> None:
    """A protocol that is left out now, and was not, says nothing of ours any more."""
    assert write(place, POLICIES["with a licence"], "--apply").exit_code == 0
    without = [word for name in ("tdmrep", "rsl", "ai-txt") for word in ("--without", name)]
    result = write(place, POLICIES["with a licence"], "--apply", *without)
    assert result.exit_code == 0, result.output
    assert [rule["location"] for rule in rules(place)] == ["/shop/"]
    assert {"rsl.xml", "tdm-policy.json", "ai.txt"}.isdisjoint(everything_in(place / "public"))


def test_a_file_that_is_not_ours_is_not_replaced_unasked(place: Path) -> None:
    """Terms of the site's own, or ours that somebody changed."""
    (place / "public/rsl.xml").write_text("<rsl/>")
    result = write(place, POLICIES["everything reserved"], "--apply")
    assert result.exit_code == 2
    assert "rsl.xml: there is one that countermark did not write" in result.output
    assert (place / "public/rsl.xml").read_text() == "<rsl/>"
    assert write(place, POLICIES["everything reserved"], "--apply", "--replace").exit_code == 0
    assert b"Example Press" in (place / "public/rsl.xml").read_bytes()


@pytest.mark.parametrize(
    "data", ["{", "[]", '{"sites": {"https://www.example.org": []}}', '{"sites": {"x": {"a": 1}}}']
)
def test_a_record_that_is_none_is_refused(place: Path, data: str) -> None:
    """By its name."""
    (place / "reserve-servers").mkdir()
    (place / "reserve-servers/written.json").write_text(data)
    result = write(place, POLICIES["everything reserved"])
    assert result.exit_code == 2
    assert "written.json: this is not the list of what countermark wrote" in result.output


def test_of_many_pages_a_few_are_shown(place: Path) -> None:
    """The rest is counted, and so are the lines."""
    for number in range(9):
        (place / "public" / f"{number}.html").write_text("<title>x</title>\n")
    shown = write(place, POLICIES["everything reserved"]).output
    assert shown.count("+<!-- countermark reserve -->") == 3
    assert "8 more pages change in the same way" in shown
    said = json.loads(write(place, POLICIES["everything reserved"], "--json").stdout)
    pages = [one for one in said["files"] if one["path"].endswith(".html")]
    assert len(pages) == 11
    total = sum(one["added"] for one in said["files"])
    assert f"lines added: {total:,}" in shown
