"""A signatory opens a member space, brings a text, and reads what a scan found of it; with and without scripts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from web.browser.looking import look, press
from web.browser.signing_journey import BUTTON, Person, number_of, sign
from written_works import prose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from web.browser.conftest import Site

BINARY = {
    "fr": "Le fichier contient des données qui ne sont pas du texte",
    "en": "The file holds data that is no text",
}


@dataclass
class Walk:
    """Somebody's way through the member space, and what was wrong on the pages that were looked at."""

    page: Page
    live: Site
    language: str
    looks: bool
    wrong: list[str] = field(default_factory=list)

    def look(self) -> None:
        """Look at the page as it stands; not where scripts are off, since axe is one."""
        if self.looks:
            self.wrong += look(self.page)

    def to(self, address: str) -> None:
        """Open a page of the member space, and look at it."""
        self.page.goto(address if "://" in address else f"/{self.language}/members/{address}")
        self.look()

    def press(self, button: str = BUTTON) -> None:
        """Press a button, and look at the page that it leads to."""
        press(self.page, self.page.locator(button))
        self.look()

    def enter(self, person: Person) -> None:
        """Sign, and follow the page of one's signature and the link that comes by mail into the member space."""
        sign(self.page, self.live, person)
        number_of(self.page)
        self.page.goto(self.live.mailbox.link(person.email, "/mine/", number=2))
        press(self.page, self.page.locator("main a[href*='/members/open/']"))
        self.press()
        assert self.page.locator("#errors li").count() == 1  # the box was not ticked
        self.page.check("#id_consent")
        self.press()
        self.to(self.live.mailbox.link(person.email, "/members/enter/", number=3))
        self.press()
        assert self.page.url.endswith(f"/{self.language}/members/")

    def bring(self, file: Path, title: str) -> None:
        """Fill in and send the form for a text."""
        self.page.set_input_files("#id_file", file)
        self.page.fill("#id_title", title)
        self.page.fill("#id_published", "2019-05")
        self.press()

    def ask_for_letters(self) -> None:
        """Tick the box, and find it ticked."""
        self.to("")
        self.page.check("#id_wants_letters")
        press(self.page, self.page.locator("form:has(#id_wants_letters) button"))
        assert self.page.is_checked("#id_wants_letters")

    def send_nothing_as_fingerprints(self) -> None:
        """The page for fingerprints says which two files it wants."""
        self.to("fingerprints/add/")
        self.press()
        assert self.page.locator("#errors li").count() == 2

    def leave(self, work: str) -> None:
        """Log out: what was open is closed."""
        self.press("form[action$='/members/leave/'] button")
        answer = self.page.goto(work)
        assert answer is not None
        assert answer.status == 403
        assert self.page.locator("form[action$='/members/leave/']").count() == 0
        self.look()


def scan(live: Site, folder: Path, text: str, data_set: str) -> None:
    """Do what the organiser does: export the works, scan a data set that holds one of them, import the run."""
    from countermark.index.build import build_index
    from countermark.media import Refusal
    from countermark.scan import ScanSettings, run_scan
    from countermark.works.reading import read_works

    live.command("site", "export-works", str(folder / "works"))
    files = read_works([folder / "works" / "catalogue" / "works.csv"])
    index, corpus, run = folder / "works.index", folder / "corpus.jsonl", folder / "run"
    build_index((item for item in files if not isinstance(item, Refusal)), index)
    texts = [prose(80, 90), f"{prose(40, 91)} {text}"]
    rows = [
        json.dumps({"text": found, "url": f"https://site.example/{at}"}) for at, found in enumerate(texts)
    ]
    corpus.write_text("\n".join(rows) + "\n")
    run_scan(ScanSettings(index, (corpus,), run, corpus_name=data_set, workers=1))
    live.command("site", "import-run", str(run), "--data-set", data_set)


@pytest.mark.parametrize(
    ("language", "scripts", "seed"),
    [("fr", True, 61), ("en", True, 62), ("en", False, 63)],
    ids=["fr", "en", "en, no scripts"],
)
def test_from_the_signature_to_what_was_found(
    open_page: Callable[..., Page], live: Site, tmp_path: Path, language: str, scripts: bool, seed: int
) -> None:
    """The whole way on a narrow screen: link, consent, a file that is none, a text, letters, a result, the way out."""
    page = open_page(language, 320, scripts=scripts)
    walk = Walk(page, live, language, scripts)
    walk.enter(Person.new("Claire Delorme", language))

    text, title, data_set = prose(700, seed), "La rivière aux lampes", f"Tiny crawl {seed}"
    (tmp_path / "good.txt").write_text(text)
    (tmp_path / "bad.txt").write_bytes(bytes(range(256)) * 8)
    walk.to("works/add/")
    walk.bring(tmp_path / "bad.txt", title)
    assert BINARY[language] in page.locator("#errors").inner_text()
    assert page.input_value("#id_title") == title
    walk.bring(tmp_path / "good.txt", title)
    assert page.locator("h1").inner_text() == title
    work = page.url
    walk.ask_for_letters()
    walk.send_nothing_as_fingerprints()
    walk.to(f"{work}remove/")
    walk.to("close/")

    scan(live, tmp_path, text, data_set)
    walk.to(work)
    assert data_set in page.locator("h3").inner_text()
    assert page.locator("section.sheet tbody tr").count() >= 1
    walk.to("")
    assert page.locator("section.sheet tbody tr", has_text=title).count() == 1
    walk.leave(work)
    assert walk.wrong == []
