"""Listings of pictures: by address, variant, host, digest and perceptual hash; nothing lost, the same bytes again."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from countermark.errors import InputError
from countermark.linkage.addresses import sites_of
from countermark.linkage.perceptual_hash import hash_of, perceptual_hashes
from countermark.linkage.picture_linker import PictureLinker
from countermark.linkage.picture_rows import PictureBatch, column_of, rows_at_once
from countermark.linkage.picture_shapes import picture_shape
from countermark.linkage.picture_works import sought_site
from countermark.works.identifiers import Identifier
from linkage.linked import book, contents, link, write_csv

if TYPE_CHECKING:
    from countermark.works.entry import CatalogWork

pytest.importorskip("PIL")

LAION = ["URL", "TEXT", "WIDTH", "HEIGHT", "similarity", "hash", "punsafe", "pwatermark"]


def drawn(path: Path, seed: int, orientation: int = 1) -> Path:
    """A small picture drawn by chance, the same for the same seed."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((96, 72), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture.save(path, exif=exif)
    return path


def laion(path: Path, urls: list[Any], **more: list[Any]) -> Path:
    """A Parquet file in the shape of LAION-5B, with further columns."""
    count = len(urls)
    columns: dict[str, Any] = {
        "URL": pa.array(urls, pa.binary()).cast(pa.string(), safe=False) if _has_bytes(urls) else urls,
        "TEXT": [f"caption {number}" for number in range(count)],
        "WIDTH": [640] * count, "HEIGHT": [480.0] * count, "similarity": [0.3] * count,
        "hash": list(range(count)), "punsafe": [0.0] * count, "pwatermark": [0.1] * count,
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns | more), path, row_group_size=4)
    return path


def _has_bytes(urls: list[Any]) -> bool:
    return any(isinstance(url, bytes) for url in urls)


def photo(work_id: str, *urls: str) -> CatalogWork:
    """A work that has addresses."""
    return book(
        work_id, f"Photo {work_id}", "Ada Nil", identifiers=tuple(Identifier("url", url) for url in urls)
    )


def found(run: Path) -> list[tuple[Any, ...]]:
    """(work, row, grade, evidence) of all links."""
    rows = pq.read_table(run / "links.parquet").to_pylist()
    return sorted((row["work_id"], row["row"], row["grade"], row["evidence"]) for row in rows)


def test_addresses_variants_and_sites(tmp_path: Path) -> None:
    """Each row gets what agrees most; a row that only lies on a site is found by its host."""
    urls = [
        "http://www.example.org/photos/fox.jpg?utm_source=x#top",
        "https://example.org/photos/fox-300x200.jpg?w=640",
        "https://i0.wp.com/example.org/photos/fox.jpg?resize=640%2C480&ssl=1",
        "https://example.org/photos/hare.jpg",
        "https://img.Example.ORG:443/deep/other.png",
        "https://notexample.org/photos/fox.jpg",
        "https://example.org.evil.net/photos/fox.jpg",
        "https://elsewhere.net/fox.jpg",
    ]
    listing = laion(tmp_path / "laion.parquet", urls)
    outcome, summary = link(
        tmp_path / "run", [photo("w", "https://example.org/photos/fox.jpg")], listing, sites=("example.org",)
    )
    page = "url:example.org/photos/fox.jpg"
    assert found(tmp_path / "run") == [
        ("site:example.org", 3, "name", "host:example.org"),
        ("site:example.org", 4, "name", "host:example.org"),
        ("w", 0, "identifier", page),
        ("w", 1, "identifier", f"{page.replace('fox', 'fox-300x200')}?w=640 (resized variant)"),
        (
            "w",
            2,
            "identifier",
            "url:i0.wp.com/example.org/photos/fox.jpg?resize=640%2C480&ssl=1 (resized variant)",
        ),
    ]
    assert outcome.shape == "LAION"
    site = summary["pictures"]["sites"][0]
    assert (site["rows"], site["listed"]) == (4, 2)
    assert summary["works"] == {"total": 1, "by_status": {"identifier": 1, "name": 0, "not-found": 0}}
    assert summary["hosts"] == {"example.org": 3, "img.example.org": 1}
    assert summary["pictures"]["by_method"] == {"host": 2, "url": 1, "url (resized variant)": 2}


