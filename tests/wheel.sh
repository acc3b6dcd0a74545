#!/bin/sh
# Builds the wheel and installs it in an environment of its own, then has pre-commit build it from a clone, as on a machine of
# somebody who only names the hook. Takes two builds for release, ten minutes or more the first time.
#
#   tests/wheel.sh
#
# WHEELS names a directory with a wheel that is built already. What is built lies below target/wheel.
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh
need python3 python3-venv

PRE_COMMIT_VERSION=4.6.1
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

if [ -z "${WHEELS:-}" ]; then
    WHEELS=$PWD/target/wheel
    rm -rf "$WHEELS"
    python3 -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$WHEELS" .
fi
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
python3 -m venv "$WORK/env"
"$WORK/env/bin/pip" install --quiet --disable-pip-version-check --no-index --find-links "$WHEELS" deed-lint
said=$("$WORK/env/bin/deed" --version)
[ "$said" = "deed $version" ] || fail "the wheel has $said"
"$WORK/env/bin/deed" init --git --organization Acme "$WORK/register" >/dev/null
code=0
"$WORK/env/bin/deed" check "$WORK/register" >/dev/null || code=$?
[ "$code" = 1 ] || fail "deed check ended with $code"
echo "wheel: $(ls "$WHEELS") installs, begins a register and checks it"

# The tracked files as a repository that others refer to, at a tag.
git clone --quiet --no-hardlinks . "$WORK/deed"
export CARGO_TARGET_DIR=$PWD/target GIT_CONFIG_GLOBAL=/dev/null PRE_COMMIT_HOME=$WORK/cache
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@acme.example GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@acme.example
python3 -m venv "$WORK/pre-commit"
"$WORK/pre-commit/bin/pip" install --quiet --disable-pip-version-check "pre-commit==$PRE_COMMIT_VERSION"
git init -q "$WORK/user"
cd "$WORK/user"
printf 'deed: 1\nisms: { owner: nobody }\n' >deed.yaml
cat >.pre-commit-config.yaml <<END
repos:
  - repo: $WORK/deed
    rev: $(git -C "$WORK/deed" rev-parse HEAD)
    hooks: [{ id: deed }]
END
git add -A
git commit -q -m "What was wrong before"
"$WORK/pre-commit/bin/pre-commit" run >"$WORK/log" 2>&1 || { cat "$WORK/log"; fail "pre-commit does not get by what was there"; }
printf 'isms: { manager: somebody-new }\n' >isms.deed.yaml
git add -A
if "$WORK/pre-commit/bin/pre-commit" run >"$WORK/log" 2>&1; then fail "pre-commit let a mistake through"; fi
grep -q somebody-new "$WORK/log" || { cat "$WORK/log"; fail "pre-commit does not show what is wrong"; }
echo "pre-commit: builds the program from a clone and stops what is wrong"
