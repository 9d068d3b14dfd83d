# `make` lists what there is to do. Everything happens in .venv, made from the locked versions.
.DEFAULT_GOAL := help
.PHONY: help demo serve test check bench docs messages lock clean

# The first Python of 3.11 or later that can make a virtual environment; empty if there is none.
FIND := for p in python3 python3.13 python3.12 python3.11 python; do \
  "$$p" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$p" && break; done
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input

help:  ## list these lines
	@grep -E '^[a-z.]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/media.stamp  ## index real plays and photographs, scan a corpus of each, write the reports (two minutes)
	@$(PY) -m countermark demo

serve: .venv/web.stamp  ## serve a site with a demonstration statement on http://127.0.0.1:8000
	@$(PY) -m countermark serve

test: .venv/dev.stamp  ## run the tests; PYTEST="-m 'slow or not slow'" adds the slow ones
	$(PY) -m pytest $(PYTEST)

check: .venv/dev.stamp  ## run ruff, mypy, import-linter, and look for stale docs
	@failed=0; for check in "-m ruff check ." "-m ruff format --check ." "-m mypy" ".venv/bin/lint-imports" \
	  "scripts/cli_reference.py --check" "scripts/messages.py --check"; do echo "$(PY) $$check"; $(PY) $$check || failed=1; done; exit $$failed

bench: .venv/dev.stamp  ## run the benchmarks that need no material of yours (hours; see benchmarks/README.md)
	@not=""; for bench in benchmarks/bench_*.py; do echo "== $$bench"; $(PY) "$$bench" || not="$$not $$bench"; done; \
	  if [ -n "$$not" ]; then echo; echo "Not run, or not to the end (benchmarks/README.md says what each needs):"; \
	  printf '  %s\n' $$not; exit 1; fi

docs: .venv/dev.stamp  ## write docs/reference/cli.md anew from --help
	$(PY) scripts/cli_reference.py

messages: .venv/dev.stamp  ## write the French catalogue of the site anew
	$(PY) scripts/messages.py

lock: .venv/dev.stamp  ## write the locked versions and hashes anew; LOCK=--upgrade takes the newest
	$(PY) scripts/lock.py $(LOCK)

clean:  ## remove .venv, caches and what the demonstration made
	rm -rf .venv demo-run build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/pyvenv.cfg:
	@python=$$($(FIND)); if [ -z "$$python" ]; then \
	  echo "No Python of 3.11 or later with venv was found. Install one (on Debian: apt-get install python3 python3-venv)." >&2; \
	  exit 1; fi; echo "Making .venv with $$python ($$($$python --version))"; "$$python" -m venv .venv

.venv/media.stamp: .venv/pyvenv.cfg requirements-media.lock pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements-media.lock
	$(PIP) install --quiet --no-deps --editable .
	@touch $@

.venv/web.stamp: .venv/pyvenv.cfg requirements-web.lock pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements-web.lock
	$(PIP) install --quiet --no-deps --editable .
	@touch $@

# PyTorch differs by machine: its version is pinned here, and that of what builds on it, not their files. Some tests
# need it; without it they are skipped.
.venv/models.stamp: .venv/pyvenv.cfg requirements-models.lock pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements-models.lock
	$(PIP) install --quiet torch==2.13.0 accelerate==1.15.0
	$(PIP) install --quiet --no-deps --editable .
	@touch $@

.venv/dev.stamp: .venv/pyvenv.cfg requirements-dev.lock pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ .venv/media.stamp .venv/web.stamp
