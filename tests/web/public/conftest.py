"""A site with nothing remembered from the test before, and entries on its roll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as given

from countermark.web.abuse.memory import forget as forget_abuse
from countermark.web.public.figures import memory
from countermark.web.roll.models import Entry
from countermark.web.statement.recent import forget as forget_statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.fixtures import Settings

SITE = "countermark.web.public.context.site"


def forget_all() -> None:
    """Forget what processes keep for seconds."""
    memory.forget()
    forget_abuse()
    forget_statement()


@pytest.fixture(autouse=True)
def _nothing_remembered(settings: Settings) -> Iterator[None]:
    """Each test reads its own database."""
    processors = given.TEMPLATES[0]["OPTIONS"]["context_processors"]
    if SITE not in processors:
        processors.append(SITE)
    forget_all()
    yield
    forget_all()


@pytest.fixture
def enter(site: None) -> Callable[..., Entry]:
    """Puts somebody on the roll, under the next number."""

    def put(**fields: Any) -> Entry:
        number = Entry.objects.count() + 1
        values: dict[str, Any] = {
            "number": number,
            "position": number - 1,
            "committed": number - 1,
            "kind": "person",
            "display": 1,
            "name": f"Person {number}",
            "folded": f"person {number}",
            "trades": ",writer,",
            "country": "FR",
            "salt": bytes(16),
            "record": "{}",
        }
        return Entry.objects.create(**(values | fields))

    return put
