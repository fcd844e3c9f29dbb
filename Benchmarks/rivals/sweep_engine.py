"""What the sweep engine costs beside its rivals: start-up, keeping a point, status, resuming, memory.

Writes one section of docs/generated/sweep-engine.md.  Processor times of a shared machine; medians.
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SPEC = """model: weight-decay
seed: 1
fixed: {{noise: 0.5, width: 2, depth: 0}}
data: {{teacher: gaussian, inputs: 2, samples: population}}
axes:
  labelNoise: {{from: 0, to: 1, points: 100}}
  gamma: {{from: 0.02, to: 1.5, points: {gammas}, spacing: log}}
"""


class Cost:
    """Processor seconds, clock seconds and greatest memory (MB) of a child process, with its output."""

    def __init__(self, command, folder, until=None):
        begun = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.output, self.at_line = "", None
        for line in process.stdout:
            self.output += line
            if until and until in line and self.at_line is None:
                ticks = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
                self.at_line = (
                    (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK"), time.monotonic() - begun)
        _, self.status, usage = os.wait4(process.pid, 0)
        self.clock = time.monotonic() - begun
        self.processor = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024


def median(values):
    return statistics.median(values)


def start_up(landau, empty, folder):
    """Median processor and clock seconds of a command that does next to nothing, and of an empty program."""
    (folder / "none").mkdir()
    ours, theirs = [], []
    for _ in range(21):
        ours.append(Cost([landau, "list"], folder / "none"))
        theirs.append(Cost([empty], folder))
    return [(median([c.processor for c in costs]), median([c.clock for c in costs])) for costs in (ours, theirs)]


def landau_sweep(landau, folder, points):
    """Runs a sweep of cheap points, then asks for its status and runs it again."""
    name = f"points{points}"
    (folder / f"{name}.yaml").write_text(SPEC.format(gammas=points // 100))
    # As one shard: verdicts on a hundred curves are no business of the store.
    run = [landau, "run", f"{name}.yaml", "--shard", "1/1"]
    first = Cost(run, folder)
    if first.status:
        sys.exit(f"landau run failed:\n{first.output}")
    shard = folder / "results" / name / "shard-1-of-1" / "store.sqlite"
    size = shard.stat().st_size
    store = folder / "results" / name / "store.sqlite"
    shutil.copy(shard, store)
    shutil.move(shard.parent, folder / f"{name}-shard")
    status = [Cost([landau, "status", f"{name}.yaml"], folder) for _ in range(5)]
    shutil.move(folder / f"{name}-shard", shard.parent)
    again = Cost(run, folder, until="were there already")
    return {
        "run": first, "bytes": size / points, "status": status[0], "again": again,
        "status_processor": median([c.processor for c in status]), "status_clock": median([c.clock for c in status]),
    }


def optuna_costs(folder, trials):
    """Seconds and bytes per trial of a study in SQLite, and seconds to count its finished trials again."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    url = f"sqlite:///{folder}/optuna.db"
    study = optuna.create_study(storage=url, study_name="s", sampler=optuna.samplers.RandomSampler(seed=1))

    def objective(trial):
        gamma = trial.suggest_float("gamma", 0.02, 1.5)
        noise = trial.suggest_float("labelNoise", 0, 1)
        for index in range(14):
            trial.set_user_attr(f"observable{index}", gamma * index + noise)
        return gamma

    begun = time.process_time()
    study.optimize(objective, n_trials=trials)
    keeping = (time.process_time() - begun) / trials
    begun = time.process_time()
    again = optuna.load_study(storage=url, study_name="s")
    count = sum(trial.state == optuna.trial.TrialState.COMPLETE for trial in again.get_trials(deepcopy=False))
    assert count == trials
    return keeping, os.path.getsize(f"{folder}/optuna.db") / trials, (time.process_time() - begun) / trials


def signac_costs(folder, jobs):
    """The same for a project of jobs with their documents; bytes as the disk counts them, in blocks."""
    import signac

    path = folder / "signac"
    path.mkdir()
    project = signac.init_project(path)
    begun = time.process_time()
    for index in range(jobs):
        gamma, noise = 0.02 + index / jobs, index % 100 / 100
        job = project.open_job({"gamma": gamma, "labelNoise": noise}).init()
        job.document.update({f"observable{k}": gamma * k + noise for k in range(15)})
    keeping = (time.process_time() - begun) / jobs
    begun = time.process_time()
    count = sum("observable0" in job.document for job in signac.get_project(path))
    assert count == jobs
    asking = (time.process_time() - begun) / jobs
    size = sum(os.lstat(os.path.join(at, name)).st_blocks * 512
               for at, folders, files in os.walk(path) for name in folders + files)
    return keeping, size / jobs, asking


