# Each target first installs the system packages that it needs (Debian, Ubuntu) or says which are missing.
# CARGO_TARGET_DIR is respected.

.PHONY: help run demo test bench soak assets

help:
	@echo "make run     opens the Boardroom in a window, hosted on this machine   (ROOM=studio, ROOM=auditorium: another)"
	@echo "make demo    a room server without a window, with two bots that walk and talk; prints the invite link"
	@echo "make test    formatting, lints, and every test, Chromium included"
	@echo "make bench   the measurements of docs/BENCHMARKS.md   (ATRIUM_BENCH_QUICK=1: a short look)"
	@echo "make soak    ten minutes of churn, and fifty kills of a server on which people draw"
	@echo "make assets  checks the room files"

run:
	@scripts/install-packages build window
	@scripts/run-app $(ROOM)

demo:
	@scripts/install-packages build
	@scripts/run-demo

test:
	@scripts/install-packages build browser network window software-vulkan xvfb
	@scripts/test

bench:
	@scripts/install-packages build
	@scripts/bench

soak:
	@scripts/install-packages build network
	@scripts/soak

# Rooms and avatars are made by the scripts in assets/source; what they make is committed, so that nobody needs Blender.
assets:
	@scripts/install-packages build
	@assets/source/make-assets
	@scripts/check-assets
