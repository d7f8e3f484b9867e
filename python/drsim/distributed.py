"""One run on several machines: shards over anything that has a ``map``, merged to the bytes of the undivided run.

    >>> from concurrent.futures import ProcessPoolExecutor
    >>> with ProcessPoolExecutor() as pool:
    ...     results = drsim.distributed.run("mine.toml", 1_000_000, shards=64, map=pool.map)

The same with Dask: ``map=lambda f, jobs: client.gather(client.map(f, jobs))``. For Ray: ``run_on_ray``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from . import Results, ScenarioLike, load, merge, run_shard
from ._native import Scenario

__all__ = ["Job", "jobs", "run", "run_on_ray", "simulate"]


class Job(NamedTuple):
    """One shard of a run, as plain data that travels anywhere."""

    text: str
    name: str
    overrides: tuple[str, ...]
    n: int
    number: int
    of: int
    seed: int
    confidence: float
    threads: int | None


def jobs(
    scenario: ScenarioLike,
    n: int,
    *,
    shards: int,
    seed: int = 1,
    set: Mapping[str, Any] | None = None,
    confidence: float = 0.95,
    threads: int | None = 1,
) -> list[Job]:
    """The shards of a run; each is simulated on ``threads`` threads."""
    checked = load(scenario, set=set)
    name = str(scenario) if not isinstance(scenario, (Mapping, Scenario)) else "<dict>"
    rest = (checked.text, name, tuple(checked.overrides), n)
    return [Job(*rest, number, shards, seed, confidence, threads) for number in range(1, shards + 1)]


def simulate(job: Job) -> bytes:
    """Simulate one shard: what runs elsewhere."""
    scenario = Scenario.parse(job.text, job.name, list(job.overrides))
    return run_shard(
        scenario, job.n, job.number, job.of, seed=job.seed, confidence=job.confidence, jobs=job.threads
    )


def run(
    scenario: ScenarioLike,
    n: int,
    *,
    shards: int,
    map: Callable[[Callable[[Job], bytes], list[Job]], Iterable[bytes]] = map,
    incidents: bool = False,
    **how: Any,
) -> Results:
    """Simulate ``n`` years as ``shards`` jobs through ``map`` and merge them; ``how`` as for :func:`jobs`."""
    return merge(map(simulate, jobs(scenario, n, shards=shards, **how)), incidents=incidents)


def run_on_ray(
    scenario: ScenarioLike, n: int, *, shards: int, retries: int = 3, incidents: bool = False, **how: Any
) -> Results:
    """The same on a Ray cluster (``ray.init`` before, or a local one is started); a worker that dies is replaced and its
    shard run again, up to ``retries`` times."""
    import ray

    remote = ray.remote(max_retries=retries)(simulate)

    def over_ray(_: Callable[[Job], bytes], all_jobs: list[Job]) -> list[bytes]:
        parts: list[bytes] = ray.get([remote.remote(job) for job in all_jobs])
        return parts

    return run(scenario, n, shards=shards, map=over_ray, incidents=incidents, **how)
