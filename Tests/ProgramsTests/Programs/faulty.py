"""A program that keeps the protocol but for one fault, named by its argument. Faults strike at gamma = 3."""
import json
import os
import signal
import subprocess
import sys
import time

fault = sys.argv[1]
strikes = {float(x) for x in (sys.argv[2] if len(sys.argv) > 2 else "3").split(",")}


def say(message):
    sys.stdout.write(message if isinstance(message, str) else json.dumps(message) + "\n")
    sys.stdout.flush()


def point(identity, w, **more):
    return {"type": "point", "id": identity, "outcome": "converged", "values": {"loss": 1 + w, "squaredNorm": w}, **more}


def strike(identity, w):
    """Returns whether an answer was given."""
    if fault == "exception":
        say({"type": "failed", "points": [identity], "message": "ZeroDivisionError: by zero", "traceback": ""})
        return True
    if fault == "abort":
        os.abort()
    if fault == "segv":
        os.kill(os.getpid(), signal.SIGSEGV)
    if fault == "exit":
        sys.stderr.write("so long\x1b[31m\n")
        sys.exit(0)
    if fault == "memory":
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28))
        bytearray(1 << 30)
    if fault == "loop":
        time.sleep(600)
    if fault == "prints":
        for _ in range(1000):
            sys.stdout.write("x" * 9999 + "\n")
            sys.stderr.write("y" * 9999 + "\n")
        sys.stdout.flush()
    if fault == "half":
        sys.stdout.write('{"type":"point","id":"')
        sys.stdout.flush()
        os._exit(1)
    if fault == "nan":
        say('{"type":"point","id":"%s","outcome":"converged","values":{"loss":NaN}}\n' % identity)
        return True
    if fault == "unknown":
        say(point("somebody.7", w))
    if fault == "twice":
        say(point(identity, w))
        say(point(identity, w + 1))
        return True
    if fault == "undeclared":
        say({"type": "point", "id": identity, "outcome": "converged", "values": {"squareNorm": 1}})
        return True
    if fault == "outcome":
        say({"type": "point", "id": identity, "outcome": "fine", "values": {}})
        return True
    if fault == "whole":
        say({"type": "done", "batch": 2**53 + 1})
    if fault == "utf8":
        sys.stdout.buffer.write(b'{"type":"log","level":"warning","message":"\xff\xfe"}\n')
        sys.stdout.flush()
    if fault == "forks":
        subprocess.Popen(["sleep", "1000"])
        os._exit(3)
    if fault == "silent":
        return True
    return False


def run(message):
    for chain in message["chains"]:
        resume = chain.get("resume") or {"done": 0}
        w = 0.0
        for index, asked in enumerate(chain["points"]):
            w += 1
            if index < resume["done"] or asked["id"] in chain["skip"]:
                continue
            if asked["controls"]["gamma"] in strikes and strike(asked["id"], w):
                continue
            say(point(asked["id"], w))
    say({"type": "done", "batch": message["batch"]})


if fault == "deaf":
    time.sleep(600)
if fault == "stillborn":
    sys.exit("no module named torch")
for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        say({"type": "model", "protocol": 1, "name": "faulty", "version": "1", "controls": {"gamma": {"kind": "real"}},
             "observables": {"loss": {"orderParameter": False}, "squaredNorm": {}}, "orderParameter": "squaredNorm",
             "directions": ["cold", "up"]})
    elif message["type"] == "open":
        say({"type": "ready", "fingerprint": ""})
    elif message["type"] == "run":
        run(message)
    elif message["type"] == "stop":
        say({"type": "stopped"})
        break
