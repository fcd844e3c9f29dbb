"""The attack: random and adversarial questions to every model's theory, against slow code written for it.

    python3 Benchmarks/oracles/attack.py --landau .build/release/landau --page docs/generated/attack.md

Prints a table of counts, and writes it between marks of a page. The exit status is 1 where an answer was wrong, or where
errors were exceeded more often than in 5 % of the numbers that state one. Questions are a function of the seed.
`--scale 0.02` is a quick look.
"""
import argparse
import concurrent.futures
import importlib
import json
import multiprocessing
import time

from common import Report, attack

# Module and the number of questions.
ORACLES = {"weight_decay": 320, "thresholds": 3000, "linear_vae": 320, "edge_of_chaos": 160, "dynamics": 4000, "vae": 240,
           "sgd_decay": 2400, "batch_reuse": 240}
PARTS = 8
MARKS = "<!-- attack -->", "<!-- /attack -->"


def run(task):
    module, landau, seed, count = task
    return module, attack(importlib.import_module(module), landau, seed, count)


def table(reports, arguments, seconds):
    names = [name for name in ORACLES if name in reports]
    lines = [Report.header()] + [reports[name].row() for name in names]
    counts = {what: sum(getattr(report, what) for report in reports.values()) for what in ("questions", "refused", "numbers")}
    wrong = sum(report.wrong for report in reports.values())
    lines += ["", f"{counts['questions']} questions, {counts['refused']} refused, {counts['numbers']} numbers in "
                  f"{seconds:.0f} s, {wrong} numbers wrong. Seed {arguments.seed}."]
    return lines


def coverage(reports):
    """How often standard errors hold, by what they belong to."""
    by_name = {}
    for report in reports.values():
        for name, quotient in report.quotients:
            by_name.setdefault(name, []).append(quotient)
    if not by_name:
        return []
    lines = ["", "| estimate | numbers | within one standard error | within two | worst |", "|---|---|---|---|---|"]
    for name, quotients in sorted(by_name.items()):
        one, two = (sum(q <= n for q in quotients) / len(quotients) for n in (1, 2))
        lines.append(f"| {name} | {len(quotients)} | {one:.0%} | {two:.0%} | {max(quotients):.1f} |")
    return lines


def written(page, lines):
    """The lines between the page's marks."""
    with open(page, encoding="utf-8") as file:
        text = file.read()
    begin, end = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
    with open(page, "w", encoding="utf-8") as file:
        file.write(text[:begin] + "\n" + "\n".join(lines) + "\n" + text[end:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landau", default=".build/release/landau")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="of the numbers of questions")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--only", default="", help="a comma-separated list of oracles: " + ", ".join(ORACLES))
    parser.add_argument("--page", help="also write the table between the marks of this page")
    arguments = parser.parse_args()
    chosen = [name for name in arguments.only.split(",") if name] or list(ORACLES)
    tasks = [(name, arguments.landau, 1000 * arguments.seed + part, max(1, round(ORACLES[name] * arguments.scale / PARTS)))
             for part in range(PARTS) for name in chosen]
    begun = time.time()
    reports = {}
    # Unlike a multiprocessing.Pool, an executor does not wait for a process that has died.
    with concurrent.futures.ProcessPoolExecutor(arguments.processes) as pool:
        for name, report in pool.map(run, tasks):
            reports[name] = reports[name] + report if name in reports else report
    lines = table(reports, arguments, time.time() - begun)
    print("\n".join(lines + coverage(reports)))
    for report in reports.values():
        for question, check in report.failures[:10] + report.outliers[:5]:
            print(json.dumps(question), check)
    if arguments.page:
        written(arguments.page, lines + coverage(reports))
    wrong = any(report.wrong or not report.is_honest() for report in reports.values())
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
