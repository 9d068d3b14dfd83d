"""splink on DuckDB: link_only, blocked by title, by artist, and by the beginnings of both; parameters estimated by it.

    python peers/linkage_splink.py FOLDER OUT.json

Title and artists (joined) are lower case without accents. Comparisons are Jaro-Winkler at levels of the library's own;
u is estimated by random sampling, m by expectation maximisation; a pair links from a match probability of 0.95 on.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLD = 0.95
_FOLDED = "lower(strip_accents({}))"


def tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    # the folder is the caller's own, so its name may stand in the queries
    title = _FOLDED.format("title")
    connection.execute(
        f"""create table works as select work_id as unique_id, {title} as title,
            {_FOLDED.format("array_to_string(artists, ' ')")} as artist
            from read_json('{folder}/catalogue.jsonl', format='newline_delimited')"""  # noqa: S608
    )
    connection.execute(
        f"""create table listing as select song_id as unique_id, {title} as title,
            {_FOLDED.format("array_to_string(artist_names, ' ')")} as artist
            from read_parquet('{folder}/listing/*.parquet')"""  # noqa: S608
    )


def main() -> None:
    folder, out = map(Path, sys.argv[1:3])
    connection = duckdb.connect()
    tables(connection, folder)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("title", [0.95, 0.88]),
            cl.JaroWinklerAtThresholds("artist", [0.95, 0.88]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("title"),
            block_on("artist"),
            block_on("substr(title, 1, 4)", "substr(artist, 1, 4)"),
        ],
    )
    api = DuckDBAPI(connection=connection)
    held = [api.register(name, dataset_display_name=name) for name in ("works", "listing")]
    linker = Linker(held, settings)
    linker.training.estimate_probability_two_random_records_match([block_on("title", "artist")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("title"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("artist"))
    found = linker.inference.predict(threshold_match_probability=THRESHOLD).as_record_list()
    links = []
    for pair in found:
        sides = {pair["source_dataset_l"]: pair["unique_id_l"], pair["source_dataset_r"]: pair["unique_id_r"]}
        links.append((sides["listing"], sides["works"]))
    out.write_text(json.dumps({"version": version("splink"), "links": links}))


if __name__ == "__main__":
    main()
