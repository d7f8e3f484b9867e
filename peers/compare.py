"""drsim beside its SimPy twins: equal results, and CPU time per incident, in one run.

    python peers/compare.py DRSIM [PYPY]

DRSIM is the built binary; SimPy must be importable (pip install simpy). Users never need this folder. Exits with 1 if a
mean differs by more than four standard errors, or a distribution by more than chance.
"""

import bisect
import csv
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import fmean, variance

HERE = Path(__file__).parent
BOUND = 105.0
# Each way has so many turns, and the least CPU time counts.
TURNS = 3


def drsim(binary, years, *flags):
    """CPU seconds of a run on one thread."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [binary, "run", HERE / "twin.toml", "-n", str(years), "-j", "1", "--quiet", "--format", "json", *flags]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(binary, years, *flags):
    with tempfile.TemporaryDirectory() as out:
        drsim(binary, years, "--out", out, *flags)
        with open(Path(out) / "incidents.csv", newline="") as file:
            found = list(csv.DictReader(file))
    of = lambda operation, column: [float(r[column]) for r in found if r["operation"] == operation and r[column]]
    return {
        "reads": of("dynamic_read", "recovery_time_seconds"),
        "writes": of("write", "recovery_time_seconds"),
        "failed": of("dynamic_read", "failed_requests"),
    }


def twin(python, way, incidents):
    environment = {**os.environ, "PYTHONPATH": str(Path(__import__("simpy").__file__).parent.parent)}
    command = [python, HERE / "twin.py", way, str(incidents)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, env=environment).stdout)


def mean(values):
    return fmean(values), math.sqrt(variance(values) / len(values))


def distance(a, b):
    """Largest distance of two empirical distributions (Kolmogorov, Smirnov), and what it may be at 0.1 %."""
    a, b = sorted(a), sorted(b)
    below = lambda sample, x: bisect.bisect_right(sample, x) / len(sample)
    found = max(abs(below(a, x) - below(b, x)) for x in a + b)
    return found, 1.95 * math.sqrt((len(a) + len(b)) / (len(a) * len(b)))


def main():
    binary, pypy = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    years, incidents_a_year, small = 20_000, 3.0, 1_000
    start_up = drsim(binary, 1)
    per_incident = {}
    for name, flags in (("drsim", ()), ("drsim, caches one by one", ("--set", "detection.one_by_one=true"))):
        n = years if not flags else years // 2
        per_incident[name] = min(drsim(binary, n, *flags) - start_up for _ in range(TURNS)) / (n * incidents_a_year)
    results = {"drsim": rows(binary, 2_000)}
    for name, python, way in (
        ("SimPy processes, CPython", sys.executable, "processes"),
        ("SimPy callbacks, CPython", sys.executable, "callbacks"),
        ("SimPy processes, PyPy", pypy, "processes"),
        ("SimPy callbacks, PyPy", pypy, "callbacks"),
    ):
        if python is None:
            print(f"skipped: {name}: no PyPy given")
            continue
        turns = [twin(python, way, small) for _ in range(TURNS)]
        results[name] = turns[0]
        per_incident[name] = min(turn["cpu"] for turn in turns) / small
    print("| | us CPU per incident | times drsim | times drsim one by one | events per incident |\n| --- | --- | --- | --- | --- |")
    for name, seconds in per_incident.items():
        events = results.get(name, {}).get("events")
        print(f"| {name} | {1e6 * seconds:,.1f} | {seconds / per_incident['drsim']:,.1f} "
              f"| {seconds / per_incident['drsim, caches one by one']:,.1f} | {events / small if events else '':} |")
    print("\n| | reads back, mean s | P(reads back <= 105 s) | writes back, mean s | failed reads, mean |\n| --- | --- | --- | --- | --- |")
    equal = True
    figures = {}
    for name, found in results.items():
        share = [float(x <= BOUND) for x in found["reads"]]
        figures[name] = [mean(v) for v in (found["reads"], share, found["writes"], found["failed"])]
        cells = " | ".join(f"{m:,.4g} ± {1.96 * e:.2g}" for m, e in figures[name])
        print(f"| {name} | {cells} |")
        for (m, e), (m0, e0) in zip(figures[name], figures["drsim"]):
            equal &= abs(m - m0) <= 4 * math.hypot(e, e0)
    print("\n| of incidents | distance | at most, 0.1 % | variance, of SimPy's |\n| --- | --- | --- | --- |")
    jumps, events = results["drsim"], results["SimPy processes, CPython"]
    for what in ("reads", "writes", "failed"):
        found, critical = distance(jumps[what], events[what])
        print(f"| {what} | {found:.3f} | {critical:.3f} | {variance(jumps[what]) / variance(events[what]):.2f} |")
        equal &= found < critical
    print("\nequal within four standard errors, and in law" if equal else "\nNOT equal")
    sys.exit(0 if equal else 1)


if __name__ == "__main__":
    main()
