"""The attack: random and adversarial questions to every model's theory, against slow code written for it.

    python3 Benchmarks/oracles/attack.py --landau .build/release/landau --scale 1 --out attack.md

Prints a table of counts; the exit status is 1 where an answer was wrong, or where errors were exceeded more often than in
5 % of the numbers that state one. Questions are a function of the seed. `--scale 0.02` is a quick look.
"""
import argparse
import importlib
import json
import multiprocessing
import time

from common import Report, attack

# Module and the number of questions that take about as long.
ORACLES = {"weight_decay": 1500, "linear_vae": 1000, "edge_of_chaos": 500, "dynamics": 4000, "vae": 800, "sgd_decay": 3000}
PARTS = 8


def run(task):
    module, landau, seed, count = task
    return module, attack(importlib.import_module(module), landau, seed, count)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landau", default=".build/release/landau")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="of the numbers of questions")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--only", default="", help="a comma-separated list of oracles: " + ", ".join(ORACLES))
    parser.add_argument("--out", help="also write the table to this file")
    arguments = parser.parse_args()
    chosen = [name for name in arguments.only.split(",") if name] or list(ORACLES)
    tasks = [(name, arguments.landau, 1000 * arguments.seed + part, max(1, round(ORACLES[name] * arguments.scale / PARTS)))
             for part in range(PARTS) for name in chosen]
    begun = time.time()
    with multiprocessing.Pool(arguments.processes) as pool:
        found = pool.map(run, tasks, chunksize=1)
    reports = {}
    for name, report in found:
        reports[name] = reports[name] + report if name in reports else report
    lines = [Report.header()] + [reports[name].row() for name in chosen]
    total = sum(r.questions for r in reports.values())
    wrong = sum(r.wrong for r in reports.values())
    lines += ["", f"{total} questions in {time.time() - begun:.0f} s, {wrong} numbers wrong."]
    print("\n".join(lines))
    for report in reports.values():
        for question, check in report.failures[:10]:
            print(json.dumps(question), check)
    if arguments.out:
        with open(arguments.out, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    exceeded = any(r.exceeded > max(2, 0.05 * r.estimates) for r in reports.values())
    raise SystemExit(1 if wrong or exceeded else 0)


if __name__ == "__main__":
    main()
