"""DuckDB on a listing of pictures: hosts by regular expression, addresses and digests by join; one thread.

    VENV/bin/python benchmarks/peers/picture_listing_duckdb.py FOLDER SITE REPEATS

Its addresses are compared as they stand, but for scheme and `www.`: no variants, no percent signs, no tracking words.
"""

# ruff: noqa: S608  the questions are made of constants
from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb


def main() -> None:
    folder, site, repeats = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    truth = json.loads((folder / "truth.json").read_text())
    file = str(folder / "part-00000.snappy.parquet")
    base = duckdb.connect(config={"threads": 1})
    base.execute("create table pages (page varchar)")
    base.execute("create table digests (md5 varchar)")
    pages = [(url.partition("://")[2].removeprefix("www."),) for url in truth["works"]]
    base.executemany("insert into pages values (?)", pages)
    base.executemany("insert into digests values (?)", [(digest,) for digest in truth["md5"]])
    host = r"regexp_extract(lower(URL), '^(?:[a-z]+:)?//(?:[^/?#@]*@)?(?:www\.)?([^/:?#]+)', 1)"
    page = r"regexp_replace(URL, '^https?://(www\.)?', '')"
    questions = {
        "read_url": f"select sum(length(URL)) from '{file}'",
        "hosts": f"select count(*) from '{file}' where {host} = '{site}' or {host} like '%.{site}'",
        "addresses": f"select count(*) from '{file}' t join pages p on {page} = p.page",
        "digests": f"select count(*) from '{file}' t join digests d on t.md5 = d.md5",
        "all_together": (
            f"select count(*) filter ({host} = '{site}' or {host} like '%.{site}'), "
            f"count(*) filter ({page} in (select page from pages)), "
            f"count(*) filter (t.md5 in (select md5 from digests)) from '{file}' t"
        ),
    }
    seconds: dict[str, float] = {}
    counts: dict[str, list[int]] = {}
    for name, question in questions.items():
        taken = []
        for _ in range(repeats):
            begin = time.process_time()
            counts[name] = list(base.execute(question).fetchone() or ())
            taken.append(time.process_time() - begin)
        seconds[name] = round(min(taken), 3)
    print(json.dumps({"version": duckdb.__version__, "cpu_seconds": seconds, "counts": counts}))


if __name__ == "__main__":
    main()
