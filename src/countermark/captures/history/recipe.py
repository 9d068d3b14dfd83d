"""How to verify a history without Countermark: a shell script that needs `sha256sum` and `openssl` alone."""

from __future__ import annotations

from typing import Final

from countermark.captures.history.chain import FIRST

RECIPE: Final = rf"""#!/bin/sh
# Verifies a history with sha256sum, sed and openssl. Run it in the folder that holds chain.jsonl:
#   sh verify-history.sh [AUTHORITY.pem]
# AUTHORITY.pem: the certificates of the time-stamp authority, from its own pages. Without it those that lie beside
# each stamp are taken, which proves only that the history fits itself.
number=0
previous={FIRST}
broken() {{ echo "BROKEN: $1"; exit 1; }}
[ -z "$(tail -c 1 chain.jsonl)" ] || broken "chain.jsonl is cut off in mid-line"
while IFS= read -r line || [ -n "$line" ]; do
  number=$((number + 1))
  begin="^{{\"line\":$number,\"previous\":\"$previous\",\"time\":\"[0-9TZ:-]*\",\"event\":\"[a-z]*\","
  told=$(printf '%s\n' "$line" |
    sed -n "s|$begin\"file\":\"\([A-Za-z0-9./-]*\)\",\"sha256\":\"\([0-9a-f]*\)\",.*|\2  \1|p")
  [ -n "$told" ] || broken "line $number of chain.jsonl does not follow the line before it"
  printf '%s\n' "$told" | sha256sum --check --quiet - || broken "line $number: ${{told#*  }}"
  previous=$(printf '%s\n' "$line" | sha256sum | cut -d ' ' -f 1)
  begin='.*"event":"stamp","file":"[^"]*","sha256":"[^"]*"'
  of=$(printf '%s\n' "$line" | sed -n "s|$begin,\"of\":\([0-9]*\),.*|\1|p")
  [ -n "$of" ] || continue
  moment=$(printf '%s\n' "$line" | sed -n "s|$begin,\"of\":[0-9]*,\"attime\":\([0-9]*\),.*|\1|p")
  stamp=${{told#*  }}
  authority=${{1:-${{stamp%.tsr}}.pem}}
  stamped=$(sed -n "${{of}}p" chain.jsonl | sha256sum | cut -d ' ' -f 1)
  openssl ts -verify -digest "$stamped" -in "$stamp" -CAfile "$authority" -untrusted "$authority" \
    -attime "$moment" -partial_chain || broken "$stamp"
done < chain.jsonl
echo "Whole: $number lines. SHA-256 of the last line: $previous"
"""
