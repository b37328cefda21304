# The two commands: `make demo` and `make test`. The others are parts of them.

CARGO ?= cargo
ORDERS ?= 200
SEED ?= 1

# Seconds for each fuzz target, and what one input may be and take.
TIME ?= 600
FUZZ_LIMITS = -timeout=5 -rss_limit_mb=1024 -max_len=8192
# Larger inputs are not kept: the corpus is part of the repository.
FUZZ_KEPT = 3k
TARGETS ?= json json_lines xml traced csv x12 edifact mapping_yaml formula values engine

.PHONY: demo test fuzz up build prerequisites test-prerequisites lint deny advisories clean help

help: ## Lists the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: build ## Runs two simulated plants through the whole pipeline on a real Kafka and checks the books; INPUT=DIR feeds the files of DIR instead
	target/release/demo --orders $(ORDERS) --seed $(SEED) $(if $(INPUT),--input "$(INPUT)")

up: build ## As demo, but leaves everything running and prints the addresses; Ctrl-C ends it
	target/release/demo --orders $(ORDERS) --seed $(SEED) --keep-running $(if $(INPUT),--input "$(INPUT)")

build: prerequisites ## Builds every binary into target/release; the operator's command line is target/release/lineside
	$(CARGO) build --release --locked --workspace --bins

# Every build of it selects the whole workspace with its tests: another selection has other features, and compiles the dependencies once more.
# Tests on a real Kafka mostly wait, so more of them run than there are cores. What they need from the network comes while lints are compiled.
test: test-prerequisites ## Everything: formatting, lints, licences, unit, property, integration and kill tests
	$(CARGO) fmt --all --check
	$(CARGO) build --locked --workspace --bins --tests --examples
	target/debug/local-stack fetch --class-archives & fetch=$$!; $(MAKE) --no-print-directory lint deny && wait $$fetch || { kill $$fetch 2>/dev/null; exit 1; }
	RUST_TEST_THREADS=$$((2 * $$(getconf _NPROCESSORS_ONLN))) $(CARGO) test --locked --workspace --no-fail-fast

lint: prerequisites
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

# Licences, bans and sources of every dependency. Advisories need a data base from the network: `make advisories`.
deny: prerequisites
	@command -v target/tools/bin/cargo-deny >/dev/null 2>&1 || CARGO_PROFILE_DEV_DEBUG=false $(CARGO) install --quiet --locked --debug --root target/tools cargo-deny
	target/tools/bin/cargo-deny --log-level error check licenses bans sources
	target/tools/bin/cargo-deny --log-level error --manifest-path fuzz/Cargo.toml --config deny.toml check licenses bans sources

advisories:
	target/tools/bin/cargo-deny check advisories

fuzz: prerequisites ## Fuzzes every target for TIME seconds and keeps what it found; docs/fuzzing.md
	@command -v target/tools/bin/cargo-fuzz >/dev/null 2>&1 || $(CARGO) install --quiet --locked --root target/tools cargo-fuzz
	set -e; for target in $(TARGETS); do \
		mkdir -p fuzz/work/$$target; \
		target/tools/bin/cargo-fuzz run --sanitizer none $$target fuzz/work/$$target fuzz/corpus/$$target -- $(FUZZ_LIMITS) -max_total_time=$(TIME); \
		rm -rf fuzz/merged; mkdir fuzz/merged; \
		target/tools/bin/cargo-fuzz run --sanitizer none $$target fuzz/merged fuzz/corpus/$$target fuzz/work/$$target -- $(FUZZ_LIMITS) -set_cover_merge=1; \
		ls fuzz/corpus/$$target | grep -E '^[0-9a-f]{40}$$' | (cd fuzz/corpus/$$target && xargs rm -f); \
		find fuzz/merged -type f -size -$(FUZZ_KEPT) -exec mv {} fuzz/corpus/$$target \; ; rm -rf fuzz/merged; \
	done

test-prerequisites:
	@sh loadtest/prerequisites.sh test

prerequisites:
	@sh loadtest/prerequisites.sh

clean: ## Removes everything built, downloaded and left over
	$(CARGO) clean
