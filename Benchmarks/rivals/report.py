"""Landau's kernel and its rivals in one interleaved run on one processor: tables, a chart, and JSON lines.

Landau's benchmark (`NetSteps`) runs before and after the rivals' turn at each kind of work; the figure it is compared
by is the median of the two neighbouring runs. The table replaces the section between `<!-- net-steps -->` and
`<!-- /net-steps -->` of a Markdown file.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from datetime import date
from importlib import metadata
from pathlib import Path

import rivals
from chart import draw
from table import described_run, processor, rivals_table, throughput_table
from work import ACTIVATIONS, PRECISIONS

DEPTHS = (1, 2, 4)


def run_ours(executable):
    """A run of `NetSteps --json`: its rows by kind of work."""
    output = subprocess.run([executable, "--json"], check=True, capture_output=True, text=True, timeout=600).stdout
    report = json.loads(output)
    return report["kernel"], {(row["precision"], row["activation"], row["depth"]): row for row in report["rows"]}


def between(before, after):
    """The neighbouring runs' medians, number by number."""
    return {
        key: statistics.median([value, after[key]]) if isinstance(value, float) else value
        for key, value in before.items()
    }


def measure(executable, activations, precisions, rounds):
    """Yields a record of each kind of work: Landau's row, the rivals' rows, and what they were measured on."""
    modules, missing = rivals.available()
    kernel, before = run_ours(executable)
    machine = {
        "date": date.today().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "kernel": kernel,
        "versions": {rival: metadata.version(rival) for rival in modules},
        "missing": missing,
        "rounds": rounds,
    }
    for precision in precisions:
        for activation in activations:
            for depth in DEPTHS:
                rows = rivals.measure(modules, activation, depth, precision, None, rounds)
                _, after = run_ours(executable)
                kind = (precision, activation, depth)
                ours = between(before[kind], after[kind])
                yield {**machine, "load": os.getloadavg()[1], "ours": ours, "rivals": rows}
                before = after


def replace_section(path, name, text):
    """Puts `text` between the marks `<!-- name -->` and `<!-- /name -->` of a file."""
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    page = path.read_text()
    head, found, rest = page.partition(opening)
    _, ended, tail = rest.partition(closing)
    if not (found and ended):
        raise SystemExit(f"{path}: no section between {opening} and {closing}")
    path.write_text(f"{head}{opening}\n{text}\n{closing}{tail}")


def order(record):
    """Where a record stands in the tables."""
    row = record["ours"]
    return list(PRECISIONS).index(row["precision"]), ACTIVATIONS.index(row["activation"]), row["depth"]


def render(records, page, chart):
    """The tables and the chart of these records; without a page the tables go to standard output."""
    text = "\n\n".join([described_run(records), throughput_table(records), rivals_table(records)])
    if page:
        replace_section(page, "net-steps", text)
    else:
        print(text)
    if chart:
        draw(records, chart)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument("--ours", help="the built NetSteps: measure")
    task.add_argument("--from-logs", type=Path, nargs="+", help="logs of earlier runs: only tabulate and draw")
    parser.add_argument("--page", type=Path, help="Markdown file whose section is replaced; else standard output")
    parser.add_argument("--chart", type=Path, help="SVG file")
    parser.add_argument("--log", type=Path, default=Path("/dev/null"), help="file for the measurements as JSON lines")
    parser.add_argument("--activations", nargs="+", choices=ACTIVATIONS, default=ACTIVATIONS)
    parser.add_argument("--precisions", nargs="+", choices=PRECISIONS, default=list(PRECISIONS))
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()

    if options.from_logs:
        records = [json.loads(line) for path in options.from_logs for line in path.read_text().splitlines()]
        records.sort(key=order)
    else:
        records = []
        with options.log.open("w") as log:
            for record in measure(options.ours, options.activations, options.precisions, options.rounds):
                print(json.dumps(record), file=log, flush=True)
                row = record["ours"]
                print(*(row[key] for key in ("precision", "activation", "depth")), file=sys.stderr, flush=True)
                records.append(record)
    render(records, options.page, options.chart)


if __name__ == "__main__":
    sys.exit(main())
