"""Write the requirements*.lock: every version, every hash, no address.

Run `make lock`. Where the files exist their versions are kept; `--upgrade` takes the newest instead.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = [
    "--quiet",
    "--no-config",
    "--strip-extras",
    "--generate-hashes",
    "--allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-emit-options",
]


def compile_lock(requirements: list[str], target: str, *options: str) -> None:
    """Resolve `requirements` and write them with hashes to `target`."""
    subprocess.run(
        [sys.executable, "-m", "piptools", "compile", *OPTIONS, *options, "--output-file", target, "-"],
        input="\n".join(requirements) + "\n",
        text=True,
        cwd=ROOT,
        check=True,
        env={**os.environ, "CUSTOM_COMPILE_COMMAND": "make lock"},
    )


def main() -> None:
    """Lock what runs, then each extra, and what builds and tests them all, on the same versions."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run = list(project["project"]["dependencies"])
    extras = project["project"]["optional-dependencies"]
    claims, reserve, web = list(extras["claims"]), list(extras["reserve"]), list(extras["web"])
    embedding = [name for name in extras["embedding"] if not name.startswith("countermark")]
    media = [*extras["audio"], *extras["image"], *embedding]
    # Each kind of machine has a PyTorch of its own, with other packages around it: see models.stamp in the Makefile.
    models = [name for name in extras["models"] if not name.startswith(("accelerate", "torch"))]
    cluster = [*extras["ray"], *extras["storage"]]
    develop = list(project["dependency-groups"]["dev"])
    passed_on = [option for option in sys.argv[1:] if option == "--upgrade"]
    compile_lock(run, "requirements.lock", *passed_on)
    compile_lock(run + claims, "requirements-claims.lock", "--constraint", "requirements.lock", *passed_on)
    compile_lock(
        run + reserve, "requirements-reserve.lock", "--constraint", "requirements-claims.lock", *passed_on
    )
    compile_lock(
        run + media, "requirements-media.lock", "--constraint", "requirements-claims.lock", *passed_on
    )
    compile_lock(run + web, "requirements-web.lock", "--constraint", "requirements-claims.lock", *passed_on)
    everything = run + claims + reserve + media + cluster + web + develop
    constraints = ("--constraint", "requirements-web.lock", "--constraint", "requirements-media.lock")
    compile_lock(everything, "requirements-dev.lock", *constraints, *passed_on)
    compile_lock(
        run + models, "requirements-models.lock", "--constraint", "requirements-dev.lock", *passed_on
    )


if __name__ == "__main__":
    main()
