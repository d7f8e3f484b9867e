"""What a shard costs beside its years: one run cut into more and more shards, over four kinds of `map`.

Run from the repository's root: target/venv/bin/python python/benchmarks/shards.py [YEARS]
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor

import drsim
import drsim.distributed
import ray

SCENARIO = "scenarios/mobile_backend.toml"
YEARS = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
SHARDS = (2, 8, 16)
TIMES = 1


def best(work) -> float:
    """The shortest of some times."""

    def once() -> float:
        began = time.perf_counter()
        assert work().to_json() == expected, "not the same bytes"
        return time.perf_counter() - began

    return min(once() for _ in range(TIMES))


expected = drsim.run(SCENARIO, YEARS, jobs=1).to_json()
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
ray.get([ray.remote(drsim.distributed.simulate).remote(job) for job in drsim.distributed.jobs(SCENARIO, 500, shards=2)])
with ProcessPoolExecutor(2) as pool:
    ways = {
        "one process, one after the other": lambda k: drsim.distributed.run(SCENARIO, YEARS, shards=k),
        "2 processes (`concurrent.futures`)": lambda k: drsim.distributed.run(SCENARIO, YEARS, shards=k, map=pool.map),
        "2 workers of Ray": lambda k: drsim.distributed.run_on_ray(SCENARIO, YEARS, shards=k),
    }
    print(f"| {YEARS:,} years | " + " | ".join(f"{k} shards" for k in SHARDS) + " | a shard more |")
    print("| --- |" + " ---: |" * (len(SHARDS) + 1))
    whole = [best(lambda jobs=jobs: drsim.run(SCENARIO, YEARS, jobs=jobs)) for jobs in (1, 2)]
    for way, run in ways.items():
        seconds = [best(lambda k=k: run(k)) for k in SHARDS]
        more = 1000 * (seconds[-1] - seconds[0]) / (SHARDS[-1] - SHARDS[0])
        print(f"| {way} | " + " | ".join(f"{s:.2f} s" for s in seconds) + f" | {more:.0f} ms |")
    print(f"\nundivided: {whole[0]:.2f} s on one thread, {whole[1]:.2f} s on two")
    part = drsim.run_shard(SCENARIO, YEARS, 1, 8)
    print(f"a part of 8: {len(part) / 1e3:,.0f} kB")
ray.shutdown()
