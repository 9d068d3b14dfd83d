"""One's own dated captures of what a site serves: the time machine for a reservation.

    history/
      ├── chain.jsonl                      one line per capture or stamp, each with the digest of the line before
      ├── 000001-20260102T100000Z.warc.gz  request and response of everything that was asked (WARC/1.1)
      └── stamps/000001.tsr                a time stamp (RFC 3161) over line 1, with what is needed to verify it

`visit` asks, `capture` keeps, `seen` judges one capture, `timeline` all of them, `verify` checks that nothing was
changed. Only `visit` uses the network, through `captures.served`.
"""
