"""Landau's kernel and its rivals in one interleaved run on one processor: a table, a chart, and the measurements as JSON.

Landau's benchmark (`net-steps`) runs before and after the rivals' turn at each kind of work; the figure it is compared
by is the median of the two neighbouring runs. The table replaces the section between `<!-- net-steps -->` and
`<!-- /net-steps -->` of a Markdown file.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

import rivals
from chart import draw
from table import described_run, rivals_table, throughput_table
from work import ACTIVATIONS, PRECISIONS, Work

DEPTHS = (1, 2, 4)


def run_ours(executable):
    """A run of `net-steps --json`: its rows by kind of work."""
    output = subprocess.run([executable, "--json"], check=True, capture_output=True, text=True, timeout=600).stdout
    report = json.loads(output)
    return report["kernel"], {(row["precision"], row["activation"], row["depth"]): row for row in report["rows"]}


def between(before, after):
    """The neighbouring runs' medians, number by number."""
    return {
        key: statistics.median([value, after[key]]) if isinstance(value, float) else value
        for key, value in before.items()
    }


def measure(executable, precisions, rounds, log):
    """Landau's rows and the rivals' rows of all kinds of work, each kind beside its neighbouring runs."""
    modules, missing = rivals.available()
    kernel, before = run_ours(executable)
    results = []
    for precision in precisions:
        for activation in ACTIVATIONS:
            for depth in DEPTHS:
                rows = rivals.measure(modules, activation, depth, precision, None, rounds)
                _, after = run_ours(executable)
                kind = (precision, activation, depth)
                ours = between(before[kind], after[kind])
                results.append({"ours": ours, "work": Work(activation, depth, precision, 1), "rivals": rows})
                for row in [{"rival": "landau", **ours}] + rows:
                    print(json.dumps(row), file=log, flush=True)
                print(precision, activation, depth, f"{ours['netStepsPerSecond']:.0f}", file=sys.stderr, flush=True)
                before = after
    return kernel, results, missing


def replace_section(path, name, text):
    """Puts `text` between the marks `<!-- name -->` and `<!-- /name -->` of a file."""
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    page = path.read_text()
    head, found, rest = page.partition(opening)
    _, ended, tail = rest.partition(closing)
    if not (found and ended):
        raise SystemExit(f"{path}: no section between {opening} and {closing}")
    path.write_text(f"{head}{opening}\n{text}\n{closing}{tail}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", required=True, help="the built net-steps")
    parser.add_argument("--page", type=Path, help="Markdown file whose section is replaced; without it, standard output")
    parser.add_argument("--chart", type=Path, help="SVG file")
    parser.add_argument("--log", type=Path, default=Path("/dev/null"), help="file of JSON lines")
    parser.add_argument("--precisions", nargs="+", choices=PRECISIONS, default=list(PRECISIONS))
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()

    with options.log.open("w") as log:
        kernel, results, missing = measure(options.ours, options.precisions, options.rounds, log)
    text = "\n\n".join([described_run(kernel, missing, options.rounds), throughput_table(results), rivals_table(results)])
    if options.page:
        replace_section(options.page, "net-steps", text)
    else:
        print(text)
    if options.chart:
        draw(results, options.chart)


if __name__ == "__main__":
    sys.exit(main())
