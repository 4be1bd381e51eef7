# All that a person types here; `make help` lists it. Each step is skipped when it was done before.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast check lock bench bench-peers clean docs

PY := .venv/bin/python
# Locked packages for development: whisper (with the Whisper recogniser), or dev (without it).
LOCK ?= whisper
# More arguments for the program that a target starts.
ARGS ?=
FAST := not audio and not broker and not models and not process and not slow and not network

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: ## Install everything for development: system packages, .venv, models (LOCK=dev: without Whisper)
	@scripts/install-system.sh test
	@scripts/install-python.sh $(LOCK)
	@scripts/pull-models.sh

run: ## Install what is missing and start the assistant in a simulated home; without microphone and terminal: the demo
	@scripts/install-system.sh run
	@scripts/install-python.sh run
	@.venv/bin/assistant models pull --demo
	@exec .venv/bin/assistant run --simulate --or-demo $(ARGS)

test: setup ## Run all tests, with real audio, broker and models (ARGS="tests/home -k light")
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-fast: ## Run the tests that need nothing but Python, in under 90 s
	@scripts/install-python.sh $(LOCK)
	@$(PY) -m pytest -q -n 2 --dist loadfile -m "$(FAST)" $(ARGS)

check: ## Lint, format, types, boundaries between rooms, docs up to date
	@scripts/install-python.sh $(LOCK)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	@if [ -f scripts/check_docs.py ]; then echo scripts/check_docs.py; $(PY) scripts/check_docs.py; fi

docs: ## Renew the pages that are generated from the code
	@scripts/install-python.sh $(LOCK)
	@$(PY) scripts/check_docs.py --write

lock: ## Renew requirements/*.txt from pyproject.toml
	@scripts/install-python.sh $(LOCK)
	@scripts/lock.sh

bench: ## Measure: make bench NAME=asr DATA=folder (ARGS="--lang en --json out/asr.json")
	@scripts/install-python.sh $(LOCK)
	@$(if $(NAME),$(PY) -m benchmarks $(NAME) $(if $(DATA),--data $(DATA)) $(ARGS),$(PY) -m benchmarks --help)

bench-peers: ## Add to .venv the libraries that --peer measures beside the product
	@scripts/install-python.sh $(LOCK)
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/peers.txt

clean: ## Remove caches and build outputs (not .venv, not models)
	@rm -rf build dist out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
