#!/usr/bin/env python3
"""Whole-process figures of `deed check` and check-jsonschema, run in turn so that a noisy machine bears on both.

Prints when and on what it measured, a table in Markdown (medians of wall seconds, of user + system CPU seconds, the peak
memory, and the ratios), and what a hook and `--since` take. Of the largest corpus check-jsonschema takes minutes, so it
reads that once, between the runs of `deed`. Exit status 1 where a bar is missed. `--quick` leaves out the largest corpus.
"""

import datetime
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BENCH = TOP / "target/bench"
DEED = TOP / "target/release/deed"
PEER = BENCH / "venv/bin/check-jsonschema"
# No bar but these: how many times the peer's speed at 10,000 manifests (wall and CPU), memory per byte of input, seconds
# for the example: without history, with history read anew, with history kept.
SPEED, MEMORY, EXAMPLE = 50, 12, [0.050, 0.150, 0.060]
# Seconds of the hook on the example; how many times a check what `--since` takes.
HOOK, SINCE = 0.100, 2


def run(command, cwd):
    """Wall seconds, CPU seconds and peak resident bytes of one run."""
    start = time.perf_counter()
    child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        sys.exit(f"{command[0]} ended with {child.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def medians(runs):
    return [statistics.median(column) for column in zip(*runs)]


def compare(count):
    corpus = BENCH / f"corpus-{count}"
    files = sorted(str(path.relative_to(corpus)) for path in corpus.rglob("*.yaml"))
    size = sum((corpus / path).stat().st_size for path in files)
    lines = sum((corpus / path).read_bytes().count(b"\n") for path in files)
    # Without history: the peer looks at none.
    ours = [str(DEED), "check", "--no-evidence", "--today", "2026-06-30", "."]
    theirs = [str(PEER), "--schemafile", str(TOP / "schemas/deed.schema.json"), *files]
    # How often the peer runs, and how often `deed` does before and after each.
    rounds, times = {1: (15, 1), 100: (5, 1)}.get(count, (1, 3))
    run(ours, corpus)  # warms the file cache for both
    our_runs = [run(ours, corpus) for _ in range(times)]
    their_runs = []
    for _ in range(rounds):
        their_runs.append(run(theirs, corpus))
        our_runs += [run(ours, corpus) for _ in range(times)]
    a, b = medians(our_runs), medians(their_runs)
    ratio, cpu, memory = b[0] / a[0], b[1] / a[1], a[2] / size
    print(
        f"| {count:,} | {lines:,} | {size / 1e6:.1f} MB | {a[0]:.3f} s | {a[1]:.3f} s | {a[2] / 1e6:.0f} MB "
        f"| {b[0]:.2f} s | {b[1]:.2f} s | {ratio:.0f}× | {cpu:.0f}× | {memory:.1f}× |",
        flush=True,
    )
    return min(ratio, cpu), memory, a[1] / lines


def example():
    """Seconds of the example without history, with all of it read anew, and with what an earlier run kept of it."""
    check = [str(DEED), "check", "--today", "2026-11-24", "."]
    seconds = []
    print()
    for what, options in [("without history", ["--no-evidence"]), ("history read anew", ["--no-cache"]), ("history kept", [])]:
        run(check + options, BENCH / "example")
        wall, cpu, memory = medians([run(check + options, BENCH / "example") for _ in range(15)])
        print(f"The example organisation, {what}: {wall * 1e3:.1f} ms, {cpu * 1e3:.1f} ms CPU, {memory / 1e6:.0f} MB.")
        seconds.append(wall)
    return seconds


def hook():
    """Seconds of a hook before a commit that changes one manifest of the example, and what `--since` takes beside a check."""
    folder = BENCH / "hook"
    git = ["git", "-C", str(folder)]
    if not folder.exists():
        subprocess.run(["git", "clone", "--quiet", str(BENCH / "example"), str(folder)], check=True)
    subprocess.run([*git, "reset", "--quiet", "--hard", "origin/HEAD"], check=True)
    manifest = max(folder.glob("**/*.deed.yaml"), key=lambda path: path.stat().st_size)
    manifest.write_text(manifest.read_text() + "# so\n")
    subprocess.run([*git, "add", "-A"], check=True)
    today = ["--today", "2026-11-24", "."]
    commands = {
        "hook": [str(DEED), "check", "--staged", *today],
        # As a hook it is given what has changed.
        "peer": [str(PEER), "--schemafile", str(TOP / "schemas/deed.schema.json"), str(manifest)],
        "check": [str(DEED), "check", *today],
        "since": [str(DEED), "check", "--since", "HEAD~10", *today],
    }
    for command in commands.values():
        run(command, folder)
    runs = {name: [] for name in commands}
    for _ in range(15):
        for name, command in commands.items():
            runs[name].append(run(command, folder))
    walls = {name: medians(of_one)[0] for name, of_one in runs.items()}
    since = walls["since"] / walls["check"]
    print(
        f"Before a commit of one manifest of the example: {walls['hook'] * 1e3:.0f} ms with evidence, "
        f"check-jsonschema on that manifest alone {walls['peer'] * 1e3:.0f} ms ({walls['peer'] / walls['hook']:.1f}×). "
        f"`--since HEAD~10` takes {since:.2f}× a check ({walls['since'] * 1e3:.0f} ms, {walls['check'] * 1e3:.0f} ms)."
    )
    return walls["hook"], since


def main():
    quick = "--quick" in sys.argv[1:]
    now = datetime.datetime.now(datetime.timezone.utc)
    peer = subprocess.run([PEER, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"Measured on {now:%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores ({platform.machine()}), beside {peer}:\n", flush=True)
    print("| manifests | lines | size | deed wall | deed CPU | deed peak | check-jsonschema wall | CPU | wall ratio | CPU ratio | peak / input |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    counts = [1, 100] if quick else [1, 100, 10_000]
    rows = {count: compare(count) for count in counts}
    missed = []
    if not quick:
        speed, memory, per_line = rows[10_000]
        growth = per_line / rows[100][2]
        print(f"\nCPU per line at 10,000 manifests is {growth:.2f}× that at 100.")
        if speed < SPEED:
            missed.append(f"{speed:.0f}× the speed of check-jsonschema, not {SPEED}×")
        if memory > MEMORY:
            missed.append(f"peak memory {memory:.1f}× the input, not {MEMORY}×")
    for seconds, bar in zip(example(), EXAMPLE):
        if seconds > bar:
            missed.append(f"the example takes {seconds * 1e3:.0f} ms, not {bar * 1e3:.0f} ms")
    before_commit, since = hook()
    if before_commit > HOOK:
        missed.append(f"the hook takes {before_commit * 1e3:.0f} ms, not {HOOK * 1e3:.0f} ms")
    if since > SINCE:
        missed.append(f"`--since` takes {since:.2f}× a check, not {SINCE}×")
    for bar in missed:
        print(f"missed: {bar}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
