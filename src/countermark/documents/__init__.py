"""Documents: the bytes of one file turned into its text, whatever the format."""
