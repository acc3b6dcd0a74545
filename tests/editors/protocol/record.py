"""Stands between an editor and `deed lsp` and writes down what they say.

usage: record.py LOG PROGRAM [ARGUMENT...]

Each message becomes a line of LOG: `-> {json}` from the editor, `<- {json}` from the server. Bytes are passed on as they
come, once what is whole in them is written down. What is no message is written as `!! text`. Ends with the server's exit code.
"""

import json
import os
import subprocess
import sys
import threading


def messages(feed):
    """In: a function that gives the next bytes. Out: the bodies of the messages in them."""
    buffer = b""
    while chunk := feed():
        buffer += chunk
        while (end := buffer.find(b"\r\n\r\n")) != -1:
            lengths = [line.split(b":")[1] for line in buffer[:end].split(b"\r\n") if line.lower().startswith(b"content-length")]
            if len(lengths) != 1:
                yield None, buffer
                return
            start, stop = end + 4, end + 4 + int(lengths[0])
            if len(buffer) < stop:
                break
            yield buffer[start:stop], b""
            buffer = buffer[stop:]
    if buffer:
        yield None, buffer


def main():
    log, *command = sys.argv[1:]
    lock = threading.Lock()
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with open(log, "a", encoding="utf-8") as out:

        def write(way, text):
            with lock:
                out.write(f"{way} {text}\n")
                out.flush()

        def pump(way, source, sink):
            held = b""

            def feed():
                # What was read before is written down by now: a question always stands before its answer.
                nonlocal held
                try:
                    while held:
                        held = held[os.write(sink, held) :]
                except BrokenPipeError:
                    held = b""
                held = os.read(source, 65536)
                return held

            for body, rest in messages(feed):
                if body is None:
                    write("!!", f"{way} {rest!r}")
                else:
                    write(way, json.dumps(json.loads(body), ensure_ascii=False))
            while feed():
                pass

        def listen():
            pump("->", sys.stdin.fileno(), server.stdin.fileno())
            server.stdin.close()

        threading.Thread(target=listen, daemon=True).start()
        pump("<-", server.stdout.fileno(), sys.stdout.fileno())
        code = server.wait()
        write("--", f"the server ended with {code}")
    # The editor's side may still be open: do not wait for its thread.
    os._exit(code if code >= 0 else 128 - code)


main()
