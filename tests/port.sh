#!/bin/sh
# Compiles Deed for every system it is released for, tests and all, without linking: what is written for one system alone
# must not rot. From Linux; takes ten minutes or more the first time.
#
#   tests/port.sh [TARGET...]
#
# The C in it (libgit2, mimalloc, libdeflate) is compiled with Zig, which has the headers of all of them; it is put below
# target/port with what else it takes.
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh
need python3 python3-venv

TOOLS=$PWD/target/port
if ! cmp -s .github/tools.txt "$TOOLS/tools.txt"; then
    python3 -m venv --clear "$TOOLS"
    "$TOOLS/bin/pip" install --quiet --disable-pip-version-check --requirement .github/tools.txt
    cp .github/tools.txt "$TOOLS"
fi
PATH=$TOOLS/bin:$PATH

[ $# -gt 0 ] || set -- \
    x86_64-unknown-linux-musl aarch64-unknown-linux-musl x86_64-pc-windows-gnu x86_64-apple-darwin aarch64-apple-darwin
for target; do
    rustup target add "$target" 2>/dev/null
    cargo-zigbuild check --workspace --all-targets --locked --quiet --target "$target"
    echo "port: compiles for $target"
done
