# One command for each thing the office or a maintainer does; `make` alone is `make report`.
.DEFAULT_GOAL := report
.PHONY: report test setup bench forms sample golden clean

# The first Python on this computer that is new enough; when there is none start.py says so in a sentence.
PYTHON := $(shell for name in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$name -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$name && break; done)
VENV_PYTHON := .venv/bin/python

# Read from the environment by the recipes, so that spaces in a path do no harm.
export INPUT OUTPUT WHEELS

# The main job on INPUT, else on inbox/ if it holds anything, else on sample_inputs/ (演示数据).
report: python-found
	@"$(or $(PYTHON),python3)" start.py report "$$INPUT" "$$OUTPUT"

# .venv/ with the package and the versions of constraints.txt; WHEELS=folder for a computer without a network.
setup: python-found
	@"$(or $(PYTHON),python3)" start.py setup

test: setup
	@$(VENV_PYTHON) -m pytest

bench: setup
	@$(VENV_PYTHON) -m benchmarks

# The made-up province in sample_inputs/ anew; same bytes as long as the generator is unchanged.
sample: setup
	@$(VENV_PYTHON) -m pipeline sample sample_inputs

# The blank forms in templates/xlsx/ anew, from the rulebook.
forms: setup
	@$(VENV_PYTHON) -m pipeline forms templates/xlsx

# The expected text dumps under tests/golden/ anew; look at `git diff` before committing.
golden: setup
	@UPDATE_GOLDEN=1 $(VENV_PYTHON) -m pytest

# Everything that can be made again, the environment and caches included; inbox/ and output/ stay.
clean:
	@rm -rf .venv .cache .pytest_cache .hypothesis .ruff_cache build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: python-found
python-found:
	@test -n "$(PYTHON)" || command -v python3 >/dev/null || { \
		echo "没有找到 Python：请先安装 Python 3.11 或更新的版本（https://www.python.org/downloads/）。" >&2; exit 1; }
