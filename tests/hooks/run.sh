#!/bin/sh
# Runs the hooks for real: Git, pre-commit and prek, in repositories of their own; checks the files for others by their schemas.
#
#   tests/hooks/run.sh
#
# The tools are installed below target/hooks, once, in fixed versions. DEED names the program to use.
set -eu
cd "$(dirname "$0")/../.."
. tests/setup.sh
need python3 python3-venv

PRE_COMMIT_VERSION=4.6.1
PREK_VERSION=0.4.10
CHECK_JSONSCHEMA_VERSION=0.39.0
TOOLS=$PWD/target/hooks
READY=$TOOLS/ready-$PRE_COMMIT_VERSION-$PREK_VERSION-$CHECK_JSONSCHEMA_VERSION
if [ ! -f "$READY" ]; then
    rm -rf "$TOOLS"
    python3 -m venv "$TOOLS"
    "$TOOLS/bin/pip" install --quiet --disable-pip-version-check "pre-commit==$PRE_COMMIT_VERSION" "prek==$PREK_VERSION" \
        "check-jsonschema==$CHECK_JSONSCHEMA_VERSION"
    touch "$READY"
fi
[ -n "${DEED:-}" ] || { cargo build --locked --quiet && DEED=$PWD/target/debug/deed; }

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
mkdir "$WORK/bin"
ln -s "$(realpath "$DEED")" "$WORK/bin/deed"
export PATH="$WORK/bin:$TOOLS/bin:$PATH" HOME="$WORK" GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@acme.example GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@acme.example

fail() { echo "FAILED: $*" >&2; exit 1; }

# Every file that others read keeps to their schema, and manifests to ours.
for service in github gitlab; do
    deed init --organization "Acme Pay Ltd" --owner "Ada Moreau <ada@acme.example>" --git --ci $service "$WORK/$service" >/dev/null
done
check() { schema=$1; shift; check-jsonschema "$schema" "$@" >"$WORK/log" || { cat "$WORK/log"; fail "$* against $schema"; }; }
check --builtin-schema=vendor.github-actions action.yml
check --builtin-schema=vendor.github-workflows .github/workflows/release.yml "$WORK/github/.github/workflows/deed-check.yml"
check --builtin-schema=vendor.gitlab-ci "$WORK/gitlab/.gitlab/deed-check.yml" "$WORK/gitlab/.gitlab-ci.yml"
check --schemafile=schemas/deed.schema.json "$WORK"/github/*.yaml
echo "check-jsonschema: what \`deed init\` writes is well formed"

# The hooks as a repository that others refer to.
git init -q "$WORK/hooks"
cp .pre-commit-hooks.yaml "$WORK/hooks"
git -C "$WORK/hooks" add -A
git -C "$WORK/hooks" commit -q -m Hooks
revision=$(git -C "$WORK/hooks" rev-parse HEAD)

for tool in pre-commit prek; do
    repository=$WORK/$tool
    git init -q "$repository"
    cat >"$repository/.pre-commit-config.yaml" <<END
repos:
  - repo: $WORK/hooks
    rev: $revision
    hooks: [{ id: deed-system }]
END
    cat >"$repository/deed.yaml" <<END
deed: 1
isms: { owner: nobody }
END
    git -C "$repository" add -A
    git -C "$repository" commit -q -m "What was wrong before"
    (cd "$repository" && $tool install >/dev/null 2>&1) || fail "$tool install"

    echo "isms: { owner: nobody, manager: somebody-new }" >"$repository/isms.deed.yaml"
    git -C "$repository" add -A
    if git -C "$repository" commit -q -m Bad >"$WORK/log" 2>&1; then fail "$tool let a mistake through"; fi
    grep -q somebody-new "$WORK/log" || { cat "$WORK/log"; fail "$tool does not show what is wrong"; }

    # Mended in the index, wrong again beside it: the index counts, and the file beside it stays as it is.
    echo "x-note: nothing" >"$repository/isms.deed.yaml"
    git -C "$repository" add -A
    echo "isms: { manager: not-staged }" >"$repository/isms.deed.yaml"
    git -C "$repository" commit -q -m Good >"$WORK/log" 2>&1 || { cat "$WORK/log"; fail "$tool stops a commit that is well"; }
    grep -q not-staged "$repository/isms.deed.yaml" || fail "$tool lost what was not staged"
    echo "$tool $($tool --version): stops what is wrong, judges the index, keeps what is not staged"

    # A decision goes through it by itself, whatever else is staged or changed.
    cat >"$repository/people.deed.yaml" <<END
people: { ada: { name: Ada, emails: [ada@acme.example] } }
roles: { ceo: { title: CEO, layer: executive, held_by: ada, authority: { approve: [policies] } } }
policies: { backup: { title: Backup, owner: ceo } }
END
    git -C "$repository" add people.deed.yaml
    git -C "$repository" commit -q --no-verify -m People
    echo staged >"$repository/staged.txt"
    git -C "$repository" add staged.txt
    echo "# not staged" >>"$repository/people.deed.yaml"
    (cd "$repository" && deed decide approved backup) >"$WORK/log" 2>&1 || { cat "$WORK/log"; fail "$tool stops a decision"; }
    grep -q Passed "$WORK/log" || { cat "$WORK/log"; fail "$tool did not look at a decision"; }
    [ "$(git -C "$repository" show --name-only --format= HEAD)" = people.deed.yaml ] || fail "$tool: more than a decision"
    [ "$(git -C "$repository" diff --cached --name-only)" = staged.txt ] || fail "$tool: what was staged is not as it was"
    grep -q "# not staged" "$repository/people.deed.yaml" || fail "$tool: what was not staged is lost"
    grep -q "approved: { by: ada" "$repository/people.deed.yaml" || fail "$tool: the decision is not in the file"
    echo "$tool: lets a decision through, and nothing else"
done
