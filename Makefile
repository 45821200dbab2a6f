# Two commands do all the set-up: `make demo` and `make test`. The rest is for who works on it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: demo test check bench messages long

demo: $(READY)
	@$(BIN)/python -m stepdesk demo --out demo-out

test: $(READY)
	@$(BIN)/python -m pytest -q -n auto

$(READY): pyproject.toml requirements.lock installer/setup.sh
	@PYTHON=$(PYTHON) sh installer/setup.sh $(VENV)
	@touch $(READY)

# Everything that must hold on every commit.
check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python installer/catalogues.py --check
	$(BIN)/python -m pytest -q -n auto --cov=stepdesk --cov-report=term:skip-covered

bench: $(READY)
	@$(BIN)/python -m benchmarks

mutants: $(READY)
	$(BIN)/mutmut run

messages: $(READY)
	$(BIN)/python installer/catalogues.py

# The long form of campaigns, and every property with 5,000 examples: hours.
long: $(READY)
	$(BIN)/python -m pytest -q --long -m "long or hypothesis"
