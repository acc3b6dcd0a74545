#!/bin/sh
# Fuzzes the parser: `fuzz/run.sh [SECONDS]`. Needs `cargo install cargo-fuzz`.
cd "$(dirname "$0")/.." && RUSTC_BOOTSTRAP=1 exec cargo fuzz run parse fuzz/corpus/parse -- -max_len=1000 -timeout=10 -max_total_time="${1:-3600}"
