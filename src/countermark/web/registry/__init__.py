"""Members' works, the data sets searched, and what was found."""
