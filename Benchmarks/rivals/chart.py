"""The measurements as bars, drawn by gnuplot."""

import subprocess

from table import NAMES, fastest, work_of

COLOURS = {"Landau": "#0072B2", "JAX": "#E69F00", "PyTorch": "#D55E00", "NumPy": "#999999"}


def draw(records, path):
    """Writes an SVG file, a panel for each precision: rates of Landau and of each rival at its best size."""
    precisions = list(dict.fromkeys(work_of(record).precision for record in records))
    commands = [
        f"set terminal svg size 900,{60 + 300 * len(precisions)} font 'DejaVu Sans,12' noenhanced",
        f"set output {_quoted(str(path))}",
        "set style data histograms",
        "set style histogram clustered gap 1",
        "set style fill solid 0.9 noborder",
        "set boxwidth 0.9",
        "set logscale y",
        "set grid ytics linecolor rgb '#dddddd'",
        "set ytics nomirror",
        "set xtics nomirror scale 0",
        "set ylabel 'thousand net-steps per second'",
        "set key outside top center horizontal",
    ]
    for number, precision in enumerate(precisions):
        commands += [f"$rates{number} << END", *_rows(records, precision), "END"]
    commands.append(f"set multiplot layout {len(precisions)},1")
    for number, precision in enumerate(precisions):
        bars = [
            f"$rates{number} using {column}:xtic(1) title {_quoted(name)} linecolor rgb '{colour}'"
            for column, (name, colour) in enumerate(COLOURS.items(), start=2)
        ]
        commands += [f"set title {_quoted(f'{precision} precision, one core')}", "plot " + ", ".join(bars)]
    commands.append("unset multiplot")
    subprocess.run(["gnuplot"], input="\n".join(commands) + "\n", text=True, check=True, timeout=60)


def _rows(records, precision):
    """A line of gnuplot's data for each kind of work: label, Landau, then the rivals in the order of their names."""
    for record in records:
        work = work_of(record)
        if work.precision != precision:
            continue
        rates = [record["ours"]["netStepsPerSecond"]]
        for rival in NAMES:
            best = fastest(record["rivals"], rival=rival)
            rates.append(best["stepsPerSecond"] if best else float("nan"))
        numbers = " ".join(f"{value / 1000:.6g}" for value in rates)
        yield f'"{work.activation} D={work.depth}" {numbers}'


def _quoted(text):
    """Single-quoted, where gnuplot neither executes nor interprets."""
    return "'" + text.replace("'", "''") + "'"
