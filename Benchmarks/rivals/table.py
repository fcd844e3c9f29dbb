"""The measurements as Markdown."""

import platform
import statistics

from work import ACTIVATIONS, DEPTHS, LARGEST, PRECISIONS, Work

NAMES = {"jax": "JAX", "torch": "PyTorch", "numpy": "NumPy"}


def fastest(rows, **wanted):
    """The fastest measured row with these properties; None where there is none."""
    matching = [row for row in rows if "stepsPerSecond" in row and all(row[key] == wanted[key] for key in wanted)]
    return max(matching, key=lambda row: row["stepsPerSecond"], default=None)


def processor():
    """The processor's model as the system names it."""
    try:
        with open("/proc/cpuinfo") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def described_run(records):
    """When, on what, against which versions."""
    first = records[0]
    days = sorted({record["date"] for record in records})
    versions = [f"{NAMES[rival]} {version}" for rival, version in first["versions"].items()]
    loads = [record["load"] for record in records]
    spreads = [row["spread"] for record in records for row in record["rivals"] if row.get("rounds", 0) > 2]
    sentences = [
        f"Measured on {' and '.join(days)} on one core of an {first['processor']} ({first['cores']} cores, kernel",
        f"`{first['kernel']}`), against {', '.join(versions)}; medians of {first['rounds']} interleaved rounds.",
        f"The rounds' range is typically {100 * statistics.median(spreads):.0f} % of the median." if spreads else "",
        f"Load average of the machine meanwhile: {min(loads):.1f} to {max(loads):.1f}.",
    ]
    sentences += [f"{NAMES[row['rival']]} is missing: {row['missing']}." for row in first["missing"]]
    measured = {tuple(_kind(record)) for record in records}
    kinds = [(a, str(d), p) for p in PRECISIONS for a in ACTIVATIONS for d in DEPTHS]
    absent = [f"{a} depth {d} {p}" for a, d, p in kinds if (a, d, p) not in measured]
    sentences += [f"Not measured: {', '.join(absent)}."] if absent else []
    gaps = {(row["rival"], row["layout"]): row["missing"] for r in records for row in r["rivals"] if "missing" in row}
    sentences += [f"{NAMES[rival]} {layout} failed on some rows: {why}." for (rival, layout), why in gaps.items()]
    return " ".join(filter(None, sentences))


def rate(value):
    """A rate to three digits, in thousands."""
    thousands = value / 1000
    return f"{thousands:.0f}" if thousands >= 100 else f"{thousands:.3g}"


def markdown(header, lines):
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, ["---"] * len(header), *lines])


def work_of(record):
    """The kind of work that a record is about."""
    row = record["ours"]
    return Work(row["activation"], row["depth"], row["precision"], nets=1)


def _kind(record):
    row = record["ours"]
    return [row["activation"], str(row["depth"]), row["precision"]]


def throughput_table(records):
    """Landau beside the best rival at its best ensemble size, and beside the machine."""
    header = ["activation", "depth", "precision", "Landau", "% of peak", "% of roofline"]
    header += ["best rival", "its rate", "its % of peak", "**Landau / best**"]
    lines = []
    for record in records:
        ours, best = record["ours"], fastest(record["rivals"])
        line = _kind(record) + [
            rate(ours["netStepsPerSecond"]),
            f"{100 * ours['peakShare']:.0f}",
            f"{100 * ours['rooflineShare']:.0f}",
        ]
        if best:
            flops = 2e-9 * best["stepsPerSecond"] * work_of(record).multiply_adds
            line += [
                f"{NAMES[best['rival']]} {best['layout']}, {best['nets']} nets",
                rate(best["stepsPerSecond"]),
                f"{100 * flops / ours['peakGigaflops']:.0f}",
                f"**{ours['netStepsPerSecond'] / best['stepsPerSecond']:.1f}**",
            ]
        else:
            line += ["–"] * 4
        lines.append(line)
    return "Thousands of net-steps per second, one core:\n\n" + markdown(header, lines)


def rivals_table(records):
    """Each rival at its best, and at the largest ensemble."""
    header = ["activation", "depth", "precision", "Landau"]
    header += [f"{name}, best" for name in NAMES.values()]
    header += [f"{name}, {LARGEST}" for name in NAMES.values()]
    header += [f"`jax.vmap`, {LARGEST}", f"Landau, {LARGEST}", "Landau / best there", "Landau / `jax.vmap` there"]
    lines = []
    for record in records:
        ours, rows = record["ours"]["netStepsPerSecond"], record["rivals"]
        shown = [fastest(rows, rival=rival) for rival in NAMES]
        shown += [fastest(rows, rival=rival, nets=LARGEST) for rival in NAMES]
        vmap = fastest(rows, rival="jax", layout="vmap", nets=LARGEST)
        largest = fastest(rows, nets=LARGEST)
        line = _kind(record) + [rate(ours)]
        line += [rate(row["stepsPerSecond"]) if row else "–" for row in shown + [vmap]]
        # Logs of before the ensemble was measured have the single pack only.
        ensemble = record["ours"].get("ensembleNetStepsPerSecond", 0)
        line += [rate(ensemble) if ensemble else "–"]
        line += [f"{(ensemble or ours) / row['stepsPerSecond']:.1f}" if row else "–" for row in (largest, vmap)]
        lines.append(line)
    title = f"Each rival at its best ensemble size and at {LARGEST} nets, thousands of net-steps per second:"
    return title + "\n\n" + markdown(header, lines)
