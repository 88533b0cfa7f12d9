# Sourced by the other scripts: where things are, and how they speak to people.
# shellcheck shell=bash

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

# Rustup installs into a folder that a login shell has on its path, other shells often not.
# System tools such as `ip` lie where an ordinary user's path does not look.
PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin:/usr/sbin:/sbin"

need_cargo() {
    local needed found
    needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    command -v cargo >/dev/null ||
        fail "Atrium is built with Rust $needed or later: install it from https://rustup.rs, then run this again."
    found=$(cargo --version | cut -d' ' -f2)
    [ "$(printf '%s\n' "$needed" "$found" | sort -V | head -n 1)" = "$needed" ] ||
        fail "Atrium is built with Rust $needed or later, and cargo is $found: run \`rustup update\`, or install rustup from https://rustup.rs."
}

# Where cargo puts what it builds, whatever the environment and cargo's own settings say.
target_folder() {
    cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/'
}

# The packages that link the engine. Always named together: another selection would give their dependencies other
# features, and the engine would be built twice.
engine_packages=(--package atrium --package atrium-scene --package atrium-app-tests)

# Tests draw with the processor, whatever graphics card there is, so that pictures are the same everywhere.
use_software_vulkan() {
    local driver
    driver=$(compgen -G '/usr/share/vulkan/icd.d/lvp_icd*.json' | head -n 1)
    [ -n "$driver" ] || fail "Mesa's software Vulkan driver is missing: install mesa-vulkan-drivers, then run this again."
    export VK_DRIVER_FILES=$driver WGPU_BACKEND=vulkan
}

# A word for what the engine was built from.
engine_stamp() { cat Cargo.lock Cargo.toml rust-toolchain.toml | sha256sum | cut -c 1-16; }
