# Two commands do everything on a fresh machine: `make run` and `make test`.
# Both create .venv and install the package into it; nothing outside this folder is touched.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
CLAIM ?= claims/best_layer.yaml
# Two processes of one thread beat one of two on a small machine; more cores take more workers.
WORKERS ?= 2

export OMP_NUM_THREADS ?= 1
export OMP_WAIT_POLICY ?= PASSIVE
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test lint types unit install test-faults fuzz wheel bench clean help

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; \
	  sys.exit(0 if v >= (3, 11) else "Python 3.11 or newer is needed, found %d.%d; try: make PYTHON=python3.12" % v[:2])'
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is needed (Debian: apt install python3-venv)"; exit 2; }
	@echo "Installing into $(VENV) (torch, transformers, ray: some minutes on a fresh machine) ..."
	@$(BIN)/pip install --quiet --upgrade pip
	@$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@

install: $(INSTALLED)  ## make the virtual environment and nothing else

run: $(INSTALLED)  ## run the first claim and render its report (CLAIM=... for another)
	$(BIN)/reproduce run $(CLAIM)
	$(BIN)/reproduce report --html

test: lint types unit  ## everything that must hold: style, types, tests

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/mypy

unit: $(INSTALLED)
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadgroup --durations 10

test-faults: $(INSTALLED)  ## kill a run at 30 random moments, fill disks, stop nodes (about 20 minutes)
	REPRODUCE_KILLS=30 $(BIN)/python -m pytest tests/faults -p no:xdist --durations 10

fuzz: $(INSTALLED)  ## mutate 20,000 claims and settings and 5,000 records (about 10 minutes)
	REPRODUCE_FUZZ_SPECS=20000 REPRODUCE_FUZZ_RECORDS=5000 $(BIN)/python -m pytest tests/fuzz -p no:xdist

bench: $(INSTALLED)  ## measure the main job and print a table (about half an hour)
	$(BIN)/python benchmarks/main_job.py

wheel: $(INSTALLED)  ## build the wheel into dist/
	$(BIN)/python -m build --wheel

clean:  ## remove the virtual environment and caches; the store of results stays
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache
