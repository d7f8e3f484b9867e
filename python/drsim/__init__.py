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
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple, TypeAlias

from . import _native
from ._native import Answer, Fit, MergeError, Results, Scenario, ScenarioError, Table, UsageError, __version__

__all__ = [
    "Answer",
    "Fit",
    "MergeError",
    "Results",
    "Scenario",
    "ScenarioError",
    "Table",
    "UsageError",
    "__version__",
    "compare",
    "cost",
    "fit",
    "load",
    "merge",
    "optimize",
    "replay",
    "run",
    "run_shard",
    "sensitivity",
    "sweep",
    "to_toml",
]

#: A scenario that was loaded, the path of its file, or its content as a dictionary.
ScenarioLike: TypeAlias = "Scenario | str | os.PathLike[str] | Mapping[str, Any]"

#: Told (done, at most) a few times a second: simulated years of a run, thousandths of everything else.
Progress: TypeAlias = Callable[[int, int], object]

#: One name, or several.
Names: TypeAlias = "str | Sequence[str]"


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
    incidents_name: str = "incidents.csv",
    progress: Progress | bool | None = None,
) -> Results:
    """Simulate every design for ``n`` years; without ``n``, until every claim of ``proposed`` is decided.

    ``precision`` stops at a half-width of each claim's probability instead (0.005 is 0.5 %). ``jobs`` is the number of
    threads, by default one per core. ``incidents=True`` keeps one row per incident, population and operation in memory;
    ``out`` writes the files of ``drsim run --no-what-if --out``, the incidents as ``incidents_name``, such as
    ``"incidents.parquet"``. ``progress`` is told (done, most), or True for a bar (tqdm, if it is there). Ctrl-C ends it;
    other Python threads run meanwhile.
    """
    with _told(progress, " years") as told:
        return _native.run(
            load(scenario, set=set),
            n,
            seed,
            precision,
            confidence,
            jobs,
            incidents,
            None if out is None else os.fspath(out),
            incidents_name,
            told,
        )


def cost(scenario: ScenarioLike, n: int | None = None, **how: Any) -> Answer:
    """The bill of every design, what is added to the baseline's, and what outages cost: the page of ``drsim cost``.

    Takes what :func:`run` takes; the table has every line. ``run(…).cost`` is the same from a run that is there.
    """
    return run(scenario, n, **how).cost


def compare(scenario: ScenarioLike, n: int | None = None, *, a: str | None = None, b: str | None = None, **how: Any) -> Answer:
    """Design ``a`` (the proposed one) against ``b`` (the baseline) on the same chance: the page of ``drsim compare``.

    Takes what :func:`run` takes; ``run(…).compare(a, b)`` is the same from a run that is there.
    """
    return run(scenario, n, **how).compare(a, b)


def sweep(
    scenario: ScenarioLike,
    vary: Mapping[str, str | Sequence[Any]],
    *,
    claim: Names = (),
    metric: Names = (),
    architecture: Names = (),
    n: int | None = None,
    precision: float | None = None,
    seed: int = 1,
    set: Mapping[str, Any] | None = None,
    confidence: float = 0.95,
    jobs: int | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | bool | None = None,
) -> Answer:
    """What if a field had another value? One field gives a curve, two a map.

    ``vary`` gives each field its values, ``{"objects.size.*": ["1 MB", "10 MB"]}``, or a range as ``--vary`` has it,
    ``{"objects.copy_throughput": "1 Mbps..1 Gbps:20:log"}``. All settings meet the same chance. Each is simulated for
    ``n`` years, or until the share of every ``claim`` is known to ``precision`` (0.02: 2 points). The table has a row per
    setting, design and measure; ``x`` and ``y`` are the fields in base units (s, bytes, bit/s, shares). ``out`` writes what
    ``drsim sweep`` does.
    """
    asked = _What(_axes(vary), _names(claim), _names(metric), _names(architecture))
    how = _How(n, seed, precision, confidence, jobs)
    with _told(progress) as told:
        return _native.sweep(load(scenario, set=set), asked, how, None if out is None else os.fspath(out), told)


def sensitivity(
    scenario: ScenarioLike,
    claim: Names = (),
    *,
    architecture: str | None = None,
    detail: bool = False,
    rows: int = 64,
    n: int | None = None,
    seed: int = 1,
    set: Mapping[str, Any] | None = None,
    confidence: float = 0.95,
    jobs: int | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | bool | None = None,
) -> Answer:
    """Which assumption decides? The share of cases that meet a claim, with each input at both ends of its own range.

    The table has a row per claim (all of them without a name) and input, the largest difference first; the interval is that
    of the paired difference. With ``detail``, all ranges at once for one claim: Sobol's first-order and total indices from
    two samples of ``rows``, the simulation's own noise subtracted, what to measure next, and what that is worth in money.
    """
    how, checked = _How(n, seed, None, confidence, jobs), load(scenario, set=set)
    to = None if out is None else os.fspath(out)
    with _told(progress) as told:
        if not detail:
            return _native.sensitivity(checked, _names(claim), architecture, how, to, told)
        if len(_names(claim)) != 1:
            raise UsageError("detail takes one claim")
        return _native.sensitivity_detail(checked, _names(claim)[0], architecture, rows, how, to, told)


