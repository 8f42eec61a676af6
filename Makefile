# wirewatch: `make help` lists what there is.

PYTHON ?= python3
BIN := .venv/bin
# processes that share the tests; auto: two more than processors, 0: one by one
JOBS ?= auto
# processes that share the tests on a real Kafka: each of their files starts brokers of its own, and mostly waits
KAFKA_JOBS ?= 2
# tests start hundreds of processes: none compiles wirewatch anew, even where the environment forbids to keep bytecode
TEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock"
.DEFAULT_GOAL := help

.PHONY: run
run: .venv/installed  ## Start the demo: an embedded broker, all steps, a sample of news (http://127.0.0.1:8080)
	$(BIN)/wirewatch demo

.PHONY: test
test: .venv/installed-dev  ## Run every test that needs nothing but Python
	$(TEST) --numprocesses=$(JOBS)

.PHONY: test-kafka
test-kafka: .venv/installed-dev  ## Run the tests on a real Apache Kafka (needs Java 17 and Maven)
	$(TEST) -m kafka --numprocesses=$(KAFKA_JOBS)

.PHONY: quality
quality: .venv/installed-dev  ## Hold the floors of quality on the development sets, where they stand beside the project
	$(TEST) -m quality --numprocesses=$(JOBS) tests/quality tests/wirewatch/apply/test_chain.py

.PHONY: kafka
kafka:  ## Start a local Apache Kafka on 127.0.0.1:9092 (needs Java 17 and Maven)
	deploy/kafka/run.sh

.PHONY: check
check: .venv/installed-dev  ## Lint, check format and types, and count how docstrings read
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m tools.prose

.PHONY: bench
bench: .venv/installed-dev  ## Measure the pipeline on a real Apache Kafka beside a bare process pool
	$(BIN)/python -m bench.pipeline

.PHONY: lock
lock: .venv/installed-dev  ## Pin what an image installs, with hashes, to the newest versions that pyproject.toml allows
	echo "setuptools>=77" | $(LOCK) --upgrade pyproject.toml - --extra archives --extra notify -o deploy/locks/image.txt
	for extra in embed embed-languages postgres; do \
		$(LOCK) --upgrade pyproject.toml --extra $$extra -c deploy/locks/image.txt -o deploy/locks/$$extra.txt || exit 1; done

.PHONY: build-data
build-data: .venv/installed-dev  ## Build gazetteer and lists from their sources, and check what was learnt
	$(BIN)/python -m tools.build_data

.PHONY: clean
clean:  ## Remove what these commands made: environment, caches, local Kafka and its data
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf deploy/kafka/libs deploy/kafka/target

.PHONY: help
help:  ## Show this list
	@awk -F ':.*##  *' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit("wirewatch needs Python 3.11 or later; $(PYTHON) is " + sys.version.split()[0] + \
		". Name a newer one: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	touch $@

.venv/installed: pyproject.toml | .venv/python
	@echo 'what it needs is installed into .venv: that takes a minute or two, and says nothing'
	$(INSTALL) --editable '.[demo]'
	touch $@

.venv/installed-dev: pyproject.toml | .venv/python
	@echo 'what it needs is installed into .venv: that takes a minute or two, and says nothing'
	$(INSTALL) --editable '.[dev]'
	touch $@ .venv/installed
