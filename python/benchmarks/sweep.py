"""A sweep from Python beside the same on the command line, taking turns: CPU seconds of the whole process, the least of each.

Run from the repository's root: target/venv/bin/python python/benchmarks/sweep.py
"""

import json
import os
import subprocess
import sys
import time

SCENARIO, YEARS, ROUNDS = "scenarios/mobile_backend.toml", 1_000, 5
VARY = {"objects.size.*": "0.5 MB..10 MB:6:log", "objects.copy_throughput": "1 Mbps..32 Mbps:6:log"}
ASK = {"claim": "rpo_files", "architecture": "adr_fast_10mbps"}

WAYS = {
    "command line": [
        os.environ.get("DRSIM", "target/release/drsim"), "sweep", SCENARIO, *(f"--vary={path}={values}" for path, values in VARY.items()),
        *(f"--{key}={value}" for key, value in ASK.items()), f"-n{YEARS}", "--quiet", "--format=json",
    ],
    "Python": [sys.executable, "-c", f"import drsim; print(drsim.sweep({SCENARIO!r}, {VARY!r}, n={YEARS}, **{ASK!r}).to_json(), end='')"],
}  # fmt: skip


def measured(command: list[str]) -> tuple[float, float, str]:
    """CPU and wall seconds of a process, and what it printed."""
    before, began = os.times(), time.perf_counter()
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return cpu, time.perf_counter() - began, printed


rounds = [{way: measured(command) for way, command in WAYS.items()} for _ in range(ROUNDS)]
assert len({printed for turn in rounds for _, _, printed in turn.values()}) == 1, "not the same bytes"
print(f"{len(json.loads(rounds[0]['Python'][2])['cells'])} settings, {YEARS:,} years each; the same bytes\n")
print("| | CPU s | wall s |\n| --- | ---: | ---: |")
least = {way: [min(turn[way][k] for turn in rounds) for k in (0, 1)] for way in WAYS}
for way, (cpu, wall) in least.items():
    print(f"| {way} | {cpu:.2f} | {wall:.2f} |")
print(f"| Python / command line | {least['Python'][0] / least['command line'][0]:.2f} | {least['Python'][1] / least['command line'][1]:.2f} |")