def test_findings_say_what_the_row_says(tmp_path: Path) -> None:
    """Caption, width, height, id and address of the row; no copy is claimed."""
    listing = laion(tmp_path / "laion.parquet", ["https://a.net/x.jpg"] * 5 + ["https://example.org/fox.jpg"])
    link(tmp_path / "run", [photo("w", "https://example.org/fox.jpg")], listing)
    (file,) = (tmp_path / "run/findings").glob("*.parquet")
    (row,) = pq.read_table(file).to_pylist()
    assert (row["row"], row["unit"], row["grade"], row["scheme"]) == (5, "row", "identifier", "listing-v1")
    assert (row["record_width"], row["record_height"], row["record_id"]) == (640, 480, "5")
    assert row["record_url"] == "https://example.org/fox.jpg"
    assert row["record_excerpt"] == "caption 5 · https://example.org/fox.jpg"


def test_pictures_are_found_by_digest_and_by_look(tmp_path: Path) -> None:
    """MD5 and SHA-256 identify the bytes; a perceptual hash, near or equal, is only a lead."""
    fox = drawn(tmp_path / "works/fox.png", 1)
    drawn(tmp_path / "works/deep/hare.png", 2)
    (tmp_path / "works/works.csv").write_text(
        "path,title,author,url\nfox.png,The Fox,Ada Nil,https://example.org/fox\n"
    )
    data = fox.read_bytes()
    looks = perceptual_hashes(data, "fox.png")[0]
    near = f"{int(looks, 16) ^ 0b1011:016X}"
    far = f"{int(looks, 16) ^ 0b110111:016x}"
    urls = [f"https://x.net/{number}.jpg" for number in range(6)] + ["http://example.org/fox/"]
    listing = tmp_path / "all.parquet"
    columns = {
        "md5": [
            hashlib.md5(data, usedforsecurity=False).hexdigest().upper(),
            None,
            None,
            None,
            None,
            "not one",
            None,
        ],
        "sha256": [None, hashlib.sha256(data).hexdigest(), None, None, None, None, None],
        "image_phash": [None, None, looks, near, far, None, None],
    }
    laion(listing, urls, **columns)
    outcome, summary = link(tmp_path / "run", [], listing, pictures=(tmp_path / "works",))
    grades = [(row, grade, evidence.split(":")[0]) for _, row, grade, evidence in found(tmp_path / "run")]
    assert grades == [
        (0, "identifier", "md5"), (1, "identifier", "sha256"), (2, "name", "phash"), (3, "name", "phash"),
        (6, "identifier", "url"),
    ]  # fmt: skip
    assert found(tmp_path / "run")[3][3] == f"phash:{near.lower()} (distance 3)"
    assert summary["pictures"]["stored_hashes"] == {"md5": 2, "sha256": 1, "phash": 3}
    caveats = {caveat["about"]: caveat for caveat in summary["pictures"]["caveats"]}
    assert "15 %" in caveats["drift"]["en"]
    assert "15\u202f%" in caveats["drift"]["fr"]
    assert caveats["drift"]["sources"]
    assert summary["searched"]["refused"]["bad-hash"]["count"] == 1
    works = pq.read_table(tmp_path / "run/works.parquet").to_pylist()
    assert Counter(work["status"] for work in works) == {"identifier": 1, "not-found": 1}
    assert [work["work_title"] for work in works if work["status"] == "identifier"] == ["The Fox"]
    assert outcome.findings == 5


def test_the_hash_is_that_of_the_recipe() -> None:
    """32 bits of 64 are set and the first is that of the mean; EXIF's turn gives a second hash."""
    grey = np.random.default_rng(3).integers(0, 256, (32, 32), dtype=np.uint8)
    value = int(hash_of(grey), 16)
    assert value.bit_count() == 32
    assert value >> 63 == 1
    direct = [
        sum(
            int(grey[y, x]) * np.cos(np.pi * v * (2 * y + 1) / 64) * np.cos(np.pi * u * (2 * x + 1) / 64)
            for y in range(32)
            for x in range(32)
        )
        for v in range(8)
        for u in range(8)
    ]
    middle = np.median(direct)
    assert value == int("".join("1" if one > middle else "0" for one in direct), 2)


