"""What users of the package rely on. Run from the repository's root by tests/all.sh."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor

import drsim
import drsim.distributed
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("DRSIM", str(ROOT / "target/release/drsim"))
SHIPPED = "scenarios/mobile_backend.toml"
YEARS = 2_000


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="module")
def results():
    with contextlib.chdir(ROOT) if sys.version_info >= (3, 11) else contextlib.nullcontext():
        return drsim.run(SHIPPED, n=YEARS, incidents=True)


def binary(*args):
    return subprocess.run([BINARY, *args], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_same_bytes_as_the_binary(results):
    there = binary("run", SHIPPED, "-n", str(YEARS), "--quiet", "--format", "json")
    assert there.returncode == 0, there.stderr
    assert results.to_json() == there.stdout
    assert str(results) == binary("run", SHIPPED, "-n", str(YEARS), "--quiet").stdout
    changed = {"objects.size.p50": "5 MB", "outages.causes": ["region", "zone"], "database.write_forwarding": True}
    known = [key for key in changed if "write_forwarding" not in key]
    set_ = [f"--set={key}={changed[key] if isinstance(changed[key], str) else json.dumps(changed[key])}" for key in known]
    there = binary("run", SHIPPED, "-n", "500", "--seed", "7", "--quiet", "--format", "json", *set_)
    here = drsim.run(SHIPPED, 500, seed=7, set={key: changed[key] for key in known})
    assert here.to_json() == there.stdout


def test_the_files_of_a_run_are_those_of_the_binary(tmp_path):
    drsim.run(SHIPPED, 500, out=tmp_path / "here")
    binary("run", SHIPPED, "-n", "500", "--quiet", "--out", str(tmp_path / "there"))
    for path in sorted((tmp_path / "there").rglob("*.*")):
        if path.name != "run.json":
            assert (tmp_path / "here" / path.relative_to(tmp_path / "there")).read_bytes() == path.read_bytes(), path


def test_tables_are_taken_by_polars_pyarrow_pandas_and_duckdb(results):
    import duckdb
    import polars
    import pyarrow

    metrics = polars.DataFrame(results.metrics)
    assert metrics.height == len(results.metrics) and metrics.columns == results.metrics.column_names
    csv = results.to_csv().splitlines()
    assert len(csv) == metrics.height + 1
    incidents = pyarrow.table(results.incidents)
    assert incidents.num_rows == len(results.incidents) > 1000
    frame = incidents.to_pandas()
    assert set(frame.architecture) <= set(drsim.load(SHIPPED).architectures)
    parts = [c for c in frame if c.endswith("ing_seconds") or c in ("undetected_seconds", "undecided_seconds", "waiting_for_repair_seconds")]
    recovered = frame.recovery_time_seconds.notna()
    assert (frame.loc[recovered, parts].sum(axis=1) - frame.recovery_time_seconds[recovered]).abs().max() < 1e-6
    claims = pyarrow.table(results.claims)  # duckdb finds it by its name
    fails = duckdb.sql("SELECT count(*) FROM claims WHERE architecture = 'adr_fast_checks' AND verdict = 'fails'")
    assert fails.fetchall() == [(sum(c["verdict"] == "fails" and c["architecture"] == "adr_fast_checks" for c in results.to_dict()["claims"]),)]
    assert claims.num_rows == len(results.claims)


def test_incidents_are_kept_only_if_asked():
    with pytest.raises(AttributeError, match="incidents=True"):
        _ = drsim.run(SHIPPED, 250).incidents
    none = drsim.run(SHIPPED, 1, incidents=True)
    assert "recovery_time_seconds" in none.incidents.column_names


def test_a_dictionary_is_a_scenario():
    scenario = drsim.load(SHIPPED)
    content = scenario.to_dict()
    assert drsim.load(content).digest == scenario.digest
    assert drsim.load(drsim.Scenario.parse(drsim.to_toml(content), "again", [])).digest == scenario.digest
    with pytest.raises(TypeError, match="None"):
        drsim.load({"title": None})
    content["claims"]["rto_reads"]["share"] = "50 %"
    edited = drsim.load(content)
    assert edited.digest != scenario.digest
    assert edited.digest == drsim.load(scenario, set={"claims.rto_reads.share": "50 %"}).digest
    assert scenario.proposed == "adr_fast_checks" and scenario.baseline == "single_region"
    assert any("rto_reads" in warning for warning in scenario.warnings)


def test_errors_have_the_words_and_the_place_of_the_command_line(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text((ROOT / SHIPPED).read_text().replace("[regions]", "[regios]").replace("p50", "p5O"))
    with pytest.raises(drsim.ScenarioError) as caught:
        drsim.load(bad)
    assert str(caught.value) == binary("validate", str(bad)).stderr.strip()
    first = caught.value.problems[0]
    assert first["file"] == str(bad) and first["line"] > 0 and first["column"] > 0
    with pytest.raises(drsim.ScenarioError, match="nowhere.toml"):
        drsim.run("nowhere.toml")
    with pytest.raises(drsim.ScenarioError, match="<dict>"):
        drsim.load({"schema_version": 1})
    for wrong in ({"n": 0}, {"n": 10, "precision": 0.01}, {"n": 10, "confidence": 95}):
        with pytest.raises(ValueError):
            drsim.run(SHIPPED, **wrong)


def test_progress_is_told_and_its_error_ends_the_run():
    told = []
    drsim.run(SHIPPED, 1000, progress=lambda done, most: told.append((done, most)))
    assert told[-1] == (1000, 1000) and told == sorted(told)

    def stop(done, most):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        drsim.run(SHIPPED, 10**8, progress=stop)


def test_other_threads_run_meanwhile_and_ctrl_c_ends_a_run():
    ticks = 0
    done = threading.Event()

    def tick():
        nonlocal ticks
        while not done.wait(0.01):
            ticks += 1

    other = threading.Thread(target=tick)
    other.start()
    threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        drsim.run(SHIPPED, 10**8)
    took = time.monotonic() - began
    done.set()
    other.join()
    # With the lock held throughout there would be next to none.
    assert ticks > 5 and took < 60


def test_shards_over_processes_merge_to_the_same_bytes(results):
    with ProcessPoolExecutor(2) as pool:
        merged = drsim.distributed.run(SHIPPED, YEARS, shards=3, map=pool.map, incidents=True)
    assert merged.to_json() == results.to_json()
    assert len(merged.incidents) == len(results.incidents)
    parts = [drsim.run_shard(SHIPPED, 500, i, 2) for i in (1, 2)]
    with pytest.raises(drsim.MergeError, match="1 missing of 2 parts: shard 2"):
        drsim.merge(parts[:1])
    with pytest.raises(drsim.MergeError, match="damaged"):
        drsim.merge([parts[0], parts[1][:-20]])


def test_a_year_is_replayed():
    lines = drsim.replay(SHIPPED, 5167)
    assert lines and {"architecture", "at_seconds", "event", "subject", "detail"} <= set(lines[0])


def test_the_example_of_the_readme_works_as_printed():
    for page in ("README.md", "python/README.md"):
        code = (ROOT / page).read_text().split("```python\n")[1].split("```")[0]
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "rto_reads" in done.stdout
        output = (ROOT / page).read_text().split("```python\n")[1].split("```text\n")
        if page == "README.md":
            assert done.stdout.strip() == output[1].split("```")[0].strip()
