"""Readers of recordings: folders, archives, Parquet and WARC, in batches of encoded sound that is streamed."""
