"""The validator finds what it is there to find."""

import json

import pytest
from validate import validate

START = {"line": 0, "character": 0}
RANGE = {"start": START, "end": {"line": 0, "character": 1}}
DIAGNOSTIC = {"range": RANGE, "message": "m"}
HOVER = ("->", {"id": 1, "method": "textDocument/hover", "params": {"textDocument": {"uri": "file:///a"}, "position": START}})
EVIDENCE = ("->", {"id": 1, "method": "deed/evidence", "params": {}})
EXIT = ("->", {"method": "exit"})
END = ("--", None)
ROOT = {"uri": "file:///r", "state": "ready", "decisions": [], "waiting": [], "unowned": []}


def published(diagnostic):
    return [("<-", {"method": "textDocument/publishDiagnostics", "params": {"uri": "file:///a", "diagnostics": [diagnostic]}})]


def answered(result):
    return [EVIDENCE, ("<-", {"id": 1, "result": {"roots": [result]}})]


@pytest.mark.parametrize(
    ("wrong", "conversation"),
    [
        (0, published(DIAGNOSTIC)),
        (1, published({"range": RANGE})),
        (1, published({**DIAGNOSTIC, "message": 3})),
        (1, published({**DIAGNOSTIC, "range": {"start": {"line": "0", "character": 0}, "end": START}})),
        (1, published({**DIAGNOSTIC, "range": {"start": {"line": -1, "character": 0}, "end": START}})),
        (1, published({**DIAGNOSTIC, "rule": "x"})),
        (1, published({**DIAGNOSTIC, "severity": 9})),
        (1, published({**DIAGNOSTIC, "tags": [7]})),
        (0, [HOVER, ("<-", {"id": 1, "result": None})]),
        (1, [HOVER, ("<-", {"id": 1, "result": {"contents": {"kind": "html", "value": ""}}})]),
        (1, [HOVER, ("<-", {"id": 1})]),
        (1, [("<-", {"id": 9, "result": None})]),
        (1, [("<-", {"method": "deed/other", "params": {}})]),
        (1, [HOVER, EXIT, END]),
        (0, [HOVER, END]),
        (0, [HOVER, END, HOVER, ("<-", {"id": 1, "result": None}), EXIT, END]),
        (0, answered(ROOT)),
        (1, answered({**ROOT, "state": None})),
        (1, answered({**ROOT, "more": 1})),
        (1, answered({"uri": "file:///r"})),
        (1, answered({**ROOT, "waiting": [{"address": "risks.R-1"}]})),
    ],
)
def test_finds(wrong, conversation):
    lines = [f"{way} " + (json.dumps({"jsonrpc": "2.0", **message}) if message else "ended") for way, message in conversation]
    assert len(validate(lines)[1]) == wrong, validate(lines)


def test_finds_what_is_no_message():
    assert len(validate(["!! <- b'hello'"])[1]) == 1
    assert len(validate(['<- {"method": "initialized", "params": {}}'])[1]) == 1
