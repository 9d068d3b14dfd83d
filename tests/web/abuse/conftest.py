"""What one test turned on, the next does not see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Limits, lists and switches are read anew in each test."""
    from countermark.web.abuse.memory import forget

    forget()
    yield
    forget()
