"""Corpora of token ids: training sets that a tokeniser has been over already.

`table` is what decodes ids, `sources` builds it from a tokeniser's files; `trial` finds which table the ids were
written with; one file a format (`megatron`, `streams`, `pbin`, `mds`, `columns`) reads blocks of ids, and `decoding`
turns them into batches of text that remember where their tokens stand.
"""
