# The commands of the portal. `make run` and `make test` need Python 3.11 or later, pip and make; nothing else.
PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test test-long check types lint contracts format bench env env-dev browser pins

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | expand -t 12

env:
	@$(PYTHON) cimic_portal/embedded/environment.py runtime

env-dev:
	@$(PYTHON) cimic_portal/embedded/environment.py dev

run: env ## Run the portal with the demo mission; PORT= and PORTAL_DATA= change where
	@$(BIN)/python -m cimic_portal.embedded run --port $(PORT)

check: env-dev ## Lint, types and import contracts: the fast part
	@$(MAKE) --no-print-directory --jobs=2 types lint contracts

types:
	@$(BIN)/mypy --no-error-summary .

lint:
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/djlint templates --lint --quiet

contracts:
	@mkdir -p .cache; $(BIN)/lint-imports --no-logo >.cache/imports.txt || { cat .cache/imports.txt; exit 1; }
	@PORTAL_ROLE=app $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run --verbosity=0 --settings=cimic_portal.settings.test

browser: env-dev
	@$(PYTHON) cimic_portal/embedded/environment.py browser

test: check browser ## Everything but the long tests, in parallel; WORKERS= changes how many
	@$(BIN)/python -m pytest --quiet --numprocesses=$(WORKERS) --dist=loadfile --no-loadscope-reorder

test-long: env-dev browser ## Planted defects, faults and full set-ups
	@$(BIN)/python -m pytest --quiet --numprocesses=$(WORKERS) --dist=loadfile --no-loadscope-reorder -m long

format: env-dev ## Put the code into its standard form
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

bench: env-dev ## Measured comparisons, each beside its rival or limit; the first time makes a million rows
	@for each in list_page api_list submit export import_rows notifications pdf_pages readiness stream; do echo; PYTHONPATH=. $(BIN)/python benchmarks/$$each.py || exit 1; done

PINS := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links

pins: ## Compile the pins anew from pyproject.toml (needs uv in the environment)
	@$(PINS) pyproject.toml -o requirements.txt
	@$(PINS) pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt
	@$(PINS) --group node -o requirements-node.txt
