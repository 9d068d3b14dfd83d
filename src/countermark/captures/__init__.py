"""Captures: what was served on the day, from crawl archives and from one's own dated captures of a site.

`records` reads the signals of a WARC record, `robots_archive` keeps the robots.txt captures of a crawl, `judging` and
`at_capture` join them. `served` asks a site (the only use of the network), `audit` compares what different agents are
served, `history/` keeps dated captures of one's own. Protocols and verdicts are the room `reservations`.
"""
