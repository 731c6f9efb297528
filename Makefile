# Needs make and Python 3.11 or newer with venv; everything else is installed into .venv from hashed lists.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
IS_NEW_ENOUGH := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.11 python3.12 python3.13; do \
	$$name -c '$(IS_NEW_ENOUGH)' 2>/dev/null && echo $$name && break; done)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps
LOCK := $(BIN)/uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --quiet

.PHONY: help serve migrate test drill lint lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

serve: $(VENV)/.installed ## install what is missing, then run the whole system with its own database
	@$(BIN)/homeward serve

migrate: $(VENV)/.installed ## bring the database to the newest schema
	@$(BIN)/homeward migrate

test: $(VENV)/.installed-dev ## run the tests; WORKERS=4 for more at a time
	@$(BIN)/python -m pytest -n $(WORKERS)

drill: $(VENV)/.installed-dev ## kill, cut and flood the running system, for minutes
	@$(BIN)/python -m pytest -m drill

lint: $(VENV)/.installed-dev ## style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

lock: $(VENV)/.installed-dev ## for developers: choose versions anew and write the hashed lists
	@$(BIN)/python -m pip install --quiet uv
	@$(LOCK) --upgrade --output-file requirements.txt
	@$(LOCK) --upgrade --extra dev --constraint requirements.txt --output-file requirements-dev.txt

clean: ## remove what was installed and built; data and keys stay
	@rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage*

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Homeward needs Python 3.11 or newer with venv (Debian: apt install python3 python3-venv)." \
		"If it is installed under another name: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c '$(IS_NEW_ENOUGH)' || { echo "$(PYTHON) is older than 3.11, or lacks venv." >&2; exit 1; }
	@echo "Preparing $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages ..."
	@$(INSTALL) -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing the locked packages for development ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@
