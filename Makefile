# `make` or `make help` prints what can be done here.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
STAMP := .venv/installed
# Both suites use every processor; the tests of one file stay in order on one of them or move when another is idle.
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: help install run migrate test test-fast test-slow hunt check format lint types layers definitions bench bench-national bench-compare \
	coverage-of-requirements mutations wheel fresh clean

help: ## print this page
	@awk 'BEGIN { FS = ":.*## " } \
	/^##@ / { printf "\n%s\n", substr($$0, 5) } \
	/^[a-z-]+:.*## / { printf "  make %-26s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Run
install: $(STAMP) ## create the environment in .venv (again only when its versions change)

$(STAMP): setup.cfg pyproject.toml constraints.txt tools/make_environment.sh
	@tools/make_environment.sh

run: install ## environment, database, demonstration, web server and worker, ready to log in
	@$(BIN)/zhuanjie run

migrate: install ## bring the database of DATABASE_URL to the newest version
	@$(BIN)/zhuanjie upgrade

##@ Check
test: install ## everything: environment, PostgreSQL, Chromium, checks, the fast suite
	@tools/test_machine.sh
	@$(MAKE) --no-print-directory check
	@$(PYTEST) -m "not slow and not hunt"

test-fast: install ## the fast suite alone
	@$(PYTEST) -q -m "not slow and not hunt"

test-slow: install ## the slow suite: wheel, random walks at length, races
	@tools/test_machine.sh
	@$(PYTEST) -m slow --hypothesis-profile=slow

hunt: install ## ten thousand random histories with new seeds (30 minutes); a failure names the command that repeats it
	@tools/test_machine.sh
	@$(BIN)/python -m pytest -m hunt

check: lint types layers definitions ## format, lint, types, layers, definitions

format: install ## rewrite the code as the formatter wants it
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

lint: install
	@$(BIN)/ruff format --quiet --check . || { echo "Not formatted: run 'make format'."; exit 1; }
	@$(BIN)/ruff check --quiet .

types: install
	@$(BIN)/mypy --no-error-summary

layers: install
	@mkdir -p .cache
	@$(BIN)/lint-imports --cache-dir .cache/import_linter > .cache/layers.txt 2>&1 || { cat .cache/layers.txt; exit 1; }

definitions: install
	@$(BIN)/python -m service.definitions

coverage-of-requirements: install ## each rule, scenario and worked example with the tests that carry its number
	@$(BIN)/python tools/coverage_of_requirements.py

mutations: install ## take away rules one at a time: which tests notice? (WORDS=R-050 for some; 20 minutes for all)
	@$(BIN)/python tools/mutations.py $(WORDS)

##@ Measure
bench: install ## the benchmark, as a table of ratios (JSON in bench/results), then the comparison
	@$(BIN)/python -m bench; status=$$?; $(BIN)/python -m bench compare || status=$$?; exit $$status

bench-national: install ## five million organisations and members on PostgreSQL (ROWS=500000 for a smaller nation)
	@$(BIN)/python -m bench national $(if $(ROWS),--rows $(ROWS))

bench-compare: install ## completions beside the commit before, or BEFORE=revision; fails below 0.9 of it
	@$(BIN)/python -m bench compare $(BEFORE)

##@ Ship
wheel: install ## build the wheel into dist/
	@rm -rf build dist
	@$(BIN)/python -m build --wheel --outdir dist . > /dev/null && ls dist

fresh: ## clone into an empty Debian and run the two commands of the README there (needs root, debootstrap)
	@tools/fresh.sh

clean: ## remove what can be made again, but not the data in var/
	@rm -rf .venv .cache build dist ./*.egg-info .hypothesis