def section(results):
    """The page's section between its marks."""
    small, large = results["small"], results["large"]
    (own_cpu, own_clock), (empty_cpu, empty_clock) = results["start"]
    rows = results["rows"]
    lines = [
        f"Measured on {datetime.date.today()} on {os.cpu_count()} shared cores, load average "
        f"{results['load'][0]:.1f} before and {os.getloadavg()[0]:.1f} after. Processor seconds count; clock seconds "
        "in parentheses, which other programs on the machine stretch.", "",
        "| what | Landau | wanted |", "| --- | --- | --- |",
        f"| start-up (`landau list` in an empty folder) beside an empty Swift program with Foundation | "
        f"{1e3 * own_cpu:.0f} ms beside {1e3 * empty_cpu:.0f} ms: {own_cpu / empty_cpu:.1f} × "
        f"({1e3 * own_clock:.0f} and {1e3 * empty_clock:.0f} ms) | ≤ 3 × |",
        f"| keeping {int(rows['rows']):,} rows beside a bare prepared insert of the same rows | "
        f"{rows['seconds']:.2f} s beside {rows['bareSeconds']:.2f} s: {rows['ratio']:.2f} × | ≤ 2 × |",
        f"| disk per point | {small['bytes']:.0f} bytes | |",
        f"| `status` of 100,000 points | {small['status_processor']:.2f} s ({small['status_clock']:.2f} s) | < 0.3 s |",
        f"| `status` of 1,000,000 points | {large['status_processor']:.1f} s ({large['status_clock']:.1f} s) | |",
        f"| resuming 1,000,000 points: every row verified, what is left known | {large['again'].at_line[0]:.1f} s "
        f"({large['again'].at_line[1]:.1f} s) | < 10 s |",
        f"| memory of a run of 1,000,000 points from nothing, and resumed | {large['run'].memory:.0f} MB and "
        f"{large['again'].memory:.0f} MB | bounded |",
        "",
        "| per point | Landau, whole run | Landau, store alone | Optuna, SQLite | signac |", "| --- | --- | --- | --- | --- |",
    ]
    optuna_row, signac_row = results["optuna"], results["signac"]
    points = 1_000_000
    lines += [
        f"| keeping it, µs | {1e6 * large['run'].processor / points:.0f} (training and planning included) | "
        f"{1e6 * rows['seconds'] / rows['rows']:.1f} | {1e6 * optuna_row[0]:.0f} | {1e6 * signac_row[0]:.0f} |",
        f"| asking what is done, µs | {1e6 * large['status_processor'] / points:.1f} | | {1e6 * optuna_row[2]:.0f} | "
        f"{1e6 * signac_row[2]:.0f} |",
        f"| disk, bytes | {large['bytes']:.0f} | {rows['bytesPerRow']:.0f} | {optuna_row[1]:.0f} | "
        f"{signac_row[1]:.0f} |", "",
        f"Optuna {results['versions']['optuna']} ({results['trials']} trials, random sampler) and signac "
        f"{results['versions']['signac']} ({results['jobs']} jobs) keep two parameters and 15 numbers a point and compute "
        "nothing; Landau keeps 8 controls and 15 observables, the outcome and a checksum. Their cost per point was "
        "measured at these numbers of points and not at a million.",
    ]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landau", required=True, type=pathlib.Path)
    parser.add_argument("--rows", required=True, type=pathlib.Path, help="the benchmark StoreRows")
    parser.add_argument("--empty", required=True, type=pathlib.Path, help="the benchmark Empty")
    parser.add_argument("--page", type=pathlib.Path)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=5000)
    options = parser.parse_args()
    landau, rows, empty = (path.resolve() for path in (options.landau, options.rows, options.empty))
    import optuna
    import signac

    results = {
        "load": os.getloadavg(), "trials": options.trials, "jobs": options.jobs,
        "versions": {"optuna": optuna.__version__, "signac": signac.__version__},
    }
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        results["start"] = start_up(landau, empty, folder)
        results["rows"] = json.loads(subprocess.run([rows], check=True, capture_output=True, text=True).stdout)
        results["small"] = landau_sweep(landau, folder, 100_000)
        results["large"] = landau_sweep(landau, folder, options.points)
        results["optuna"] = optuna_costs(folder, options.trials)
        results["signac"] = signac_costs(folder, options.jobs)
    text = section(results)
    print(text)
    if options.page:
        page = options.page.read_text()
        begin, end = "<!-- sweep-engine -->", "<!-- /sweep-engine -->"
        pattern = re.escape(begin) + r".*?" + re.escape(end)
        options.page.write_text(re.sub(pattern, lambda _: f"{begin}\n{text}\n{end}", page, flags=re.S))


if __name__ == "__main__":
    main()
