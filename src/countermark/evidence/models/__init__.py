"""The report of a study of a model: one page that says what was shown, out of how much, and what was not."""