def test_a_turned_picture_has_two_hashes_and_an_even_one_none(tmp_path: Path) -> None:
    """As it is stored and as it is seen; an even area says nothing."""
    from PIL import Image

    turned = drawn(tmp_path / "turned.jpg", 4, orientation=6)
    assert len(perceptual_hashes(turned.read_bytes(), "turned.jpg")) == 2
    Image.new("RGB", (64, 64), "white").save(tmp_path / "white.png")
    assert perceptual_hashes((tmp_path / "white.png").read_bytes(), "white.png") == ()


def test_bad_rows_are_counted_with_reasons(tmp_path: Path) -> None:
    """Null, data:, no address, absurd lengths and broken bytes; what is sound beside them is found."""
    urls: list[Any] = [
        None, "", b"data:image/png;base64," + b"A" * (1 << 20), "ftp://example.org/fox.jpg", "fox.jpg",
        b"https://example.org/\xff\xfe.jpg", "https://example.org/" + "x" * 9000, "https://", "  ", "https://:80/",
        "https://example.org/fox.jpg", "https://example.org/Füchse.jpg",
    ]  # fmt: skip
    listing = laion(
        tmp_path / "laion.parquet", [url.encode() if isinstance(url, str) else url for url in urls]
    )
    outcome, summary = link(
        tmp_path / "run", [photo("w", "https://example.org/fox.jpg")], listing, sites=("example.org",)
    )
    refused = {reason: entry["count"] for reason, entry in summary["searched"]["refused"].items()}
    assert refused == {
        "no-address": 3, "data-address": 1, "not-an-address": 4, "not-utf-8": 1, "address-too-long": 1,
    }  # fmt: skip
    assert summary["searched"]["refused"]["data-address"]["examples"][0]["row"] == 2
    assert (outcome.rows, outcome.refused) == (2, 10)
    assert [row for _, row, _, _ in found(tmp_path / "run")] == [11, 10]


@pytest.mark.parametrize("many", [1, 2])
def test_the_same_bytes_from_one_worker_and_from_two(tmp_path: Path, many: int) -> None:
    """Workers, and a second command over the same folder, change nothing."""
    for part in range(3):
        laion(tmp_path / f"laion/{part}.parquet", [f"https://example.org/{part}/{n}.jpg" for n in range(9)])
    works = [photo("w", "https://example.org/1/3.jpg", "https://example.org/2/8.jpg")]
    for name, workers in (("one", 1), ("more", many)):
        link(tmp_path / name, works, tmp_path / "laion", sites=("example.org/2/",), workers=workers, name="x")
    assert contents(tmp_path / "one") == contents(tmp_path / "more")
    outcome, summary = link(tmp_path / "one", works, tmp_path / "laion", sites=("example.org/2/",), name="x")
    assert outcome.skipped == 3
    assert summary["pictures"]["sites"][0]["rows"] == 9
    assert contents(tmp_path / "one") == contents(tmp_path / "more")


def test_a_site_that_fills_the_listing_is_counted_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a bound rows are counted and not found one by one, and of two sites the closer one gets a row."""
    monkeypatch.setattr("countermark.linkage.picture_linker.MOST_HOST_ROWS", 5)
    sites = sites_of(["example.org", "cdn.example.org/1"])
    linker = PictureLinker([sought_site(site) for site in sites])
    urls = [f"https://cdn.example.org/{n % 2}/{n}.jpg" for n in range(12)] + [
        "https://www.example.org/a.jpg"
    ] * 7
    batch = PictureBatch(np.arange(19), {"url": column_of(pa.array(urls))})
    found_here, _ = linker.links(batch)
    assert linker.site_counts == {"example.org": 13, "cdn.example.org/1": 6}
    assert Counter(link.evidence for link in found_here) == {
        "host:example.org": 5,
        "host:cdn.example.org/1": 5,
    }
    assert linker.host_counts == {"cdn.example.org": 12, "example.org": 7}


def test_conceptual_captions_have_no_header(tmp_path: Path) -> None:
    """Two columns, caption and address in either order; the first line is a row."""
    (tmp_path / "cc3m.tsv").write_text(
        "a fox\thttps://example.org/fox.jpg\na hare\thttps://example.org/hare.jpg\n"
    )
    works = [photo("fox", "https://example.org/fox.jpg"), photo("hare", "https://example.org/hare.jpg")]
    outcome, _ = link(tmp_path / "run", works, tmp_path / "cc3m.tsv")
    assert outcome.shape == "Conceptual Captions"
    assert [(work, row) for work, row, _, _ in found(tmp_path / "run")] == [("fox", 0), ("hare", 1)]
    assert outcome.rows == 2


def test_what_columns_make_a_listing_of_pictures() -> None:
    """The cards' columns are known; pages are not pictures."""
    coyo = ["id", "url", "text", "width", "height", "image_phash", "text_length"]
    datacomp = [
        "uid",
        "url",
        "text",
        "original_width",
        "original_height",
        "clip_b32_similarity_score",
        "sha256",
    ]
    fetched = ["url", "caption", "key", "status", "error_message", "width", "height", "original_width", "md5"]
    for columns, name in (
        (LAION, "LAION"),
        (coyo, "COYO-700M"),
        (datacomp, "DataComp"),
        (fetched, "img2dataset"),
    ):
        shape = picture_shape(columns)
        assert shape is not None
        assert shape.name == name
        assert dict(shape.mapping)["url"] in columns
    assert dict(picture_shape(LAION).mapping)["id"] == "hash"  # type: ignore[union-attr]
    assert dict(picture_shape(fetched).mapping)["width"] == "original_width"  # type: ignore[union-attr]
    assert picture_shape(["url", "text", "timestamp"]) is None
    assert picture_shape(["title", "author"]) is None


