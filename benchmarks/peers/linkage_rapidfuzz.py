"""rapidfuzz as one would use it alone: rows and works that share the first word of the title, scored by cdist.

    python peers/linkage_rapidfuzz.py FOLDER OUT.json

Title and artists are joined and folded by `default_process` (and freed of accents); a pair links from 90 of
`token_sort_ratio` on. This is the recipe of most tutorials, not the best that can be built of the library.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from rapidfuzz import fuzz, process, utils

CUTOFF = 90


def folded(title: str, names: list[str]) -> str:
    text = unicodedata.normalize("NFD", f"{title} {' '.join(names)}")
    return utils.default_process("".join(letter for letter in text if not unicodedata.combining(letter)))


def main() -> None:
    folder, out = map(Path, sys.argv[1:3])
    works: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in (folder / "catalogue.jsonl").open():
        fact = json.loads(line)
        text = folded(fact["title"], fact["artists"])
        works[text.split(" ")[0]].append((fact["work_id"], text))
    links: list[tuple[str, str]] = []
    for path in sorted((folder / "listing").glob("*.parquet")):
        table = pq.read_table(path, columns=["song_id", "title", "artist_names"])
        rows: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for song, title, names in zip(*(column.to_pylist() for column in table.columns), strict=True):
            text = folded(title, names)
            first = text.split(" ")[0]
            if first in works:
                rows[first].append((song, text))
        for first, held in rows.items():
            known = works[first]
            scores = process.cdist(
                [text for _, text in held], [text for _, text in known],
                scorer=fuzz.token_sort_ratio, score_cutoff=CUTOFF, workers=-1, dtype=np.uint8,
            )  # fmt: skip
            links += [(held[row][0], known[work][0]) for row, work in np.argwhere(scores)]
    out.write_text(json.dumps({"version": version("rapidfuzz"), "links": links}))


if __name__ == "__main__":
    main()
