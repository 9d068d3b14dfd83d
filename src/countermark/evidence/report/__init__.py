"""The report: what a person reads, in English or French, as one HTML file or as text."""
