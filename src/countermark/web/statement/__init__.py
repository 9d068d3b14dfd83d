"""The statement: its texts, versions and digests."""
