"""Header fields as columns carry them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.compliance.header_column import UnreadableHeadersError, read_headers


@pytest.mark.parametrize(
    "value",
    [
        {"X-Robots-Tag": "noai"},
        {"x-robots-tag": ["noai"]},
        '{"X-Robots-Tag": "noai"}',
        b'[["X-Robots-Tag", "noai"]]',
        [("X-Robots-Tag", "noai")],
        [{"name": "X-Robots-Tag", "value": "noai"}],
        [{"key": "X-Robots-Tag", "value": b"noai"}],
        "HTTP/1.1 200 OK\r\nX-Robots-Tag: noai\r\n\r\n",
        "X-Robots-Tag: noai",
        "HTTP/1.1 200\nX-Robots-Tag:\n  noai\n",
    ],
)
def test_every_form_is_read(value: Any) -> None:
    headers = read_headers(value)
    assert headers is not None
    assert headers.all("x-robots-tag") == ["noai"]


def test_other_letters_are_bytes_as_served() -> None:
    """Headers promises Latin-1 decoded bytes."""
    headers = read_headers({"a": "\u4e2d"})
    assert headers is not None
    assert headers.first("a").encode("latin-1") == "\u4e2d".encode()


@pytest.mark.parametrize("value", [None, "", {}, []])
def test_an_empty_cell_has_none(value: Any) -> None:
    assert read_headers(value) is None


@pytest.mark.parametrize(
    "value", ["{broken", "no colon", 7, [1], [["a", {}]], {"a": {"b": "c"}}, [["a", "b"]] * 1001]
)
def test_anything_else_is_told(value: Any) -> None:
    with pytest.raises(UnreadableHeadersError):
        read_headers(value)


NESTED = st.recursive(st.none() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))


@given(st.one_of(st.text(), st.binary(), NESTED))
def test_no_value_crashes(value: Any) -> None:
    try:
        read_headers(value)
    except UnreadableHeadersError:
        return
