"""What a shard costs beside its years: 17 shards of a run of one block, 16 of them empty, in this process and on Ray.

Run from the repository's root: target/venv/bin/python python/benchmarks/shards.py
"""

import time

import drsim
import drsim.distributed
import ray

SCENARIO, YEARS, SHARDS = "scenarios/mobile_backend.toml", 250, 17
jobs = drsim.distributed.jobs(SCENARIO, YEARS, shards=SHARDS)

began = time.perf_counter(), time.process_time()
parts = [drsim.distributed.simulate(job) for job in jobs]
wall, cpu = (1000 * (now - then) / SHARDS for now, then in zip((time.perf_counter(), time.process_time()), began))
print(f"in this process: {wall:.0f} ms a shard, {cpu:.0f} ms of CPU; a part without years: {min(map(len, parts)) / 1e3:.1f} kB")

ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
shard = ray.remote(drsim.distributed.simulate)
ray.get(shard.remote(jobs[0]))  # the worker is up and has imported drsim
began_ray = time.perf_counter()
assert ray.get([shard.remote(job) for job in jobs]) == parts, "not the same bytes"
on_ray = 1000 * (time.perf_counter() - began_ray) / SHARDS
nothing = ray.remote(lambda: None)
ray.get(nothing.remote())
began_ray = time.perf_counter()
ray.get([nothing.remote() for _ in range(200)])
print(f"on one worker of Ray: {on_ray:.0f} ms a shard; a task that does nothing {1000 * (time.perf_counter() - began_ray) / 200:.1f} ms")
ray.shutdown()
