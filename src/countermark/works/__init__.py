"""Works: what belongs to whom, read from folders and catalogues."""
