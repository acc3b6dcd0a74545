#!/bin/sh
# Measures the language server beside ruff's and yaml-language-server in the same run. Everything it installs lies under
# target/bench; `--alone` leaves the peers out.
set -eu
cd "$(dirname "$0")/../.."
RUFF=0.17.6
YAML_LANGUAGE_SERVER=1.25.0

cargo build --release --locked --quiet
cargo build --release --locked --quiet -p deed-test --bin corpus --bin example-org
mkdir -p target/bench
[ -d target/bench/example/.git ] || target/release/example-org target/bench/example
case " $* " in
    *" --alone "*) ;;
    *)
        [ -x target/bench/venv/bin/pip ] || python3 -m venv target/bench/venv
        target/bench/venv/bin/ruff --version 2>/dev/null | grep -q "$RUFF" ||
            target/bench/venv/bin/pip install --quiet "ruff==$RUFF"
        [ -x target/bench/node_modules/.bin/yaml-language-server ] ||
            npm install --silent --prefix target/bench "yaml-language-server@$YAML_LANGUAGE_SERVER"
        ;;
esac
exec python3 tests/bench/lsp.py "$@"
