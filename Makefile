# Each target makes the virtual environment itself, so each is all the set-up there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A file to a process, in order: what a file builds once is built once (xdist 3.8's groups are lost on pytest 9.2).
PYTEST_OPTIONS := -n 2 --dist loadfile --no-loadscope-reorder
PYTEST := $(BIN)/python -m pytest $(PYTEST_OPTIONS)

.DEFAULT_GOAL := help
.PHONY: help serve test check golden bench clean
.PRECIOUS: $(VENV)-%/ready

help:  ## List what can be made
	@grep -E '^[a-z]+(-%)?:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+(-%)?):.*## /  make \1\t/'

serve: $(VENV)/ready  ## Build the site, serve it, print its address
	$(BIN)/mkdocs serve

test: $(VENV)/ready  ## Run the tests (under five minutes)
	$(PYTEST) -m "not slow"

beside-%: $(VENV)-%/ready  ## Run the tests beside other versions: lowest, material-9.6, pymdown-12.1, newest
	$(VENV)-$*/bin/python -m pytest $(PYTEST_OPTIONS) -m "not slow"

python-%:  ## Run the tests under another Python: 3.12, 3.13, 3.14
	$(MAKE) test PYTHON=python$* VENV=$(VENV)-python-$*

check: $(VENV)/companions beside-lowest  ## Run the slow suites, the oldest versions, the linter and the type checker
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mkdocs build --strict --site-dir $(VENV)/site
	$(PYTEST) -m slow

golden: $(VENV)/ready  ## Rewrite the golden files; look at the difference before you keep it
	$(BIN)/python -m pytest --golden

bench: $(VENV)/ready  ## Print the benchmark tables, the peers that are installed beside us
	$(BIN)/python -m benchmarks

clean:  ## Remove the environment, the built site and the store
	rm -rf $(VENV) $(VENV)-* site .cache

$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Chainrule needs Python 3.11 or newer; this is %d.%d. Try: make PYTHON=python3.11" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

# What else an environment holds is free, so that pip finds a set that goes together.
$(VENV)-%/ready: tests/bounds/%.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)-$*
	$(VENV)-$*/bin/python -m pip install --quiet --disable-pip-version-check --constraint $< --editable '.[test]'
	touch $@

$(VENV)/companions: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[companions,libraries]'
	touch $@
