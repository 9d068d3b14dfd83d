"""Sentences about policies. What is wrong in a policy.toml is said in English, with file, line, table and key."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "policy.summary": "Policy of {holder} for {site}: {rules} rules, {agents} agents refused",
}
FR: Final = {
    "policy.summary": "Politique de {holder} pour {site}\u00a0: {rules} règles, {agents} agents refusés",
}
