"""From addresses to domains, with and without a list of public suffixes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.compliance.domains import Domains, read_suffixes
from countermark.errors import InputError

LIST = "// a list\ncom\n\nexample\nco.example\n*.wild.example\n!town.wild.example\n\u00e9t\u00e9\n"


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.Journal.Example/a?b", "journal.example"),
        ("http://news.journal.co.example:8080/", "news.journal.co.example"),
        ("https://www.example/", "www.example"),
        ("https://journal.example./", "journal.example"),
        ("https://192.0.2.7/", "192.0.2.7"),
        ("http://[2001:db8::1]/", "[2001:db8::1]"),
        ("https://xn--t-9fa.example/", "xn--t-9fa.example"),
        ("https://=cmd()/", ""),
        ("https://a|b/", ""),
        ("https://[broken", ""),
        ("not an address", ""),
        ("", ""),
        ("https://" + "a" * 300 + ".example/", ""),
    ],
)
def test_a_domain_is_the_host_without_www(url: str, domain: str) -> None:
    assert Domains().of(url) == domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.journal.co.example", "journal.co.example"),
        ("a.journal.example", "journal.example"),
        ("a.b.c.wild.example", "b.c.wild.example"),
        ("a.town.wild.example", "town.wild.example"),
        ("co.example", "co.example"),
        ("a.b.unlisted", "b.unlisted"),
        ("a.b.xn--t-9fab", "b.xn--t-9fab"),
        ("192.0.2.7", "192.0.2.7"),
    ],
)
def test_with_a_list_it_is_the_registrable_domain(tmp_path: Path, host: str, domain: str) -> None:
    """Plain rules, wild cards, exceptions, and the rule for what is not listed."""
    (tmp_path / "list.dat").write_text(LIST, encoding="utf-8")
    url = f"https://{host}/" if host[0].isdigit() else f"https://www.{host}/"
    assert Domains(read_suffixes(tmp_path / "list.dat")).of(url) == domain


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"these are words\n"])
def test_what_is_no_list_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "list.dat").write_bytes(data)
    with pytest.raises(InputError, match="no list of public suffixes"):
        read_suffixes(tmp_path / "list.dat")


@given(st.text())
def test_no_address_crashes(url: str) -> None:
    assert isinstance(Domains().of(f"https://{url}"), str)
