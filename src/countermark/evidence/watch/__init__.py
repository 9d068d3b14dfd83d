"""Watching a data set: what two runs over it found, compared; the page and the feed that say so."""
