"""The measurements as Markdown."""

import os
import platform
from datetime import date
from importlib import metadata

from rivals import LARGEST, RIVALS

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


def described_run(kernel, missing, rounds):
    """When, on what, against which versions."""
    absent = {row["rival"] for row in missing}
    versions = [f"{NAMES[rival]} {metadata.version(rival)}" for rival in RIVALS if rival not in absent]
    load = os.getloadavg()[2]
    sentences = [
        f"Measured on {date.today().isoformat()} on one core of an {processor()} ({os.cpu_count()} cores, kernel `{kernel}`),",
        f"against {', '.join(versions)}; medians of {rounds} interleaved rounds. Load average of the machine meanwhile:",
        f"{load:.1f}.",
    ]
    sentences += [f"{NAMES[row['rival']]} is missing: {row['missing']}." for row in missing]
    return " ".join(sentences)


def rate(value):
    """A rate to three digits, in thousands."""
    thousands = value / 1000
    return f"{thousands:.0f}" if thousands >= 100 else f"{thousands:.3g}"


def markdown(header, lines):
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, ["---"] * len(header), *lines])


def _kind(result):
    work = result["work"]
    return [work.activation, str(work.depth), work.precision]


def throughput_table(results):
    """Landau beside the best rival at its best ensemble size, and beside the machine."""
    header = [
        "activation", "depth", "precision", "Landau", "% of peak", "% of roofline", "best rival", "its rate", "its % of peak",
        "**Landau / best**",
    ]  # fmt: skip
    lines = []
    for result in results:
        ours, best = result["ours"], fastest(result["rivals"])
        line = _kind(result) + [
            rate(ours["netStepsPerSecond"]),
            f"{100 * ours['peakShare']:.0f}",
            f"{100 * ours['rooflineShare']:.0f}",
        ]
        if best:
            flops = 2e-9 * best["stepsPerSecond"] * result["work"].multiply_adds
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


def rivals_table(results):
    """Each rival at its best, and at the largest ensemble."""
    header = ["activation", "depth", "precision", "Landau"]
    header += [f"{name}, best" for name in NAMES.values()]
    header += [f"{name}, {LARGEST}" for name in NAMES.values()]
    header += [f"`jax.vmap`, {LARGEST}", "Landau / best there", "Landau / `jax.vmap` there"]
    lines = []
    for result in results:
        ours, rows = result["ours"]["netStepsPerSecond"], result["rivals"]
        shown = [fastest(rows, rival=rival) for rival in NAMES]
        shown += [fastest(rows, rival=rival, nets=LARGEST) for rival in NAMES]
        vmap = fastest(rows, rival="jax", layout="vmap", nets=LARGEST)
        largest = fastest(rows, nets=LARGEST)
        line = _kind(result) + [rate(ours)]
        line += [rate(row["stepsPerSecond"]) if row else "–" for row in shown + [vmap]]
        line += [f"{ours / row['stepsPerSecond']:.1f}" if row else "–" for row in (largest, vmap)]
        lines.append(line)
    title = f"Each rival at its best ensemble size and at {LARGEST} nets, thousands of net-steps per second:"
    return title + "\n\n" + markdown(header, lines)
