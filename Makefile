# Gatebook. `make help` says what there is.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
FLASK := $(VENV)/bin/flask --app wsgi
PIP := $(VENV)/bin/pip --disable-pip-version-check install --quiet --constraint .ci/constraints.txt
# Stops with the shell's process, which becomes the server.
WORKER := $(FLASK) work --beside $$$$
GUNICORN := $(VENV)/bin/gunicorn --config python:webapp.server wsgi:app

.PHONY: help
help: ## Say what there is
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: people ## Start Gatebook with sample people at http://127.0.0.1:8000 (HOST, PORT)
	@$(FLASK) book renew-keys & $(WORKER) & WHO_CAN_SIGN_IN="$$($(FLASK) sample-staff 2>/dev/null)" exec $(GUNICORN)

.PHONY: people
people: env
	@$(FLASK) db upgrade
	@$(FLASK) sample-data --customers 10000 --if-empty || true

.PHONY: samples
samples: people ## Make tables, sample people and staff in a book that has nobody, and say who can sign in
	@$(FLASK) sample-staff || true

.PHONY: serve
serve: env ## Start Gatebook on its own book: migrated, no samples
	@$(FLASK) db upgrade
	@$(FLASK) book renew-keys & $(WORKER) & exec $(GUNICORN)

.PHONY: env
env: $(VENV)/.installed .env ## Make the environment (.venv) and the settings (.env, mode 0600, random keys)

.PHONY: test
test: env $(VENV)/.installed-for-tests ## Prove everything: lint, types, rules, pages, browsers, both databases
	@$(VENV)/bin/python -m tests.support.find_browser
	@$(MAKE) --no-print-directory lint
	$(VENV)/bin/pytest --numprocesses 3

.PHONY: test-one
test-one: env $(VENV)/.installed-for-tests ## Run some tests, such as T=tests/customers or T="-k phones", in one process
	$(VENV)/bin/pytest $(T)

.PHONY: test-browsers
test-browsers: env $(VENV)/.installed-for-tests ## Walk the short set of journeys in Firefox and WebKit too: one minute
	@$(VENV)/bin/python -m tests.support.find_browser --engines
	BROWSER_ENGINES=floor,firefox,webkit $(VENV)/bin/pytest tests/browser/test_engines.py

.PHONY: lint
lint: env $(VENV)/.installed-for-tests ## Style, types, and which room may use which
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo

.PHONY: fix
fix: env $(VENV)/.installed-for-tests ## Mend the style of the code as far as that can be done by itself
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

.PHONY: docs
docs: env $(VENV)/.installed-for-tests ## Draw docs/architecture.svg, and publish docs/openapi.json unless it breaks clients
	@$(PYTHON) docs/draw_architecture.py
	@$(VENV)/bin/python -m tests.api.publish

.PHONY: dev
dev: samples ## Start Gatebook with reload and debugger on its sample book at http://127.0.0.1:5000
	@$(FLASK) run --debug --port 5000

.PHONY: check-clients
check-clients: env $(VENV)/.installed-for-tests ## Generate clients of the API in TypeScript and Python, compile them strictly, let them live: two minutes, Node.js
	$(VENV)/bin/python -m tests.clients

.PHONY: fuzz-api
fuzz-api: env $(VENV)/.installed-for-tests ## Ask the API whatever Schemathesis can think of, for minutes
	$(VENV)/bin/python -m tests.api.fuzz

.PHONY: bench-api
bench-api: env $(VENV)/.installed-for-tests ## Measure the API beside bare views, in two minutes
	$(VENV)/bin/python -m bench.api

.PHONY: bench
bench: env $(VENV)/.installed-for-tests ## Measure pages, searches and writes at 10,000 and 1,000,000 customers: seven minutes
	$(VENV)/bin/python -m bench.scale 10000 1000000

.PHONY: bench-beside
bench-beside: env $(VENV)/.installed-for-tests ## Measure beside a constant table, Flask-Admin, FastAPI and Django REST framework: four minutes, and ten to load once
	@$(PIP) --editable '.[beside]'
	$(VENV)/bin/python -m bench.beside 1000000

.PHONY: compare
compare: env $(VENV)/.installed-for-tests ## Measure this commit beside an earlier one, OLD=<commit>, call by call in turns: two minutes
	$(VENV)/bin/python -m bench.compare $(OLD)

.PHONY: bench-10m
bench-10m: env $(VENV)/.installed-for-tests ## The same at 10,000 and 10,000,000: an hour, 16 GB of disk
	$(VENV)/bin/python -m bench.scale 10000 10000000 --requests 100000

