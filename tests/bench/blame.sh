#!/usr/bin/env bash
# Measures `deed blame .` against C git on clones, in processor seconds (user + system), peak memory in MB.
#
#   tests/bench/blame.sh CLONE…
#
# Nothing is written to the clones: each is cloned again with shared objects, without a commit graph as a fresh clone is,
# and once more with a commit graph and Bloom filters, which `git blame` is measured with as well.
#
# Of `again`, 2 ms are starting the process; the rest is reading the kept answer, summing it up and saying it: 7 MB of JSON
# for kubernetes/enhancements.
#
#   DEED=target/release/deed   the binary
#   RUNS=3                     of which the median counts
#   SAMPLE=40                  files that `git blame` is run on; its time for all is reckoned from theirs
set -euo pipefail
export LC_ALL=C GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
deed=$(realpath "${DEED:-target/release/deed}")
runs=${RUNS:-3}
sample=${SAMPLE:-40}
patterns=('*.yaml' '*.yml' '*.json')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Prints "seconds megabytes" of one run of a command, whose output is thrown away. `time` knows hundredths of seconds only.
once() {
    python3 -c '
import os, sys
null = os.open(os.devnull, os.O_WRONLY)
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
_, status, used = os.wait4(child, 0)
print(f"{used.ru_utime + used.ru_stime:.4f} {used.ru_maxrss // 1024}")
sys.exit(os.waitstatus_to_exitcode(status))' "$@" 2>"$work/err" || { cat "$work/err" >&2; exit 1; }
}

# The median of several runs.
measure() {
    for _ in $(seq "$runs"); do once "$@"; done | sort -n | awk '{ line[NR] = $0 } END { print line[int((NR + 1) / 2)] }'
}

# Seconds of `git blame` for all files of a list, reckoned from a sample spread over it.
blame_all() {
    local git=$1 list=$2 all step
    all=$(wc -l <"$list")
    step=$(((all + sample - 1) / sample))
    awk -v step="$step" 'NR % step == int(step / 2)' "$list" >"$work/sample"
    /usr/bin/time -o "$work/time" -f '%U %S' \
        sh -c 'while IFS= read -r file; do git --git-dir="$1" blame --porcelain HEAD -- "$file" >/dev/null; done <"$2"' \
        _ "$git" "$work/sample" 2>/dev/null
    awk -v all="$all" -v some="$(wc -l <"$work/sample")" '{ printf "%.2f\n", ($1 + $2) * all / some }' "$work/time"
}

percent() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.1f", 100 * a / b; else printf "-" }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "-" }'; }

printf '%-14s %6s | %8s %8s %6s %5s | %9s %6s %9s %6s | %8s %6s | %8s %6s\n' \
    clone files 'git log' 'deed' 'ratio' MB 'git blame' ratio '…Bloom' ratio again '%' '10 later' '%'
for clone in "$@"; do
    clone=$(realpath "$clone")
    name=$(basename "$clone" .git)
    rm -rf "$work"/{fresh,bloom}
    git clone --quiet --bare --shared "$clone" "$work/fresh"
    git clone --quiet --bare --shared "$clone" "$work/bloom"
    git --git-dir="$work/bloom" commit-graph write --reachable --changed-paths 2>/dev/null
    git --git-dir="$work/fresh" ls-tree -r --name-only HEAD | grep -E '\.(yaml|yml|json)$' >"$work/files"
    git=(git --git-dir="$work/fresh")
    # As it is by default, unless objects it looks for renames in are not there.
    renames=()
    "${git[@]}" log --raw HEAD -- "${patterns[@]}" >/dev/null 2>&1 || renames=(--no-renames)
    read -r log _ < <(measure "${git[@]}" log --raw --no-abbrev "${renames[@]}" --format=%H HEAD -- "${patterns[@]}")
    cd "$work/fresh"
    read -r cold memory < <(measure "$deed" blame . --format json --no-cache)
    once "$deed" blame . --format json >/dev/null
    read -r again _ < <(runs=$((3 * runs)) measure "$deed" blame . --format json)
    later=$(for _ in $(seq "$runs"); do
        rm -rf deed
        once "$deed" blame . --format json --at HEAD~10 >/dev/null
        once "$deed" blame . --format json
    done | sort -n | awk '{ line[NR] = $1 } END { print line[int((NR + 1) / 2)] }')
    cd - >/dev/null
    plain=$(blame_all "$work/fresh" "$work/files")
    bloom=$(blame_all "$work/bloom" "$work/files")
    printf '%-14s %6d | %8.2f %8.2f %6s %5d | %9.1f %6s %9.1f %6s | %8.4f %6s | %8.4f %6s\n' \
        "${name:0:14}" "$(wc -l <"$work/files")" "$log" "$cold" "$(ratio "$cold" "$log")" "$memory" \
        "$plain" "$(ratio "$plain" "$cold")" "$bloom" "$(ratio "$bloom" "$cold")" \
        "$again" "$(percent "$again" "$cold")" "$later" "$(percent "$later" "$cold")"
done
