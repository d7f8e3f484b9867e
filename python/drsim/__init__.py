"""With what probability does this disaster-recovery design meet this objective?

    >>> import drsim
    >>> results = drsim.run("scenarios/mobile_backend.toml", n=20_000)
    >>> print(results)

The same code as the command line: same scenario, seed and number of years, same numbers. Results are Arrow tables, which
polars, pandas, pyarrow and DuckDB take as they are: ``polars.DataFrame(results.metrics)``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from . import _native
from ._native import MergeError, Results, Scenario, ScenarioError, Table, __version__

__all__ = [
    "MergeError",
    "Results",
    "Scenario",
    "ScenarioError",
    "Table",
    "__version__",
    "load",
    "merge",
    "replay",
    "run",
    "run_shard",
    "to_toml",
]

#: A scenario that was loaded, the path of its file, or its content as a dictionary.
ScenarioLike: TypeAlias = "Scenario | str | os.PathLike[str] | Mapping[str, Any]"

#: Told (years done, years at most) a few times a second.
Progress: TypeAlias = Callable[[int, int], object]


def load(scenario: ScenarioLike, *, set: Mapping[str, Any] | None = None) -> Scenario:
    """Read and check a scenario: a file, or a dictionary such as ``load(path).to_dict()`` gives, edited.

    ``set`` replaces values by their path, such as ``{"objects.size.p50": "5 MB"}``, as ``--set`` does.
    Raises ScenarioError with every problem and its place.
    """
    overrides = [f"{path}={_written(value)}" for path, value in (set or {}).items()]
    if isinstance(scenario, Scenario):
        return scenario.replaced(overrides) if overrides else scenario
    if isinstance(scenario, Mapping):
        return Scenario.parse(to_toml(scenario), "<dict>", overrides)
    return Scenario.load(os.fspath(scenario), overrides)


def run(
    scenario: ScenarioLike,
    n: int | None = None,
    *,
    seed: int = 1,
    set: Mapping[str, Any] | None = None,
    precision: float | None = None,
    confidence: float = 0.95,
    jobs: int | None = None,
    incidents: bool = False,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | bool | None = None,
) -> Results:
    """Simulate every design for ``n`` years; without ``n``, until every claim of ``proposed`` is decided.

    ``precision`` stops at a half-width of each claim's probability instead (0.005 is 0.5 %). ``jobs`` is the number of
    threads, by default one per core. ``incidents=True`` keeps one row per incident, population and operation in memory;
    ``out`` writes the files of ``drsim run --out``. ``progress`` is told (done, most), or True for a bar (tqdm, if it is
    there). Ctrl-C ends it; other Python threads run meanwhile.
    """
    bar = _Bar() if progress is True else None
    told: Progress | None = bar or (progress if callable(progress) else None)
    try:
        return _native.run(
            load(scenario, set=set), n, seed, precision, confidence, jobs, incidents, None if out is None else os.fspath(out), told
        )
    finally:
        if bar:
            bar.close()


def run_shard(
    scenario: ScenarioLike,
    n: int,
    number: int,
    of: int,
    *,
    seed: int = 1,
    set: Mapping[str, Any] | None = None,
    confidence: float = 0.95,
    jobs: int | None = None,
) -> bytes:
    """Simulate shard ``number`` (from 1) of ``of``: the part that ``drsim run --shard`` writes."""
    return _native.run_shard(load(scenario, set=set), n, number, of, seed, confidence, jobs)


def merge(parts: Iterable[bytes], *, incidents: bool = False) -> Results:
    """Join all parts of a run, in any order, to the results of the undivided run.

    Raises MergeError with the reason when one is missing, doubled, damaged or of another run.
    """
    return _native.merge(list(parts), incidents)


def replay(scenario: ScenarioLike, year: int, *, seed: int = 1, set: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """One simulated year of every design, event by event: architecture, at_seconds, event, subject, detail."""
    lines: list[dict[str, Any]] = _native.replay_year(load(scenario, set=set), year, seed)
    return lines


def to_toml(scenario: Mapping[str, Any]) -> str:
    """The text of a scenario that is a dictionary: what to save it as."""
    plain = [f"{_key(key)} = {_toml(value)}" for key, value in scenario.items() if not isinstance(value, Mapping)]
    for name, table in scenario.items():
        if isinstance(table, Mapping):
            plain += ["", f"[{_key(name)}]", *(f"{_key(key)} = {_toml(value)}" for key, value in table.items())]
    return "\n".join(plain) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, (str, bool, int, float)):
        # Of these, TOML's are JSON's.
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"{value!r} has no place in a scenario: expected text, a number, true or false, a list or a dictionary")


def _key(key: Any) -> str:
    return _toml(str(key))


def _written(value: Any) -> str:
    """A value as ``--set`` reads it: text as it is, everything else as TOML has it."""
    return value if isinstance(value, str) else _toml(value)


class _Bar:
    """A progress bar by tqdm, in notebooks and terminals; nothing without it."""

    def __init__(self) -> None:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            self._bar = None
        else:
            self._bar = tqdm(unit=" years", leave=False)

    def __call__(self, done: int, most: int) -> None:
        if self._bar is not None:
            self._bar.total = most
            self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
