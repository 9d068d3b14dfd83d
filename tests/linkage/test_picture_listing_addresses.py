"""Addresses of pictures: the same, another size of one, on a site; and the kernel that never misses one of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.linkage._address_kernel import ADDRESS, SITE
from countermark.linkage.address_table import AddressTable
from countermark.linkage.addresses import host_and_path, page_of, site_of, variant_of
from countermark.linkage.catalog import sought
from countermark.linkage.picture_linker import PictureLinker
from countermark.linkage.picture_rows import PictureBatch, column_of
from linkage.linked import identified

SAME = [
    ("https://example.org/a/fox.jpg", "HTTP://www.EXAMPLE.org:80/a/fox.jpg#x"),
    ("https://example.org/a/fox.jpg", "//example.org/a/fox.jpg/?utm_source=y&fbclid=1"),
    ("https://example.org/a%20b/f%C3%BC.jpg", "https://example.org/a b/fü.jpg"),
    ("https://example.org/~me/fox.jpg", "https://example.org/%7eme/fox.jpg"),
    ("https://xn--fchse-kva.example/fox.jpg", "https://füchse.example/fox.jpg"),
    ("https://example.org/image.php?id=12", "https://example.org./image.php?id=12"),
]
VARIANTS = [
    ("https://example.org/fox.jpg", "https://example.org/fox.jpg?w=640&h=480"),
    ("https://example.org/fox.jpg", "https://example.org/fox-1024x768.jpg"),
    ("https://example.org/fox.jpg", "https://example.org/fox-scaled.jpg"),
    ("https://example.org/fox.png", "https://example.org/fox@2x.png"),
    ("https://example.org/up/fox.jpg", "https://i2.wp.com/www.example.org/up/fox-300x200.jpg?fit=300%2C200"),
    ("https://example.org/image.php?id=12", "https://example.org/image.php?id=12&width=200"),
    (
        "https://cdn.shopify.com/s/1/fox.jpg?v=3",
        "https://cdn.shopify.com/s/1/fox_300x300_crop_center.jpg?v=3",
    ),
    ("https://cdn.shopify.com/s/1/fox_grande.jpg", "https://cdn.shopify.com/s/1/fox_x200@2x.jpg"),
    ("https://live.staticflickr.com/65/123_ab_b.jpg", "https://farm5.staticflickr.com/65/123_ab_3k.jpg"),
    ("https://i.pinimg.com/originals/ab/cd/ef.jpg", "https://i.pinimg.com/236x/ab/cd/ef.jpg"),
    (
        "https://upload.wikimedia.org/wikipedia/commons/a/a9/Fox.svg",
        "https://upload.wikimedia.org/wikipedia/commons/thumb/a/a9/Fox.svg/300px-Fox.svg.png",
    ),
]
OTHERS = [
    ("https://example.org/fox.jpg", "https://example.org/Fox.jpg"),
    ("https://example.org/fox.jpg", "https://example.net/fox.jpg"),
    ("https://example.org/a/fox.jpg", "https://example.org/b/fox.jpg"),
    ("https://example.org/fox.jpg", "https://example.org/fox-2.jpg"),
    ("https://example.org/image.php?id=12", "https://example.org/image.php?id=13"),
    ("https://example.org/fox_grande.jpg", "https://example.org/fox.jpg"),
    ("https://example.org/fox.jpg", "https://me:secret@example.org/fox.jpg"),
]


def evidence(known: str, listed: str) -> list[str]:
    """What agrees between a known address and one in a listing."""
    linker = PictureLinker([sought(identified("w", ("url", known)))])
    batch = PictureBatch(np.arange(1), {"url": column_of(pa.array([listed]))})
    return [link.evidence for link in linker.links(batch)[0]]


@pytest.mark.parametrize(("known", "listed"), SAME)
def test_the_same_address(known: str, listed: str) -> None:
    assert evidence(known, listed) == [f"url:{page_of(known)}"]
    assert evidence(listed, known) == [f"url:{page_of(known)}"]


@pytest.mark.parametrize(("known", "listed"), VARIANTS)
def test_another_size_of_one_picture(known: str, listed: str) -> None:
    assert evidence(known, listed) == [f"url:{page_of(listed)} (resized variant)"]
    assert evidence(listed, known) == [f"url:{page_of(known)} (resized variant)"]


@pytest.mark.parametrize(("known", "listed"), OTHERS)
def test_what_is_another_address(known: str, listed: str) -> None:
    assert evidence(known, listed) == []


@pytest.mark.parametrize(
    ("site", "address", "holds"),
    [
        ("example.org", "https://example.org/x", True),
        ("https://www.example.org/", "http://img.example.org/x", True),
        ("example.org", "https://notexample.org/x", False),
        ("example.org/me", "https://example.org/me/x.jpg", True),
        ("example.org/me/", "https://example.org/me?x", True),
        ("example.org/me", "https://example.org/men/x.jpg", False),
        ("t.co", "https://t.co/x", True),
        ("füchse.example", "https://cdn.füchse.example:8080/x", True),
    ],
)
def test_what_lies_on_a_site(site: str, address: str, *, holds: bool) -> None:
    page = page_of(address)
    assert page is not None
    assert site_of(site).holds(*host_and_path(page)) is holds
    table = AddressTable([], [site_of(site)])
    flagged = bool(table.scan(*column_of(pa.array([address]))).flags[0] & SITE)
    assert flagged or not holds


_PARTS = st.text(st.sampled_from("abcXYZ019-_.@%ü~ x"), max_size=12)
_ADDRESSES = st.builds(
    lambda scheme, host, path, query: f"{scheme}://{host}/{path}{query}",
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["example.org", "www.Example.org:443", "cdn.shopify.com", "i.pinimg.com", "live.staticflickr.com",
                     "i0.wp.com/example.org"]),
    st.builds("{}/{}.jpg".format, _PARTS, _PARTS),
    st.one_of(st.just(""), st.builds("?w={}&id={}".format, _PARTS, _PARTS)),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(_ADDRESSES, st.sampled_from(["", "-300x200", "_grande", "_b", "-scaled", "@2x"]), st.booleans())
def test_the_kernel_misses_no_variant(address: str, size: str, proxied: bool) -> None:
    """Whatever agrees in the end has the kernel's flag."""
    listed = address.replace(".jpg", f"{size}.jpg")
    if proxied:
        listed = f"https://i1.wp.com/{listed.partition('://')[2]}"
    known, other = page_of(address), page_of(listed)
    if known is None or other is None or "/../" in address or "/./" in address:
        return
    table = AddressTable({known, variant_of(known)}, [])
    if variant_of(known) == variant_of(other) or known == other:
        assert table.scan(*column_of(pa.array([listed]))).flags[0] & ADDRESS


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), st.binary(max_size=60), st.from_regex(rb"(http)?s?:?/?/?[^/]{0,9}[/?#@:.]*")),
        max_size=8,
    )
)
def test_any_bytes_are_read_or_counted(values: list[bytes | None]) -> None:
    """No row is lost and nothing crashes, whatever the bytes."""
    linker = PictureLinker([sought(identified("w", ("url", "https://example.org/fox.jpg")))])
    columns = {
        "url": column_of(pa.array(values, pa.binary())),
        "md5": column_of(pa.array(values, pa.large_binary())),
    }
    columns["phash"] = columns["md5"]
    links, bad = linker.links(PictureBatch(np.arange(len(values)), columns))
    assert not links
    for value, code in zip(values, linker._addresses.scan(*columns["url"]).bad.tolist(), strict=True):
        if code == 0:
            assert value
            value.decode()
    assert sum(one.rows for one in bad if one.reason == "no-address") >= sum(not value for value in values)
