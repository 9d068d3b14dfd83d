"""Members with works, a really built sealed index, and really scanned tiny corpora that the tests share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from web.registry.member_works import SALT, UPLOADED, Scanned
from written_works import prose

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings

    from countermark.web.organisations.models import Organisation
    from countermark.web.registry.models import Member
    from countermark.web.signing.models import Signature


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A data folder of the test's own; addresses are those of the English pages."""
    from django.utils import translation

    settings.DATA = tmp_path / "data"
    with translation.override("en"):
        yield tmp_path / "data"


@pytest.fixture(scope="session")
def deposited(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """A sealed index of two works, and a scan of a corpus that holds the first of them."""
    place = tmp_path_factory.mktemp("deposited")
    works = place / "works"
    works.mkdir()
    for name, seed in (("lamps", 21), ("rivers", 22)):
        (works / f"{name}.txt").write_text(prose(700, seed))
    return _scanned(place, [works], [prose(80, 90) + " " + prose(700, 21), prose(300, 91)], SALT)


@pytest.fixture(scope="session")
def uploaded(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """An index of a catalogue as it is exported, and a scan of a corpus that holds one work, and half of another."""
    place = tmp_path_factory.mktemp("uploaded")
    rows = ["path,title,work_id"]
    for uid, text in UPLOADED.items():
        (place / f"{uid}.txt").write_text(text)
        rows.append(f"{uid}.txt,Work {uid[:1]},{uid}")
    (place / "works.csv").write_text("\n".join(rows) + "\n")
    whole, half = UPLOADED["a" * 32], UPLOADED["b" * 32]
    return _scanned(place, [place / "works.csv"], [whole, half[: len(half) // 2], prose(300, 92)], None)


def _scanned(place: Path, works: list[Path], texts: list[str], salt: bytes | None) -> Scanned:
    from countermark.index.build import build_index
    from countermark.media import Refusal
    from countermark.scan import ScanSettings, run_scan
    from countermark.works.reading import read_works

    index, corpus = place / "works.index", place / "corpus.jsonl"
    files = (item for item in read_works(works) if not isinstance(item, Refusal))
    build_index(files, index, salt=salt, sealed=salt is not None)
    lines = [json.dumps({"text": text, "url": f"https://site.example/{at}"}) for at, text in enumerate(texts)]
    corpus.write_text("\n".join(lines) + "\n")
    run_scan(ScanSettings(index, (corpus,), place / "run", corpus_name="Tiny crawl", workers=1, salt=salt))
    return Scanned(place / "run", index)


@pytest.fixture
def sign(site: None) -> Callable[..., Signature]:
    """Makes confirmed signatures."""
    from countermark.web.config.tokens import new_uid
    from countermark.web.signing.models import Consent, Signature, State

    def make(name: str = "Claire Delorme", consents: tuple[str, ...] = (), **facts: Any) -> Signature:
        uid = new_uid()
        now = datetime(2026, 11, 1, 12, tzinfo=UTC)
        email = f"s{Signature.objects.count()}@mail.example"
        values: dict[str, Any] = {
            "uid": uid, "name": name, "email": email, "email_key": uid * 2, "trades": ",writer,", "country": "FR",
            "display": 1, "language": "en", "text_version": 1, "consent_version": 1, "created_at": now,
            "state": State.CONFIRMED, "confirmed_at": now,
        }  # fmt: skip
        signature = Signature.objects.create(**(values | facts))
        for purpose in consents:
            Consent.objects.create(
                signature=signature, purpose=purpose, wording=1, language="en", given_at=now
            )
        return signature

    return make


@pytest.fixture
def join(sign: Callable[..., Signature]) -> Callable[..., Member]:
    """Makes members."""
    from django.utils import timezone

    from countermark.web.config.tokens import new_uid
    from countermark.web.registry.models import Member

    def make(signature: Signature | None = None, **facts: Any) -> Member:
        signature = signature or sign(**facts)
        return Member.objects.create(
            signature=signature, uid=new_uid(), wording=1, consent_language="en", opened_at=timezone.now()
        )

    return make


@pytest.fixture
def member(join: Callable[..., Member]) -> Member:
    """One member."""
    return join()


@pytest.fixture
def enter() -> Callable[[Client, Member], None]:
    """Brings a browser into a member space, through the link and the button."""
    from django.urls import reverse
    from django.utils import timezone

    from countermark.web.config.tokens import make_token, new_uid
    from countermark.web.registry.members import LINK_LASTS

    def go(browser: Client, member: Member) -> None:
        member.link_uid, member.link_until = new_uid(), timezone.now() + LINK_LASTS
        member.save()
        answer = browser.post(reverse("member_enter", args=[make_token("member", bytes(member.link_uid))]))
        assert answer.status_code == 302, answer.content

    return go


@pytest.fixture
def inside(client: Client, member: Member, enter: Callable[[Client, Member], None]) -> Client:
    """A browser in the space of `member`."""
    enter(client, member)
    return client


@pytest.fixture
def organisation(site: None) -> Callable[[str], Organisation]:
    """Makes verified organisations."""
    from countermark.web.config.tokens import new_uid
    from countermark.web.organisations.models import Organisation, State

    def make(slug: str) -> Organisation:
        return Organisation.objects.create(
            uid=new_uid(), slug=slug, name=slug.title(), kind="union", domain=f"{slug}.example", country="FR",
            representative="R", role="secretary", email=f"r@{slug}.example", state=State.VERIFIED, language="en",
            text_version=1, created_at=datetime(2026, 11, 1, tzinfo=UTC),
        )  # fmt: skip

    return make
