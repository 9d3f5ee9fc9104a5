# `make demo` and `make test` set up everything they need in .venv; nothing else is asked for.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= auto
# auto: browser tests are left out, with a notice, where there is no chromium. required: they run.
BROWSER ?= auto

VENV := .venv/bin/python
UV := .venv/bin/uv
INSTALL := $(UV) pip install -q --python $(VENV)
LOCKED := --require-hashes --only-binary :all:
# The build backend is in both locks, so that nothing is fetched outside them.
PROJECT := $(INSTALL) --no-deps --no-build-isolation -e .
ON_BOTH_ENGINES := $(VENV) -m pytest -n $(WORKERS) --maxprocesses 8

.PHONY: demo test check quality bench prove lock

demo: .venv/.demo
	.venv/bin/cdmo-match demo --port $(PORT)

test: .venv/.test
	@if [ "$(BROWSER)" = required ] || command -v chromium >/dev/null; then \
		exec $(ON_BOTH_ENGINES); \
	else \
		echo "Notice: no chromium was found, so the browser tests are left out."; \
		exec $(ON_BOTH_ENGINES) -m "not browser"; \
	fi

check: .venv/.test
	$(VENV) -m ruff format --check .
	$(VENV) -m ruff check .
	$(VENV) -m mypy
	.venv/bin/lint-imports
	$(VENV) -m pytest tests/test_locks.py

quality: .venv/.test
	$(VENV) -m tests.quality

bench: .venv/.test
	$(VENV) -m tests.benchmarks --readme

prove: .venv/.test
	$(VENV) -m tests.prove --readme

# Without a uv.lock on disk this moves every pin to the newest version that pyproject.toml allows.
lock: .venv/.uv
	$(UV) lock
	$(UV) export -q --locked --no-emit-project --no-default-groups --group build \
		--extra postgres -o requirements.lock
	$(UV) export -q --locked --no-emit-project --all-extras --all-groups -o requirements-dev.lock

.venv/.uv: requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(VENV) -m pip install -q --disable-pip-version-check $(LOCKED) -r requirements-uv.lock
	@touch $@

# Only adds: whatever the tests installed stays.
.venv/.demo: .venv/.uv requirements.lock pyproject.toml
	$(INSTALL) $(LOCKED) -r requirements.lock
	$(PROJECT)
	@touch $@

# Holds all of the demo's packages at the same versions, so the demo needs nothing more after it.
.venv/.test: .venv/.uv requirements-dev.lock pyproject.toml
	$(INSTALL) $(LOCKED) -r requirements-dev.lock
	$(PROJECT)
	@touch .venv/.demo $@
