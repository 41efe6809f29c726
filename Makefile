# Needs python3, python3-venv and make; everything else goes into .venv, pinned by requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.installed
NOTEBOOKS = $(wildcard notebooks/*.ipynb notebooks/*/*.ipynb)

# Byte-code makes the start three times as quick, so a machine that forbids it is overruled.
unexport PYTHONDONTWRITEBYTECODE

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

reports: $(READY) ## Make the invented clinics' data and a report for each of them
	@$(BIN)/bsc demo
	@$(BIN)/bsc run demo --jobs 2

test: $(READY) ## Run the tests (ARGS="tests/test_kpis.py -x" for some of them)
	@OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

check: check-format check-lint check-types check-layers check-notebooks ## Say whether the code is clean; change nothing

lab: $(READY) data/demo ## Open the notebooks in JupyterLab, on this machine only, with a token (ARGS=--no-browser)
	@$(BIN)/jupyter lab --ip=127.0.0.1 --LabApp.default_url=/lab/tree/notebooks/explore/derive_a_kpi.ipynb $(ARGS)

data/demo: | $(READY)
	@$(BIN)/bsc demo

docs: $(READY) ## Make docs/kpis.md from the definitions of the KPIs
	@$(BIN)/bsc list kpis --markdown > docs/kpis.md

calibrate: $(READY) ## Measure how often the link tests err: docs/calibration.md (hours; SLICE=1: minutes, a part)
	@$(BIN)/python -m bsc_analysis.calibrate --jobs 2 $(if $(SLICE),--slice)

pictures: $(READY) ## Take README's pictures of the demo's reports anew (needs chromium)
	@$(BIN)/python docs/pictures/take.py

check-format: $(READY)
	@$(BIN)/ruff format --check .

check-lint: $(READY)
	@$(BIN)/ruff check .

check-types: $(READY)
	@$(BIN)/mypy

check-layers: $(READY)
	@$(BIN)/lint-imports --no-logo

check-notebooks: $(READY)
	@$(if $(NOTEBOOKS),$(BIN)/nbstripout --verify --keep-id \
		--extra-keys "metadata.papermill cell.metadata.papermill" $(NOTEBOOKS))

# The stamp goes first and comes last, so that a set-up that failed is done again; from nothing, if by another Python.
$(READY): requirements.lock pyproject.toml
	@rm -f $@
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and \
		"This needs Python 3.11, 3.12 or 3.13. Name one: make PYTHON=python3.12")'
	@echo "Setting up .venv from requirements.lock: once, a minute or more …"
	@test "$$($(BIN)/python -c 'import pip, sys; print(sys.version)' 2>/dev/null)" = \
		"$$($(PYTHON) -c 'import sys; print(sys.version)')" || $(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install -qq --require-hashes -r requirements.lock
	@$(BIN)/pip install -qq --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q bsc_analysis
	@touch $@

# Debian 12's Python is the oldest that must be served: a newer one pins packages that it cannot install.
# pip-compile sees only its own machine, so what is needed elsewhere is named here, with its marker: papermill's aiohttp
# on Python 3.12, ipykernel's appnope on macOS. setuptools builds the package itself.
lock: ## Bring requirements.lock in line with pyproject.toml (ARGS=--upgrade for the newest of all)
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 11, 3) and \
		"The lock is made with the oldest Python it serves, 3.11.2 of Debian 12: make lock PYTHON=/usr/bin/python3")'
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(PYTHON) -m venv $$tools; $$tools/bin/pip install -qq pip-tools==7.6.2; \
	printf '%s\n' 'setuptools>=80' aiohttp appnope | \
	CUSTOM_COMPILE_COMMAND="make lock" $$tools/bin/pip-compile -q $(ARGS) --extra dev --generate-hashes --allow-unsafe \
		--strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml -
	@sed -i -E \
		-e '/^(aiohappyeyeballs|aiohttp|aiosignal|frozenlist|multidict|propcache|yarl)==/s/ / ; python_version == "3.12" /' \
		-e '/^appnope==/s/ / ; sys_platform == "darwin" /' \
		-e 's/-r -$$/make lock/' requirements.lock

clean: ## Remove .venv and caches; never data, reports or the ledger
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info tests/browser/node_modules
	@find bsc_analysis tests -name __pycache__ -prune -exec rm -rf {} +

.PHONY: help reports test check docs calibrate pictures lab lock clean check-format check-lint check-types check-layers check-notebooks
