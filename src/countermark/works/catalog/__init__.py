"""The catalog: works, editions, assets, contributors and rights facts of many files, merged by evidence."""
