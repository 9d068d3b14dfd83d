"""The verifier as one file, which a site serves as verify_roll.py: `hashing`, `ed25519` and `verify`, end to end."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

MODULES = ("hashing", "ed25519", "verify")
OPENING = '''#!/usr/bin/env python3
"""{purpose}"""

from __future__ import annotations

{imports}
'''


@cache
def verifier_source() -> str:
    """The text of verify_roll.py: it imports nothing but the standard library, and runs on its own."""
    imports: set[str] = set()
    bodies = []
    for name in MODULES:
        source = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
        tree = ast.parse(source)
        lines = source.splitlines()
        leading = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        imports |= {ast.unparse(node) for node in leading if _is_standard(node)}
        last = max(node.end_lineno or 0 for node in leading)
        bodies.append("\n".join(lines[last:]).strip("\n"))
        purpose = ast.get_docstring(tree, clean=False)
    top = OPENING.format(purpose=purpose, imports="\n".join(sorted(imports)))
    return top + "\n" + "\n\n\n".join(bodies) + "\n"


def _is_standard(node: ast.Import | ast.ImportFrom) -> bool:
    module = node.module if isinstance(node, ast.ImportFrom) else ""
    return module != "__future__" and not (module or "").startswith("countermark")
