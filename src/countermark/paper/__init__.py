"""Paper: documents to print, built of blocks and set by Typst, the same bytes each time."""