def test_what_cannot_be_used_is_said(tmp_path: Path) -> None:
    """One clear message each, and nothing is written."""
    listing = write_csv(tmp_path / "books.csv", [["title", "author"], ["a", "b"]])
    addresses = laion(tmp_path / "laion.parquet", ["https://example.org/x"])
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    cases: list[tuple[Path, dict[str, Any], str]] = [
        (listing, {"sites": ("example.org",)}, "address or a stored hash"),
        (addresses, {"sites": ("com",)}, "whole host"),
        (addresses, {"sites": ("https://example.org/?a=b",)}, "no query"),
        (addresses, {"pictures": (tmp_path / "empty",)}, "no picture could be read"),
        (addresses, {"pictures": (tmp_path / "gone",)}, "does not exist"),
        (addresses, {"sites": ("example.org",), "maps": ("url=URL", "title=TEXT")}, "roles are"),
    ]
    for path, more, said in cases:
        with pytest.raises(InputError, match=said):
            link(tmp_path / "run", [], path, **more)


def test_a_value_repeated_for_every_row_is_read_in_few_rows(tmp_path: Path) -> None:
    """A dictionary of one value of a megabyte stands for gigabytes: rows are read so that memory stays bounded."""
    long = "data:image/png;base64," + "A" * (1 << 20)
    urls = pa.DictionaryArray.from_arrays([0] * 3000 + [1], [long, "https://example.org/fox.jpg"])
    path = tmp_path / "laion.parquet"
    pq.write_table(
        pa.table({"URL": urls, "TEXT": ["x"] * 3001}),
        path,
        dictionary_pagesize_limit=1 << 22,
    )
    with pq.ParquetFile(path) as file:
        assert rows_at_once(file, str(path), 0, ["URL"]) <= 128
        assert rows_at_once(file, str(path), 0, ["TEXT"]) == 1 << 16
    outcome, summary = link(tmp_path / "run", [photo("w", "https://example.org/fox.jpg")], path)
    assert (outcome.rows, outcome.findings) == (1, 1)
    assert summary["searched"]["refused"]["data-address"]["count"] == 3000


def test_a_broken_file_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    """Cut short, or no Parquet at all: counted by name."""
    laion(tmp_path / "laion/a.parquet", ["https://example.org/fox.jpg"] * 6)
    whole = laion(
        tmp_path / "laion/b.parquet", [f"https://example.org/{n}.jpg" for n in range(4000)]
    ).read_bytes()
    (tmp_path / "laion/b.parquet").write_bytes(whole[:900] + b"\xff" * 600 + whole[1500:])
    outcome, summary = link(tmp_path / "run", [], tmp_path / "laion", sites=("example.org",))
    assert outcome.complete
    assert summary["pictures"]["sites"][0]["rows"] >= 6
    assert sum(entry["count"] for entry in summary["searched"]["refused"].values()) >= 1
