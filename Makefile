# Each target first installs the system packages that it needs (Debian, Ubuntu) or says which are missing.
# CARGO_TARGET_DIR is respected.

.PHONY: help run test bench soak assets

help:
	@echo "make run     a room server with two bots that walk and talk; prints the invite link"
	@echo "make test    formatting, lints, and every test, Chromium included"
	@echo "make bench   the measurements of docs/BENCHMARKS.md   (ATRIUM_BENCH_QUICK=1: a short look)"
	@echo "make soak    ten minutes of churn, and twenty kills of the server"
	@echo "make assets  checks the room files"

run:
	@scripts/install-packages build
	@scripts/run-demo

test:
	@scripts/install-packages build browser network
	@scripts/test

bench:
	@scripts/install-packages build
	@scripts/bench

soak:
	@scripts/install-packages build network
	@scripts/soak

# Nothing is generated yet: rooms are written by hand.
assets:
	@scripts/install-packages build
	@scripts/check-assets
