#!/bin/sh
# Passes the tests: set-up, format, clippy, tests, documentation.
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh

step() { printf '\n== %s\n' "$*"; "$@"; }

step cargo fmt --all --check
step cargo clippy --workspace --all-targets --locked -- -D warnings
# The property tests draw the same cases each time, so that a change passes or fails by what it changes. To look further:
# `PROPTEST_RNG_SEED=$(date +%s) PROPTEST_CASES=20000 cargo test`.
PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-1} step cargo test --workspace --locked
DEED=$PWD/target/debug/deed step tests/formats/run.sh
DEED=$PWD/target/debug/deed step tests/hooks/run.sh
RUSTDOCFLAGS="-D warnings" step cargo doc --workspace --no-deps --locked
