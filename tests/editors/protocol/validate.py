"""Holds recorded conversations against the protocol: every message of the server must be one of LSP 3.17, to the letter.

usage: validate.py LOG...

The messages are read by lsprotocol, which is generated from the official meta model. The server's must have no unknown and
no missing key and no wrong type; the editor's are read leniently, since editors send what is newer than lsprotocol. Every
request of the editor must be answered unless the editor itself ended the conversation. What Deed adds to the protocol is
described in OURS.
"""

import json
import sys
from typing import Union

import cattrs
from lsprotocol import converters, types

RANGE = {"start": {"line": int, "character": int}, "end": {"line": int, "character": int}}
LOCATION = {"uri": str, "range": RANGE}
ITEM = {"address": str, "title": str, "why": str, "location": LOCATION}
DECISION = {
    "address": str, "title": str, "by?": str, "date?": str, "level": str, "problems": [str], "outdated": bool,
    "commit?": str, "recorded?": str, "location": LOCATION,
}
ROOT = {
    "uri": str, "state": str, "why?": str, "head?": str, "branch?": str, "me?": str,
    "decisions": [DECISION], "waiting": [ITEM], "unowned": [ITEM],
}
OURS = {"deed/evidence": {"roots": [ROOT]}}

STRICT = converters.get_converter(cattrs.Converter(forbid_extra_keys=True))
LENIENT = converters.get_converter()


def action(converter):
    """Tells the two answers to `textDocument/codeAction` apart: both may have a `command`, which is a text in one of them.

    lsprotocol takes all that have one for a `Command`.
    """
    return lambda answer, _: converter.structure(
        answer, types.Command if isinstance(answer.get("command"), str) else types.CodeAction
    )


for converter in (STRICT, LENIENT):
    converter.register_structure_hook(Union[types.Command, types.CodeAction], action(converter))
READERS = {"<-": STRICT, "->": LENIENT}


def shape(value, form, where="result"):
    """Raises TypeError where a value of ours is not of the form that is described for it."""
    if isinstance(form, dict):
        known = {key.rstrip("?"): key for key in form}
        for key in value:
            if key not in known:
                raise TypeError(f"{where}.{key} is not described")
        for name, key in known.items():
            if key.endswith("?") and value.get(name) is None:
                continue
            if name in value:
                shape(value[name], form[key], f"{where}.{name}")
            else:
                raise TypeError(f"{where}.{name} is missing")
    elif isinstance(form, list):
        for index, item in enumerate(value):
            shape(item, form[0], f"{where}[{index}]")
    elif type(value) is not form:
        raise TypeError(f"{where} is {value!r}")


def same(sent, understood, where=""):
    """cattrs turns 3 into "3": what was understood must be what was sent."""
    if isinstance(sent, dict):
        for key, value in sent.items():
            if value is not None or key in understood:
                same(value, understood[key], f"{where}/{key}")
    elif isinstance(sent, list):
        for index, (one, other) in enumerate(zip(sent, understood, strict=True)):
            same(one, other, f"{where}/{index}")
    elif sent != understood or type(sent) is not type(understood):
        raise TypeError(f"{where}: {sent!r} has the wrong type")


def read(way, message, kind):
    """One message as an object of the protocol; the server's must say nothing besides."""
    understood = READERS[way].structure(message, kind)
    if way == "<-":
        same(message, json.loads(json.dumps(STRICT.unstructure(understood))))


def examine(way, message, asked):
    """Raises where a message is wrong. `asked` maps requests without an answer, `(who asked, id)`, to their methods."""
    if message.get("jsonrpc") != "2.0":
        raise TypeError("no JSON-RPC 2.0")
    if "method" in message:
        method = message["method"]
        if "id" in message:
            asked[way, message["id"]] = method
        if method in OURS or method == "deed/evidenceChanged":
            return
        kinds = types.METHOD_TO_TYPES.get(method)
        if kinds is not None:
            read(way, message, kinds[0])
        elif not method.startswith("$/"):
            raise TypeError("not a method of the protocol")
        return
    method = asked.pop(("<-" if way == "->" else "->", message["id"]), None)
    if method is None:
        raise TypeError(f"an answer to {message['id']!r}, which nobody asked")
    if "error" in message:
        READERS[way].structure(message["error"], types.ResponseError)
    elif "result" not in message:
        raise TypeError(f"{method}: neither a result nor an error")
    elif method in OURS:
        shape(message["result"], OURS[method])
    else:
        read(way, message, types.METHOD_TO_TYPES[method][1])


def cause(error):
    """The innermost of cattrs' groups of exceptions."""
    while getattr(error, "exceptions", None):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"


def validate(lines):
    """In: the lines of a log. Out: how many messages there are, and what is wrong, as (line, text)."""
    asked, wrong, count, ended = {}, [], 0, False
    for number, line in enumerate(lines, 1):
        way, text = line[:2], line[3:].rstrip("\n")
        if way == "--":
            # The next lines are another conversation, whose ids begin anew.
            left = [method for (who, _), method in asked.items() if who == "->"]
            if ended and left:
                wrong.append((number, f"never answered: {', '.join(left)}"))
            asked, ended = {}, False
            continue
        if way == "!!":
            wrong.append((number, f"not a message: {text[:200]}"))
            continue
        count += 1
        message = json.loads(text)
        ended |= message.get("method") == "exit"
        try:
            examine(way, message, asked)
        except Exception as error:  # whatever cattrs raises is what is wrong with the message
            wrong.append((number, f"{way} {message.get('method', 'answer')}: {cause(error)}"))
    return count, wrong


def main():
    bad = False
    for log in sys.argv[1:]:
        with open(log, encoding="utf-8") as lines:
            count, wrong = validate(lines)
        for number, text in wrong:
            print(f"{log}:{number}: {text}")
        print(f"{log}: {count} messages, {len(wrong)} wrong")
        bad |= bool(wrong) or count == 0
    sys.exit(bad)


if __name__ == "__main__":
    main()
