"""What Landau's channel to a program costs a point, beside a process per point and Optuna's ask and tell.

usage: program_channel.py --landau PATH [--page docs/your-net.md]

The program does nothing but answer, so that all the time is overhead. Optuna is left out where it is not installed.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

NET = """
import landau_nets as landau
def train(chain):
    for point in chain:
        g = point["gamma"]
        yield point.converged(loss=g, squaredNorm=g)
landau.serve(train, name="nothing", version="1", controls={"gamma": landau.real(low=0)},
             observables={"loss": landau.free_energy(), "squaredNorm": landau.observable()},
             order_parameter="squaredNorm", directions=["cold", "up"])
"""
SWEEP = "model: ./net.py\naxes:\n  gamma: {{from: 1, to: 2, points: {points}}}\ndirection: {direction}\n"


def timed(command, **more):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    return time.perf_counter() - start


def landau_microseconds(landau, direction, count):
    """The best of three runs of many points, less one of three points, a point."""
    with tempfile.TemporaryDirectory() as folder:
        open(os.path.join(folder, "net.py"), "w").write(NET)
        environment = dict(os.environ, LANDAU_SHARE=ROOT)
        times = {}
        for points in (3, count):
            open(os.path.join(folder, "sweep.yaml"), "w").write(SWEEP.format(points=points, direction=direction))
            # A shard is trained and stored, and not judged.
            times[points] = min(timed([landau, "run", "sweep.yaml", "--shard", "1/1", "--restart"], cwd=folder, env=environment)
                                for _ in range(3))
        return 1e6 * (times[count] - times[3]) / (count - 3)


def alone_microseconds(count, length):
    """The channel without Landau: a loop that sends chains of a length and reads the answers, in Python too."""
    import json
    with tempfile.TemporaryDirectory() as folder:
        open(os.path.join(folder, "net.py"), "w").write(NET)
        child = subprocess.Popen([sys.executable, "net.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder,
                                 env=dict(os.environ, PYTHONPATH=os.path.join(ROOT, "python")))

        def say(message):
            child.stdin.write(json.dumps(message).encode() + b"\n")
            child.stdin.flush()

        say({"type": "hello", "protocol": 1})
        child.stdout.readline()
        say({"type": "open", "seed": 1})
        child.stdout.readline()
        points = [{"id": f"c.{i}", "controls": {"gamma": 1 + i / count}, "replica": 0,
                   "seeds": {"data": 1, "init": 2, "point": i}} for i in range(count)]
        best = float("inf")
        for batch in range(3):
            start = time.perf_counter()
            for first in range(0, count, length):
                chain = {"id": "c", "direction": "up", "along": "gamma", "points": points[first:first + length]}
                say({"type": "run", "batch": batch, "chains": [chain]})
                for _ in range(length + 1):
                    json.loads(child.stdout.readline())
            best = min(best, time.perf_counter() - start)
        child.stdin.close()
        child.wait()
        return 1e6 * best / count


def process_microseconds(count=20):
    return 1e6 * min(timed([sys.executable, "-c", "import json; print(json.dumps({'loss': 1}))"]) for _ in range(count))


def optuna_microseconds(storage, count):
    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    values = {"gamma": [1 + i / count for i in range(count)]}
    with tempfile.TemporaryDirectory() as folder:
        study = optuna.create_study(storage=storage and f"sqlite:///{folder}/study.db",
                                    sampler=optuna.samplers.GridSampler(values))
        start = time.perf_counter()
        for _ in range(count):
            trial = study.ask()
            study.tell(trial, trial.suggest_float("gamma", 1, 2))
        return 1e6 * (time.perf_counter() - start) / count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--landau", required=True)
    parser.add_argument("--page")
    arguments = parser.parse_args()
    landau = os.path.abspath(arguments.landau)
    rows = [("the helper alone, a chain of 5,000 points", alone_microseconds(5000, 5000)),
            ("the helper alone, 5,000 cold points", alone_microseconds(5000, 1)),
            ("`landau run`, a chain of 5,000 points, stored", landau_microseconds(landau, "up", 5000)),
            ("`landau run`, 5,000 cold points, stored", landau_microseconds(landau, "cold", 5000)),
            ("a process per point (Python without imports)", process_microseconds())]
    try:
        rows += [("Optuna, ask and tell on a grid of 200, in memory", optuna_microseconds(None, 200)),
                 ("Optuna, ask and tell on a grid of 200, in SQLite", optuna_microseconds("sqlite", 200))]
    except ImportError:
        print("Optuna is not installed: its rows are left out", file=sys.stderr)
    table = "\n".join(["| way | µs a point |", "|---|---|"] + [f"| {name} | {value:,.0f} |" for name, value in rows])
    print(table)
    if arguments.page:
        text = open(arguments.page, encoding="utf-8").read()
        text = re.sub(r"(<!-- channel -->\n).*?(<!-- end of channel -->)", lambda m: m[1] + table + "\n" + m[2], text, flags=re.S)
        open(arguments.page, "w", encoding="utf-8").write(text)


main()