.PHONY: bench-history
bench-history: env $(VENV)/.installed-for-tests ## Prove the whole history of 10,000 and 1,000,000 customers, and 10,000 changes since
	$(VENV)/bin/python -m bench.proofs

.PHONY: bench-exports
bench-exports: env $(VENV)/.installed-for-tests ## Take a million customers along as a file: two minutes
	$(VENV)/bin/python -m bench.exports

.PHONY: bench-linkage
bench-linkage: env $(VENV)/.installed-for-tests ## Precision and recall of similar customers on people labelled by others: half a minute
	$(VENV)/bin/python -m bench.linkage

.PHONY: bench-guard
bench-guard: env $(VENV)/.installed-for-tests ## Comparing, check and create beside 100,000 entries, at 1,000,000 customers: ten minutes, SIZE=10000000 for more
	$(VENV)/bin/python -m bench.guard $(SIZE)

.PHONY: bench-sync
bench-sync: env $(VENV)/.installed-for-tests ## A nightly sync of 10,000 customers by batch, and 50 checks a second: three minutes
	$(VENV)/bin/python -m bench.sync

.PHONY: bench-following
bench-following: env $(VENV)/.installed-for-tests ## What webhooks and readers of the feed cost those who write, on both databases: three minutes
	$(VENV)/bin/python -m bench.following

.PHONY: bench-imports
bench-imports: env $(VENV)/.installed-for-tests ## Import 20,000 rows while people work, on both databases: ten minutes
	$(VENV)/bin/python -m bench.imports

.PHONY: bench-postgresql
bench-postgresql: env $(VENV)/.installed-for-tests ## The same at 10,000 and 1,000,000 on PostgreSQL, moved there from SQLite
	$(VENV)/bin/python -m bench.scale --postgresql 10000 1000000

.PHONY: cluster
cluster: env $(VENV)/.installed-for-tests ## Start a primary, a standby, two application servers, a balancer and a load, to touch
	$(VENV)/bin/python -m bench.cluster

.PHONY: failover
failover: env $(VENV)/.installed-for-tests ## Kill the primary twenty times under load and count; lose on purpose; 64 editors at once: twenty minutes
	$(VENV)/bin/python -m bench.failover

.PHONY: check-search
check-search: env $(VENV)/.installed-for-tests ## Hold 2,000 searches of 100,000 customers against every row: some seven minutes
	$(VENV)/bin/python -m bench.search_check

.PHONY: proofs
proofs: env $(VENV)/.installed-for-tests ## Run the races of the suite four times as long, and ten thousand random deeds: some twenty minutes
	GATEBOOK_LONG_PROOFS=1 $(VENV)/bin/pytest --numprocesses 2 tests/concurrency tests/batches tests/merging tests/api/test_idempotency.py tests/blacklist/test_figures.py tests/search/test_projections.py tests/history/test_rebuild.py tests/history/test_rows.py

.PHONY: hostile
hostile: env $(VENV)/.installed-for-tests ## Send 100,000 hostile requests at every route: some twenty minutes
	$(VENV)/bin/python -m tests.hostile

.PHONY: sbom
sbom: env ## Write what is installed, with versions and licences, to build/sbom.json (CycloneDX)
	@$(PYTHON) -m venv build/sbom-tool && build/sbom-tool/bin/pip --disable-pip-version-check install --quiet cyclonedx-bom==7.5.0
	build/sbom-tool/bin/cyclonedx-py environment --output-file build/sbom.json $(VENV)

.PHONY: pictures
pictures: env $(VENV)/.installed-for-tests ## Take pictures of every page, light and dark, wide and narrow, into build/pictures
	$(VENV)/bin/python -m tests.browser.pictures

.PHONY: clean
clean: ## Remove what was made, but not the book (instance/) and not the settings (.env)
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache

.env:
	@umask 077 && $(PYTHON) -c 'import secrets; print(f"GATEBOOK_SECRET_KEY={secrets.token_hex(32)}\nGATEBOOK_HISTORY_KEY={secrets.token_hex(32)}\nGATEBOOK_ROOT_KEY={secrets.token_hex(32)}")' > $@

$(VENV)/.installed: pyproject.toml .ci/constraints.txt
	@echo "Installing Gatebook into $(VENV): a minute or two"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@touch $@

$(VENV)/.installed-for-tests: $(VENV)/.installed
	@echo "Installing what the tests need: another minute or two"
	@$(PIP) --editable '.[test]'
	@touch $@
