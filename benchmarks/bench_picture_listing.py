"""A listing in the shape of LAION-5B, scanned by address, host and stored hash, against reading it and against DuckDB.

    python benchmarks/bench_picture_listing.py --seed 2                          writes results/picture-listing.json
    python benchmarks/bench_picture_listing.py --seed 2 --duckdb VENV/bin/python  also DuckDB, on the same questions

The listing is invented, with planted truth: addresses in the shapes that listings have (stock agencies, shops, blogs,
image hosts, proxies), Snappy, row groups of a million rows, one file; MD5 beside each address. Looked for are 10,000
works by address and MD5, and one site. In the case `own` the works are on twenty hosts of an agency; in `large` half of
them are on the three largest image hosts of the listing, where three rows of ten are. The limit is reading the column
of addresses with Arrow. CPU seconds of one thread, the least of `--repeats`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from results import ROOT, one_thread, peak_memory_mb, save

one_thread()

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.compute as pc  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

ROWS, GROUP, WORKS = 5_000_000, 1_000_000, 10_000
SITE = "atelier-lindqvist.example"
PLANTED = {"url": 2_000, "variant": 1_000, "proxy": 200, "md5": 1_500, "site": 5_000}
HOSTS = [f"{word}{number}.{end}" for word in ("shop", "blog", "news", "travel", "photo", "food", "garden", "auto")
         for number in range(400) for end in ("com", "net", "org", "co.uk", "de", "fr")]  # fmt: skip
SHAPES = (
    "https://i.pinimg.com/236x/{a:02x}/{b:02x}/{c:02x}/{h}.jpg",
    "https://cdn.shopify.com/s/files/1/{n}/{m}/products/{w}-{v}_{d}x{d}.jpg?v=15{n}",
    "http://www.{host}/wp-content/uploads/20{y}/{k:02d}/{w}-{v}-{d}x{e}.jpg",
    "https://{host}/wp-content/uploads/20{y}/{k:02d}/{w}_{v}.jpg",
    "https://i{i}.wp.com/{host}/wp-content/uploads/20{y}/{w}-{v}.jpg?resize={d}%2C{e}&ssl=1",
    "https://images.{host}/image/{h}?w={d}&fit=crop&auto=format",
    "https://thumbs.{host}/b/{w}-{v}-{m}.jpg",
    "https://ssl.c.photo{i}.com/img/{m}_max.jpg?{n}",
    "https://live.staticflickr.com/{n}/{m}_{h}_b.jpg",
    "https://{host}/images/{w}/{v}/{m}.jpeg",
)
LARGE = ("i.pinimg.com", "cdn.shopify.com", "live.staticflickr.com")
WORDS = ("red", "house", "winter", "garden", "black", "summer", "wedding", "vintage", "portrait", "mountain", "kitchen",
         "silver", "ocean", "modern", "leather", "flowers")  # fmt: skip


def addresses(generator: np.random.Generator, count: int) -> list[str]:
    """Invented addresses of all shapes."""
    numbers = generator.integers(0, 1 << 31, (count, 12)).tolist()
    marks = generator.integers(0, 1 << 63, (count, 2)).tolist()
    return [
        SHAPES[n[0] % len(SHAPES)].format(
            a=n[1] & 255, b=n[2] & 255, c=n[3] & 255, h=f"{m[0]:016x}{m[1]:016x}", n=n[4] % 9999, m=n[5],
            w=WORDS[n[6] % 16], v=WORDS[n[7] % 16], d=100 + n[8] % 900, e=100 + n[9] % 900, y=10 + n[10] % 12,
            k=1 + n[11] % 12, i=n[11] % 4, host=HOSTS[n[10] % len(HOSTS)],
        )
        for n, m in zip(numbers, marks, strict=True)
    ]  # fmt: skip


def addresses_of_works(generator: np.random.Generator) -> list[str]:
    """First those on the three largest image hosts, then as many on twenty hosts of an agency, in all 2 WORKS."""
    found: list[str] = []
    while len(found) < 2 * WORKS:
        for number, url in enumerate(addresses(generator, WORKS)):
            host = url.split("/")[2]
            if host in LARGE and len(found) < WORKS:
                found.append(url)
            elif host not in LARGE and len(found) >= WORKS and "wp.com" not in host:
                found.append(
                    f"https://{HOSTS[number % 20]}/{number % 97}/{url.partition('://')[2].partition('/')[2]}"
                )
    return found[: 2 * WORKS]


def make(folder: Path, rows: int, seed: int) -> None:
    """Write the listing, and what was planted in it."""
    generator = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    works = addresses_of_works(generator)
    digests = [generator.bytes(16).hex() for _ in range(2 * WORKS)]
    places = generator.permutation(rows)[: sum(PLANTED.values())]
    kinds = [kind for kind, count in PLANTED.items() for _ in range(count)]
    planted = {
        int(place): (kind, int(generator.integers(2 * WORKS)))
        for place, kind in zip(places, kinds, strict=True)
    }
    schema = pa.schema([("URL", pa.string()), ("TEXT", pa.string()), ("WIDTH", pa.int32()), ("HEIGHT", pa.int32()),
                        ("similarity", pa.float64()), ("hash", pa.int64()), ("md5", pa.string()),
                        ("punsafe", pa.float32()), ("pwatermark", pa.float32())])  # fmt: skip
    with pq.ParquetWriter(folder / "part-00000.snappy.parquet", schema, compression="snappy") as writer:
        for begin in range(0, rows, GROUP):
            count = min(GROUP, rows - begin)
            urls = addresses(generator, count)
            raw = generator.bytes(16 * count).hex()
            md5 = [raw[32 * at : 32 * at + 32] for at in range(count)]
            for place in range(begin, begin + count):
                if place in planted:
                    kind, work = planted[place]
                    at = place - begin
                    if kind == "md5":
                        md5[at] = digests[work]
                    else:
                        urls[at] = altered(works[work], kind, place)
            texts = [
                f"{WORDS[n & 15]} {WORDS[n >> 4 & 15]} {n} stock photo"
                for n in generator.integers(0, 1 << 40, count).tolist()
            ]
            writer.write_table(
                pa.table(
                    [urls, texts, generator.integers(200, 4000, count, dtype=np.int32),
                     generator.integers(200, 4000, count, dtype=np.int32), generator.random(count),
                     generator.integers(0, 1 << 62, count), md5, generator.random(count, dtype=np.float32),
                     generator.random(count, dtype=np.float32)],
                    schema=schema,
                ),
                row_group_size=GROUP,
            )  # fmt: skip
    truth = {
        "works": works,
        "md5": digests,
        "planted": [[place, *said] for place, said in sorted(planted.items())],
    }
    (folder / "truth.json").write_text(json.dumps(truth))


def altered(url: str, kind: str, place: int) -> str:
    """An address of a work as a listing may hold it."""
    bare = url.partition("://")[2]
    if kind == "url":
        return ("http://www." if place % 2 else "https://") + bare.removeprefix("www.")
    if kind == "variant":
        return url + ("&" if "?" in url else "?") + f"width={100 + place % 900}"
    if kind == "proxy":
        return f"https://i{place % 4}.wp.com/{bare.partition('?')[0]}?w={place % 900}"
    return f"https://img.{SITE}/{place}.jpg"


def numbers_of(case: str) -> range:
    """The works of a case, by their numbers among all."""
    return range(WORKS, 2 * WORKS) if case == "own" else range(WORKS // 2, WORKS // 2 + WORKS)


def sought(truth: dict[str, Any], case: str) -> list[Any]:
    """The works of a case and the site, as a link keeps them."""
    from countermark.linkage.addresses import site_of  # noqa: PLC0415
    from countermark.linkage.catalog import Sought  # noqa: PLC0415
    from countermark.linkage.picture_works import sought_site  # noqa: PLC0415

    works = [
        Sought(f"w{at:05}", "", "", "", "", False, "image", (), (),
               (f"url:{truth['works'][at]}", f"md5:{truth['md5'][at]}"))
        for at in numbers_of(case)
    ]  # fmt: skip
    return [*works, sought_site(site_of(SITE))]


def scanned(path: Path, linker: Any, mapping: tuple[tuple[str, str], ...]) -> list[tuple[int, str, str]]:
    """(row, work, evidence) of all that is found in a file."""
    from countermark.corpus.base import Shard  # noqa: PLC0415
    from countermark.linkage.picture_rows import read_groups  # noqa: PLC0415

    linker.start()
    found = []
    for group in read_groups(Shard(path.name, str(path), "parquet", path.stat().st_size), mapping):
        for batch in group.batches():
            links, _ = linker.links(batch)
            found += [
                (int(batch.rows[link.row]), linker.works[link.work].work_id, link.evidence) for link in links
            ]
    return found


def read(path: Path, columns: list[str]) -> int:
    """Read columns with Arrow, as it comes, and look at nothing."""
    with pq.ParquetFile(path, memory_map=False, pre_buffer=False, buffer_size=1 << 20) as file:
        return sum(batch.num_rows for batch in file.iter_batches(1 << 16, columns=columns, use_threads=False))


def arrow_hosts(path: Path) -> int:
    """The hosts by Arrow's regular expressions, as other listings of addresses are scanned."""
    from countermark.linkage.identifiers import hosts_of  # noqa: PLC0415

    found = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(1 << 16, columns=["URL"], use_threads=False):
            found += (
                pc.sum(pc.ends_with(pc.fill_null(hosts_of(batch.column(0)), ""), pattern=SITE)).as_py() or 0
            )
    return found


