"""`python -m countermark` is `countermark`."""

from __future__ import annotations

from countermark.cli import main

main(prog_name="countermark")
