# Every target makes what it needs first. `make` alone tells what there is; the sentences stand beside
# the targets here. $(ARGS) goes on to the program behind a target: make test ARGS="-k feedback".

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory
export PYTHON

BIN := .venv/bin
FLASK := $(BIN)/python -m flask --app app
UV := UV_NO_CONFIG=1 $(BIN)/uv
# What a shell says to Flask about other programs is not meant for this one; without bytecode, starts are slow.
unexport FLASK_APP FLASK_DEBUG FLASK_RUN_PORT PYTHONDONTWRITEBYTECODE

.PHONY: help run walk migrate test torture breaks lint format openapi clients browser docs i18n bench bench-load lock clean \
	environment environment-dev

help: ## what there is
	@echo "make TARGET, from a fresh checkout with Python 3.11 or later and make only:"
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile
	@echo "Settings are environment variables, told in docs/operating.md: PORT=8080 make run"

run: environment ## the API and its worker with the demo organisation, on http://127.0.0.1:8000 (PORT=…); Ctrl-C ends it
	@exec env COMMUNITY_MODE=demo $(FLASK) serve $(ARGS)

walk: environment ## in a second terminal: the main job played through HTTP and told step by step
	@exec $(FLASK) demo walk $(ARGS)

migrate: environment ## bring the database to the newest schema (COMMUNITY_DATABASE_URL; SQLite in var/ when unset)
	@exec env COMMUNITY_MODE=$${COMMUNITY_MODE:-demo} $(FLASK) migrate $(ARGS)

test: environment-dev ## every test, on SQLite and on a PostgreSQL that the tests start themselves
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(ARGS)

torture: environment-dev ## the long fault and property runs: kill -9 under load, thousands of made-up cases
	@COMMUNITY_TEST_LONG=1 $(BIN)/python -m pytest -m "torture or hypothesis" $(ARGS)

breaks: environment-dev ## break the product line by line and see that tests notice (ARGS="--only late")
	@$(BIN)/python -m tools.breaks $(ARGS)

lint: environment-dev ## style, types, import contracts
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports --no-logo

format: environment-dev ## rewrite the code in the one style
	@$(BIN)/python -m ruff check --fix-only --quiet .
	@$(BIN)/python -m ruff format .

openapi: environment-dev ## write openapi.yaml anew from the code
	@$(BIN)/python -m tools.openapi

clients: environment-dev ## generate, compile and play the clients that others make of openapi.yaml
	@$(BIN)/python -m tools.clients

browser: environment-dev ## use the product in Chromium: a page of another origin, the front page, the reference
	@$(BIN)/python -m tools.browser

docs: environment-dev ## write anew what docs/ shows of the code: the matrix of rights, the drawings
	@$(BIN)/python -m tools.matrix
	@$(BIN)/python -m tools.handbook
	@$(BIN)/python -m tools.drawings

i18n: environment-dev ## collect the words for people into locales/, and say what is left to translate
	@$(BIN)/python -m community_api.core.i18n.extract

bench: environment-dev ## measure against a bare Flask view and the driver alone, in one run
	@$(BIN)/python -m benchmarks $(ARGS)

ROWS ?= 100000
bench-load: environment-dev ## fill the configured database for measurements from outside: ROWS=100000
	@$(BIN)/python -m benchmarks.load --rows $(ROWS) $(ARGS)

lock: environment-dev ## resolve the dependencies anew after a change of pyproject.toml (ARGS=--upgrade for newer ones)
	@$(UV) lock $(ARGS)
	@$(UV) export --quiet --frozen --no-emit-project --no-dev --output-file requirements.lock
	@$(UV) export --quiet --frozen --no-emit-project --output-file requirements-dev.lock

clean: ## remove the environment and what tools left behind; var/ with your data stays
	@rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .schemathesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@tools/with-python tools/environment.py run

environment-dev:
	@tools/with-python tools/environment.py dev
