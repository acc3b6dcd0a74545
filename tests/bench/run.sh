#!/bin/sh
# Measures `deed check` beside check-jsonschema on the same generated manifests and the same schema.
# Everything it makes lies under target/bench; running it again reuses what is there.
set -eu
cd "$(dirname "$0")/../.."
CHECK_JSONSCHEMA=0.39.0

cargo build --release --locked --quiet
cargo build --release --locked --quiet -p deed-test --bin corpus --bin example-org
mkdir -p target/bench
if ! target/bench/venv/bin/check-jsonschema --version 2>/dev/null | grep -q "$CHECK_JSONSCHEMA"; then
    python3 -m venv target/bench/venv
    target/bench/venv/bin/pip install --quiet "check-jsonschema==$CHECK_JSONSCHEMA"
fi
for count in 1 100 10000; do
    [ -f "target/bench/corpus-$count/deed.yaml" ] || target/release/corpus "target/bench/corpus-$count" "$count"
done
[ -d target/bench/example/.git ] || target/release/example-org target/bench/example
exec python3 tests/bench/compare.py "$@"
