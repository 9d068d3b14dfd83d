"""Captures: what was served on the day, from crawl archives and from one's own dated captures of a site.

`records` reads the signals of a WARC record, `robots_archive` keeps the robots.txt captures of a crawl, `at_capture`
joins them, `history/` keeps captures of one's own. Protocols and verdicts are the room `reservations`.
"""
