"""Readers of pictures: folders, archives, Parquet and WARC, in batches of encoded bytes."""
