# Cairn. `make` lists what one can do; everything runs from one .venv, installed from hashed locks.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
RUN := .venv/.run-installed
DEV := .venv/.dev-installed
BENCH := .venv/.bench-installed
AUDIT := .venv/.audit-installed
DOCS := .venv/.docs-installed
# Half a minute of pip is a second of uv; where uv cannot reach the packages, pip's own settings can.
INSTALL = UV_SYSTEM_CERTS=1 VIRTUAL_ENV=.venv $(BIN)/uv pip install -q --no-progress --require-hashes -r $(1) 2>/dev/null \
	|| $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1)

CONFORM := .conform/node_modules/.package-lock.json
FHIR := .fhir/node_modules/.package-lock.json

.PHONY: help demo dev test check format access bench fuzz soak conform fhir audit sbom lock clean pictures docs dashboard rules

help: ## list what one can do
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r n t; do printf '  make %-9s %s\n' "$$n" "$$t"; done

demo: $(RUN) ## install, start everything on this machine and tell the story of one client
	@$(BIN)/cairn demo

dev: $(DEV) ## start everything on this machine and keep it running
	@$(BIN)/cairn up

test: $(DEV) ## install what tests need and run them all
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: $(DEV) ## format, lint, types, import contracts: what must be clean
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m infra.supply.reasons

format: $(DEV) ## put the code into its one format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(BENCH) ## measure it beside its peers, some minutes, and keep the tables in bench/RESULTS.md
	@$(BIN)/cairn bench

pictures: $(DEV) ## take the pictures of docs/room.md anew, in a real browser
	@CAIRN_TAKE_PICTURES=1 $(BIN)/python -m pytest -n 0 -q tests/goals/web/browser/test_pictures.py

docs: $(DOCS) ## build the pages into site/, to read and to search in a browser
	@$(BIN)/python -m infra.site.build

dashboard: $(DEV) ## make Grafana's dashboard anew, of infra/grafana/panels.yaml
	@$(BIN)/python -m infra.grafana.dashboard

rules: ## play what the person on call would hear, by Prometheus' own promtool
	@command -v promtool >/dev/null || { echo "make rules needs promtool: it comes with Prometheus (on Debian, the package prometheus)" >&2; exit 2; }
	@promtool check config infra/prometheus/prometheus.yml
	@promtool test rules infra/prometheus/rehearsed/*.yml

access: $(DEV) ## write the tables of docs/access.md anew, from what the doors answer each caller
	@CAIRN_WRITE_PAGES=1 $(BIN)/python -m pytest -n 0 -q tests/goals/api/test_access.py tests/reminders/api/test_access.py
	@git --no-pager diff --stat -- docs/access.md

fuzz: $(DEV) ## ask both services thousands of things that nobody thought of, some minutes
	@CAIRN_FUZZ_CASES=200 $(BIN)/python -m pytest -n auto --timeout 1800 tests/goals/api/test_fuzz.py tests/reminders/api/test_fuzz.py

STEPS ?= 1000000000
soak: $(DEV) ## kill every kind of process 200 times while 10,000 messages go out, and count; then simulate STEPS steps, a billion
	@$(BIN)/python -m tests.faults.soak
	@$(BIN)/python -m tests.simulation --steps $(STEPS)

conform: $(DEV) $(CONFORM) ## hold the stand-in for Twilio to the provider's published description, by npm
	@$(BIN)/python -m infra.conform.check

audit: $(AUDIT) ## say what is known against the code and the packages, or that it cannot be known here
	@$(BIN)/python -m infra.supply.audit

sbom: $(AUDIT) ## write what each image is made of, from its lock, as CycloneDX into sbom/
	@mkdir -p sbom
	@for name in goals reminders run; do PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements infra/locks/$$name.txt \
		--pyproject pyproject.toml --output-reproducible --of JSON -o sbom/$$name.cdx.json; done

fhir: $(DEV) $(FHIR) ## hold the FHIR export to HL7's own examples and schema, and to another validator, by npm
	@CAIRN_FHIR=.fhir $(BIN)/python -m pytest -n 0 tests/goals/export/fhir/test_second_opinion.py

lock: $(DEV) ## choose the newest packages again and write the hashed locks
	@$(call COMPILE,run.txt,goals reminders local build)
	@$(call COMPILE,dev.txt,goals reminders otel local build dev bench)
	@$(call COMPILE,bench.txt,goals reminders local build bench)
	@$(call COMPILE,goals.txt,goals otel build)
	@$(call COMPILE,reminders.txt,reminders otel build)
	@$(call COMPILE,audit.txt,audit) --constraints infra/locks/dev.txt
	@$(call COMPILE,docs.txt,docs) --constraints infra/locks/dev.txt
COMPILE = UV_SYSTEM_CERTS=1 $(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-header $(addprefix --extra ,$(2)) pyproject.toml -o infra/locks/$(1)

clean: ## remove what was installed
	rm -rf .venv .conform .fhir sbom site

.venv/bin/uv: infra/locks/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit("Cairn needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@echo "Installing into .venv (from the lock, once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r infra/locks/uv.txt
	@touch $@

$(RUN): .venv/bin/uv infra/locks/run.txt pyproject.toml
	@$(call INSTALL,infra/locks/run.txt)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(RUN) infra/locks/dev.txt
	@$(call INSTALL,infra/locks/dev.txt)
	@touch $@

$(CONFORM): infra/conform/package.json infra/conform/package-lock.json
	@command -v npm >/dev/null || { echo "make conform needs Node 18.20 or newer with its npm: install them, and try again" >&2; exit 2; }
	@mkdir -p .conform && cp $^ .conform/
	@npm ci --prefix .conform --ignore-scripts --no-audit --no-fund --silent \
		|| { echo "npm cannot install what infra/conform/package-lock.json names: see what it says without --silent" >&2; exit 2; }
	@touch $@

$(FHIR): infra/fhir/package.json infra/fhir/package-lock.json infra/fhir/second_opinion.mjs
	@command -v npm >/dev/null || { echo "make fhir needs Node 20 or newer with its npm: install them, and try again" >&2; exit 2; }
	@mkdir -p .fhir && cp $^ .fhir/
	@npm ci --prefix .fhir --ignore-scripts --no-audit --no-fund --silent \
		|| { echo "npm cannot install what infra/fhir/package-lock.json names: see what it says without --silent" >&2; exit 2; }
	@touch $@

$(BENCH): $(RUN) infra/locks/bench.txt
	@$(call INSTALL,infra/locks/bench.txt)
	@touch $@

$(AUDIT): $(DEV) infra/locks/audit.txt
	@$(call INSTALL,infra/locks/audit.txt)
	@touch $@

$(DOCS): $(RUN) infra/locks/docs.txt
	@$(call INSTALL,infra/locks/docs.txt)
	@touch $@
