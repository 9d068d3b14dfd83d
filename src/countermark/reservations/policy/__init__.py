"""What a rightsholder wants said: `policy.toml`, read strictly.

model      Policy, Rule, Choice; `Policy.wanted(use, path, agent)` is what every protocol is held against
patterns   which of two path patterns is the more specific, and whether both can match one path
reading    policy.toml into a Policy, with one message that names table, key and line for what is wrong
example    a policy.toml to start from, in English and French
"""

from countermark.reservations.policy.example import example
from countermark.reservations.policy.model import Choice, Policy, Rule
from countermark.reservations.policy.reading import parse_policy, read_policy

__all__ = ["Choice", "Policy", "Rule", "example", "parse_policy", "read_policy"]
