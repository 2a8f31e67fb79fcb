# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup demo test bench torture field year load bundle lock clean
.DEFAULT_GOAL := help

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: .venv/.made  ## the environment in .venv/, from the locks

.venv/.made: locks/dev.txt locks/clients.txt pyproject.toml hatch_build.py package.json package-lock.json
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r locks/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r locks/clients.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: setup  ## a whole city on a virtual working day; Ctrl-C ends it
	@$(BIN)/zaigang-sim demo

test: setup  ## everything that CI runs
	@PATH="$(CURDIR)/$(BIN):$$PATH" tests/run

bench: setup  ## the hot paths against the physical limit, also to build/bench.json
	$(BIN)/python -m tests.bench

torture: setup  ## kills: a kiosk between tap and beep, a hub between record and settled, one of two intakes; 200 bad worlds
	$(BIN)/python -m tests.edge.killed 1000 --seed 7
	$(BIN)/python -m tests.hub.whole.killed 500 --seed 7
	$(BIN)/python -m tests.hub.whole.shared_out 1000 --seed 7
	ZAIGANG_SEEDS=200 $(BIN)/pytest -n 2 -q tests/simulator/whole_world/test_seeds.py -k no_beep_is_lost

field: setup  ## booted machines: a hub, a kiosk from its box to the board, one whose clock stands at 1970, cables and power pulled; HUB=trixie, or ARCH=armhf or ARCH=arm64 for an emulated kiosk (root)
	ZAIGANG_FIELD=all ZAIGANG_FIELD_HUB=$(HUB) ZAIGANG_FIELD_ARCH=$(ARCH) $(BIN)/pytest -n 0 -q -rs --durations=0 $(if $(ARCH),$(EMULATED),tests/field)
EMULATED := tests/field/test_kiosk.py -k "is_recorded_at_the_hub or without_a_cable or few_rights"
HUB := bookworm

year: setup  ## a simulated year of 200 stations with all faults; STATIONS=20 DAYS=30 for a part of it
	$(BIN)/zaigang-sim scenario simulator/scenarios/year.toml --processes 2 --stations $(STATIONS) --days $(DAYS)
STATIONS := 200
DAYS := 365

load: setup  ## the alarms of a simulated year of 1,000 stations, held to what people can take (EEMUA 191); fails where it is more
	$(BIN)/zaigang-sim load simulator/scenarios/year.toml --stations 1000

bundle: setup  ## the two files for a hub and for kiosks, in dist/; ARCH=aarch64 for another hub, KEY=FILE to sign by
	@$(BIN)/python -m deploy.bundle $(if $(ARCH),--arch $(ARCH)) $(if $(KEY),--key $(KEY))

lock: setup  ## resolve the dependencies anew (needs uv)
	uv pip compile -q $(LOCK) --extra sim --group dev -o locks/dev.txt pyproject.toml
	uv pip compile -q $(LOCK) --extra kiosk -c locks/dev.txt -o locks/kiosk.txt pyproject.toml
	uv pip compile -q $(LOCK) --extra hub --extra postgresql -c locks/dev.txt -o locks/hub.txt pyproject.toml
LOCK := --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-annotate --no-header

clean:  ## all that was made here
	rm -rf .venv build dist node_modules hub/web/static/vendor hub/web/swagger
