# The words of the README: demo, test, browser, check, fix, bench, pictures. `make lock` renews the locked requirements.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PY := $(BIN)/python

.PHONY: demo setup test browser check fix bench pictures lock clean

demo: .venv/demo
	@$(PY) manage.py demo --port $(PORT)

setup: .venv/dev

test: .venv/dev
	$(PY) -m tests.both

browser: .venv/dev
	$(PY) -m pytest -m browser tests/browser

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	git ls-files -z 'templates/*.html' | xargs -0 $(BIN)/djhtml --check
	git ls-files -z '*.py' ':!*/migrations/*' | xargs -0 $(BIN)/django-upgrade --target-version 5.2
	$(PY) manage.py check
	$(PY) manage.py makemigrations --check --dry-run

fix: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files -z 'templates/*.html' | xargs -0 $(BIN)/djhtml
	git ls-files -z '*.py' ':!*/migrations/*' | xargs -0 $(BIN)/django-upgrade --target-version 5.2

# All benchmarks, or WHAT=import
bench: .venv/dev
	$(PY) -m benchmarks $(WHAT)

# The pictures of the README and of the guide, or those of NAMES; into FOLDER, or where they belong
pictures: .venv/dev
	$(PY) docs/take_pictures.py $(if $(FOLDER),--folder $(FOLDER)) $(NAMES)

lock: .venv/dev
	$(PY) -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml --output-file requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--extra dev --constraints requirements.txt pyproject.toml --output-file requirements-dev.txt

clean:
	rm -rf .venv var staticfiles

.venv/pip:
	$(PYTHON) -m venv .venv
	@touch $@

.venv/demo: requirements.txt | .venv/pip
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt | .venv/pip
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
