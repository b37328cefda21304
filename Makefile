# The two commands: `make demo` and `make test`. The others are parts of them.

CARGO ?= cargo
ORDERS ?= 200
SEED ?= 1

.PHONY: demo test up build prerequisites test-prerequisites lint deny advisories clean help

help: ## Lists the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: build ## Runs two simulated plants through the whole pipeline on a real Kafka and checks the books; INPUT=DIR feeds the files of DIR instead
	target/release/demo --orders $(ORDERS) --seed $(SEED) $(if $(INPUT),--input "$(INPUT)")

up: build ## As demo, but leaves everything running and prints the addresses; Ctrl-C ends it
	target/release/demo --orders $(ORDERS) --seed $(SEED) --keep-running $(if $(INPUT),--input "$(INPUT)")

build: prerequisites ## Builds every binary into target/release; the operator's command line is target/release/lineside
	$(CARGO) build --release --locked --workspace --bins

test: test-prerequisites lint deny ## Everything: formatting, lints, licences, unit, property, integration and kill tests
	$(CARGO) build --locked --workspace --bins
	target/debug/local-stack fetch --class-archives
	$(CARGO) test --locked --workspace --no-fail-fast
	$(CARGO) test --locked -p lineside-runtime --features crash-points --test crash_points

lint: prerequisites
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

# Licences, bans and sources of every dependency. Advisories need a data base from the network: `make advisories`.
deny: prerequisites
	@command -v target/tools/bin/cargo-deny >/dev/null 2>&1 || $(CARGO) install --quiet --locked --root target/tools cargo-deny
	target/tools/bin/cargo-deny --log-level error check licenses bans sources

advisories:
	target/tools/bin/cargo-deny check advisories

test-prerequisites:
	@sh loadtest/prerequisites.sh test

prerequisites:
	@sh loadtest/prerequisites.sh

clean: ## Removes everything built, downloaded and left over
	$(CARGO) clean
