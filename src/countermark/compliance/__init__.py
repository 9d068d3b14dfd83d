"""For those who build data sets: leave out what is reserved, prove it, and fill the public summary.

`filter` streams a corpus and drops or marks reserved records, `removed` is the proof of what was dropped and why,
`summary` is the table of top domains of Regulation (EU) 2024/1689, Article 53(1)(d).
"""
