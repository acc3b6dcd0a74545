#!/bin/sh
# Packs the program as it is handed out: with its manual pages and completion scripts.
#
#   .github/pack.sh TARGET PROGRAM DIRECTORY
#
# TARGET is the Rust triple that PROGRAM was built for; it has to run here. The archive, named for version and target, is put
# into DIRECTORY: a zip for Windows, else a tar.
set -eu
[ $# = 3 ] || { echo "usage: $0 TARGET PROGRAM DIRECTORY" >&2; exit 2; }
TARGET=$1 PROGRAM=$2 DIRECTORY=$3
TOP=$(cd "$(dirname "$0")/.." && pwd)

VERSION=$("$PROGRAM" --version | cut -d' ' -f2 | tr -d '\r')
NAME=deed-$VERSION-$TARGET
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
mkdir -p "$WORK/$NAME/man/man1" "$WORK/$NAME/completions" "$DIRECTORY"
cp "$PROGRAM" "$TOP/README.md" "$TOP/schemas/deed.schema.json" "$WORK/$NAME"
"$PROGRAM" man --dir "$WORK/$NAME/man/man1"
for shell in bash zsh fish elvish powershell; do
    "$PROGRAM" completions $shell >"$WORK/$NAME/completions/deed.$shell"
done

case $TARGET in
    *-windows-*) (cd "$WORK" && 7z a -bso0 "$NAME.zip" "$NAME") && mv "$WORK/$NAME.zip" "$DIRECTORY" ;;
    *) tar -czf "$DIRECTORY/$NAME.tar.gz" -C "$WORK" "$NAME" ;;
esac
