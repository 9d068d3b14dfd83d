"""The pages that everybody reads: statement, figures, roll, embeds, API."""
