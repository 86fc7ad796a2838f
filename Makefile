# `make` alone lists what there is. Everything works from a fresh clone: what needs packages
# installs them first, into .venv, and nothing is taken from elsewhere but Python and make.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# Installed from this lock file, and again whenever that changes.
READY := $(VENV)/installed
PYTEST := $(RUN) -m pytest -q
FAST_TESTS := $(wildcard tests/unit tests/painter tests/writer tests/contract tests/integration tests/infra tests/crash)

export PORT ENFORCE_IAM DARKROOM_DIR CONTEXT
# As pip does: behind a company's proxy the certificate is there.
export UV_SYSTEM_CERTS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup run admin reset test test-fast test-one test-e2e test-infra explore live statements crash money kills fuzz check docs fix lock audit synth bootstrap diff deploy destroy bench fairness costs contact-sheet clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## install the packages into .venv

run: $(READY) ## run the whole system on this machine, until Ctrl-C (PORT=8700)
	@$(RUN) -m infra.local

admin: $(READY) ## run the operator's command (ARGS="workspace list"), locally or with STACK=darkroom-prod
	@$(if $(STACK),$(VENV)/bin/darkroom-admin --stack $(STACK),$(RUN) -m infra.local admin) $(ARGS)

reset: ## delete what `make run` keeps: jobs, images, keys
	@if [ -x $(RUN) ]; then $(RUN) -m infra.local reset; else $(PYTHON) -m infra.local reset; fi

test: $(READY) ## run all checks and tests of CI, with a summary
	@summary=''; failed=0; \
	for part in check test-fast test-e2e; do \
	  started=$$(date +%s); \
	  if $(MAKE) --no-print-directory $$part; then result=passed; else result=FAILED; failed=1; fi; \
	  summary="$$summary$$(printf '  %-10s %-7s %4d s' $$part $$result $$(($$(date +%s) - started)))\n"; \
	done; \
	printf "\n$$summary"; exit $$failed

# Two at a time, each file in one process: fixtures of a module are made once.
test-fast: $(READY) ## run the tests that need no running system
	@$(PYTEST) -n 2 --dist loadfile $(FAST_TESTS)

test-one: $(READY) ## one test file, or one test (TEST=tests/unit/test_money.py)
	@$(PYTEST) $(TEST)

test-e2e: $(READY) ## run the end-to-end tests against a local system
	@$(PYTEST) -n 2 --dist loadfile tests/e2e tests/conformance

# Installs checkov, the SAM CLI and CDK's command line; what cannot be installed is skipped.
test-infra: $(READY) ## check the template of every context key, with checkov and the SAM CLI
	@$(PYTEST) -m slow tests/infra

# Property tests draw the same cases in every other run.
explore: $(READY) ## run the property tests with many new cases (SEED=17 repeats a run)
	@seed=$${SEED:-$$($(RUN) -c 'import secrets; print(secrets.randbelow(2**32))')}; \
	echo "SEED=$$seed"; \
	$(PYTEST) -n 2 -m hypothesis --hypothesis-profile=explore --hypothesis-seed=$$seed \
	  tests/unit tests/painter tests/writer tests/contract tests/integration tests/infra \
	  || { echo "make explore SEED=$$seed repeats these cases"; exit 1; }

# Never part of `make test`: it costs a few cents, and no key is a reason to fail.
live: $(READY) ## generate a cheap image with each provider that has a key here, on your bill
	@$(PYTEST) -m live --tb=short tests/live

statements: $(READY) ## list which of the vendors' documented statements the tests cover
	@$(RUN) -m tests.conformance

crash: $(READY) ## crash every AWS call of every path, and of every pair (ARGS="--runs 500")
	@$(RUN) -m tests.crash $(ARGS)

money: $(READY) ## run a thousand mixed jobs on the local AWS, then check the ledger
	@MONEY_JOBS=1000 $(PYTEST) tests/e2e/test_money.py

kills: $(READY) ## run 200 jobs through outages of receiver, relay and bus, then check every event
	@KILLS_JOBS=200 $(PYTEST) -s tests/e2e/test_kills.py

fuzz: $(READY) ## fuzz every operation with thousands of requests (ARGS="--cases 500")
	@$(RUN) -m tests.fuzz $(ARGS)

check: $(READY) ## check format, lint, types and import contracts; edits nothing
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@PYTHONPATH=functions $(RUN) -m darkroom.bootstrap.catalogue

docs: $(READY) ## generate the provider tables, OpenAPI and its pages
	@$(RUN) docs/matrix.py
	@PYTHONPATH=functions $(RUN) -m docs.openapi

fix: $(READY) ## format, and apply ruff's fixes
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

lock: $(READY) ## update requirements.lock from pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile pyproject.toml \
	  --output-file requirements.lock --universal --python-version 3.11 --all-extras \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --quiet

audit: $(READY) ## look the locked packages up in the database of known weaknesses
	@$(VENV)/bin/uv tool run --quiet pip-audit==2.10.1 --disable-pip --require-hashes -r requirements.lock

synth: $(READY) ## synthesize the template into cdk.out (ARGS="-c stage=prod")
	@$(RUN) infra/app.py $(ARGS)

bootstrap: $(READY) ## prepare an account and region for deployments, once
	@$(RUN) -m infra.deploying bootstrap $(ARGS)

diff: $(READY) ## compare the template with what is deployed (ARGS="-c stage=prod")
	@$(RUN) -m infra.deploying diff $(ARGS)

deploy: $(READY) ## deploy to AWS, with your credentials (ARGS="-c stage=prod")
	@$(RUN) -m infra.deploying deploy $(ARGS)

destroy: $(READY) ## delete a deployment, after asking (ARGS="-c stage=prod")
	@$(RUN) -m infra.deploying destroy $(ARGS)

bench: $(READY) ## run the benchmarks
	@$(RUN) -m benchmarks

fairness: $(READY) ## measure how long a small workspace waits beside a large one
	@$(RUN) -m benchmarks.fairness

costs: $(READY) ## count what images and an idle month cost; writes docs/deploying.md
	@$(RUN) -m benchmarks.costs

contact-sheet: $(READY) ## draw the painter's scenes and styles on one page
	@$(RUN) -m benchmarks.contact_sheet

clean: ## delete everything generated, except what `make run` keeps
	rm -rf $(VENV) .build cdk.out .darkroom/assemblies .pytest_cache .mypy_cache .ruff_cache \
	  .hypothesis .import_linter_cache functions/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pip takes a minute for all of this, uv seconds: pip installs uv alone, from the same lock file.
$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON). Darkroom needs Python 3.11 or newer: make PYTHON=python3.13" >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Darkroom needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; \
	  echo "If another is installed, name it: make PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) lacks its venv module (on Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "Installing packages into $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@awk '/^[a-z0-9]/ { wanted = /^uv==/ } wanted' requirements.lock > $(VENV)/uv.txt
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	@$(VENV)/bin/uv pip install --quiet --python $(RUN) --require-hashes -r requirements.lock
	@$(VENV)/bin/uv pip install --quiet --python $(RUN) --no-deps --no-build-isolation -e .
	@touch $@
