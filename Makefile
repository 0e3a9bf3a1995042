# Every target first brings .venv to the state of the lock file (needs Python 3.11, 3.12 or 3.13).
.PHONY: help demo test check bench soak up down
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
READY := .venv/.ready
SOAK := 20

help: # print the targets
	@sed -n 's/^\([a-z]*\):.*# /\1\t/p' Makefile

demo: $(READY) # cases of four programmes live their whole life, in one process, under three minutes
	.venv/bin/grantcase demo

test: check # everything that must hold: format, lint, types, imports, all tests
	$(PYTHON) -m tests.support.servers install
	$(PYTHON) -m pytest

check: $(READY) # format, lint, types, imports; seconds
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: $(READY) # the table of speeds, beside its peers; minutes
	$(PYTHON) -m tests.bench

soak: $(READY) # store and fault tests SOAK rounds with seeds of chance, a million steps of money; long
	$(PYTHON) -m tests.support.servers install
	GRANTCASE_SOAK=$(SOAK) $(PYTHON) -m pytest tests/store tests/faults tests/unit/finance/test_money_walk.py

up: $(READY) # PostgreSQL, RabbitMQ and the four services as processes on this machine
	.venv/bin/grantcase up

down: $(READY) # stop what `make up` started
	.venv/bin/grantcase down

$(READY): pyproject.toml requirements.lock
	deploy/bin/build-venv
	@touch $@