def optimize(
    scenario: ScenarioLike,
    vary: Mapping[str, str | Sequence[Any]] | None = None,
    *,
    architecture: str | None = None,
    n: int | None = None,
    seed: int = 1,
    set: Mapping[str, Any] | None = None,
    confidence: float = 0.95,
    jobs: int | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | bool | None = None,
) -> Answer:
    """The cheapest setting of a design (``proposed`` without a name) that meets every claim, over finite choices.

    ``vary`` as in :func:`sweep`, any number of fields; without it, the front doors, and what each allows of TTL, check
    interval, who decides, standby share, quotas, RTC and copy streams. Each setting is simulated for ``n`` years at most (64,000 without it). The
    table has a row per setting, the cheapest first: ``ruling`` is accepted, refuted (``claim`` says by which), undecided, or
    not looked at, since a cheaper one was accepted.
    """
    how = _How(n, seed, None, confidence, jobs)
    with _told(progress) as told:
        return _native.optimize(
            load(scenario, set=set), _axes(vary or {}), architecture, how, None if out is None else os.fspath(out), told
        )


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


def replay(
    scenario: ScenarioLike,
    what: int | str,
    *,
    seed: int = 1,
    set: Mapping[str, Any] | None = None,
    draws: int = 200,
    strikes: Literal["primary", "secondary"] | None = None,
    within_minutes: float = 15.0,
    progress: Progress | bool | None = None,
) -> Answer:
    """One simulated year (its number), a real outage (``"2021-12-07"``) or all of them (``"library"``), against every design.

    A year's table has a row per event. Outages are replayed ``draws`` times at their hour of the week, where they happened
    or else in the primary (``strikes``); their table has a row per outage and design, ``inf`` for never within 30 days.
    """
    checked = load(scenario, set=set)
    if isinstance(what, int):
        return _native.replay_year(checked, what, seed)
    with _told(progress) as told:
        return _native.replay_outages(checked, what, seed, draws, strikes, within_minutes, told)


def fit(
    data: str | os.PathLike[str] | Iterable[float],
    *,
    column: str | None = None,
    unit: str | None = None,
    censored: str | Iterable[bool] | None = None,
    only: tuple[str, str] | None = None,
    to: str | None = None,
    hold_out: float | None = None,
    name: str = "values",
    seed: int = 1,
    rounds: int = 400,
) -> Fit:
    """Distributions for measured times: the path of a CSV file, exports of CloudWatch included, or values such as a column.

    Of a file: ``column``, the column that marks ``censored`` values (outages still open), and the rows to keep, ``only=
    ("cause", "deployment")``. Of values: their ``unit`` (s, ms, us, min, h), which of them are censored, and the ``name`` that
    the source will carry. ``to`` is what they are: lag, duration, copy, or a path of the scenario. ``print(fit.lines)``.
    With ``hold_out=0.25`` the latest quarter (the last, where nothing says when) is kept out of the fit, and the best family
    is scored on it: ``fit.held_out``, ``fit.predicts``.
    """
    how = _Fitting(to, hold_out, seed, rounds)
    if isinstance(data, (str, os.PathLike)):
        if not (censored is None or isinstance(censored, str)):
            raise UsageError("censored: expected the name of a column of the file")
        return _native.fit_file(os.fspath(data), _Chosen(column, unit, censored, only), how)
    if column or only or isinstance(censored, str):
        raise UsageError("column, only and the name of a column of censoring are for files; values are given as they are")
    if unit is None:
        raise UsageError("the unit of the values is not known; expected unit=\"s\", \"ms\", \"us\", \"min\" or \"h\"")
    marks = None if censored is None else [bool(mark) for mark in censored]
    return _native.fit_values([float(value) for value in data], marks, unit, name, how)


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


def _values(values: str | Sequence[Any]) -> str:
    """Values as ``--vary`` reads them: a range or list in words, or one by one."""
    if isinstance(values, str):
        return values
    return ",".join(_toml(v) if isinstance(v, str) and "," in v else _written(v) for v in values)


def _axes(vary: Mapping[str, str | Sequence[Any]]) -> list[str]:
    """Fields and their values, as ``--vary`` has them."""
    return [f"{path}={_values(values)}" for path, values in vary.items()]


def _names(names: Names) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


class _How(NamedTuple):
    """How hard to try."""

    n: int | None
    seed: int
    precision: float | None
    confidence: float
    jobs: int | None


class _What(NamedTuple):
    """What a sweep asks."""

    vary: list[str]
    claims: list[str]
    metrics: list[str]
    architectures: list[str]


class _Fitting(NamedTuple):
    """What to do with measured values."""

    to: str | None
    hold_out: float | None
    seed: int
    rounds: int


class _Chosen(NamedTuple):
    """Which values of a file."""

    column: str | None
    unit: str | None
    censored: str | None
    only: tuple[str, str] | None


@contextmanager
def _told(progress: Progress | bool | None, unit: str = " ‰") -> Iterator[Progress | None]:
    """Who is told how far it came: a function, a bar by tqdm (in notebooks and terminals; nothing without it), or nobody."""
    if progress is not True:
        yield progress if callable(progress) else None
        return
    try:
        with warnings.catch_warnings():
            # In a notebook without ipywidgets the bar is one of text; that is no news.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError:
        yield None
        return
    with tqdm(unit=unit, leave=False) as bar:

        def update(done: int, most: int) -> None:
            bar.total = most
            bar.update(done - bar.n)

        yield update
