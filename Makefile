# Every target is a line or two that can be run by hand; `make synth` and `make test` set up what they need.
# ENVIRONMENTS=dev,test narrows the targets that take several environments; ENV=dev is for one that takes a single one.

PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)
# Terraform would otherwise ask for news of itself.
export CHECKPOINT_DISABLE = 1
# Without byte code the provider packages take seconds to import.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup node-version synth test snapshots lock provider-lock docs schema names rights manifests rehearse validate bench judge diff clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: node-version .venv/installed node_modules/installed ## install the pinned Python and Node packages into this folder

.venv/installed: requirements.txt requirements-dev.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version)'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

node-version:
	@command -v node > /dev/null || { echo "node: is not found; install Node 22, or 20, and put it on the path" >&2; exit 2; }
	@node command_line/node_version.cjs

# `npx cdktf` starts the launcher; npm has put cdktf-cli's own start there.
node_modules/installed: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	ln -sf ../../command_line/cdktf node_modules/.bin/cdktf
	@touch $@

synth: setup ## write the Terraform JSON of every environment into cdktf.out/
	npx cdktf synth

test: setup ## format and lint check, types, tests
	ruff format --check .
	ruff check .
	mypy
	pytest --numprocesses auto --dist loadfile

# The file is no argument: then syrupy would leave the snapshots of an environment that is gone.
snapshots: setup ## accept the synthesised JSON as it is now; read the diff before you commit it
	pytest --override-ini testpaths=tests/stacks/test_snapshots.py --quiet --snapshot-update --snapshot-details

lock: setup ## renew the address locks of what is deployed, as far as environments/allowed/ allows for it
	python -m deployment.address_lock

provider-lock: setup ## renew which releases of the providers run, and their checksums; needs a registry
	python -m deployment.provider_lock

judge: setup ## let checkov, from a Python environment of its own, and trivy judge one environment (ENV=prod)
	python -m reference.for_judges cdktf.out/judged
	test -x .venv-checkov/bin/checkov || { $(PYTHON) -m venv .venv-checkov && .venv-checkov/bin/pip install --quiet --disable-pip-version-check checkov==3.3.30; }
	-.venv-checkov/bin/checkov --directory cdktf.out/judged/json --framework terraform_json --compact
	trivy config --exit-code 1 --skip-check-update --ignorefile reference/trivy-exceptions.yaml cdktf.out/judged/hcl

diff: setup ## plan one stack (ENV=dev STACK=network) as a pipeline would, and let the gate read the plan
	python -m deployment.diff

# A page is whole or stays as it was.
page = python -m $(1) > $(2).new && mv $(2).new $(2) || { status=$$?; rm -f $(2).new; exit $$status; }

docs: setup ## renew the pages that are generated from the code
	$(call page,reference.settings,docs/settings.md)
	$(call page,reference.network,docs/network.md)
	$(call page,reference.costs,docs/costs.md)
	$(call page,reference.changes_by_others,docs/changes-by-others.md)
	$(call page,reference.alerts,docs/alerts.md)
	$(call page,reference.governance,docs/governance.md)

schema: setup ## renew environments/schema.json, by which editors complete and check the settings
	$(call page,reference.schema,environments/schema.json)

# It is sourced: what setting up says goes elsewhere, and a failure leaves no variable and a status.
names: ## print every name and id of one environment (ENV=dev), and the commands that people look up
	@$(MAKE) --silent setup >&2 || { grep '^unset ' reference/names.py; echo false; exit 2; }
	@python -m reference.names

rights: setup ## print the rights that the pipelines of one environment need (ENV=dev), as commands
	@python -m reference.rights

manifests: ## print what one environment (ENV=dev) makes in Kubernetes, as YAML
	@$(MAKE) --silent setup >&2
	@python -m reference.manifests

rehearse: setup ## deploy and destroy one environment (ENV=dev) with the real Terraform and no cloud
	python -m rehearsal.rehearsal

validate: setup ## check every stack with the real providers; needs a registry to install them from
	python -m rehearsal.validation

bench: setup ## measure a synth and renew docs/performance.md
	python -m provider_loading.benchmark

clean: ## remove everything generated or installed; states under bootstrap/ stay
	rm -rf .venv node_modules cdktf.out .pytest_cache .mypy_cache .ruff_cache .hypothesis
