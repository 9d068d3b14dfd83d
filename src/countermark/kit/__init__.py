"""The sealed-room kit: a folder that scans where there is no network and nothing installed, and the seal on its result.

At home `build` makes the kit from an index. In the room the kit's own programme runs onto a medium (`room`), resumes,
and seals it (`closing`). Back home the medium is verified (`verifying`) and opened (`opening`).
"""