def least(work: Any, repeats: int) -> tuple[float, Any]:
    """The least CPU seconds of this process over some runs, and the result."""
    taken, result = [], None
    for _ in range(repeats):
        begin = time.process_time()
        result = work()
        taken.append(time.process_time() - begin)
    return min(taken), result


def quality(found: list[tuple[int, str, str]], truth: dict[str, Any], case: str) -> dict[str, Any]:
    """How much of what was planted of a case was found, and what else. A proxy drops the query: another page."""
    sought_now = numbers_of(case)
    planted = {
        row: (kind, "site" if kind == "site" else f"w{work:05}") for row, kind, work in truth["planted"]
        if kind == "site" or (work in sought_now and not (kind == "proxy" and "?" in truth["works"][work]))
    }  # fmt: skip
    seen: dict[int, set[str]] = {}
    for row, work, _ in found:
        seen.setdefault(row, set()).add("site" if work.startswith("site:") else work)
    kinds: dict[str, list[int]] = {kind: [0, 0] for kind in PLANTED}
    for row, (kind, work) in planted.items():
        kinds[kind][0] += work in seen.get(row, set())
        kinds[kind][1] += 1
    return {"recall": kinds, "rows_not_planted": len(set(seen) - {row for row, _, _ in truth["planted"]})}


