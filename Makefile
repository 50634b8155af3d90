# `make` lists what there is to do. Works with the GNU make 3.81 of macOS.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
OPENAPI := docs/reference/openapi.yaml
ENGLISH := coopproject/locale/en/LC_MESSAGES/django.po
WITH_SERVICES = $(BIN)/python -m coopproject.embedded.run
SCHEMA = $(BIN)/python -W error manage.py spectacular --fail-on-warn --validate
PRODUCTION = APP_ENV=production SECRET_KEY=only-to-run-the-checks-0123456789-abcdefghijklmnopqrst \
	TOKEN_PEPPER=only-to-run-the-checks-9876543210-zyxwvutsrqponmlkjihg ALLOWED_HOSTS=coop.example.org \
	RECEIPT_SIGNING_KEY=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef \
	SITE_URL=https://coop.example.org EMAIL_URL=smtp+tls://user:password@mail.example.org:587
.DEFAULT_GOAL := help
.PHONY: help demo test check schema messages fmt lock clean env

help: ## List what there is to do
	@awk -F ':.*## ' '/^[a-z]+:.*## /{ printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: env ## Start everything on this machine, with sample cooperations (PORT=8000 DATA_DIR=./data FRESH=1)
	@exec $(BIN)/python -m coopproject.embedded.demo

test: env ## Run every test, on a PostgreSQL and a Valkey of their own (ARGS="-k name")
	@exec $(BIN)/pytest -q -n 2 --dist worksteal $(ARGS)

check: env ## What a reviewer would ask first: style, types, layers, migrations, security, the API’s description
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format --check -q . || { echo "Some files are not formatted: run “make fmt”." >&2; exit 1; }
	@APP_ENV=test $(BIN)/mypy
	@$(BIN)/lint-imports
	@exec $(WITH_SERVICES) sh -ec ' \
		echo "Migrations:"; $(BIN)/python -W error manage.py makemigrations --check --dry-run; \
		echo "Production settings:"; $(PRODUCTION) $(BIN)/python -W error manage.py check --deploy --fail-level WARNING; \
		echo "Description of the API:"; $(SCHEMA) --file $$DATA_DIR/openapi.yaml; \
		diff -u $(OPENAPI) $$DATA_DIR/openapi.yaml \
			|| { echo "$(OPENAPI) is not what the code says: run “make schema”." >&2; exit 1; }; \
		echo "It is the one in $(OPENAPI)."'

schema: env ## Write the description of the API again (docs/reference/openapi.yaml)
	@mkdir -p $(dir $(OPENAPI))
	@exec $(WITH_SERVICES) $(SCHEMA) --file $(OPENAPI)

messages: env ## Gather the French sentences for their English translation, and compile it
	@mkdir -p coopproject/locale
	@$(BIN)/pybabel -q extract --no-wrap --sort-by-file --add-location=file -F babel.cfg \
		--project Coopproject -o coopproject/locale/django.pot .
	@test -f $(ENGLISH) || $(BIN)/pybabel -q init -D django -l en -i coopproject/locale/django.pot -d coopproject/locale
	@$(BIN)/pybabel -q update --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -D django -l en \
		-i coopproject/locale/django.pot -d coopproject/locale
	@$(BIN)/pybabel -q compile -D django -d coopproject/locale
	@rm coopproject/locale/django.pot

fmt: env ## Format the code, and mend what the linter can
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format -q .

lock: env ## Solve the dependencies of pyproject.toml again (UPGRADE=1 raises the versions)
	@$(LOCK) --all-extras $(if $(UPGRADE),--upgrade) pyproject.toml -o requirements.lock
	@$(LOCK) -c requirements.lock --no-annotate pyproject.toml -o requirements-production.lock
	@sed -n 's/^uv==\([^ ]*\).*/uv==\1/p' requirements.lock | $(LOCK) --python-version 3.9 - -o tools.lock

clean: ## Remove the environment and the caches; the data of the demo stay
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment: uv in .tools, then Python 3.13 and the locked packages in .venv. Done again only when a lock changes.
env:
	@case "$$(uname -s)" in Linux | Darwin) ;; *) \
		echo "Coopproject runs on Linux and macOS; on Windows, use WSL (wsl --install), then the same command." >&2; exit 1 ;; esac
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null || { \
		echo "Python 3.9 or later is needed to begin with, and “$(PYTHON)” is not one: install it, or name it with PYTHON=…" >&2; exit 1; }
	@cmp -s tools.lock .tools/installed.lock || { \
		$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
			echo "Python’s venv module is missing: install it (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }; \
		echo "Fetching uv, which fetches the rest…"; \
		$(PYTHON) -m venv --clear .tools && .tools/bin/python -m pip install -q --disable-pip-version-check \
			--no-deps --require-hashes -r tools.lock && cp tools.lock .tools/installed.lock; }
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null || { \
		echo "Making an environment with Python 3.13…"; \
		$(UV) venv -q --clear --python 3.13 .venv; }
	@cmp -s requirements.lock .venv/installed.lock || { \
		echo "Installing $$(grep -c == requirements.lock) packages, each checked against its hash…"; \
		$(UV) pip sync --python $(BIN)/python --require-hashes requirements.lock && cp requirements.lock .venv/installed.lock; }

LOCK = $(UV) pip compile -q --universal --generate-hashes --custom-compile-command "make lock"

# A mirror that pip was told of serves uv too.
UV = env $${PIP_INDEX_URL:+UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$$PIP_INDEX_URL}"} .tools/bin/uv
