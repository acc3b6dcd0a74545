#!/bin/sh
# Packages the extension with the program inside, for the platform of that program.
#
#   editors/vscode/package.sh                                     this machine, program built here
#   editors/vscode/package.sh win32-x64 path/to/deed.exe          another platform, program built for it
#
# The package lies in target/editors. Targets: linux-x64, linux-arm64, linux-armhf, alpine-x64, alpine-arm64,
# darwin-x64, darwin-arm64, win32-x64, win32-arm64; see README.md for the Rust triple of each.
set -eu
cd "$(dirname "$0")"
ROOT=$(cd ../.. && pwd)

case $(uname -sm) in
    "Linux x86_64") HERE=linux-x64 ;;
    "Linux aarch64") HERE=linux-arm64 ;;
    "Darwin x86_64") HERE=darwin-x64 ;;
    "Darwin arm64") HERE=darwin-arm64 ;;
    *) HERE= ;;
esac
TARGET=${1:-$HERE}
PROGRAM=${2:-}
if [ -z "$TARGET" ]; then
    echo "error: say for which platform to package, and where the program for it lies" >&2
    exit 2
fi
if [ -z "$PROGRAM" ]; then
    if [ "$TARGET" != "$HERE" ]; then
        echo "error: say where the \`deed\` built for $TARGET lies" >&2
        exit 2
    fi
    (cd "$ROOT" && cargo build --profile dist --locked)
    PROGRAM=$ROOT/target/dist/deed
fi

case $TARGET in win32-*) NAME=deed.exe ;; *) NAME=deed ;; esac
rm -rf server
mkdir -p server "$ROOT/target/editors"
cp "$PROGRAM" "server/$NAME"
chmod 755 "server/$NAME"

# What is installed is what package-lock.json says; again only where that has changed.
if ! cmp -s package-lock.json node_modules/.installed; then
    npm ci --silent
    cp package-lock.json node_modules/.installed
fi
OUT=$ROOT/target/editors/deed-$TARGET.vsix
npx --no-install vsce package --no-dependencies --skip-license --target "$TARGET" --out "$OUT"
