"""Drives language servers over standard input and output, and prints how long an editor waits.

Each figure is a median and a 95th percentile in milliseconds, of an edit to the diagnostics of that version, unless it says
otherwise. The peers get texts of their own language and of the same length; ratios are of what a user waits for, not of rules.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Empty, Queue

TARGET = Path("target/bench").resolve()
DEED = Path(os.environ.get("DEED", "target/release/deed")).resolve()
ROUNDS = int(os.environ.get("ROUNDS", "60"))
# How many edits memory has to stay flat over.
EDITS = int(os.environ.get("EDITS", "20000"))


class Server:
    """A running server; `options` are its initializationOptions, `settings` what it is told when it asks."""

    def __init__(self, command, folder, options=None, settings=None):
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.messages, self.number, self.settings = Queue(), 0, settings or {}
        threading.Thread(target=self._read, daemon=True).start()
        uri = folder.as_uri()
        self.started = time.perf_counter()
        self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": "bench"}],
                "capabilities": {
                    "textDocument": {"publishDiagnostics": {"versionSupport": True, "relatedInformation": True}},
                    "workspace": {"configuration": True},
                },
                "initializationOptions": options or {},
            },
        )
        self.notify("initialized", {})
        if settings:
            self.notify("workspace/didChangeConfiguration", {"settings": settings})

    def _read(self):
        out = self.process.stdout
        while line := out.readline():
            length = 0
            while line.strip():
                name, _, value = line.decode().partition(":")
                if name.lower() == "content-length":
                    length = int(value)
                line = out.readline()
            body = out.read(length)
            # What this reader takes to read JSON is not the server's.
            at = time.perf_counter()
            self.messages.put((at, json.loads(body)))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def request(self, method, params):
        self.number += 1
        number = self.number
        self.send({"id": number, "method": method, "params": params})
        return self.wait(lambda message: message.get("id") == number and "method" not in message)[1]

    def wait(self, is_it, patience=120):
        until = time.perf_counter() + patience
        while True:
            try:
                at, message = self.messages.get(timeout=max(0.001, until - time.perf_counter()))
            except Empty:
                sys.exit(f"{self.process.args[0]}: nothing came in {patience} s")
            if "method" in message and "id" in message:
                result = None
                if message["method"] == "workspace/configuration":
                    result = [self.settings.get(item.get("section")) for item in message["params"]["items"]]
                self.send({"id": message["id"], "result": result})
            if is_it(message):
                return at, message

    def open(self, path, language, version=1):
        uri, text = path.as_uri(), path.read_text()
        document = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def change(self, uri, version, changes):
        self.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": changes},
        )

    def published(self, uri, version=None, settle=0.0):
        """When the diagnostics of a version came; a server that tells no versions is taken to mean the latest."""

        def is_it(message):
            params = message.get("params", {})
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and params["uri"] == uri
                and (version is None or params.get("version") in (None, version))
            )

        found = self.wait(is_it)
        while settle:
            try:
                at, message = self.messages.get(timeout=settle)
                found = (at, message) if is_it(message) else found
            except Empty:
                break
        return found

    def proven(self):
        """Waits until history is read: from then on decisions are judged at each edit as well."""
        while any(root["state"] == "pending" for root in self.request("deed/evidence", {})["result"]["roots"]):
            time.sleep(0.2)

    def memory(self):
        """Resident set in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    def processor(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def at(line, character, length=0):
    return {"start": {"line": line, "character": character}, "end": {"line": line, "character": character + length}}


def percentiles(times):
    times = sorted(times)
    return times[len(times) // 2] * 1000, times[min(len(times) - 1, int(len(times) * 0.95))] * 1000


def edits(server, uri, line, rounds=ROUNDS, column=1, first=2):
    """Types and takes back one letter at a place; returns how long each took to be judged."""
    times = []
    for number in range(rounds):
        version = number + first
        change = {"range": at(line, column, number % 2), "text": "" if number % 2 else "x"}
        start = time.perf_counter()
        server.change(uri, version, [change])
        times.append(server.published(uri, version)[0] - start)
    return times


def burst(server, uri, line):
    """Fifty edits at once: ms from the last one to its diagnostics, and how many times diagnostics were sent."""
    while not server.messages.empty():
        server.messages.get()
    for number in range(50):
        server.change(uri, 1000 + number, [{"range": at(line, 1, 0), "text": "y"}])
    last, count = time.perf_counter(), 0
    while True:
        when, message = server.wait(lambda message: message.get("method") == "textDocument/publishDiagnostics")
        if message["params"]["uri"] != uri:
            continue
        count += 1
        if message["params"].get("version") in (None, 1049):
            return (when - last) * 1000, count


def requests(server, uri, method, positions):
    times = []
    for position in positions:
        start = time.perf_counter()
        answer = server.request(method, {"textDocument": {"uri": uri}, "position": position})
        times.append(time.perf_counter() - start)
        if "error" in answer:
            return None
    return percentiles(times)


def row(name, times, bar="", extra=""):
    median, high = times
    print(f"{name:<52} {median:8.1f} {high:8.1f}   {bar:<12} {extra}")


def commit(folder):
    """Makes a repository of a workspace, unless it is one: uncommitted, each of its decisions would be a diagnostic.

    All of it is recorded at once by one person, long after the days it tells; a register that is in order asks no more of
    its evidence than that.
    """
    if (folder / ".git").exists():
        return
    root = folder / "deed.yaml"
    root.write_text(root.read_text() + "evidence: { grace: 20y, require: { default: recorded } }\n")
    who = ["-c", "user.name=Person 0", "-c", "user.email=p0@benchmark.example", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "--quiet", "-b", "main"], ["add", "-A"], [*who, "commit", "--quiet", "-m", "Start"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)


def manifests():
    """The workspaces that are measured, made once."""
    corpus = TARGET.parent / "release" / "corpus"
    for count in (1, 1000, 10000):
        folder = TARGET / f"corpus-{count}"
        if not (folder / ".git").exists():
            subprocess.run([corpus, folder, str(count)], check=True)
            if count > 1:
                commit(folder)
    some = sorted((TARGET / "corpus-10000" / "risks").glob("*.yaml"))[:19]
    entries = "".join(path.read_text().split("risks:\n", 1)[1] for path in some)
    for name, text in (("clean", entries), ("dense", entries)):
        folder = TARGET / f"long-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copy(TARGET / "corpus-1" / "deed.yaml", folder)
        if name == "dense":
            lines = []
            for line in text.splitlines():
                if line.startswith("    ") and ":" in line:
                    line = line.split(":")[0] + "x:" + line.split(":", 1)[1]
                lines.append(line)
                if line.startswith("  R-"):
                    lines.append("    wrong: x")
            text = "\n".join(lines) + "\n"
        (folder / "risks.deed.yaml").write_text("#\nrisks:\n" + text)
        commit(folder)
    return TARGET / "long-clean", TARGET / "long-dense"


def deed():
    clean, dense = manifests()
    for name, folder in (("clean", clean), ("dense", dense)):
        path = folder / "risks.deed.yaml"
        server = Server([DEED, "lsp"], folder)
        uri = server.open(path, "yaml")
        count = len(server.published(uri, 1, settle=0.5)[1]["params"]["diagnostics"])
        lines = len(path.read_text().splitlines())
        row(f"deed: edit, {lines} lines, {count} diagnostics", percentiles(edits(server, uri, 0)), "2 / 10")
        text = path.read_text().splitlines()
        middle = next(n for n, line in enumerate(text) if n > lines // 2 and " title" in line)
        colon = text[middle].index(":")
        times = percentiles(edits(server, uri, middle, column=colon + 2, first=200))
        row("deed: edit of a title in the middle of it", times, "2 / 10")
        times = percentiles(edits(server, uri, middle, column=colon + 1, first=400))
        row("deed: edit that breaks that line, and mends it", times, "- / 10")
        if name == "clean":
            wait, times = burst(server, uri, 0)
            row("deed: 50 edits at once, the last one", (wait, wait), "50", f"sent {times} times (3 at most)")
            places = [{"line": line, "character": 6} for line in range(10, lines - 10, max(1, lines // 50))]
            for method in ("textDocument/completion", "textDocument/hover"):
                if times := requests(server, uri, method, places):
                    row(f"deed: {method.split('/')[1]}", times, "- / 10")
            before = server.memory()
            edits(server, uri, 0, EDITS, first=2000)
            print(f"deed: resident after {EDITS} more edits {before:.0f} -> {server.memory():.0f} MB")
        server.stop()
    for count, bar in ((1000, "- / 16"), (10000, "- / 60")):
        folder = TARGET / f"corpus-{count}"
        server = Server([DEED, "lsp"], folder)
        risk = sorted((folder / "risks").glob("*.yaml"))[count // 20]
        for path, what in ((folder / "deed.yaml", "the root"), (risk, "one that nobody refers to")):
            uri = server.open(path, "yaml")
            server.published(uri, 1)
            server.proven()
            last = path.read_text().count("\n")
            server.change(uri, 2, [{"range": at(last, 0), "text": "#\n"}])
            server.published(uri, 2)
            times = percentiles(edits(server, uri, last, ROUNDS // 2, first=3))
            row(f"deed: edit of {what}, of {count} manifests", times, bar, f"{server.memory():.0f} MB")
        server.stop()
    example = TARGET / "example"
    if (example / ".git").exists():
        for _ in range(2):
            server = Server([DEED, "lsp"], example)
            uri = server.open(example / "deed.yaml", "yaml")
            first = server.published(uri, 1)[0] - server.started
            server.wait(lambda message: "uncommitted" in json.dumps(message) or "signed" in json.dumps(message), 20)
            proven = time.perf_counter() - server.started
            memory = server.memory()
            server.stop()
        row("deed: start to first diagnostics of the example", (first * 1000, first * 1000), "150", f"{memory:.0f} MB (60)")
        row("deed: start to diagnostics about evidence", (proven * 1000, proven * 1000))


def ruff():
    command = TARGET / "venv" / "bin" / "ruff"
    if not command.exists():
        sys.exit("ruff is not there: run tests/bench/lsp.sh, which installs it")
    folder = TARGET / "ruff"
    folder.mkdir(exist_ok=True)
    for name, line in (("clean", "def f{n}(x: int) -> int:\n    return x + {n}\n\n\n"), ("dense", "import a{n}\nx{n} = a{n}.b\n\n\n")):
        text = "#\n" + "".join(line.format(n=n) for n in range(500))
        if name == "dense":
            text = "#\n" + "".join(f"import a{n}\n" for n in range(1000)) + "\n" * 1000
        path = folder / f"{name}.py"
        path.write_text(text)
        server = Server([command, "server"], folder)
        uri = server.open(path, "python")
        count = len(server.published(uri, 1, settle=0.5)[1]["params"]["diagnostics"])
        lines = len(text.splitlines())
        row(f"ruff: edit, {lines} lines, {count} diagnostics", percentiles(edits(server, uri, 0)))
        server.stop()


def yaml_language_server():
    command = TARGET / "node_modules" / ".bin" / "yaml-language-server"
    if not command.exists():
        sys.exit("yaml-language-server is not there: run tests/bench/lsp.sh, which installs it")
    schema = Path("schemas/deed.schema.json").resolve().as_uri()
    settings = {"yaml": {"schemas": {schema: "*.deed.yaml"}, "validate": True}}
    for name in ("clean", "dense"):
        folder = TARGET / f"long-{name}"
        server = Server([command, "--stdio"], folder, settings=settings)
        uri = server.open(folder / "risks.deed.yaml", "yaml")
        count = len(server.published(uri, 1, settle=2.0)[1]["params"]["diagnostics"])
        lines = len((folder / "risks.deed.yaml").read_text().splitlines())
        times = percentiles(edits(server, uri, 0, 20))
        row(f"yaml-language-server: edit, {lines} lines, {count} diagnostics", times)
        server.stop()


if __name__ == "__main__":
    print(f"{'':<52} {'p50 ms':>8} {'p95 ms':>8}   bar")
    deed()
    if "--alone" not in sys.argv:
        ruff()
        yaml_language_server()
