# One command for each thing the office or a maintainer does; `make` alone is `make report`.
.DEFAULT_GOAL := report
.PHONY: report final undo setup lint format test quick bench mutants forms sample golden clean

# The first Python on this computer that is new enough; when there is none start.py says so in a sentence.
PYTHON := $(shell for name in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$name -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$name && break; done)
START = "$(or $(PYTHON),python3)" start.py
BIN := .venv/bin

# One worker a core, whole test files to a worker so that what a file prepares is prepared once, slow files first.
# Bytecode is kept whatever the environment says: the tests start over a hundred interpreters.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# Read from the environment by the recipes, so that spaces in a path do no harm.
export INPUT OUTPUT CITY WHEELS

# The main job on INPUT, else on inbox/ if it holds anything, else on sample_inputs/ (演示数据), with today's date.
# The output that is replaced is kept in 历史/, and what moved since stands in 与上次相比.xlsx. CITY=杭州市: of that city
# alone, into output_杭州市/.
report: python-found
	@$(START) report "$$INPUT" "$$OUTPUT" "$$CITY"

# The same, written only if it is 正式.
final: python-found
	@$(START) final "$$INPUT" "$$OUTPUT" "$$CITY"

# The output before this one back in its place (历史/); what stands now is kept there.
undo: python-found
	@$(START) undo "$$OUTPUT" "$$CITY"

# .venv/ with the program, the tests and the tools, in the versions of constraints.txt; WHEELS=folder for a computer
# without a network. The other commands install only what they need.
setup: python-found
	@$(START) setup test lint

# Whether the code keeps to the style and the types of pyproject.toml; what .pre-commit-config.yaml runs.
lint: python-found
	@$(START) setup lint
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

# The style that can be brought about by a program.
format: python-found
	@$(START) setup lint
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

test: python-found
	@$(START) setup test
	@$(PYTEST)

# Without what is slow or looks through LibreOffice or Chromium: half a minute.
quick: python-found
	@$(START) setup test
	@$(PYTEST) -m "not slow and not office and not browser"

bench: python-found
	@$(START) setup test
	@$(BIN)/python -m benchmarks

# Whether the tests would notice changed code: COUNT random mutants of what decides, chosen by SEED (docs/mutants.md).
mutants: python-found
	@$(START) setup test
	@nice $(BIN)/python -m benchmarks.mutants --count $(or $(COUNT),300) --seed $(or $(SEED),1) --only "$(ONLY)"

# The made-up province in sample_inputs/ anew; same bytes as long as the generator is unchanged.
sample: python-found
	@$(START) setup
	@$(BIN)/python -m pipeline sample sample_inputs

# The blank forms in templates/xlsx/ anew, from the rulebook.
forms: python-found
	@$(START) setup
	@$(BIN)/python -m pipeline forms templates/xlsx

# The expected text dumps under tests/golden/ and the generated pages of docs/ anew; look at `git diff` before committing.
golden: python-found
	@$(START) setup test
	@UPDATE_GOLDEN=1 $(PYTEST)

# Everything that can be made again, the environment and caches included; inbox/ and output/ stay.
clean:
	@rm -rf .venv .cache .mypy_cache .pytest_cache .hypothesis .ruff_cache build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: python-found
python-found:
	@test -n "$(PYTHON)" || command -v python3 >/dev/null || { \
		echo "没有找到 Python：请先安装 Python 3.11 或更新的版本（https://www.python.org/downloads/）。" >&2; exit 1; }