def duckdb(python: str, folder: Path, repeats: int) -> dict[str, Any]:
    """The same questions to DuckDB, in its own interpreter."""
    script = Path(__file__).parent / "peers" / "picture_listing_duckdb.py"
    said = subprocess.run(
        [python, str(script), str(folder), SITE, str(repeats)], capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(said.stdout)
    return answer


def main() -> None:
    """Measure, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--duckdb", default="")
    parser.add_argument("--data", type=Path, default=ROOT / "work")
    given = parser.parse_args()
    folder = given.data / f"picture-listing-{given.rows}-seed{given.seed}"
    if not (folder / "truth.json").exists():
        make(folder, given.rows, given.seed)
    from countermark.linkage.picture_linker import PictureLinker  # noqa: PLC0415

    path, truth = folder / "part-00000.snappy.parquet", json.loads((folder / "truth.json").read_text())
    url, both = (("url", "URL"),), (("url", "URL"), ("md5", "md5"))
    reading = {
        "read_url": least(lambda: read(path, ["URL"]), given.repeats)[0],
        "read_url_md5": least(lambda: read(path, ["URL", "md5"]), given.repeats)[0],
        "sha256_of_the_file": least(lambda: digest(path), given.repeats)[0],
        "arrow_regex_host": least(lambda: arrow_hosts(path), 1)[0],
    }
    numbers: dict[str, Any] = {
        "seed": given.seed, "rows": given.rows, "works": WORKS, "file_bytes": path.stat().st_size,
        "cpu_seconds": {name: round(value, 3) for name, value in reading.items()},
    }  # fmt: skip
    for case in ("own", "large"):
        linker = PictureLinker(sought(truth, case))
        scanned(path, linker, both)  # compiled, and the file in the system's memory
        seconds = {"scan_url_host": least(partial(scanned, path, linker, url), given.repeats)[0]}
        seconds["scan_url_host_md5"], found = least(partial(scanned, path, linker, both), given.repeats)
        numbers[case] = {
            "cpu_seconds": {name: round(value, 3) for name, value in seconds.items()},
            "times_of_reading_the_addresses": {
                n: round(v / reading["read_url"], 2) for n, v in seconds.items()
            },
            "times_of_reading_both": round(seconds["scan_url_host_md5"] / reading["read_url_md5"], 2),
            "rows_per_second": round(given.rows / seconds["scan_url_host_md5"]),
            "rows_found": len({row for row, _, _ in found}),
            **quality(found, truth, case),
        }
    numbers["peak_mb"] = peak_memory_mb()
    if given.duckdb:
        numbers["duckdb"] = duckdb(given.duckdb, folder, given.repeats)
    save("picture-listing", numbers, ("numba", "numpy", "pyarrow"))
    json.dump(numbers, sys.stdout, indent=1)


def digest(path: Path) -> str:
    """What a receipt holds of a file: its SHA-256, all columns included."""
    import hashlib  # noqa: PLC0415

    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main()
