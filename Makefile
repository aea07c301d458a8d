# Everything runs in .venv, made here from pinned and hashed requirements.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SOURCES ?= $(if $(COUNTERPOISE_SOURCES),$(COUNTERPOISE_SOURCES),../shared/sources)

.PHONY: assess test test-docs lint types record compare docs site pictures dist check-dist bench torture lock clean

## Set up and answer: is the SCO of 2006 a hard-balancing coalition against the United States?
assess: $(VENV)/core.stamp
	$(BIN)/counterpoise assess SCO --against USA --year 2006

## Set up and run the whole suite.
test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n auto

## Every example of the documents, the slow ones too, and every generated page. Minutes.
test-docs: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n auto tests/contracts/documents_batch.py

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

## Rebuild the record in the package from the provider files in SOURCES.
record: $(VENV)/dev.stamp
	$(BIN)/counterpoise data build --sources $(SOURCES)

## Rebuild the record elsewhere and compare it with the packaged one, byte for byte.
compare: $(VENV)/dev.stamp
	$(BIN)/counterpoise data build --sources $(SOURCES) --compare

## Rewrite the generated pages and pictures of docs/.
docs: $(VENV)/dev.stamp
	$(BIN)/python tools/generate_dictionary.py
	$(BIN)/python tools/generate_docs.py

## Build the documentation as a site in build/site. A warning is an error; nothing is fetched.
site: $(VENV)/dev.stamp
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/site

## Draw the gallery's pictures again.
pictures: $(VENV)/dev.stamp
	$(BIN)/python tools/examples.py --pictures

## Build wheel and sdist into dist/, the same bytes each time.
dist: $(VENV)/dev.stamp
	$(BIN)/python tools/dist.py build

## Build twice and compare; install the wheel in empty environments of every Python and ask it.
## SUITE=--suite also unpacks the sdist and runs the suite there.
check-dist: $(VENV)/dev.stamp
	$(BIN)/python tools/dist.py check $(SUITE)

bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks

## Kill work at random moments, damage the record, fill the disk, fuzz every reader: an hour or so.
torture: $(VENV)/dev.stamp
	$(BIN)/python tests/torture/kill.py --kills 220 --seed 1
	$(BIN)/python -m pytest -o addopts="-q --import-mode=importlib" -n auto tests/torture
	$(BIN)/python tests/torture/fuzz.py --engine mutate --seconds 900 --seed 1
	$(BIN)/python tests/torture/fuzz.py --engine hypothesis --seconds 900 --seed 1

## Pin every dependency again, with hashes (needs uv).
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  pyproject.toml --extra lock -o requirements/core.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  pyproject.toml --extra dev -c requirements/core.txt -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  pyproject.toml --extra web --extra frames --extra lock -c requirements/dev.txt \
	  -o requirements/serve.txt

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/core.stamp: requirements/core.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/core.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/core.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/dev.txt
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
