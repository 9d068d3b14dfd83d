"""The report of a dossier: a document for a court, set by Typst, the same bytes each time."""
