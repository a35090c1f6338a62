.DEFAULT_GOAL := help
.PHONY: help setup demo up test fuzz bench bench-accuracy calibrate bench-system bench-memory bench-learning bench-lists lint lock docs clean
PYTHON := .venv/bin/python
SOURCES := services shared deploy tests

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' Makefile

setup: ## Install what is missing: uv, .venv, RabbitMQ
	@bash deploy/local/setup.sh

demo: setup ## Start everything, read three sample invoices, show the results, stop
	@exec $(PYTHON) -m deploy.local.demo

up: setup ## Serve on PORT (8080) until Ctrl-C; see also API_KEY and DATA_DIR
	@exec $(PYTHON) -m deploy.local.up

test: setup ## Run all tests; ARGS="-k name" goes to pytest
	@exec $(PYTHON) -m pytest --numprocesses 2 --dist loadgroup $(ARGS)

fuzz: setup ## Damage documents at random, feed them to a worker; ARGS="--mutations 5000 --seed 1"
	@exec $(PYTHON) -m tests.fuzz $(ARGS)

bench: setup ## Compare engines on the same pages; DATA=folder adds real documents, ARGS="--generated 12"
	@exec $(PYTHON) -m tests.bench $(if $(DATA),--data $(DATA)) $(ARGS)

bench-accuracy: setup ## Read documents over REST and compare with their truth; DATA=folder, ARGS="--each 5"
	@exec $(PYTHON) -m tests.bench.accuracy $(if $(DATA),--data $(DATA)) $(ARGS)

calibrate: setup ## Fit the confidence of fields anew; DATA=folder adds real documents
	@exec $(PYTHON) -m tests.bench.accuracy.calibrate $(if $(DATA),--data $(DATA)) $(ARGS)

bench-system: setup ## Pages/s and memory of the engine alone, and within the whole system; ARGS="--pages 200"
	@exec $(PYTHON) -m tests.bench.system $(ARGS)

bench-memory: setup ## What a worker holds over 2,000 pages of mixed sizes; ARGS="--pages 200"
	@exec $(PYTHON) -m tests.bench.memory $(ARGS)

bench-learning: setup ## Tell what one corrected invoice teaches of a supplier's next ones; ARGS="--suppliers 20"
	@exec $(PYTHON) -m tests.bench.learning $(ARGS)

bench-lists: setup ## Prove by explain that no list scans the jobs, and time lists; ARGS="--jobs 200000"
	@exec $(PYTHON) -m tests.bench.lists $(ARGS)

lint: setup ## Check style, formatting and types
	$(PYTHON) -m ruff check $(SOURCES)
	$(PYTHON) -m ruff format --check $(SOURCES)
	$(PYTHON) -m mypy

lock: setup ## Compile the locks in deploy/locks anew from pyproject.toml
	@bash deploy/local/lock.sh

docs: setup ## Write docs/configuration.md anew from the declared settings
	@exec $(PYTHON) -m deploy.settings_table

clean: ## Remove the environment, caches and all local data
	rm -rf .venv .local .mypy_cache .ruff_cache .pytest_cache .hypothesis build
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +
